// Lot: when goods of it expire. The first day that is told counts, whoever owns them, and whoever has some knows it in time.

import { availabilityOf, earliest, sells, type Draft } from './ledger.ts'
import { anyOwner, lotKey, type Lot } from './stock.ts'

/**
 * Notes when a lot expires, the first time it is told. Goods of it may stand there already: found by a count that did not know; or it was recalled before
 * anybody here knew its day.
 */
export function noteLot(draft: Draft, { item, lot, expiresOn }: Pick<Lot, 'item' | 'lot' | 'expiresOn'>): void {
  const known = draft.lot.get(lotKey(item, lot))
  if (lot === '' || (known !== undefined && (known.expiresOn !== null || expiresOn === null))) return
  draft.lot.put({ ...(known ?? { item, lot, recalls: [], recalledAt: null }), expiresOn })
  const rows = draft.stock.of(anyOwner(item)).filter((row) => row.lot === lot && row.quantity > 0 && sells(draft.state, row))
  for (const owner of new Set(rows.map((row) => row.owner))) {
    const availability = availabilityOf(draft, item, owner)
    draft.availability.put({ ...availability, nextExpiry: earliest(availability.nextExpiry, expiresOn) })
  }
}
