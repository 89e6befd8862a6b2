// Pictures: every page as a picture, and the gallery that shows them: a row a page, a column a size and a look. Both are made anew by
// `npm run pictures`, so what the documentation shows is what the console is.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Page } from 'playwright-core'
import type { Looks, Size } from './browser.ts'

export type View = readonly [size: Size, looks: Looks]

/** In the order of the gallery's columns. */
export const views: readonly View[] = [
  ['desktop', 'light'],
  ['desktop', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
]

/** Of 100; what is lost of a page is not seen, and a picture takes a third of what it would. */
const QUALITY = 82
const [BEGIN, END] = ['<!-- gallery: made by npm run pictures -->', '<!-- end of the gallery -->']

const fileOf = (name: string, [size, looks]: View): string => `${name}-${size}-${looks}.webp`

export async function takePicture(page: Page, folder: string, name: string, view: View): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY })
  await session.detach()
  writeFileSync(join(folder, fileOf(name, view)), Buffer.from(data, 'base64'))
}

/** Writes the gallery between its marks in a page of the documentation. */
export function writeGallery(file: string, folder: string, names: readonly string[]): void {
  const text = readFileSync(file, 'utf8')
  const [before, after] = [text.split(BEGIN)[0]!, text.split(END)[1]]
  if (after === undefined) throw new Error(`${file} has no place for a gallery: ${BEGIN} and ${END}`)
  const at = relative(dirname(file), folder)
  const cell = (name: string, view: View): string =>
    `<a href="${at}/${fileOf(name, view)}"><img src="${at}/${fileOf(name, view)}" width="${view[0] === 'desktop' ? 300 : 120}" alt="${name}, ${view.join(', ')}"></a>`
  const table = [
    `| page | ${views.map((view) => view.join(', ')).join(' | ')} |`,
    `|---|${views.map(() => '---|').join('')}`,
    ...names.map((name) => `| ${name.replaceAll('-', ' ')} | ${views.map((view) => cell(name, view)).join(' | ')} |`),
  ]
  writeFileSync(file, `${before}${BEGIN}\n\n${table.join('\n')}\n\n${END}${after}`)
}
