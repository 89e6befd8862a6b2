// Replenish, approved by a rule: which orders of a plan are placed without a person, and why the others are not. Pure; the first reason that holds is told.

import type { PartyId } from '../item.ts'
import type { ApprovalConditions } from '../planning.ts'

export interface Approvable {
  readonly source: 'supplier' | 'site' | 'production'
  readonly sourceId: number
  /** Minor units. */
  readonly value: number
  readonly withinBudget: boolean
  readonly waits: boolean
  readonly ordered: boolean
  /** Lines whose open orders come too late or are not needed, or whose figures had to be bounded. */
  readonly doubted: number
  /** What a purchase from that supplier for the site is worth on average, minor units; null where there was none, or it is no purchase. */
  readonly usual: number | null
}

export const keptReasons = ['ordered', 'waits', 'budget', 'kind', 'supplier', 'value', 'doubt', 'usual'] as const
export type KeptReason = (typeof keptReasons)[number]

/** Why an order is left to a person; undefined where the conditions place it. */
export function keptBack(order: Approvable, conditions: ApprovalConditions): KeptReason | undefined {
  if (order.ordered) return 'ordered'
  if (order.waits) return 'waits'
  if (!order.withinBudget) return 'budget'
  if (conditions.sources.length > 0 && !conditions.sources.includes(order.source)) return 'kind'
  const isOther = order.source === 'supplier' && !conditions.suppliers.includes(order.sourceId as PartyId)
  if (conditions.suppliers.length > 0 && isOther) return 'supplier'
  if (order.value > conditions.valueMax) return 'value'
  if (order.doubted > 0) return 'doubt'
  return isUnusual(order, conditions) ? 'usual' : undefined
}

/** A first order of a supplier is never a usual one; what comes from our own sites and works is no purchase. */
function isUnusual({ source, value, usual }: Approvable, { usualTimes_e1 }: ApprovalConditions): boolean {
  if (usualTimes_e1 === null || source !== 'supplier') return false
  return usual === null || value * 10 > usual * usualTimes_e1
}

const amount = (minor: number): string => `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`

/** In a sentence. */
export function keptText(reason: KeptReason, { value, doubted, usual }: Approvable, { valueMax, usualTimes_e1 }: ApprovalConditions): string {
  const texts: Readonly<Record<KeptReason, string>> = {
    ordered: 'It is ordered already.',
    waits: 'It waits for the least order of its source.',
    budget: 'It is beyond the budget.',
    kind: 'It is of a kind that a person approves.',
    supplier: 'It is from a supplier whose orders a person approves.',
    value: `It is worth ${amount(value)}, more than ${amount(valueMax)}.`,
    doubt: `Of ${doubted} of its lines open orders are late or not needed, or the figures are doubtful.`,
    usual:
      usual === null
        ? 'Nothing was bought there for this site before.'
        : `It is worth ${amount(value)}, more than ${(usualTimes_e1 ?? 0) / 10} times the usual ${amount(Math.round(usual))}.`,
  }
  return texts[reason]
}
