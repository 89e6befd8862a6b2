// The head of a site, checked: it names the last move and the last event that are there, carries the server's seal, and lies not before any
// head that was written down outside the database. So a tail cannot be cut off, with or without setting the head back.

import type { Connection } from '../db.ts'
import { sql } from '../db.ts'
import { signatureOf } from '../heads.ts'
import { genesis, sealHead } from '../lane/chain.ts'
import { rowCheck, type Check, type Offence, type VerifyContext } from './check.ts'

const positionCheck = rowCheck(
  'head',
  'The head of a site names its last move and its last event.',
  sql`
    -- every site: verification
    select 'site_head' as "table", h.site_id as site, 'head' as key,
      case
        when h.move_sequence <> coalesce(m.sequence, 0) then format('It says that the last move is %s; the last one there is %s.', h.move_sequence, coalesce(m.sequence, 0))
        when h.outbox_sequence <> coalesce(o.sequence, 0) then format('It says that the last event is %s; the last one there is %s.', h.outbox_sequence, coalesce(o.sequence, 0))
        when m.sequence is not null and h.move_hash <> m.hash then 'It does not carry the hash of its last move.'
        else 'It lies before its last move in time.'
      end as problem
    from site_head h
    left join lateral (select m.sequence, m.hash, m.recorded_at from move m where m.site_id = h.site_id order by m.sequence desc limit 1) m on true
    left join lateral (select o.sequence from outbox o where o.site_id = h.site_id order by o.sequence desc limit 1) o on true
    where h.move_sequence <> coalesce(m.sequence, 0) or h.outbox_sequence <> coalesce(o.sequence, 0)
      or (m.sequence is not null and h.move_hash <> m.hash) or h.recorded_at < m.recorded_at
    order by h.site_id limit 1`,
)

const headlessCheck = rowCheck(
  'sites',
  'Every site has a head, and nothing is recorded at a place that is no site.',
  sql`
    -- every site: verification
    with recursive found (site_id) as (
      select min(site_id) from move
      union all
      select (select min(m.site_id) from move m where m.site_id > f.site_id) from found f where f.site_id is not null
    )
    select t."table", t.site_id as site, 'site ' || t.site_id as key, t.problem
    from (
      select 'site' as "table", s.site_id, 'The site has no head.' as problem from site s where s.site_id not in (select h.site_id from site_head h)
      union all
      select 'site_head', h.site_id, 'The head belongs to no site.' from site_head h where h.site_id not in (select s.site_id from site s)
      union all
      select 'move', f.site_id, 'The moves belong to no site.' from found f where f.site_id not in (select s.site_id from site s)
    ) t
    order by t.site_id limit 1`,
)

interface HeadRow {
  readonly site: number
  readonly moves: number
  readonly hash: Buffer
  readonly events: number
  readonly numbers: number
  readonly seal: Buffer
}

/** What the control site's counter begins with (migration 0004). */
const FIRST_CONTROL_NUMBER = 1000

const sealCheck: Check = {
  name: 'head seal',
  invariant: 'The head of a site carries the seal that only the server could give it; it has none only while nothing was recorded.',
  find: async (session, { sealKey }) => {
    const heads = await session.query<HeadRow>(sql`
      -- every site: verification
      select site_id as site, move_sequence as moves, move_hash as hash, outbox_sequence as events, last_number as numbers, seal
      from site_head order by site_id`)
    const wrong = heads.find((head) => !(isUntouched(head) || head.seal.equals(sealHead(sealKey, head.site, head))))
    return (
      wrong && {
        table: 'site_head',
        site: wrong.site,
        key: 'head',
        problem: "Its seal does not fit: it was set by somebody without the server's key.",
      }
    )
  },
}

const isUntouched = ({ site, moves, hash, events, numbers, seal }: HeadRow): boolean =>
  seal.length === 0 && moves === 0 && events === 0 && hash.equals(genesis) && numbers === (site === 0 ? FIRST_CONTROL_NUMBER : 0)

const exportedCheck: Check = {
  name: 'exported heads',
  invariant: 'Every head that was written down outside the database is still there, with its hash.',
  find: async (session, { heads, sealKey }) => forged({ heads, sealKey }) ?? (await firstLost(session, heads)),
}

function forged({ heads, sealKey }: Pick<VerifyContext, 'heads' | 'sealKey'>): Offence | undefined {
  const wrong = heads.find((head) => head.signature !== signatureOf(sealKey, head))
  return (
    wrong && { table: 'heads file', site: wrong.site, key: `sequence ${wrong.sequence}`, problem: 'The signature of the written head does not fit.' }
  )
}

async function firstLost(session: Connection, heads: VerifyContext['heads']): Promise<Offence | undefined> {
  const [row] = await session.query<Offence>(sql`
    -- every site: verification
    select t."table", t.site, 'sequence ' || t.sequence as key, t.problem
    from (
      select 'move' as "table", w.site, w.sequence,
        format('It was there on %s: since then the ledger was cut off or written anew.', w.sealed_at) as problem
      from unnest(${heads.map((one) => one.site)}::int[], ${heads.map((one) => one.sequence)}::bigint[], ${heads.map((one) => one.hash)}::text[],
        ${heads.map((one) => one.sealed_at)}::text[]) w (site, sequence, hash, sealed_at)
      left join lateral (select m.hash from move m where m.site_id = w.site and m.sequence = w.sequence limit 1) m on true
      where w.sequence > 0 and (m.hash is null or encode(m.hash, 'hex') <> w.hash)
      union all
      select 'site_head', w.site, w.events, format('On %s it had come to event %s and number %s: it was set back.', w.sealed_at, w.events, w.numbers)
      from unnest(${heads.map((one) => one.site)}::int[], ${heads.map((one) => one.events)}::bigint[], ${heads.map((one) => one.numbers)}::bigint[],
        ${heads.map((one) => one.sealed_at)}::text[]) w (site, events, numbers, sealed_at)
      left join site_head h on h.site_id = w.site
      where h.site_id is null or h.outbox_sequence < w.events or h.last_number < w.numbers
    ) t
    order by t.site, t."table", t.sequence limit 1`)
  return row
}

export const headChecks: readonly Check[] = [headlessCheck, positionCheck, sealCheck, exportedCheck]
