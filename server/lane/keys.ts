// Keys: what makes a command safe to send again. A key has one effect and one answer: what was decided is stored under it in the command's
// own transaction, and looked up in the transaction of whoever sends it again, also when the first answer was lost.
//
// A caller's own number, e.g. a customer's order number, is kept as a key too, under a caller of its own: it is used once at a site.

import { textOf } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import { joined, sql, type Connection, type Statement } from '../db.ts'

export interface Keyed {
  readonly caller: string
  readonly key: string
  readonly sha256: Buffer
  readonly status: number
  readonly answer: string
}

/** The caller under which references are kept as keys. */
export const REFERENCE_CALLER = 'reference'

/** A caller's key as one text; callers have no space in them. */
export const nameOf = (caller: string, key: string): string => `${caller} ${key}`

export interface Asking {
  readonly caller: string
  readonly key: string
  readonly reference?: string | null
}

/** Callers and keys are asked for apart, so that the index is used for both whatever the planner knows; a pair too many does no harm. */
export async function readKeys(session: Connection, site: SiteId, requests: readonly Asking[]): Promise<Map<string, Keyed>> {
  const references = requests.flatMap(({ reference }) => reference ?? [])
  const callers = new Set(requests.map((request) => request.caller))
  if (references.length > 0) callers.add(REFERENCE_CALLER)
  const keys = [...new Set([...requests.map((request) => request.key), ...references])]
  const rows = await session.query<Keyed>(sql`
    select caller, key, request_sha256 as sha256, status, answer
    from idempotency_key
    where site_id = ${site} and caller = any(${[...callers]}::text[]) and key = any(${keys}::text[])`)
  return new Map(rows.map((row) => [nameOf(row.caller, row.key), row]))
}

export const insertKeys = ({ site, now }: State, keys: readonly Keyed[]): Statement => sql`
  insert into idempotency_key (site_id, caller, key, request_sha256, status, answer, recorded_at)
  select ${site}, t.caller, t.key, t.request_sha256, t.status, t.answer, ${textOf(now)} from unnest(
    ${keys.map((row) => row.caller)}::text[], ${keys.map((row) => row.key)}::text[], ${keys.map((row) => row.sha256)}::bytea[],
    ${keys.map((row) => row.status)}::int[], string_to_array(${joined(keys.map((row) => row.answer))}, chr(30))) t (caller, key, request_sha256, status, answer)`
