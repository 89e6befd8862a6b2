// Reserve: hold stock for an order, first come first served, so that no unit is promised twice (core/hold.ts keeps holds true afterwards).
// For an order of another site it holds first, with an expiry; the order's home site then confirms, and a hold that nobody confirms goes.

import type { Instant } from '../calendar.ts'
import { cancelOpen, hold, peg, unpegged } from '../hold.ts'
import type { SiteId } from '../item.ts'
import { ageOf, announce, expiring, plan, type Draft } from '../ledger.ts'
import { open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { least, none } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { demandFor, type WantedLine } from './order.ts'
import { quantityFault } from '../fault.ts'
import { promise, supplies, type Promised } from './promise.ts'

/** Pegs waiting demand to supply due by the day it is due. */
function pegToSupply(draft: Draft, row: PlannedMove): void {
  let demand = row
  for (const supply of supplies(draft, row.item, row.owner, row.due)) {
    const some = least(unpegged(demand), unpegged(supply))
    if (some === 0) break
    demand = peg(draft, supply, demand, some)
  }
}

/** Plans a line's demand, holds what is promised from stock and pegs the rest to the supply it was promised from. */
export function reserve(draft: Draft, row: PlannedMove, promised: Promised): void {
  plan(draft, row)
  hold(draft, row, promised.held)
  if (promised.reason === 'incoming_supply') pegToSupply(draft, draft.planned.get(plannedKey(row))!)
}

export interface HoldForOrder {
  readonly kind: 'holdForOrder'
  readonly order: string
  readonly home: SiteId
  readonly priority: number
  readonly expiresAt: Instant
  readonly lines: readonly WantedLine[]
}

/** Holds stock for another site's order, all of it or none, until the order is confirmed or the hold expires. */
export function holdForOrder(command: HoldForOrder, draft: Draft): object | Refusal {
  const fault = quantityFault(command.lines)
  if (fault) return fault
  const held = []
  for (const wanted of command.lines) {
    const promised = promise(draft, wanted.item, draft.state.owner, wanted.quantity, wanted.requested)
    if (promised.held < wanted.quantity) {
      const detail = `${promised.held} of ${wanted.quantity} are free at ${draft.state.siteCode}.`
      return refuse('not_enough_stock', `lines/${wanted.line}/quantity`, detail)
    }
    const row = { ...demandFor(draft, command, wanted, promised.day ?? wanted.requested), holdExpiresAt: command.expiresAt }
    plan(draft, row)
    hold(draft, row, wanted.quantity)
    held.push({ line: wanted.line, held: wanted.quantity, day: promised.day })
  }
  announce(draft, { type: 'order.held', subject: command.order, data: { home: command.home, lines: held } })
  return { order: command.order, lines: held }
}

export interface ConfirmHold {
  readonly kind: 'confirmHold'
  readonly order: string
}

/** The home site has the order: its holds here stay. One that expired before is taken again as far as stock goes; the rest waits. */
export function confirmHold({ order }: ConfirmHold, draft: Draft): object {
  for (const row of draft.planned.of(order)) {
    if (row.holdExpiresAt === null) continue
    if (row.cancelled < row.planned) {
      plan(draft, { ...row, holdExpiresAt: null })
      continue
    }
    plan(draft, { ...row, holdExpiresAt: null })
    const again = { ...row, part: row.part + 1, age: ageOf(draft), posted: none, cancelled: none, held: none, holdExpiresAt: null }
    plan(draft, again)
    hold(draft, again, promise(draft, row.item, row.owner, row.planned, row.due).held)
    announce(draft, { type: 'hold.renewed', subject: order, data: { line: row.line } })
  }
  return { order }
}

export interface ExpireHolds {
  readonly kind: 'expireHolds'
}

/** Lets go of what was held for orders that were never confirmed. The row keeps its expiry, so a late confirmation finds it. */
export function expireHolds(_command: ExpireHolds, draft: Draft): object {
  const expired = draft.planned.of(expiring).filter((row) => row.holdExpiresAt !== null && row.holdExpiresAt <= draft.state.now && open(row) > 0)
  for (const row of expired) cancelOpen(draft, row)
  return { expired: expired.length }
}
