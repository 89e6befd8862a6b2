// Mixed commands: a random but repeatable day at two sites. Everything the lane takes is sent at it, in batches that arrive together, on so few
// items that commands are always in each other's way; a seed gives the same commands again. What must hold afterwards is in recount.ts.

import { addDays, instant, type Day } from '../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { conditions, type Condition } from '../core/move.ts'
import { lossCauses, standardPlaces, type PlaceId } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { ssccOf } from '../core/sscc.ts'
import { carrierKinds } from '../core/tracking.ts'
import { weight } from '../core/weight.ts'
import type { Command } from '../server/stages.ts'
import type { TestWorld } from '../server/test-world.ts'
import { Chance } from './chance.ts'
import { changeMakers } from './mixed-changes.ts'
import { consignmentMakers, consignorOf } from './mixed-consignment.ts'
import { bought, collected, counterMakers } from './mixed-counter.ts'
import { lossMakers, rememberLoss, type LostHere } from './mixed-losses.ts'
import { SUPPLIER, supplyMakers } from './mixed-supply.ts'
import { transferMakers } from './mixed-transfers.ts'

interface Known {
  readonly id: string
  readonly lines: readonly { readonly line: number; readonly item: ItemId; readonly quantity: number }[]
}

/** What the commands may speak of. */
interface Told {
  readonly site: SiteId
  readonly orders: Known[]
  readonly purchases: Known[]
  readonly shipments: { readonly order: string; readonly shipment: string }[]
  readonly workOrders: string[]
  readonly transfers: string[]
  readonly returns: { readonly order: string; readonly rma: string }[]
  readonly losses: LostHere[]
}

export interface Cast {
  readonly world: TestWorld
  readonly chance: Chance
  readonly sites: readonly Told[]
  readonly plain: readonly ItemId[]
  readonly byLot: ItemId
  readonly bySerial: ItemId
  readonly consignor: PartyId
}

const SERIALS = 6
const LOT_DAYS = 5
const REMEMBERED_MAX = 25

/** Two sites, three plain items, one told apart by lot and one by serial. */
export async function castOf(world: TestWorld, seed: number): Promise<Cast> {
  const cost = { unit: 'EA', standardCost: money(100), listPrice: money(250) }
  await world.send(controlSite, {
    kind: 'createItems',
    items: [
      { sku: 'LOT', name: 'By lot', tracking: 'lot', ...cost },
      { sku: 'SERIAL', name: 'By serial', tracking: 'serial', ...cost },
    ],
  })
  const items = await Promise.all(['A', 'B', 'C', 'LOT', 'SERIAL'].map((sku) => world.item(sku)))
  const [sites, transfers] = [await Promise.all(['SEA', 'PDX'].map((code) => world.site(code))), [] as string[]]
  return {
    world,
    chance: new Chance(seed),
    sites: sites.map((site) => ({ site, orders: [], purchases: [], workOrders: [], shipments: [], returns: [], losses: [], transfers })),
    plain: items.slice(0, 3),
    byLot: items[3]!,
    bySerial: items[4]!,
    consignor: await consignorOf(world, [items[0]!, items[1]!, items[3]!, items[4]!]),
  }
}

/** A command for a site, by chance. It may well be refused. */
export const nextCommand = (cast: Cast, told: Told): Command => cast.chance.oneOf(makers)(cast, told)

type Maker = (cast: Cast, told: Told) => Command

const { shelf, dock, packing, inspection } = standardPlaces
const places: readonly PlaceId[] = [shelf, shelf, dock, packing, inspection]

const anyItem = ({ chance, plain, byLot, bySerial }: Cast): ItemId => chance.oneOf([...plain, ...plain, byLot, bySerial])

/** A lot is named by the day it expires; most have not yet. */
const lotOf = ({ world, chance, byLot }: Cast, item: ItemId): string =>
  item === byLot ? `L${addDays(world.today(), chance.once(10) ? 0 : 1 + chance.below(LOT_DAYS))}` : ''
