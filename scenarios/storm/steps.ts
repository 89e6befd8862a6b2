// Steps: everything that people and machines do at a site, one step for each endpoint that writes there, and recalls, which reach every site; an
// endpoint without one does not compile.
// A step takes on what another step left, so most are accepted; what two take on at once, or what has changed meanwhile, is refused.

import type { endpoints } from '../../api/endpoints.ts'
import { addDays, dayOf, instant, type Day } from '../../core/calendar.ts'
import { boughtWays } from '../../core/line-supply.ts'
import { lossCauses } from '../../core/place.ts'
import { dispositions, findings, returnReasons } from '../../core/rma.ts'
import { carrierKinds } from '../../core/tracking.ts'
import { preferences } from '../../core/sourcing.ts'
import type { Chance } from '../chance.ts'
import { CUSTOMER, SUPPLIER } from '../rig/company.ts'
import type { Reply } from '../rig/caller.ts'
import { buyAwaited, orderAwaited, putOff } from './awaited.ts'
import { aSite, type Attempt, type Ground, type Line, type OrderInHand, type Shipped, type Step } from './ground.ts'
import { lookForDirect } from './look.ts'
import { newLot, onConsignment, partsOfKits, RECEIVED_MAX, STORM_LOTTED } from './receipts.ts'
import { values } from './values.ts'
import { counting } from './counting.ts'
import { planning } from './planning.ts'

type SiteWrite = Extract<(typeof endpoints)[number], { readonly scope: 'site'; readonly writes: true }>
/** What is planned is ordered beside (planning.ts). */
export type Kind = Exclude<SiteWrite['name'], 'approvePlannedOrder' | 'approvePlannedOrders'> | 'recallLot' | 'liftRecall'

/** One in so many receipts is a lot of the item that is told apart, one in so many others of goods that stay the supplier's, and one in so many orders
 * wants some of a lot. */
const CONSIGNED_RECEIVED = 4
const LOTS_RECEIVED = 3
const PARTS_RECEIVED = 6
const LOTS_ORDERED = 12
/** One in so many purchases and orders is of what nobody has. */
const AWAITED_BOUGHT = 2
const AWAITED_ORDERED = 6
/** Of one in so many orders, another site has the goods. */
const SERVED_ELSEWHERE = 8
/** One in so many orders has a first line that is bought for it, to the dock or straight to the customer. */
const BOUGHT = 2
/** One in so many orders that are not paid so is collected where it was placed. */
const COLLECTED = 2
/** One in so many orders is paid through the provider, which declines the first card and most of the next. */
const PAID = 6
const DECLINED = 'declined card'

const days = (chance: Chance, most: number): Day => addDays(dayOf(instant(Date.now())), chance.below(most + 1))
const another = (ground: Ground, chance: Chance, site: string): string => chance.oneOf(ground.company.sites.filter((one) => one !== site))
const aLine = (ground: Ground, chance: Chance, most: number): Line => ({ sku: chance.oneOf(ground.skus), quantity: 1 + chance.below(most) })
const someLines = (ground: Ground, chance: Chance, most: number): Line[] =>
  Array.from({ length: 1 + chance.below(3) }, () => aLine(ground, chance, most))
const order = ({ number }: OrderInHand, what: string): string => `/api/orders/${number}/${what}`
/** The first bins of every site are made before the storm. */
export const STORM_BINS = 20
const aBin = (chance: Chance): string => `BIN-${1 + chance.below(STORM_BINS)}`

