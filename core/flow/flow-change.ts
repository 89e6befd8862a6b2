// Flow, changing: a customer wants more or less of a confirmed order, on another day, or something else besides. Less is given up where it costs least:
// what waits, then what is held, then what is set aside; what is picked stays at packing until it is carried back. More, and another day, are a new
// question to stock and supply, so the line is promised anew, in its turn; what was promised before stands in the log.
//
// Invariant: what left cannot be taken back by a change, and what was asked, cancelled and shipped of a line still adds up.

import type { Day } from '../calendar.ts'
import { takeOverFor } from '../consignment.ts'
import { loosen } from '../hold.ts'
import { ageOf, announce, plan, redate, type Draft } from '../ledger.ts'
import { openOf, type OrderLine } from '../order.ts'
import { repriced } from '../order-price.ts'
import { open, plannedKey, waiting, type PlannedMove } from '../planned-move.ts'
import { minus, none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { toldAsked, type InUnit, type ToldAsked } from '../unit.ts'
import { reducePlanned, serveHere, type LineAnswer } from './flow.ts'
import { forbids, type WantedLine } from './order.ts'
import { settleCollection } from './order-collection.ts'
import { settlePayment } from './order-payment.ts'
import { promise } from './promise.ts'
import { pegToSupply } from './reserve.ts'

export interface ChangedLine {
  readonly line: number
  /** What is wanted in all from now on, shipped goods included; null where that stays. None at all takes the line out. */
  readonly quantity: Quantity | null
  readonly requested: Day | null
  /** What was wanted when somebody decided this; null where nobody looked. */
  readonly was: Quantity | null
  /** As what the quantity was asked for, where that is not the base unit. */
  readonly inUnit?: InUnit
}

export type AddedLine = Omit<WantedLine, 'line' | 'source'>

export interface ChangeOrder {
  readonly kind: 'changeOrder'
  readonly order: string
  readonly lines: readonly ChangedLine[]
  readonly added: readonly AddedLine[]
}

/** How a line was, and how it is now. */
interface Change {
  readonly line: number
  readonly before: Agreed
  readonly after: Agreed
  /** Whether another site, which serves the line, is asked to let go of it. */
  readonly asked: boolean
}

interface Agreed {
  readonly quantity: Quantity
  readonly asked?: ToldAsked
  readonly requested: Day
  readonly promised: Day | null
}

/** The lines as they are now, and those that came to the order. */
export interface ChangeAnswer {
  readonly id: string
  readonly lines: readonly Change[]
  readonly added: readonly LineAnswer[]
}

export function changeOrder({ order, lines, added }: ChangeOrder, draft: Draft): ChangeAnswer | Refusal {
  const refusal = forbids(draft, order, 'change') ?? addedFault(added)
  if (refusal) return refusal
  const head = draft.order.get(order)
  if (head === undefined) return refuse('order_not_known', 'order', 'Only the site that took an order changes it.')
  const more = paidFault(draft, order, lines, added)
  if (more) return more
  const changed: Change[] = []
  for (const [index, one] of lines.entries()) {
    const change = changeLine(draft, order, one, `lines/${index + 1}`)
    if (isRefusal(change)) return change
    if (change !== undefined) changed.push(change)
  }
  const first = draft.line.of(order).reduce((last, one) => Math.max(last, one.line), 0) + 1
  const entered: LineAnswer[] = added.map((one, index) => serveHere(draft, head, { ...one, line: first + index, source: draft.state.site }))
  if (changed.length + entered.length === 0) return refuse('nothing_to_do', 'lines', 'The order says so already.')
  settlePayment(draft, order)
  settleCollection(draft, order)
  announce(draft, { type: 'order.changed', subject: order, data: { lines: changed, added: entered } })
  return { id: order, lines: changed, added: entered }
}

/** What was authorised is what was ordered: of more than that, the rest would never be paid. */
function paidFault(draft: Draft, order: string, lines: ChangeOrder['lines'], added: ChangeOrder['added']): Refusal | undefined {
  if (draft.payment.get(order) === undefined) return undefined
  const index = lines.findIndex(({ line, quantity }) => {
    const row = draft.line.get(`${order}/${line}`)
    return row !== undefined && quantity !== null && quantity > minus(row.quantity, row.cancelled)
  })
  if (index === -1 && added.length === 0) return undefined
  const field = index === -1 ? 'added' : `lines/${index + 1}/quantity`
  return refuse('payment_fixed', field, 'The order is paid through the payment provider: what is wanted besides is another order.')
}

function addedFault(added: ChangeOrder['added']): Refusal | undefined {
  const index = added.findIndex((one) => one.quantity <= 0)
  if (index === -1) return undefined
  return refuse('quantity_not_positive', `added/${index + 1}/quantity`, `A quantity of ${added[index]!.quantity} cannot be ordered.`)
}

/** Changes one line; undefined where it says so already. */
function changeLine(draft: Draft, order: string, one: ChangedLine, path: string): Change | Refusal | undefined {
  const row = draft.line.get(`${order}/${one.line}`)
  if (row === undefined) return refuse('line_not_known', `${path}/line`, `The order has no line ${one.line}.`)
  const before = agreedOf(row)
  const [wanted, requested] = [one.quantity ?? before.quantity, one.requested ?? before.requested]
  if (one.was !== null && one.was !== before.quantity) {
    return refuse(
      'changed_meanwhile',
      `${path}/quantity`,
      `Line ${one.line} is for ${before.quantity} by now, and was for ${one.was} when this was decided.`,
    )
  }
  if (wanted < 0) return refuse('quantity_not_positive', `${path}/quantity`, `A quantity of ${wanted} cannot be ordered.`)
  if (wanted < row.shipped)
    return refuse('less_than_shipped', `${path}/quantity`, `${row.shipped} of line ${one.line} have left: take them back with a return.`)
  if (wanted === before.quantity && requested === before.requested) return undefined
  if (row.kit !== null)
    return refuse('kit_torn', path, `Line ${one.line} is of a kit, which stays as it was sold: cancel all of it, and add what is wanted instead.`)
  if (draft.lineSupply.get(`${order}/${one.line}`) !== undefined)
    return refuse('line_bought', path, `Line ${one.line} is bought for this order as it stands: cancel it, and add what is wanted instead.`)
  const servedHere = row.source === draft.state.site
  if (!servedHere && (wanted > before.quantity || requested !== before.requested)) {
    const source = draft.state.siteCodes.get(row.source) ?? String(row.source)
    return refuse(
      'served_elsewhere',
      path,
      `${source} serves line ${one.line}, and can only let go of some of it: add a line for what is wanted besides.`,
    )
  }
  if (wanted !== before.quantity) noteAsked(draft, order, one)
  if (wanted < before.quantity) reduce(draft, row, wanted)
  if (wanted > before.quantity || requested !== before.requested) ask(draft, order, one.line, { quantity: wanted, requested })
  const after = servedHere ? agreedOf(draft.line.get(`${order}/${one.line}`)!) : { ...before, quantity: wanted }
  return {
    line: one.line,
    before,
    after: one.inUnit === undefined ? after : { ...after, asked: toldAsked(one.inUnit) },
    asked: !servedHere,
  }
}

/** A line says as what it was asked for last; of base units nothing is said. */
function noteAsked(draft: Draft, order: string, { line, inUnit }: ChangedLine): void {
  const before = draft.askedIn.get(`${order}/${line}`)
  if (inUnit !== undefined) draft.askedIn.put({ document: order, line, ...inUnit })
  else if (before !== undefined) draft.askedIn.remove(before)
}

const agreedOf = ({ quantity, cancelled, requested, promised }: OrderLine): Agreed => ({ quantity: minus(quantity, cancelled), requested, promised })

/** Here at once; another site that serves the line is asked, and tells how much it could still stop. */
function reduce(draft: Draft, row: OrderLine, wanted: Quantity): void {
  const { order, line, source } = row
  if (source === draft.state.site) {
    const cancelled = reducePlanned(draft, order, line, minus(agreedOf(row).quantity, wanted))
    draft.line.put({ ...row, cancelled: plus(row.cancelled, cancelled) })
    return
  }
  const kept = [{ line, quantity: wanted }]
  announce(draft, { type: 'order.cancel_asked', subject: order, to: source, data: { order, home: draft.state.site, lines: [], kept } })
}

/** Asks stock and supply anew for what a line still waits for, and for what is wanted of it besides. */
function ask(draft: Draft, order: string, line: number, { quantity: wanted, requested }: Pick<Agreed, 'quantity' | 'requested'>): void {
  const row = draft.line.get(`${order}/${line}`)!
  const more = minus(wanted, agreedOf(row).quantity)
  const next = { ...row, quantity: plus(row.quantity, more), requested }
  const last = draft.planned
    .of(order)
    .filter((one) => one.line === line)
    .toSorted((a, b) => a.part - b.part)
    .at(-1)!
  // A line of which nothing is open is promised nothing: the day is only noted.
  const promised = openOf(next) === 0 ? row.promised : promiseAnew(draft, last, more, requested)
  draft.line.put({ ...next, promised })
  const price = draft.linePrice.get(`${order}/${line}`)
  if (price !== undefined && more > none) draft.linePrice.put(repriced(price, next.unitPrice, next.quantity))
}

/**
 * What is held stays; the rest is taken out of the plan, promised as if it were asked for now, and planned again. It queues as of now: who was told
 * a day between then and now is served first.
 */
function promiseAnew(draft: Draft, row: PlannedMove, more: Quantity, requested: Day): Day | null {
  const key = plannedKey(row)
  for (const one of draft.peg.of(`demand ${key}`)) loosen(draft, one, one.quantity)
  const pegless = draft.planned.get(key)!
  const rest = waiting(pegless)
  plan(draft, { ...pegless, planned: minus(pegless.planned, rest) })
  const wanted = plus(rest, more)
  const promised = promise(draft, row.item, row.owner, wanted, requested)
  takeOverFor(draft, row.item, promised.held, row.document)
  const kept = draft.planned.get(key)!
  const waits = wanted > promised.held
  plan(draft, {
    ...kept,
    planned: plus(kept.planned, wanted),
    held: plus(kept.held, promised.held),
    age: waits && more > none ? ageOf(draft) : kept.age,
  })
  redate(draft, draft.planned.get(key)!, promised.day ?? requested)
  if (promised.reason === 'incoming_supply') pegToSupply(draft, draft.planned.get(key)!)
  return open(draft.planned.get(key)!) === 0 ? null : promised.day
}