/** Each site has its own serials: that a piece is at one site only is not for a lane to see. They do not travel here for the same reason. */
const serialOf = (cast: Cast, told: Told, item: ItemId): string => (item === cast.bySerial ? `S${told.site}-${cast.chance.below(SERIALS)}` : '')
const some = (cast: Cast, item: ItemId, most = 6): number => (item === cast.bySerial ? 1 : 1 + cast.chance.below(most))

function remember(list: Known[], one: Known): void {
  list.push(one)
  if (list.length > REMEMBERED_MAX) list.shift()
}

/** An order that was placed here, or one that never was. */
const orderIn = (cast: Cast, told: Told): Known =>
  told.orders.length > 0 && !cast.chance.once(50) ? cast.chance.oneOf(told.orders) : { id: cast.world.newId(), lines: [] }

const linesOf = (cast: Cast): { line: number; item: ItemId; quantity: ReturnType<typeof quantity> }[] =>
  Array.from({ length: 1 + cast.chance.below(3) }, (_, index) => {
    const item = anyItem(cast)
    return { line: index + 1, item, quantity: quantity(1 + cast.chance.below(6)) }
  })

const placeOrder: Maker = (cast, told) => {
  const { world, chance } = cast
  const [order, lines] = [world.newId(), linesOf(cast)]
  remember(told.orders, { id: order, lines })
  return {
    kind: 'placeOrder',
    order,
    customer: world.customer,
    reference: chance.once(20) ? `PO-${chance.below(5)}` : null,
    shipComplete: chance.once(4),
    priority: chance.below(3),
    orderedAt: world.now(),
    heldElsewhere: [],
    ...(chance.once(4) && collected(chance)),
    lines: lines.map((line) => ({
      ...line,
      ...(chance.once(8) && bought(chance)),
      unitPrice: money(250),
      source: told.site,
      requested: addDays(world.today(), chance.below(8) - 1),
    })),
  }
}

const sell: Maker = (cast, told) => {
  const { world } = cast
  const order = world.newId()
  const lines = linesOf(cast).map((line) => ({
    ...line,
    quantity: quantity(some(cast, line.item)),
    unitPrice: money(250),
    lot: lotOf(cast, line.item),
    serial: serialOf(cast, told, line.item),
  }))
  remember(told.orders, { id: order, lines })
  return { kind: 'sell', order, customer: world.customer, reference: null, soldAt: world.now(), lines }
}

const purchase: Maker = (cast, told) => {
  const { world, chance } = cast
  const id = world.newId()
  const lines = linesOf(cast)
  remember(told.purchases, { id, lines })
  return {
    kind: 'purchase',
    purchase: id,
    supplier: SUPPLIER,
    orderedAt: world.now(),
    lines: lines.map((line) => ({ ...line, unitPrice: money(chance.below(200)), due: addDays(world.today(), chance.below(6) - 1) })),
  }
}

const receive: Maker = (cast, told) => {
  const { world, chance } = cast
  const against = told.purchases.length > 0 && chance.once(2) ? chance.oneOf(told.purchases) : undefined
  const lines = against?.lines ?? linesOf(cast)
  return {
    kind: 'receive',
    receipt: world.newId(),
    purchase: against?.id ?? null,
    receivedAt: world.now(),
    lines: lines.map(({ line, item, quantity: expected }) => {
      const [lot, serial] = [lotOf(cast, item), serialOf(cast, told, item)]
      const [some, value] = [item === cast.bySerial ? 1 : 1 + chance.below(expected), chance.once(2) ? money(chance.below(1000)) : null]
      const rejects = item !== cast.bySerial && chance.once(4)
      return {
        line,
        item,
        quantity: quantity(rejects && chance.once(2) ? 0 : some),
        rejected: quantity(rejects ? 1 + chance.below(2) : 0),
        rejectedTo: chance.once(2) ? 'back' : 'quarantine',
        isLast: chance.once(3),
        place: chance.oneOf(places),
        lot,
        serial,
        expiresOn: expiryOf(lot),
        value,
      }
    }),
  }
}

