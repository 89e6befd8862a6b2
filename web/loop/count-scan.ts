// Count scan: what a scan means on a count sheet: a place that one stands at, a piece by its serial, goods by SKU or lot, or something that nobody looked for.

import type { Counted } from './count-queue.ts'

/** What can be told apart on a sheet. */
export interface ToScan extends Pick<Counted, 'sku' | 'place' | 'lot' | 'serial' | 'condition'> {
  readonly line: number
  readonly name: string
  readonly owner: string
}

export type Meaning<Line extends ToScan> =
  | { readonly kind: 'place'; readonly place: string }
  | { readonly kind: 'one'; readonly line: Line }
  | { readonly kind: 'several'; readonly lines: readonly Line[] }
  /** Not on the sheet, or not at this place. */
  | { readonly kind: 'find'; readonly sku: string; readonly elsewhere: readonly Line[] }

/** `place` is where one stands; empty where that was not scanned. */
export function meaningOf<Line extends ToScan>(text: string, lines: readonly Line[], place: string): Meaning<Line> | undefined {
  const wanted = text.trim().toUpperCase()
  if (wanted === '') return undefined
  const is = (value: string): boolean => value.toUpperCase() === wanted
  const pieces = lines.filter((one) => one.serial !== '' && is(one.serial))
  if (pieces.length > 0) return pieces.length === 1 ? { kind: 'one', line: pieces[0]! } : { kind: 'several', lines: pieces }
  const at = lines.find((one) => is(one.place))
  if (at !== undefined) return { kind: 'place', place: at.place }
  const all = lines.filter((one) => is(one.sku) || (one.lot !== '' && is(one.lot)))
  const here = place === '' ? all : all.filter((one) => one.place === place)
  if (here.length === 1) return { kind: 'one', line: here[0]! }
  if (here.length > 1) return { kind: 'several', lines: here }
  return { kind: 'find', sku: all.find((one) => is(one.sku))?.sku ?? text.trim(), elsewhere: all }
}

/** More than this is asked about again before it is kept: mostly it is the next scan, typed into the wrong field. */
export const surely_max = 9_999

export type Typed = { readonly counted: number } | { readonly doubt: number } | { readonly wrong: string }

/** What was typed as a quantity. A count below none, or of a part of a piece, is none. */
export function quantityTyped(text: string): Typed {
  const typed = text.trim()
  if (/^-\s*\d/.test(typed)) return { wrong: 'Fewer than none cannot be there. Count again.' }
  if (!/^\d+$/.test(typed)) return { wrong: 'Enter a whole number, 0 where none is there.' }
  const counted = Number(typed)
  if (!Number.isSafeInteger(counted) || counted > 1_000_000_000) return { wrong: `${typed} is no quantity. Was something scanned into this field?` }
  return counted > surely_max ? { doubt: counted } : { counted }
}
