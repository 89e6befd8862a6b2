// Floor: what people do on the pages of a warehouse: goods are received, put away, picked, packed and shipped by somebody with a phone in one hand; a
// transfer is asked for, called off, received short; a count is entered by somebody who is not told what to expect.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { CUSTOMER, HELMET, IN_STOCK, LOCK, OTHER_SITE, PLANT_SITE, SITE } from './company.ts'
import type { Teller } from './story.ts'

let posts = 0
const post = ({ caller, url }: Teller, path: string, body: object) =>
  caller.expect([url], { method: 'POST', path, body, key: `floor-${Date.now()}-${(posts += 1)}` })

const badge = (page: Page, text: string) => page.locator('h1 + span', { hasText: text }).waitFor()

/** What is under the thumb is at least as tall as a thumb, on the screen without scrolling, and as wide as it can be. */
async function isUnderTheThumb(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true })
  await button.waitFor()
  const box = (await button.boundingBox())!
  const { width, height } = page.viewportSize()!
  assert.ok(box.height >= 48 && box.width >= width / 2, `${name} is ${box.width} x ${box.height}`)
  assert.ok(box.y + box.height <= height && box.y > height / 3, `${name} stands at ${box.y} of ${height}`)
}

export async function goodsGoFromTheDockToTheDoor(teller: Teller): Promise<void> {
  const { page, url, caller } = teller
  const purchase = await post(teller, '/api/purchases', { site: SITE, supplier: 'S-1', lines: [{ sku: LOCK.sku, quantity: 20, due: '2026-01-05' }] })
  await page.goto(`${url}/purchases/${String(purchase['id'])}?site=${SITE}`)
  await page.getByRole('button', { name: 'Receive', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Receive' }).click()
  await badge(page, 'Closed')

  await page.goto(`${url}/places?site=${SITE}`)
  await page.getByRole('link', { name: 'Put away' }).click()
  await page.getByRole('button', { name: `Put away ${LOCK.sku}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('The item stands at 1-A-2 already').waitFor()
  assert.equal(await dialog.getByLabel('To *').inputValue(), '1-A-2')
  await dialog.getByRole('button', { name: 'Put away' }).click()
  await page.getByRole('button', { name: `Put away ${LOCK.sku}` }).waitFor({ state: 'detached' })

  const lines = [
    { sku: HELMET.sku, quantity: 2 },
    { sku: LOCK.sku, quantity: 2 },
  ]
  const { number } = await post(teller, '/api/orders', { site: SITE, customer: CUSTOMER.code, lines })
  const order = String(number)
  await post(teller, `/api/orders/${order}/allocation`, {})
  await page.goto(`${url}/picks?site=${SITE}`)
  await page.getByRole('link', { name: order, exact: true }).click()
  await page.getByText('1-A-2', { exact: true }).waitFor()
  await isUnderTheThumb(page, 'Picked 2')
  await page.getByRole('button', { name: 'Too few' }).click()
  await page.getByLabel('How many are at 1-A-2?').fill('1')
  await page.getByRole('button', { name: 'Report too few' }).click()
  await page.getByRole('status').getByText('1 were missing').waitFor()
  // Enter picks on: the button has the focus at the next stop.
  await page.getByText('2-B-1', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Picked 2', exact: true }).press('Enter')
  await page.getByRole('button', { name: 'Pack 3 pieces' }).waitFor()
  await page.getByLabel('Kilograms on the scale').fill('1.75')
  await page.getByRole('button', { name: 'Pack 3 pieces' }).click()
  await page.getByText('3 pieces · 1.75 kg').waitFor()
  assert.match((await page.locator('li', { hasText: '1.75 kg' }).textContent())!, /^\d{18}/, 'the package has its number')
  await page.getByRole('button', { name: 'Ship', exact: true }).click()
  await page.getByRole('status').getByRole('link', { name: 'shipment' }).click()
  await badge(page, 'Shipped')
  const raised = await caller.rows<{ kind: string; order: string | null }>(url, `/api/exceptions?site=${SITE}`)
  assert.ok(
    raised.some((one) => one.kind === 'short_pick' && one.order === order),
    'somebody is to count the bin',
  )
}

export async function aTransferIsAskedForAndCalledOff({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/transfers?site=${SITE}`)
  await page.getByRole('button', { name: 'Ask for goods' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('From').selectOption(PLANT_SITE)
  await dialog.getByLabel('Item *').fill('helm')
  await page.getByRole('option', { name: HELMET.name }).click()
  await dialog.getByLabel('Quantity').fill('7')
  await dialog.getByRole('button', { name: 'Ask for it' }).click()
  await badge(page, 'Asked for')
  // The other site has heard of it, and this page of that.
  await page.getByText(`7 held at ${PLANT_SITE}`).waitFor()
  await page.getByRole('button', { name: 'Call off' }).click()
  await dialog.getByRole('button', { name: 'Call off' }).click()
  await badge(page, 'Called off')
  await page.getByText('Called off: no more will come').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Call off' }).count(), 0, 'nothing is left to call off')
}

export async function whatAnotherSiteHasIsOrderedThere(teller: Teller): Promise<void> {
  const { page, url } = teller
  await post(teller, '/api/orders', { site: OTHER_SITE, customer: CUSTOMER.code, lines: [{ sku: IN_STOCK.sku, quantity: 1 }] })
  await page.goto(`${url}/shortages?site=${OTHER_SITE}`)
  await page.getByText('1 transfer from other sites').waitFor()
  // Nothing is bought or made of it, and yet it can be ordered.
  await page.getByRole('button', { name: 'Order it' }).click()
  await page.getByRole('status').getByText('1 transfer').click()
  await page.getByRole('heading', { name: 'Transfers' }).waitFor()
  await page.getByText(`${SITE} → ${OTHER_SITE}`).waitFor()
}

export async function aTransferThatComesShortIsReceivedAsItCame(teller: Teller): Promise<void> {
  const { page, url, caller } = teller
  const asked = await post(teller, '/api/transfer-requests', { site: SITE, from: PLANT_SITE, lines: [{ sku: HELMET.sku, quantity: 4 }] })
  const id = String(asked['id'])
  await page.goto(`${url}/transfers/${id}?site=${SITE}`)
  await page.getByText(`4 held at ${PLANT_SITE}`).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Send' }).count(), 0, 'it is not sent from here')
  await post(teller, `/api/transfers/${id}/dispatch`, { site: PLANT_SITE })
  await badge(page, 'On its way')
  await page.getByRole('button', { name: 'Receive', exact: true }).click()
  await page.getByLabel(`Came of ${HELMET.sku}, lot H-11`).fill('3')
  await page.getByRole('dialog').getByRole('button', { name: 'Receive' }).click()
  await badge(page, 'Received')
  const raised = await caller.rows<{ kind: string; document: string | null }>(url, `/api/exceptions?site=${SITE}`)
  assert.ok(
    raised.some((one) => one.kind === 'count_difference' && one.document === id),
    'somebody is told of the one that is missing',
  )
}

export async function aCountIsBlindAndThenTold({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/places/1-A-1?site=${SITE}`)
  await page.getByRole('link', { name: 'Count here' }).click()
  await page.getByRole('heading', { name: 'Counts' }).waitFor()
  assert.equal(await page.getByLabel('Place *').inputValue(), '1-A-1')
  await page.getByLabel('Item *').fill('helm')
  await page.getByRole('option', { name: HELMET.name }).click()
  await page.getByLabel('Lot, if any').fill('H-07')
  await page.getByLabel('Counted').fill('5')
  assert.equal(await page.getByText('recorded:').count(), 0, 'nobody is told what to expect')
  await page.getByRole('button', { name: 'Enter' }).click()
  await page.getByText(`${HELMET.sku} at 1-A-1: 5 counted, 6 were recorded: -1, worth -19.00.`).waitFor()
  const row = page.getByRole('row', { name: HELMET.sku }).first()
  await row.getByText('-19.00').waitFor()
}
