// Back-test story: a planner lives the last half year of a shop again, sees what a surer rule would have cost and served, adopts it, and takes it back.

import assert from 'node:assert/strict'
import { TEA_SITE, tested } from './tested.ts'
import type { Teller } from './story.ts'

export async function aRuleIsTestedAndAdopted(teller: Teller): Promise<void> {
  const { page, url, caller } = teller
  await page.keyboard.press('g')
  await page.keyboard.press('9')
  const form = page.getByRole('region', { name: 'Compare rules' })
  await form.getByLabel('Where').selectOption(TEA_SITE)
  await form.getByLabel(/^Days, up to/).fill('90')
  await form.getByLabel(/^Goes unseen/).fill('4')
  // Two that are the same are told before anything is asked.
  await form.getByLabel('Service of Record 99 %, per cent').fill('95')
  await form.getByRole('button', { name: 'Run it' }).click()
  await form.getByRole('alert').getByText('Two policies are “Record 95 %”').waitFor()
  await form.getByRole('button', { name: 'Take out Record 95 %' }).last().click()
  await form.getByRole('button', { name: 'Another policy' }).click()
  await form.getByLabel('How Belief 97 % forecasts').selectOption('mean')
  await form.getByRole('button', { name: 'Run it' }).click()

  await page.getByRole('heading', { name: 'Back-test of 90 days' }).waitFor()
  await tested(caller, url, new URL(page.url()).pathname.split('/').at(-1)!)
  const table = page.getByRole('group', { name: 'Policies' })
  await table.getByText('Belief 97 %, mean of 26 weeks').waitFor()
  await table.getByText('No rule does so').waitFor()
  await page.getByRole('img', { name: /served at once/ }).waitFor()
  await page.getByLabel('What the table shows').selectOption('apart')
  await table.getByText('the same').first().waitFor()
  await page.getByLabel('Another back-test', { exact: true }).selectOption({ index: 1 })
  await page.getByRole('group', { name: 'Side by side' }).getByText('Belief 99 %').waitFor()

  const before = await ruleOf(teller)
  assert.deepEqual(before, undefined)
  await table.getByRole('button', { name: 'Adopt Belief 99 %' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('7 days, as now').waitFor()
  await dialog.getByRole('button', { name: 'Adopt it' }).click()
  await page.getByText('The next plan orders by “Belief 99 %”.').waitFor()
  assert.deepEqual(await ruleOf(teller), { site: TEA_SITE, serviceLevel: 0.99, reviewDays: 7, stock: 'belief' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('The next plan orders by “The rule of before”.').waitFor()
  assert.deepEqual(await ruleOf(teller), { site: TEA_SITE, serviceLevel: 0.95, reviewDays: 7, stock: 'belief' })
}

async function ruleOf({ caller, url }: Teller): Promise<object | undefined> {
  const { rows } = (await caller.expect([url], { method: 'GET', path: '/api/planning-rules' })) as unknown as {
    readonly rows: readonly { readonly site: string | null }[]
  }
  return rows.find((row) => row.site === TEA_SITE)
}
