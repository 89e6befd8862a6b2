// Genealogy, from the ledger: a lot is followed level by level, each level with two questions to an index: what came in and left of these lots, and what
// passed through the same work orders. A lot is its item and number, wherever it stands: it keeps both on a transfer, so no site is asked in particular.
//
// What is read is bounded by named limits; an answer that met one says that it is not complete.

import type { Day, Instant } from '../core/calendar.ts'
import type { RecalledAt } from '../core/flow/store-recall.ts'
import { isTold, linksOf, nextLevel, type Link, type Passage, type Relative } from '../core/genealogy.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import type { Cause } from '../core/move.ts'
import type { PlaceId } from '../core/place.ts'
import type { RecalledGoods } from '../core/recalled-goods.ts'
import { labelKey, labelOf, lotKey, type Labelled } from '../core/stock.ts'
import { sql, type Connection, type Statement } from './db.ts'

export interface GenealogyLimits {
  readonly levels_max: number
  readonly lots_max: number
  /** Documents and lines that lots came in and left by. */
  readonly passings_max: number
}

export const genealogyLimits: GenealogyLimits = { levels_max: 50, lots_max: 20_000, passings_max: 200_000 }

/** What of a lot came into a site or left it, by document and line. */
export interface Passing extends Labelled {
  readonly site: SiteId
  readonly cause: Cause
  /** The virtual place that it came from or went to. */
  readonly elsewhere: PlaceId
  readonly comesIn: boolean
  readonly document: string
  readonly line: number
  readonly quantity: number
  readonly first: number
  readonly last: number
  readonly occurredAt: Instant
}

export interface Genealogy {
  /** From what went into it, over itself, to what was made of it. */
  readonly lots: readonly Relative[]
  readonly links: readonly Link[]
  /** Of the lot itself and all before it what came in; of itself and all after it what left, too. */
  readonly passings: readonly Passing[]
  /** Work orders that it or what was made of it went into. */
  readonly workOrders: readonly { readonly site: SiteId; readonly workOrder: string }[]
  readonly complete: boolean
}

/** A lot's whole family, over all sites. */
export async function genealogyOf(database: Connection, sites: readonly SiteId[], lot: Labelled): Promise<Genealogy> {
  const [after, before] = await Promise.all([follow(database, sites, lot, 1, genealogyLimits), follow(database, sites, lot, -1, genealogyLimits)])
  const lots = [...before.lots.slice(1).toReversed(), ...after.lots]
  return {
    lots,
    links: [...before.links, ...after.links],
    passings: [...before.passings.filter((one) => labelKey(one) !== labelKey(lot)), ...after.passings],
    workOrders: after.workOrders,
    complete: before.complete && after.complete,
  }
}

/** What must be held when a lot is recalled: itself and all that was made of it. Whom it was sold to is not asked, only that it was. */
export const descendantsOf = (database: Connection, sites: readonly SiteId[], lot: Labelled, limits: GenealogyLimits): Promise<Genealogy> =>
  follow(database, sites, lot, 1, limits, true)

/** Follows a lot one way, each lot once: to what was made of it, or to what went into it. */
async function follow(
  database: Connection,
  sites: readonly SiteId[],
  lot: Labelled,
  way: 1 | -1,
  limits: GenealogyLimits,
  isBrief = false,
): Promise<Genealogy> {
  const { levels_max, lots_max, passings_max } = limits
  const [near, far] = way === 1 ? (['issue', 'output'] as const) : (['output', 'issue'] as const)
  const known = new Map<string, Relative>([[labelKey(lot), { ...lot, level: 0 }]])
  const links = new Map<string, Link>()
  const passings: Passing[] = []
  const workOrders = new Map<string, { readonly site: SiteId; readonly workOrder: string }>()
  let frontier: readonly Relative[] = [...known.values()]
  let complete = true
  for (let level = 1; frontier.length > 0 && complete; level += 1) {
    const met = await passingsOf(database, sites, frontier, { way, isBrief, rows_max: passings_max })
    passings.push(...met)
    const through = met.filter((one) => one.cause === near).map(passageOf)
    for (const { site, workOrder } of through) workOrders.set(`${site}/${workOrder}`, { site, workOrder })
    const others = await passagesOf(database, through, far, passings_max)
    const found = way === 1 ? linksOf(through, others) : linksOf(others, through)
    for (const one of found) links.set(`${one.site}/${one.workOrder} ${labelKey(one.from)}>${labelKey(one.into)}`, one)
    const next = nextLevel(known, found, level * way)
    for (const one of next) known.set(labelKey(one), one)
    frontier = next.filter(isTold)
    complete = level <= levels_max && known.size <= lots_max && passings.length <= passings_max && others.length <= passings_max
  }
  return { lots: [...known.values()], links: [...links.values()], passings, workOrders: [...workOrders.values()], complete }
}

