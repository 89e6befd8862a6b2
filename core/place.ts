// Place: where goods stand, or one of the virtual places that goods come from and go to. Virtual places have the same number at every
// site and keep no stock rows; what has gone to `loss.theft` is the sum of its moves.

declare const brand: unique symbol
export type PlaceId = number & { readonly [brand]: 'place' }

const virtual = (id: number): PlaceId => id as PlaceId

export const virtualPlaces = {
  supplier: virtual(1),
  customer: virtual(2),
  production: virtual(3),
  transit: virtual(4),
  opening: virtual(5),
  'loss.theft': virtual(6),
  'loss.breakage': virtual(7),
  'loss.expiry': virtual(8),
  'loss.lost': virtual(9),
  'loss.unexplained': virtual(10),
  'gain.found': virtual(11),
  // 12 and 13 are places of value only (core/correction.ts).
  'loss.theft_external': virtual(14),
  'loss.theft_internal': virtual(15),
  'loss.administrative': virtual(16),
  'loss.supplier_short': virtual(17),
  'loss.transit': virtual(18),
} as const

/** Why goods are gone. `theft` is by whom nobody knows; `unexplained` is what a count did not find. */
export const lossCauses = [
  'theft_external',
  'theft_internal',
  'theft',
  'breakage',
  'expiry',
  'lost',
  'administrative',
  'supplier_short',
  'transit',
  'unexplained',
] as const
export type LossCause = (typeof lossCauses)[number]

/** Places that every site is given, so that goods can come in and go out from the first day. */
export const standardPlaces = {
  dock: 100 as PlaceId,
  shelf: 101 as PlaceId,
  packing: 102 as PlaceId,
  inspection: 103 as PlaceId,
} as const

export const firstFreePlace = 1000

/** Kinds of real places; the value says whether stock there can be sold. What is packed is still the site's until it is shipped. */
export const placeKinds = { dock: true, shelf: true, bin: true, packing: true, inspection: false, vehicle: false, work_centre: false } as const
export type PlaceKind = keyof typeof placeKinds

/** Where a bin is: in which aisle, how far along it, how far up; counted from 1. */
export interface Position {
  readonly aisle: number
  readonly rack: number
  readonly level: number
}

export const position_max: Position = { aisle: 99_999, rack: 9_999, level: 9_999 }

export interface Place {
  readonly place: PlaceId
  readonly code: string
  readonly kind: PlaceKind
  readonly position: Position | null
}

/** What has no position is walked to last. */
export const walkedLast = Number.MAX_SAFE_INTEGER

/** A picker walks up one aisle and down the next. The database checks the same. */
export function walkOrderOf(position: Position | null): number {
  if (position === null) return walkedLast
  const { aisle, rack, level } = position
  return (aisle * 10_000 + (aisle % 2 === 0 ? position_max.rack - rack : rack)) * 10_000 + level
}

export const isVirtual = (place: PlaceId): boolean => place < 100
export const sellsFrom = (kind: PlaceKind): boolean => placeKinds[kind]
