// The chain, checked: every move's hash is computed anew from its content and the hash before it, numbers run from 1 without a gap, and time
// never runs backwards. The database computes hashes, in pieces of a named size; the seals it cannot, for it never sees their key: hashes
// and seals come here, and a seal that does not fit its hash names the very row that was changed, also when all hashes were made anew.
//
// The same pass over the moves adds up their side of every balance (balance.ts): a long ledger is read once.

import { hash } from 'node:crypto'
import type { Connection, Statement } from '../db.ts'
import { sql } from '../db.ts'
import { raw, type Sums } from './balance.ts'
import type { Offence } from './check.ts'
import { isLawful, keyColumns, sumColumns } from './ledger-sums.ts'

/** Moves that one statement reads. */
export const PIECE_MOVES_MAX = 100_000

export const chainChecks = {
  chain: 'Every move carries the hash of its content and the move before it; numbers run from 1 without a gap.',
  seals: 'Every hash carries the seal that only the server could give it.',
  clock: 'No move was recorded before the one that precedes it.',
} as const
export type ChainCheck = keyof typeof chainChecks

/** A stretch of a site's ledger. */
export interface Piece {
  readonly site: number
  readonly from: number
  readonly to: number
}

const measured = (column: string): Statement => raw(`case when ${column} = '' then '0:' else octet_length(${column}) || ':' || ${column} end`)

/** Package, lot and serial: hardly any move has one, and this text is made for every move. */
const measuredEnd = (end: 'm.from' | 'm.to'): Statement => sql`
  case when ${raw(`${end}_package = '' and ${end}_lot = '' and ${end}_serial = ''`)} then '0:|0:|0:'
    else concat_ws('|', ${measured(`${end}_package`)}, ${measured(`${end}_lot`)}, ${measured(`${end}_serial`)}) end`

/** The text of core/move.ts `canonical`, from a row `m` of the ledger. Change both or none. */
export const canonicalText: Statement = sql`
  concat_ws('|', m.site_id, m.sequence, m.item_id, m.quantity,
    m.from_place_id, ${measuredEnd('m.from')}, m.from_condition, m.from_owner_id,
    m.to_place_id, ${measuredEnd('m.to')}, m.to_condition, m.to_owner_id,
    m.cause, m.document_id, m.line, m.part, ${measured('m.actor')}, m.value_minor,
    trim_scale(extract(epoch from m.occurred_at) * 1000), trim_scale(extract(epoch from m.recorded_at) * 1000))`

/** Every site's ledger from its first to its last row, in pieces. */
export async function piecesOf(session: Connection): Promise<readonly Piece[]> {
  const ledgers = await session.query<Piece>(sql`
    with recursive found (site_id) as (
      -- every site: verification; the index is skipped through, one step a site
      select min(site_id) from move
      union all
      select (select min(m.site_id) from move m where m.site_id > f.site_id) from found f where f.site_id is not null
    )
    select f.site_id as site, (select min(m.sequence) from move m where m.site_id = f.site_id) as "from",
      (select max(m.sequence) from move m where m.site_id = f.site_id) as "to"
    from found f where f.site_id is not null order by 1`)
  const pieces: Piece[] = []
  for (const { site, from, to } of ledgers) {
    for (let at = Math.min(from, 1); at <= to; at += PIECE_MOVES_MAX) pieces.push({ site, from: at, to: Math.min(at + PIECE_MOVES_MAX - 1, to) })
  }
  return pieces
}

interface PieceRow {
  readonly moves: number
  readonly chained: boolean | null
  readonly timely: boolean | null
  readonly lawful: boolean | null
  readonly hashed: Buffer | null
  readonly first: string
  readonly second: string
}

export interface PieceFindings {
  readonly moves: number
  readonly offences: Readonly<Partial<Record<ChainCheck, Offence | undefined>>>
  /** Whether every move went from and to where it may. */
  readonly lawful: boolean
  /** Their part in the balances; nothing where it could not be added up. */
  readonly sums?: Sums
}

/** Checks a piece; only where something is wrong the rows themselves are looked at. */
export async function checkPiece(session: Connection, piece: Piece, sealKey: Buffer, seed: number): Promise<PieceFindings> {
  const [row] = await session.query<PieceRow>(sql`
    select count(*) as moves, bool_and(t.hash = t.expected) as chained, bool_and(t.recorded_at >= t.recorded_before) as timely,
      bool_and(${isLawful(piece.site)}) as lawful, string_agg(t.hash || t.seal, ''::bytea) as hashed, ${sumColumns()}
    from (${linked(piece, sql`, ${keyColumns(seed)}`)}) t
    left join place f on f.site_id = ${piece.site} and f.place_id = t.from_place_id
    left join place g on g.site_id = ${piece.site} and g.place_id = t.to_place_id
    where t.sequence >= ${piece.from}`)
  const { moves, chained, timely, lawful, hashed, first, second } = row!
  const whole = moves === piece.to - piece.from + 1 && chained !== false
  const offences: Partial<Record<ChainCheck, Offence | undefined>> = {}
  if (!whole) offences.chain = await firstUnchained(session, piece)
  if (timely === false) offences.clock = await firstUntimely(session, piece)
  if (!sealed(hashed ?? Buffer.alloc(0), moves, sealKey)) offences.seals = await firstUnsealed(session, piece, sealKey)
  return { moves, offences, lawful: lawful !== false, sums: { first: BigInt(first), second: BigInt(second) } }
}

