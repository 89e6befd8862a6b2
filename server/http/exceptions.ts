// Exceptions over HTTP: what a person must look at; one of them with whom it hurts and what can be done; and the one step that does it.

import type { Day, Instant } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { money, nothing, add } from '../../core/money.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { remediesFor, type Remedy } from '../../core/plan/remedy.ts'
import { lostSince } from '../../core/doubt.ts'
import { sql, type Database, type Statement } from '../db.ts'
import { nowOf, siteOf, todayOf, told, type Readers, type Writers } from './call.ts'
import { comesLate, disruptionOf, type ExceptionRow, type HurtRow } from './disruption.ts'
import { cursorAt, keyIn, pageOf } from './page.ts'

/** What phantom stock costs; null of everything else. */
interface Lost {
  readonly empty: number | null
  readonly lostPerDay: number | null
}

/** What is believed of the item of an exception `e` of phantom stock that is open, and item `i`. */
const believedBeside: Statement = sql`
  left join belief b -- every site: that of the row
  on b.site_id = e.site_id and b.item_id = e.item_id and e.kind = 'phantom_stock' and e.closed_at is null`
const lost: Statement = sql`
  b.empty, round(b.units_per_day * greatest(i.list_price_minor - i.standard_cost_minor, 0))::bigint as "lostPerDay"`

const phantomOf = ({ empty, lostPerDay }: Lost, since: Instant, now: Instant) =>
  empty === null || lostPerDay === null ? null : { empty, lostPerDay, lostSoFar: lostSince(lostPerDay, since, now) }

async function lostBy(database: Database, site: SiteId, exception: string): Promise<Lost | undefined> {
  const [row] = await database.query<Lost>(sql`
    select ${lost} from exception e join item i on i.item_id = e.item_id ${believedBeside} where e.site_id = ${site} and e.exception_id = ${exception}`)
  return row
}

