// Transport between sites, of what was asked for: what is held for a transfer leaves its site, is on its way, and is there when the dock says so.
// It may leave in several parts; each is worth what it left with.

import type { Arrival, InTransit } from '../arrival.ts'
import { raiseHurt, tiesOf, uncoveredOf } from '../disruption.ts'
import { untimely } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import { announce, plan, type Draft } from '../ledger.ts'
import { plannedKey } from '../planned-move.ts'
import { none, plus, quantity as quantityOf, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { arrive, leave, type Unloaded } from './transport.ts'

export interface DispatchTransfer {
  readonly kind: 'dispatchTransfer'
  readonly transfer: string
  readonly sentAt: Instant
  /** The day on which it is expected at the other site. */
  readonly arrivesOn: Day
}

/** Everything that is held for the transfer leaves; what still waits goes another day. */
export function dispatchTransfer({ transfer, sentAt, arrivesOn }: DispatchTransfer, draft: Draft): object | Refusal {
  const rows = draft.planned.of(transfer).filter((row) => row.kind === 'transfer_out')
  if (rows.length === 0) return refuse('transfer_not_known', 'id', 'Nothing was asked of this site under that number.')
  const ahead = untimely(draft, sentAt, 'sentAt')
  if (ahead) return ahead
  const held = rows.filter((row) => row.held > 0)
  if (held.length === 0) return refuse('not_held', 'id', 'Nothing is held for this transfer that has not left already.')
  const goods: InTransit[] = []
  for (const row of held) {
    plan(draft, { ...row, held: none, posted: plus(row.posted, row.held) })
    goods.push(...leave(draft, { transfer, sentAt }, { line: row.line, item: row.item, quantity: row.held }))
  }
  const data = { transfer, from: draft.state.site, sentAt, arrivesOn, goods }
  announce(draft, { type: 'transfer.sent', subject: transfer, to: held[0]!.homeSite, occurredAt: sentAt, data })
  return { id: transfer, arrivesOn, lines: held.map(({ line, item, held: quantity }) => ({ line, item, quantity })) }
}

/** What was found of a line; a lot or serial tells its pieces apart. */
export interface FoundLine {
  readonly line: number
  readonly quantity: Quantity
  readonly lot: string
  readonly serial: string
}

export interface TakeArrival {
  readonly kind: 'takeArrival'
  readonly transfer: string
  readonly receivedAt: Instant
  /** What was counted at the dock; lines that nobody names came as they left. */
  readonly found?: readonly FoundLine[]
  /** Nothing of it will come: the carrier lost it. */
  readonly isLost?: boolean
}

/** What is on its way for a transfer is there; where fewer or more came than left, the difference is lost or found here. */
export function takeArrival({ transfer, receivedAt, found = [], isLost = false }: TakeArrival, draft: Draft): object | Refusal {
  const ahead = untimely(draft, receivedAt, 'receivedAt')
  if (ahead) return ahead
  const arrivals = draft.arrival.of(transfer)
  if (arrivals.length === 0) return refuse('nothing_to_do', 'id', 'Nothing is on its way to this site for this transfer.')
  const goods = isLost ? arrivals.map((one) => ({ ...one, found: none })) : counted(arrivals, found)
  if (isRefusal(goods)) return goods
  for (const one of arrivals) draft.arrival.remove(one)
  const short = missing(draft, transfer, goods)
  const lines = arrive(draft, transfer, receivedAt, goods)
  for (const { row, ties, lost } of short)
    raiseHurt(draft, 'supply_short', row, `${lost} of line ${row.line} of a transfer were lost on the way`, uncoveredOf(draft, ties))
  announce(draft, { type: 'transfer.received', subject: transfer, occurredAt: receivedAt, data: { from: arrivals[0]!.from, lines } })
  const differences = goods.flatMap(({ line, quantity, found: came = quantity }) =>
    came === quantity ? [] : [{ line, sent: quantity, found: came }],
  )
  return { id: transfer, lines, ...(differences.length > 0 ? { differences } : {}) }
}

/** Lines of which fewer came than left, and what was tied to them. */
function missing(draft: Draft, transfer: string, goods: readonly Unloaded[]) {
  return [...new Set(goods.map((one) => one.line))].flatMap((line) => {
    const row = draft.planned.get(plannedKey({ document: transfer, line, part: 1 }))
    const lost = goods.filter((one) => one.line === line).reduce((sum, one) => sum + one.quantity - (one.found ?? one.quantity), 0)
    return row === undefined || lost <= 0 ? [] : [{ row, ties: tiesOf(draft, row), lost }]
  })
}

/** Lays what was counted beside what left, or says which count cannot be true. */
function counted(arrivals: readonly Arrival[], found: readonly FoundLine[]): readonly Unloaded[] | Refusal {
  const goods: Unloaded[] = [...arrivals]
  for (const [index, { line, quantity, lot, serial }] of found.entries()) {
    const meant = [...goods.entries()].filter(
      ([, one]) => one.line === line && (lot === '' || one.lot === lot) && (serial === '' || one.serial === serial),
    )
    const path = `lines/${index + 1}`
    if (meant.length === 0) return refuse('line_not_known', `${path}/line`, `Nothing like that is on its way for line ${line}.`)
    let difference = quantity - meant.reduce((sum, [, one]) => sum + one.quantity, 0)
    const { lot: oneLot, serial: oneSerial } = meant[0]![1]
    if (difference !== 0 && meant.some(([, one]) => one.lot !== oneLot)) {
      return refuse('lot_missing', `${path}/lot`, `Several lots are on their way for line ${line}: which one differs?`)
    }
    if (difference !== 0 && meant.some(([, one]) => one.serial !== oneSerial)) {
      return refuse('serial_missing', `${path}/serial`, `Several pieces are on their way for line ${line}: which one is missing?`)
    }
    if (difference > 0 && oneSerial !== '') return refuse('more_than_expected', `${path}/quantity`, 'A serial is one piece.')
    for (const [at, one] of meant) {
      const came = Math.max(0, one.quantity + difference)
      goods[at] = { ...one, found: quantityOf(came) }
      difference -= came - one.quantity
    }
  }
  return goods
}