const labels = (goods: readonly Labelled[]): Statement => sql`
  unnest(${goods.map((one) => one.item)}::int[], ${goods.map((one) => one.lot)}::text[], ${goods.map((one) => one.serial)}::text[])
    f (item_id, lot, serial)`

/** What a supplier shipped to the customer left for him and never came in. */
const comesIn = sql`(m.from_place_id < 100 and m.to_place_id >= 100)`
const elsewhere = sql`case when m.to_place_id < 100 then m.to_place_id else m.from_place_id end`

interface Wanted {
  readonly way: 1 | -1
  /** Whether all but work orders and transfers may come as one, without their documents. */
  readonly isBrief: boolean
  readonly rows_max: number
}

/** What came in and left of lots; on the way back only what came in says something. */
async function passingsOf(
  database: Connection,
  sites: readonly SiteId[],
  goods: readonly Labelled[],
  { way, isBrief, rows_max }: Wanted,
): Promise<Passing[]> {
  const isNamed = sql`m.cause in ('issue', 'transfer_in', 'transfer_out')`
  const [document, line] = isBrief
    ? [sql`case when ${isNamed} then m.document_id::text else '' end`, sql`case when ${isNamed} then m.line else 0 end`]
    : [sql`m.document_id`, sql`m.line`]
  // By documents first: mostly each is another one, and the rest of what moves are grouped by need not be compared.
  return database.query<Passing>(sql`
    select m.site_id as site, m.item_id as item, m.to_lot as lot, m.to_serial as serial, m.cause, ${elsewhere} as elsewhere,
      ${comesIn} as "comesIn", ${document} as document, ${line} as line, sum(m.quantity)::bigint as quantity, min(m.sequence) as first,
      max(m.sequence) as last, min(m.occurred_at) as "occurredAt"
    from ${labels(goods)} -- every site: a lot is followed wherever it went
    join move m on m.site_id = any(${sites}::int[]) and m.item_id = f.item_id and m.to_lot = f.lot and m.to_serial = f.serial
      and (m.to_lot <> '' or m.to_serial <> '') and least(m.from_place_id, m.to_place_id) < 100
    ${way === 1 ? sql`` : sql`where m.from_place_id < 100`}
    group by m.site_id, 8, 9, m.item_id, m.to_lot, m.to_serial, m.cause, ${elsewhere}, ${comesIn}
    order by m.site_id, first, m.cause limit ${rows_max + 1}`)
}

const passageOf = ({ site, document, item, lot, serial, quantity, first, last }: Passing): Passage => ({
  site,
  workOrder: document,
  item,
  lot,
  serial,
  quantity,
  first,
  last,
})

/** What else passed through work orders: their outputs, or those of their components that are told apart. */
async function passagesOf(database: Connection, through: readonly Passage[], cause: 'issue' | 'output', rows_max: number): Promise<Passage[]> {
  if (through.length === 0) return []
  const works = [...new Map(through.map((one) => [`${one.site}/${one.workOrder}`, one])).values()]
  return database.query<Passage>(sql`
    select m.site_id as site, m.document_id as "workOrder", m.item_id as item, m.to_lot as lot, m.to_serial as serial,
      sum(m.quantity)::bigint as quantity, min(m.sequence) as first, max(m.sequence) as last
    from unnest(${works.map((one) => one.site)}::int[], ${works.map((one) => one.workOrder)}::uuid[]) w (site_id, document_id)
    join move m on m.site_id = w.site_id and m.document_id = w.document_id -- every site: where the work was done
    where m.cause = ${cause} and (${cause === 'output'} or m.to_lot <> '' or m.to_serial <> '')
    group by m.site_id, m.document_id, m.item_id, m.to_lot, m.to_serial
    order by m.site_id, first limit ${rows_max + 1}`)
}

/** Where a transfer was sent whose goods no site has taken in yet. */
export interface UnderWay {
  readonly from: SiteId
  readonly transfer: string
  readonly to: SiteId
}

