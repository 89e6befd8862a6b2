// The audit trail: who did what, when, and with which answer, newest first. Nothing is written for it: every command leaves its key, its caller
// and its answer in the transaction that decided it, refused ones and sign-ins too, and this reads them. Nobody can act and not be in it.
//
// What a command was about is not kept beside it either: its answer names it. So a list that is narrowed to a key or a document looks at rows one
// after another, and at so many a page; a page may hold fewer rows than were asked for, or none, and still say where to go on. What one person
// did is found by the keys' own order, since no person does more than can be sorted.

import { instant, textOf, type Instant } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import { maySee } from '../../core/principal.ts'
import { isRefusal } from '../../core/refusal.ts'
import { actorOfUser } from '../../core/user.ts'
import { sql, type Database, type Statement } from '../db.ts'
import { REFERENCE_CALLER } from '../lane/keys.ts'
import { documentsOf, type Answered } from './audit-documents.ts'
import { siteOf, type CallOf } from './call.ts'
import { cursorAt, keyIn, pageOf, type Key } from './page.ts'
import { userNamed } from './session.ts'

interface Done extends Answered {
  readonly at: Instant
  readonly actor: string
  readonly key: string
}

interface Looked extends Done {
  /** Whether it is what was asked for; the last row that was looked at comes along in any case. */
  readonly fits: boolean
  /** How many rows were looked at. */
  readonly looked: number
}

const END = instant(Date.parse('9999-12-31T23:59:59.999Z'))
const BEGINNING = instant(0)
/** How many rows one page looks at when they are narrowed to what a row does not keep apart. */
const LOOKED_AT_MAX = 5_000
/** Of whom nobody has the name. */
const NOBODY = 'nobody'

export async function listAudit(call: CallOf<'listAudit'>): Promise<object> {
  const { context, principal } = call
  const { site: wanted, actor, document, from, until, cursor, limit } = call.query
  const after = keyIn(cursor, ['number', 'number', 'string', 'string'])
  if (after !== undefined && isRefusal(after)) return after
  const site = wanted === undefined ? undefined : await siteOf(call, wanted)
  if (site !== undefined && isRefusal(site)) return site
  const codes = new Map((await context.catalog.sites()).map((one) => [one.site, one.code]))
  const sites = site === undefined ? [...codes.keys()].filter((one) => maySee(principal, one)) : [site.site]
  const looked_at_max = actor === undefined && document === undefined ? limit + 1 : LOOKED_AT_MAX
  const looked = await context.database.query<Looked>(
    auditRows({
      sites,
      actor: actor === undefined ? null : await callerOf(context.database, actor),
      named: document === undefined ? null : await nameIn(context.database, codes, document),
      from: from === undefined ? BEGINNING : instant(Date.parse(from)),
      until: until === undefined ? END : instant(Date.parse(until)),
      after: after ?? [END, 0, '', ''],
      looked_at_max,
      limit,
    }),
  )
  const rows = looked.filter((row) => row.fits)
  const [actors, documents] = await Promise.all([actorsOf(context.database, rows), documentsOf(call, sites, rows)])
  const tell = (row: Looked): object => ({
    at: textOf(row.at),
    site: row.site === controlSite ? null : codes.get(row.site),
    actor: row.actor,
    actorName: null,
    ...actors.get(row.actor),
    action: row.action,
    key: row.key,
    status: row.status,
    answer: JSON.parse(row.answer) as unknown,
    document: documents.get(row) ?? null,
  })
  const keyOf = (row: Looked): Key => [row.at, row.site, row.actor, row.key]
  const page = pageOf(rows, limit, keyOf, tell)
  const last = looked.at(-1)
  return page.next === null && last?.looked === looked_at_max ? { ...page, next: cursorAt(keyOf(last)) } : page
}

interface Wanted {
  readonly sites: readonly SiteId[]
  readonly actor: string | null
  /** What an answer must name. */
  readonly named: string | null
  readonly from: Instant
  readonly until: Instant
  readonly after: Key
  readonly looked_at_max: number
  readonly limit: number
}