/** Steps that begin something. */
const beginnings = {
  placeOrder: (ground, chance) => {
    const awaited = chance.once(AWAITED_ORDERED) ? orderAwaited(ground, chance) : undefined
    if (awaited !== undefined) return awaited
    const home = aSite(ground, chance)
    const unpaid = chance.once(PAID)
    const isCollected = !unpaid && chance.once(COLLECTED)
    const isBought = !unpaid && !isCollected && chance.once(BOUGHT)
    const site = !isCollected && !isBought && chance.once(SERVED_ELSEWHERE) ? another(ground, chance, home) : home
    const lines = [...someLines(ground, chance, 4), ...(chance.once(LOTS_ORDERED) ? [{ sku: STORM_LOTTED, quantity: 1 + chance.below(4) }] : [])]
    const payment = unpaid ? { payment: { token: DECLINED } } : {}
    const supply = chance.oneOf(boughtWays)
    const ordered = lines.map((line, index) => ({
      ...line,
      source: site,
      ...(isBought && index === 0 ? { quantity: 5 + line.quantity, supply, supplier: SUPPLIER } : {}),
    }))
    const asked = { ...(isCollected ? { collect: {} } : {}), lines: ordered }
    const body = { site: home, customer: CUSTOMER, priority: chance.below(10), ...payment, ...asked }
    const waits = unpaid ? ground.unpaid : isCollected ? ground.toCollect : ground.placed
    const accepted = async ({ number }: Reply['answer']): Promise<void> => {
      const placed = { number: String(number), site, lines }
      waits.put(placed)
      if (isBought) await lookForDirect(ground, placed)
    }
    return { path: '/api/orders', body, accepted }
  },
  sell: (ground, chance) => ({ path: '/api/sales', body: { site: aSite(ground, chance), lines: [aLine(ground, chance, 2)] } }),
  purchase: (ground, chance) => {
    if (chance.once(AWAITED_BOUGHT)) return buyAwaited(ground, chance, aSite(ground, chance))
    const [site, lines] = [aSite(ground, chance), someLines(ground, chance, RECEIVED_MAX)]
    const body = { site, supplier: SUPPLIER, lines: lines.map((line) => ({ ...line, due: days(chance, 5) })) }
    return { path: '/api/purchases', body, accepted: ({ id }) => ground.bought.put({ id: String(id), site, lines }) }
  },
  produce: (ground, chance) => {
    const [site, quantity] = [aSite(ground, chance), 1 + chance.below(3)]
    const body = { site, sku: ground.company.kit!.sku, quantity }
    return { path: '/api/work-orders', body, accepted: ({ id }) => ground.planned.put({ id: String(id), site, left: quantity }) }
  },
  requestTransfer: (ground, chance) => {
    const site = aSite(ground, chance)
    const from = another(ground, chance, site)
    const body = { site, from, lines: [aLine(ground, chance, 3)] }
    return { path: '/api/transfer-requests', body, accepted: ({ id }) => soon(() => ground.asked.put({ id: String(id), site, from })) }
  },
  takeOver: (ground, chance) => {
    const one = ground.consigned.take(chance)
    return one && { path: '/api/take-overs', body: { ...one, supplier: SUPPLIER } }
  },
  giveBack: (ground, chance) => {
    const one = ground.consigned.take(chance)
    return one && { path: '/api/consignment-returns', body: { ...one, supplier: SUPPLIER, place: 'DOCK' } }
  },
  transfer: (ground, chance) => {
    const site = aSite(ground, chance)
    return { path: '/api/transfers', body: { site, to: another(ground, chance, site), lines: [aLine(ground, chance, 2)] } }
  },
  coverShortages: (ground, chance) => ({ path: '/api/shortages/cover', body: { site: aSite(ground, chance) } }),
  reallocate: (ground, chance) => ({ path: '/api/reallocations', body: { site: aSite(ground, chance), sku: chance.oneOf(ground.skus) } }),
  // Each site goes on serving its orders: what comes of an order is looked for where it was placed.
  setSourcing: (ground, chance) => {
    const body = { site: aSite(ground, chance), prefers: chance.oneOf(preferences), sourcesMax: 1, splitsLines: false, lanes: [] }
    return { path: '/api/sourcing', body }
  },
} satisfies Partial<Record<Kind, Step>>

