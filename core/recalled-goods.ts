// Recalled goods, at a site: marked by their lot or serial, so that none of them is sellable, also not those that come in later. The mark knows since
// when, because a till may tell late of what it sold before, when that was right.

import type { Day, Instant } from './calendar.ts'
import type { Draft } from './ledger.ts'
import type { Condition } from './move.ts'
import { refuse, type Refusal } from './refusal.ts'
import { labelKey, labelOf, type Labelled } from './stock.ts'

export interface RecalledGoods extends Labelled {
  readonly expiresOn: Day | null
}

/** Notes that a lot or piece is recalled: none of it is sellable at this site, also none that comes in later. */
export function markRecalled(draft: Draft, goods: RecalledGoods, recall: string, since: Instant): void {
  const { item, expiresOn } = goods
  const row = draft.lot.get(labelKey(goods)) ?? { item, lot: labelOf(goods), expiresOn, recalls: [], recalledAt: null }
  if (row.recalls.includes(recall)) return
  const recalledAt = row.recalledAt !== null && row.recalledAt < since ? row.recalledAt : since
  draft.lot.put({ ...row, recalls: [...row.recalls, recall], recalledAt })
}

/** Since when goods are held back by a recall at this site; null where they are not. */
export const recalledSince = (draft: Draft, goods: Labelled): Instant | null =>
  labelOf(goods) === '' ? null : (draft.lot.get(labelKey(goods))?.recalledAt ?? null)

/** What is recalled does not come in as sellable, nobody makes it so, and from `at` on no till hands it over. */
export function recallFault(draft: Draft, goods: Labelled, condition: Condition, path = '', at: Instant = draft.state.now): Refusal | undefined {
  const since = recalledSince(draft, goods)
  if (condition !== 'sellable' || since === null || at < since) return undefined
  const [field, what] = goods.lot === '' ? ['serial', 'Serial'] : ['lot', 'Lot']
  return refuse('lot_recalled', `${path}${field}`, `${what} ${labelOf(goods)} is recalled: it stays in quarantine until the recall is lifted.`)
}
