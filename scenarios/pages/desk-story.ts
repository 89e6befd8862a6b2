// Desk story: what the people do who speak with customers after an order was placed.

import assert from 'node:assert/strict'
import { violationsOf } from './accessible.ts'
import { CUSTOMER, IN_STOCK, LOCK, SITE } from './company.ts'
import type { Teller } from './story.ts'

let made = 0

async function placed({ caller, url }: Teller, quantity: number): Promise<string> {
  const body = { site: SITE, customer: CUSTOMER.code, lines: [{ sku: IN_STOCK.sku, quantity }] }
  return String((await caller.expect([url], { method: 'POST', path: '/api/orders', body, key: `desk-${(made += 1)}` }))['number'])
}

export async function aFigureIsExplained(teller: Teller): Promise<void> {
  const { page, url, caller } = teller
  const number = await placed(teller, 1)
  await page.goto(`${url}/items/${IN_STOCK.sku}?site=${SITE}`)
  // By keyboard alone: the figure is a link, and what is behind it another.
  await page.getByRole('link', { name: new RegExp(`Reserved at ${SITE}, explained$`) }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: `${IN_STOCK.sku} explained` }).waitFor()
  await page.getByText(/can be sold; \d+ of them are held/).waitFor()
  await page.getByRole('link', { name: number }).first().waitFor()
  await page.getByRole('radiogroup', { name: 'Figure' }).getByText('Quantity').click()
  await page.getByText('what came in less what went out').waitFor()
  const { figure } = (await caller.expect([url], {
    method: 'GET',
    path: `/api/explain/quantity?site=${SITE}&sku=${IN_STOCK.sku}`,
  })) as unknown as { figure: { quantity: number } }
  await page.getByText(`${figure.quantity} of ${IN_STOCK.sku} were at ${SITE}`).waitFor()
  await page.goto(`${url}/orders/${number}?site=${SITE}`)
  await page.getByRole('link', { name: 'Row by row: the promise of line 1' }).click()
  await page.getByRole('heading', { name: `Line 1 of ${number} explained` }).waitFor()
  await page.getByRole('group', { name: 'What of it is open now' }).waitFor()
}

