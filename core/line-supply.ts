// Line supply: an order line that is not served from stock: it is bought for this line alone, to our dock (back to back), or the supplier ships it to the
// customer himself (drop shipment). From whom, at what price and in how many days was decided when the line was entered; lines from stock have no such row.
//
// Invariant: the line's planned move and what is bought for it are bound to each other. Nobody else is promised, pegged or held what is bound, and it takes
// nothing that others could have: of both, only what came and is held counts beside other demand (`counted` in planned-move.ts).

import type { PartyId } from './item.ts'
import type { Money } from './money.ts'
import { virtualPlaces, type PlaceId } from './place.ts'

export const boughtWays = ['purchase', 'drop_ship'] as const
export type BoughtWay = (typeof boughtWays)[number]

export interface LineSupply {
  readonly order: string
  readonly line: number
  readonly how: BoughtWay
  readonly supplier: PartyId
  /** What one costs us. */
  readonly unitCost: Money
  readonly leadTimeDays: number
}

/** Whether a supply goes from its supplier to the customer and never stands with us. */
export const isDirect = ({ to }: { readonly to: PlaceId }): boolean => to === virtualPlaces.customer
