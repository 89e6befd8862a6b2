// Disruption, read: an exception with whom it hurts as they stand now, what depended on what is late or gone, and everything from which it follows
// what can be done (core/plan/remedy.ts). It may be of ten thousand lines, so each question is asked once for all of them.

import type { Day, Instant } from '../../core/calendar.ts'
import type { CarrierService } from '../../core/carrier.ts'
import type { ItemId, PartyId, SiteId } from '../../core/item.ts'
import type { Money } from '../../core/money.ts'
import type { PlannedKind } from '../../core/planned-move.ts'
import type { Quantity } from '../../core/quantity.ts'
import {
  isMended,
  type Disrupted,
  type FreeElsewhere,
  type FreeSubstitute,
  type HurtLine,
  type SuppliersOffer,
  type Tie,
} from '../../core/plan/remedy.ts'
import type { Weight } from '../../core/weight.ts'
import { sql, type Database } from '../db.ts'
import { reliableOf } from '../lane/doubted.ts'

export interface ExceptionRow {
  readonly id: string
  readonly kind: string
  readonly sku: string | null
  readonly item: ItemId | null
  readonly weight: Weight | null
  readonly document: string | null
  readonly line: number | null
  readonly detail: string
  readonly raisedAt: Instant
  readonly closedAt: Instant | null
  /** Of the supply that it is about, while some of it is still to come. */
  readonly supply: 'purchase' | 'transfer_in' | 'output' | null
  /** What is planned by its document and line, done or not. */
  readonly planned: PlannedKind | null
  readonly expected: Day | null
  readonly supplier: PartyId | null
  readonly unitPrice: Money | null
}

/** A hurt line with what is told of it. */
export interface HurtRow extends HurtLine {
  readonly home: SiteId
  readonly promised: Day | null
  readonly priority: number
  readonly age: number
  readonly state: 'hurt' | 'mended' | 'over'
}

export interface Disruption {
  readonly exception: ExceptionRow
  readonly hurts: readonly HurtRow[]
  readonly disrupted: Disrupted
}

/** Other sites that have the item free: more than these need not be compared. */
const ELSEWHERE_MAX = 20

export async function disruptionOf(database: Database, site: SiteId, id: string, today: Day): Promise<Disruption | undefined> {
  const exception = await exceptionBy(database, site, id)
  if (exception === undefined) return undefined
  const { item, weight, expected } = exception
  const isOpen = exception.closedAt === null && item !== null
  const isLate = comesLate(exception)
  const [lines, demands, offers, elsewhere, services] = await Promise.all([
    hurtsOf(database, site, id, today),
    !isOpen ? [] : isLate ? peggedTo(database, site, exception) : uncoveredOf(database, site, exception),
    isOpen ? offersOf(database, item) : [],
    isOpen ? freeElsewhere(database, site, item) : [],
    isOpen ? servicesOf(database) : [],
  ])
  const hurts = [...lines.values()]
  const hurting = hurts.filter((one) => one.state === 'hurt' && one.isAtHome)
  const substitutes = isOpen && hurting.length > 0 ? await substitutesFor(database, site, [...new Set(hurting.map((one) => one.item))]) : []
  const isLost = exception.kind === 'shipment_lost'
  const isAsked = isOpen && (isLost || substitutes.some((one) => one.free > 0))
  const fixed: ReadonlyMap<string, 'kit' | 'paid'> = isAsked ? await fixedOf(database, site, id) : new Map()
  const purchase = isLate && exception.supplier !== null ? { supplier: exception.supplier, unitPrice: exception.unitPrice! } : null
  const ties = await tiesOf(database, site, exception, lines, demands)
  const disrupted = {
    today,
    item: item!,
    weight,
    expected: isLate ? expected : null,
    purchase,
    ties,
    hurts: hurts.filter((one) => one.state !== 'over'),
    linesHurt: hurts.length,
    isLost,
    fixed,
    substitutes,
  }
  return { exception, hurts, disrupted: { ...disrupted, offers, elsewhere, services } }
}