/** Steps of an order, from the shelf to the customer and back. */
const journeys = {
  askPayment: (ground, chance) => {
    const one = ground.unpaid.take(chance)
    const token = chance.once(PAID) ? 'card' : DECLINED
    const accepted = (): void => (token === DECLINED ? ground.unpaid : ground.placed).put(one!)
    // Mostly the provider has not yet said no.
    const refused = (): void => void (chance.once(2) && ground.unpaid.put(one!))
    return one && { path: order(one, 'payment'), body: { token }, accepted, refused }
  },
  putOrderOnHold: (ground, chance) => {
    const one = ground.placed.take(chance)
    const accepted = ({ hold }: Reply['answer']): void => ground.onHold.put({ ...one!, hold: String(hold) })
    return one && { path: order(one, 'holds'), body: { reason: 'Ask first' }, accepted }
  },
  takeOrderOffHold: (ground, chance) => {
    const one = ground.onHold.take(chance)
    return one && { path: order(one, `holds/${one.hold}/release`), body: {}, accepted: () => ground.placed.put(one) }
  },
  allocateOrder: (ground, chance) => {
    const isCollected = chance.once(COLLECTED)
    const one = (isCollected ? ground.toCollect : ground.placed).take(chance)
    return (
      one && { path: order(one, 'allocation'), body: { site: one.site }, accepted: () => (isCollected ? ground.called : ground.allocated).put(one) }
    )
  },
  pickOrder: (ground, chance) => {
    const isCollected = chance.once(COLLECTED)
    const one = (isCollected ? ground.called : ground.allocated).take(chance)
    return one && { path: order(one, 'pick'), body: { site: one.site }, accepted: () => (isCollected ? ground.gathered : ground.picked).put(one) }
  },
  makeReady: (ground, chance) => {
    const one = (chance.once(10) ? ground.kept : ground.gathered).take(chance)
    return one && { path: order(one, 'readiness'), body: { keptUntil: days(chance, 20) }, accepted: () => ground.kept.put(one) }
  },
  collectOrder: (ground, chance) => {
    const one = ground.kept.take(chance)
    return one && { path: order(one, 'collection'), body: { collectedBy: 'The customer', proof: 'Code' }, accepted: () => ground.delivered.put(one) }
  },
  putBackUncollected: (ground, chance) => {
    const one = ground.kept.take(chance)
    const keepsOrder = chance.once(2)
    const accepted = (): void => void (keepsOrder && ground.toCollect.put(one!))
    return one && { path: order(one, 'put-back'), body: { keepsOrder, to: chance.once(2) ? 'SHELF' : aBin(chance) }, accepted }
  },
  packOrder: (ground, chance) => {
    const one = ground.picked.take(chance)
    const accepted = (answer: Reply['answer']): void => ground.packed.put({ ...one!, sscc: String(answer['package']) })
    return one && { path: order(one, 'packages'), body: { site: one.site, weighed: 1 + chance.below(9_000_000) }, accepted }
  },
  unpackOrder: (ground, chance) => {
    const one = ground.packed.take(chance)
    return one && { path: order(one, 'unpacking'), body: { site: one.site, package: one.sscc }, accepted: () => ground.picked.put(one) }
  },
  shipOrder: (ground, chance) => {
    const one = (chance.once(3) ? ground.picked : ground.packed).take(chance)
    const accepted = ({ shipment }: Reply['answer']): void => ground.shipped.put({ ...one!, shipment: String(shipment) })
    return one && { path: order(one, 'shipment'), body: { site: one.site }, accepted }
  },
  deliverOrder: (ground, chance) => {
    const one = ground.shipped.take(chance)
    const body = { site: one?.site, shipment: one?.shipment, receivedBy: 'The customer' }
    return one && { path: order(one, 'delivery'), body, accepted: () => ground.delivered.put(one) }
  },
  failDelivery: (ground, chance) => attempt(ground.shipped.any(chance), 'delivery-failure', { reason: 'Nobody was there' }),
  bringBack: (ground, chance) => attempt(ground.shipped.take(chance), 'undelivered', {}),
  loseShipment: (ground, chance) => {
    const one = ground.shipped.take(chance)
    // It is open again, and goes its way once more.
    return one && { path: order(one, 'shipment-loss'), body: { site: one.site, shipment: one.shipment }, accepted: () => ground.placed.put(one) }
  },
  trackShipment: (ground, chance) => {
    const one = ground.shipped.any(chance)
    const body = { site: one?.site, event: chance.oneOf(carrierKinds), estimated: days(chance, 5) }
    return one && { path: `/api/shipments/${one.shipment}/tracking`, body }
  },
  cancelOrder: (ground, chance) => {
    const one = chance.oneOf([ground.unpaid, ground.placed, ground.allocated, ground.picked]).take(chance)
    return one && { path: order(one, 'cancellation'), body: { callsOff: chance.once(2), ...(chance.once(3) ? { lines: [1] } : {}) } }
  },
  recallOrder: (ground, chance) => {
    const one = ground.allocated.take(chance)
    return one && { path: order(one, 'recall'), body: { site: one.site }, accepted: () => ground.placed.put(one) }
  },
  changeOrder: (ground, chance) => {
    const one = chance.oneOf([ground.placed, ground.allocated, ground.picked, ground.packed]).any(chance)
    const more = chance.once(2)
      ? { added: [aLine(ground, chance, 2)] }
      : { lines: [{ line: 1, quantity: 1 + chance.below(5), requested: days(chance, 9) }] }
    return one && { path: order(one, 'change'), body: more }
  },
  returnOrder: (ground, chance) => {
    const one = ground.delivered.take(chance)
    return one && { path: order(one, 'return'), body: { lines: [{ line: 1, quantity: 1 }] }, accepted: () => oneCameBack(ground, one) }
  },
} satisfies Partial<Record<Kind, Step>>

