// Disruption: a supply that comes later, or less of it, or that is not there on its day. Its pegs are walked forward, through work orders to their
// outputs, to the customers' order lines that counted on it. What was promised stays as it was given (order_line.promised); only what is expected changes.
//
// Whoever hurts a customer raises one exception that names all orders it hurts: a person decides once, not line by line. A supply is overdue once,
// however many days it stays so: that exception is closed when it comes, will not come, or is given a new day.

import { addDays, type Day } from './calendar.ts'
import { slipsOf } from './exception-groups.ts'
import { announce, redate, type Draft } from './ledger.ts'
import type { Exception } from './order.ts'
import { open, plannedKey, type Peg, type PlannedMove } from './planned-move.ts'
import { money, type Money } from './money.ts'
import { least, minus, none, plus, type Quantity } from './quantity.ts'
import { OUTPUT_LINE, type WorkOrder } from './work-order.ts'

/** A customer's order line that counted on a supply. */
export interface Hurt {
  readonly order: string
  readonly line: number
  readonly quantity: Quantity
  /** The day it was promised for; null where it waits without a promise. */
  readonly promised: Day | null
  /** The day it can be expected now; null where no supply is known any more. */
  readonly estimate: Day | null
  /** Of one. */
  readonly unitPrice: Money
}

const ORDERS_NAMED_MAX = 50

/** The day on which a work order's output can be expected: when its components are there and it is made, and not before it was asked for. */
export function outputDay(draft: Draft, { workOrder, makeDays, due }: WorkOrder): Day {
  const pegs = draft.planned
    .of(workOrder)
    .filter((row) => row.direction === 'demand' && open(row) > 0)
    .flatMap((row) => draft.peg.of(`demand ${plannedKey(row)}`))
  const start = pegs.reduce((day, one) => latest(day, draft.planned.get(one.supply)?.due ?? day), draft.state.today)
  return latest(due, addDays(start, makeDays))
}

/**
 * A supply is expected on `due`: every output that waits for it is expected anew. Returns the order lines that come later for it than they are
 * due. The documents that its pegs lead to must be loaded.
 */
export function expectOn(draft: Draft, supply: PlannedMove, due: Day): Hurt[] {
  const before = draft.planned.get(plannedKey(supply))!
  moveTo(draft, before, due)
  return walkFrom(draft, before, due)
}

/**
 * A supply whose day has passed comes today at the earliest. The day it was given stays, or nobody would see how late it is; what waits for it is
 * expected anew.
 */
export const expectOverdue = (draft: Draft, supply: PlannedMove): Hurt[] => walkFrom(draft, supply, draft.state.today)

/** Walks a supply that came by `supply.due` and now comes on `due` forward: outputs are moved, and the order lines it hurts returned. */
function walkFrom(draft: Draft, supply: PlannedMove, due: Day): Hurt[] {
  const hurts = new Map<string, Hurt>()
  const ahead = [{ row: supply, day: due }]
  for (let step = ahead.shift(); step !== undefined; step = ahead.shift()) {
    const { row, day } = step
    const isLater = day > row.due
    for (const one of draft.peg.of(`supply ${plannedKey(row)}`)) {
      const demand = draft.planned.get(one.demand)!
      if (isLater && demand.kind === 'order' && day > demand.due) hurts.set(one.demand, hurt(draft, demand, one.quantity, day))
      const output = outputFor(draft, demand)
      const next = output && outputDay(draft, draft.workOrder.get(demand.document)!)
      if (output === undefined || next === undefined || next === output.due) continue
      moveTo(draft, output, next)
      ahead.push({ row: output, day: next })
    }
  }
  return [...hurts.values()]
}

/** Whether the day of a supply has passed and not all of it is there. */
export const isOverdue = (draft: Draft, row: PlannedMove): boolean =>
  row.direction === 'supply' && row.status !== 'proposed' && open(row) > 0 && row.due < draft.state.today

function moveTo(draft: Draft, supply: PlannedMove, due: Day): void {
  redate(draft, supply, due)
  if (due >= draft.state.today) closeOverdue(draft, supply)
}

/** A supply is no longer overdue: it will not come, or has a new day. */
export function closeOverdue(draft: Draft, supply: PlannedMove): void {
  close(draft, openOverdue(draft, supply))
}

/** All of a supply is there: that it was late needs nobody any more. */
export function closeSlips(draft: Draft, supply: PlannedMove): void {
  close(draft, openSlips(draft, supply))
}

/** The exception that a supply is overdue, while it is open; there is at most one. */
export const openOverdue = (draft: Draft, supply: PlannedMove): Exception[] => openSlips(draft, supply).filter((one) => one.kind === 'supply_overdue')

const openSlips = (draft: Draft, { document, line }: PlannedMove): Exception[] =>
  draft.exception.of(slipsOf(document, line)).filter((one) => (one.closedAt ?? null) === null)

function close(draft: Draft, exceptions: readonly Exception[]): void {
  for (const one of exceptions) draft.exception.put({ ...one, closedAt: draft.state.now })
}

/** The order lines that count on a supply, through however many work orders: what hurts when it does not come. */
export function countingOn(draft: Draft, supply: PlannedMove): Hurt[] {
  const hurts = new Map<string, Hurt>()
  const seen = new Set<string>()
  const ahead = [plannedKey(supply)]
  for (let key = ahead.shift(); key !== undefined; key = ahead.shift()) {
    if (seen.has(key)) continue
    seen.add(key)
    for (const one of draft.peg.of(`supply ${key}`)) {
      const demand = draft.planned.get(one.demand)!
      if (demand.kind === 'order') hurts.set(one.demand, hurt(draft, demand, one.quantity, null))
      const output = outputFor(draft, demand)
      if (output) ahead.push(plannedKey(output))
    }
  }
  return [...hurts.values()]
}

