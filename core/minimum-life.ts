// Minimum life: how long goods that expire must still be good when they leave for a customer, as it was agreed with him. Holds are kept per item and know
// no lots; so it is asked where lots are chosen, when goods are set aside for picking.

import { addDays, dayOf } from './calendar.ts'
import type { Draft } from './ledger.ts'
import { lotKey, type Stock } from './stock.ts'

/** Whether goods at a stock row have as many days left as the order's customer wants; what never expires has. */
export function livesLongEnough(draft: Draft, document: string, { item, lot }: Pick<Stock, 'item' | 'lot'>): boolean {
  const wanted = draft.minimumLife.get(document)
  const expiresOn = wanted === undefined ? null : (draft.lot.get(lotKey(item, lot))?.expiresOn ?? null)
  return wanted === undefined || expiresOn === null || addDays(dayOf(draft.state.now), wanted.days) <= expiresOn
}
