// Company: the small real company that the pages are shown with: a site, one that supplies it and another; goods in stock and in bins, goods that wait,
// goods on their way in and too late; people and machines, some of whom may no more. And the company on its first day, which has a site and somebody
// who may sign in, and nothing else.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../rig/caller.ts'
import { furnishFamily, type Post } from './family.ts'
import { furnishPlan } from './planned.ts'
import { furnishBacktests, type Tested } from './tested.ts'

export const ANN = { name: 'ann', displayName: 'Ann Berg', password: 'a long walk on the beach' } as const
export const SAM = { name: 'sam', displayName: 'Sam Ortiz', password: 'seven boats in a harbour' } as const
export const WES = { name: 'wes', displayName: 'Wes Lindqvist', password: 'nine crates on a pallet' } as const
export const SITE = 'SEA'
/** Supplies the site with helmets. */
export const PLANT_SITE = 'PLT'
/** Supplied by it. */
export const OTHER_SITE = 'PDX'
export const NEW_SITE = 'NEW'
export const CUSTOMER = { code: 'C-100', name: 'Northwind Cycles' } as const
export const IN_STOCK = { sku: 'FR-100', name: 'Road Frame, 52' } as const
export const HELMET = { sku: 'HE-400', name: 'Helmet, M' } as const
export const LOCK = { sku: 'LO-500', name: 'Cable Lock' } as const
/** Each bought for three customers; the bell comes later already, the lamp as it was agreed. */
export const BELL = { sku: 'BE-600', name: 'Brass Bell' } as const
export const LAMP = { sku: 'LA-610', name: 'Head Lamp' } as const
export const SOLD_OUT = { sku: 'BK-200', name: 'Road Bicycle, 52' } as const

const DAY_MILLISECONDS = 86_400_000
const days = (some: number): string => new Date(Date.now() + some * DAY_MILLISECONDS).toISOString().slice(0, 10)

/** Asked for, and nobody has it. */
const SHORT = { sku: 'SA-400', name: 'Saddle, leather' } as const

/** Ids of documents that have no number of their own. */
export interface Documents {
  readonly purchase: string
  readonly workOrder: string
  readonly shipment: string
  /** On its way. */
  readonly transfer: string
  /** Of an order that is being picked. */
  readonly picked: string
  /** Purchases of bells and of lamps, and what was raised because the bells come late. */
  readonly bells: string
  readonly lamps: string
  readonly exception: string
  /** Of which one piece waits to be inspected, and one is still to come; and its order, of which more may come back. */
  readonly returned: { readonly id: string; readonly order: string }
  /** Sheets: one that is being counted, and one of which something is to be approved. */
  readonly sheets: { readonly open: string; readonly counted: string }
  /** What the plan proposes. */
  readonly planOrder: string
  readonly backtests: Tested
}

