// Return: goods come back from a customer. Somebody authorises it against the lines of an order, within what has left for him and is not coming back
// already; then the goods are received into inspection, in quarantine: never sellable before somebody looked (return-inspect.ts). Whoever stands at the
// desk with the goods in hand is authorised and received at once.
//
// Moves of a return carry the order and its line; their part says which authorisation they belong to, so each can be counted again by itself.

import { liesAhead, quantityFault, serialFault, trackingFault, untimely } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { announce, post, type Draft } from '../ledger.ts'
import { nothing, subtract, type Money } from '../money.ts'
import type { End } from '../move.ts'
import type { OrderLine } from '../order.ts'
import { amountsOf } from '../order-price.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { beyond, least, minus, none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { rmaCan, rmaNumber, rmaState, toCome, type ReturnReason, type Rma, type RmaAction, type RmaLine } from '../rma.ts'
import { forbids, orderNumber } from './order.ts'
import { settlePayment } from './order-payment.ts'

/** Moves of goods that came back before there were authorisations have part 1. */
export const FIRST_PART = 2

interface Piece {
  readonly line: number
  readonly quantity: Quantity
  readonly lot: string
  readonly serial: string
}

export interface AuthoriseReturn {
  readonly kind: 'authoriseReturn'
  readonly order: string
  readonly rma: string
  readonly authorisedAt: Instant
  readonly lines: readonly {
    readonly line: number
    readonly orderLine: number
    readonly quantity: Quantity
    readonly reason: ReturnReason
    readonly note: string
  }[]
}

export function authoriseReturn({ order, rma, authorisedAt, lines }: AuthoriseReturn, draft: Draft): object | Refusal {
  const fault = forbids(draft, order, 'return') ?? quantityFault(lines) ?? liesAhead(draft, authorisedAt, 'authorisedAt')
  if (fault) return fault
  const row = enterRma(draft, order, rma, authorisedAt)
  for (const one of lines) {
    const path = `lines/${one.line}`
    const known = draft.line.get(`${order}/${one.orderLine}`)
    if (known === undefined) return refuse('line_not_known', `${path}/orderLine`, `The order has no line ${one.orderLine}.`)
    const most = returnable(draft, known)
    if (one.quantity > most) {
      return refuse('more_than_shipped', `${path}/quantity`, `${most} of line ${one.orderLine} have left and are not coming back already.`)
    }
    draft.rmaLine.put(lineOf(draft, rma, known, one))
  }
  announce(draft, { type: 'return.authorised', subject: order, occurredAt: authorisedAt, data: { rma, number: row.number, lines } })
  return { id: rma, order, number: numberOf(draft, row), lines }
}

/** What of a line is with the customer, or on its way to him, and is not coming back already. */
const returnable = (draft: Draft, line: OrderLine): Quantity =>
  beyond(line.shipped, plus(plus(line.cameBack, line.returned), expectedBack(draft, line.order, line.line)))

/** What is authorised to come back of a line and has not come. */
const expectedBack = (draft: Draft, order: string, orderLine: number): Quantity =>
  draft.rma
    .of(order)
    .flatMap(({ rma }) => draft.rmaLine.of(rma))
    .filter((one) => one.orderLine === orderLine)
    .reduce((sum, one) => plus(sum, toCome(one)), none)

/** What of a line is claimed by its returns, whether it came or is still to come. */
const claimed = (draft: Draft, order: string, orderLine: number): Quantity =>
  draft.rma
    .of(order)
    .flatMap(({ rma }) => draft.rmaLine.of(rma))
    .filter((one) => one.orderLine === orderLine)
    .reduce((sum, one) => plus(sum, minus(one.quantity, one.cancelled)), none)

/** What the next pieces of a line that come back were paid with: those after all that is claimed, so that no two returns are due the same. */
function paidOf(draft: Draft, line: OrderLine, some: Quantity): Money {
  const price = draft.linePrice.get(`${line.order}/${line.line}`)
  const before = claimed(draft, line.order, line.line)
  return subtract(amountsOf(line, price, plus(before, some)).gross, amountsOf(line, price, before).gross)
}

function enterRma(draft: Draft, order: string, rma: string, authorisedAt: Instant): Rma {
  const number = 1 + draft.rma.of(order).reduce((last, one) => Math.max(last, one.number), 0)
  const row: Rma = { rma, order, number, authorisedAt, recordedAt: draft.state.now, exchange: null }
  draft.rma.put(row)
  return row
}

const lineOf = (
  draft: Draft,
  rma: string,
  ordered: OrderLine,
  { line, quantity, reason, note }: Pick<RmaLine, 'line' | 'quantity' | 'reason' | 'note'>,
): RmaLine => ({
  rma,
  line,
  orderLine: ordered.line,
  item: ordered.item,
  quantity,
  reason,
  note,
  paid: paidOf(draft, ordered, quantity),
  cancelled: none,
  received: none,
  restocked: none,
  refurbishing: none,
  scrapped: none,
  toVendor: none,
  refund: nothing,
})

export const numberOf = (draft: Draft, { order, number }: Rma): string =>
  rmaNumber(orderNumber(draft.state.siteCode, draft.order.get(order)!.number), number)

/** The return that a command is about, where its state permits what is asked. */
export function permitted(draft: Draft, rma: string, action: RmaAction): Rma | Refusal {
  const row = draft.rma.get(rma)
  if (row === undefined) return refuse('return_not_known', 'id', 'There is no such return at this site.')
  const state = rmaState(draft.rmaLine.of(rma))
  if (rmaCan[state].includes(action)) return row
  return refuse('return_state_forbids', 'id', `The return is ${state}, so this cannot be done with it: ${action}.`)
}

