// Flow, the remedy: of what can be done for those whom a disruption hurts (core/plan/remedy.ts) a person has chosen one, and it is done in one step or
// not at all: goods come from another site or another supplier, and what depended on the late ones is tied to them; a line is given up for one of another
// item that is here; an order sends what is there; or customers are told the day that can be kept, as one promise more.
//
// It was chosen by what it costs, when it comes and how much it is. Where the world has changed since, so that one of these does not hold any more, it is
// refused, and the person looks again. The exception is closed when nobody is hurt any more.

import type { Day } from '../calendar.ts'
import { cancelSupply, loosen, peg, pegWaiting, unpegged } from '../hold.ts'
import type { ItemId, PartyId, SiteId } from '../item.ts'
import { announce, redate, type Draft } from '../ledger.ts'
import type { ExceptionHurt } from '../order.ts'
import { isBound, open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { repricedPart } from '../order-price.ts'
import { isMended, type Remedy } from '../plan/remedy.ts'
import { placeRequest } from './cover-transfer.ts'
import { cancelOrder } from './flow.ts'
import { changeOrder, type AddedLine, type ChangedLine } from './flow-change.ts'
import { placePurchase } from './purchase.ts'

/** What a person was shown and agreed to. */
export type Chosen = Pick<Remedy, 'quantity' | 'cost' | 'date'>

export interface ApplyRemedy {
  readonly kind: 'applyRemedy'
  readonly exception: string
  /** The id that a purchase or transfer gets. */
  readonly document: string
  readonly chosen: Chosen
  /** The same as it is now; null where it is not possible any more. */
  readonly remedy: Remedy | null
  readonly item: ItemId | null
  /** The supply that is late, and the day it was expected on; null where nothing more of it comes. */
  readonly late: { readonly document: string; readonly line: number; readonly expected: Day } | null
  /** The orders that are hurt. */
  readonly hurt: readonly string[]
}

export function applyRemedy(command: ApplyRemedy, draft: Draft): object | Refusal {
  const exception = draft.exception.get(command.exception)
  if (exception === undefined) return refuse('exception_not_known', 'id', 'There is no such exception at this site.')
  if ((exception.closedAt ?? null) !== null) return refuse('exception_closed', 'id', 'This is settled already: nobody is hurt by it any more.')
  const refusal = changedSince(command, draft)
  if (refusal) return refusal
  const remedy = command.remedy!
  const done = carryOut(command, remedy, draft)
  if (done !== undefined) return done
  const left = draft.hurt.of(exception.exception).filter((one) => isHurt(draft, one))
  if (left.length === 0) draft.exception.put({ ...exception, closedAt: draft.state.now })
  const { quantity, cost, date, lines } = remedy
  const document = remedy.remedy === 'transfer' || remedy.remedy === 'expedite' ? command.document : null
  announce(draft, {
    type: 'exception.remedied',
    subject: exception.exception,
    data: { remedy: remedy.remedy, with: remedy.with, quantity, cost, date, document, lines: lines.length, left: left.length },
  })
  return { id: exception.exception, remedy: remedy.remedy, document, lines: lines.length, left: left.length }
}

/** Whether what was chosen does not hold any more. */
function changedSince({ remedy, chosen, late }: ApplyRemedy, draft: Draft): Refusal | undefined {
  if (remedy === null) return refuse('remedy_changed', 'remedy', 'This cannot be done any more. Look at what can be done now.')
  if (remedy.quantity !== chosen.quantity || remedy.cost !== chosen.cost || remedy.date !== chosen.date) {
    const cost = remedy.cost === null ? 'an unknown amount' : (remedy.cost / 100).toFixed(2)
    return refuse('remedy_changed', 'remedy', `By now it is ${remedy.quantity} for ${cost} on ${remedy.date}. Look again before you choose.`)
  }
  const supply = late === null ? undefined : supplyOf(draft, late)
  const isAsRead = late === null ? true : supply !== undefined && open(supply) > 0 && supply.due === late.expected
  const isTied = remedy.ties.every((tie) => {
    const demand = draft.planned.get(plannedKey(tie))
    const tied = supply === undefined ? demand && unpegged(demand) : draft.peg.get(`${plannedKey(supply)}>${plannedKey(tie)}`)?.quantity
    return (tied ?? none) >= tie.quantity
  })
  return isAsRead && isTied
    ? undefined
    : refuse('remedy_changed', 'remedy', 'What is late or whom it hurts has changed meanwhile. Look again before you choose.')
}

const supplyOf = (draft: Draft, { document, line }: { readonly document: string; readonly line: number }): PlannedMove | undefined =>
  draft.planned.get(plannedKey({ document, line, part: 1 }))

function carryOut(command: ApplyRemedy, remedy: Remedy, draft: Draft): Refusal | undefined {
  switch (remedy.remedy) {
    case 'transfer':
      return bringIn(command, remedy, draft, (tie) => {
        const line = { line: 1, item: command.item!, quantity: remedy.quantity, due: remedy.date }
        placeRequest(draft, { transfer: command.document, from: remedy.party as SiteId, lines: [line] }, tie)
      })
    case 'expedite':
      return bringIn(command, remedy, draft, (tie) => {
        const line = { line: 1, item: command.item!, quantity: remedy.quantity, unitPrice: remedy.unitPrice!, due: remedy.date }
        placePurchase(draft, { purchase: command.document, supplier: remedy.party as PartyId, orderedAt: draft.state.now, lines: [line] }, tie)
      })
    case 'substitute':
      return substitute(command, remedy, draft)
    case 'split':
      return split(remedy, draft)
    case 'repromise':
      return repromise(command.exception, remedy, draft)
    case 'resend':
      return isOpenAsRead(remedy, draft, (row) => row.held >= open(row)) ? undefined : changed
    case 'cancel':
      return isOpenAsRead(remedy, draft, () => true) ? cancel(remedy, draft) : changed
    case 'settle':
      return draft.hurt.of(command.exception).some((one) => isHurt(draft, one)) ? changed : undefined
  }
}

const changed = refuse('remedy_changed', 'remedy', 'What these lines wait for has changed meanwhile. Look again before you choose.')

/** Whether as much is open of a remedy's lines as when it was read, and each is as it must be. */
function isOpenAsRead({ lines, quantity }: Remedy, draft: Draft, is: (row: PlannedMove) => boolean): boolean {
  const rows = lines.map(({ order, line }) => openRows(draft, order, line))
  const sum = rows.flat().reduce((total, row) => plus(total, open(row)), none)
  return sum === quantity && rows.every((some) => some.length > 0 && some.every(is))
}

/** New supply takes over what depended on the late one. What of a late purchase nobody needs for it any more is called off. */
function bringIn(
  { late }: ApplyRemedy,
  { ties, remedy }: Remedy,
  draft: Draft,
  bring: (tie: (draft: Draft, row: PlannedMove) => void) => void,
): undefined {
  const supply = late === null ? undefined : supplyOf(draft, late)
  const moved = ties.reduce((sum, one) => plus(sum, one.quantity), none)
  if (supply !== undefined) for (const one of ties) loosen(draft, draft.peg.get(`${plannedKey(supply)}>${plannedKey(one)}`)!, one.quantity)
  bring((_draft, row) => {
    for (const one of ties) peg(draft, draft.planned.get(plannedKey(row))!, draft.planned.get(plannedKey(one))!, one.quantity)
    pegWaiting(draft, draft.planned.get(plannedKey(row))!)
  })
  if (supply === undefined) return undefined
  // What was bought for one line alone is of no use to others either.
  if (supply.kind === 'purchase' && (remedy === 'expedite' || isBound(supply))) callOff(draft, draft.planned.get(plannedKey(supply))!, moved)
  else pegWaiting(draft, draft.planned.get(plannedKey(supply))!)
  return undefined
}

function callOff(draft: Draft, supply: PlannedMove, moved: Quantity): void {
  const some = least(moved, open(supply))
  cancelSupply(draft, supply, some)
  const line = draft.purchaseLine.get(`${supply.document}/${supply.line}`)!
  draft.purchaseLine.put({ ...line, cancelled: plus(line.cancelled, some) })
  announce(draft, { type: 'purchase.cancelled', subject: supply.document, data: { lines: [{ line: supply.line, cancelled: some }] } })
}

/**
 * What is open of each line is cancelled, and a line of what is sent instead stands beside it, held and at the same price: as a customer's own change would
 * be. The promise of the first line stays as it was given. Who else waits for the late supply counts on what of it is free now.
 */
function substitute({ late }: ApplyRemedy, remedy: Remedy, draft: Draft): Refusal | undefined {
  if (!isOpenAsRead(remedy, draft, (row) => row.allocated === 0)) return changed
  for (const [order, lines] of Map.groupBy(remedy.lines, (one) => one.order)) {
    const instead = lines.map(({ line }) => insteadOf(draft, order, line, remedy.party as ItemId))
    if (instead.some((one) => one === undefined)) return changed
    const pairs = instead.map((one) => one!)
    const answer = changeOrder({ kind: 'changeOrder', order, lines: pairs.map((one) => one.less), added: pairs.map((one) => one.added) }, draft)
    if (isRefusal(answer) || answer.added.some((one) => one.backordered > 0)) return changed
  }
  const supply = late === null ? undefined : supplyOf(draft, late)
  if (supply !== undefined) pegWaiting(draft, supply)
  return undefined
}

/** A line with no more than what of it has left, and one of another item for the rest. */
function insteadOf(draft: Draft, order: string, line: number, item: ItemId): { readonly less: ChangedLine; readonly added: AddedLine } | undefined {
  const row = draft.line.get(`${order}/${line}`)
  if (row === undefined) return undefined
  const rows = openRows(draft, order, line)
  const some = rows.reduce((sum, one) => plus(sum, open(one)), none)
  const was = minus(row.quantity, row.cancelled)
  const { requested, unitPrice, priceBasis, item: asked } = row
  const price = draft.linePrice.get(`${order}/${line}`)
  return {
    less: { line, quantity: minus(was, some), requested: null, was },
    added: {
      item,
      asked,
      quantity: some,
      requested,
      unitPrice,
      unitWorth: rows[0]!.unitPrice,
      ...(priceBasis !== null && { priceBasis }),
      ...(price !== undefined && { price: repricedPart(price, row, some) }),
    },
  }
}

/** The customers of these lines do not wait any more. */
function cancel({ lines }: Remedy, draft: Draft): Refusal | undefined {
  for (const [order, some] of Map.groupBy(lines, (one) => one.order)) {
    const answer = cancelOrder({ kind: 'cancelOrder', order, lines: some.map((one) => one.line) }, draft)
    if (isRefusal(answer)) return changed
  }
  return undefined
}

/** What is there of these orders may go; the rest follows. */
function split({ lines }: Remedy, draft: Draft): undefined {
  for (const order of new Set(lines.map((one) => one.order))) {
    draft.order.put({ ...draft.order.get(order)!, shipComplete: false })
    announce(draft, { type: 'order.split', subject: order, data: {} })
  }
  return undefined
}

/** Customers are told another day. The first promise, and all later ones, stay as they were given. */
function repromise(exception: string, { lines }: Remedy, draft: Draft): Refusal | undefined {
  for (const { order, line, date } of lines) {
    const rows = openRows(draft, order, line)
    const known = draft.line.get(`${order}/${line}`)
    if (known === undefined || rows.length === 0 || rows.some((row) => !isThereBy(draft, row, date))) {
      return refuse('remedy_changed', 'remedy', 'What customers can be promised has changed meanwhile. Look again before you choose.')
    }
    const told = draft.laterPromise.of(`${order}/${line}`)
    const before = told.at(-1)?.promised ?? known.promised
    draft.laterPromise.put({ order, line, number: told.length + 1, promised: date, promisedAt: draft.state.now, exception })
    for (const row of rows) redate(draft, row, date)
    announce(draft, { type: 'order.promised_again', subject: order, data: { line, before, promised: date } })
  }
  return undefined
}

const openRows = (draft: Draft, order: string, line: number): PlannedMove[] =>
  draft.planned.of(order).filter((row) => row.kind === 'order' && row.line === line && open(row) > 0)

const isHurt = (draft: Draft, { order, line }: ExceptionHurt): boolean => openRows(draft, order, line).some((row) => !isThereBy(draft, row, row.due))

/** Whether what is open of a demand is held, or will be there by a day as far as is known. */
function isThereBy(draft: Draft, row: PlannedMove, due: Day): boolean {
  const isCovered = row.held + row.pegged >= open(row)
  const days = draft.peg.of(`demand ${plannedKey(row)}`).map((one) => draft.planned.get(one.supply)!.due)
  const estimate = isCovered ? days.reduce((a, b) => (a > b ? a : b), draft.state.today) : null
  return isMended({ open: open(row), held: row.held, estimate, due })
}