export async function furnish(caller: Caller, server: string): Promise<Documents> {
  let made = 0
  const post = (path: string, body: object) => caller.expect([server], { method: 'POST', path, body, key: `furnish-${(made += 1)}` })
  await post('/api/items', {
    items: [
      { ...IN_STOCK, standardCost: 21_000, listPrice: 39_900, weight: 1_900_000, category: 'Frames' },
      { ...SOLD_OUT, standardCost: 110_000, listPrice: 219_900, source: 'make', makeDays: 2, weight: 8_400_000, category: 'Bikes' },
      { sku: 'TU-300', name: 'Inner Tube', unit: 'EA', tracking: 'lot', standardCost: 150, listPrice: 499, category: 'Parts' },
      { ...SHORT, unit: 'EA', standardCost: 2_400, listPrice: 5_900, category: 'Parts' },
      { sku: 'HB-500', name: 'Handlebar, flat', unit: 'EA', standardCost: 1_900, listPrice: 4_400 },
    ],
  })
  await post('/api/parties', {
    parties: [
      { ...CUSTOMER, kind: 'customer' },
      { code: 'S-1', name: 'Frame Works', kind: 'supplier' },
    ],
  })
  await post('/api/sites', { code: SITE, name: 'Seattle' })
  await post('/api/sites', { code: OTHER_SITE, name: 'Portland' })
  await post('/api/units', {
    units: [
      { sku: IN_STOCK.sku, unit: 'crate', factor: '6' },
      { sku: IN_STOCK.sku, unit: 'pallet', of: 'crate', factor: '4' },
    ],
  })
  await post('/api/receipts', { site: SITE, lines: [{ sku: IN_STOCK.sku, quantity: 50, place: 'SHELF' }] })
  await post('/api/receipts', { site: SITE, lines: [{ sku: 'TU-300', quantity: 200, place: 'SHELF', lot: 'L-1', expiresOn: days(400) }] })
  const purchase = await post('/api/purchases', {
    site: SITE,
    supplier: 'S-1',
    orderedAt: new Date(Date.now() - 9 * DAY_MILLISECONDS).toISOString(),
    lines: [{ sku: SOLD_OUT.sku, quantity: 2, due: days(-1) }],
  })
  await post('/api/orders', {
    site: SITE,
    customer: CUSTOMER.code,
    reference: 'NW-1',
    lines: [
      { sku: IN_STOCK.sku, quantity: 2 },
      { sku: SOLD_OUT.sku, quantity: 5 },
    ],
  })
  await post('/api/orders', { site: SITE, customer: CUSTOMER.code, lines: [{ sku: IN_STOCK.sku, quantity: 3 }] })
  // More is lost than was free: a hold is shorted, and a person must look.
  await post('/api/losses', { site: SITE, sku: IN_STOCK.sku, quantity: 46, place: 'SHELF', cause: 'breakage', note: 'A rack fell.' })
  await post('/api/receipts', { site: SITE, lines: [{ sku: IN_STOCK.sku, quantity: 40, place: 'SHELF' }] })
  const workOrder = await furnishWork(post)
  const shipment = await furnishShipment(post)
  await furnishShortages(post)
  await furnishPeople(post)
  const floor = await furnishFloor(post, caller, server)
  const promised = await furnishPromises(post, caller, server)
  const returned = await furnishReturn(post)
  await furnishFamily(post, { site: SITE, supplier: 'S-1', customer: CUSTOMER.code })
  const sheets = await furnishSheets(post)
  const planOrder = await furnishPlan(post, SITE, caller, server)
  const backtests = await furnishBacktests(post, caller, server)
  return {
    planOrder,
    backtests,
    purchase: String(purchase['id']),
    workOrder,
    shipment,
    returned,
    sheets,
    ...floor,
    ...promised,
  }
}

/** Bicycles that are made of frames and tubes. */
async function furnishWork(post: Post): Promise<string> {
  await post('/api/bills', {
    lines: [
      { parent: SOLD_OUT.sku, component: IN_STOCK.sku, quantity: 1, validFrom: days(-30) },
      { parent: SOLD_OUT.sku, component: 'TU-300', quantity: 2, validFrom: days(-30) },
    ],
  })
  const { id } = await post('/api/work-orders', { site: SITE, sku: SOLD_OUT.sku, quantity: 3 })
  return String(id)
}

/** On its way to a customer. */
async function furnishShipment(post: Post): Promise<string> {
  await post('/api/services', {
    services: [{ code: 'ROAD', carrier: 'Overland', name: 'Road', minimum: 900, rate: 450, rateUnit: 'KG', transitDays: 3 }],
  })
  const { number } = await post('/api/orders', { site: SITE, customer: CUSTOMER.code, lines: [{ sku: IN_STOCK.sku, quantity: 2 }] })
  for (const action of ['allocation', 'pick', 'packages']) await post(`/api/orders/${String(number)}/${action}`, {})
  const { shipment } = await post(`/api/orders/${String(number)}/shipment`, { service: 'ROAD' })
  await post(`/api/shipments/${String(shipment)}/tracking`, { site: SITE, event: 'in_transit', estimated: days(5), note: 'Snow on the pass' })
  return String(shipment)
}

