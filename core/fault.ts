// Fault: what is wrong with a command by itself, whatever it is for: a quantity of nothing, an instant that lies ahead, a lot not scanned.

import type { Day, Instant } from './calendar.ts'
import type { ItemId } from './item.ts'
import type { Draft } from './ledger.ts'
import type { Condition, End } from './move.ts'
import { isClosed } from './period.ts'
import type { Quantity } from './quantity.ts'
import { refuse, type Refusal } from './refusal.ts'
import { anyOwner, lotKey, stockAt, stockKey } from './stock.ts'

export function quantityFault(lines: readonly { readonly line: number; readonly quantity: Quantity }[]): Refusal | undefined {
  for (const { line, quantity } of lines) {
    if (quantity <= 0) return refuse('quantity_not_positive', `lines/${line}/quantity`, `A quantity of ${quantity} cannot be recorded.`)
  }
  return undefined
}

/** What is recorded must have happened already. */
export const liesAhead = (draft: Draft, occurredAt: Instant, subject: string): Refusal | undefined =>
  occurredAt > draft.state.now ? refuse('happened_in_future', subject, 'What is recorded must have happened already.') : undefined

/** And what moves goods must have happened in a period that is open. */
export const untimely = (draft: Draft, occurredAt: Instant, subject: string): Refusal | undefined =>
  liesAhead(draft, occurredAt, subject) ??
  (isClosed(occurredAt, draft.state.head.closedThrough)
    ? refuse('period_closed', subject, `The days up to ${draft.state.head.closedThrough} are closed; record it on a later one.`)
    : undefined)

interface Tracked {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly lot: string
  readonly serial: string
}

/** Tracked items need their lot or serial; a serial is one piece, and is named once. */
export function trackingFault(draft: Draft, lines: readonly Tracked[]): Refusal | undefined {
  const serials = new Set<string>()
  for (const one of lines) {
    const { line, item, serial } = one
    const fault = labelFault(draft, one, `lines/${line}/`)
    if (fault) return fault
    if (serial === '') continue
    if (serials.has(`${item}/${serial}`)) return refuse('serial_taken', `lines/${line}/serial`, `Serial ${serial} is named twice.`)
    serials.add(`${item}/${serial}`)
  }
  return undefined
}

/** The same for goods that are named once; `path` is what stands before the name of a field. */
export function labelFault(draft: Draft, { item, quantity: some, lot, serial }: Omit<Tracked, 'line'>, path = ''): Refusal | undefined {
  const tracking = draft.state.items.get(item)?.tracking ?? 'none'
  if (tracking === 'lot' && lot === '') return refuse('lot_missing', `${path}lot`, 'This item is told apart by lot: scan the lot.')
  if (tracking === 'serial' && serial === '') return refuse('serial_missing', `${path}serial`, 'Each piece of this item has a serial: scan it.')
  if (tracking === 'serial' && some > 1) return refuse('serial_missing', `${path}quantity`, 'A serial is one piece: a line for each.')
  if (tracking !== 'lot' && lot !== '') return refuse('lot_not_tracked', `${path}lot`, 'This item is not told apart by lot.')
  if (tracking !== 'serial' && serial !== '') return refuse('lot_not_tracked', `${path}serial`, 'This item is not told apart by serial.')
  return undefined
}

/** A serial comes in once: while it is recorded anywhere at the site but `here`, whoever owns it, it cannot come again. */
export function serialFault(draft: Draft, item: ItemId, serial: string, subject: string, here?: End): Refusal | undefined {
  if (serial === '') return undefined
  const rows = draft.stock.of(anyOwner(item)).filter((row) => row.serial === serial && row.quantity > 0)
  const elsewhere = rows.some((row) => here === undefined || stockKey(row) !== stockKey(stockAt(item, here)))
  return elsewhere ? refuse('serial_taken', subject, `Serial ${serial} is in stock already.`) : undefined
}

/** What expired does not come in as sellable. The lot's first known day counts. */
export function expiryFault(
  draft: Draft,
  item: ItemId,
  lot: string,
  expiresOn: Day | null,
  condition: Condition,
  subject: string,
): Refusal | undefined {
  const known = draft.lot.get(lotKey(item, lot))
  const expiry = lot === '' ? null : known === undefined ? expiresOn : known.expiresOn
  if (condition !== 'sellable' || expiry === null || expiry > draft.state.today) return undefined
  return refuse('lot_expired', subject, `The lot expired on ${expiry}.`)
}
