// Questions: what each page of the console asks the server, as its first page, as a page deep in the list, and narrowed to much or to nearly
// nothing; and what the API answers beside it. Every endpoint that reads is asked (a test holds it). What is asked for is drawn anew each time.

import { dayOf, instant } from '../../core/calendar.ts'
import { orderStates } from '../../core/order.ts'
import type { Chance } from '../../core/rng.ts'
import { shipmentStates } from '../../core/tracking.ts'
import type { Asked } from '../asked-server.ts'
import { firstItem } from '../history.ts'
import type { Samples } from './samples.ts'

export interface Question {
  /** The endpoint, and what is asked of it. */
  readonly name: string
  readonly ask: (draw: Draw) => Asked
}

/** What the console asks for at a time (web/). */
const PAGE_ROWS = 100
const OVERVIEW_ROWS = 7
const LOOKUP_ROWS = 12
const EVENTS_SHOWN = 500
const MOVES_SHOWN = 30

/** Draws what is asked for. */
export class Draw {
  readonly samples: Samples
  readonly #chance: Chance

  constructor(samples: Samples, chance: Chance) {
    this.samples = samples
    this.#chance = chance
  }

  below(count: number): number {
    return this.#chance.below(count)
  }

  of<One>(some: readonly One[]): One {
    if (some.length === 0) throw new Error('The world has nothing to ask this page for.')
    return some[this.below(some.length)]!
  }

  /** A shop: any site but the main one. */
  get shop(): string {
    return this.of(this.samples.shops)
  }

  get item(): number {
    return this.below(this.samples.items)
  }

  get sku(): string {
    return skuOf(this.item)
  }

  /** An order of the main site from long ago. */
  get oldOrder(): string {
    return `${this.samples.main}-${1 + this.below(this.samples.old_orders)}`
  }

  get newOrder(): string {
    return `${this.samples.main}-${this.samples.old_orders + 1 + this.below(this.samples.new_orders)}`
  }
}

