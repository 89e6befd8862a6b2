// Page: lists are read by keyset: a cursor holds the key of the last row, so a page costs the same wherever it is.

import { refuse, type Refusal } from '../../core/refusal.ts'

export type Key = readonly (string | number)[]

/** Reads a cursor made by `pageOf`; `shape` says what its parts are. Undefined for the first page. */
export function keyIn(cursor: string | undefined, shape: readonly ('string' | 'number' | 'uuid')[]): Key | undefined | Refusal {
  if (cursor === undefined) return undefined
  const wrong = refuse('cursor_not_valid', 'cursor', 'This cursor was not made by this list; begin again without one.')
  let key: unknown
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return wrong
  }
  if (!Array.isArray(key) || key.length !== shape.length) return wrong
  const fits = key.every(
    (part, index) =>
      typeof part === (shape[index] === 'uuid' ? 'string' : shape[index]) &&
      (shape[index] !== 'uuid' || uuid.test(String(part))) &&
      (typeof part !== 'number' || (Number.isInteger(part) && Math.abs(part) <= NUMBER_MAX)) &&
      !String(part).includes('\0'),
  )
  return fits ? (key as Key) : wrong
}

/** The last instant there can be, in milliseconds: more than any number of a row, and exact. */
const NUMBER_MAX = 8_640_000_000_000_000

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A page of at most `limit` rows; one more than that must have been asked for. */
export function pageOf<Row extends object>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => Key,
  tell: (row: Row) => object = (row) => row,
): { readonly rows: readonly object[]; readonly next: string | null } {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    rows: rows.slice(0, limit).map(tell),
    next: last === undefined ? null : cursorAt(keyOf(last)),
  }
}

/** The cursor that goes on after a key. */
export const cursorAt = (key: Key): string => Buffer.from(JSON.stringify(key)).toString('base64url')
