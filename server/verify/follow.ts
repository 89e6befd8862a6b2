// Follow: goes along a piece of the chain, from the move before it to its last, and makes every hash and seal anew from what the database
// wrote of each row. A hash costs a third here of what it costs in a statement, and so do the digits of an instant.
//
// It may doubt a piece that is sound, e.g. one with instants of another century; statements then look at it row by row (chain.ts). It never
// lets one pass that is not.

import { hash } from 'node:crypto'
import { genesis } from '../lane/chain.ts'

export const HASH_BYTES = 32
export const SEAL_BYTES = 16
/** A row: its hash, its seal, the length of its text, and when it occurred and was recorded in microseconds since 2000. */
const [SEAL_AT, LENGTH_AT, OCCURRED_AT, RECORDED_AT, ROW_BYTES] = [HASH_BYTES, 48, 52, 60, 68]

/** A stretch of the ledger as the database wrote it down. */
export interface Stretch {
  readonly moves: number
  /** Each row's bytes, as above. */
  readonly rows: Buffer
  /** Each row's canonical text without its two instants. */
  readonly texts: Buffer
  /** Hash and time of recording of the move before. */
  readonly hashBefore: Buffer | null
  readonly recordedBefore: Buffer | null
}

export interface Followed {
  readonly chained: boolean
  readonly sealed: boolean
  readonly timely: boolean
}

/** What is not looked at here. */
export const doubted: Followed = { chained: false, sealed: false, timely: false }

export function follow({ moves, rows, texts, hashBefore, recordedBefore }: Stretch, sealKey: Buffer): Followed {
  // A hash or seal of another length shifts all that follow.
  if (rows.length !== moves * ROW_BYTES) return doubted
  // Hashed are `previous hash, text` and `key, hash`, each put together in a room of its own.
  const [link, toSeal] = [Buffer.allocUnsafe(HASH_BYTES + texts.length + INSTANTS_BYTES), Buffer.alloc(sealKey.length + HASH_BYTES)]
  sealKey.copy(toSeal)
  link.set(hashBefore ?? genesis)
  let [chained, sealed, timely] = [true, true, true]
  let recorded = recordedBefore === null ? -Infinity : microsecondsAt(recordedBefore, 0)
  let textsEnd = 0
  for (let row = 0, at = 0; row < moves; row += 1, at += ROW_BYTES) {
    const textAt = textsEnd
    textsEnd += rows.readInt32BE(at + LENGTH_AT)
    if (textsEnd < textAt || textsEnd > texts.length) return doubted
    let end = HASH_BYTES + texts.copy(link, HASH_BYTES, textAt, textsEnd)
    const [occurred, before] = [microsecondsAt(rows, at + OCCURRED_AT), recorded]
    recorded = microsecondsAt(rows, at + RECORDED_AT)
    if (!isOrdinary(occurred) || !isOrdinary(recorded)) return doubted
    end = writeInstant(link, writeInstant(link, end, occurred), recorded)
    const own = rows.toString('binary', at, at + SEAL_AT)
    chained &&= hash('sha256', link.subarray(0, end), 'binary') === own
    rows.copy(toSeal, sealKey.length, at, at + SEAL_AT)
    sealed &&= hash('sha256', toSeal, 'binary').startsWith(rows.toString('binary', at + SEAL_AT, at + LENGTH_AT))
    timely &&= recorded >= before
    rows.copy(link, 0, at, at + SEAL_AT)
  }
  return textsEnd === texts.length ? { chained, sealed, timely } : doubted
}

/** A bar and thirteen digits, twice. */
const INSTANTS_BYTES = 2 * 14
const BAR = 0x7c
const ZERO = 0x30
const EPOCH_2000_MS = Date.UTC(2000, 0, 1)
/** From 2001 to 2200 milliseconds since 1970 have thirteen digits, and microseconds are exact numbers. */
const [ORDINARY_FROM, ORDINARY_TO] = [Date.UTC(2002, 0, 1), Date.UTC(2200, 0, 1)].map((at) => (at - EPOCH_2000_MS) * 1000) as [number, number]

const microsecondsAt = (bytes: Buffer, at: number): number => bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)

/** Whole milliseconds of these centuries, as every honest row has them; what is written of others is left to the database. */
const isOrdinary = (microseconds: number): boolean => microseconds >= ORDINARY_FROM && microseconds < ORDINARY_TO && microseconds % 1000 === 0

/** `|` and the milliseconds since 1970; a text made of the number would take six times as long. Returns where it ends. */
function writeInstant(into: Buffer, at: number, microseconds: number): number {
  const milliseconds = microseconds / 1000 + EPOCH_2000_MS
  const high = Math.floor(milliseconds / 1e7)
  into[at] = BAR
  writeDigits(into, at + 1, at + 6, high)
  writeDigits(into, at + 7, at + 13, milliseconds - high * 1e7)
  return at + 14
}

function writeDigits(into: Buffer, from: number, to: number, value: number): void {
  for (let at = to, rest = value; at >= from; at -= 1) {
    const tenth = Math.trunc(rest / 10)
    into[at] = ZERO + rest - tenth * 10
    rest = tenth
  }
}