/** Whether what it is about still comes, only later. */
export const comesLate = ({ kind, supply }: Pick<ExceptionRow, 'kind' | 'supply'>): boolean =>
  supply !== null && (kind === 'supply_late' || kind === 'supply_overdue')

async function exceptionBy(database: Database, site: SiteId, id: string): Promise<ExceptionRow | undefined> {
  const rows = await database.query<ExceptionRow>(sql`
    select e.exception_id as id, e.kind, i.sku, e.item_id as item, i.weight_mg as weight, e.document_id as document, e.line, e.detail, e.raised_at as "raisedAt",
      e.closed_at as "closedAt", s.kind as supply, p.kind as planned, s.due_on as expected, o.supplier_id as supplier, l.unit_price_minor as "unitPrice"
    from exception e
    left join item i on i.item_id = e.item_id
    left join planned_move s on s.site_id = e.site_id and s.document_id = e.document_id and s.line = e.line and s.part = 1 and s.direction = 'supply'
      and s.planned - s.posted - s.cancelled > 0
    left join planned_move p on p.site_id = e.site_id and p.document_id = e.document_id and p.line = e.line and p.part = 1
    left join purchase_line l on l.site_id = e.site_id and l.purchase_id = e.document_id and l.line = e.line
    left join purchase o on o.site_id = e.site_id and o.purchase_id = e.document_id
    where e.site_id = ${site} and e.exception_id = ${id}::uuid`)
  return rows[0]
}

interface Hurting extends Omit<HurtRow, 'state' | 'isAtHome' | 'estimate'> {
  readonly pegged: Quantity
}

/**
 * How each hurt line stands: what is held can go today, what is pegged comes with the last of its supplies, and a line that is not covered, or counts on
 * a work order that lacks a component, has no day. By their keys, most urgent first.
 */
async function hurtsOf(database: Database, site: SiteId, id: string, today: Day): Promise<ReadonlyMap<string, HurtRow>> {
  const [rows, supplies] = await Promise.all([
    database.query<Hurting>(sql`
      -- every site: the orders that are hurt may be of any; each line is looked up by its key, since no two lists of thousands may be laid side by side
      select h.order_id as "order", h.line, s.item, s.home, h.promised_on as promised, s.due, s.open, s.held, s.pegged, s.allocated,
        s.open * s.price as value, coalesce(o.ship_complete, false) as "shipComplete", s.priority, s.age
      from exception_hurt h
      cross join lateral (
        select max(p.item_id) as item, sum(p.allocated)::bigint as allocated, min(p.home_site_id) as home, min(p.due_on) as due,
          sum(p.planned - p.posted - p.cancelled)::bigint as open, sum(p.held)::bigint as held, sum(p.pegged)::bigint as pegged,
          max(p.unit_price_minor) as price, min(p.priority) as priority, min(p.age) as age
        from planned_move p where p.site_id = ${site} and p.document_id = h.order_id and p.line = h.line and p.kind = 'order'
      ) s
      left join orders o on o.site_id = s.home and o.order_id = h.order_id
      where h.site_id = ${site} and h.exception_id = ${id}::uuid
      order by s.priority, s.age, h.line`),
    suppliesOf(database, site, id),
  ])
  const last = new Map<string, { readonly due: Day; readonly lacks: boolean }>()
  for (const { due, lacks, lines } of supplies) {
    for (const line of lines.split(' ')) {
      const before = last.get(line)
      last.set(line, before === undefined ? { due, lacks } : { due: latest(before.due, due), lacks: lacks || before.lacks })
    }
  }
  const hurts = new Map<string, HurtRow>()
  for (const row of rows) {
    const { open, held, pegged, due, home } = row
    const key = keyOf(row)
    const comes = last.get(key)
    const isUncovered = held + pegged < open || comes?.lacks === true
    const estimate = isUncovered ? null : latest(today, comes?.due ?? today)
    const state = open === 0 ? 'over' : isMended({ open, held, estimate, due }) ? 'mended' : 'hurt'
    hurts.set(key, { ...row, estimate, isAtHome: home === site, state })
  }
  return hurts
}

