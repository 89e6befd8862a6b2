// Transport, shipping: what is picked for an order goes, in packages or loose, all of it or the packages that are named. With a carrier's service
// it has a price for its weight and a promised day; without one nobody need know what it weighs.

import { priceOf, promisedBy, type CarrierService } from '../carrier.ts'
import { dayOf, type Instant } from '../calendar.ts'
import { untimely } from '../fault.ts'
import { announce, plan, post, type Draft } from '../ledger.ts'
import type { Shipment } from '../order.ts'
import { virtualPlaces } from '../place.ts'
import { weightOf } from '../package.ts'
import { plannedKey } from '../planned-move.ts'
import { minus, none, plus } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { allocationEnd, type Allocation } from '../stock.ts'
import { sumOfWeights, weightTimes, type Weight } from '../weight.ts'
import { deallocate, isSamePlace } from '../hold.ts'
import { forbids, isPicked, tellHome } from './order.ts'
import { wholeKitsOf } from './store-kit.ts'
import { contentOf, packageFault, takeOutRest } from './store-pack.ts'
import { allocationsOf } from './store-pick.ts'

export interface Ship {
  readonly kind: 'ship'
  readonly order: string
  readonly shipment: string
  readonly shippedAt: Instant
  /** Without them, everything that is picked goes, in packages or not. */
  readonly packages?: readonly string[]
  readonly service?: CarrierService
}

export function ship(command: Ship, draft: Draft): object | Refusal {
  return forbids(draft, command.order, 'ship') ?? untimely(draft, command.shippedAt, 'shippedAt') ?? sendOff(command, draft)
}

/** What is picked of an order leaves the site, which it is known that it may. */
export function sendOff({ order, shipment, shippedAt, packages, service }: Omit<Ship, 'kind'>, draft: Draft): object | Refusal {
  for (const [index, sscc] of (packages ?? []).entries()) {
    const fault = packageFault(draft, order, sscc, `packages/${index + 1}`)
    if (fault) return fault
  }
  const packed = allocationsOf(draft, order).filter((one) => isPicked(one) && (packages?.includes(one.package) ?? true))
  if (packed.length === 0) return refuse('nothing_to_do', 'order', 'Nothing is packed for this order.')
  const going = wholeKitsOf(draft, order, packed)
  if (isRefusal(going)) return going
  const weight = sumOfWeights([...closePackages(draft, order, going, shipment, shippedAt), ...looseWeights(draft, going)])
  if (service && weight === null) {
    return refuse('weight_not_known', 'service', 'A carrier asks for the weight, and that of some item is not known: weigh the packages.')
  }
  const homeSite = draft.planned.of(order)[0]!.homeSite
  draft.shipment.put(shipmentOf({ shipment, order, homeSite, shippedAt }, weight, service))
  for (const one of going) shipOne(draft, one, shipment, shippedAt)
  const lines = draft.shipmentLine.of(shipment).map(({ line, quantity }) => ({ line, quantity }))
  tellHome(draft, homeSite, order, 'shipped', lines)
  announce(draft, { type: 'order.shipped', subject: order, occurredAt: shippedAt, data: { shipment, lines } })
  const { price, promised } = draft.shipment.get(shipment)!
  return { id: order, shipment, lines, ...(service && { service: service.code, weight, price, promised }) }
}

function shipmentOf(
  begun: Pick<Shipment, 'shipment' | 'order' | 'homeSite' | 'shippedAt'>,
  weight: Weight | null,
  service: CarrierService | undefined,
): Shipment {
  const promised = service === undefined ? null : promisedBy(service, dayOf(begun.shippedAt))
  return {
    ...begun,
    deliveredAt: null,
    receivedBy: null,
    deliveryNote: '',
    latitude_e6: null,
    longitude_e6: null,
    service: service?.service ?? null,
    weight,
    price: service === undefined || weight === null ? null : priceOf(service, weight),
    promised,
    estimated: promised,
    state: 'shipped',
  }
}

/** Packages go with what is in them for the order; the rest is taken out before. Returns what each weighs. */
function closePackages(draft: Draft, order: string, going: readonly Allocation[], shipment: string, shippedAt: Instant): (Weight | null)[] {
  const ssccs = new Set(going.map((one) => one.package).filter((sscc) => sscc !== ''))
  return [...ssccs].map((sscc) => {
    takeOutRest(draft, order, sscc, shippedAt)
    const row = draft.package.get(sscc)!
    const weight = weightOf(row, contentOf(draft, going, sscc))
    draft.package.put({ ...row, shipment, weight })
    return weight
  })
}

const looseWeights = (draft: Draft, going: readonly Allocation[]): (Weight | null)[] =>
  going.filter((one) => one.package === '').map((one) => weightTimes(draft.state.items.get(one.item)?.weight ?? null, one.quantity))

function shipOne(draft: Draft, one: Allocation, shipment: string, shippedAt: Instant): void {
  // Of loose goods some may stay: those of a kit that is not whole.
  const setAside = draft.allocation.of(plannedKey(one)).find((at) => isSamePlace(at, one))!
  deallocate(draft, setAside, one.quantity)
  const row = draft.planned.get(plannedKey(one))!
  plan(draft, { ...row, held: minus(row.held, one.quantity), posted: plus(row.posted, one.quantity) })
  const from = allocationEnd(one)
  post(draft, {
    item: one.item,
    quantity: one.quantity,
    from,
    to: { ...from, place: virtualPlaces.customer },
    cause: 'shipment',
    document: one.document,
    line: one.line,
    part: one.part,
    occurredAt: shippedAt,
  })
  const key = `${shipment}/${one.line}/${one.part}`
  const before = draft.shipmentLine.get(key)?.quantity ?? none
  draft.shipmentLine.put({
    shipment,
    line: one.line,
    part: one.part,
    quantity: plus(before, one.quantity),
    delivered: none,
    cameBack: none,
    lost: none,
  })
}