/** A sheet that is being counted, one whose differences wait to be approved, and one that is posted. */
async function furnishSheets(post: Post): Promise<Documents['sheets']> {
  const open = async (body: object): Promise<string> => String((await post('/api/count-sheets', { site: SITE, kind: 'cycle', ...body }))['id'])
  let entry = 0
  const count = (sheet: string, some: object) =>
    post(`/api/count-sheets/${sheet}/entries`, {
      site: SITE,
      entries: [{ entry: `furnished-${(entry += 1)}`, countedAt: new Date().toISOString(), ...some }],
    })
  const close = (sheet: string) => post(`/api/count-sheets/${sheet}/closing`, { site: SITE })
  const counted = await open({ note: 'Aisle 2', places: ['2-B-1'] })
  for (let round = 1; round <= 2; round += 1) {
    await count(counted, { sku: HELMET.sku, place: '2-B-1', lot: 'H-11', counted: 3 })
    await close(counted)
  }
  const posted = await open({ note: 'Rubber', skus: ['RU-700'], tolerance: { units: 1_000 } })
  for (const lot of ['R-1', 'R-2']) await count(posted, { sku: 'RU-700', place: 'DOCK', lot, counted: 2 })
  await post(`/api/count-sheets/${posted}/closing`, { site: SITE, leavesUncounted: true })
  return { counted, open: await open({ note: 'Aisle 1', places: ['1-A-1', '1-A-2'] }) }
}

/** An order that a customer has, and does not want all of. */
async function furnishReturn(post: Post): Promise<Documents['returned']> {
  const order = String((await post('/api/orders', { site: SITE, customer: CUSTOMER.code, lines: [{ sku: LOCK.sku, quantity: 4 }] }))['number'])
  for (const action of ['allocation', 'pick', 'shipment']) await post(`/api/orders/${order}/${action}`, {})
  await post(`/api/orders/${order}/delivery`, { receivedBy: 'The shop' })
  const lines = [{ orderLine: 1, quantity: 2, reason: 'defective', note: 'The key does not turn.' }]
  const id = String((await post(`/api/orders/${order}/returns`, { lines }))['id'])
  await post(`/api/returns/${id}/receipt`, { site: SITE, lines: [{ line: 1, quantity: 1 }] })
  return { id, order }
}

/** Bins with goods in them, goods at the dock, an order half picked, and a transfer on its way. */
async function furnishFloor(post: Post, caller: Caller, server: string) {
  await post('/api/items', {
    items: [
      { ...HELMET, tracking: 'lot', standardCost: 1_900, listPrice: 4_990, weight: 310_000, category: 'Accessories' },
      { ...LOCK, standardCost: 650, listPrice: 1_990, weight: 540_000, category: 'Accessories' },
    ],
  })
  await post('/api/sites', { code: PLANT_SITE, name: 'Everett Plant' })
  const bins = { '1-A-1': [1, 1, 1], '1-A-2': [1, 1, 2], '1-B-1': [1, 2, 1], '2-A-1': [2, 1, 1], '2-B-1': [2, 2, 1] } as const
  await post('/api/places', {
    site: SITE,
    places: Object.entries(bins).map(([code, [aisle, rack, level]]) => ({ code, kind: 'bin', position: { aisle, rack, level } })),
  })
  const [early, late] = [
    { lot: 'H-07', expiresOn: days(700) },
    { lot: 'H-11', expiresOn: days(900) },
  ]
  await post('/api/receipts', {
    site: SITE,
    lines: [
      { ...early, sku: HELMET.sku, quantity: 6, place: '1-A-1' },
      { ...late, sku: HELMET.sku, quantity: 30, place: '2-B-1' },
      { sku: LOCK.sku, quantity: 40, place: '1-A-2' },
      { sku: LOCK.sku, quantity: 12 },
    ],
  })
  await post('/api/receipts', { site: PLANT_SITE, lines: [{ ...late, sku: HELMET.sku, quantity: 200 }] })
  const { number } = await post('/api/orders', {
    site: SITE,
    customer: CUSTOMER.code,
    lines: [
      { sku: HELMET.sku, quantity: 8 },
      { sku: LOCK.sku, quantity: 3 },
    ],
  })
  const picked = String(number)
  await post(`/api/orders/${picked}/allocation`, {})
  await post(`/api/orders/${picked}/pick`, { picks: [{ line: 2, place: '1-A-2', quantity: 3 }] })
  const { id } = await post('/api/transfer-requests', { site: SITE, from: PLANT_SITE, due: days(2), lines: [{ sku: HELMET.sku, quantity: 10 }] })
  const transfer = String(id)
  // The other site hears of it in a moment.
  while ((await caller.once(server, { method: 'GET', path: `/api/transfers/${transfer}?site=${PLANT_SITE}` }))?.status !== 200) await sleep(20)
  await post(`/api/transfers/${transfer}/dispatch`, { site: PLANT_SITE, arrivesOn: days(1) })
  await post('/api/counts', { site: SITE, sku: LOCK.sku, place: '1-A-2', counted: 36 })
  await post('/api/counts', { site: SITE, sku: HELMET.sku, place: '2-B-1', lot: late.lot, counted: 31 })
  await post('/api/losses', { site: SITE, sku: LOCK.sku, quantity: 1, place: '1-A-2', cause: 'theft', note: 'The seal was cut.' })
  return { picked, transfer }
}

