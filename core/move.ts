// Move: goods that went from one place to another. Append-only, numbered per site without gaps, and chained by a hash over its canonical
// text, so that an edited, deleted or inserted row is found. Receiving, selling, losing, counting and releasing quarantine are all moves.

import type { Instant } from './calendar.ts'
import type { ItemId, PartyId, SiteId } from './item.ts'
import type { Money } from './money.ts'
import type { PlaceId } from './place.ts'
import type { Quantity } from './quantity.ts'

export type Condition = 'sellable' | 'quarantine' | 'damaged' | 'expired'
export const conditions: readonly Condition[] = ['sellable', 'quarantine', 'damaged', 'expired']

/** One end of a move. */
export interface End {
  readonly place: PlaceId
  /** SSCC of the package the goods are in, or empty. */
  readonly package: string
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
  readonly owner: PartyId
}

export type Cause =
  | 'opening'
  | 'receipt'
  | 'rejection'
  | 'issue'
  | 'unissue'
  | 'output'
  | 'putaway'
  | 'relocation'
  | 'pick'
  | 'unpick'
  | 'pack'
  | 'unpack'
  | 'shipment'
  | 'drop_shipment'
  | 'sale'
  | 'transfer_out'
  | 'transfer_in'
  | 'return'
  | 'restock'
  | 'refurbish'
  | 'scrap'
  | 'vendor_return'
  | 'undelivered'
  | 'shipment_loss'
  | 'take_over'
  | 'give_back'
  | 'condition'
  | 'expiry'
  | 'recall'
  | 'loss'
  | 'unloss'
  | 'count'

export interface Move {
  readonly sequence: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly from: End
  readonly to: End
  readonly cause: Cause
  /** The order, purchase, transfer, count .. that it belongs to, and the planned move that it fulfils, if any. */
  readonly document: string
  readonly line: number
  readonly part: number
  readonly actor: string
  readonly value: Money
  readonly occurredAt: Instant
  readonly recordedAt: Instant
}

/** A move as a stage asks for it; the rest follows from the ledger. */
export interface Posting {
  readonly item: ItemId
  readonly quantity: Quantity
  readonly from: End
  readonly to: End
  readonly cause: Cause
  readonly document: string
  readonly line: number
  readonly part?: number
  readonly occurredAt: Instant
  /** What goods from outside are worth; without it they come in at the item's present value. Ignored for goods that go out. */
  readonly value?: Money
}

/**
 * The text that is hashed. Texts carry their length in UTF-8 bytes, so no content can imitate another row; instants are milliseconds.
 * `qm verify` builds the same text in SQL: change both or none.
 */
export function canonical(site: SiteId, move: Move): string {
  return [
    site,
    move.sequence,
    move.item,
    move.quantity,
    ...canonicalEnd(move.from),
    ...canonicalEnd(move.to),
    move.cause,
    move.document,
    move.line,
    move.part,
    measured(move.actor),
    move.value,
    move.occurredAt,
    move.recordedAt,
  ].join('|')
}

const canonicalEnd = (end: End): readonly (string | number)[] => [
  end.place,
  measured(end.package),
  measured(end.lot),
  measured(end.serial),
  end.condition,
  end.owner,
]

const encoder = new TextEncoder()
const measured = (text: string): string => (text === '' ? '0:' : `${encoder.encode(text).length}:${text}`)