const skuOf = (index: number): string => `SKU-${String(index).padStart(6, '0')}`
const cursor = (...key: readonly (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

type Query = Readonly<Record<string, string | number>>

const get = (path: string, query: Query = {}): Asked => {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString()
  return { path: text === '' ? path : `${path}?${text}` }
}
/** A page of a list of the main site, as the console reads it. */
const page = (path: string, draw: Draw, query: Query = {}): Asked => get(path, { site: draw.samples.main, limit: PAGE_ROWS, ...query })
const question = (name: string, ask: Question['ask']): Question => ({ name, ask })

const overview: readonly Question[] = [
  question('getFlow: the main site', ({ samples }) => get('/api/flow', { site: samples.main })),
  question('getFlow: a shop', (draw) => get('/api/flow', { site: draw.shop })),
  question('listOrders: the newest few', (draw) => page('/api/orders', draw, { limit: OVERVIEW_ROWS })),
  question('listExceptions: the first few', (draw) => page('/api/exceptions', draw, { limit: OVERVIEW_ROWS })),
  question('listSites', () => get('/api/sites')),
  question('getSession', () => get('/api/session')),
]

const orders: readonly Question[] = [
  question('listOrders: first page', (draw) => page('/api/orders', draw)),
  question('listOrders: first page of a shop', (draw) => page('/api/orders', draw, { site: draw.shop })),
  question('listOrders: deep', (draw) => page('/api/orders', draw, { cursor: cursor(draw.below(draw.samples.old_orders)) })),
  ...orderStates.flatMap((state) => [
    question(`listOrders: ${state}`, (draw) => page('/api/orders', draw, { state })),
    question(`listOrders: ${state}, deep`, (draw) => page('/api/orders', draw, { state, cursor: cursor(draw.below(draw.samples.old_orders)) })),
  ]),
  question('listOrders: of a customer', (draw) => page('/api/orders', draw, { customer: draw.of(draw.samples.customers) })),
  question('listOrders: of the largest customer, deep', (draw) =>
    page('/api/orders', draw, { customer: draw.samples.customers[0]!, cursor: cursor(draw.below(draw.samples.old_orders)) }),
  ),
  question('listOrders: of a customer, backordered', (draw) =>
    page('/api/orders', draw, { customer: draw.of(draw.samples.customers), state: 'backordered' }),
  ),
  question('listOrders: of nobody', (draw) => page('/api/orders', draw, { customer: 'NOBODY' })),
  question('getOrder: new', (draw) => get(`/api/orders/${draw.newOrder}`)),
  question('getOrder: old', (draw) => get(`/api/orders/${draw.oldOrder}`)),
  question('listOrderEvents: new', (draw) => get(`/api/orders/${draw.newOrder}/events`, { limit: EVENTS_SHOWN })),
  question('listOrderEvents: old', (draw) => get(`/api/orders/${draw.oldOrder}/events`, { limit: EVENTS_SHOWN })),
  question('rateOrder', (draw) => get(`/api/orders/${draw.of(draw.samples.picked)}/rates`)),
  question('listOrderPicks', (draw) => get(`/api/orders/${draw.of(draw.samples.picked)}/picks`)),
  question('askPromise', (draw) => ({ path: '/api/promises', body: { site: draw.samples.main, sku: draw.sku, quantity: 1 + draw.below(200) } })),
]

const itemsAndStock: readonly Question[] = [
  question('listItems: first page', () => get('/api/items', { limit: PAGE_ROWS })),
  question('listItems: deep', (draw) => get('/api/items', { limit: PAGE_ROWS, cursor: cursor(draw.sku) })),
  question('listItems: of a category', () => get('/api/items', { limit: PAGE_ROWS, category: 'Bell' })),
  question('listCategories', () => get('/api/item-categories')),
  question('listItems: one', (draw) => get('/api/items', { sku: draw.sku, limit: 1 })),
  ...searches('listItems', '/api/items', PAGE_ROWS),
  question('listItems: looked up as typed', (draw) => get('/api/items', { limit: LOOKUP_ROWS, search: draw.sku.slice(0, 4 + draw.below(7)) })),
  question('listItemAvailability', (draw) => get(`/api/items/${draw.sku}/availability`)),
  question('listAvailability: first page', (draw) => page('/api/availability', draw)),
  question('listAvailability: deep', (draw) => page('/api/availability', draw, { cursor: cursor(firstItem + draw.item, 1) })),
  ...searches('listAvailability', '/api/availability', PAGE_ROWS, true),
  question('listStock: first page', (draw) => page('/api/stock', draw)),
  question('listStock: deep', (draw) => page('/api/stock', draw, { cursor: cursor(firstItem + draw.item, 1, 'sellable', 0, '', '', '') })),
  question('listStock: of an item', (draw) => page('/api/stock', draw, { sku: draw.sku })),
  ...searches('listStock', '/api/stock', PAGE_ROWS, true),
  question('listMoves: newest of an item', (draw) => page('/api/moves', draw, { sku: draw.sku, from: 'newest', limit: MOVES_SHOWN })),
  question('listMoves: newest', (draw) => page('/api/moves', draw, { from: 'newest' })),
  question('listMoves: deep', (draw) => page('/api/moves', draw, { cursor: cursor(draw.below(draw.samples.moves)) })),
  question('listExceptions: first page', (draw) => page('/api/exceptions', draw)),
  question('getException', (draw) => get(`/api/exceptions/${draw.of(draw.samples.exceptions)[1]}`, { site: draw.samples.main })),
  question('listExceptions: deep', (draw) => page('/api/exceptions', draw, { cursor: cursor(...draw.of(draw.samples.exceptions)) })),
  question('listParties: first page', () => get('/api/parties', { limit: PAGE_ROWS })),
  question('listParties: deep', (draw) => get('/api/parties', { limit: PAGE_ROWS, cursor: cursor(draw.of(draw.samples.customers)) })),
  question('listParties: customers looked up by number', (draw) =>
    get('/api/parties', { kind: 'customer', limit: LOOKUP_ROWS, search: draw.of(draw.samples.customers).slice(0, 2 + draw.below(6)) }),
  ),
  question('listParties: customers looked up by name', (draw) =>
    get('/api/parties', { kind: 'customer', limit: LOOKUP_ROWS, search: draw.of(['sea', 'Berlin', 'lyon cyc', 'boston w', 'p']) }),
  ),
]

/** By the beginning of a number, by a word that a tenth has, by one letter, by words that few have, and by what nothing is called. */
function searches(endpoint: string, path: string, limit: number, ofSite = false): readonly Question[] {
  const words: Readonly<Record<string, (draw: Draw) => string>> = {
    'by number': (draw) => draw.sku.slice(0, 8),
    'by a common word': (draw) => draw.of(['steel', 'carbon', 'frame', 'wheel', 'red']),
    'by one letter': (draw) => draw.of(['s', 'c', 'f', 'b']),
    'by three words': (draw) => draw.of(['steel frame red', 'carbon wheel 44', 'rubber tire black', 'copper bell 31']),
    'by what nothing is called': (draw) => `zz${draw.below(1_000)}`,
  }
  return Object.entries(words).map(([how, text]) =>
    question(`${endpoint}: ${how}`, (draw) => get(path, { ...(ofSite ? { site: draw.samples.main } : {}), limit, search: text(draw) })),
  )
}

const supply: readonly Question[] = [
  question('listShortages: the main site', ({ samples }) => get('/api/shortages', { site: samples.main })),
  question('listShortages: a shop', (draw) => get('/api/shortages', { site: draw.shop })),
  question('listPurchases: first page', (draw) => page('/api/purchases', draw)),
  question('listPurchases: deep', (draw) => page('/api/purchases', draw, { cursor: cursor(...draw.of(draw.samples.purchases)) })),
  question('getPurchase', (draw) => get(`/api/purchases/${draw.of(draw.samples.purchases)[1]}`, { site: draw.samples.main })),
  question('listWorkOrders: first page', (draw) => page('/api/work-orders', draw)),
  question('listWorkOrders: deep', (draw) => page('/api/work-orders', draw, { cursor: cursor(...draw.of(draw.samples.workOrders)) })),
  question('getWorkOrder', (draw) => get(`/api/work-orders/${draw.of(draw.samples.workOrders)[1]}`, { site: draw.samples.main })),
  question('listSupplierItems: first page', () => get('/api/supplier-items', { limit: PAGE_ROWS })),
  question('listSupplierItems: deep', (draw) => get('/api/supplier-items', { limit: PAGE_ROWS, cursor: cursor(firstItem + draw.item, 0) })),
  question('listBills: first page', () => get('/api/bills', { limit: PAGE_ROWS })),
  question('listBills: deep', (draw) => get('/api/bills', { limit: PAGE_ROWS, cursor: cursor(firstItem + draw.item, 0, '2020-01-01') })),
  question('listSiteSources', () => get('/api/site-sources')),
  question('listBackorderClasses', () => get('/api/backorder-classes')),
  question('listCreditLimits', (draw) => page('/api/credit-limits', draw)),
  question('rehearseReallocation', (draw) => get('/api/reallocations', { site: draw.samples.main, sku: draw.sku })),
  question('listKits', () => get('/api/kits', { limit: PAGE_ROWS })),
  question('listUnits', () => get('/api/units', { limit: PAGE_ROWS })),
  question('listSubstitutes', () => get('/api/substitutes', { limit: PAGE_ROWS })),
  question('getSourcing', (draw) => get('/api/sourcing', { site: draw.samples.main })),
  question('getTransfer', (draw) => get(`/api/transfers/${draw.of(draw.samples.transfers)}`, { site: draw.samples.main })),
]

const storageAndTransport: readonly Question[] = [
  question('listPicks: first page', (draw) => page('/api/picks', draw)),
  question('listPicks: deep', (draw) => page('/api/picks', draw, { cursor: cursor(draw.of(draw.samples.walks), 0, ID_MIN, 0, 0, '', '', '') })),
  question('listPickLists: first page', (draw) => page('/api/pick-lists', draw)),
  question('listPickLists: to pick', (draw) => page('/api/pick-lists', draw, { stage: 'to_pick' })),
  question('listPickLists: to pack', (draw) => page('/api/pick-lists', draw, { stage: 'to_pack' })),
  question('listPickLists: to ship', (draw) => page('/api/pick-lists', draw, { stage: 'to_ship' })),
  question('listPutBacks', (draw) => page('/api/put-backs', draw)),
  question('listReturns: first page', (draw) => page('/api/returns', draw)),
  question('listReturns: to inspect', (draw) => page('/api/returns', draw, { state: 'received' })),
  question('getReturn', (draw) => get(`/api/returns/${draw.of(draw.samples.returns)}`, { site: draw.samples.main })),
  question('listTransfers: from here', (draw) => page('/api/transfers', draw, { direction: 'out' })),
  question('listTransfers: to a shop', (draw) => page('/api/transfers', draw, { site: draw.shop, direction: 'in' })),
  question('listCountSheets', (draw) => page('/api/count-sheets', draw)),
  question('getCountSheet', (draw) => get(`/api/count-sheets/${draw.of(draw.samples.sheets)}`, { site: draw.samples.main })),
  question('getShrinkage: by cause', (draw) => get('/api/shrinkage', { site: draw.samples.main })),
  question('getShrinkage: by day', (draw) => get('/api/shrinkage', { site: draw.samples.main, by: 'day' })),
  question('getShrinkageEstimate', (draw) => get('/api/shrinkage/estimate', { site: draw.samples.main })),
  question('getShrinkage: by category', (draw) => get('/api/shrinkage', { site: draw.samples.main, by: 'category' })),
  question('getShrinkage: by item', (draw) => get('/api/shrinkage', { site: draw.samples.main, by: 'item' })),
  question('listShrinkageMoves', (draw) => page('/api/shrinkage/moves', draw)),
  question('listDifferences: first page', (draw) => page('/api/differences', draw, { cause: 'count' })),
  question('listPlaces: first page', (draw) => page('/api/places', draw)),
  question('listPlaces: first page of a shop', (draw) => page('/api/places', draw, { site: draw.shop })),
  question('listPlaces: deep', (draw) => page('/api/places', draw, { cursor: cursor(draw.of(draw.samples.bins)) })),
  question('listPlaces: docks', (draw) => page('/api/places', draw, { kind: 'dock' })),
  question('suggestBin: where the item stands', (draw) =>
    get('/api/bin-suggestions', { site: draw.samples.main, sku: skuOf(draw.of(draw.samples.inBins)) }),
  ),
  question('suggestBin: an empty one', (draw) => get('/api/bin-suggestions', { site: draw.samples.main, sku: skuOf(draw.of(draw.samples.nowhere)) })),
  question('listShipments: first page', (draw) => page('/api/shipments', draw)),
  question('listShipments: deep', (draw) => page('/api/shipments', draw, { cursor: cursor(draw.of(draw.samples.shipments)) })),
  ...shipmentStates.map((state) => question(`listShipments: ${state}`, (draw) => page('/api/shipments', draw, { state }))),
  question('getShipment', (draw) => get(`/api/shipments/${draw.of(draw.samples.shipments)}`, { site: draw.samples.main })),
  question('listServices', () => get('/api/services')),
  question('listRecalls', () => get('/api/recalls', { limit: PAGE_ROWS })),
]

const people: readonly Question[] = [
  question('listAudit: first page', () => get('/api/audit', { limit: PAGE_ROWS })),
  question('listAudit: of a site, deep', (draw) => page('/api/audit', draw, { cursor: cursor(...draw.of(draw.samples.keys)) })),
  question('listAudit: deep', (draw) => get('/api/audit', { limit: PAGE_ROWS, cursor: cursor(...draw.of(draw.samples.keys)) })),
  question('listEvents: first page', () => get('/api/events', { limit: PAGE_ROWS })),
  question('listEvents: deep', (draw) =>
    get('/api/events', { limit: PAGE_ROWS, cursor: cursor(draw.samples.epoch, draw.below(draw.samples.events)) }),
  ),
  question('listUsers', () => get('/api/users', { limit: PAGE_ROWS })),
  question('getUser', (draw) => get(`/api/users/${draw.of(draw.samples.users)}`)),
  question('listSessions', () => get('/api/sessions')),
  question('listUserSessions', (draw) => get(`/api/users/${draw.of(draw.samples.users)}/sessions`)),
  question('listKeys', () => get('/api/keys')),
]

const values: readonly Question[] = [
  question('getItemValue', (draw) => get(`/api/items/${draw.sku}/value`, { site: draw.samples.main })),
  question('listValues: on a day of late', (draw) => page('/api/values', draw, { on: dayOf(instant(draw.of(draw.samples.exceptions)[0])) })),
  question('getStockAsOf: as known once', (draw) =>
    get(`/api/items/${draw.sku}/as-of`, { site: draw.samples.main, sequence: draw.below(draw.samples.moves) }),
  ),
  question('listBeliefs: most doubtful first', (draw) => page('/api/beliefs', draw)),
  question('listBeliefs: most worth counting', (draw) => page('/api/beliefs', draw, { order: 'worth' })),
  question('getBelief', (draw) => get(`/api/items/${draw.sku}/belief`, { site: draw.samples.main })),
  question('getBeliefHistory', (draw) => get(`/api/items/${draw.sku}/belief/history`, { site: draw.samples.main })),
  question('getRecordAccuracy', (draw) => get('/api/record-accuracy', { site: draw.samples.main })),
  question('getCountList', (draw) => get('/api/count-list', { site: draw.samples.main })),
  question('getItemHistory', (draw) => get(`/api/items/${draw.sku}/history`, { site: draw.samples.main })),
  question('listPeriods', (draw) => page('/api/periods', draw)),
  question('getPlan', () => get('/api/plan')),
  question('listPlannedOrders', (draw) => page('/api/plan/orders', draw)),
  question('getPlannedOrder', (draw) => {
    const [site, id] = draw.of(draw.samples.planOrders)
    return get(`/api/plan/orders/${id}`, { site })
  }),
  question('listPlanMessages', (draw) => page('/api/plan/messages', draw)),
  question('getItemPlan', (draw) => get(`/api/items/${draw.sku}/plan`, { site: draw.samples.main })),
  question('listForecastAdjustments', (draw) => page('/api/forecast-adjustments', draw)),
  question('listDemandEvents', () => get('/api/demand-events')),
  question('listBacktests', () => get('/api/backtests')),
  question('getBacktest', (draw) => get(`/api/backtests/${draw.of(draw.samples.backtests)}`)),
  question('listPlanningRules', () => get('/api/planning-rules')),
  question('listApprovalRules', () => get('/api/approval-rules')),
  question('listSourceTerms', () => get('/api/source-terms')),
]

const explanations: readonly Question[] = [
  question('explainQuantity', (draw) => page('/api/explain/quantity', draw, { sku: draw.sku })),
  question('explainQuantity: as known once', (draw) =>
    page('/api/explain/quantity', draw, { sku: draw.sku, sequence: draw.below(draw.samples.moves) }),
  ),
  question('explainAvailability', (draw) => page('/api/explain/availability', draw, { sku: draw.sku })),
  question('explainValue', (draw) => page('/api/explain/value', draw, { sku: draw.sku })),
  question('explainCost', (draw) => page('/api/explain/cost', draw, { sku: draw.sku })),
  question('explainPromise: new', (draw) => get(`/api/explain/promises/${draw.newOrder}/1`)),
  question('explainPromise: old', (draw) => get(`/api/explain/promises/${draw.oldOrder}/1`)),
]

const prices: readonly Question[] = [
  ...(['PriceLists', 'Discounts', 'TaxCodes', 'ExchangeRates', 'PaymentTerms', 'CustomerTerms'] as const).map((name) =>
    question(`list${name}`, () => get(`/api/${name.replace(/(?<=[a-z])[A-Z]/, (letter) => `-${letter}`).toLowerCase()}`, { limit: PAGE_ROWS })),
  ),
  question('listPrices: of no list', () => get('/api/prices', { list: 'NONE' })),
]

const ID_MIN = '00000000-0000-0000-0000-000000000000'

export const questions: readonly Question[] = [
  ...overview,
  ...orders,
  ...itemsAndStock,
  ...supply,
  ...storageAndTransport,
  ...values,
  ...explanations,
  ...prices,
  ...people,
]