const expiryOf = (lot: string): Day | null => (lot === '' ? null : (lot.slice(1) as Day))

const lose: Maker = (cast, told) => {
  const { world, chance } = cast
  const item = anyItem(cast)
  return {
    kind: 'lose',
    ...rememberLoss(told.losses, { document: world.newId(), item, place: chance.oneOf(places) }),
    // Now and then more than there is.
    quantity: quantity(some(cast, item, chance.once(10) ? 12 : 3)),
    lot: lotOf(cast, item),
    serial: serialOf(cast, told, item),
    condition: conditionOf(cast),
    cause: chance.oneOf(lossCauses),
    note: '',
    lostAt: world.now(),
  }
}

const conditionOf = ({ chance }: Cast): Condition => (chance.once(4) ? chance.oneOf(conditions) : 'sellable')

const count: Maker = (cast, told) => {
  const { world, chance } = cast
  const item = anyItem(cast)
  return {
    kind: 'count',
    document: world.newId(),
    item,
    counted: quantity(item === cast.bySerial ? chance.below(2) : chance.below(9)),
    place: chance.oneOf(places),
    lot: lotOf(cast, item),
    serial: serialOf(cast, told, item),
    condition: conditionOf(cast),
    countedAt: world.now(),
  }
}

const changeCondition: Maker = (cast, told) => {
  const { world, chance } = cast
  const item = anyItem(cast)
  return {
    kind: 'changeCondition',
    document: world.newId(),
    item,
    quantity: quantity(some(cast, item, 3)),
    place: chance.oneOf(places),
    toPlace: chance.oneOf(places),
    lot: lotOf(cast, item),
    serial: serialOf(cast, told, item),
    from: conditionOf(cast),
    to: conditionOf(cast),
    changedAt: world.now(),
  }
}

const sendTransfer: Maker = (cast, told) => ({
  kind: 'sendTransfer',
  transfer: cast.world.newId(),
  to: cast.chance.oneOf(cast.sites.map((one) => one.site).filter((site) => site !== told.site)),
  sentAt: cast.world.now(),
  lines: linesOf(cast)
    .filter((line) => line.item !== cast.bySerial)
    .map((line) => ({ ...line, quantity: quantity(1 + cast.chance.below(2)) })),
})

const takeBack: Maker = (cast, told) => {
  const { id, lines } = orderIn(cast, told)
  const line = lines.length > 0 ? cast.chance.oneOf(lines) : { line: 1, item: cast.plain[0]!, quantity: 1 }
  return {
    kind: 'return',
    order: id,
    returnedAt: cast.world.now(),
    lines: [{ line: line.line, quantity: quantity(some(cast, line.item, 2)), lot: lotOf(cast, line.item), serial: serialOf(cast, told, line.item) }],
  }
}

