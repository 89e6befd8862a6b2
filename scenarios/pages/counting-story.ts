// Counting story: somebody with a phone counts a sheet, with the keyboard of a scanner alone, in a corner without a line; what was counted there comes later,
// with its instants. Nothing that the phone shows or is sent tells what to expect. Somebody else looks at what is off, and posts it.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { HELMET, LOCK, SITE } from './company.ts'
import type { Teller } from './story.ts'

interface Line {
  readonly sku: string
  readonly recorded: number | null
  readonly entries: readonly { readonly counted: number; readonly countedAt: string }[]
}

/** As a scanner types: all at once, and Enter. */
const scan = async (page: Page, label: RegExp, text: string): Promise<void> => {
  const field = page.getByLabel(label)
  await field.waitFor()
  assert.ok(await page.locator(':focus').and(field).count(), `the focus is on ${String(label)}`)
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}
const what = /[sS]can/
const many = /How many/

export async function aSheetIsCountedInADeadCorner(teller: Teller, desk: Page): Promise<void> {
  const { page, url, caller, faults } = teller
  const body = { site: SITE, kind: 'cycle', note: 'The dead corner', places: ['1-A-1', '1-A-2'] }
  const opened = await caller.expect([url], { method: 'POST', path: '/api/count-sheets', body, key: `counting-${Date.now()}` })
  const sheet = String(opened['id'])
  const told: string[] = []
  page.on('response', (response) => {
    if (response.url().includes(`/api/count-sheets/${sheet}?`))
      void response.text().then(
        (text) => told.push(text),
        () => undefined,
      )
  })
  await page.goto(`${url}/count-sheets/${sheet}/count?site=${SITE}`)
  await scan(page, what, '1-a-1')
  await page.getByLabel('At 1-A-1: scan what is there').waitFor()
  await scan(page, what, HELMET.sku)
  // A scan in the wrong field, and fewer than none, are asked about.
  await scan(page, many, '4006381333931')
  await page.getByText('Was something scanned into this field?').waitFor()
  await page.getByLabel(many).fill('-2')
  await page.keyboard.press('Enter')
  await page.getByText('Fewer than none cannot be there').waitFor()
  const box = (await page.getByRole('button', { name: 'One more' }).boundingBox())!
  assert.ok(box.width >= 48 && box.height >= 48, `a thumb meets One more: ${box.width} x ${box.height}`)
  await page.context().setOffline(true)
  await page.getByLabel(many).fill('2')
  await page.keyboard.press('Enter')
  await page.getByText('1 count is kept on this device').waitFor()
  await scan(page, what, '1-A-2')
  await scan(page, what, LOCK.sku)
  await scan(page, many, '1')
  await page.getByText('2 counts are kept on this device').waitFor()
  const before = Date.now()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  await page.context().setOffline(false)
  await page.getByText('kept on this device').waitFor({ state: 'detached' })
  await page.getByText('All of the sheet is counted').waitFor()
  const heard = faults.filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED'))
  assert.ok(heard.length < faults.length, 'the browser itself saw that there was no line')
  faults.splice(0, faults.length, ...heard)
  for (const text of told)
    assert.ok(
      (JSON.parse(text) as { lines: Line[] }).lines.every((line) => line.recorded === null && line.entries.length === 0),
      'nothing tells what to expect',
    )
  await itIsCountedAgainAndApproved(teller, desk, { sheet, before })
}

/** What is off is counted once more, and stands when somebody else approves it; with the instants at which it was counted. */
async function itIsCountedAgainAndApproved(
  { page, url, caller }: Teller,
  desk: Page,
  { sheet, before }: { readonly sheet: string; readonly before: number },
): Promise<void> {
  const closing = { method: 'POST', path: `/api/count-sheets/${sheet}/closing`, body: { site: SITE } } as const
  await caller.expect([url], { ...closing, key: `closing-${sheet}` })
  await page.getByText('To count: 2').waitFor()
  for (const [place, sku, some] of [
    ['1-A-1', HELMET.sku, '2'],
    ['1-A-2', LOCK.sku, '1'],
  ] as const) {
    await scan(page, what, place)
    await scan(page, what, sku)
    await scan(page, many, some)
  }
  await page.getByText('All of the sheet is counted').waitFor()
  await desk.goto(`${url}/count-sheets/${sheet}?site=${SITE}`)
  // The phone says that all is counted before the last count has reached the desk.
  await desk.getByText('0 of 2', { exact: true }).waitFor()
  await desk.getByRole('button', { name: 'Compare and post' }).click()
  await desk.getByText('wait to be approved by somebody who counted none of it').waitFor()
  await desk.getByText(`, again`).first().waitFor()
  await desk.getByRole('button', { name: 'Approve and post' }).click()
  await desk.getByText('What was counted is posted').waitFor()
  const seen = (await caller.expect([url], { method: 'GET', path: `/api/count-sheets/${sheet}?site=${SITE}` })) as unknown as { lines: Line[] }
  for (const line of seen.lines)
    assert.ok(Date.parse(line.entries[0]!.countedAt) <= before, 'what was counted without a line has the instant at which it was')
}
