// Transport that is called off: what has not left for a transfer stays where it is. Whether something has left is known only in the lane of the site
// that was asked, so that lane decides: the site that asked sends it a message, and gives up its supply when it is told how much stopped. Goods that
// left meanwhile arrive like any others. Invariant: what is cancelled at the one end is what the other told it.

import { countingOn, raiseHurt, type Hurt } from '../disruption.ts'
import { cancelOpen, cancelSupply } from '../hold.ts'
import type { SiteId } from '../item.ts'
import { announce, type Draft } from '../ledger.ts'
import { plannedKey, type PlannedMove } from '../planned-move.ts'
import { minus, none, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { notLeft, transferCan, type TransferEnd } from '../transfer.ts'

export interface CancelTransfer {
  readonly kind: 'cancelTransfer'
  readonly transfer: string
  /** The site that was asked, where another one cancels. */
  readonly asked: SiteId | null
}

/** What has not left will not leave. Either end may say so; the one that was asked stops it. */
export function cancelTransfer({ transfer, asked }: CancelTransfer, draft: Draft): object | Refusal {
  const rows = endOf(draft, transfer)
  if (rows.length === 0) return refuse('transfer_not_known', 'id', 'There is no such transfer at this site.')
  const end = addUp(draft, rows)
  if (!transferCan(end).includes('cancel')) {
    return refuse('transfer_left', 'id', 'All of it has left, was received or is cancelled: nothing is left that could stay.')
  }
  if (end.direction === 'demand') return { id: transfer, lines: stop(draft, transfer, rows), asked: none }
  if (asked === null) throw new Error(`Nobody knows which site was asked for transfer ${transfer}.`)
  announce(draft, { type: 'transfer.cancel_asked', subject: transfer, to: asked, data: { transfer, home: draft.state.site } })
  return { id: transfer, lines: [], asked: notLeft(end) }
}

export interface StopTransfer {
  readonly kind: 'stopTransfer'
  readonly transfer: string
  /** The site that asked for the goods, and now asks to keep them. */
  readonly home: SiteId
}

/** The site that asked calls it off. It is a message, so it is never refused: what has left by now has left. */
export function stopTransfer({ transfer, home }: StopTransfer, draft: Draft): object {
  const rows = endOf(draft, transfer).filter((row) => row.homeSite === home)
  return { id: transfer, lines: rows.length === 0 ? [] : stop(draft, transfer, rows) }
}

interface Stopped {
  readonly line: number
  readonly quantity: Quantity
}

/** Lets go of what was held or expected for it, and tells the site that asked. */
function stop(draft: Draft, transfer: string, rows: readonly PlannedMove[]): readonly Stopped[] {
  const lines = rows
    .map((row) => ({ line: row.line, quantity: cancelOpen(draft, draft.planned.get(plannedKey(row))!) }))
    .filter((one) => one.quantity > 0)
  announce(draft, { type: 'transfer.cancelled', subject: transfer, to: rows[0]!.homeSite, data: { transfer, from: draft.state.site, lines } })
  return lines
}

export interface LoseTransfer {
  readonly kind: 'loseTransfer'
  readonly transfer: string
  /** The site that was asked. */
  readonly from: SiteId
  readonly lines: readonly Stopped[]
}

/** The site that was asked says what will not come: who counted on it waits for another supply, and keeps what was promised. */
export function loseTransfer({ transfer, from, lines }: LoseTransfer, draft: Draft): object {
  for (const { line, quantity } of lines) {
    const row = draft.planned.get(plannedKey({ document: transfer, line, part: 1 }))!
    const before = countingOn(draft, row)
    cancelSupply(draft, row, quantity)
    const after = countingOn(draft, row)
    raiseHurt(draft, 'supply_short', row, `${quantity} of line ${line} of a transfer will not come`, lostBetween(before, after))
  }
  announce(draft, { type: 'transfer.called_off', subject: transfer, data: { from, lines } })
  return { id: transfer, lines }
}

/** Who counted on more before than after. */
const lostBetween = (before: readonly Hurt[], after: readonly Hurt[]): Hurt[] =>
  before.flatMap((one) => {
    const left = after.find(({ order, line }) => order === one.order && line === one.line)?.quantity ?? none
    return left < one.quantity ? [{ ...one, quantity: minus(one.quantity, left) }] : []
  })

const endOf = (draft: Draft, transfer: string): PlannedMove[] =>
  draft.planned.of(transfer).filter((row) => row.kind === 'transfer_in' || row.kind === 'transfer_out')

function addUp(draft: Draft, rows: readonly PlannedMove[]): TransferEnd {
  const sum = <Row>(of: readonly Row[], some: (row: Row) => Quantity): Quantity => of.reduce((total, row) => plus(total, some(row)), none)
  return {
    direction: rows[0]!.direction,
    planned: sum(rows, (row) => row.planned),
    posted: sum(rows, (row) => row.posted),
    cancelled: sum(rows, (row) => row.cancelled),
    held: sum(rows, (row) => row.held),
    underWay: sum(draft.arrival.of(rows[0]!.document), (one) => one.quantity),
  }
}