/** The customer has the rest of the line, which may come back too. */
function oneCameBack(ground: Ground, one: OrderInHand): void {
  const [first, ...others] = one.lines
  if (first!.quantity > 1) ground.delivered.put({ ...one, lines: [{ ...first!, quantity: first!.quantity - 1 }, ...others] })
}

/** Steps of what comes back: one piece of each order's first line. */
const returns = {
  authoriseReturn: (ground, chance) => {
    const one = ground.delivered.take(chance)
    const lines = [{ orderLine: 1, quantity: 1, reason: chance.oneOf(returnReasons) }]
    const accepted = ({ id }: Reply['answer']): void => {
      ground.authorised.put({ id: String(id), site: one!.number.split('-')[0]! })
      oneCameBack(ground, one!)
    }
    return one && { path: order(one, 'returns'), body: { lines }, accepted }
  },
  receiveReturn: (ground, chance) => {
    const one = ground.authorised.take(chance)
    return one && { path: `/api/returns/${one.id}/receipt`, body: { site: one.site }, accepted: () => ground.toInspect.put(one) }
  },
  disposeReturn: (ground, chance) => {
    const one = ground.toInspect.take(chance)
    const lines = [{ line: 1, quantity: 1, found: chance.oneOf(findings), disposition: chance.oneOf(dispositions) }]
    return one && { path: `/api/returns/${one.id}/disposition`, body: { site: one.site, lines } }
  },
  exchangeReturn: (ground, chance) => {
    const one = chance.oneOf([ground.authorised, ground.toInspect]).take(chance)
    return one && { path: `/api/returns/${one.id}/exchange`, body: { site: one.site, lines: [aLine(ground, chance, 2)] } }
  },
  cancelReturn: (ground, chance) => {
    const one = ground.authorised.take(chance)
    return one && { path: `/api/returns/${one.id}/cancellation`, body: { site: one.site } }
  },
} satisfies Partial<Record<Kind, Step>>

const attempt = (one: Shipped | undefined, what: string, more: object): Attempt | undefined =>
  one && { path: order(one, what), body: { site: one.site, shipment: one.shipment, ...more } }

/** The other site hears of it by a message; until then nothing is known of it. */
const MESSAGE_MILLISECONDS = 400
const soon = (work: () => void): void => void setTimeout(work, MESSAGE_MILLISECONDS).unref()