export const exceptionReaders = {
  listExceptions: async (call) => {
    const { site: code, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['number', 'uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const [at, id] = [Number(after?.[0] ?? 0), after?.[1] ?? '00000000-0000-0000-0000-000000000000']
    const now = nowOf(call)
    const rows = await call.context.database.query<{ id: string; raisedAt: Instant } & Lost>(sql`
      select e.exception_id as id, e.kind, i.sku, e.document_id as document,
        ${site.code}::text || '-' || o.number as "order", e.line, p.code as place, e.quantity, e.hurt_lines as "hurtLines",
        e.hurt_value_minor as "hurtValue", e.detail, e.raised_at as "raisedAt", ${lost}
      from exception e left join item i on i.item_id = e.item_id
      ${believedBeside}
      left join orders o on o.site_id = e.site_id and o.order_id = e.document_id
      left join place p on p.site_id = e.site_id and p.place_id = e.place_id
      where e.site_id = ${site.site} and e.closed_at is null and (e.raised_at, e.exception_id) > (${new Date(at).toISOString()}::timestamptz, ${id}::uuid)
      order by e.raised_at, e.exception_id
      limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.raisedAt, row.id],
      ({ empty, lostPerDay, ...row }) => ({ ...told(row, ['raisedAt']), phantom: phantomOf({ empty, lostPerDay }, row.raisedAt, now) }),
    )
  },
  getException: async (call) => {
    const { site: code, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['number'])
    if (after !== undefined && isRefusal(after)) return after
    const { database } = call.context
    const disruption = await disruptionOf(database, site.site, call.params.id, todayOf(call))
    if (disruption === undefined) return refuse('exception_not_known', 'id', 'There is no such exception at this site.')
    const { exception, hurts, disrupted } = disruption
    const from = Math.max(0, Number(after?.[0] ?? 0))
    const { remedies, absent } = exception.closedAt === null ? remediesFor(disrupted) : { remedies: [], absent: [] }
    const [rows, done, lostNow] = await Promise.all([
      named(database, hurts.slice(from, from + limit)),
      doneAbout(database, site.site, exception.id),
      lostBy(database, site.site, exception.id),
    ])
    const hurting = hurts.filter((one) => one.state === 'hurt')
    return {
      ...told(exceptionOf(exception), ['raisedAt', 'closedAt']),
      lines: hurts.length,
      orders: new Set(hurts.map((one) => one.order)).size,
      mended: hurts.length - hurting.length,
      phantom: lostNow === undefined ? null : phantomOf(lostNow, exception.raisedAt, nowOf(call)),
      atRisk: hurting.reduce((sum, one) => add(sum, one.value), nothing),
      hurt: { rows, next: from + limit < hurts.length ? cursorAt([from + limit]) : null },
      remedies: remedies.map(toldRemedy),
      absent,
      done: done.map((one) => told(one, ['occurredAt'])),
    }
  },
} satisfies Partial<Readers>

export const exceptionWriters = {
  applyRemedy: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const { remedy: kind, with: partner, cost, date, quantity: some } = call.body
    const disruption = await disruptionOf(call.context.database, site.site, call.params.id, todayOf(call))
    // What has changed meanwhile is refused in the lane, which knows whether this very request was answered before.
    const remedies = disruption === undefined || disruption.exception.closedAt !== null ? [] : remediesFor(disruption.disrupted).remedies
    const exception = disruption?.exception
    return {
      site: site.site,
      command: {
        kind: 'applyRemedy',
        exception: call.params.id,
        document: call.context.newId(),
        chosen: { quantity: quantity(some), cost: cost === null ? null : money(cost), date: date as Day },
        remedy: remedies.find((one) => one.remedy === kind && one.with === partner) ?? null,
        item: exception?.item ?? null,
        late:
          exception !== undefined && comesLate(exception)
            ? { document: exception.document!, line: exception.line!, expected: exception.expected! }
            : null,
        hurt: [...new Set(disruption?.hurts.map((one) => one.order))],
      },
    }
  },
} satisfies Partial<Writers>

function exceptionOf(exception: ExceptionRow) {
  const { id, kind, sku, document, line, detail, raisedAt, closedAt, supply, planned, expected } = exception
  const documentKind = supply ?? (planned === 'order' ? 'order' : planned === 'component' ? 'output' : 'other')
  return { id, kind, sku, document, documentKind, line, detail, raisedAt, closedAt, expected: comesLate(exception) ? expected : null }
}

const toldRemedy = ({ remedy, with: partner, quantity: some, cost, date, lines, inTime, value, because }: Remedy): object => ({
  remedy,
  with: partner,
  quantity: some,
  cost,
  date,
  lines: lines.length,
  inTime,
  value,
  because,
})

/** Lines with the names that people know them by. */
async function named(database: Database, hurts: readonly HurtRow[]): Promise<readonly object[]> {
  if (hurts.length === 0) return []
  const names = await database.query<{ order: string; number: string; line: number }>(sql`
    -- every site: an order's customer and later promises stand at its home
    select l.order_id as key, l.line, s.code || '-' || o.number as "order", p.code as customer, p.name as "customerName", i.sku,
      (select t.promised_on from later_promise t where t.site_id = l.site_id and t.order_id = l.order_id and t.line = l.line order by t.number desc limit 1) as "promisedAgain",
      l.promised_on as promised
    from unnest(${hurts.map((one) => one.home)}::int[], ${hurts.map((one) => one.order)}::uuid[], ${hurts.map((one) => one.line)}::int[]) h (home, order_id, line)
    join order_line l on l.site_id = h.home and l.order_id = h.order_id and l.line = h.line
    join orders o on o.site_id = h.home and o.order_id = h.order_id
    join site s on s.site_id = h.home
    join party p on p.party_id = o.customer_id
    join item i on i.item_id = l.item_id`)
  const known = new Map(names.map(({ key, ...row }: Readonly<Record<string, unknown>>) => [`${String(key)}/${String(row['line'])}`, row]))
  return hurts.map(({ order, line, open, value, estimate, state }) => ({
    ...known.get(`${order}/${line}`),
    line,
    quantity: open,
    value,
    estimate: state === 'over' ? null : estimate,
    state,
  }))
}

const doneAbout = (database: Database, site: number, exception: string): Promise<{ readonly occurredAt: Instant }[]> =>
  database.query<{ occurredAt: Instant }>(sql`
    select occurred_at as "occurredAt", data from outbox
    where site_id = ${site} and subject = ${exception} and type = 'exception.remedied' order by sequence`)
