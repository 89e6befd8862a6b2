// The audit trail: who did what, when, and with which answer, newest first. Nothing is written for it: every command leaves its key, its caller
// and its answer in the transaction that decided it, refused ones and sign-ins too, and this reads them. Nobody can act and not be in it.

import { textOf, type Instant } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import { maySee } from '../../core/principal.ts'
import { isRefusal } from '../../core/refusal.ts'
import { actorOfUser } from '../../core/user.ts'
import { sql, type Database } from '../db.ts'
import { siteOf, type CallOf } from './call.ts'
import { keyIn, pageOf } from './page.ts'

interface Done {
  readonly at: Instant
  readonly site: SiteId
  readonly actor: string
  readonly key: string
  readonly action: string | null
  readonly status: number
  /** JSON text. */
  readonly answer: string
}

const END = Date.parse('9999-12-31T23:59:59.999Z')

export async function listAudit(call: CallOf<'listAudit'>): Promise<object> {
  const { context, principal } = call
  const { site: wanted, cursor, limit } = call.query
  const after = keyIn(cursor, ['number', 'number', 'string', 'string'])
  if (after !== undefined && isRefusal(after)) return after
  const site = wanted === undefined ? undefined : await siteOf(call, wanted)
  if (site !== undefined && isRefusal(site)) return site
  const codes = new Map((await context.catalog.sites()).map((one) => [one.site, one.code]))
  const sites = site === undefined ? [...codes.keys()].filter((one) => maySee(principal, one)) : [site.site]
  const [at, inSite, actor, key] = after ?? [END, 0, '', '']
  const rows = await context.database.query<Done>(sql`
    select k.recorded_at as at, k.site_id as site, k.caller as actor, k.key, k.command as action, k.status, k.answer
    from unnest(${sites}::int[]) s (site_id) -- every site: of those that the caller may see
    cross join lateral (
      select *
      from idempotency_key i
      where i.site_id = s.site_id and i.caller <> 'reference' and i.recorded_at <= ${textOf(Number(at) as Instant)}::timestamptz
        and (i.recorded_at, i.site_id, i.caller, i.key) < (${textOf(Number(at) as Instant)}::timestamptz, ${inSite}::int, ${actor}::text, ${key}::text)
      order by i.recorded_at desc, i.caller desc, i.key desc
      limit ${limit + 1}
    ) k
    order by k.recorded_at desc, k.site_id desc, k.caller desc, k.key desc
    limit ${limit + 1}`)
  const names = await namesOf(context.database, rows)
  return pageOf(
    rows,
    limit,
    (row) => [row.at, row.site, row.actor, row.key],
    (row) => ({
      at: textOf(row.at),
      site: row.site === controlSite ? null : codes.get(row.site),
      actor: names.get(row.actor) ?? row.actor,
      action: row.action,
      key: row.key,
      status: row.status,
      answer: JSON.parse(row.answer) as unknown,
    }),
  )
}

/** Users among actors, as people know them. The ledger and the keys have their numbers, so that a name can be erased. */
export async function namesOf(database: Database, rows: readonly { readonly actor: string }[]): Promise<ReadonlyMap<string, string>> {
  const users = new Set(rows.flatMap(({ actor }) => (/^user:\d{1,9}$/.test(actor) ? Number(actor.slice(5)) : [])))
  if (users.size === 0) return new Map()
  const named = await database.query<{ user: number; name: string }>(sql`
    select user_id as "user", name from users where user_id = any(${[...users]}::int[])`)
  return new Map(named.map(({ user, name }) => [actorOfUser(user), `user:${name}`]))
}
