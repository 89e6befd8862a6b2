// Order collection: when an order that its customer collects is ready, until when it is kept, and that nobody came. Making it ready once more keeps it
// longer. Nobody has to watch the day: the site's lane looks by itself, once a day (server/overdue.ts), and raises one exception an order.

import type { Day } from '../calendar.ts'
import { addDays } from '../calendar.ts'
import { keep_days_max, type Collection } from '../collection.ts'
import { uncollectedOf } from '../exception-groups.ts'
import { announce, type Draft } from '../ledger.ts'
import type { Exception } from '../order.ts'
import { openOf } from '../order.ts'
import { none, plus } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { forbids, orderNumber, stateOf } from './order.ts'

export interface MakeReady {
  readonly kind: 'makeReady'
  readonly order: string
  /** Null for as long as was agreed when it was ordered. */
  readonly keptUntil: Day | null
}

/** All of it is picked: the customer may come for it. Said once more, it is kept longer. */
export function makeReady({ order, keptUntil: wanted }: MakeReady, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'ready')
  if (refusal) return refusal
  const { today } = draft.state
  const collection = draft.collection.get(order)!
  const keptUntil = wanted ?? addDays(today, collection.keepDays)
  if (keptUntil < today || keptUntil > addDays(today, keep_days_max)) {
    return refuse('date_not_valid', 'keptUntil', `It is kept until today at least, and ${keep_days_max} days at most.`)
  }
  if (collection.readyAt !== null && collection.keptUntil === keptUntil)
    return refuse('nothing_to_do', 'keptUntil', 'It is ready, and kept until then.')
  draft.collection.put({ ...collection, readyAt: draft.state.now, keptUntil })
  for (const one of openOnes(draft, order)) close(draft, one)
  announce(draft, { type: 'order.ready', subject: order, data: { keptUntil } })
  return { id: order, keptUntil }
}

/** What was ready and is not any more, because it was handed over, changed or cancelled, waits for nobody. */
export function settleCollection(draft: Draft, order: string): void {
  const collection = draft.collection.get(order)
  if (collection === undefined || collection.readyAt === null || stateOf(draft, order) === 'ready') return
  draft.collection.put({ ...collection, readyAt: null, keptUntil: null })
  for (const one of openOnes(draft, order)) close(draft, one)
}

export interface RaiseUncollected {
  readonly kind: 'raiseUncollected'
  readonly orders: readonly string[]
}

/** Of these orders, those that nobody came for and that were not raised yet. Asking again raises nothing twice. */
export function raiseUncollected({ orders }: RaiseUncollected, draft: Draft): object {
  let raised = 0
  for (const order of orders) {
    settleCollection(draft, order)
    const collection = draft.collection.get(order)
    if (collection === undefined || !isUncollected(draft, collection) || openOnes(draft, order).length > 0) continue
    raise(draft, order, collection.keptUntil!)
    raised += 1
  }
  return { raised }
}

const isUncollected = (draft: Draft, { keptUntil }: Collection): boolean => keptUntil !== null && keptUntil < draft.state.today

function raise(draft: Draft, order: string, keptUntil: Day): void {
  const number = orderNumber(draft.state.siteCode, draft.order.get(order)!.number)
  draft.exception.put({
    exception: draft.state.newId(),
    kind: 'not_collected',
    item: null,
    document: order,
    line: null,
    quantity: draft.line.of(order).reduce((sum, line) => plus(sum, openOf(line)), none),
    detail: `${number} was kept until ${keptUntil}, and nobody collected it: put it back, or keep it longer.`,
    raisedAt: draft.state.now,
  })
  announce(draft, { type: 'order.not_collected', subject: order, data: { keptUntil } })
}

const openOnes = (draft: Draft, order: string): Exception[] =>
  draft.exception.of(uncollectedOf(order)).filter((one) => (one.closedAt ?? null) === null)

const close = (draft: Draft, one: Exception): void => draft.exception.put({ ...one, closedAt: draft.state.now })
