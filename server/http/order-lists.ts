// Orders as lists: a site's orders, newest first, and what happened to one of them.
//
// An order's state is nowhere stored: it follows from its lines and planned moves. So a list by state looks at orders one after another, and at
// so many a page; a page may hold fewer rows than were asked for, or none, and still say where to go on. Its cost is the same wherever it is.

import type { Instant } from '../../core/calendar.ts'
import { orderState } from '../../core/order.ts'
import { standardPlaces } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql, type Database } from '../db.ts'
import { siteOf, told, type Readers } from './call.ts'
import { orderOf } from './order-of.ts'
import { cursorAt, keyIn, pageOf } from './page.ts'

/**
 * How many orders one page looks at when it is asked for those in one state. Those of one customer lie apart from each other on disk, so that each
 * takes longer to look at.
 */
const LOOKED_AT_MAX = 1_000
const LOOKED_AT_OF_CUSTOMER_MAX = 100

interface Listed {
  readonly id: string
  readonly number: number
  readonly kind: string
  readonly customer: string
  readonly customerName: string
  readonly reference: string | null
  readonly priority: number
  readonly shipComplete: boolean
  readonly orderedAt: Instant
  readonly recordedAt: Instant
  readonly currency: string | null
  readonly lines: number
  readonly value: number
  readonly promised: string | null
  readonly withoutPromise: number
  readonly shipped: number
  readonly delivered: number
  readonly cameBack: number
  readonly open: number
  readonly held: number
  readonly allocated: number
  readonly picked: number
  readonly packed: number
  readonly isReady: boolean
}

const stateOf = ({ shipped, delivered, cameBack, open, held, allocated, picked, packed, isReady }: Listed) =>
  orderState(
    [{ shipped: quantity(shipped), delivered: quantity(delivered), cameBack: quantity(cameBack) }],
    {
      open: quantity(open),
      held: quantity(held),
      allocated: quantity(allocated),
      picked: quantity(picked),
      packed: quantity(packed),
    },
    isReady,
  )

/**
 * The newest orders before `before`, with what their lines and planned moves add up to; those of any site that serves a line count too. Where no line
 * is open nothing is planned: a site that serves a line is never behind what the line says.
 */
const ordersBefore = (database: Database, site: number, before: number, customer: string | null, looked_at_max: number): Promise<Listed[]> =>
  database.query<Listed>(sql`
    select o.order_id as id, o.number, o.kind, p.code as customer, p.name as "customerName", o.reference, o.priority,
      o.ship_complete as "shipComplete", o.ordered_at as "orderedAt", o.recorded_at as "recordedAt", t.currency, l.lines, l.value, l.promised,
      l.without_promise as "withoutPromise", l.shipped, l.delivered, l.came_back as "cameBack", m.open, m.held, m.allocated, g.picked, g.packed,
      c.ready_at is not null as "isReady"
    from (
      select * from orders
      where site_id = ${site} and number < ${before}
        ${customer === null ? sql`` : sql`and customer_id = (select party_id from party where code = ${customer})`}
      order by number desc limit ${looked_at_max}) o
    join party p on p.party_id = o.customer_id
    left join collection c on c.site_id = o.site_id and c.order_id = o.order_id
    left join order_terms t on t.site_id = o.site_id and t.order_id = o.order_id
    cross join lateral (
      select count(*) as lines, sum(quantity * unit_price_minor)::bigint as value, max(promised_on) as promised,
        count(*) filter (where promised_on is null and cancelled < quantity) as without_promise, sum(shipped)::bigint as shipped,
        sum(delivered)::bigint as delivered, sum(came_back)::bigint as came_back, sum(quantity - cancelled - shipped)::bigint as unfinished,
        array_agg(distinct source_site_id) as sources
      from order_line where site_id = o.site_id and order_id = o.order_id) l
    cross join lateral (
      select coalesce(sum(planned - posted - cancelled), 0)::bigint as open, coalesce(sum(held), 0)::bigint as held,
        coalesce(sum(allocated), 0)::bigint as allocated
      from planned_move -- every site: an order's lines may be served by any of those named
      where l.unfinished > 0 and site_id = any(l.sources) and document_id = o.order_id and kind = 'order') m
    cross join lateral (
      select coalesce(sum(quantity), 0)::bigint as picked, coalesce(sum(quantity) filter (where package <> ''), 0)::bigint as packed
      from allocation -- every site: as above
      where l.unfinished > 0 and site_id = any(l.sources) and document_id = o.order_id and place_id = ${standardPlaces.packing}) g
    order by o.number desc`)

export const orderLists = {
  listOrders: async (call) => {
    const { site: code, state, customer = null, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['number'])
    if (after !== undefined && isRefusal(after)) return after
    const looked_at_max = state === undefined ? limit + 1 : customer === null ? LOOKED_AT_MAX : LOOKED_AT_OF_CUSTOMER_MAX
    const before = Number(after?.[0] ?? Number.MAX_SAFE_INTEGER)
    const companyCurrency = await call.context.catalog.currencyOf(site.site)
    const looked = await ordersBefore(call.context.database, site.site, before, customer, looked_at_max)
    const found = looked.map((row) => ({ ...row, state: stateOf(row) })).filter((row) => state === undefined || row.state === state)
    const tell = ({
      number,
      orderedAt,
      recordedAt,
      shipped: _s,
      delivered: _d,
      open: _o,
      held: _h,
      allocated: _a,
      cameBack: _c,
      picked: _p,
      packed: _k,
      isReady: _r,
      currency,
      ...row
    }: Listed): object => ({
      number: `${site.code}-${number}`,
      site: site.code,
      ...told({ orderedAt, recordedAt }, ['orderedAt', 'recordedAt']),
      currency: currency ?? companyCurrency,
      ...row,
    })
    const page = pageOf(found, limit, (row) => [row.number], tell)
    const lookedAll = looked.length < looked_at_max
    return page.next === null && !lookedAll ? { ...page, next: cursorAt([looked.at(-1)!.number]) } : page
  },
  listOrderEvents: async (call) => {
    const found = await orderOf(call)
    if (isRefusal(found)) return found
    const { cursor, limit } = call.query
    const after = keyIn(cursor, ['number', 'number'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<{ at: Instant; siteId: number; sequence: number; occurredAt: Instant; recordedAt: Instant }>(sql`
      select s.code as site, e.site_id as "siteId", e.sequence, e.type, e.occurred_at as "occurredAt", e.recorded_at as "recordedAt", e.data
      from outbox e join site s on s.site_id = e.site_id
      where e.subject = ${found.order} -- every site: what those that serve the order did for it belongs to its story
        and e.site_id in (select source_site_id from order_line where site_id = ${found.site} and order_id = ${found.order} union select ${found.site})
        and (e.site_id, e.sequence) > (${after?.[0] ?? 0}::int, ${after?.[1] ?? 0}::bigint)
      order by e.site_id, e.sequence limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.siteId, row.sequence],
      ({ siteId: _site, ...row }) => told(row, ['occurredAt', 'recordedAt']),
    )
  },
} satisfies Partial<Readers>
