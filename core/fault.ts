// Fault: what is wrong with a command by itself, whatever it is for: a quantity of nothing, an instant that lies ahead, a lot not scanned.

import type { Instant } from './calendar.ts'
import type { ItemId } from './item.ts'
import type { Draft } from './ledger.ts'
import type { Quantity } from './quantity.ts'
import { refuse, type Refusal } from './refusal.ts'

export function quantityFault(lines: readonly { readonly line: number; readonly quantity: Quantity }[]): Refusal | undefined {
  for (const { line, quantity } of lines) {
    if (quantity <= 0) return refuse('quantity_not_positive', `lines/${line}/quantity`, `A quantity of ${quantity} cannot be recorded.`)
  }
  return undefined
}

/** What is recorded must have happened already. */
export const liesAhead = (draft: Draft, occurredAt: Instant, subject: string): Refusal | undefined =>
  occurredAt > draft.state.now ? refuse('happened_in_future', subject, 'What is recorded must have happened already.') : undefined

/** Tracked items need their lot or serial; a serial is one piece. */
export function trackingFault(
  draft: Draft, lines: readonly { readonly line: number; readonly item: ItemId; readonly quantity: Quantity; readonly lot: string; readonly serial: string }[],
): Refusal | undefined {
  for (const { line, item, quantity: some, lot, serial } of lines) {
    const tracking = draft.state.items.get(item)?.tracking ?? 'none'
    if (tracking === 'lot' && lot === '') return refuse('lot_missing', `lines/${line}/lot`, 'This item is told apart by lot: scan the lot.')
    if (tracking === 'serial' && serial === '') return refuse('serial_missing', `lines/${line}/serial`, 'Each piece of this item has a serial: scan it.')
    if (tracking === 'serial' && some !== 1) return refuse('serial_missing', `lines/${line}/quantity`, 'A serial is one piece: a line for each.')
    if (tracking !== 'lot' && lot !== '') return refuse('lot_not_tracked', `lines/${line}/lot`, 'This item is not told apart by lot.')
    if (tracking !== 'serial' && serial !== '') return refuse('lot_not_tracked', `lines/${line}/serial`, 'This item is not told apart by serial.')
  }
  return undefined
}
