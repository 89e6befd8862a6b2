// Flow: the journey of an order through the stages: order -> promise -> reserve in one command, its cancellation, and what the home site
// of an order and the sites that serve it tell each other. The later stages have a file each.

import { addDays, laterOf } from '../calendar.ts'
import { saidOf, type TakenOver } from '../consignment.ts'
import { liesAhead, quantityFault } from '../fault.ts'
import type { Confidence, GivenPromise } from '../given-promise.ts'
import type { ItemId, SiteId } from '../item.ts'
import { announce, plan, type Draft } from '../ledger.ts'
import { openOf, type OrderLine } from '../order.ts'
import { open, plannedKey } from '../planned-move.ts'
import { beyond, least, minus, none, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { announceOrder, demandFor, enter, enterLine, forbids, keepPromise, orderNumber, type PlaceOrder, type WantedLine } from './order.ts'
import { settleCollection } from './order-collection.ts'
import { weighCredit } from './order-credit.ts'
import { beginPayment, settlePayment } from './order-payment.ts'
import { boughtFault, buyAtOnce, letGo } from './purchase-bound.ts'
import { alternativeInTime, promise, type Promised } from './promise.ts'
import { cancelDemand, cancelOpen } from '../hold.ts'
import { reserve } from './reserve.ts'
import { toldAsked, type ToldAsked } from '../unit.ts'

/** What became of a line at once. */
export interface LineAnswer {
  readonly line: number
  readonly sku: string
  readonly quantity: Quantity
  readonly held: Quantity
  readonly backordered: Quantity
  readonly source: string
  readonly promised: string | null
  readonly reason: string
  /** How sure it is and why, where it is more than being in stock. */
  readonly confidence?: Confidence
  readonly because?: string
  /** The line that was asked for, where this is a further part of it. */
  readonly partOf?: number
  /** The kit that it is of, by its number in the order. */
  readonly kit?: number
  /** What was asked for, where another item is sent. */
  readonly insteadOf?: string
  /** As what it was asked for, where that is not the base unit. */
  readonly asked?: ToldAsked
}

export interface OrderAnswer {
  readonly id: string
  readonly number: string
  readonly lines: readonly LineAnswer[]
}

/** Order, promise and reserve: what stock covers is held, the rest is pegged to incoming supply or waits as a backorder. */
export function placeOrder(command: PlaceOrder, draft: Draft): OrderAnswer | Refusal {
  const fault = quantityFault(command.lines) ?? liesAhead(draft, command.orderedAt, 'orderedAt')
  if (fault) return fault
  const elsewhere = command.lines.filter((wanted) => wanted.source !== draft.state.site)
  const notHeld = elsewhere.find((wanted) => !command.heldElsewhere.some((one) => one.line === wanted.line))
  if (command.collect !== undefined && elsewhere.length > 0)
    return refuse(
      'handed_over_otherwise',
      `lines/${elsewhere[0]!.line}/source`,
      'An order that is collected is served by the shop where it is collected.',
    )
  const impossible = boughtFault(command, draft.state.site)
  if (impossible) return impossible
  if (notHeld) return refuse('source_unavailable', `lines/${notHeld.line}/source`, 'The site that was to serve this line holds nothing for it.')
  const order = enter(draft, command, 'order')
  const lines = promiseLines(draft, command).map((one) => enterPromised(draft, order.order, one))
  announceOrder(draft, order, lines)
  const { payment } = command
  // What is bought for the order is as good as held: it is paid for before anything is ordered.
  const secured = lines.reduce((sum, line) => plus(sum, draft.lineSupply.get(`${order.order}/${line.line}`) ? line.quantity : line.held), none)
  if (payment !== undefined) beginPayment(draft, order.order, payment, secured)
  weighCredit(draft)
  buyAtOnce(draft, order.order)
  for (const source of new Set(elsewhere.map((wanted) => wanted.source))) {
    // Whoever sent the order may be gone before it confirms the holds: the message does so in any case.
    const there = elsewhere.filter((wanted) => wanted.source === source).map((wanted) => wanted.line)
    announce(draft, { type: 'order.confirmed', subject: order.order, to: source, data: { order: order.order, lines: there } })
  }
  return { id: order.order, number: orderNumber(draft.state.siteCode, order.number), lines }
}

/** A line with what it is promised: by this site, or by the one that holds it already. */
interface PromisedLine {
  readonly wanted: WantedLine
  readonly promised: Promised
  /** What was taken over for it of goods that suppliers left here. */
  readonly taken?: readonly TakenOver[]
}

/** Holds what is served here, line by line; of a kit all lines are promised for the day on which the last of them is there. */
function promiseLines(draft: Draft, command: PlaceOrder): readonly PromisedLine[] {
  const lines = command.lines.map((wanted) =>
    wanted.source === draft.state.site ? promiseHere(draft, command, inTime(draft, wanted)) : { wanted, promised: servedElsewhere(command, wanted) },
  )
  if (lines.every(({ wanted }) => wanted.kit === undefined)) return lines
  return lines.map((line) => {
    const { wanted, promised } = line
    if (wanted.kit === undefined) return line
    const { day, reason, confidence } = lines.filter((one) => one.wanted.kit?.kit === wanted.kit!.kit).reduce(later).promised
    return { ...line, promised: { held: promised.held, day, reason, confidence } }
  })
}

const later = (a: PromisedLine, b: PromisedLine): PromisedLine =>
  a.promised.day === null || (b.promised.day !== null && a.promised.day >= b.promised.day) ? a : b

/** Promises a line from this site, enters it and holds what there is. */
export const serveHere = (draft: Draft, command: Pick<PlaceOrder, 'order' | 'priority'>, wanted: WantedLine): LineAnswer =>
  enterPromised(draft, command.order, promiseHere(draft, command, wanted))

/** The line as it was asked for, or with the first of its alternatives that is in stock where that one cannot be had in time. */
function inTime(draft: Draft, wanted: WantedLine): WantedLine {
  const { alternatives = [], item: asked, quantity, requested } = wanted
  if (alternatives.length === 0) return wanted
  const promised = (item: ItemId): Promised => promise(draft, item, draft.state.owner, quantity, requested)
  const item = alternativeInTime(asked, alternatives, promised, laterOf(requested, draft.state.today))
  return item === asked ? wanted : { ...wanted, item, asked }
}

function promiseHere(draft: Draft, command: Pick<PlaceOrder, 'order' | 'priority'>, wanted: WantedLine): PromisedLine {
  if (wanted.supply !== undefined) return promiseBought(draft, command, wanted, wanted.supply)
  const promised = promise(draft, wanted.item, draft.state.owner, wanted.quantity, wanted.requested)
  const home = { order: command.order, home: draft.state.site, priority: command.priority }
  const taken = reserve(draft, demandFor(draft, home, wanted, promised.day ?? wanted.requested), promised)
  return { wanted, promised, taken }
}

/** What is bought for a line is promised for when the supplier can have it there. Stock is not asked. */
function promiseBought(
  draft: Draft,
  command: Pick<PlaceOrder, 'order' | 'priority'>,
  wanted: WantedLine,
  { supplierCode: _code, ...supply }: NonNullable<WantedLine['supply']>,
): PromisedLine {
  const day = laterOf(wanted.requested, addDays(draft.state.today, supply.leadTimeDays))
  draft.lineSupply.put({ order: command.order, line: wanted.line, ...supply })
  plan(draft, demandFor(draft, { order: command.order, home: draft.state.site, priority: command.priority }, wanted, day))
  return { wanted, promised: { held: none, day, reason: 'incoming_supply', confidence: 'medium' } }
}

function servedElsewhere(command: PlaceOrder, wanted: WantedLine): Promised {
  const there = command.heldElsewhere.find((one) => one.line === wanted.line)
  const [held, leaves] = [there?.held ?? none, there?.day ?? null]
  // It has to come here first, as far as a rule says how long that takes.
  const day = leaves === null ? null : addDays(leaves, wanted.transitDays ?? 0)
  return { held, day, reason: 'in_stock', confidence: day === null ? 'none' : 'high' }
}

function enterPromised(draft: Draft, order: string, { wanted, promised, taken = [] }: PromisedLine): LineAnswer {
  const line = enterLine(draft, order, wanted, promised.day)
  const given = toldOf(draft, wanted, promised, taken)
  if (given) keepPromise(draft, line, given)
  return answerOf(draft, wanted, promised, given)
}

/** What a promise counts on and why; undefined where that is plain: it is in stock at the order's own site, and no rule was asked. */
function toldOf(draft: Draft, wanted: WantedLine, { reason, confidence, held, day }: Promised, taken: readonly TakenOver[]): Given | undefined {
  const { because, quantity, kit, asked = null, supply: bought } = wanted
  if (reason === 'in_stock' && because === undefined && asked === null && taken.length === 0) return undefined
  const some = held === quantity ? 'All of it is held, and another part of the kit' : held > 0 ? `${held} of it is held, the rest` : 'All of it'
  const supply = `${some} counts on supply that is ${confidence === 'low' ? 'overdue' : 'on its way'}.`
  const why = { in_stock: 'It is in stock.', incoming_supply: supply, no_supply: `${some} waits: nothing that is on its way covers it.` }[reason]
  const also = [
    ...(because === undefined ? [] : [because]),
    ...(kit === undefined ? [] : ['It goes as part of a kit.']),
    ...(bought === undefined ? [] : [boughtText(bought)]),
    ...(asked === null ? [] : [`It is sent instead of ${skuOf(draft, asked)}.`]),
  ]
  const own = bought === undefined ? [why] : []
  return { promised: day, reason, confidence, asked, because: [...also, ...own, ...(taken.length === 0 ? [] : [saidOf(taken)])].join(' ') }
}

const boughtText = ({ how, supplierCode, leadTimeDays }: NonNullable<WantedLine['supply']>): string =>
  how === 'drop_ship'
    ? `${supplierCode} ships it to the customer, within ${leadTimeDays} days.`
    : `It is bought of ${supplierCode} for this line alone, and comes within ${leadTimeDays} days.`

type Given = Pick<GivenPromise, 'promised' | 'reason' | 'confidence' | 'asked' | 'because'>

const skuOf = (draft: Draft, item: ItemId): string => draft.state.items.get(item)?.sku ?? String(item)

function answerOf(draft: Draft, wanted: WantedLine, { held, day, reason }: Promised, given: Given | undefined): LineAnswer {
  const { line, item, quantity, source, asked, inUnit, partOf, kit } = wanted
  const from = draft.state.siteCodes.get(source) ?? String(source)
  const plain = { line, sku: skuOf(draft, item), quantity, held, backordered: minus(quantity, held), source: from, promised: day, reason }
  if ((given ?? asked ?? inUnit ?? partOf ?? kit) === undefined) return plain
  return {
    ...plain,
    ...(given && { confidence: given.confidence, because: given.because }),
    ...(partOf !== undefined && { partOf }),
    ...(kit !== undefined && { kit: kit.kit }),
    ...(asked !== undefined && { insteadOf: skuOf(draft, asked) }),
    ...(inUnit !== undefined && partOf === undefined && { asked: toldAsked(inUnit) }),
  }
}

export interface CancelOrder {
  readonly kind: 'cancelOrder'
  readonly order: string
  /** Without lines, the whole order. */
  readonly lines: readonly number[] | null
  /** What becomes of what was bought for them and has not come: it is called off, or stays as supply for anybody. */
  readonly callsOff?: boolean
}

/** Cancels what is not shipped yet. Lines that other sites serve are cancelled there; what they could still stop comes back as a message. */
export function cancelOrder({ order, lines, callsOff = false }: CancelOrder, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'cancel')
  if (refusal) return refusal
  const known = draft.line.of(order)
  const unknown = lines?.find((line) => !known.some((one) => one.line === line))
  if (unknown !== undefined) return refuse('line_not_known', `lines/${unknown}`, `The order has no line ${unknown}.`)
  const wanted = known.filter((one) => lines === null || lines.includes(one.line))
  const torn = known.find((one) => one.kit !== null && !wanted.includes(one) && wanted.some((other) => other.kit === one.kit))
  if (torn) return refuse('kit_torn', 'lines', `Line ${torn.line} is of the same kit: it is cancelled with the others, or none of them is.`)
  if (wanted.every((one) => openOf(one) === 0)) return refuse('nothing_to_do', 'lines', 'Nothing of these lines is still open.')

  const here = wanted.filter((one) => one.source === draft.state.site)
  const cancelled = here.map((one) => ({ line: one.line, cancelled: cancelLine(draft, one) }))
  const purchases = here.flatMap((one) => letGo(draft, order, one.line, callsOff))
  const elsewhere = wanted.filter((one) => one.source !== draft.state.site && openOf(one) > 0)
  for (const source of new Set(elsewhere.map((one) => one.source))) {
    const asked = elsewhere.filter((one) => one.source === source).map((one) => one.line)
    announce(draft, { type: 'order.cancel_asked', subject: order, to: source, data: { order, home: draft.state.site, lines: asked } })
  }
  settlePayment(draft, order)
  settleCollection(draft, order)
  const bought = purchases.length === 0 ? {} : { purchases }
  announce(draft, { type: 'order.cancelled', subject: order, data: { lines: cancelled, ...bought } })
  return { id: order, lines: cancelled, asked: elsewhere.map((one) => one.line), ...bought }
}

