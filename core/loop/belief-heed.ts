// Belief, what a site does about it: where it says that there is none of what is recorded, a person shall look; where it doubts less than before, those who wait
// for what was doubted are given it. A look outside the lane names the items (server/doubts.ts); the lane decides on what is believed and recorded
// when it decides, so whoever looks twice, or late, changes nothing more.

import { phantomOf } from '../exception-groups.ts'
import { settle } from '../hold.ts'
import type { ItemId } from '../item.ts'
import { announce, availabilityOf, type Draft } from '../ledger.ts'

export interface HeedBeliefs {
  readonly kind: 'heedBeliefs'
  readonly items: readonly ItemId[]
}

/** Raises phantom stock that was not raised yet, ends what is none any more, and holds what is not doubted any more for those who wait. */
export function heedBeliefs({ items }: HeedBeliefs, draft: Draft): object {
  let [raised, ended] = [0, 0]
  for (const item of new Set(items)) {
    settle(draft, item, draft.state.owner)
    const believed = draft.believed.get(String(item))
    // Nothing is believed while a ledger is read anew: what was raised stays until something is.
    if (believed === undefined) continue
    const { sellable } = availabilityOf(draft, item, draft.state.owner)
    const open = draft.exception.of(phantomOf(item)).filter((one) => (one.closedAt ?? null) === null)
    const isPhantom = believed.phantom && sellable > 0
    if (isPhantom && open.length === 0) {
      raise(draft, item, believed.empty)
      raised += 1
    }
    if (isPhantom || open.length === 0) continue
    for (const one of open) draft.exception.put({ ...one, closedAt: draft.state.now })
    announce(draft, { type: 'phantom.ended', subject: String(item), data: { item, recorded: sellable } })
    ended += 1
  }
  return { raised, ended }
}

function raise(draft: Draft, item: ItemId, empty: number): void {
  const { sellable } = availabilityOf(draft, item, draft.state.owner)
  const exception = draft.state.newId()
  draft.exception.put({
    exception,
    kind: 'phantom_stock',
    item,
    document: null,
    line: null,
    quantity: sellable,
    detail: `${sellable} are recorded, and with a probability of ${Math.floor(empty * 100)} % there is none: nobody buys any. Count it.`,
    raisedAt: draft.state.now,
  })
  announce(draft, { type: 'phantom.raised', subject: exception, data: { item, recorded: sellable, empty } })
}
