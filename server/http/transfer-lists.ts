// Transfers as they are read: a site's list, and one with both of its ends. A transfer has no row of its own, so it is the sum of its planned moves at
// a site; who is at the other end stands in the first thing that the site's log says of it. Of the other site nothing is told but this transfer.

import type { Day, Instant } from '../../core/calendar.ts'
import type { Site } from '../../core/party.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { transferCan, transferState, type TransferEnd } from '../../core/transfer.ts'
import { sql, type Statement } from '../db.ts'
import { siteOf, told, type Readers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

/** How many transfers one page looks at when it is asked for those in one state. */
const LOOKED_AT_MAX = 2_000
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

interface Row {
  readonly id: string
  readonly direction: 'supply' | 'demand'
  readonly other: string | null
  readonly otherId: number | null
  readonly lines: number
  readonly planned: number
  readonly posted: number
  readonly cancelled: number
  readonly held: number
  readonly pegged: number
  readonly underWay: number
  readonly due: Day | null
  readonly toldAt: Instant | null
}

/** Transfers of a site whose planned moves fulfil a condition, newest first: their ids are numbered by time. */
const transfersWhere = (site: Site, condition: Statement, rows_max: number): Statement => sql`
  select t.id, t.direction, o.code as other, o.site_id as "otherId", t.lines, t.planned, t.posted, t.cancelled, t.held, t.pegged,
    a.quantity as "underWay", least(t.due, a.due) as due, e.recorded_at as "toldAt"
  from (
    select p.document_id as id, max(p.direction) as direction, count(*) as lines, sum(p.planned)::bigint as planned, sum(p.posted)::bigint as posted,
      sum(p.cancelled)::bigint as cancelled, sum(p.held)::bigint as held, sum(p.pegged)::bigint as pegged,
      min(p.due_on) filter (where p.planned - p.posted - p.cancelled > 0) as due
    from planned_move p
    where p.site_id = ${site.site} and p.kind in ('transfer_in', 'transfer_out') and ${condition}
    group by p.document_id order by p.document_id desc limit ${rows_max}) t
  cross join lateral (
    select coalesce(sum(b.quantity), 0)::bigint as quantity, min(b.due_on) as due from arrival b where b.site_id = ${site.site} and b.transfer_id = t.id) a
  left join lateral (
    select b.recorded_at, coalesce(b.to_site_id, (b.data ->> 'home')::int, (b.data ->> 'from')::int) as other_id
    from outbox b
    where b.site_id = ${site.site} and b.subject = t.id::text
      and b.type in ('transfer.requested', 'transfer.accepted', 'transfer.sent', 'transfer.received')
    order by b.sequence limit 1) e on true
  left join site o on o.site_id = e.other_id
  order by t.id desc`

const endOf = ({ direction, planned, posted, cancelled, held, underWay }: Row): TransferEnd => ({
  direction,
  planned: quantity(planned),
  posted: quantity(posted),
  cancelled: quantity(cancelled),
  held: quantity(held),
  underWay: quantity(underWay),
})

function tell(site: Site, row: Row) {
  const { id, other, lines, planned, posted, cancelled, held, pegged, underWay, due, toldAt } = row
  const end = endOf(row)
  const head = { id, site: site.code, direction: row.direction === 'supply' ? 'in' : 'out', other, state: transferState(end), can: transferCan(end) }
  return { ...head, lines, quantity: planned, moved: posted, cancelled, held, pegged, underWay, due, ...told({ toldAt }, ['toldAt']) }
}

export const transferLists = {
  listTransfers: async (call) => {
    const { site: code, direction, state, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const kind = direction === undefined ? sql`true` : sql`p.kind = ${`transfer_${direction}`}`
    const looked_at_max = state === undefined ? limit + 1 : LOOKED_AT_MAX
    const before = String(after?.[0] ?? LAST_ID)
    const looked = await call.context.database.query<Row>(transfersWhere(site, sql`p.document_id < ${before}::uuid and ${kind}`, looked_at_max))
    const found = looked.filter((row) => state === undefined || transferState(endOf(row)) === state)
    const page = pageOf(
      found,
      limit,
      (row) => [row.id],
      (row) => tell(site, row),
    ) as { readonly rows: object[]; readonly next: string | null }
    if (page.next !== null || looked.length < looked_at_max) return page
    return { ...page, next: Buffer.from(JSON.stringify([looked.at(-1)!.id])).toString('base64url') }
  },
  getTransfer: async (call) => {
    const { id } = call.params
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { database } = call.context
    const [row] = await database.query<Row>(transfersWhere(site, sql`p.document_id = ${id}`, 1))
    if (row === undefined) return refuse('transfer_not_known', 'id', 'The site has no such transfer.')
    const [ours, tied] = row.direction === 'supply' ? [sql`supply`, sql`demand`] : [sql`demand`, sql`supply`]
    const [lines, underWay, pegs, events] = await Promise.all([
      database.query<{ posted: number | null }>(sql`
        select p.line, i.sku, i.name, p.direction, p.planned as quantity, p.posted, p.cancelled, p.held, p.pegged, p.due_on as due, h.code as "askedBy",
          case when t.line is null then null else json_build_object('posted', t.posted, 'cancelled', t.cancelled, 'held', t.held) end as there
        from planned_move p join item i on i.item_id = p.item_id join site h on h.site_id = p.home_site_id
        left join planned_move t on t.site_id = ${row.otherId}::int and t.document_id = p.document_id and t.line = p.line and t.part = p.part
        where p.site_id = ${site.site} and p.document_id = ${id} and p.kind in ('transfer_in', 'transfer_out') order by p.line`),
      database.query<{ sentAt: Date }>(sql`
        select a.line, i.sku, a.quantity, a.lot, a.serial, f.code as "from", a.sent_at as "sentAt", a.due_on as due
        from arrival a join item i on i.item_id = a.item_id join site f on f.site_id = a.from_site_id
        where a.site_id = ${site.site} and a.transfer_id = ${id} order by a.number`),
      database.query(sql`
        select g.${ours}_line as line, g.quantity, m.kind, m.document_id as document, h.code || '-' || o.number as "order", m.due_on as due
        from peg g
        join planned_move m on m.site_id = g.site_id and m.document_id = g.${tied}_document_id and m.line = g.${tied}_line and m.part = g.${tied}_part
        join site h on h.site_id = m.home_site_id
        left join orders o on o.site_id = m.home_site_id and o.order_id = m.document_id
        where g.site_id = ${site.site} and g.${ours}_document_id = ${id} order by m.due_on, g.${ours}_line, m.document_id, m.line`),
      database.query<{ occurredAt: Date }>(sql`
        select e.type, e.occurred_at as "occurredAt", e.data from outbox e where e.site_id = ${site.site} and e.subject = ${id} order by e.sequence`),
    ])
    return {
      ...tell(site, row),
      lines,
      underWay: underWay.map((one) => told(one, ['sentAt'])),
      pegs,
      events: events.map((one) => told(one, ['occurredAt'])),
    }
  },
} satisfies Partial<Readers>
