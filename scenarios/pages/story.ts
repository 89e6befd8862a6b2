// Story: what people do in the console, from signing in to the delivery, and what happens to them on the way: a wrong password, a field that is
// refused, a session that ends in the middle of a form, a line that breaks. Everything is found as a person finds it: by its name.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Caller } from '../rig/caller.ts'
import { expectRefused, type Watched } from './browser.ts'
import { CUSTOMER, IN_STOCK, SITE, SOLD_OUT } from './company.ts'

export interface Teller extends Watched {
  readonly url: string
  readonly caller: Caller
}

interface Person {
  readonly name: string
  readonly password: string
}

const atHome = (url: string): string => `${url}/?site=${SITE}`

export async function signIn({ page, url }: Pick<Teller, 'page' | 'url'>, { name, password }: Person): Promise<void> {
  await page.goto(atHome(url))
  await fillSignIn(page, name, password)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}

async function fillSignIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export async function aWrongPasswordIsToldAndNothingElse({ page, url, faults }: Teller, { name }: Person): Promise<void> {
  await page.goto(url)
  await fillSignIn(page, name, 'not the password at all')
  await page.getByRole('alert').getByText('You are not signed in').waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Overview' }).count(), 0)
  expectRefused(faults, 401)
}

/** Orders of the company, newest first. */
const orders = ({ caller, url }: Teller) => caller.rows<{ number: string; state: string; value: number }>(url, `/api/orders?site=${SITE}`)

async function choose(page: Page, label: string, typed: string, name: string): Promise<void> {
  await page.getByLabel(label).fill(typed)
  await page.getByRole('option', { name }).click()
}

async function fillOrder(page: Page, item: { readonly sku: string; readonly name: string }, quantity: string): Promise<void> {
  await choose(page, 'Customer *', 'north', CUSTOMER.name)
  await choose(page, 'Item *', item.sku.toLowerCase(), item.name)
  await page.getByLabel('Quantity').fill(quantity)
}

const place = (page: Page) => page.getByRole('button', { name: 'Place order' }).click()
const stands = (page: Page, state: string) => page.locator('h1 + span', { hasText: state }).waitFor()

