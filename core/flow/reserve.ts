// Reserve: hold stock for an order, first come first served, so that no unit is promised twice (core/hold.ts keeps holds true afterwards).
// For an order of another site it holds first, with an expiry; the order's home site then confirms, and a hold that nobody confirms goes.

import type { Day, Instant } from '../calendar.ts'
import { takeOverFor, type TakenOver } from '../consignment.ts'
import { cancelOpen, hold, peg, unpegged } from '../hold.ts'
import type { SiteId } from '../item.ts'
import { ageOf, announce, expiring, plan, type Draft } from '../ledger.ts'
import { open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { least, minus, none, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { demandFor, type WantedLine } from './order.ts'
import { quantityFault } from '../fault.ts'
import { promise, supplies, type Promised } from './promise.ts'

/** Pegs waiting demand to supply due by a day, or to any. */
export function pegToSupply(draft: Draft, row: PlannedMove, by: Day | null = row.due): void {
  let demand = row
  for (const supply of supplies(draft, row.item, row.owner, by)) {
    const some = least(unpegged(demand), unpegged(supply))
    if (some === 0) break
    demand = peg(draft, supply, demand, some)
  }
}

/** Plans a line's demand, holds what is promised from stock and pegs the rest to the supply it was promised from. Says what was taken over for it. */
export function reserve(draft: Draft, row: PlannedMove, promised: Promised): readonly TakenOver[] {
  const taken = takeOverFor(draft, row.item, promised.held, row.document)
  plan(draft, { ...row, held: promised.held })
  if (promised.reason === 'incoming_supply') pegToSupply(draft, draft.planned.get(plannedKey(row))!)
  return taken
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
    const one = holdLine(command, wanted, draft)
    if (isRefusal(one)) return one
    held.push(one)
  }
  announce(draft, { type: 'order.held', subject: command.order, data: { home: command.home, lines: held } })
  return { order: command.order, expiresAt: command.expiresAt, lines: held }
}

interface HeldLine {
  readonly line: number
  readonly held: Quantity
  readonly day: Day | null
}

function holdLine(command: HoldForOrder, wanted: WantedLine, draft: Draft): HeldLine | Refusal {
  const { line, item, quantity, requested } = wanted
  const parts = (): PlannedMove[] => draft.planned.of(command.order).filter((row) => row.line === line)
  if (parts().some((row) => row.holdExpiresAt === null && !isReplaced(row, parts()))) {
    return refuse('order_state_forbids', `lines/${line}`, `${draft.state.siteCode} has this line already, or let go of it for good.`)
  }
  // Asked for before, and sourced otherwise since: only the new quantity counts.
  for (const row of parts()) if (open(row) > 0 && row.planned !== quantity) cancelOpen(draft, row)
  const before = parts()
  const standing = before.find((row) => open(row) > 0 && row.planned === quantity)
  const promised = promise(draft, item, draft.state.owner, quantity, requested)
  const free = standing?.held ?? promised.held
  if (free < quantity) return refuse('not_enough_stock', `lines/${line}/quantity`, `${free} of ${quantity} are free at ${draft.state.siteCode}.`)
  if (standing) {
    plan(draft, { ...standing, holdExpiresAt: command.expiresAt })
    return { line, held: quantity, day: standing.due }
  }
  // Held again after it expired: only the new hold can be confirmed.
  for (const row of before) plan(draft, { ...row, holdExpiresAt: null })
  const row = { ...demandFor(draft, command, wanted, promised.day ?? requested), part: before.length + 1, holdExpiresAt: command.expiresAt }
  takeOverFor(draft, item, quantity, command.order)
  plan(draft, row)
  hold(draft, row, quantity)
  return { line, held: quantity, day: promised.day }
}

/** Whether a later part of the line took its place after it expired. */
const isReplaced = (row: PlannedMove, parts: readonly PlannedMove[]): boolean => parts.some((one) => one.part > row.part)

export interface ConfirmHold {
  readonly kind: 'confirmHold'
  readonly order: string
  readonly lines: readonly number[]
}

/** The home site has the order: its holds here stay. One that expired before is taken again as far as stock goes; the rest waits. */
export function confirmHold({ order, lines }: ConfirmHold, draft: Draft): object {
  for (const row of unconfirmed(draft, order, lines)) {
    plan(draft, { ...row, holdExpiresAt: null })
    if (open(row) === 0) holdAgain(draft, row)
  }
  return { order, lines }
}

function holdAgain(draft: Draft, row: PlannedMove): void {
  const { document: order, line, item, owner, planned } = row
  const promised = promise(draft, item, owner, planned, row.due)
  const again = { ...row, part: row.part + 1, age: ageOf(draft), cancelled: none, holdExpiresAt: null }
  reserve(draft, again, promised)
  announce(draft, { type: 'hold.renewed', subject: order, data: { line, held: promised.held } })
  const lost = minus(planned, promised.held)
  if (lost === 0) return
  draft.exception.put({
    exception: draft.state.newId(),
    kind: 'hold_lost',
    item,
    document: order,
    line,
    quantity: lost,
    detail: `The hold for line ${line} expired before the order was confirmed; ${lost} wait for stock.`,
    raisedAt: draft.state.now,
  })
}

export interface ReleaseHold {
  readonly kind: 'releaseHold'
  readonly order: string
  readonly lines: readonly number[]
}

/** The home site does not need these holds after all: they go at once, and a late confirmation finds nothing. */
export function releaseHold({ order, lines }: ReleaseHold, draft: Draft): object {
  for (const row of unconfirmed(draft, order, lines)) {
    plan(draft, { ...row, holdExpiresAt: null })
    cancelOpen(draft, draft.planned.get(plannedKey(row))!)
  }
  return { order, lines }
}

const unconfirmed = (draft: Draft, order: string, lines: readonly number[]): PlannedMove[] =>
  draft.planned.of(order).filter((row) => row.holdExpiresAt !== null && lines.includes(row.line))

export interface ExpireHolds {
  readonly kind: 'expireHolds'
}

/** Lets go of what was held for orders that were never confirmed. The row keeps its expiry, so a late confirmation finds it. */
export function expireHolds(_command: ExpireHolds, draft: Draft): object {
  const expired = draft.planned.of(expiring).filter((row) => row.holdExpiresAt !== null && row.holdExpiresAt <= draft.state.now && open(row) > 0)
  for (const row of expired) cancelOpen(draft, draft.planned.get(plannedKey(row))!)
  return { expired: expired.length }
}
