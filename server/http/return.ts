// Returns over HTTP: an order's goods on their way back, and what became of them. A return is known by its id at the site that took its order.

import { dayOf, type Day, type Instant } from '../../core/calendar.ts'
import type { WantedLine } from '../../core/flow/order.ts'
import { orderNumber } from '../../core/flow/order.ts'
import type { SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { rmaCan, rmaNumber, rmaState, toCome, toInspect, type RmaLine } from '../../core/rma.ts'
import { sql, type Database, type Statement } from '../db.ts'
import type { Command } from '../stages.ts'
import { instantOf, nowOf, placeOf, siteOf, told, type Call, type Readers, type Sent, type Writers } from './call.ts'
import { about, orderOf } from './order-of.ts'
import { pricesOfAdded } from './order.ts'
import { cursorAt, keyIn, pageOf } from './page.ts'
import { priceOfLine } from './price.ts'
import { askedLines } from './units.ts'

/** How many returns one page looks at when it is asked for those in one state. */
const LOOKED_AT_MAX = 1_000
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const unknown = refuse('return_not_known', 'id', 'There is no such return at this site.')

/** A command about a return of a site; the lane must know its order. */
async function aboutReturn(
  call: Call<{ readonly site: string }, unknown, { readonly id: string }>,
  make: (about: { readonly order: string; readonly rma: string }, site: SiteId) => Command | Refusal | Promise<Command | Refusal>,
): Promise<Sent | Refusal> {
  const site = await siteOf(call, call.body.site)
  if (isRefusal(site)) return site
  const { id: rma } = call.params
  const [row] = await call.context.database.query<{ order: string }>(sql`
    select order_id as "order" from rma where site_id = ${site.site} and rma_id = ${rma}`)
  if (row === undefined) return unknown
  const command = await make({ order: row.order, rma }, site.site)
  return isRefusal(command) ? command : { site: site.site, command }
}

const cut = <Line extends { readonly quantity: number }>(lines: readonly Line[]) =>
  lines.map((line) => ({ ...line, quantity: quantity(line.quantity) }))

export const returnWriters = {
  returnOrder: (call) =>
    about(call, undefined, (order) => ({
      kind: 'return',
      order,
      returnedAt: instantOf(call, call.body.returnedAt),
      lines: cut(call.body.lines),
    })),
  authoriseReturn: (call) =>
    about(call, undefined, (order) => ({
      kind: 'authoriseReturn',
      order,
      rma: call.context.newId(),
      authorisedAt: instantOf(call, call.body.authorisedAt),
      lines: cut(call.body.lines).map((line, index) => ({ ...line, line: index + 1 })),
    })),
  receiveReturn: (call) =>
    aboutReturn(call, (one) => {
      const { lines, receivedAt } = call.body
      return { kind: 'receiveReturn', ...one, receivedAt: instantOf(call, receivedAt), lines: lines === undefined ? null : cut(lines) }
    }),
  disposeReturn: (call) =>
    aboutReturn(call, async (one, site) => {
      const lines = []
      for (const [index, { place: code, ...line }] of call.body.lines.entries()) {
        const place = await placeOf(call, site, code, `lines/${index + 1}/place`)
        if (isRefusal(place)) return place
        lines.push({ ...line, place, quantity: quantity(line.quantity), deduction: money(line.deduction) })
      }
      return { kind: 'disposeReturn', ...one, disposedAt: instantOf(call, call.body.disposedAt), lines }
    }),
  exchangeReturn: (call) =>
    aboutReturn(call, async (one, site) => {
      const asked = await askedLines(call, call.body.lines)
      if (isRefusal(asked)) return asked
      const priced = await pricesOfAdded(call, { order: one.order, site }, asked)
      if (isRefusal(priced)) return priced
      const lines: WantedLine[] = asked.map(({ line, item, asked: wanted, inUnit }, index) => ({
        line,
        item: item.item,
        quantity: quantity(wanted.quantity),
        ...priceOfLine(priced, index),
        requested: (wanted.requested as Day | undefined) ?? dayOf(nowOf(call)),
        source: site,
        ...(inUnit && { inUnit }),
      }))
      return { kind: 'exchangeReturn', ...one, replacement: call.context.newId(), terms: priced.terms, lines }
    }),
  cancelReturn: (call) => aboutReturn(call, (one) => ({ kind: 'cancelReturn', ...one })),
} satisfies Partial<Writers>

interface Head {
  readonly id: string
  readonly siteCode: string
  readonly count: number
  readonly orderCount: number
  readonly customer: string
  readonly customerName: string
  readonly authorisedAt: Instant
  readonly recordedAt: Instant
  readonly exchangeCount: number | null
  /** Null where it is the company's. */
  readonly currency: string | null
}

const headsWhere = (condition: Statement): Statement => sql`
  select r.rma_id as id, s.code as "siteCode", r.number as count, o.number as "orderCount", p.code as customer, p.name as "customerName",
    r.authorised_at as "authorisedAt", r.recorded_at as "recordedAt", x.number as "exchangeCount", t.currency
  from rma r
  join site s on s.site_id = r.site_id
  join orders o on o.site_id = r.site_id and o.order_id = r.order_id
  join party p on p.party_id = o.customer_id
  left join order_terms t on t.site_id = r.site_id and t.order_id = r.order_id
  left join orders x on x.site_id = r.site_id and x.order_id = r.exchange_order_id
  where ${condition}`

interface LineRow extends RmaLine {
  readonly sku: string
  readonly name: string
  readonly tracking: string
}

const linesOf = (database: Database, site: SiteId, returns: readonly string[]): Promise<LineRow[]> =>
  database.query<LineRow>(sql`
    select l.rma_id as rma, l.line, l.order_line as "orderLine", i.sku, i.name, i.tracking, l.quantity, l.reason, l.note, l.paid_minor as paid,
      l.cancelled, l.received, l.restocked, l.refurbishing, l.scrapped, l.to_vendor as "toVendor", l.refund_minor as refund
    from rma_line l join item i on i.item_id = l.item_id
    where l.site_id = ${site} and l.rma_id = any(${returns}::uuid[]) order by l.rma_id, l.line`)

function tellHead(head: Head, lines: readonly RmaLine[], companyCurrency: string) {
  const { id, siteCode, count, orderCount, authorisedAt, customer, customerName } = head
  const order = orderNumber(siteCode, orderCount)
  const sum = (of: (line: RmaLine) => number): number => lines.reduce((total, line) => total + of(line), 0)
  return {
    id,
    number: rmaNumber(order, count),
    site: siteCode,
    order,
    customer,
    customerName,
    ...told({ authorisedAt }, ['authorisedAt']),
    state: rmaState(lines),
    toCome: sum(toCome),
    toInspect: sum(toInspect),
    refurbishing: sum((line) => line.refurbishing),
    currency: head.currency ?? companyCurrency,
    refund: sum((line) => line.refund),
  }
}

export const returnReaders = {
  listReturns: async (call) => {
    const { site: code, state, order: number, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const order = number === undefined ? undefined : await orderOf({ ...call, params: { number } })
    if (order !== undefined && isRefusal(order)) return order
    const looked_at_max = state === undefined ? limit + 1 : LOOKED_AT_MAX
    const { database } = call.context
    const heads = await database.query<Head>(
      headsWhere(sql`r.site_id = ${site.site} and r.rma_id < ${String(after?.[0] ?? LAST_ID)}::uuid
        and ${order === undefined ? sql`true` : sql`r.order_id = ${order.order}`}
      order by r.rma_id desc limit ${looked_at_max}`),
    )
    const lines = Map.groupBy(
      await linesOf(
        database,
        site.site,
        heads.map((head) => head.id),
      ),
      (line) => line.rma,
    )
    const companyCurrency = await call.context.catalog.currencyOf(site.site)
    const all = heads.map((head) => tellHead(head, lines.get(head.id) ?? [], companyCurrency))
    const found = all.filter((row) => state === undefined || row.state === state)
    const page = pageOf(found, limit, (row) => [row.id])
    return page.next === null && heads.length === looked_at_max ? { ...page, next: cursorAt([heads.at(-1)!.id]) } : page
  },
  getReturn: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { database } = call.context
    const { id } = call.params
    const [[head], lines] = await Promise.all([
      database.query<Head>(headsWhere(sql`r.site_id = ${site.site} and r.rma_id = ${id}`)),
      linesOf(database, site.site, [id]),
    ])
    if (head === undefined) return unknown
    const { recordedAt, exchangeCount, siteCode } = head
    return {
      ...tellHead(head, lines, await call.context.catalog.currencyOf(site.site)),
      ...told({ recordedAt }, ['recordedAt']),
      can: rmaCan[rmaState(lines)],
      exchange: exchangeCount === null ? null : orderNumber(siteCode, exchangeCount),
      lines: lines.map((line) => {
        const { rma: _rma, ...row } = line
        return { ...row, toCome: toCome(line), toInspect: toInspect(line) }
      }),
    }
  },
} satisfies Partial<Readers>