function cancelLine(draft: Draft, line: OrderLine): Quantity {
  const cancelled = cancelPlanned(draft, line.order, line.line)
  draft.line.put({ ...line, cancelled: plus(line.cancelled, cancelled) })
  return cancelled
}

function cancelPlanned(draft: Draft, order: string, line: number): Quantity {
  const rows = draft.planned.of(order).filter((row) => row.line === line)
  return rows.reduce((sum, row) => plus(sum, cancelOpen(draft, draft.planned.get(plannedKey(row))!)), none)
}

/** So many of a line are not wanted any more, as far as they are still open; returns how many of them were. */
export function reducePlanned(draft: Draft, order: string, line: number, some: Quantity): Quantity {
  let left = some
  for (const row of draft.planned.of(order).filter((one) => one.line === line)) {
    const taken = least(left, open(row))
    if (taken > 0) cancelDemand(draft, row, taken)
    left = minus(left, taken)
  }
  return minus(some, left)
}

/** Gives up what of a line is beyond so many. */
function keepOnly(draft: Draft, order: string, line: number, kept: Quantity): Quantity {
  const rows = draft.planned.of(order).filter((row) => row.line === line)
  const wanted = rows.reduce((sum, row) => plus(sum, minus(row.planned, row.cancelled)), none)
  return reducePlanned(draft, order, line, beyond(wanted, kept))
}