function arrived(ground: Ground, chance: Chance, what: 'arrival' | 'loss'): Attempt | undefined {
  const one = ground.underWay.take(chance)
  const refused = (): void => void (chance.once(2) && soon(() => ground.underWay.put(one!)))
  return one && { path: `/api/transfers/${one.id}/${what}`, body: { site: one.site }, refused }
}

/** Steps of what is bought, made, and carried between sites. */
const supplies = {
  redatePurchase: putOff,
  shipDirect: (ground, chance) => {
    const one = ground.direct.take(chance)
    const quantity = one === undefined ? 0 : chance.once(4) ? one.quantity : chance.below(one.quantity)
    const accepted = ({ shipment }: Reply['answer']): void => {
      if (shipment !== null) ground.shipped.put({ ...one!.order, shipment: shipment as string })
      if (quantity < one!.quantity) ground.refused.put(one!.order)
    }
    return (
      one && { path: `/api/purchases/${one.purchase}/shipment`, body: { site: one.site, lines: [{ line: 1, quantity, isLast: true }] }, accepted }
    )
  },
  buyForOrder: (ground, chance) => {
    const one = ground.refused.take(chance)
    return one && { path: order(one, 'purchases'), body: {}, accepted: () => lookForDirect(ground, one) }
  },
  applyRemedy: (ground, chance) => {
    const one = ground.remedies.take(chance)
    return one && { path: `/api/exceptions/${one.id}/remedy`, body: one.body, accepted: one.goOn, refused: one.goOn }
  },
  loseArrival: (ground, chance) => arrived(ground, chance, 'loss'),
  cancelPurchase: (ground, chance) => {
    const one = ground.bought.take(chance)
    return one && { path: `/api/purchases/${one.id}/cancellation`, body: { site: one.site } }
  },
  receive: (ground, chance) => {
    if (chance.once(LOTS_RECEIVED)) return newLot(ground, chance, aSite(ground, chance))
    if (chance.once(PARTS_RECEIVED)) return partsOfKits(ground, chance, aSite(ground, chance))
    if (chance.once(CONSIGNED_RECEIVED)) return onConsignment(ground, chance, aSite(ground, chance))
    const one = ground.bought.take(chance)
    const site = one?.site ?? aSite(ground, chance)
    const place = chance.oneOf(['DOCK', 'SHELF'])
    const came = one?.lines.map((line, index) => ({ ...line, line: index + 1, rejected: chance.below(2) })) ?? [aLine(ground, chance, RECEIVED_MAX)]
    const accepted = ({ id }: Reply['answer']): void => ground.received.put({ id: one?.id ?? String(id), site })
    return { path: '/api/receipts', body: { site, purchase: one?.id, lines: came.map((line) => ({ ...line, place })) }, accepted }
  },
  releaseWorkOrder: (ground, chance) => {
    const one = ground.planned.take(chance)
    return one && { path: `/api/work-orders/${one.id}/release`, body: { site: one.site }, accepted: () => ground.released.put(one) }
  },
  issueComponents: (ground, chance) => {
    const one = ground.released.take(chance)
    return one && { path: `/api/work-orders/${one.id}/issue`, body: { site: one.site }, accepted: () => ground.issued.put(one) }
  },
  recordOutput: (ground, chance) => {
    const one = ground.issued.take(chance)
    const accepted = (): void => void (one!.left > 1 && ground.issued.put({ ...one!, left: one!.left - 1 }))
    return one && { path: `/api/work-orders/${one.id}/output`, body: { site: one.site, quantity: 1 }, accepted }
  },
  redateWorkOrder: (ground, chance) => {
    const one = chance.oneOf([ground.planned, ground.released]).any(chance)
    return one && { path: `/api/work-orders/${one.id}/due-date`, body: { site: one.site, due: days(chance, 9) } }
  },
  cancelWorkOrder: (ground, chance) => {
    const one = chance.oneOf([ground.planned, ground.released, ground.issued]).take(chance)
    return one && { path: `/api/work-orders/${one.id}/cancellation`, body: { site: one.site } }
  },
  dispatchTransfer: (ground, chance) => {
    const one = ground.asked.take(chance)
    // What is not there yet may be later.
    const refused = (): void => void (chance.once(2) && soon(() => ground.asked.put(one!)))
    const accepted = (): void => soon(() => ground.underWay.put(one!))
    return one && { path: `/api/transfers/${one.id}/dispatch`, body: { site: one.from }, accepted, refused }
  },
  takeArrival: (ground, chance) => arrived(ground, chance, 'arrival'),
  cancelTransfer: (ground, chance) => {
    const one = ground.asked.take(chance)
    return one && { path: `/api/transfers/${one.id}/cancellation`, body: { site: one.site } }
  },
} satisfies Partial<Record<Kind, Step>>

