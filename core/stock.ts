// Stock: what is recorded at a place, and availability: an item's stock at a site as promising sees it, one hot row per (site, item,
// owner). Both are projections of moves and planned moves and are changed nowhere but in ledger.ts.
// Invariants: 0 <= reserved <= max(sellable, 0); 0 <= allocated <= max(quantity, 0) per row.

import type { Day, Instant } from './calendar.ts'
import type { ItemId, PartyId } from './item.ts'
import type { Condition, End } from './move.ts'
import type { PlaceId } from './place.ts'
import { beyond, minus, none, plus, quantity, type Quantity } from './quantity.ts'

export interface Stock {
  readonly item: ItemId
  readonly owner: PartyId
  readonly condition: Condition
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly package: string
  readonly quantity: Quantity
  /** What is spoken for by released orders. */
  readonly allocated: Quantity
}

export interface Availability {
  readonly item: ItemId
  readonly owner: PartyId
  /** Recorded on hand and sellable. May be below zero where a till sold what the record did not know. */
  readonly sellable: Quantity
  /** The sum of `held` over planned moves. */
  readonly reserved: Quantity
  /** Of what is recorded, so many may not be there (core/doubt.ts): nobody is promised them anew. Kept beside the row, and never written with it. */
  readonly doubted: Quantity
  /** How many are missing at most, by probability (`LEVELS_E3`); null where nothing is believed. As far as it was asked. */
  readonly missing?: readonly number[] | null
  /** Open planned demand and supply, in all. */
  readonly demand: Quantity
  readonly supply: Quantity
  /** Not later than the first day on which some of it may no longer be sold. */
  readonly nextExpiry: Day | null
}

/** What is planned in and out of an item's stock on a day. */
export interface Schedule {
  readonly item: ItemId
  readonly owner: PartyId
  readonly due: Day
  readonly supply: Quantity
  readonly demand: Quantity
}

export interface Lot {
  readonly item: ItemId
  /** A piece told apart by its serial has a row under its serial, where it is recalled. */
  readonly lot: string
  readonly expiresOn: Day | null
  /** The recalls that hold it; none of it is sellable while there is one. */
  readonly recalls: readonly string[]
  /** The first of them; null while there is none. */
  readonly recalledAt: Instant | null
}

/** What tells goods of an item apart: an item has lots or serials, never both. */
export interface Labelled {
  readonly item: ItemId
  readonly lot: string
  readonly serial: string
}

export interface Allocation {
  readonly document: string
  readonly line: number
  readonly part: number
  readonly item: ItemId
  readonly owner: PartyId
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly package: string
  readonly quantity: Quantity
}

export const itemKey = (item: ItemId, owner: PartyId): string => `${item}/${owner}`
/** The group of an item's stock rows, whoever owns the goods. */
export const anyOwner = (item: ItemId): string => String(item)
export const lotKey = (item: ItemId, lot: string): string => `${item}/${lot}`
export const labelOf = ({ lot, serial }: Omit<Labelled, 'item'>): string => (lot === '' ? serial : lot)
export const labelKey = (goods: Labelled): string => lotKey(goods.item, labelOf(goods))
export const stockKey = (row: Omit<Stock, 'quantity' | 'allocated'>): string =>
  JSON.stringify([row.item, row.owner, row.condition, row.place, row.lot, row.serial, row.package])

export const stockAt = (item: ItemId, end: End): Stock => ({
  item,
  owner: end.owner,
  condition: end.condition,
  place: end.place,
  lot: end.lot,
  serial: end.serial,
  package: end.package,
  quantity: none,
  allocated: none,
})

export const emptyAvailability = (item: ItemId, owner: PartyId): Availability => ({
  item,
  owner,
  sellable: none,
  reserved: none,
  doubted: none,
  demand: none,
  supply: none,
  nextExpiry: null,
})

/** What can be held now for whoever is promised something. */
export const free = ({ sellable, reserved, doubted }: Availability): Quantity => beyond(sellable, plus(reserved, doubted))
/** What nobody holds, doubted or not: who has goods in his hands takes these first. */
export const unheld = ({ sellable, reserved }: Availability): Quantity => beyond(sellable, reserved)
/** What of stock can be counted on: all that is not doubted, and what is held whatever is believed. */
export const reliable = ({ sellable, reserved, doubted }: Availability): Quantity =>
  quantity(Math.min(sellable, Math.max(reserved, sellable - doubted)))
/** Whether some demand is not held. */
export const someWait = ({ demand, reserved }: Availability): boolean => demand > reserved
/** What can be allocated from a row. */
export const unallocated = (row: Stock): Quantity => beyond(quantity(Math.max(row.quantity, 0)), row.allocated)
/** How much more is held than there is: what must be shorted after stock went. */
export const overheld = ({ sellable, reserved }: Availability): Quantity => beyond(reserved, sellable > 0 ? sellable : none)

export const isSoundStock = (row: Stock): boolean => row.allocated >= 0 && row.allocated <= Math.max(row.quantity, 0)
export const isSoundAvailability = (row: Availability): boolean =>
  row.reserved >= 0 && row.reserved <= Math.max(row.sellable, 0) && row.demand >= row.reserved && row.supply >= 0

export const withQuantity = (row: Stock, change: Quantity): Stock => ({ ...row, quantity: quantity(row.quantity + change) })
export const withAllocated = (row: Stock, change: Quantity): Stock => ({ ...row, allocated: quantity(row.allocated + change) })
export const allocationEnd = (row: Allocation): End => ({
  place: row.place,
  package: row.package,
  lot: row.lot,
  serial: row.serial,
  condition: 'sellable',
  owner: row.owner,
})
export const less = (row: Allocation, taken: Quantity): Allocation => ({ ...row, quantity: minus(row.quantity, taken) })
export const endOf = ({ place, package: sscc, lot, serial, condition, owner }: Stock): End => ({
  place,
  package: sscc,
  lot,
  serial,
  condition,
  owner,
})
