// Shrinkage, expiry: what expired is written off by itself, so many days after, where a site says so. A loss of each row of stock like any that is entered: with
// its value, and undone like any. What is set aside or packed is somebody's work under way, and stays.
//
// Whoever undoes such a loss has said that the goods are not to be written off: server/expired-goods.ts asks for no lot again of which one was undone.

import type { ItemId } from '../item.ts'
import type { Draft } from '../ledger.ts'

import { quantity } from '../quantity.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { itemKey, lotKey } from '../stock.ts'
import { lose } from './shrinkage.ts'

export interface WriteOffExpired {
  readonly kind: 'writeOffExpired'
  readonly lots: readonly { readonly item: ItemId; readonly lot: string }[]
}

/** What stands there as expired when the lane comes to it, whatever it was when somebody looked: so asked twice, it is written off once. */
export function writeOffExpired({ lots }: WriteOffExpired, draft: Draft): object | Refusal {
  let written = 0
  for (const { item, lot } of lots) {
    const expiry = draft.lot.get(lotKey(item, lot))?.expiresOn ?? null
    if (expiry === null || expiry > draft.state.today) continue
    const gone = draft.stock
      .of(itemKey(item, draft.state.owner))
      .filter((row) => row.lot === lot && row.condition === 'expired' && row.package === '' && row.quantity > row.allocated)
    for (const { place, serial, quantity: there, allocated } of gone) {
      const told = lose(
        {
          kind: 'lose',
          document: draft.state.newId(),
          item,
          quantity: quantity(there - allocated),
          place,
          lot,
          serial,
          condition: 'expired',
          cause: 'expiry',
          note: `Expired on ${expiry}, written off by itself`,
          lostAt: draft.state.now,
        },
        draft,
      )
      if (isRefusal(told)) return told
      written += 1
    }
  }
  return { written }
}
