// Explain, promise: which day was promised for a line of an order and what was noted when it was, from the log and the rows that keep promises; and what
// the line stands on now: its open parts, the supply that they are pegged to, and through work orders the components that those wait for.
// The estimate follows from these rows, as everywhere (estimate.ts).

import { dayOf, type Day, type Instant } from '../../core/calendar.ts'
import { formulas, promiseInWords } from '../../core/explanation.ts'
import type { SiteId } from '../../core/item.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { inSnapshot } from '../snapshot.ts'
import { todayOf, told, type Readers } from './call.ts'
import { estimatesOf } from './estimate.ts'
import { withDocuments, type ExplainedDocument } from './explain-documents.ts'
import { promisesOf } from './given-promise.ts'
import { orderOf } from './order-of.ts'

/** Rows of a kind that are told at most. */
const ROWS_MAX = 1_000

interface Line {
  readonly order: string
  readonly home: SiteId
  readonly line: number
}

interface LineRow {
  readonly sku: string
  readonly name: string
  readonly source: string
  readonly quantity: number
  readonly requested: Day
  readonly promised: Day | null
  readonly open: number
}

const lineOf = ({ order, home, line }: Line): Statement => sql`
  select i.sku, i.name, s.code as source, l.quantity, l.requested_on as requested, l.promised_on as promised, l.quantity - l.cancelled - l.shipped as open
  from order_line l join item i on i.item_id = l.item_id join site s on s.site_id = l.source_site_id
  where l.site_id = ${home} and l.order_id = ${order} and l.line = ${line}`

/** Keys of what is open of the line, and of open components that it waits for through any number of work orders. */
const demandOf = ({ order, home, line }: Line): Statement => sql`
  demand (site_id, document_id, line, part) as (
    select p.site_id, p.document_id, p.line, p.part from planned_move p
    where p.document_id = ${order} and p.kind = 'order' and p.line = ${line} and p.planned - p.posted - p.cancelled > 0
      -- every site: an order's lines may be served by any of them
      and p.site_id in (select l.source_site_id from order_line l where l.site_id = ${home} and l.order_id = ${order})
    union
    select c.site_id, c.document_id, c.line, c.part
    from demand d
    join peg g on g.site_id = d.site_id and g.demand_document_id = d.document_id and g.demand_line = d.line and g.demand_part = d.part
    join planned_move c on c.site_id = g.site_id and c.document_id = g.supply_document_id and c.kind = 'component'
      and c.planned - c.posted - c.cancelled > 0
  )`

interface PlannedRow {
  readonly siteId: SiteId
  readonly document: string
  readonly line: number
  readonly part: number
}

const demandRows = (of: Line): Statement => sql`
  with recursive ${demandOf(of)}
  select p.site_id as "siteId", s.code as site, p.document_id as document, p.line, p.part, p.kind, p.due_on as due,
    p.planned - p.posted - p.cancelled as open, p.held, p.pegged
  from demand d -- every site: an order's lines may be served by any of them
  join planned_move p on p.site_id = d.site_id and p.document_id = d.document_id and p.line = d.line and p.part = d.part
  join site s on s.site_id = p.site_id
  order by p.kind desc, p.site_id, p.document_id, p.line, p.part limit ${ROWS_MAX + 1}`

const pegRows = (of: Line): Statement => sql`
  with recursive ${demandOf(of)}
  select p.site_id as "siteId", s.code as site, p.document_id as document, p.line, p.part, p.kind, p.due_on as due,
    p.planned - p.posted - p.cancelled as open, g.quantity,
    json_build_object('document', g.demand_document_id, 'line', g.demand_line, 'part', g.demand_part) as for
  from demand d -- every site: as above
  join peg g on g.site_id = d.site_id and g.demand_document_id = d.document_id and g.demand_line = d.line and g.demand_part = d.part
  join planned_move p on p.site_id = g.site_id and p.document_id = g.supply_document_id and p.line = g.supply_line and p.part = g.supply_part
  join site s on s.site_id = p.site_id
  order by p.due_on, p.site_id, p.document_id, p.line, p.part, g.demand_document_id, g.demand_line, g.demand_part limit ${ROWS_MAX + 1}`

