import { describe, expect, test } from 'vitest'
import { endpoints } from '../api/endpoints.ts'
import type { Endpoint } from '../api/endpoint.ts'
import { roles, type Role } from '../core/principal.ts'
import { requestLimits } from './http/guard.ts'
import { testDatabase } from './test-database.ts'
import { testHttp } from './test-http.ts'
import { testWorld } from './test-world.ts'

// Endpoint x {key, session} x role x {own, foreign, nonexistent} site. What may happen follows from the endpoint's own words; that a foreign site is told
// exactly like one that does not exist is what keeps sites from being counted from outside.

const often = { max: 10_000, timeWindow: 60_000 }
const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 1_000_000, B: 0 } })
const http = await testHttp(server, world, { limits: { ...requestLimits, guessesOfName: often, guessesOfAddress: often } })
const admin = await http.key('admin')
await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })
await http.call(admin, 'POST', '/api/items', { items: [{ sku: 'BY-LOT', name: 'By lot', tracking: 'lot' }] })
await http.call(admin, 'POST', '/api/receipts', { site: 'SEA', lines: [{ sku: 'BY-LOT', quantity: 1, lot: 'L1' }] })
const [sea, pdx] = [await world.site('SEA'), await world.site('PDX')]
for (const site of ['SEA', 'PDX']) await http.call(admin, 'POST', '/api/orders', { site, customer: 'C1', lines: [{ sku: 'A', quantity: 1 }] })
const ways = ['key', 'session'] as const
const secrets = new Map<string, string>()
for (const role of roles) for (const way of ways) secrets.set(`${way} ${role}`, await http[way](role, [sea]))

