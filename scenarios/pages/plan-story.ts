// Plan story: a buyer reads why so many are proposed, raises the forecast for a promotion, plans anew, and orders what is proposed then.

import assert from 'node:assert/strict'
import { expectRefused } from './browser.ts'
import { SITE, SOLD_OUT } from './company.ts'
import { ago, COFFEE, planned, planNow } from './planned.ts'
import type { Teller } from './story.ts'

export async function aForecastIsRaisedAndOrdered({ page, url, caller }: Teller): Promise<void> {
  await page.goto(`${url}/items/${COFFEE.sku}?site=${SITE}`)
  const panel = page.getByRole('region', { name: `What will be wanted at ${SITE}` })
  const before = await orderedIn(panel)
  const picture = page.getByRole('region', { name: `Behind and ahead at ${SITE}` })
  await picture.getByRole('slider', { name: 'Day' }).focus()
  await page.keyboard.press('End')
  await picture
    .getByRole('status')
    .getByText(/forecast in its week, .* with 80 %.* would be there/)
    .waitFor()
  await panel.getByRole('button', { name: 'Adjust the forecast' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^From/).fill(ago(-1).slice(0, 10))
  await dialog.getByLabel(/^To/).fill(ago(-40).slice(0, 10))
  await dialog.getByLabel(/More, in per cent/).fill('300')
  await dialog.getByLabel(/^Reason/).fill('Promotion')
  await dialog.getByRole('button', { name: 'Adjust it' }).click()
  await panel.getByText('Promotion').waitFor()

  await page.keyboard.press('g')
  await page.keyboard.press('g')
  const plan = await planNow(caller, url)
  await page.getByRole('button', { name: 'Plan now' }).click()
  await planned(caller, url, plan)
  await page.goto(`${url}/items/${COFFEE.sku}?site=${SITE}`)
  const after = await orderedIn(panel)
  assert.ok(after > before, `${after} after ${before} are proposed`)
  await panel.getByRole('link', { name: 'The proposed order' }).click()
  const quantity = page.getByLabel(`Order of ${COFFEE.sku}`)
  await quantity.waitFor()
  await quantity.fill(String(after + 12))
  await page.getByRole('button', { name: 'Order it' }).click()
  await page.getByText('Ordered as planned.').waitFor()
  await page.getByRole('link', { name: 'See what was ordered' }).click()
  await page.getByText(COFFEE.sku, { exact: true }).first().waitFor()
  await page
    .getByText(String(after + 12), { exact: true })
    .first()
    .waitFor()
}

export async function anEventIsSaidAndTakenBack({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/plan?site=${SITE}`)
  await page.getByRole('link', { name: 'Promotions, holidays and closed days' }).click()
  const form = page.getByRole('region', { name: 'Say what is known' })
  await form.getByLabel(/^Name/).fill('Coffee weeks')
  await form.getByLabel(/^From/).fill(ago(-50).slice(0, 10))
  await form.getByLabel(/^To/).fill(ago(-56).slice(0, 10))
  await form.getByLabel('Item, if only one').fill(COFFEE.sku.toLowerCase())
  await page.getByRole('option', { name: COFFEE.name }).click()
  await page.keyboard.press('Enter')
  await form.getByText(/^Coffee weeks is noted from/).waitFor()

  const later = page.getByText(/times as many are wanted, learnt from 2 times before/)
  await page.goto(`${url}/items/${COFFEE.sku}?site=${SITE}`)
  const panel = page.getByRole('region', { name: `What will be wanted at ${SITE}` })
  await later.nth(1).waitFor()
  const picture = page.getByRole('region', { name: `Behind and ahead at ${SITE}` })
  await picture.getByRole('slider', { name: 'Day' }).focus()
  for (let days = 0; days < DAYS_TO_COFFEE; days += 1) await page.keyboard.press('ArrowRight')
  await picture
    .getByRole('status')
    .getByText(/; Coffee weeks$/)
    .waitFor()

  await panel.getByRole('link', { name: 'Events' }).click()
  await page
    .getByRole('button', { name: /^Take back Coffee weeks of/ })
    .first()
    .click()
  await page.getByText(/is taken back\.$/).waitFor()
  await page.getByRole('button', { name: 'Say it again' }).click()
  await page.getByText(/is taken back\.$/).waitFor({ state: 'detached' })
}

/** From today on. */
const DAYS_TO_COFFEE = 10

export async function aNewItemIsForecastAsAnother({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/items/${SOLD_OUT.sku}?site=${SITE}`)
  const panel = page.getByRole('region', { name: `What will be wanted at ${SITE}` })
  await panel.getByRole('button', { name: `Forecast ${SOLD_OUT.sku} as another item` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Item that is like it *').fill(COFFEE.sku.toLowerCase())
  await page.getByRole('option', { name: COFFEE.name }).click()
  await dialog.getByLabel(/^Of what that sells/).fill('80')
  await dialog.getByRole('button', { name: 'Forecast it so' }).click()
  await panel.getByText(/is forecast as 80 % of/).waitFor()
  const picture = page.getByRole('region', { name: `Behind and ahead at ${SITE}` })
  await picture.getByRole('slider', { name: 'Day' }).focus()
  await page.keyboard.press('End')
  await picture
    .getByRole('status')
    .getByText(/forecast in its week/)
    .waitFor()
  await panel.getByRole('button', { name: `Forecast ${SOLD_OUT.sku} as another item` }).click()
  await dialog.getByRole('button', { name: 'By itself again' }).click()
  await panel.getByText(/is forecast as 80 % of/).waitFor({ state: 'detached' })
}

export async function anItemIsOrderedByItsOwnPolicy({ page, url, caller, faults }: Teller): Promise<void> {
  await page.goto(`${url}/items/${COFFEE.sku}?site=${SITE}`)
  const panel = page.getByRole('region', { name: `What will be wanted at ${SITE}` })
  const policy = panel.getByRole('button', { name: `Policy of ${COFFEE.sku}` })
  await policy.click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('It is ordered').selectOption('levels')
  await dialog.getByLabel(/^Ordered at so many or fewer/).fill('900')
  await dialog.getByLabel(/^Up to so many/).fill('800')
  await dialog.getByRole('button', { name: 'Order it so' }).click()
  await dialog.getByText('It is ordered at fewer than up to how many it is.').waitFor()
  expectRefused(faults, 422)
  await dialog.getByLabel(/^Up to so many/).fill('2000')
  await dialog.getByLabel('Nothing is short').selectOption('said')
  await dialog.getByLabel(/^Per cent/).fill('97.5')
  await dialog.getByRole('button', { name: 'Order it so' }).click()
  await panel.getByText(`At ${SITE}: at 900 or fewer ordered up to 2,000; there with 97.5 %.`).waitFor()
  await page.goto(`${url}/plan?site=${SITE}`)
  const plan = await planNow(caller, url)
  await page.getByRole('button', { name: 'Plan now' }).click()
  await planned(caller, url, plan)
  await page.goto(`${url}/items/${COFFEE.sku}?site=${SITE}`)
  await panel.getByText(/at 900 or fewer it is ordered up to 2000, as is said of it/).waitFor()
  await policy.click()
  await dialog.getByRole('button', { name: 'By the rule again' }).click()
  await panel.getByText(/^At .*: at 900 or fewer/).waitFor({ state: 'detached' })
}

/** How many the plan proposes. */
async function orderedIn(panel: ReturnType<Teller['page']['getByRole']>): Promise<number> {
  const told = panel.getByText(/^Order \d+$/)
  await told.waitFor()
  return Number(((await told.textContent()) ?? '').replace('Order ', ''))
}
