// Payment: what an order is paid with, and each step that was asked of the payment provider: authorise, capture, void, refund. The provider is elsewhere and
// may be slow, down or killed in the middle; a step has a number, which is its key there, so that asking again is safe however often it is done.
//
// Charged is what left: no more is captured than what was shipped of the order, less what came back. So nobody pays for stock that is not there.

import type { Instant } from './calendar.ts'
import type { Currency } from './currency.ts'
import { money, type Money } from './money.ts'

export const paymentActions = ['authorise', 'capture', 'void', 'refund'] as const
export type PaymentAction = (typeof paymentActions)[number]

/** Unclear is what the provider did not answer: it may be done or not, and is asked again. */
export const stepStates = ['asked', 'unclear', 'done', 'declined'] as const
export type StepState = (typeof stepStates)[number]

export interface Payment {
  readonly order: string
  /** What the provider knows the customer's card or account by. */
  readonly token: string
  readonly currency: Currency
  /** The order's hold that is taken off when the payment is authorised. */
  readonly hold: string
}

export interface PaymentStep {
  readonly order: string
  /** From 1, in the order they are asked. */
  readonly step: number
  readonly action: PaymentAction
  readonly amount: Money
  readonly state: StepState
  /** The provider's name for what it did. */
  readonly reference: string | null
  readonly reason: string | null
  readonly askedAt: Instant
  readonly answeredAt: Instant | null
}

export const paymentStates = ['waiting', 'asked', 'unclear', 'declined', 'authorised', 'captured', 'voided', 'refunded'] as const
export type PaymentState = (typeof paymentStates)[number]

type Steps = readonly Pick<PaymentStep, 'action' | 'amount' | 'state'>[]

/** What steps of one action add up to: those that are done, or also those that may still be. */
const sum = (steps: Steps, action: PaymentAction, states: readonly StepState[]): Money =>
  money(steps.reduce((total, one) => (one.action === action && states.includes(one.state) ? total + one.amount : total), 0))

const open: readonly StepState[] = ['asked', 'unclear', 'done']

/** Where a payment stands, for people. */
export function paymentStateOf(steps: Steps): PaymentState {
  const last = steps.at(-1)
  if (last === undefined) return 'waiting'
  if (steps.some((one) => one.state === 'unclear')) return 'unclear'
  if (steps.some((one) => one.state === 'asked')) return 'asked'
  if (last.state === 'declined') return 'declined'
  const { captured, refunded } = paidOf(steps)
  if (captured > 0) return refunded === captured ? 'refunded' : 'captured'
  return last.action === 'void' ? 'voided' : 'authorised'
}

export interface Paid {
  readonly authorised: Money
  readonly captured: Money
  readonly refunded: Money
}

/** What is done. */
export const paidOf = (steps: Steps): Paid => ({
  authorised: sum(steps, 'authorise', ['done']),
  captured: sum(steps, 'capture', ['done']),
  refunded: sum(steps, 'refund', ['done']),
})

/**
 * What to ask next so that what is charged is what is `due`: the rest of it within what is authorised, or what is too much back; and when nothing will
 * be due any more, the rest of the authorisation is given up. What was asked counts as if it were done, unless it was declined.
 */
export function nextStep(steps: Steps, due: Money, isOver: boolean): Pick<PaymentStep, 'action' | 'amount'> | undefined {
  const authorised = sum(steps, 'authorise', ['done'])
  const captured = sum(steps, 'capture', open)
  const charged = captured - sum(steps, 'refund', open)
  if (charged > due) return { action: 'refund', amount: money(charged - due) }
  if (authorised === 0 || steps.some((one) => one.action === 'void' && one.state !== 'declined')) return undefined
  const more = Math.min(due - charged, authorised - captured)
  if (more > 0) return { action: 'capture', amount: money(more) }
  return isOver && authorised > captured ? { action: 'void', amount: money(authorised - captured) } : undefined
}