/** Transfers of these goods that left and have not arrived, as the log of the site that sent them tells. */
export async function underWayOf(database: Connection, passings: readonly Passing[]): Promise<readonly UnderWay[]> {
  // One transfer may leave in parts.
  const balances = new Map<string, number>()
  const signs = { transfer_out: 1, transfer_in: -1 }
  for (const { cause, document, quantity } of passings) {
    if (cause === 'transfer_out' || cause === 'transfer_in') balances.set(document, (balances.get(document) ?? 0) + signs[cause] * quantity)
  }
  const left = passings.filter((one) => one.cause === 'transfer_out' && balances.get(one.document)! > 0)
  if (left.length === 0) return []
  return database.query<UnderWay>(sql`
    select distinct o.site_id as "from", o.subject as transfer, o.to_site_id as "to"
    from unnest(${left.map((one) => one.site)}::int[], ${left.map((one) => one.document)}::text[]) t (site_id, subject)
    join outbox o on o.site_id = t.site_id and o.subject = t.subject -- every site: that sent some of it
    where o.type = 'transfer.sent' and o.to_site_id is not null`)
}

/** What each site must hold of a lot and of all that was made of it. */
export async function recallOf(database: Connection, genealogy: Genealogy): Promise<readonly RecalledAt[]> {
  const { lots, passings, workOrders } = genealogy
  const told = lots.filter(isTold)
  const [known, open, underWay] = await Promise.all([knownLots(database, told), openOf(database, workOrders), underWayOf(database, passings)])
  const goods = new Map<SiteId, Map<string, RecalledGoods>>()
  const add = (site: SiteId, { item, lot, serial }: Labelled): void => {
    const key = labelKey({ item, lot, serial })
    goods.set(
      site,
      (goods.get(site) ?? new Map<string, RecalledGoods>()).set(key, { item, lot, serial, expiresOn: known.get(key)?.expiresOn ?? null }),
    )
  }
  for (const one of passings) add(one.site, one)
  for (const { transfer, to } of underWay) for (const one of passings.filter((passing) => passing.document === transfer)) add(to, one)
  for (const { site } of open) if (!goods.has(site)) goods.set(site, new Map())
  return [...goods].map(([site, some]) => ({
    site,
    goods: [...some.values()],
    workOrders: open.filter((one) => one.site === site).map((one) => one.workOrder),
  }))
}

/** What is known of a lot or piece, wherever it is. */
export interface KnownLot {
  readonly expiresOn: Day | null
  /** Whether a site holds it back, by its own mark. */
  readonly isRecalled: boolean
}

/** What sites know of lots, by their keys; nothing of those that none of them noted. */
export async function knownLots(database: Connection, lots: readonly Labelled[]): Promise<ReadonlyMap<string, KnownLot>> {
  const rows = await database.query<KnownLot & { readonly item: ItemId; readonly lot: string }>(sql`
    select l.item_id as item, l.lot, min(l.expires_on) as "expiresOn", bool_or(l.recalls <> '{}') as "isRecalled"
    from unnest(${lots.map((one) => one.item)}::int[], ${lots.map(labelOf)}::text[]) f (item_id, lot)
    join site s on true -- every site: any that knows it
    join lot l on l.site_id = s.site_id and l.item_id = f.item_id and l.lot = f.lot
    group by l.item_id, l.lot`)
  return new Map(rows.map(({ item, lot, ...known }) => [lotKey(item, lot), known]))
}

export interface OpenWorkOrder {
  readonly site: SiteId
  readonly workOrder: string
  /** What it makes. */
  readonly item: ItemId
}

/** Work orders of which something is still to be made. */
export async function openOf(database: Connection, workOrders: Genealogy['workOrders']): Promise<readonly OpenWorkOrder[]> {
  if (workOrders.length === 0) return []
  return database.query<OpenWorkOrder>(sql`
    select p.site_id as site, p.document_id as "workOrder", p.item_id as item
    from unnest(${workOrders.map((one) => one.site)}::int[], ${workOrders.map((one) => one.workOrder)}::uuid[]) w (site_id, document_id)
    join planned_move p on p.site_id = w.site_id and p.document_id = w.document_id and p.line = 0 -- every site: where the work is done
    where p.planned - p.posted - p.cancelled > 0`)
}
