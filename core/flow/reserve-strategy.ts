// Reserve, by strategy: what is held of an item is given out anew among the orders that want it, by what their customers are worth to us. A class of
// customers has one of five strategies: it wins (gets all it asks for), gains (keeps what it has and may get more), is redistributed (gets what is left,
// whatever it had), fills (keeps at most what it has), or loses (gives up what others want). Within a strategy the most urgent come first.
//
// What is set aside for picking is nobody's to take, nor what was bought for one line alone, and no promise changes: who loses a hold is an exception that a person sees, and waits for the
// supply that is on its way.

import type { ItemId } from '../item.ts'
import { announce, availabilityOf, type Draft } from '../ledger.ts'
import { hold, release } from '../hold.ts'
import { byUrgency, isBound, open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { beyond, least, minus, plus, type Quantity } from '../quantity.ts'
import { free, itemKey } from '../stock.ts'
import type { BackorderStrategy } from '../backorder-class.ts'
import { pegToSupply } from './reserve.ts'

export interface Reallocate {
  readonly kind: 'reallocate'
  readonly item: ItemId
  /** Of the orders that were looked up; who ordered since keeps what he has, and may get more. */
  readonly strategies: readonly { readonly order: string; readonly strategy: BackorderStrategy }[]
}

/** What an order's line held before and holds now. */
export interface Reallocated {
  readonly order: string
  readonly line: number
  readonly strategy: BackorderStrategy
  readonly wanted: Quantity
  readonly before: Quantity
  readonly after: Quantity
}

interface Claim {
  readonly wanted: Quantity
  readonly held: Quantity
  /** Set aside for picking. */
  readonly allocated: Quantity
  readonly strategy: BackorderStrategy
}

/** How much each claim holds in the end, of what is free and what all of them hold; claims come in the order of their urgency. */
export function shareOut(claims: readonly Claim[], unheld: Quantity): Quantity[] {
  const after = claims.map(({ allocated, held, strategy }) => (strategy === 'gain' ? held : allocated))
  let left = claims.reduce((sum, claim, index) => plus(sum, minus(claim.held, after[index]!)), unheld)
  const give = (strategy: BackorderStrategy, most: (claim: Claim) => Quantity): void => {
    for (const [index, claim] of claims.entries()) {
      if (claim.strategy !== strategy) continue
      const more = least(left, beyond(most(claim), after[index]!))
      after[index] = plus(after[index]!, more)
      left = minus(left, more)
    }
  }
  give('win', (claim) => claim.wanted)
  give('gain', (claim) => claim.wanted)
  give('redistribute', (claim) => claim.wanted)
  give('fill', (claim) => claim.held)
  give('lose', (claim) => claim.held)
  return after
}

/** Gives out anew what is held of an item for orders. */
export function reallocate({ item, strategies }: Reallocate, draft: Draft): { readonly lines: readonly Reallocated[] } {
  const { owner } = draft.state
  const known = new Map(strategies.map((one) => [one.order, one.strategy]))
  const rows = draft.planned
    .of(itemKey(item, owner))
    .filter((row) => row.kind === 'order' && row.holdExpiresAt === null && open(row) > 0 && !isBound(row))
    .toSorted(byUrgency)
  const claims = rows.map((row) => ({ wanted: open(row), held: row.held, allocated: row.allocated, strategy: known.get(row.document) ?? 'gain' }))
  const after = shareOut(claims, free(availabilityOf(draft, item, owner)))
  const now = (row: PlannedMove): PlannedMove => draft.planned.get(plannedKey(row))!
  const changed = rows.flatMap((row, index) => (after[index] === row.held ? [] : [{ row, after: after[index]!, strategy: claims[index]!.strategy }]))
  for (const one of changed) if (one.after < one.row.held) release(draft, now(one.row), minus(one.row.held, one.after))
  for (const one of changed) if (one.after > one.row.held) hold(draft, now(one.row), minus(one.after, one.row.held))
  for (const one of changed) if (one.after < one.row.held) lose(draft, now(one.row), minus(one.row.held, one.after))
  const lines = changed.map(({ row, after: holds, strategy }) => ({
    order: row.document,
    line: row.line,
    strategy,
    wanted: open(row),
    before: row.held,
    after: holds,
  }))
  if (lines.length > 0) announce(draft, { type: 'holds.reallocated', subject: String(item), data: { item, lines } })
  return { lines }
}

/** What another class took is looked for in what is on its way, and is seen by somebody. */
function lose(draft: Draft, row: PlannedMove, some: Quantity): void {
  pegToSupply(draft, row, null)
  draft.exception.put({
    exception: draft.state.newId(),
    kind: 'hold_shorted',
    item: row.item,
    document: row.document,
    line: row.line,
    quantity: some,
    detail: `${some} held for line ${row.line} went to customers that come first; the line waits for stock.`,
    raisedAt: draft.state.now,
  })
  announce(draft, { type: 'hold.shorted', subject: row.document, data: { line: row.line, quantity: some } })
}
