// Record: what the ledger says is there. It begins with opening stock, dated before anything else, and it stays honest by itself in one
// respect: lots that expire stop being sellable before anything is decided about them.

import type { Day, Instant } from '../calendar.ts'
import type { ItemId, PartyId } from '../item.ts'
import { expiryFault, untimely, quantityFault, serialFault, trackingFault } from '../fault.ts'
import { settle } from '../hold.ts'
import { announce, availabilityOf, post, sells, type Draft } from '../ledger.ts'
import { noteLot } from '../lot.ts'
import type { Money } from '../money.ts'
import type { Condition, End } from '../move.ts'
import { virtualPlaces, type PlaceId } from '../place.ts'
import type { Quantity } from '../quantity.ts'
import { recallFault } from '../recalled-goods.ts'
import type { Refusal } from '../refusal.ts'
import { endOf, itemKey, lotKey } from '../stock.ts'

export interface OpenStock {
  readonly kind: 'openStock'
  readonly document: string
  readonly openedAt: Instant
  readonly lines: readonly {
    readonly line: number
    readonly item: ItemId
    readonly quantity: Quantity
    readonly place: PlaceId
    readonly lot: string
    readonly serial: string
    readonly expiresOn: Day | null
    readonly condition: Condition
    readonly value: Money
  }[]
}

/** Takes over stock from whatever was used before. */
export function openStock({ document, openedAt, lines }: OpenStock, draft: Draft): object | Refusal {
  const fault = quantityFault(lines) ?? untimely(draft, openedAt, 'openedAt') ?? trackingFault(draft, lines)
  if (fault) return fault
  for (const { line, item, quantity, place, lot, serial, expiresOn, condition, value } of lines) {
    const wrong =
      expiryFault(draft, item, lot, expiresOn, condition, `lines/${line}/expiresOn`) ??
      recallFault(draft, { item, lot, serial }, condition, `lines/${line}/`) ??
      serialFault(draft, item, serial, `lines/${line}/serial`)
    if (wrong) return wrong
    noteLot(draft, { item, lot, expiresOn })
    const from: End = { place: virtualPlaces.opening, package: '', lot, serial, condition, owner: draft.state.owner }
    post(draft, { item, quantity, from, to: { ...from, place }, cause: 'opening', document, line, occurredAt: openedAt, value })
    settle(draft, item, draft.state.owner)
  }
  announce(draft, { type: 'stock.opened', subject: document, occurredAt: openedAt, data: { lines: lines.length } })
  return { id: document, lines: lines.length }
}

/** Demotes what expired by today: sellable becomes expired, where it stands. Holds that counted on it are shorted. */
export function demoteExpired(draft: Draft, item: ItemId, owner: PartyId): void {
  const expiresOn = (lot: string): Day | null => draft.lot.get(lotKey(item, lot))?.expiresOn ?? null
  const sellable = draft.stock.of(itemKey(item, owner)).filter((row) => sells(draft.state, row) && row.quantity > 0)
  for (const row of sellable) {
    const expiry = expiresOn(row.lot)
    if (expiry === null || expiry > draft.state.today) continue
    const from = endOf(row)
    const to: End = { ...from, condition: 'expired' }
    const document = draft.state.newId()
    post(draft, { item, quantity: row.quantity, from, to, cause: 'expiry', document, line: 1, occurredAt: draft.state.now })
    announce(draft, { type: 'lot.expired', subject: document, data: { item, lot: row.lot, quantity: row.quantity } })
  }
  const left = draft.stock.of(itemKey(item, owner)).filter((row) => sells(draft.state, row) && row.quantity > 0)
  const days = left.map((row) => expiresOn(row.lot)).filter((day): day is Day => day !== null)
  const nextExpiry = days.toSorted()[0] ?? null
  draft.availability.put({ ...availabilityOf(draft, item, owner), nextExpiry })
  settle(draft, item, owner)
}