/** What is asked for and neither there nor on its way, with a supplier for one of the two. */
async function furnishShortages(post: Post): Promise<void> {
  await post('/api/supplier-items', { offers: [{ supplier: 'S-1', sku: SHORT.sku, price: 2_100, leadTimeDays: 6, minimum: 20, multiple: 10 }] })
  const lines = [
    { sku: SHORT.sku, quantity: 12 },
    { sku: 'HB-500', quantity: 4 },
  ]
  await post('/api/orders', { site: SITE, customer: CUSTOMER.code, reference: 'NW-2', lines })
}

/** Goods that are bought for three customers each; another supplier is quicker, and another site has some. */
async function furnishPromises(post: Post, caller: Caller, server: string) {
  const customers = ['Alpine Riders', 'Bay Couriers', 'Cascade Rentals'].map((name, index) => ({ code: `C-20${index + 1}`, name, kind: 'customer' }))
  await post('/api/parties', { parties: [...customers, { code: 'S-2', name: 'Quick Parts', kind: 'supplier' }] })
  await post('/api/site-sources', { sources: [{ site: OTHER_SITE, source: 'buy', from: SITE, transferDays: 2 }] })
  const purchases: string[] = []
  for (const item of [BELL, LAMP]) {
    await post('/api/items', { items: [{ ...item, unit: 'EA', standardCost: 700, listPrice: 2_490, weight: 180_000 }] })
    await post('/api/supplier-items', { offers: [{ supplier: 'S-2', sku: item.sku, price: 950, leadTimeDays: 3 }] })
    const { id } = await post('/api/purchases', {
      site: SITE,
      supplier: 'S-1',
      lines: [{ sku: item.sku, quantity: 5, unitPrice: 700, due: days(4) }],
    })
    purchases.push(String(id))
    for (const [index, { code }] of customers.entries())
      await post('/api/orders', { site: SITE, customer: code, lines: [{ sku: item.sku, quantity: index === 0 ? 1 : 2 }] })
    await post('/api/receipts', { site: OTHER_SITE, lines: [{ sku: item.sku, quantity: 5, place: 'SHELF' }] })
  }
  const [bells, lamps] = purchases as [string, string]
  await post(`/api/purchases/${bells}/due-date`, { site: SITE, lines: [{ line: 1, due: days(15) }] })
  const raised = await caller.rows<{ id: string; document: string | null }>(server, `/api/exceptions?site=${SITE}`)
  return { bells, lamps, exception: raised.find((one) => one.document === bells)!.id }
}

async function furnishPeople(post: Post): Promise<void> {
  const password = 'nobody signs in with this'
  const users = [
    { ...ANN, role: 'admin', sites: [] },
    { ...SAM, role: 'sales', sites: [SITE] },
    { ...WES, role: 'warehouse', sites: [SITE] },
    { name: 'wim', displayName: 'Wim de Vries', role: 'warehouse', sites: [SITE, OTHER_SITE], password },
    { name: 'olga', displayName: 'Olga Petrova', role: 'auditor', sites: [], password },
    { name: 'lee', displayName: 'Lee Chan', role: 'buyer', sites: [], password },
  ]
  for (const user of users) await post('/api/users', user)
  await post('/api/users/lee/deactivation', {})
  await post('/api/keys', { name: 'Till 1, Seattle', role: 'till', sites: [SITE] })
  await post('/api/keys', { name: 'Web shop', role: 'sales', sites: [] })
  // Refused, as it should be: it has not left yet.
  await post(`/api/orders/${SITE}-2/delivery`, { receivedBy: 'Nobody' }).catch(() => undefined)
}

/** A company on its first day. */
export async function begin(caller: Caller, server: string): Promise<void> {
  const post = (path: string, body: object, key: string) => caller.expect([server], { method: 'POST', path, body, key })
  await post('/api/sites', { code: NEW_SITE, name: 'Newport' }, 'begin-site')
  await post('/api/users', { ...ANN, role: 'admin', sites: [] }, 'begin-user')
}