const line = { sku: 'A', quantity: 1 }
/** One that is nowhere: what is told of it is the same at every site that a key may see. */
const shipment = '00000000-0000-7000-8000-000000000000'
let made = 0
const unknownId = '00000000-0000-7000-8000-000000000000'
/** A request to each endpoint that is well formed, about a site. */
const requests: Record<string, (site: string) => { readonly path?: string; readonly body?: unknown; readonly query?: string }> = {
  placeOrder: (site) => ({ body: { site, customer: 'C1', lines: [line] } }),
  placeOrders: (site) => ({ body: { site, customer: 'C1', key: `bulk-${(made += 1)}`, lines: [line] } }),
  listOrders: (site) => ({ query: `?site=${site}` }),
  getOrder: (site) => ({ path: `/api/orders/${site}-1` }),
  allocateOrder: (site) => ({ path: `/api/orders/${site}-1/allocation`, body: {} }),
  pickOrder: (site) => ({ path: `/api/orders/${site}-1/pick`, body: {} }),
  shipOrder: (site) => ({ path: `/api/orders/${site}-1/shipment`, body: {} }),
  deliverOrder: (site) => ({ path: `/api/orders/${site}-1/delivery`, body: { receivedBy: 'Ann' } }),
  cancelOrder: (site) => ({ path: `/api/orders/${site}-1/cancellation`, body: {} }),
  recallOrder: (site) => ({ path: `/api/orders/${site}-1/recall`, body: {} }),
  changeOrder: (site) => ({ path: `/api/orders/${site}-1/change`, body: { added: [line] } }),
  putOrderOnHold: (site) => ({ path: `/api/orders/${site}-1/holds`, body: { reason: 'Ask first' } }),
  takeOrderOffHold: (site) => ({ path: `/api/orders/${site}-1/holds/${unknownId}/release`, body: {} }),
  makeReady: (site) => ({ path: `/api/orders/${site}-1/readiness`, body: {} }),
  collectOrder: (site) => ({ path: `/api/orders/${site}-1/collection`, body: { collectedBy: 'Ann' } }),
  putBackUncollected: (site) => ({ path: `/api/orders/${site}-1/put-back`, body: { keepsOrder: true } }),
  buyForOrder: (site) => ({ path: `/api/orders/${site}-1/purchases`, body: {} }),
  shipDirect: (site) => ({ path: `/api/purchases/${unknownId}/shipment`, body: { site, lines: [{ line: 1, quantity: 1 }] } }),
  askPayment: (site) => ({ path: `/api/orders/${site}-1/payment`, body: {} }),
  returnOrder: (site) => ({ path: `/api/orders/${site}-1/return`, body: { lines: [{ line: 1, quantity: 1 }] } }),
  authoriseReturn: (site) => ({ path: `/api/orders/${site}-1/returns`, body: { lines: [{ orderLine: 1, quantity: 1, reason: 'other' }] } }),
  listReturns: (site) => ({ query: `?site=${site}` }),
  getReturn: (site) => ({ path: `/api/returns/${unknownId}`, query: `?site=${site}` }),
  receiveReturn: (site) => ({ path: `/api/returns/${unknownId}/receipt`, body: { site } }),
  disposeReturn: (site) => ({
    path: `/api/returns/${unknownId}/disposition`, body: { site, lines: [{ line: 1, quantity: 1, found: 'as_new', disposition: 'restock' }] },
  }),
  exchangeReturn: (site) => ({ path: `/api/returns/${unknownId}/exchange`, body: { site, lines: [line] } }),
  cancelReturn: (site) => ({ path: `/api/returns/${unknownId}/cancellation`, body: { site } }),
  sell: (site) => ({ body: { site, lines: [line] } }),
  purchase: (site) => ({ body: { site, supplier: 'S1', lines: [{ ...line, due: '2026-05-01' }] } }),
  takeOver: (site) => ({ body: { site, supplier: 'S1', ...line } }),
  giveBack: (site) => ({ body: { site, supplier: 'S1', ...line } }),
  listSupplierItems: () => ({}),
  setItemCategory: () => ({ path: '/api/items/A/category', body: { category: 'Bells' } }),
  listCategories: () => ({}),
  setServiceLevel: () => ({ path: '/api/items/A/service-level', body: { serviceLevel: 0.95 } }),
  setItemSupply: () => ({ path: '/api/items/A/supply', body: { source: 'buy' } }),
  setSupplierItems: () => ({ body: { offers: [{ supplier: 'S1', sku: 'A', price: 100, leadTimeDays: 3 }] } }),
  listPurchases: (site) => ({ query: `?site=${site}` }),
  getPurchase: (site) => ({ path: `/api/purchases/${unknownId}`, query: `?site=${site}` }),
  redatePurchase: (site) => ({ path: `/api/purchases/${unknownId}/due-date`, body: { site, lines: [{ line: 1, due: '2026-05-01' }] } }),
  cancelPurchase: (site) => ({ path: `/api/purchases/${unknownId}/cancellation`, body: { site } }),
  listBills: () => ({}),
  setBills: () => ({ body: { lines: [{ parent: 'B', component: 'A', quantity: 2, validFrom: '2026-01-01' }] } }),
  produce: (site) => ({ body: { site, sku: 'B', quantity: 1 } }),
  listWorkOrders: (site) => ({ query: `?site=${site}` }),
  getWorkOrder: (site) => ({ path: `/api/work-orders/${unknownId}`, query: `?site=${site}` }),
  releaseWorkOrder: (site) => ({ path: `/api/work-orders/${unknownId}/release`, body: { site } }),
  issueComponents: (site) => ({ path: `/api/work-orders/${unknownId}/issue`, body: { site } }),
  recordOutput: (site) => ({ path: `/api/work-orders/${unknownId}/output`, body: { site, quantity: 1 } }),
  redateWorkOrder: (site) => ({ path: `/api/work-orders/${unknownId}/due-date`, body: { site, due: '2026-05-01' } }),
  cancelWorkOrder: (site) => ({ path: `/api/work-orders/${unknownId}/cancellation`, body: { site } }),
  listShortages: (site) => ({ query: `?site=${site}` }),
  coverShortages: (site) => ({ body: { site } }),
  listSiteSources: () => ({}),
  setSiteSources: () => ({ body: { sources: [{ site: 'SEA', source: 'buy', from: 'PDX', transferDays: 2 }] } }),
  askBasket: (site) => ({ body: { site, lines: [line] } }),
  getSourcing: (site) => ({ query: `?site=${site}` }),
  setSourcing: (site) => ({ body: { site, prefers: 'date', sourcesMax: 2, splitsLines: true, lanes: [{ from: site === 'SEA' ? 'PDX' : 'SEA' }] } }),
  listKits: () => ({}),
  setKits: () => ({ body: { kits: [{ sku: 'B', components: [] }] } }),
  listSubstitutes: () => ({}),
  setSubstitutes: () => ({ body: { items: [{ sku: 'A', substitutes: [{ sku: 'B' }] }] } }),
  listUnits: () => ({}),
  setUnits: () => ({ body: { units: [{ sku: 'A', unit: 'case', factor: '12' }] } }),
  removeUnits: () => ({ path: '/api/units/removal', body: { units: [{ sku: 'A', unit: 'none-such' }] } }),
  listBackorderClasses: () => ({}),
  listCreditLimits: (site) => ({ query: `?site=${site}` }),
  setCreditLimit: (site) => ({ body: { site, customer: 'C1', limit: 100_000 } }),
  setBackorderClasses: () => ({ body: { classes: [{ code: 'A', name: 'First', strategy: 'win', customers: ['C1'] }] } }),
  rehearseReallocation: (site) => ({ path: '/api/reallocations', query: `?site=${site}&sku=A` }),
  reallocate: (site) => ({ body: { site, sku: 'A' } }),
  requestTransfer: (site) => ({ body: { site, from: site === 'SEA' ? 'PDX' : 'SEA', lines: [line] } }),
  getTransfer: (site) => ({ path: `/api/transfers/${unknownId}`, query: `?site=${site}` }),
  listTransfers: (site) => ({ query: `?site=${site}` }),
  cancelTransfer: (site) => ({ path: `/api/transfers/${unknownId}/cancellation`, body: { site } }),
  dispatchTransfer: (site) => ({ path: `/api/transfers/${unknownId}/dispatch`, body: { site } }),
  takeArrival: (site) => ({ path: `/api/transfers/${unknownId}/arrival`, body: { site } }),
  loseArrival: (site) => ({ path: `/api/transfers/${unknownId}/loss`, body: { site } }),
  receive: (site) => ({ body: { site, lines: [line] } }),
  transfer: (site) => ({ body: { site, to: site === 'SEA' ? 'PDX' : 'SEA', lines: [line] } }),
  lose: (site) => ({ body: { site, ...line, cause: 'lost' } }),
  count: (site) => ({ body: { site, sku: 'A', counted: 500_000 } }),
  changeCondition: (site) => ({ body: { site, ...line, from: 'sellable', to: 'damaged' } }),
  askPromise: (site) => ({ body: { site, ...line } }),
  listStock: (site) => ({ query: `?site=${site}` }),
  listAvailability: (site) => ({ query: `?site=${site}` }),
  listMoves: (site) => ({ query: `?site=${site}` }),
  listCountSheets: (site) => ({ query: `?site=${site}` }),
  getCountSheet: (site) => ({ path: `/api/count-sheets/${unknownId}`, query: `?site=${site}` }),
  openCountSheet: (site) => ({ body: { site, kind: 'cycle', positions: [{ sku: 'A' }] } }),
  enterCounts: (site) => ({
    path: `/api/count-sheets/${unknownId}/entries`, body: { site, entries: [{ entry: 'a', sku: 'A', counted: 1, countedAt: '2026-03-01T08:00:00Z' }] },
  }),
  closeCountSheet: (site) => ({ path: `/api/count-sheets/${unknownId}/closing`, body: { site } }),
  approveCountSheet: (site) => ({ path: `/api/count-sheets/${unknownId}/approval`, body: { site } }),
  cancelCountSheet: (site) => ({ path: `/api/count-sheets/${unknownId}/cancellation`, body: { site } }),
  getShrinkage: () => ({}),
  getShrinkageEstimate: () => ({}),
  listShrinkageMoves: (site) => ({ path: '/api/shrinkage/moves', query: `?site=${site}` }),
  undoLoss: (site) => ({ path: `/api/losses/${unknownId}/reversal`, body: { site } }),
  listDifferences: (site) => ({ query: `?site=${site}&cause=count` }),
  listExceptions: (site) => ({ query: `?site=${site}` }),
  getException: (site) => ({ path: `/api/exceptions/${unknownId}`, query: `?site=${site}` }),
  applyRemedy: (site) => ({ path: `/api/exceptions/${unknownId}/remedy`, body: { site, remedy: 'transfer', with: 'PDX', quantity: 1, cost: null, date: '2026-05-01' } }),
  listValues: (site) => ({ query: `?site=${site}&on=2026-03-01` }),
  getStockAsOf: (site) => ({ path: '/api/items/A/as-of', query: `?site=${site}` }),
  listPeriods: (site) => ({ query: `?site=${site}` }),
  closePeriod: (site) => ({ body: { site, through: '2026-01-31' } }),
  getItemValue: (site) => ({ path: '/api/items/A/value', query: `?site=${site}` }),
  getPlan: () => ({}),
  requestPlan: () => ({ path: '/api/plan/runs', body: {} }),
  cancelPlan: () => ({ path: `/api/plan/runs/${unknownId}/cancellation`, body: {} }),
  listPlannedOrders: (site) => ({ path: '/api/plan/orders', query: `?site=${site}` }),
  getPlannedOrder: (site) => ({ path: `/api/plan/orders/${unknownId}`, query: `?site=${site}` }),
  approvePlannedOrder: (site) => ({ path: `/api/plan/orders/${unknownId}/approval`, body: { site } }),
  listPlanMessages: (site) => ({ path: '/api/plan/messages', query: `?site=${site}` }),
  getItemPlan: (site) => ({ path: '/api/items/A/plan', query: `?site=${site}` }),
  listForecastAdjustments: (site) => ({ path: '/api/forecast-adjustments', query: `?site=${site}` }),
  adjustForecast: (site) => ({ path: '/api/forecast-adjustments', body: { site, sku: 'A', from: '2026-05-04', to: '2026-05-06', percent: 20, reason: 'Fair' } }),
  undoForecastAdjustment: (site) => ({ path: `/api/forecast-adjustments/${unknownId}/reversal`, body: { site } }),
  createDemandEvents: () => ({ path: '/api/demand-events', body: { events: [{ kind: 'holiday', name: 'May', from: '2026-05-01', to: '2026-05-01' }] } }),
  undoDemandEvent: () => ({ path: `/api/demand-events/${unknownId}/reversal`, body: {} }),
  listDemandEvents: () => ({ path: '/api/demand-events' }),
  requestBacktest: (site) => ({ path: '/api/backtests', body: { site, policies: [{ name: 'A', serviceLevel: 0.95 }] } }),
  listBacktests: () => ({ path: '/api/backtests' }),
  getBacktest: () => ({ path: `/api/backtests/${unknownId}` }),
  cancelBacktest: () => ({ path: `/api/backtests/${unknownId}/cancellation`, body: {} }),
  listPlanningRules: () => ({ path: '/api/planning-rules' }),
  setPlanningRule: () => ({ path: '/api/planning-rules', body: { serviceLevel: 0.95, reviewDays: 7, stock: 'belief' } }),
  setForecastAnalogue: () => ({ path: '/api/items/A/analogue', body: { like: null } }),
  setItemPlanning: (site) => ({ path: '/api/items/A/planning', body: { site, policy: 'levels', reorderPoint: 5, orderUpTo: 20 } }),
  setPlanSchedule: () => ({ path: '/api/plan/schedule', body: { planAt: '02:00', timeZone: 'UTC' } }),
  listApprovalRules: () => ({ path: '/api/approval-rules' }),
  setApprovalRule: () => ({ path: '/api/approval-rules', body: { valueMax: 0 } }),
  endApprovalRule: () => ({ path: '/api/approval-rules/ending', body: {} }),
  approvePlannedOrders: (site) => ({ path: '/api/plan/approvals', body: { site, valueMax: 0 } }),
  listSourceTerms: () => ({ path: '/api/source-terms' }),
  setSourceTerms: () => ({ path: '/api/source-terms', body: { terms: [{ from: 'supplier', code: 'S1', least: 25_000 }] } }),
  getItemHistory: (site) => ({ path: '/api/items/A/history', query: `?site=${site}` }),
  explainQuantity: (site) => ({ path: '/api/explain/quantity', query: `?site=${site}&sku=A` }),
  explainAvailability: (site) => ({ path: '/api/explain/availability', query: `?site=${site}&sku=A` }),
  explainValue: (site) => ({ path: '/api/explain/value', query: `?site=${site}&sku=A` }),
  explainCost: (site) => ({ path: '/api/explain/cost', query: `?site=${site}&sku=A` }),
  explainPromise: (site) => ({ path: `/api/explain/promises/${site}-1/1` }),
  addCost: (site) => ({ body: { site, document: unknownId, kind: 'bill', amount: 100 } }),
  setValuation: (site) => ({ body: { site, sku: 'B', method: 'fifo' } }),
  traceLot: () => ({ path: '/api/items/BY-LOT/trace', query: '?lot=L1' }),
  listRecalls: () => ({}),
  rehearseRecall: () => ({ body: { sku: 'BY-LOT', lot: 'L1' } }),
  recallLot: () => ({ body: { sku: 'BY-LOT', lot: 'L1', reason: 'Glass' } }),
  liftRecall: () => ({ path: `/api/recalls/${unknownId}/lifting` }),
  putAway: (site) => ({ body: { site, ...line, from: 'SHELF', to: 'DOCK' } }),
  relocate: (site) => ({ body: { site, ...line, from: 'SHELF', to: 'DOCK' } }),
  suggestBin: (site) => ({ path: '/api/bin-suggestions', query: `?site=${site}&sku=A` }),
  listPicks: (site) => ({ query: `?site=${site}` }),
  listPutBacks: (site) => ({ query: `?site=${site}` }),
  listPickLists: (site) => ({ query: `?site=${site}` }),
  listOrderPicks: (site) => ({ path: `/api/orders/${site}-1/picks` }),
  packOrder: (site) => ({ path: `/api/orders/${site}-1/packages`, body: {} }),
  unpackOrder: (site) => ({ path: `/api/orders/${site}-1/unpacking`, body: { package: '000000000000000000' } }),
  listServices: () => ({}),
  createServices: () => ({ body: { services: [{ code: `SV-${(made += 1)}`, carrier: 'C', name: 'New', rate: 1, rateUnit: 'KG' }] } }),
  rateOrder: (site) => ({ path: `/api/orders/${site}-1/rates`, query: '?weight=1000' }),
  listShipments: (site) => ({ query: `?site=${site}` }),
  getShipment: (site) => ({ path: `/api/shipments/${shipment}`, query: `?site=${site}` }),
  trackShipment: (site) => ({ path: `/api/shipments/${shipment}/tracking`, body: { site, event: 'in_transit' } }),
  failDelivery: (site) => ({ path: `/api/orders/${site}-1/delivery-failure`, body: { reason: 'closed' } }),
  loseShipment: (site) => ({ path: `/api/orders/${site}-1/shipment-loss`, body: { shipment } }),
  bringBack: (site) => ({ path: `/api/orders/${site}-1/undelivered`, body: { shipment } }),
  listOrderEvents: (site) => ({ path: `/api/orders/${site}-1/events` }),
  quoteOrder: (site) => ({ body: { site, customer: 'C1', lines: [line] } }),
  setPriceLists: () => ({ body: { lists: [{ code: 'LIST', name: 'A list', currency: 'USD', validFrom: '2026-01-01' }] } }),
  listPriceLists: () => ({}),
  setPrices: () => ({ body: { prices: [{ list: 'LIST', sku: 'A', unitPrice: 200, validFrom: '2026-01-01' }] } }),
  listPrices: () => ({ query: '?list=LIST' }),
  setDiscounts: () => ({ body: { discounts: [{ code: 'OFF', level: 'line', perMillion: 10_000, validFrom: '2026-01-01' }] } }),
  listDiscounts: () => ({}),
  setTaxCodes: () => ({ body: { codes: [{ code: 'VAT', name: 'VAT', rates: [{ validFrom: '2026-01-01', perMillion: 190_000 }], others: true }] } }),
  listTaxCodes: () => ({}),
  setExchangeRates: () => ({ body: { rates: [{ currency: 'EUR', validFrom: '2026-01-01', rate: '1.0834' }] } }),
  listExchangeRates: () => ({}),
  setPaymentTerms: () => ({ body: { terms: [{ code: 'NET30', name: '30 days', netDays: 30 }] } }),
  listPaymentTerms: () => ({}),
  setCustomerTerms: () => ({ body: { customers: [{ customer: 'C1', group: 'TRADE' }] } }),
  listCustomerTerms: () => ({}),
  getFlow: (site) => ({ query: `?site=${site}` }),
  listBeliefs: (site) => ({ query: `?site=${site}` }),
  getBelief: (site) => ({ path: '/api/items/A/belief', query: `?site=${site}` }),
  getBeliefHistory: (site) => ({ path: '/api/items/A/belief/history', query: `?site=${site}` }),
  getRecordAccuracy: (site) => ({ query: `?site=${site}` }),
  getCountList: (site) => ({ query: `?site=${site}` }),
  listItemAvailability: () => ({ path: '/api/items/A/availability' }),
  listPlaces: (site) => ({ query: `?site=${site}` }),
  createPlaces: (site) => ({ body: { site, places: [{ code: `BIN-${(made += 1)}`, kind: 'bin' }] } }),
  listItems: () => ({}),
  createItems: () => ({ body: { items: [{ sku: `NEW-${(made += 1)}`, name: 'New' }] } }),
  listParties: () => ({}),
  createParties: () => ({ body: { parties: [{ code: `P-${(made += 1)}`, name: 'New', kind: 'customer' }] } }),
  listSites: () => ({}),
  setExpiryWriteOff: (site) => ({ body: { site, afterDays: 3 } }),
  createSite: () => ({ body: { code: `S${(made += 1)}`, name: 'New' } }),
  listKeys: () => ({}),
  createKey: () => ({ body: { name: 'new', role: 'auditor', sites: [] } }),
  revokeKey: () => ({ path: '/api/keys/1' }),
  listEvents: () => ({}),
  signIn: () => ({ body: { name: 'nobody', password: 'a guess' } }),
  getSession: () => ({}),
  listSessions: () => ({}),
  endOtherSessions: () => ({}),
  listUserSessions: () => ({ path: '/api/users/nobody/sessions' }),
  endSessions: () => ({ path: '/api/users/nobody/sessions/ending' }),
  signOut: () => ({}),
  changeOwnPassword: () => ({ body: { password: 'a guess', newPassword: 'another horse entirely' } }),
  listAudit: () => ({}),
  ready: () => ({}),
  listUsers: () => ({}),
  getUser: () => ({ path: '/api/users/user-1' }),
  createUser: () => ({ body: { name: `new-${(made += 1)}`, displayName: 'New', role: 'till', password: 'a new one is born' } }),
  editUser: () => ({ path: '/api/users/nobody', body: { displayName: 'Ann' } }),
  setPassword: () => ({ path: '/api/users/nobody/password', body: { password: 'another horse entirely' } }),
  deactivateUser: () => ({ path: '/api/users/nobody/deactivation' }),
  activateUser: () => ({ path: '/api/users/nobody/activation' }),
  health: () => ({}),
}