/** Steps of goods within a site. */
const floors = {
  lose: (ground, chance) => {
    const body = { site: aSite(ground, chance), ...aLine(ground, chance, 3), place: 'SHELF', cause: chance.oneOf(lossCauses) }
    return { path: '/api/losses', body, accepted: ({ id }) => ground.losses.put({ id: String(id), site: body.site }) }
  },
  setExpiryWriteOff: (ground, chance) => ({ path: '/api/expiry-write-off', body: { site: aSite(ground, chance), afterDays: chance.below(3) } }),
  undoLoss: (ground, chance) => {
    const one = ground.losses.take(chance)
    return one && { path: `/api/losses/${one.id}/reversal`, body: { site: one.site } }
  },
  count: (ground, chance) => {
    const body = { site: aSite(ground, chance), sku: chance.oneOf(ground.skus), counted: 100 + chance.below(RECEIVED_MAX) }
    return { path: '/api/counts', body }
  },
  changeCondition: (ground, chance) => {
    const back = chance.once(2) ? ground.quarantined.take(chance) : undefined
    const goods = back ?? { site: aSite(ground, chance), ...aLine(ground, chance, 3) }
    const [from, to] = back === undefined ? ['sellable', 'quarantine'] : ['quarantine', 'sellable']
    const accepted = (): void => void (back ?? ground.quarantined.put(goods))
    return { path: '/api/condition-changes', body: { ...goods, place: 'SHELF', from, to }, accepted }
  },
  putAway: (ground, chance) => ({ path: '/api/putaways', body: { site: aSite(ground, chance), ...aLine(ground, chance, 1), to: aBin(chance) } }),
  relocate: (ground, chance) => {
    const [from, to] = chance.once(3) ? [aBin(chance), 'SHELF'] : ['SHELF', aBin(chance)]
    return { path: '/api/relocations', body: { site: aSite(ground, chance), ...aLine(ground, chance, 1), from, to } }
  },
  createPlaces: (ground, chance) => {
    const place = { code: `NEW-${(ground.bins += 1)}`, kind: 'bin' }
    return { path: '/api/places', body: { site: aSite(ground, chance), places: [place] } }
  },
} satisfies Partial<Record<Kind, Step>>

/** Steps of lots that must not reach anybody, at all sites at once. */
const recalls = {
  recallLot: (ground, chance) => {
    const lot = ground.recallable.take(chance)
    const accepted = ({ id }: Reply['answer']): void => ground.recalled.put(String(id))
    return lot === undefined ? undefined : { path: '/api/recalls', body: { sku: STORM_LOTTED, lot, reason: 'Glass' }, accepted }
  },
  liftRecall: (ground, chance) => {
    const id = ground.recalled.take(chance)
    return id === undefined ? undefined : { path: `/api/recalls/${id}/lifting`, body: {} }
  },
} satisfies Partial<Record<Kind, Step>>

export const steps: Readonly<Record<Kind, Step>> = {
  ...beginnings,
  ...journeys,
  ...returns,
  ...supplies,
  ...floors,
  ...counting,
  ...planning,
  ...recalls,
  ...values,
}