/**
 * Of those who were tied to a supply, the order lines that nothing covers any more: their own goods, or a component of what is made for them. Asked
 * with the ties as they were before.
 */
export function uncoveredOf(draft: Draft, ties: readonly Peg[]): Hurt[] {
  return ties.flatMap((one) => {
    const demand = draft.planned.get(one.demand)!
    const uncovered = minus(open(demand), plus(demand.held, demand.pegged))
    if (uncovered <= 0) return []
    return hurtByLack(draft, demand, least(uncovered, one.quantity))
  })
}

/** The order lines that wait when nothing covers so many of a demand any more: its own, or all that count on what a work order makes of it. */
export function hurtByLack(draft: Draft, demand: PlannedMove, uncovered: Quantity): Hurt[] {
  if (demand.kind === 'order') return [hurt(draft, demand, uncovered, null)]
  const output = outputFor(draft, demand)
  return output === undefined ? [] : countingOn(draft, output)
}

/** What is tied to a supply now. */
export const tiesOf = (draft: Draft, supply: PlannedMove): readonly Peg[] => draft.peg.of(`supply ${plannedKey(supply)}`)

/** Raises one exception for all order lines that a supply hurts, tells of them, and gives its id; nothing where it hurts none. */
export function raiseHurt(
  draft: Draft,
  kind: Extract<Exception['kind'], 'supply_late' | 'supply_overdue' | 'supply_short'>,
  supply: PlannedMove,
  what: string,
  hurts: readonly Hurt[],
): string | undefined {
  if (hurts.length === 0) return undefined
  const named = hurts.slice(0, ORDERS_NAMED_MAX).map((one) => `${numberOf(draft, one)} line ${one.line} (${toldOf(one)})`)
  const more = hurts.length > named.length ? ` and ${hurts.length - named.length} more` : ''
  const exception = draft.state.newId()
  // What is later still says all that what was late said.
  if (kind === 'supply_late')
    close(
      draft,
      openSlips(draft, supply).filter((one) => one.kind === kind),
    )
  draft.exception.put({
    exception,
    kind,
    item: supply.item,
    document: supply.document,
    line: supply.line,
    quantity: hurts.reduce((sum, one) => plus(sum, one.quantity), none),
    detail: `${what}; it hurts ${named.join(', ')}${more}.`,
    raisedAt: draft.state.now,
    ...noteHurt(draft, exception, hurts),
  })
  const orders = hurts.map(({ unitPrice: _unitPrice, ...one }) => one)
  announce(draft, { type: kind.replace('_', '.'), subject: supply.document, data: { line: supply.line, item: supply.item, orders } })
  return exception
}

/** Notes whom an exception hurts, line by line, and says how many lines that are and what of them is at risk. */
export function noteHurt(draft: Draft, exception: string, hurts: readonly Hurt[]): Pick<Exception, 'hurtLines' | 'hurtValue'> {
  const lines = new Map<string, Hurt>()
  let value = 0
  for (const one of hurts) {
    const key = `${one.order}/${one.line}`
    const before = lines.get(key)
    lines.set(key, before === undefined ? one : { ...one, quantity: plus(before.quantity, one.quantity) })
    value += one.unitPrice * one.quantity
  }
  for (const { order, line, quantity, promised, estimate } of lines.values()) draft.hurt.put({ exception, order, line, quantity, promised, estimate })
  return { hurtLines: lines.size, hurtValue: money(Math.min(value, Number.MAX_SAFE_INTEGER)) }
}

/** Those to whom a day was promised: whoever waits without a promise has an estimate, and it is no news that it moves. */
export const promisesHurt = (hurts: readonly Hurt[]): readonly Hurt[] => hurts.filter((one) => one.promised !== null)

const toldOf = ({ promised }: Hurt): string => (promised === null ? 'not promised' : `promised ${promised}`)

/** Of a line whose home is another site only the day is known that it is due here. */
export function hurt(draft: Draft, { document: order, line, due, unitPrice }: PlannedMove, quantity: Quantity, estimate: Day | null): Hurt {
  const key = `${order}/${line}`
  const told = draft.toldLine.get(key)
  const known = draft.line.get(key) ?? told
  const later = draft.laterPromise.of(key).at(-1)?.promised ?? told?.later
  return { order, line, quantity, promised: known === undefined ? due : (later ?? known.promised), estimate, unitPrice }
}

/** The output that waits for a demand, if a work order does. One that is beyond what was loaded keeps its day until something of it changes. */
function outputFor(draft: Draft, demand: PlannedMove): PlannedMove | undefined {
  if (demand.kind !== 'component' || draft.workOrder.get(demand.document) === undefined) return undefined
  const output = draft.planned.get(plannedKey({ document: demand.document, line: OUTPUT_LINE, part: 1 }))
  return output !== undefined && open(output) > 0 ? output : undefined
}

/** The number people know; an order of another site has none here. */
const numberOf = (draft: Draft, { order, line }: Hurt): string => {
  const row = draft.order.get(order) ?? draft.toldLine.get(`${order}/${line}`)
  return row === undefined ? order : `${draft.state.siteCode}-${row.number}`
}

const latest = (a: Day, b: Day): Day => (a > b ? a : b)