export async function anOrderIsPlacedAndTakenToItsDelivery({ page, url }: Teller): Promise<string> {
  await page.goto(atHome(url))
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('heading', { name: 'New order' }).waitFor()
  await fillOrder(page, SOLD_OUT, '1')
  await page.getByText('None is in stock; no date can be promised').waitFor()
  await choose(page, 'Item *', 'road fr', IN_STOCK.name)
  await page.getByLabel('Quantity').fill('2')
  await page.getByText('All 2 can be promised for today, in stock.').waitFor()
  await page.getByText('$798.00 net').waitFor()
  await page.getByLabel('Discount on all, %').fill('10')
  await page.getByText('$718.20 net').waitFor()
  await page.getByLabel('Discount on all, %').fill('')
  await page.getByText('$798.00 net').waitFor()
  await place(page)
  await stands(page, 'Held')
  await page.getByText('How the price came about').click()
  await page.getByText("$399.00 each, the item's own list price.").waitFor()
  const number = (await page.getByRole('heading', { level: 1 }).textContent())!
  await page.getByRole('button', { name: 'Put on hold' }).click()
  await page.getByLabel('Reason').fill('The customer moves house.')
  await page.getByRole('dialog').getByRole('button', { name: 'Put on hold' }).click()
  await page.getByText('By Ann Berg').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Release' }).count(), 0, 'what is on hold is not released')
  await page.getByRole('button', { name: 'Take off' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take off hold' }).click()
  await page.getByText('Taken off by Ann Berg').waitFor()
  await page.getByRole('button', { name: 'Release' }).click()
  await stands(page, 'In picking')
  await page.getByRole('button', { name: 'Pick', exact: true }).click()
  await stands(page, 'Picked')
  await page.getByRole('button', { name: 'Pack', exact: true }).click()
  await stands(page, 'Packed')
  await page.getByRole('button', { name: 'Ship', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Ship' }).click()
  await stands(page, 'Shipped')
  await page.getByRole('button', { name: 'Deliver' }).click()
  await page.getByLabel('Received by').fill('The front desk')
  await page.getByRole('dialog').getByRole('button', { name: 'Deliver' }).click()
  await stands(page, 'Delivered')
  await page.getByText('received by The front desk').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Cancel order' }).count(), 0, 'what is delivered cannot be cancelled')
  await page.getByRole('button', { name: 'Take back' }).waitFor()
  return number
}

export async function whatOthersDoIsSeenAtOnce(teller: Teller): Promise<void> {
  const { page, url, caller } = teller
  await page.goto(atHome(url))
  await page.getByText('Live', { exact: true }).waitFor()
  const body = { site: SITE, customer: CUSTOMER.code, lines: [{ sku: IN_STOCK.sku, quantity: 1 }] }
  const { number } = await caller.expect([url], { method: 'POST', path: '/api/orders', body, key: `live-${Date.now()}` })
  await page.getByRole('link', { name: String(number), exact: true }).waitFor({ timeout: 5_000 })
}

export async function aFieldThatIsRefusedSaysWhy(teller: Teller): Promise<void> {
  const { page, url } = teller
  const before = (await orders(teller)).length
  await page.goto(`${url}/orders/new?site=${SITE}`)
  await fillOrder(page, IN_STOCK, '0')
  await place(page)
  await page.locator('[class*="error"]', { hasText: 'A quantity is above 0.' }).first().waitFor()
  await page.getByText('quantity_not_positive').waitFor()
  assert.equal((await orders(teller)).length, before)
  expectRefused(teller.faults, 422)
}

export async function aSessionThatEndsInTheMiddleLosesNothing(teller: Teller, { name, password }: Person): Promise<void> {
  const { page, url, context } = teller
  const before = (await orders(teller)).length
  await page.goto(`${url}/orders/new?site=${SITE}`)
  await fillOrder(page, IN_STOCK, '1')
  await page.getByText('can be promised for today').waitFor()
  await context.clearCookies()
  await place(page)
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await dialog.waitFor()
  assert.equal(await dialog.getByLabel('Name').inputValue(), name)
  await dialog.getByRole('textbox', { name: 'Password' }).fill(password)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await stands(page, 'Held')
  assert.equal((await orders(teller)).length, before + 1, 'the form was sent once')
  expectRefused(teller.faults, 401)
}

export async function aLineThatBreaksNeitherLosesNorDoubles(teller: Teller): Promise<void> {
  const { page, url, faults } = teller
  const before = (await orders(teller)).length
  await page.goto(`${url}/orders/new?site=${SITE}`)
  await fillOrder(page, IN_STOCK, '1')
  await page.getByText('can be promised for today').waitFor()
  // The request arrives and the answer does not: nobody at the form can know what became of it.
  let cut = 0
  await page.route('**/api/orders', async (route) => {
    if (route.request().method() !== 'POST' || (cut += 1) > 1) return route.continue()
    await route.fetch()
    return route.abort('connectionreset')
  })
  await place(page)
  await page.getByRole('alert').getByText('Offline', { exact: true }).waitFor()
  assert.equal((await orders(teller)).length, before + 1)
  await place(page)
  await stands(page, 'Held')
  assert.equal((await orders(teller)).length, before + 1, 'sent again with the same key, it is the same order')
  await page.unroute('**/api/orders')
  const broken = faults.findIndex((fault) => fault.includes('ERR_CONNECTION_RESET'))
  assert.notEqual(broken, -1, 'the browser itself saw the line break')
  faults.splice(broken, 1)
}

export async function theKeyboardGoesEverywhere({ page, url }: Teller): Promise<void> {
  await page.goto(atHome(url))
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the page')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'main')
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('/')
  await page.keyboard.type(`${SITE.toLowerCase()}-1`)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: `${SITE}-1` }).waitFor()
}

export async function whoOnlySellsIsOfferedOnlyThat({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/orders/${SITE}-2`)
  await page.getByRole('button', { name: 'Cancel order' }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Release' }).count(), 0)
}