/** The same row by row and without sums, where a damaged row lets them fail, e.g. by a sum beyond every bound. */
export async function lookClosely(session: Connection, piece: Piece, sealKey: Buffer): Promise<PieceFindings> {
  const [row] = await session.query<{ moves: number }>(sql`
    select count(*) as moves from move where site_id = ${piece.site} and sequence between ${piece.from} and ${piece.to}`)
  const offences = {
    chain: await firstUnchained(session, piece),
    clock: await firstUntimely(session, piece),
    seals: await firstUnsealed(session, piece, sealKey),
  }
  return { moves: row!.moves, offences, lawful: false }
}

const HASH_BYTES = 32
const SEAL_BYTES = 16

function sealed(hashed: Buffer, moves: number, sealKey: Buffer): boolean {
  // A seal of another length shifts all that follow; then the rows are looked at one by one.
  if (hashed.length !== moves * (HASH_BYTES + SEAL_BYTES)) return false
  const text = Buffer.alloc(sealKey.length + HASH_BYTES)
  sealKey.copy(text)
  for (let at = 0; at < hashed.length; at += HASH_BYTES + SEAL_BYTES) {
    hashed.copy(text, sealKey.length, at, at + HASH_BYTES)
    const expected = hash('sha256', text, 'buffer')
    if (expected.compare(hashed, at + HASH_BYTES, at + HASH_BYTES + SEAL_BYTES, 0, SEAL_BYTES) !== 0) return false
  }
  return true
}

/** A piece's rows with the hash each should have, and the row before the piece. */
const linked = ({ site, from, to }: Piece, more: Statement = sql``): Statement => sql`
  select m.sequence, m.hash, m.seal, m.recorded_at, lag(m.sequence, 1, ${from - 1}::bigint) over w as sequence_before, lag(m.recorded_at) over w as recorded_before,
    sha256(coalesce(lag(m.hash) over w, decode(repeat('00', 32), 'hex')) || convert_to(${canonicalText}, 'UTF8')) as expected${more}
  from move m
  where m.site_id = ${site} and m.sequence between ${from - 1} and ${to}
  window w as (order by m.sequence)`

interface Unchained {
  readonly sequence: number
  readonly before: number
}

async function firstUnchained(session: Connection, piece: Piece): Promise<Offence | undefined> {
  const [row] = await session.query<Unchained>(sql`
    select t.sequence, t.sequence_before as before from (${linked(piece)}) t
    where t.sequence >= ${piece.from} and (t.sequence < 1 or t.sequence <> t.sequence_before + 1 or t.hash is distinct from t.expected)
    order by t.sequence limit 1`)
  // Every row that is there follows from the one before it: the piece's last rows are missing.
  if (row === undefined) return missingAtEnd(session, piece)
  const missing = row.before + 1
  if (row.sequence < 1) return offence(piece, row.sequence, 'Numbers begin with 1; this row was put in.')
  if (row.sequence > missing) return offence(piece, missing, `It is missing: the row before is ${row.before}, the next is ${row.sequence}.`)
  return offence(piece, row.sequence, 'Its hash does not follow from its content and the hash before it: it was changed or put in.')
}

async function missingAtEnd(session: Connection, piece: Piece): Promise<Offence | undefined> {
  const [row] = await session.query<{ last: number }>(sql`
    select coalesce(max(sequence), ${piece.from - 1}::bigint) as last from move where site_id = ${piece.site} and sequence between ${piece.from} and ${piece.to}`)
  return row!.last < piece.to ? offence(piece, row!.last + 1, 'It is missing.') : undefined
}

async function firstUntimely(session: Connection, piece: Piece): Promise<Offence | undefined> {
  const [row] = await session.query<{ sequence: number }>(sql`
    select t.sequence from (${linked(piece)}) t
    where t.sequence >= ${piece.from} and t.recorded_at < t.recorded_before
    order by t.sequence limit 1`)
  return row && offence(piece, row.sequence, 'It was recorded before the move that precedes it.')
}

async function firstUnsealed(session: Connection, piece: Piece, sealKey: Buffer): Promise<Offence | undefined> {
  const rows = await session.query<{ sequence: number; hash: Buffer; seal: Buffer }>(sql`
    select m.sequence, m.hash, m.seal from move m
    where m.site_id = ${piece.site} and m.sequence between ${piece.from} and ${piece.to} order by m.sequence`)
  const row = rows.find(
    (one) => one.hash.length !== HASH_BYTES || one.seal.length !== SEAL_BYTES || !sealed(Buffer.concat([one.hash, one.seal]), 1, sealKey),
  )
  return row && offence(piece, row.sequence, "Its seal does not fit its hash: it was changed or put in by somebody without the server's key.")
}

const offence = ({ site }: Piece, sequence: number, problem: string): Offence => ({ table: 'move', site, key: `sequence ${sequence}`, problem })
