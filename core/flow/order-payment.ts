// Order payment: an order that is paid through a provider is on hold until its payment is authorised; what is shipped of it is captured, what comes back is
// refunded, what will never be shipped is given up. The lane only writes down what is to be asked; who reads the site's log asks it (server/payments.ts)
// and tells the answer as a command. Nothing is authorised before something is held for the order.

import { announce, type Draft } from '../ledger.ts'
import type { Money } from '../money.ts'
import { openOf, type OrderLine } from '../order.ts'
import { addAmounts, amountsOf, noAmounts } from '../order-price.ts'
import { nextStep, paidOf, type PaymentAction, type PaymentStep } from '../payment.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { placeHold, takeOff } from './order-hold.ts'

export interface PaidWith {
  readonly token: string
  readonly currency: string
  readonly hold: string
}

/** Begins an order's payment: it waits, and is asked to be authorised once something is held for it. */
export function beginPayment(draft: Draft, order: string, { token, currency, hold }: PaidWith, held: Quantity): void {
  draft.payment.put({ order, token, currency, hold })
  placeHold(draft, { order, hold, kind: 'payment', reason: 'It is not paid for yet: its payment is not authorised.' })
  if (held > none)
    ask(
      draft,
      order,
      'authorise',
      grossOf(draft, order, (line) => line.quantity),
    )
}

export interface AskAuthorisation {
  readonly kind: 'askAuthorisation'
  readonly order: string
  /** Another way to pay; null for the one that was given. */
  readonly token: string | null
}

/** Asks for what a payment needs: an authorisation that waited for stock, or once more for what was declined, with another card perhaps. */
export function askAuthorisation({ order, token }: AskAuthorisation, draft: Draft): object | Refusal {
  const payment = draft.payment.get(order)
  if (payment === undefined) return refuse('payment_not_known', 'order', 'The order is not paid through a provider.')
  const steps = draft.paymentStep.of(order)
  if (paidOf(steps).authorised > 0) return askAgain(draft, order)
  if (steps.some((one) => one.state !== 'declined')) return refuse('nothing_to_do', 'order', 'Its payment is being asked for.')
  if (draft.line.of(order).every((line) => openOf(line) === 0)) return refuse('nothing_to_do', 'order', 'Nothing of the order is open.')
  if (token !== null) draft.payment.put({ ...payment, token })
  const wanted = grossOf(draft, order, (line) => minus(line.quantity, line.cancelled))
  ask(draft, order, 'authorise', wanted)
  return { id: order, action: 'authorise', amount: wanted }
}

/** What is due and was declined is asked for once more. */
function askAgain(draft: Draft, order: string): object | Refusal {
  const before = draft.paymentStep.of(order).length
  settlePayment(draft, order)
  const asked = draft.paymentStep.of(order).slice(before)
  if (asked.length === 0) return refuse('nothing_to_do', 'order', 'Its payment is authorised, and nothing more is due.')
  return { id: order, action: asked[0]!.action, amount: asked[0]!.amount }
}

export interface NotePayment {
  readonly kind: 'notePayment'
  readonly order: string
  readonly step: number
  readonly outcome: 'done' | 'declined' | 'unclear'
  readonly reference: string | null
  readonly reason: string | null
}

/** The provider's answer, or that there was none. */
export function notePayment({ order, step, outcome, reference, reason }: NotePayment, draft: Draft): object | Refusal {
  const row = draft.paymentStep.get(`${order}/${step}`)
  if (row === undefined) return refuse('payment_not_known', 'step', 'No such step was asked for this order.')
  if (row.state === 'done' || row.state === 'declined') return { id: order, step, state: row.state }
  draft.paymentStep.put({ ...row, state: outcome, reference, reason, answeredAt: draft.state.now })
  announce(draft, { type: `payment.${outcome}`, subject: order, data: { step, action: row.action, amount: row.amount } })
  if (row.action === 'authorise' && outcome === 'done') takeOff(draft, order, draft.payment.get(order)!.hold, 'The payment is authorised.')
  // One that declined is not asked the same over and over: what happens to the order next asks again, or a person does.
  if (outcome === 'done') settlePayment(draft, order)
  return { id: order, step, state: outcome }
}

/** Asks for what follows from what has left, come back and been cancelled; nothing for an order that is not paid through a provider. */
export function settlePayment(draft: Draft, order: string): void {
  if (draft.payment.get(order) === undefined) return
  const due = grossOf(draft, order, (line) => minus(chargedOf(line), plus(line.cameBack, line.returned)))
  const isOver = draft.line.of(order).every((line) => openOf(line) === 0)
  for (let next = nextStep(draft.paymentStep.of(order), due, isOver); next !== undefined;) {
    ask(draft, order, next.action, next.amount)
    next = nextStep(draft.paymentStep.of(order), due, isOver)
  }
}

/** What was lost on the way stays charged as long as it is still wanted: it is sent again, and nobody pays for it twice. */
const chargedOf = ({ quantity, cancelled, shipped, lost }: OrderLine): Quantity => least(minus(quantity, cancelled), plus(shipped, lost))

function ask(draft: Draft, order: string, action: PaymentAction, amount: Money): void {
  const step = draft.paymentStep.of(order).length + 1
  const asked: PaymentStep = {
    order,
    step,
    action,
    amount,
    state: 'asked',
    reference: null,
    reason: null,
    askedAt: draft.state.now,
    answeredAt: null,
  }
  draft.paymentStep.put(asked)
  announce(draft, { type: 'payment.asked', subject: order, data: { step, action, amount } })
}

/** What the first so many of each line come to, tax and discounts and all. */
const grossOf = (draft: Draft, order: string, some: (line: OrderLine) => Quantity): Money =>
  draft.line
    .of(order)
    .map((line) => amountsOf(line, draft.linePrice.get(`${order}/${line.line}`), some(line)))
    .reduce(addAmounts, noAmounts).gross