const allocate: Maker = (cast, told) => ({ kind: 'allocate', order: orderIn(cast, told).id })
const pick: Maker = (cast, told) => ({ kind: 'pick', order: orderIn(cast, told).id, pickedAt: cast.world.now() })
const ship: Maker = (cast, told) => {
  const [order, shipment] = [orderIn(cast, told).id, cast.world.newId()]
  told.shipments.push({ order, shipment })
  if (told.shipments.length > REMEMBERED_MAX) told.shipments.shift()
  return { kind: 'ship', order, shipment, shippedAt: cast.world.now() }
}
/** Some of a line, and now and then the bin had no more. */
const pickSome: Maker = (cast, told) => {
  const { id, lines } = orderIn(cast, told)
  const short = cast.chance.once(3)
  const picks = lines
    .slice(0, 1)
    .map(({ line }) => ({ line, place: null, lot: '', serial: '', quantity: quantity(cast.chance.below(3) + (short ? 0 : 1)), short }))
  return { kind: 'pick', order: id, pickedAt: cast.world.now(), ...(picks.length > 0 && { picks }) }
}
const pack: Maker = (cast, told) => {
  const { id, lines } = orderIn(cast, told)
  const some = cast.chance.once(2) ? lines.slice(0, 1).map(({ line }) => ({ line, quantity: quantity(1), lot: '', serial: '' })) : []
  return {
    kind: 'pack',
    order: id,
    ssccPrefix: '0614141',
    carton: weight(100),
    weighed: null,
    packedAt: cast.world.now(),
    lines: some.length > 0 ? some : null,
  }
}
/** The first packages of a site, most of them shipped or opened already, or of another order. */
const unpack: Maker = (cast, told) => ({
  kind: 'unpack',
  order: orderIn(cast, told).id,
  package: ssccOf('0614141', 1 + cast.chance.below(20)),
  unpackedAt: cast.world.now(),
})
const relocate: Maker = (cast, told) => {
  const item = anyItem(cast)
  return {
    kind: 'relocate',
    document: cast.world.newId(),
    item,
    quantity: quantity(some(cast, item, 3)),
    from: cast.chance.oneOf(places),
    to: cast.chance.oneOf(places),
    toCode: '',
    lot: lotOf(cast, item),
    serial: serialOf(cast, told, item),
    condition: conditionOf(cast),
    movedAt: cast.world.now(),
  }
}
const shipmentIn = (cast: Cast, told: Told): { readonly order: string; readonly shipment: string } =>
  told.shipments.length > 0 ? cast.chance.oneOf(told.shipments) : { order: orderIn(cast, told).id, shipment: cast.world.newId() }
const track: Maker = (cast, told) => ({
  kind: 'track',
  ...shipmentIn(cast, told),
  event: cast.chance.oneOf(carrierKinds),
  occurredAt: instant(cast.world.now() - cast.chance.below(3) * 3_600_000),
  estimated: cast.chance.once(2) ? addDays(cast.world.today(), cast.chance.below(5)) : null,
  note: '',
})
const failDelivery: Maker = (cast, told) => ({
  kind: 'failDelivery',
  ...shipmentIn(cast, told),
  failedAt: cast.world.now(),
  reason: 'closed',
  nextAttempt: null,
})
const deliverSome: Maker = (cast, told) => ({
  kind: 'deliver',
  ...shipmentIn(cast, told),
  deliveredAt: cast.world.now(),
  receivedBy: 'Ann',
  accepted: [{ line: 1, quantity: quantity(1) }],
})
const bringBack: Maker = (cast, told) => ({ kind: 'bringBack', ...shipmentIn(cast, told), broughtAt: cast.world.now(), lines: null })
const loseShipment: Maker = (cast, told) => ({ kind: 'loseShipment', ...shipmentIn(cast, told), lostAt: cast.world.now(), note: '', lines: null })
const deliver: Maker = (cast, told) => ({
  kind: 'deliver',
  order: orderIn(cast, told).id,
  shipment: null,
  deliveredAt: cast.world.now(),
  receivedBy: 'Ann',
})

/** How often each is drawn: once for each time it stands here. */
const makers: readonly Maker[] = [
  placeOrder,
  placeOrder,
  placeOrder,
  placeOrder,
  sell,
  sell,
  purchase,
  ...supplyMakers,
  ...transferMakers,
  receive,
  receive,
  receive,
  lose,
  ...lossMakers,
  count,
  changeCondition,
  sendTransfer,
  ...changeMakers,
  ...consignmentMakers,
  ...counterMakers,
  allocate,
  allocate,
  allocate,
  pick,
  pick,
  pick,
  ship,
  ship,
  ship,
  pickSome,
  pickSome,
  pack,
  pack,
  unpack,
  relocate,
  track,
  failDelivery,
  deliverSome,
  bringBack,
  loseShipment,
  deliver,
  deliver,
  takeBack,
  () => ({ kind: 'expireHolds' }),
]