const keyOf = ({ order, line }: { readonly order: string; readonly line: number }): string => `${order}/${line}`
const latest = (a: Day, b: Day): Day => (a > b ? a : b)

interface SupplyRow {
  readonly due: Day
  /** Whether a work order that it comes from, however far back, lacks a component. */
  readonly lacks: boolean
  /** The hurt lines that count on it, by their keys, with spaces between them. */
  readonly lines: string
}

/** What hurt lines are pegged to: a row for each supply, since thousands of lines mostly count on a few. */
const suppliesOf = (database: Database, site: SiteId, id: string): Promise<readonly SupplyRow[]> =>
  database.query<SupplyRow>(sql`
    with recursive supply as materialized (
      select g.supply_document_id as document_id, g.supply_line as line, g.supply_part as part, string_agg(h.order_id || '/' || h.line, ' ') as lines
      from exception_hurt h
      join peg g on g.site_id = ${site} and g.demand_document_id = h.order_id and g.demand_line = h.line
      where h.site_id = ${site} and h.exception_id = ${id}::uuid
      group by 1, 2, 3
    ), coming as materialized (
      select s.document_id, s.lines, m.kind, m.due_on
      from supply s
      cross join lateral (
        select kind, due_on from planned_move
        where site_id = ${site} and document_id = s.document_id and line = s.line and part = s.part limit 1) m
    ), work (top, document_id) as (
      select document_id, document_id from coming where kind = 'output'
      union
      select w.top, g.supply_document_id
      from work w
      join planned_move c on c.site_id = ${site} and c.document_id = w.document_id and c.kind = 'component' and c.planned - c.posted - c.cancelled > 0
      join peg g on g.site_id = ${site} and g.demand_document_id = c.document_id and g.demand_line = c.line and g.demand_part = c.part
    )
    select c.due_on as due, c.lines, c.document_id in (
      select w.top
      from work w
      join planned_move p on p.site_id = ${site} and p.document_id = w.document_id and p.kind = 'component' and p.held + p.pegged < p.planned - p.posted - p.cancelled) as lacks
    from coming c`)

/** Demand that depended on it. */
interface Demand {
  readonly document: string
  readonly line: number
  readonly part: number
  readonly quantity: Quantity
}

/** Demand of the item, and a line that it leads to. */
interface Root extends Demand {
  readonly order: string
  readonly orderLine: number
  /** How many days of work lie between. */
  readonly makeDays: number
  readonly priority: number
  readonly age: number
}

/** What is pegged to a supply. */
const peggedTo = (database: Database, site: SiteId, { document, line }: ExceptionRow): Promise<readonly Demand[]> =>
  database.query<Demand>(sql`
    select demand_document_id as document, demand_line as line, demand_part as part, quantity
    from peg where site_id = ${site} and supply_document_id = ${document}::uuid and supply_line = ${line}::int`)

/** Demand of an item that nothing covers. */
const uncoveredOf = (database: Database, site: SiteId, { item }: ExceptionRow): Promise<readonly Demand[]> =>
  database.query<Demand>(sql`
    select document_id as document, line, part, planned - posted - cancelled - held - pegged as quantity
    from planned_move
    where site_id = ${site} and item_id = ${item} and direction = 'demand' and planned - posted - cancelled > 0
      and held + pegged < planned - posted - cancelled`)

