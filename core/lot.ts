// Lot: when goods of it expire. The first day that is told counts, whoever owns them, and whoever has some knows it in time.

import { availabilityOf, earliest, sells, type Draft } from './ledger.ts'
import { anyOwner, lotKey, type Lot } from './stock.ts'

/** Notes when a lot expires, the first time it is told. Goods of it may stand there already: found by a count that did not know. */
export function noteLot(draft: Draft, { item, lot, expiresOn }: Pick<Lot, 'item' | 'lot' | 'expiresOn'>): void {
  if (lot === '' || draft.lot.get(lotKey(item, lot)) !== undefined) return
  draft.lot.put({ item, lot, expiresOn, recalls: [], recalledAt: null })
  const rows = draft.stock.of(anyOwner(item)).filter((row) => row.lot === lot && row.quantity > 0 && sells(draft.state, row))
  for (const owner of new Set(rows.map((row) => row.owner))) {
    const availability = availabilityOf(draft, item, owner)
    draft.availability.put({ ...availability, nextExpiry: earliest(availability.nextExpiry, expiresOn) })
  }
}
