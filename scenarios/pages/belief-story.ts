// Belief story: what is probably there is seen at the item; a count list is looked through with the keyboard and becomes a sheet; somebody with a phone counts it
// without being told what to expect; and what was found stands beside what had been believed, and says how right the record is.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { LOCK, SITE } from './company.ts'
import type { Teller } from './story.ts'

export async function whatIsProbablyThereIsSeen({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/items/${LOCK.sku}?site=${SITE}`)
  const panel = page.getByRole('region', { name: `What is probably there at ${SITE}` })
  await panel.getByText('There is none', { exact: true }).waitFor()
  const picture = page.getByRole('region', { name: `Behind and ahead at ${SITE}` })
  await picture
    .getByRole('status')
    .getByText(/recorded, .* believed, none with /)
    .waitFor()
  const day = picture.getByRole('slider', { name: 'Day' })
  await day.focus()
  await page.keyboard.press('ArrowLeft')
  const told = (await day.getAttribute('aria-valuetext')) ?? ''
  assert.match(told, /: \d+ recorded/)
  await picture.getByRole('status').getByText(told).waitFor()
}

export async function howSurelyAnItemIsPromisedIsChanged({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/items/${LOCK.sku}?site=${SITE}`)
  const panel = page.getByRole('region', { name: `What is probably there at ${SITE}` })
  for (const [typed, told] of [
    ['97.5', 'with 97.5 %'],
    ['', 'with 90 %'],
  ] as const) {
    await panel.getByRole('button', { name: `Change how surely ${LOCK.sku} is promised` }).click()
    await page.getByLabel('Per cent').fill(typed)
    await page.keyboard.press('Enter')
    await panel.getByText(told).waitFor()
  }
}

export async function aLossIsEnteredAndUndone({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/losses?site=${SITE}&place=SHELF`)
  await page.getByRole('combobox', { name: 'Cause' }).selectOption('breakage')
  await page.getByLabel('Item *').fill(LOCK.sku.toLowerCase())
  await page.getByRole('option', { name: LOCK.name }).click()
  await page.getByLabel('Reason').fill('Fell from the shelf')
  await page.getByRole('button', { name: 'Enter', exact: true }).click()
  await page.getByText(`1 of ${LOCK.sku} are written off`).waitFor()
  await page
    .getByRole('button', { name: `Undo the loss of ${LOCK.sku}` })
    .first()
    .click()
  await page.getByRole('dialog').getByLabel('Reason').fill('It was another one')
  await page.getByRole('button', { name: 'Undo the loss', exact: true }).click()
  await page.getByText('Undone', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Change when expired goods are written off' }).click()
  await page.getByLabel(/^Days after which/).fill('3')
  await page.keyboard.press('Enter')
  await page.getByText('What expired is written off by itself after 3 days').waitFor()
}

/** A seed by which chance draws something that stands somewhere, whatever day it is. */
async function aSeed({ caller, url }: Teller): Promise<number> {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const path = `/api/count-list?site=${SITE}&size=5&seed=${seed}`
    const { rows } = (await caller.expect([url], { method: 'GET', path })) as unknown as { rows: { drawn: boolean; place: string | null }[] }
    if (rows.some((row) => row.drawn && row.place !== null)) return seed
  }
  throw new Error('Chance draws nothing that stands anywhere.')
}
const SEEDS_MAX = 20

/** Ends on the page on which the sheet is counted. */
async function aSheetIsMade(teller: Teller): Promise<string> {
  const { page, url } = teller
  await page.goto(`${url}/?site=${SITE}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('j')
  await page.getByRole('heading', { name: 'Count list' }).waitFor()
  await page
    .getByRole('checkbox', { name: /^Count / })
    .first()
    .waitFor()
  await page.getByRole('combobox', { name: 'Items' }).selectOption('5')
  await page.waitForURL(/size=5/)
  await page.goto(`${url}/count-list?site=${SITE}&size=5&seed=${await aSeed(teller)}`)
  await page.getByText('By chance', { exact: true }).first().waitFor()
  const lines = page.getByRole('checkbox', { name: /^Count / })
  const all = await lines.count()
  await page.getByRole('button', { name: `Make a count sheet of ${all}` }).waitFor()
  await lines.first().focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: `Make a count sheet of ${all - 1}` }).waitFor()
  await page.keyboard.press('Space')
  await page.getByLabel('Tolerance in pieces').fill('1000')
  await page.getByRole('button', { name: `Make a count sheet of ${all}` }).click()
  await page.waitForURL(/\/count-sheets\/[^/]+\/count/)
  return new URL(page.url()).pathname.split('/')[2]!
}

export async function aCountListIsCountedOnAPhone(teller: Teller, phone: Page): Promise<void> {
  const { page, url, caller } = teller
  const sheet = await aSheetIsMade(teller)
  const told: string[] = []
  phone.on('response', (response) => {
    if (response.url().includes(`/api/count-sheets/${sheet}?`))
      void response.text().then(
        (text) => told.push(text),
        () => undefined,
      )
  })
  await phone.goto(`${url}/count-sheets/${sheet}/count?site=${SITE}`)
  const toCount = phone.getByRole('region', { name: /^To count/ }).getByRole('button')
  await toCount.first().waitFor()
  for (let left = await toCount.count(); left > 0; left -= 1) {
    await toCount.first().click()
    await phone.getByLabel(/How many/).fill('3')
    await phone.keyboard.press('Enter')
    if (left > 1) await phone.getByRole('region', { name: `To count: ${left - 1}` }).waitFor()
  }
  await phone.getByText('All of the sheet is counted').waitFor()
  assert.ok(told.length > 0, 'the phone asked for the sheet')
  for (const text of told) assert.ok((JSON.parse(text) as { predicted: unknown }).predicted === null, 'nothing tells what is believed')
  await page.goto(`${url}/count-sheets/${sheet}?site=${SITE}`)
  await page.getByText(/^0 of \d+$/).waitFor()
  assert.equal(await page.getByText('Found against predicted').count(), 0, 'nor is the desk told before it is compared')
  await page.getByRole('button', { name: 'Compare and post' }).click()
  await page.getByText('What was counted is posted').waitFor()
  const found = page.getByRole('region', { name: 'Found against predicted' })
  await found.getByText(/\d+ of \d+ lay where they were believed to lie/).waitFor()
  await found.getByText('By chance', { exact: true }).first().waitFor()
  await page.goto(`${url}/count-list?site=${SITE}`)
  await page
    .getByRole('region', { name: `How right the record is at ${SITE}` })
    .getByText('The last year')
    .waitFor()
  const right = (await caller.expect([url], { method: 'GET', path: `/api/record-accuracy?site=${SITE}` })) as { items?: number }
  assert.ok(Number(right.items) >= 1, 'what chance drew is told of')
}