/** The hurt lines that work orders lead to from demand of theirs. */
const rootsOf = (database: Database, site: SiteId, id: string, demands: readonly Demand[]): Promise<readonly Root[]> =>
  database.query<Root>(sql`
    with recursive root as (
      select d.document_id, d.line, d.part, d.quantity, p.kind, p.priority, p.age
      from unnest(${demands.map((one) => one.document)}::uuid[], ${demands.map((one) => one.line)}::int[], ${demands.map((one) => one.part)}::int[],
        ${demands.map((one) => one.quantity)}::bigint[]) d (document_id, line, part, quantity)
      cross join lateral (
        select kind, priority, age from planned_move
        where site_id = ${site} and document_id = d.document_id and line = d.line and part = d.part and kind = 'component' limit 1) p
    ), way as (
      select document_id as root_document, line as root_line, part as root_part, quantity, priority, age, document_id, line, kind, 0 as make_days from root
      union
      select w.root_document, w.root_line, w.root_part, w.quantity, w.priority, w.age, d.document_id, d.line, d.kind, w.make_days + k.make_days
      from way w
      cross join lateral (
        select make_days from work_order where w.kind = 'component' and site_id = ${site} and work_order_id = w.document_id limit 1) k
      join planned_move o on w.kind = 'component' and o.site_id = ${site} and o.document_id = w.document_id and o.kind = 'output'
        and o.planned - o.posted - o.cancelled > 0
      join peg g on g.site_id = ${site} and g.supply_document_id = o.document_id and g.supply_line = o.line and g.supply_part = o.part
      join planned_move d on d.site_id = ${site} and d.document_id = g.demand_document_id and d.line = g.demand_line and d.part = g.demand_part
    )
    select w.root_document as document, w.root_line as line, w.root_part as part, w.quantity, h.order_id as "order", h.line as "orderLine",
      w.make_days as "makeDays", w.priority, w.age
    from way w
    -- By its key, since the planner knows neither how many lead there nor how many are hurt.
    cross join lateral (
      select e.order_id, e.line from exception_hurt e
      where e.site_id = ${site} and e.exception_id = ${id}::uuid and e.order_id = w.document_id and e.line = w.line limit 1) h
    where w.kind = 'order'`)

/**
 * What depended on it, most urgent first: what is pegged to late supply, or waits uncovered where none comes; and the hurt lines that each leads to. Most
 * of it are hurt lines themselves, which are known already: only what leads to one by a work order is asked about.
 */
async function tiesOf(
  database: Database,
  site: SiteId,
  exception: ExceptionRow,
  lines: ReadonlyMap<string, HurtRow>,
  demands: readonly Demand[],
): Promise<readonly Tie[]> {
  const others: Demand[] = []
  const ties: RankedTie[] = []
  for (const one of demands) {
    const itself = lines.get(keyOf({ order: one.document, line: one.line }))
    if (itself === undefined) others.push(one)
    else ties.push({ ...one, priority: itself.priority, age: itself.age, hurts: new Map([[itself, 0]]) })
  }
  if (others.length > 0) ties.push(...throughWork(await rootsOf(database, site, exception.id, others), lines))
  return ties.sort((a, b) => a.priority - b.priority || a.age - b.age || a.line - b.line || a.part - b.part)
}

interface RankedTie extends Tie {
  readonly priority: number
  readonly age: number
}

/** A component's demand with all lines that its work orders lead to. */
function throughWork(roots: readonly Root[], lines: ReadonlyMap<string, HurtLine>): readonly RankedTie[] {
  const ties = new Map<string, RankedTie & { readonly hurts: Map<HurtLine, number> }>()
  for (const { order, orderLine, makeDays, ...demand } of roots) {
    const key = `${demand.document}/${demand.line}/${demand.part}`
    const tie = ties.get(key) ?? { ...demand, hurts: new Map<HurtLine, number>() }
    ties.set(key, tie)
    const hurt = lines.get(keyOf({ order, line: orderLine }))!
    // The longest of several ways.
    tie.hurts.set(hurt, Math.max(makeDays, tie.hurts.get(hurt) ?? 0))
  }
  return [...ties.values()]
}