export async function aCustomerChangesAnOrder(teller: Teller): Promise<void> {
  const { page, url, caller, faults } = teller
  const number = await placed(teller, 2)
  await page.goto(`${url}/orders/${number}?site=${SITE}`)
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Change: ${number}` })
  const quantity = dialog.getByLabel(`Quantity of ${IN_STOCK.sku}`)
  // The keyboard is where it is needed: nothing but typing.
  assert.equal(await page.evaluate('document.activeElement.id'), await quantity.getAttribute('id'))
  await quantity.fill('3')
  await dialog.getByRole('button', { name: 'Add a line' }).click()
  await dialog.getByLabel('Item *').fill(LOCK.sku.toLowerCase())
  await page.getByRole('option', { name: LOCK.name }).click()
  faults.push(...(await violationsOf(page)).map((violation) => `The form of a change: ${violation}`))
  await dialog.getByRole('button', { name: 'Change the order' }).click()
  await dialog.getByText('2 → 3').waitFor()
  await dialog.getByText(`1 more`).waitFor()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Order changed').waitFor()
  const { lines } = (await caller.expect([url], { method: 'GET', path: `/api/orders/${number}` })) as unknown as {
    lines: { sku: string; quantity: number }[]
  }
  assert.deepEqual(
    lines.map((line) => [line.sku, line.quantity]),
    [
      [IN_STOCK.sku, 3],
      [LOCK.sku, 1],
    ],
  )
}

export async function whatIsNotWantedAnyMoreIsPutBack(teller: Teller): Promise<void> {
  const { page, url, caller } = teller
  const number = await placed(teller, 1)
  const post = (path: string) => caller.expect([url], { method: 'POST', path: `/api/orders/${number}/${path}`, body: {}, key: `desk-${(made += 1)}` })
  for (const step of ['allocation', 'pick', 'packages', 'cancellation']) await post(step)
  await page.goto(`${url}/picks?site=${SITE}`)
  await page.getByRole('button', { name: /^To put back/ }).click()
  const dialog = page.getByRole('dialog', { name: 'To put back' })
  await dialog.getByRole('button', { name: 'Open the package' }).click()
  await dialog.getByRole('button', { name: 'Put back' }).first().click()
  await dialog.getByText('All is put back').waitFor()
}

export async function goodsComeBackOverTheDesk(teller: Teller): Promise<void> {
  const { page, url, caller, faults } = teller
  const number = await placed(teller, 2)
  const post = (path: string, body: object) =>
    caller.expect([url], { method: 'POST', path: `/api/orders/${number}/${path}`, body, key: `desk-${(made += 1)}` })
  for (const step of ['allocation', 'pick', 'shipment']) await post(step, {})
  await post('delivery', { receivedBy: 'The customer' })
  await page.goto(`${url}/?site=${SITE}`)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  // From anywhere to the desk, and the field is there: the number, the quantity, and it is authorised.
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page.getByRole('heading', { name: 'Returns', exact: true }).waitFor()
  await page.keyboard.type(number.split('-')[1]!)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: `Return of ${number}` }).waitFor()
  await page.keyboard.type('2')
  await page.getByLabel(`Why ${IN_STOCK.sku} comes back`).selectOption('damaged')
  await page.getByLabel(`Why ${IN_STOCK.sku} comes back`).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.type('The box was torn.')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: `Return ${number}-R1` }).waitFor()
  await page.getByRole('button', { name: 'Receive' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Receive' }).click()
  await page.locator('h1 + span', { hasText: 'To inspect' }).waitFor()
  const dialog = page.getByRole('dialog', { name: `Inspect: ${number}-R1` })
  await page.getByRole('button', { name: 'Inspect' }).click()
  await dialog.getByLabel('Quantity').fill('1')
  await dialog.getByLabel('Kept of the price').fill('99.00')
  faults.push(...(await violationsOf(page)).map((violation) => `The form of an inspection: ${violation}`))
  await dialog.getByRole('button', { name: 'Decide' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('1 sold again').waitFor()
  await page.getByRole('button', { name: 'Inspect' }).click()
  await dialog.getByLabel('What becomes of it').selectOption('scrap')
  await dialog.getByRole('button', { name: 'Decide' }).click()
  await page.locator('h1 + span', { hasText: 'Closed' }).waitFor()
  await page.getByText('1 sold again, 1 thrown away').waitFor()
}

export async function anItemIsCountedInPairsAndOrderedSo(teller: Teller): Promise<void> {
  const { page, url, caller, faults } = teller
  await page.goto(`${url}/items/${LOCK.sku}?site=${SITE}`)
  await page.getByRole('button', { name: 'Add a unit' }).click()
  const dialog = page.getByRole('dialog', { name: `Add a unit: ${LOCK.sku}` })
  await dialog.getByLabel('Unit').fill('pair')
  await dialog.getByLabel('One of it is').fill('2')
  faults.push(...(await violationsOf(page)).map((violation) => `The form of a unit: ${violation}`))
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('cell', { name: '2 EA' }).first().waitFor()
  await page.goto(`${url}/orders/new?site=${SITE}`)
  await page.getByLabel('Customer *').fill(CUSTOMER.code)
  await page.getByRole('option', { name: CUSTOMER.name }).click()
  await page.getByLabel('Item *').fill(LOCK.sku)
  await page.getByRole('option', { name: LOCK.name }).click()
  await page.getByLabel('Quantity').fill('3')
  await page.getByLabel('Unit').selectOption('pair')
  await page.getByLabel('Price of a pair').fill('9.99')
  await page.getByText('29.97 net').waitFor()
  faults.push(...(await violationsOf(page)).map((violation) => `An order in a unit: ${violation}`))
  await page.getByRole('button', { name: 'Place order' }).click()
  await page.getByRole('cell', { name: '6 (3 pair)' }).waitFor()
  const number = page.url().match(/orders\/([^?]+)/)![1]!
  await caller.expect([url], { method: 'POST', path: `/api/orders/${number}/cancellation`, body: {}, key: `desk-${(made += 1)}` })
}
