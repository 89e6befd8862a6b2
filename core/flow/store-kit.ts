// Store, kits: what is held of a kit is set aside for whole kits only, and only whole kits leave. The order's own site knows its kits; another site that
// serves one holds all of it before the order stands.

import type { Draft } from '../ledger.ts'
import type { OrderLine } from '../order.ts'
import type { PlannedMove } from '../planned-move.ts'
import { beyond, least, none, plus, quantity, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { less, type Allocation } from '../stock.ts'

type KitLine = OrderLine & { readonly kit: number; readonly kitEach: Quantity }

const isOfKit = (line: OrderLine): line is KitLine => line.kit !== null

/** Of a line, how many pieces belong to kits that are whole when each line of the kit has so many; null where the line is of no kit. */
function inWholeKits(draft: Draft, order: string, line: number, has: (line: number) => Quantity): Quantity | null {
  const lines = draft.line.of(order).filter(isOfKit)
  const own = lines.find((one) => one.line === line)
  if (own === undefined) return null
  const kits = lines.filter((one) => one.kit === own.kit).map((one) => Math.floor(has(one.line) / one.kitEach))
  return quantity(Math.min(...kits) * own.kitEach)
}

/** How much of what is held for a planned move may be set aside in all: of a kit no more than there is of the other parts. */
export function mayAllocate(draft: Draft, row: PlannedMove): Quantity {
  const has = (line: number): Quantity => sumOf(draft.planned.of(row.document), line, (one) => plus(one.posted, one.held))
  const whole = inWholeKits(draft, row.document, row.line, has)
  return whole === null ? row.held : least(row.held, beyond(whole, row.posted))
}

/** What of the picked goods may leave: loose pieces of kits that are not whole stay; those that are packed must be unpacked first. */
export function wholeKitsOf(draft: Draft, order: string, going: readonly Allocation[]): readonly Allocation[] | Refusal {
  if (draft.line.of(order).every((line) => line.kit === null)) return going
  const rows = draft.planned.of(order)
  const posted = (line: number): Quantity => sumOf(rows, line, (row) => row.posted)
  const has = (line: number): Quantity =>
    plus(
      posted(line),
      sumOf(going, line, (one) => one.quantity),
    )
  const over = new Map(
    [...new Set(going.map((one) => one.line))].map((line) => [line, beyond(has(line), inWholeKits(draft, order, line, has) ?? has(line))]),
  )
  const trimmed: Allocation[] = []
  // What stays behind is loose, as far as it can be.
  for (const one of going) {
    const stays = one.package === '' ? least(over.get(one.line)!, one.quantity) : none
    over.set(one.line, beyond(over.get(one.line)!, stays))
    if (stays < one.quantity) trimmed.push(stays === 0 ? one : less(one, stays))
  }
  const packed = [...over].find(([, some]) => some > 0)
  if (packed)
    return refuse(
      'kit_torn',
      'packages',
      `${packed[1]} of line ${packed[0]} are packed for a kit that is not whole: unpack them, or pick what is missing.`,
    )
  if (trimmed.length === 0) return refuse('kit_torn', 'order', 'What is picked makes no whole kit: pick what is missing.')
  return trimmed
}

const sumOf = <Row extends { readonly line: number }>(rows: readonly Row[], line: number, some: (row: Row) => Quantity): Quantity =>
  rows.filter((row) => row.line === line).reduce((sum, row) => plus(sum, some(row)), none)