const offersOf = (database: Database, item: ItemId): Promise<readonly SuppliersOffer[]> =>
  database.query<SuppliersOffer>(sql`
    select s.supplier_id as supplier, p.code, s.price_minor as price, s.lead_time_days as "leadTimeDays", s.order_minimum as minimum,
      s.order_multiple as multiple
    from supplier_item s join party p on p.party_id = s.supplier_id
    where s.item_id = ${item} order by s.supplier_id`)

/** The way is as long as it is said for supplying this site from there, or that one from here. */
const freeElsewhere = (database: Database, site: SiteId, item: ItemId): Promise<readonly FreeElsewhere[]> =>
  database.query<FreeElsewhere>(sql`
    select a.site_id as site, s.code, ${reliableOf} - a.demand as free, coalesce(
      (select min(t.transfer_days) from site_source t where t.site_id = ${site} and t.from_site_id = a.site_id),
      (select min(t.transfer_days) from site_source t where t.site_id = a.site_id and t.from_site_id = ${site})) as "transferDays"
    from site s -- every site: which of them has it free
    join availability a on a.site_id = s.site_id and a.owner_id = s.owner_id and a.item_id = ${item} and ${reliableOf} > a.demand
    where s.site_id <> ${site}
    order by 3 desc, a.site_id limit ${ELSEWHERE_MAX}`)

/** What may be sent instead of these items, and how much of it is promised to nobody here; what one costs is what it is worth here, else its standard cost. */
const substitutesFor = (database: Database, site: SiteId, items: readonly ItemId[]): Promise<readonly FreeSubstitute[]> =>
  database.query<FreeSubstitute>(sql`
    with cost as (
      select i.item_id, i.sku, coalesce(round(v.value_minor::numeric / nullif(greatest(v.quantity, 0), 0))::bigint, i.standard_cost_minor) as minor
      from item i
      left join item_value v on v.site_id = ${site} and v.item_id = i.item_id and v.owner_id = (select owner_id from site where site_id = ${site})
      where i.item_id = any(${items}::int[]) or i.item_id in (select substitute_id from substitute where item_id = any(${items}::int[]))
    )
    select s.item_id as item, s.substitute_id as substitute, c.sku as code, greatest(coalesce(${reliableOf} - a.demand, 0), 0) as free,
      c.minor - o.minor as dearer, s.chosen_by as "chosenBy"
    from substitute s
    join cost c on c.item_id = s.substitute_id
    join cost o on o.item_id = s.item_id
    left join availability a on a.site_id = ${site} and a.item_id = s.substitute_id and a.owner_id = (select owner_id from site where site_id = ${site})
    where s.item_id = any(${items}::int[])
    order by s.position, s.substitute_id, s.item_id`)

/** Hurt lines that nobody may change: of kits, and of orders that are paid through the provider. Each is looked up by its key. */
async function fixedOf(database: Database, site: SiteId, id: string): Promise<ReadonlyMap<string, 'kit' | 'paid'>> {
  const rows = await database.query<{ order: string; line: number; because: 'kit' | 'paid' }>(sql`
    select h.order_id as "order", h.line, case when l.kit is null then 'paid' else 'kit' end as because
    from exception_hurt h
    cross join lateral (select kit from order_line where site_id = ${site} and order_id = h.order_id and line = h.line limit 1) l
    cross join lateral (select exists (select from payment where site_id = ${site} and order_id = h.order_id) as paid) p
    where h.site_id = ${site} and h.exception_id = ${id}::uuid and (l.kit is not null or p.paid)`)
  return new Map(rows.map(({ order, line, because }) => [`${order}/${line}`, because]))
}

const servicesOf = (database: Database): Promise<readonly CarrierService[]> =>
  database.query<CarrierService>(sql`
    select service_id as service, code, carrier, name, minimum_minor as minimum, rate_minor as rate, rate_unit as "rateUnit", transit_days as "transitDays"
    from carrier_service order by service_id`)
