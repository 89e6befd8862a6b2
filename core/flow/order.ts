// Order: enters the commercial record: who asked for what, at what price, by when, and the promise as it was given.
//
// The lines are the customer's; the goods for them are planned moves, which reserve.ts holds. Whether the quantities can be had is not
// asked here.

import type { Day, Instant } from '../calendar.ts'
import { isOtherWay } from '../collection.ts'
import type { GivenPromise } from '../given-promise.ts'
import type { ItemId, PartyId, SiteId } from '../item.ts'
import type { OrderKit } from '../kit.ts'
import { ageOf, announce, type Draft } from '../ledger.ts'
import type { LineSupply } from '../line-supply.ts'
import type { Money } from '../money.ts'
import type { LinePrice, OrderTerms, PriceBasis } from '../order-price.ts'
import { openOf, orderCan, orderState, type Order, type OrderAction, type OrderLine, type OrderState, type Progress } from '../order.ts'
import { isStopped } from '../order-hold.ts'
import { nothingYet, open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { minus, none, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { settlePayment, type PaidWith } from './order-payment.ts'
import type { Allocation } from '../stock.ts'
import type { InUnit } from '../unit.ts'

export interface WantedLine {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly unitPrice: Money
  readonly requested: Day
  /** The site whose stock serves the line. */
  readonly source: SiteId
  /** Where the price is from, and with the book how it came about. */
  readonly priceBasis?: PriceBasis
  readonly price?: Omit<LinePrice, 'order' | 'line'>
  /** What one is worth in the company's currency, where the order has another. */
  readonly unitWorth?: Money
  /** How far away that is, where a rule says so. */
  readonly transitDays?: number
  /** Why it is that site, where a rule chose it. */
  readonly because?: string
  /** The line that it is a part of, where a rule split one, or a kit was asked for. */
  readonly partOf?: number
  readonly kit?: WantedKit
  /** What is sent instead where a rule says so and the item cannot be had in time, the first ones first. */
  readonly alternatives?: readonly ItemId[]
  /** What was asked for, where it is another item. */
  readonly asked?: ItemId
  /** As what the line was asked for, where that is not the base unit; its further parts have the same. */
  readonly inUnit?: InUnit
  /** Bought for this line alone, where it is not served from stock. */
  readonly supply?: Omit<LineSupply, 'order' | 'line'> & { readonly supplierCode: string }
}

/** A kit that was asked for, as its lines know it. */
export interface WantedKit extends Omit<OrderKit, 'order'> {
  /** How many pieces of the line are in one kit. */
  readonly each: Quantity
}

export interface PlaceOrder {
  readonly kind: 'placeOrder'
  readonly order: string
  readonly customer: PartyId
  readonly reference: string | null
  readonly shipComplete: boolean
  readonly priority: number
  readonly orderedAt: Instant
  readonly terms?: Omit<OrderTerms, 'order'> | undefined
  /** Paid through a provider; without it, as the terms say. */
  readonly payment?: PaidWith | undefined
  /** Collected by the customer at this site, and kept for him so many days once it is ready. */
  readonly collect?: { readonly keepDays: number } | undefined
  readonly lines: readonly WantedLine[]
  /** What other sites hold for this order already, by line. */
  readonly heldElsewhere: readonly { readonly line: number; readonly held: Quantity; readonly day: Day | null }[]
}

/** Enters the order; its lines follow with `enterLine`, once each is promised. */
export function enter(draft: Draft, command: Omit<PlaceOrder, 'kind' | 'lines' | 'heldElsewhere'>, kind: Order['kind']): Order {
  draft.numbersTaken += 1
  const { order, customer, reference, shipComplete, priority, orderedAt } = command
  const number = draft.state.head.numbers + draft.numbersTaken
  const entered: Order = { order, number, kind, customer, reference, shipComplete, priority, orderedAt, recordedAt: draft.state.now }
  draft.order.put(entered)
  if (command.terms !== undefined) draft.orderTerms.put({ order, ...command.terms })
  if (command.collect !== undefined) draft.collection.put({ order, keepDays: command.collect.keepDays, readyAt: null, keptUntil: null })
  return entered
}

export function enterLine(draft: Draft, order: string, wanted: WantedLine, promised: Day | null): OrderLine {
  const { line, item, source, quantity, unitPrice, requested, priceBasis = null, price, kit, inUnit, partOf } = wanted
  if (kit) draft.orderKit.put({ order, kit: kit.kit, item: kit.item, quantity: kit.quantity, unitPrice: kit.unitPrice })
  const entered: OrderLine = {
    order,
    line,
    item,
    source,
    quantity,
    unitPrice,
    priceBasis,
    requested,
    promised,
    cancelled: none,
    shipped: none,
    delivered: none,
    returned: none,
    cameBack: none,
    lost: none,
    kit: kit?.kit ?? null,
    kitEach: kit?.each ?? null,
  }
  draft.line.put(entered)
  if (price !== undefined) draft.linePrice.put({ order, line, ...price })
  if (inUnit !== undefined && partOf === undefined) draft.askedIn.put({ document: order, line, ...inUnit })
  return entered
}

/** Keeps a promise as it is given, beside its line. */
export function keepPromise(
  draft: Draft,
  { order, line, source, quantity }: Pick<OrderLine, 'order' | 'line' | 'source' | 'quantity'>,
  given: Pick<GivenPromise, 'promised' | 'reason' | 'confidence' | 'asked' | 'because'>,
): void {
  draft.promise.put({ order, line, number: 1, givenAt: draft.state.now, quantity, source, ...given })
}

/** The goods of a line as an intention of the site that serves it; nothing is held yet. */
export function demandFor(
  draft: Draft,
  { order, home, priority }: { readonly order: string; readonly home: SiteId; readonly priority: number },
  wanted: WantedLine,
  due: Day,
): PlannedMove {
  return {
    document: order,
    line: wanted.line,
    part: 1,
    kind: 'order',
    direction: 'demand',
    status: 'firm',
    item: wanted.item,
    owner: draft.state.owner,
    from: wanted.supply?.how === 'drop_ship' ? virtualPlaces.supplier : standardPlaces.shelf,
    to: virtualPlaces.customer,
    homeSite: home,
    due,
    priority,
    age: ageOf(draft),
    unitPrice: wanted.unitWorth ?? wanted.unitPrice,
    planned: wanted.quantity,
    ...nothingYet,
    ...(wanted.supply !== undefined && { bound: true }),
  }
}

/** The number people see: the site is in it. */
export const orderNumber = (siteCode: string, number: number): string => `${siteCode}-${number}`

export function announceOrder(draft: Draft, order: Order, lines: readonly object[]): void {
  announce(draft, {
    type: 'order.placed',
    subject: order.order,
    occurredAt: order.orderedAt,
    data: { number: orderNumber(draft.state.siteCode, order.number), customer: order.customer, lines },
  })
}

export interface NoteProgress {
  readonly kind: 'noteProgress'
  readonly order: string
  readonly progress: 'cancelled' | 'shipped' | 'delivered' | 'cameBack' | 'lost'
  readonly lines: readonly { readonly line: number; readonly quantity: Quantity }[]
}

/** A site that serves lines of this order tells how far they have come. */
export function noteProgress({ order, progress, lines }: NoteProgress, draft: Draft): object {
  for (const { line, quantity } of lines) advance(draft, order, line, progress, quantity)
  settlePayment(draft, order)
  announce(draft, { type: `order.line_${progress}`, subject: order, data: { lines } })
  return { order }
}

/** Adds to what a line remembers; its home site does this for itself, or when it is told. */
export function advance(draft: Draft, order: string, line: number, progress: NoteProgress['progress'], some: Quantity): void {
  const row = draft.line.get(`${order}/${line}`)
  if (row === undefined) throw new Error(`Order ${order} has no line ${line} at its home site.`)
  // What is lost has not come out of the site's hands for its customer: it is to be sent, or given up.
  const shipped = progress === 'lost' ? { shipped: minus(row.shipped, some) } : {}
  draft.line.put({ ...row, ...shipped, [progress]: plus(row[progress], some) })
}

/** Tells the home site of an order, or notes it here when this is the home site. */
export function tellHome(draft: Draft, home: SiteId, order: string, progress: NoteProgress['progress'], lines: NoteProgress['lines']): void {
  if (home === draft.state.site) {
    for (const { line, quantity } of lines) advance(draft, order, line, progress, quantity)
    settlePayment(draft, order)
  } else announce(draft, { type: 'order.line_progress', subject: order, to: home, data: { order, progress, lines } })
}

/** Where an order stands at this site. What another site does for it holds nothing up here; what is not confirmed is no order yet. */
export function stateOf(draft: Draft, order: string): OrderState {
  const lines = draft.line.of(order)
  const here = progressOf(draft, order)
  const elsewhere = lines.filter((line) => line.source !== draft.state.site).reduce((sum, line) => plus(sum, openOf(line)), none)
  return orderState(
    lines,
    {
      open: plus(here.open, elsewhere),
      held: plus(here.held, elsewhere),
      allocated: plus(here.allocated, elsewhere),
      picked: plus(here.picked, elsewhere),
      packed: plus(here.packed, elsewhere),
    },
    (draft.collection.get(order)?.readyAt ?? null) !== null,
  )
}

function progressOf(draft: Draft, order: string): Progress {
  const rows = draft.planned.of(order).filter((row) => row.holdExpiresAt === null)
  const picked = rows.flatMap((row) => draft.allocation.of(plannedKey(row))).filter(isPicked)
  const sum = <Row>(of: readonly Row[], some: (row: Row) => Quantity): Quantity => of.reduce((total, row) => plus(total, some(row)), none)
  return {
    open: sum(rows, open),
    held: sum(rows, (row) => row.held),
    allocated: sum(rows, (row) => row.allocated),
    picked: sum(picked, (one) => one.quantity),
    packed: sum(
      picked.filter((one) => one.package !== ''),
      (one) => one.quantity,
    ),
  }
}

/** Picked goods stand at packing; in a package or not, they may be shipped. */
export const isPicked = (one: Allocation): boolean => one.place === standardPlaces.packing

/** Refuses what the order's state does not permit. */
export function forbids(draft: Draft, order: string, action: OrderAction): Refusal | undefined {
  if (draft.order.get(order) === undefined && draft.planned.of(order).length === 0) {
    return refuse('order_not_known', 'order', 'There is no such order at this site.')
  }
  if (isStopped(action, draft.orderHold.of(order))) {
    return refuse('order_on_hold', 'order', 'The order is on hold: it does not go on before that is taken off.')
  }
  const collection = draft.collection.get(order)
  if (isOtherWay(action, collection !== undefined)) {
    const how = collection === undefined ? 'The order is delivered: nobody collects it.' : 'The order is collected at the counter: it is not shipped.'
    return refuse('handed_over_otherwise', 'order', how)
  }
  const state = stateOf(draft, order)
  if (orderCan[state].includes(action)) return undefined
  return refuse('order_state_forbids', 'order', `The order is ${state}, so it cannot be changed this way: ${action}.`)
}