function auditRows({ sites, actor, named, from, until, after, looked_at_max, limit }: Wanted): Statement {
  const [at, inSite, caller, key] = after
  const latest = textOf(Math.min(Number(at), until) as Instant)
  // The fence lets a person's rows be found by his name; a machine's are among the last of all, so those are read by time.
  const keys = actor?.startsWith('user:')
    ? sql`(
        select * from idempotency_key
        where site_id = s.site_id and caller = ${actor} -- every site: the one that the statement around it is at
        offset 0)`
    : sql`idempotency_key`
  const since = actor?.startsWith('user:') ? sql`${textOf(from)}::timestamptz` : sql`(select at from since)`
  return sql`
    with since as materialized (${instantSince({ sites, from, latest, at: Number(at) as Instant, rows_max: looked_at_max })})
    select l.at, l.site, l.actor, l.key, l.action, l.status, l.answer, l.fits, l.looked
    from (
      select n.*, row_number() over (partition by fits order by n.number) as place, count(*) over () as looked
      from (
        select k.recorded_at as at, k.site_id as site, k.caller as actor, k.key, k.command as action, k.status, k.answer,
          row_number() over (order by k.recorded_at desc, k.site_id desc, k.caller desc, k.key desc) as number,
          (${actor}::text is null or k.caller = ${actor}) and (${named}::text is null or strpos(k.answer, ${named}) > 0) as fits
        from unnest(${sites}::int[]) s (site_id) -- every site: of those that the caller may see
        cross join lateral (
          select *
          from ${keys} i
          where i.site_id = s.site_id and i.caller <> ${REFERENCE_CALLER} and i.recorded_at > '-infinity' and i.recorded_at between ${since} and ${latest}::timestamptz
            and (i.recorded_at, i.site_id, i.caller, i.key) < (${textOf(Number(at) as Instant)}::timestamptz, ${inSite}::int, ${caller}::text, ${key}::text)
          order by i.recorded_at desc, i.caller desc, i.key desc
          limit ${looked_at_max}
        ) k
        order by number limit ${looked_at_max}
      ) n
    ) l
    where (l.fits and l.place <= ${limit + 1}) or l.number = l.looked
    order by l.number`
}

/**
 * From when on, at the latest, there are so many rows before `at` at all sites together. It is found in the index alone; without it as many rows
 * would be read at each site as are shown of all. A reference that is kept as a key has the order's own key beside it, so twice as many are enough.
 */
function instantSince(span: { sites: readonly SiteId[]; from: Instant; latest: string; at: Instant; rows_max: number }): Statement {
  const [from, rows_max] = [textOf(span.from), 2 * span.rows_max]
  return sql`
    select case when count(*) < ${rows_max} then ${from}::timestamptz else min(t.at) end as at
    from (
      select c.at
      from unnest(${span.sites}::int[]) s (site_id) -- every site: of those that the caller may see
      cross join lateral (
        select k.recorded_at as at
        from idempotency_key k
        where k.site_id = s.site_id and k.recorded_at > '-infinity' and k.recorded_at >= ${from}::timestamptz and k.recorded_at <= ${span.latest}::timestamptz
          and k.recorded_at < ${textOf(span.at)}::timestamptz
        order by k.recorded_at desc limit ${rows_max}
      ) c
      order by c.at desc limit ${rows_max}
    ) t`
}

/** The caller that a name of the list means. */
async function callerOf(database: Database, actor: string): Promise<string> {
  if (!actor.startsWith('user:')) return actor
  const found = await userNamed(database, actor.slice('user:'.length))
  return found === undefined ? NOBODY : actorOfUser(found.user)
}

/** How an answer names a document: an order by its id, since few of its answers know its number. */
async function nameIn(database: Database, codes: ReadonlyMap<SiteId, string>, document: string): Promise<string> {
  const [, code, number] = /^(.+)-([1-9]\d{0,14})$/.exec(document) ?? []
  const site = [...codes].find(([, one]) => one === code)?.[0]
  if (site === undefined) return JSON.stringify(document)
  const [order] = await database.query<{ id: string }>(sql`
    select order_id as id from orders where site_id = ${site} and number = ${Number(number)}`)
  return JSON.stringify(order?.id ?? document)
}

/** Who is behind the callers: users as people know them, and what keys are for. The keys of commands have numbers, so that a name can be erased. */
async function actorsOf(
  database: Database,
  rows: readonly { readonly actor: string }[],
): Promise<ReadonlyMap<string, { readonly actor: string; readonly actorName: string }>> {
  const numbers = (kind: string): number[] => [...numbersOf(rows, kind)]
  const named = await database.query<{ caller: string; actor: string; actorName: string }>(sql`
    select 'user:' || user_id as caller, 'user:' || name as actor, display_name as "actorName" from users where user_id = any(${numbers('user')}::int[])
    union all
    select 'key:' || api_key_id, 'key:' || api_key_id, name from api_key where api_key_id = any(${numbers('key')}::int[])`)
  return new Map(named.map(({ caller, ...one }) => [caller, one]))
}

function numbersOf(rows: readonly { readonly actor: string }[], kind: string): ReadonlySet<number> {
  const found = rows.map(({ actor }) => new RegExp(`^${kind}:(\\d{1,9})$`).exec(actor)?.[1])
  return new Set(found.flatMap((number) => (number === undefined ? [] : [Number(number)])))
}

/** Users among actors, as people know them. */
export async function namesOf(database: Database, rows: readonly { readonly actor: string }[]): Promise<ReadonlyMap<string, string>> {
  const users = numbersOf(rows, 'user')
  if (users.size === 0) return new Map()
  const named = await database.query<{ user: number; name: string }>(sql`
    select user_id as "user", name from users where user_id = any(${[...users]}::int[])`)
  return new Map(named.map(({ user, name }) => [actorOfUser(user), `user:${name}`]))
}
