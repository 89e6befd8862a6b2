// Backorder class: how a class of customers fares when there is not enough for all (core/flow/reserve-strategy.ts). A customer is in one class at most; who
// is in none is redistributed: he gets what is left, by urgency.

import type { PartyId } from './item.ts'

export const backorderStrategies = ['win', 'gain', 'redistribute', 'fill', 'lose'] as const
export type BackorderStrategy = (typeof backorderStrategies)[number]

export interface BackorderClass {
  readonly code: string
  readonly name: string
  readonly strategy: BackorderStrategy
}

export interface ClassOfCustomer {
  readonly customer: PartyId
  readonly class: string
}