async function call(endpoint: Endpoint, secret: string | undefined, site: string) {
  const { path = endpoint.path, body, query = '' } = requests[endpoint.name]!(site)
  const headers = endpoint.streams ? { 'content-type': 'application/x-ndjson' } : {}
  const reply = await http.call(secret, endpoint.method, `${path}${query}`, body, headers)
  // A stream answers 200 and tells of each line by itself.
  if (reply.status === endpoint.status && !endpoint.streams) expect(endpoint.output.safeParse(reply.body).error).toBeUndefined()
  if (!endpoint.streams || reply.status !== 200) return { status: reply.status, code: reply.body['code'], text: reply.text }
  const answer = JSON.parse(reply.text) as { status: number; answer: { code?: string } }
  return { status: answer.status, code: answer.answer.code, text: reply.text }
}

/** Keys and users of the matrix are bound to one site. */
const may = (endpoint: Endpoint, role: Role): boolean =>
  endpoint.roles === 'public' || (endpoint.scope !== 'every' && (role === 'admin' || endpoint.roles === 'everyone' || endpoint.roles.includes(role)))

test('the matrix knows every endpoint', () => {
  expect(Object.keys(requests).toSorted()).toEqual(endpoints.map((one) => one.name).toSorted())
})

/** What is told to who is not known. */
const strangers = ['key_missing', 'key_not_known', 'session_expired']

