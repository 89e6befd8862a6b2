// Transport between sites, of what was asked for: what is held for a transfer leaves its site, is on its way, and is there when the dock says so.
// It may leave in several parts; each is worth what it left with.

import type { InTransit } from '../arrival.ts'
import { liesAhead } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import { announce, plan, type Draft } from '../ledger.ts'
import { none, plus } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { arrive, leave } from './transport.ts'

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
  const ahead = liesAhead(draft, sentAt, 'sentAt')
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

export interface TakeArrival {
  readonly kind: 'takeArrival'
  readonly transfer: string
  readonly receivedAt: Instant
}

/** What is on its way for a transfer is there. */
export function takeArrival({ transfer, receivedAt }: TakeArrival, draft: Draft): object | Refusal {
  const ahead = liesAhead(draft, receivedAt, 'receivedAt')
  if (ahead) return ahead
  const arrivals = draft.arrival.of(transfer)
  if (arrivals.length === 0) return refuse('nothing_to_do', 'id', 'Nothing is on its way to this site for this transfer.')
  for (const one of arrivals) draft.arrival.remove(one)
  const lines = arrive(draft, transfer, receivedAt, arrivals)
  announce(draft, { type: 'transfer.received', subject: transfer, occurredAt: receivedAt, data: { from: arrivals[0]!.from, lines } })
  return { id: transfer, lines }
}
