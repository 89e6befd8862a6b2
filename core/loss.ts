// Loss: what was entered of goods that are gone: why, where, in whose words and with what evidence. The move says what left stock; this stands beside it
// under the same document. Neither is ever changed: a loss that is undone has another row, which names it, and a move the other way.

import type { Instant } from './calendar.ts'
import type { ItemId, PartyId } from './item.ts'
import type { Money } from './money.ts'
import type { Condition } from './move.ts'
import { lossCauses, virtualPlaces, type LossCause, type PlaceId, type PlaceKind } from './place.ts'
import type { Quantity } from './quantity.ts'

/** Where goods are lost on their way through a site. */
export const lossOrigins = ['supplier', 'transit', 'backroom', 'floor', 'till', 'expiry'] as const
export type LossOrigin = (typeof lossOrigins)[number]

export interface Loss {
  /** The document of its move. */
  readonly loss: string
  readonly item: ItemId
  readonly owner: PartyId
  readonly quantity: Quantity
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
  readonly cause: LossCause
  readonly origin: LossOrigin
  /** The reason in words; may be empty. */
  readonly note: string
  /** What proves it: the number of a photo, a report, a claim; may be empty. */
  readonly evidence: string
  readonly value: Money
  readonly lostAt: Instant
  /** The loss that this one undoes. */
  readonly undoes: string | null
}

/** The group of what undoes a loss. */
export const undoing = (loss: string): string => `undoes ${loss}`

/** Where it was lost, unless it is said: some causes tell it, else the place does. */
export function originOf(cause: LossCause, kind: PlaceKind | undefined): LossOrigin {
  if (cause === 'supplier_short') return 'supplier'
  if (cause === 'expiry') return 'expiry'
  if (cause === 'transit' || kind === 'vehicle') return 'transit'
  return kind === 'shelf' ? 'floor' : 'backroom'
}

/** Places that losses go to, by cause. */
export const lossPlaces: readonly PlaceId[] = lossCauses.map((cause) => virtualPlaces[`loss.${cause}`])