describe.each(endpoints.map((one) => [one.name, one as Endpoint] as const))('%s', (_name, endpoint) => {
  test('needs a key or a session that is known', async () => {
    if (endpoint.roles === 'public') return expect(strangers).not.toContain((await call(endpoint, undefined, 'SEA')).code)
    expect(await call(endpoint, 'qm_of_somebody_else', 'SEA')).toMatchObject({ status: 401, code: 'key_not_known' })
    // Where nobody is an answer too, it is the answer.
    const nobody = endpoint.anonymous ? { status: 200, code: undefined } : { status: 401 }
    expect(await call(endpoint, undefined, 'SEA')).toMatchObject({ code: 'key_missing', ...nobody })
    expect(await call(endpoint, 'quartermaster=of_somebody_else', 'SEA')).toMatchObject({ code: 'session_expired', ...nobody })
  })

  test.each(ways.flatMap((way) => roles.map((role) => [way, role] as const)))('by %s as %s: own, foreign, nonexistent', async (way, role) => {
    const secret = secrets.get(`${way} ${role}`)!
    const own = await call(endpoint, secret, 'SEA')
    if (!may(endpoint, role)) {
      for (const site of ['SEA', 'PDX', 'NOSITE']) expect(await call(endpoint, secret, site)).toMatchObject({ status: 403, code: 'role_not_allowed' })
      return
    }
    // Allowed: whatever the business says of it, it is not a matter of rights.
    expect(strangers).not.toContain(own.code)
    expect([403, 500, 503]).not.toContain(own.status)
    if (endpoint.name === 'signOut') secrets.set(`${way} ${role}`, await http[way](role, [sea]))
    expect(own.code).not.toBe('site_not_known')
    if (endpoint.scope !== 'site') return
    const [foreign, nonexistent] = [await call(endpoint, secret, 'PDX'), await call(endpoint, secret, 'NOSITE')]
    expect(foreign.status).toBe(404)
    expect(foreign.text.replaceAll('PDX', 'SITE').replace(/bulk-\d+/, '')).toBe(nonexistent.text.replaceAll('NOSITE', 'SITE').replace(/bulk-\d+/, ''))
  })
})

