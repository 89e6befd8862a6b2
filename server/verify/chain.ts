// The chain, checked: every move's hash is computed anew from its content and the hash before it, numbers run from 1 without a gap, and time
// never runs backwards. The database writes the canonical texts, in pieces of a named size; they are hashed here, where a hash costs a third
// of what it costs in a statement. A seal that does not fit its hash names the very row that was changed, also when all hashes were made
// anew: the database never sees their key.
//
// The same pass over the moves adds up their side of every balance (balance.ts): a long ledger is read once. A piece that is not sound is
// looked at again by statements, which name the row.

import type { Connection, Statement } from '../db.ts'
import { sql } from '../db.ts'
import { seal } from '../lane/chain.ts'
import { raw, type Sums } from './balance.ts'
import type { Offence } from './check.ts'
import { doubted, follow, HASH_BYTES, SEAL_BYTES } from './follow.ts'
import { isLawful, keyColumns, sellablePlaceKinds, sumColumns, type Grounds } from './ledger-sums.ts'

/** Moves that one statement reads. */
export const PIECE_MOVES_MAX = 20_000

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
  readonly grounds: Grounds
}

const measured = (column: string): Statement => raw(`case when ${column} = '' then '0:' else octet_length(${column}) || ':' || ${column} end`)

/** Package, lot and serial: hardly any move has one, and this text is made for every move. */
const measuredEnd = (end: 'm.from' | 'm.to'): Statement => sql`
  case when ${raw(`${end}_package = '' and ${end}_lot = '' and ${end}_serial = ''`)} then '0:|0:|0:'
    else concat_ws('|', ${measured(`${end}_package`)}, ${measured(`${end}_lot`)}, ${measured(`${end}_serial`)}) end`

/** Whole milliseconds, as every honest row has them, take half the time of exact decimals, and are exact for 70,000 years. */
const milliseconds = (column: string): Statement =>
  raw(`case when date_bin('1 millisecond', ${column}, 'epoch') = ${column} then round(date_part('epoch', ${column}) * 1000)::text
      else trim_scale(extract(epoch from ${column}) * 1000)::text end`)

/** The text of core/move.ts `canonical`, from a row `m` of the ledger, up to its two instants. Change both or none. */
const canonicalBeginning: Statement = sql`
  concat_ws('|', m.site_id, m.sequence, m.item_id, m.quantity,
    m.from_place_id, ${measuredEnd('m.from')}, m.from_condition, m.from_owner_id,
    m.to_place_id, ${measuredEnd('m.to')}, m.to_condition, m.to_owner_id,
    m.cause, m.document_id, m.line, m.part, ${measured('m.actor')}, m.value_minor)`

export const canonicalText: Statement = sql`concat_ws('|', ${canonicalBeginning}, ${milliseconds('m.occurred_at')}, ${milliseconds('m.recorded_at')})`

/** Every site's ledger from its first to its last row, in pieces. */
export async function piecesOf(session: Connection): Promise<readonly Piece[]> {
  const ledgers = await session.query<Omit<Piece, 'grounds'> & Grounds>(sql`
    with recursive found (site_id) as (
      -- every site: verification; the index is skipped through, one step a site
      select min(site_id) from move
      union all
      select (select min(m.site_id) from move m where m.site_id > f.site_id) from found f where f.site_id is not null
    )
    select f.site_id as site, (select min(m.sequence) from move m where m.site_id = f.site_id) as "from",
      (select max(m.sequence) from move m where m.site_id = f.site_id) as "to", (select s.owner_id from site s where s.site_id = f.site_id) as owner,
      array(
        select p.party_id from party p where p.kind = 'supplier' and exists (select from item_value v where v.site_id = f.site_id and v.owner_id = p.party_id)
      ) as others,
      array(select p.place_id from place p where p.site_id = f.site_id) as places,
      array(select p.place_id from place p where p.site_id = f.site_id and p.kind = any (${sellablePlaceKinds}::text[])) as "sellingPlaces"
    from found f where f.site_id is not null order by 1`)
  const pieces: Piece[] = []
  for (const { site, from, to, ...grounds } of ledgers) {
    for (let at = Math.min(from, 1); at <= to; at += PIECE_MOVES_MAX)
      pieces.push({ site, from: at, to: Math.min(at + PIECE_MOVES_MAX - 1, to), grounds })
  }
  return pieces
}

interface PieceRow {
  readonly moves: number
  readonly lawful: boolean | null
  /** As follow.ts wants them; nothing where there are no moves. */
  readonly rows: Buffer | null
  readonly texts: string | null
  readonly measured: boolean | null
  /** Of the move before the piece. */
  readonly hashBefore: Buffer | null
  readonly recordedBefore: Buffer | null
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
  const before = sql`from move m where m.site_id = ${piece.site} and m.sequence = ${piece.from - 1}`
  const [row] = await session.query<PieceRow>(sql`
    select count(*) as moves, bool_and(${isLawful(piece.grounds)}) as lawful,
      string_agg(t.hash || t.seal || int4send(octet_length(t.text)) || timestamptz_send(t.occurred_at) || timestamptz_send(t.recorded_at), ''::bytea) as rows,
      string_agg(t.text, '') as texts, bool_and(octet_length(t.hash) = ${HASH_BYTES} and octet_length(t.seal) = ${SEAL_BYTES}) as measured,
      (select m.hash ${before}) as "hashBefore", (select timestamptz_send(m.recorded_at) ${before}) as "recordedBefore", ${sumColumns()}
    from (
      select m.hash, m.seal, m.occurred_at, m.recorded_at, ${canonicalBeginning} as text, ${keyColumns(seed)}
      from move m where m.site_id = ${piece.site} and m.sequence between ${piece.from} and ${piece.to} order by m.sequence
    ) t`)
  const { moves, lawful, measured: isMeasured, first, second } = row!
  const stretch = { ...row!, rows: row!.rows ?? Buffer.alloc(0), texts: Buffer.from(row!.texts ?? '') }
  const { chained, sealed, timely } = isMeasured === false ? doubted : follow(stretch, sealKey)
  const offences: Partial<Record<ChainCheck, Offence | undefined>> = {}
  if (moves !== piece.to - piece.from + 1 || !chained) offences.chain = await firstUnchained(session, piece)
  if (!timely) offences.clock = await firstUntimely(session, piece)
  if (!sealed) offences.seals = await firstUnsealed(session, piece, sealKey)
  return { moves, offences, lawful: lawful === true || moves === 0, sums: { first: BigInt(first), second: BigInt(second) } }
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

/** A piece's rows with the hash each should have, and the row before the piece. */
const linked = ({ site, from, to }: Piece): Statement => sql`
  select m.sequence, m.hash, m.seal, m.recorded_at, lag(m.sequence, 1, ${from - 1}::bigint) over w as sequence_before, lag(m.recorded_at) over w as recorded_before,
    sha256(coalesce(lag(m.hash) over w, decode(repeat('00', 32), 'hex')) || convert_to(${canonicalText}, 'UTF8')) as expected
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
  const row = rows.find((one) => !seal(sealKey, one.hash).equals(one.seal))
  return row && offence(piece, row.sequence, "Its seal does not fit its hash: it was changed or put in by somebody without the server's key.")
}

const offence = ({ site }: Piece, sequence: number, problem: string): Offence => ({ table: 'move', site, key: `sequence ${sequence}`, problem })
