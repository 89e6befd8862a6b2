// Disruption, as a person meets it: a purchase order is moved to a later day; the three customers it hurts stand on one page, with what can be done side by
// side; one is chosen with the arrow keys and done with Enter, and the chain is seen to mend.

import assert from 'node:assert/strict'
import { LAMP, SITE } from './company.ts'
import type { Teller } from './story.ts'

const DAY_MILLISECONDS = 86_400_000
const day = (days: number): string => new Date(Date.now() + days * DAY_MILLISECONDS).toISOString().slice(0, 10)

export const aLatePurchaseIsMended =
  (lamps: string) =>
  async ({ page, url }: Teller): Promise<void> => {
    await page.goto(`${url}/purchases/${lamps}?site=${SITE}`)
    await page.getByRole('button', { name: 'Move the dates' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(`Expected, ${LAMP.sku}`).fill(day(20))
    await dialog.getByRole('button', { name: 'Move the dates' }).click()
    await dialog.waitFor({ state: 'detached' })

    await page.goto(`${url}/exceptions?site=${SITE}`)
    await page.getByRole('row').filter({ hasText: LAMP.sku }).getByRole('link', { name: 'Supply late' }).click()
    const hurt = page.getByRole('group', { name: 'Whom it hurts' })
    for (const customer of ['Alpine Riders', 'Bay Couriers', 'Cascade Rentals']) await hurt.getByText(customer).waitFor()
    assert.equal(await hurt.getByText('Hurt', { exact: true }).count(), 3)
    await page.getByText('Value at risk').waitFor()

    // Chosen and done without a mouse.
    const apply = page.getByRole('button', { name: 'Do it' })
    assert.equal(await apply.isDisabled(), true)
    await page.getByRole('radio').first().focus()
    await page.keyboard.press('Space')
    while (!(await page.getByRole('radio', { name: 'Transfer from PDX' }).isChecked())) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')

    await page.locator('h1 + span', { hasText: 'Settled' }).waitFor()
    await hurt.getByText('Mended').nth(2).waitFor()
    assert.equal(await hurt.getByText('Hurt', { exact: true }).count(), 0)
    await page.getByText('Transfer from PDX, for 3 lines.').waitFor()
    await page.getByRole('link', { name: 'the transfer' }).click()
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'Transfer' }).waitFor()
  }