test('sites and events show only what the key may see', async () => {
  const secret = secrets.get('key sales')!
  expect((await http.call(secret, 'GET', '/api/sites')).body['rows']).toMatchObject([{ code: 'SEA', name: 'Site SEA' }])
  const all = (await http.call(admin, 'GET', '/api/sites')).body['rows'] as { code: string }[]
  expect(all.map((one) => one.code)).toEqual(expect.arrayContaining(['SEA', 'PDX']))
  expect(pdx).not.toBe(sea)
})

test('what concerns every site is open to an admin of every site, by key and by session, and to nobody else who is not named', async () => {
  const every = endpoints.filter((one: Endpoint) => one.scope === 'every')
  expect(every.length).toBeGreaterThan(10)
  for (const way of ways) {
    for (const role of roles) {
      const secret = await http[way](role)
      for (const endpoint of every) {
        const allowed = role === 'admin' || (endpoint.roles as readonly string[]).includes(role)
        expect([endpoint.name, role, (await call(endpoint, secret, 'SEA')).status === 403]).toEqual([endpoint.name, role, !allowed])
      }
    }
  }
  expect((await http.call(admin, 'POST', '/api/keys', { name: 'x', role: 'till', sites: ['SEA'] })).body).toMatchObject({ secret: expect.stringMatching(/^qm_.{43}$/) as string })
})

test('a site that has no part in an order of another is not told whether there is such an order', async () => {
  const secret = await http.key('warehouse', [pdx])
  const asked = async (number: string) => (await http.call(secret, 'POST', `/api/orders/${number}/allocation`, { site: 'PDX' })).text.replaceAll(number, 'NUMBER')
  expect(await asked('SEA-1')).toContain('order_not_known')
  expect(await asked('SEA-1')).toBe(await asked('SEA-99999'))
})

test('nothing was a fault', () => {
  expect(http.faults).toEqual([])
})