export interface CancelReturn {
  readonly kind: 'cancelReturn'
  readonly order: string
  readonly rma: string
}

/** What has not come back will not come back: the customer keeps it. */
export function cancelReturn({ order, rma }: CancelReturn, draft: Draft): object | Refusal {
  const row = permitted(draft, rma, 'cancel')
  if (isRefusal(row)) return row
  const open = draft.rmaLine.of(rma).filter((one) => toCome(one) > 0)
  if (open.length === 0) return refuse('nothing_to_do', 'id', 'All of it has come back.')
  const lines = open.map((one) => ({ line: one.line, quantity: toCome(one) }))
  for (const one of open) draft.rmaLine.put({ ...one, cancelled: plus(one.cancelled, toCome(one)) })
  announce(draft, { type: 'return.cancelled', subject: order, data: { rma, number: row.number, lines } })
  return { id: rma, order, number: numberOf(draft, row), lines }
}

export interface ReceiveReturn {
  readonly kind: 'receiveReturn'
  readonly order: string
  readonly rma: string
  readonly receivedAt: Instant
  /** By lines of the return. Without them, all that is still to come; goods that are told apart by lot or serial are named. */
  readonly lines: readonly Piece[] | null
}

/** Goods of a return stand at the site, in quarantine. */
export function receiveReturn({ order, rma, receivedAt, lines: named }: ReceiveReturn, draft: Draft): object | Refusal {
  const row = permitted(draft, rma, 'receive')
  if (isRefusal(row)) return row
  const all = draft.rmaLine.of(rma).filter((one) => toCome(one) > 0)
  const lines = named ?? all.map((one) => ({ line: one.line, quantity: toCome(one), lot: '', serial: '' }))
  const fault = quantityFault(lines) ?? untimely(draft, receivedAt, 'receivedAt')
  if (fault) return fault
  if (lines.length === 0) return refuse('nothing_to_do', 'id', 'All of it has come back, or will not.')
  for (const piece of lines) {
    const refusal = receivePiece(draft, row, piece, receivedAt)
    if (refusal) return refusal
  }
  settlePayment(draft, order)
  announce(draft, { type: 'return.received', subject: order, occurredAt: receivedAt, data: { rma, number: row.number, lines } })
  return { id: rma, order, number: numberOf(draft, row), lines }
}

function receivePiece(draft: Draft, { rma, order, number }: Rma, { line, quantity, lot, serial }: Piece, occurredAt: Instant): Refusal | undefined {
  const one = draft.rmaLine.get(`${rma}/${line}`)
  if (one === undefined) return refuse('line_not_known', `lines/${line}`, `The return has no line ${line}.`)
  if (quantity > toCome(one))
    return refuse('more_than_authorised', `lines/${line}/quantity`, `${toCome(one)} of line ${line} are still to come back.`)
  const ordered = draft.line.get(`${order}/${one.orderLine}`)!
  const out = minus(ordered.delivered, ordered.returned)
  if (quantity > out) {
    return refuse('more_than_delivered', `lines/${line}/quantity`, `${out} of it are with the customer: record the delivery first.`)
  }
  const { item } = one
  const label = trackingFault(draft, [{ line, item, quantity, lot, serial }]) ?? serialFault(draft, item, serial, `lines/${line}/serial`)
  if (label) return label
  draft.rmaLine.put({ ...one, received: plus(one.received, quantity) })
  draft.line.put({ ...ordered, returned: plus(ordered.returned, quantity) })
  const from: End = { place: virtualPlaces.customer, package: '', lot, serial, condition: 'quarantine', owner: draft.state.owner }
  const to = { ...from, place: standardPlaces.inspection }
  const part = FIRST_PART + number - 1
  post(draft, { item, quantity, from, to, cause: 'return', document: order, line: one.orderLine, part, occurredAt })
  return undefined
}

export interface Return {
  readonly kind: 'return'
  readonly order: string
  readonly returnedAt: Instant
  /** By lines of the order. */
  readonly lines: readonly (Piece & { readonly reason?: ReturnReason })[]
}

/** The customer stands there with the goods: what comes back is authorised and received in one command. */
export function takeBack({ order, returnedAt, lines }: Return, draft: Draft): object | Refusal {
  const fault = forbids(draft, order, 'return') ?? quantityFault(lines) ?? untimely(draft, returnedAt, 'returnedAt')
  if (fault) return fault
  const row = enterRma(draft, order, draft.state.newId(), returnedAt)
  for (const [index, one] of lines.entries()) {
    const path = `lines/${one.line}`
    const known = draft.line.get(`${order}/${one.line}`)
    if (known === undefined) return refuse('line_not_known', path, `The order has no line ${one.line}.`)
    const out = minus(known.delivered, known.returned)
    if (one.quantity > out) return refuse('more_than_delivered', `${path}/quantity`, `${out} of line ${one.line} are with the customer.`)
    const most = least(out, returnable(draft, known))
    if (one.quantity > most) {
      return refuse(
        'return_expected',
        `${path}/quantity`,
        `${minus(out, most)} of line ${one.line} are expected under another return: receive them there.`,
      )
    }
    const line = index + 1
    draft.rmaLine.put(lineOf(draft, row.rma, known, { line, quantity: one.quantity, reason: one.reason ?? 'other', note: '' }))
    const refusal = receivePiece(draft, row, { ...one, line }, returnedAt)
    if (refusal) return { ...refusal, subject: refusal.subject.replace(`lines/${line}`, path) }
  }
  settlePayment(draft, order)
  announce(draft, { type: 'order.returned', subject: order, occurredAt: returnedAt, data: { rma: row.rma, number: row.number, lines } })
  return { id: order, rma: row.rma, number: numberOf(draft, row), lines }
}