export interface CancelForHome {
  readonly kind: 'cancelForHome'
  readonly order: string
  readonly home: SiteId
  /** Lines that are cancelled whole. */
  readonly lines: readonly number[]
  /** Lines of which so many are still wanted in all, what is shipped included: however often it is told, it has one effect. */
  readonly kept?: readonly { readonly line: number; readonly quantity: Quantity }[]
}

/** The home site asks to cancel: what is not shipped stops here, and the home site is told how much that was. */
export function cancelForHome({ order, home, lines, kept = [] }: CancelForHome, draft: Draft): object {
  const whole = lines.map((line) => {
    const lost = forgetExpired(draft, order, line)
    return { line, quantity: plus(lost, cancelPlanned(draft, order, line)) }
  })
  const cancelled = [...whole, ...kept.map(({ line, quantity }) => ({ line, quantity: keepOnly(draft, order, line, quantity) }))]
  announce(draft, { type: 'order.line_progress', subject: order, to: home, data: { order, progress: 'cancelled', lines: cancelled } })
  return { order, lines: cancelled }
}

/** A hold that expired unconfirmed is still counted on at home: it is told as cancelled too. No late confirmation takes it again. */
function forgetExpired(draft: Draft, order: string, line: number): Quantity {
  let lost = none
  for (const row of draft.planned.of(order).filter((one) => one.line === line && one.holdExpiresAt !== null)) {
    plan(draft, { ...row, holdExpiresAt: null })
    if (open(row) === 0) lost = plus(lost, row.planned)
  }
  return lost
}