/** Each site's rows with what its documents are. */
async function named<Row extends PlannedRow>(session: Connection, rows: readonly Row[]): Promise<(Omit<Row, 'siteId'> & ExplainedDocument)[]> {
  const bySite = [...Map.groupBy(rows.slice(0, ROWS_MAX), (row) => row.siteId)]
  const known = await Promise.all(bySite.map(([site, some]) => withDocuments(session, site, some)))
  return known.flat().map(({ siteId: _site, ...row }) => row)
}

interface LogRow {
  readonly sequence: number
  readonly type: string
  readonly recordedAt: Instant
  readonly data: { readonly lines: readonly LoggedLine[]; readonly added?: readonly LoggedLine[] }
}
/** A line as it was placed or added, or as it became by a change. A till's sale says no day: it was handed over. */
interface LoggedLine {
  readonly line: number
  readonly quantity?: number
  readonly held?: number
  readonly source?: string
  readonly promised?: Day | null
  readonly after?: { readonly quantity: number; readonly promised: Day | null }
}

const loggedOf = ({ order, home }: Line): Statement => sql`
  select sequence, type, recorded_at as "recordedAt", data from outbox
  where site_id = ${home} and subject = ${order} and type in ('order.placed', 'order.changed') order by sequence limit ${ROWS_MAX}`

/** What the log says of a line; one change may name it twice, and the last counts. */
function eventsOf(logged: readonly LogRow[], line: number) {
  return logged.flatMap(({ data, ...event }) => {
    const one = [...data.lines, ...(data.added ?? [])].findLast((other) => other.line === line)
    if (one === undefined) return []
    const promised = one.after === undefined ? one.promised : one.after.promised
    return [
      {
        ...told(event, ['recordedAt']),
        quantity: one.after?.quantity ?? one.quantity ?? 0,
        held: one.held ?? null,
        source: one.source ?? null,
        promised: promised === undefined ? dayOf(event.recordedAt) : promised,
      },
    ]
  })
}

interface LaterRow {
  readonly promised: Day
  readonly promisedAt: Instant
}
const laterOf = ({ order, home, line }: Line): Statement => sql`
  select number, promised_on as promised, promised_at as "promisedAt", exception_id as exception
  from later_promise where site_id = ${home} and order_id = ${order} and line = ${line} order by number limit ${ROWS_MAX}`

export const explainPromise: Readers['explainPromise'] = async (call) => {
  const found = await orderOf(call)
  if (isRefusal(found)) return found
  const { number, line } = call.params
  const home = await call.context.catalog.site(found.site)
  const of: Line = { order: found.order, home: found.site, line }
  const today = todayOf(call)
  return inSnapshot(call.context.database, async (session) => {
    const [row] = await session.query<LineRow>(lineOf(of))
    if (row === undefined) return refuse('line_not_known', 'line', `The order ${number} has no line ${line}.`)
    const [given, logged, later, estimates, demand, pegs] = await Promise.all([
      promisesOf(session, home, found.order),
      session.query<LogRow>(loggedOf(of)),
      session.query<LaterRow>(laterOf(of)),
      estimatesOf(session, found.site, found.order, today),
      session.query<PlannedRow>(demandRows(of)),
      session.query<PlannedRow>(pegRows(of)),
    ])
    const { open, promised, ...rest } = row
    const figure = { promised, told: later.at(-1)?.promised ?? promised, estimate: estimates.get(line) ?? null }
    const promises = given.filter((one) => one.line === line)
    return {
      order: found.order,
      number,
      line,
      site: home.code,
      ...rest,
      today,
      figure,
      formulas: formulas.promise,
      says: promiseInWords({ ...figure, open: quantity(open), first: promises[0] }, line),
      events: eventsOf(logged, line),
      given: promises.map((one, index) => ({ ...told(one, ['givenAt']), number: one.because === null ? null : index + 1 })),
      later: later.map((one) => told(one, ['promisedAt'])),
      demand: await named(session, demand),
      pegs: await named(session, pegs),
      whole: demand.length <= ROWS_MAX && pegs.length <= ROWS_MAX,
    }
  })
}
