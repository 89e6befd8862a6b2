// Read: loads what a batch's commands need, in as few round trips as the questions allow: what follows from the commands alone
// travels with the lock of the head; what follows from those rows comes after; what only matters when stock runs short comes last.

import type { Instant } from '../../core/calendar.ts'
import type { ItemId, PartyId, SiteId } from '../../core/item.ts'
import { newTables, type Rows, type State } from '../../core/ledger.ts'
import { byUrgency, isBound, open, plannedKey } from '../../core/planned-move.ts'
import { free as freeOf, type Labelled } from '../../core/stock.ts'
import { sql, type Connection } from '../db.ts'
import { openOrdersOf, readAccounts, readCredit, readWorth } from './credit.ts'
import { readCollections, readUncollected } from './collections.ts'
import { earliest, readCounted, readMovedSince, withLate, withSheets } from './counts.ts'
import { readExceptions } from './exceptions.ts'
import { doubtedBeside, readBeliefs } from './doubted.ts'
import { loader, type Into } from './into.ts'
import { readBought, readLineSupplies } from './line-supplies.ts'
import { allocationsWhere, pegsWhere, plannedAt, plannedWhere, readHeld, readNext, readPegs, readSupplied, readWaiting } from './read-planned.ts'
import { linesWhere, orderHoldsWhere, ordersWhere, readShipments } from './read-order.ts'
import { readLosses } from './losses.ts'
import { readMaster } from './master.ts'
import { lotsWhere, readGoods, readRecalled } from './recalls.ts'
import { readArrivals, readDocumentsAhead, readSupply, type WantedSupply } from './read-supply.ts'
import { readLinePrices } from './price-book.ts'
import { readAskedIn } from './units.ts'
import { readValuation, wantedValuation, type WantedValuation } from './valuation.ts'
import { readPayment, readPaymentSteps } from './payments.ts'
import { presentOf, type Present } from './present.ts'
import { readReturns } from './returns.ts'
import { distinct, stockColumns, valueColumns } from './rows.ts'
import { readMinimumLife, readPackages, readShortPicks, readTracking, wantedStorage, type WantedStorage } from './storage.ts'
import type { Needs } from '../stage.ts'

type Tables = State['tables']

/** What one batch needs in all. */
export interface Wanted {
  readonly documents: readonly string[]
  readonly supply: WantedSupply
  readonly arrivals: readonly string[]
  readonly customers: readonly PartyId[]
  readonly openOf: readonly PartyId[]
  readonly exceptions: readonly string[]
  readonly items: readonly ItemId[]
  readonly prices: boolean
  readonly stock: boolean
  readonly goods: readonly Labelled[]
  readonly frees: number
  readonly takes: ReadonlyMap<ItemId, number>
  readonly plansSupply: boolean
  readonly countsOnSupply: boolean
  readonly expired: boolean
  readonly consigned: readonly ConsignedGoods[]
  readonly recalled: readonly string[]
  readonly happenedAt: Instant | undefined
  readonly since: NonNullable<Needs['since']>
  readonly countSheets: NonNullable<Needs['countSheets']>
  readonly beliefs: readonly ItemId[]
  readonly losses: readonly string[]
  readonly storage: WantedStorage
  readonly valuation: WantedValuation
  readonly codes: readonly NonNullable<Needs['codes']>[]
}

/** Holds that one command lets expire; the next takes the rest. */
const EXPIRED_ROWS_MAX = 500

export function wantedBy(needs: readonly Needs[]): Wanted {
  const documents = new Set<string>()
  const items = new Set<ItemId>()
  const takes = new Map<ItemId, number>()
  const supply = { documents: new Set<string>(), items: new Set<ItemId>() }
  for (const need of needs) {
    for (const document of need.documents ?? []) documents.add(document)
    for (const item of need.items ?? []) items.add(item)
    for (const document of need.supply?.documents ?? []) supply.documents.add(document)
    for (const item of need.supply?.items ?? []) supply.items.add(item)
    for (const [item, taken] of need.takes ?? []) takes.set(item, (takes.get(item) ?? 0) + taken)
  }
  const some = (of: (need: Needs) => boolean | undefined): boolean => needs.some((need) => of(need) === true)
  return {
    documents: [...documents],
    supply: { documents: [...supply.documents], items: [...supply.items], isAlone: needs.length === 1 },
    arrivals: needs.flatMap((need) => need.arrivals ?? []),
    customers: needs.flatMap((need) => need.customers ?? []),
    openOf: needs.flatMap((need) => need.openOf ?? []),
    exceptions: needs.flatMap((need) => need.exceptions ?? []),
    items: [...items],
    takes,
    prices: some((need) => need.prices),
    stock: some((need) => need.stock),
    goods: needs.flatMap((need) => need.goods ?? []),
    frees: needs.reduce((sum, need) => sum + (need.frees ?? 0), 0),
    plansSupply: some((need) => need.plansSupply),
    countsOnSupply: needs.some((need) => need.countsOnSupply !== false),
    expired: some((need) => need.expired),
    consigned: needs.flatMap((need) => need.consigned ?? []),
    recalled: needs.flatMap((need) => need.recalled ?? []),
    happenedAt: earliest(needs.map((need) => need.happenedAt)),
    since: needs.flatMap((need) => need.since ?? []),
    countSheets: needs.flatMap((need) => need.countSheets ?? []),
    beliefs: needs.flatMap((need) => need.beliefs ?? []),
    losses: needs.flatMap((need) => need.losses ?? []),
    storage: wantedStorage(needs),
    valuation: wantedValuation(needs),
    codes: needs.flatMap((need) => need.codes ?? []),
  }
}

/**
 * Whether commands read nothing but what is projected and planned of items, and the master data that is remembered anyway. Whatever else a stage
 * comes to need counts as more, until it is named here.
 */
export const readsProjectionsOnly = (needs: readonly Needs[]): boolean =>
  needs.every(
    ({
      items: _items,
      customers: _customers,
      stock: _stock,
      frees: _frees,
      takes: _takes,
      plansSupply: _plans,
      countsOnSupply: _counts,
      places: _places,
      happenedAt: _happened,
      ...more
    }) => Object.values(more).every((need) => need === undefined || need === false || (Array.isArray(need) && need.length === 0)),
  )

/** Loads the working copy. The head must be locked by statements sent before on the same connection. */
export async function readTables(
  tx: Connection,
  { site, owner }: { readonly site: SiteId; readonly owner: () => Promise<PartyId> },
  asked: Wanted,
  now: () => Promise<Instant>,
): Promise<Tables> {
  const tables = newTables()
  const into = loader(tx, tables)
  // Only what must be waited for is: a batch that is folded ahead sends its reads at once.
  const wanted = asked.countSheets.length === 0 ? asked : await withSheets(into, site, tables, asked)
  const { supply } = wanted
  const ahead = supply.documents.length + supply.items.length === 0 ? [] : await readDocumentsAhead(tx, site, supply)
  const owing = wanted.openOf.length === 0 ? [] : await openOrdersOf(tx, site, wanted.openOf)
  const documents = ahead.length + owing.length === 0 ? wanted.documents : [...new Set([...wanted.documents, ...ahead, ...owing])]
  const alone = documents.length === 0 && !wanted.expired
  await Promise.all([
    ...(alone ? [readItems(into, site, wanted.items, wanted.stock)] : []),
    ...(documents.length === 0 ? [] : readAll(tx, into, site, documents, ahead)),
    readMaster(into, site, wanted.codes),
    ...(wanted.prices ? [readLinePrices(into, site, wanted.documents), readAskedIn(into, site, wanted.documents)] : []),
    ...(wanted.customers.length === 0 ? [] : [readAccounts(into, site, wanted.customers)]),
    ...(wanted.openOf.length === 0 ? [] : readWorth(into, site, documents)),
    readExceptions(into, site, wanted.exceptions),
    readPackages(into, site, wanted.documents, wanted.storage),
    readValuation(into, site, wanted.valuation),
    ...(wanted.storage.returns ? [readReturns(into, site, wanted.documents)] : []),
    ...(wanted.storage.minimumLife ? [readMinimumLife(into, site, wanted.documents)] : []),
    ...(wanted.arrivals.length === 0 ? [] : [readArrivals(into, site, wanted.arrivals)]),
    ...(wanted.recalled.length === 0 ? [] : [readRecalled(into, site, wanted.recalled)]),
    ...(wanted.beliefs.length === 0 ? [] : readBeliefs(into, site, wanted.beliefs)),
    ...(wanted.losses.length === 0 ? [] : [readLosses(into, site, wanted.losses)]),
    ...(wanted.goods.length === 0 ? [] : [readGoods(into, site, wanted.goods)]),
    ...(wanted.since.length === 0 ? [] : [readMovedSince(into, site, wanted.since)]),
    ...(wanted.stock || wanted.goods.length > 0 ? readCounted(into, site, [...wanted.items, ...wanted.goods.map((one) => one.item)], wanted) : []),
  ])
  await Promise.all([
    readPaymentSteps(into, site, tables.payment.rows()),
    readUncollected(into, site, tables.collection.rows()),
    readBought(into, site, tables.lineSupply.rows()),
  ])
  await readFreed(tx, into, site, tables)
  if (wanted.expired) await readExpired(into, site, await now())
  if (!alone) await readItems(into, site, itemsOf(tables, wanted.items), wanted.stock)
  if (wanted.storage.tracking)
    await readTracking(
      into,
      site,
      tables.shipment.rows().map((row) => row.shipment),
    )
  if (wanted.storage.shortPicks) await readShortPicks(into, site, itemsOf(tables, wanted.items))
  await readConsigned(into, site, await owner(), tables, wanted)
  await readDemoted(into, site, tables, await now())
  if (!alone)
    await Promise.all(
      readCounted(
        into,
        site,
        tables.stock.rows().map((row) => row.item),
        wanted,
      ),
    )
  await readSettling(tx, into, site, tables, withLate(tables, wanted), await now())
  return tables
}

/** What was bought for an order's line alone may become supply for anybody: work orders that wait for such items are then expected anew. */
async function readFreed(tx: Connection, into: Into, site: SiteId, { planned }: Tables): Promise<void> {
  const items = distinct(planned.rows().flatMap((row) => (row.direction === 'supply' && isBound(row) && open(row) > 0 ? [row.item] : [])))
  if (items.length === 0) return
  const ahead = await readDocumentsAhead(tx, site, { documents: [], items, isAlone: false })
  if (ahead.length > 0) await Promise.all(readAll(tx, into, site, ahead, ahead))
}

/** Work orders that hold what may be gone are read with all that counts on their output: more than these name nobody. */
const SHORTED_ORDERS_MAX = 500

/** Who counts on what is made of goods that physical truth may take, the least urgent first, as they are shorted. Few are taken from, so few read this. */
async function readCounting(tx: Connection, into: Into, site: SiteId, tables: Tables, { takes }: Wanted, now: Instant): Promise<void> {
  const held = tables.planned.rows().filter((row) => row.kind === 'component' && row.held > 0)
  if (held.length === 0) return
  const taken = new Set([...takes.keys(), ...expiring(tables, new Date(now).toISOString().slice(0, 10)).map((row) => row.item)])
  const rows = held.filter((row) => taken.has(row.item))
  if (rows.length === 0) return
  const last = rows.toSorted((a, b) => byUrgency(b, a)).map((row) => row.document)
  const documents = [...new Set(last)].slice(0, SHORTED_ORDERS_MAX)
  const ahead = await readDocumentsAhead(tx, site, { documents, items: [], isAlone: false })
  await Promise.all(readAll(tx, into, site, ahead, ahead))
}

/** Items of lines too: goods of a line that another site served come back here. */
const itemsOf = (tables: Tables, items: readonly ItemId[]): ItemId[] => [
  ...new Set([...items, ...tables.planned.rows().map((row) => row.item), ...tables.line.rows().map((row) => row.item)]),
]

/** Documents, and of those that bring goods what they say besides. */
function readAll(tx: Connection, into: Into, site: SiteId, documents: readonly string[], supplies: readonly string[]): Promise<void>[] {
  const present = presentOf(tx, site, documents)
  return [readDocuments(into, site, documents, present), ...(supplies.length === 0 ? [] : [readSupply(into, site, supplies, present)])]
}

async function readDocuments(into: Into, site: SiteId, documents: readonly string[], known: Promise<Present>): Promise<void> {
  // Both are awaited: where the connection is gone, none may fail unheard.
  const [present] = await Promise.all([known, into('planned', plannedWhere(sql`p.site_id = ${site} and p.document_id = any(${documents}::uuid[])`))])
  await Promise.all([
    ...(present.isPegged || present.countsOn ? readPegged(into, site, documents) : []),
    ...(present.allocations ? [into('allocation', allocationsWhere(sql`a.site_id = ${site} and a.document_id = any(${documents}::uuid[])`))] : []),
    ...(present.orders ? [into('order', ordersWhere(sql`site_id = ${site} and order_id = any(${documents}::uuid[])`))] : []),
    ...(present.lines ? [into('line', linesWhere(sql`site_id = ${site} and order_id = any(${documents}::uuid[])`))] : []),
    ...(present.credit ? readCredit(into, site, documents) : []),
    ...(present.payments ? [readPayment(into, site, documents)] : []),
    ...(present.collections ? [readCollections(into, site, documents)] : []),
    ...(present.lineSupplies ? [readLineSupplies(into, site, documents)] : []),
    ...(present.holds ? [into('orderHold', orderHoldsWhere(sql`site_id = ${site} and order_id = any(${documents}::uuid[])`))] : []),
    ...(present.shipments ? readShipments(into, site, documents) : []),
  ])
}

/** Their pegs, and what stands at the other ends. */
const readPegged = (into: Into, site: SiteId, documents: readonly string[]): Promise<void>[] => [
  into(
    'peg',
    pegsWhere(sql`g.site_id = ${site} and (g.supply_document_id = any(${documents}::uuid[]) or g.demand_document_id = any(${documents}::uuid[]))`),
  ),
  into(
    'planned',
    plannedAt(
      site,
      sql`
      select g.demand_document_id, g.demand_line, g.demand_part from peg g where g.site_id = ${site} and g.supply_document_id = any(${documents}::uuid[])
      union
      select g.supply_document_id, g.supply_line, g.supply_part from peg g where g.site_id = ${site} and g.demand_document_id = any(${documents}::uuid[])`,
    ),
  ),
]

async function readItems(into: Into, site: SiteId, items: readonly ItemId[], stock: boolean): Promise<void> {
  if (items.length === 0) return
  const availability = into(
    'availability',
    sql`
    select a.item_id as item, a.owner_id as owner, a.sellable, a.reserved, ${doubtedBeside} as doubted, a.demand, a.supply, a.next_expiry as "nextExpiry"
    from availability a
    where a.site_id = ${site} and a.item_id = any(${items}::int[])`,
  )
  await Promise.all([availability, ...(stock ? [readStock(into, site, items)] : [])])
}

async function readStock(into: Into, site: SiteId, items: readonly ItemId[]): Promise<void> {
  await Promise.all([
    into(
      'stock',
      sql`
      select ${stockColumns} from stock where site_id = ${site} and item_id = any(${items}::int[])`,
    ),
    into('lot', lotsWhere(sql`site_id = ${site} and item_id = any(${items}::int[])`)),
    into(
      'value',
      sql`
      select ${valueColumns} from item_value where site_id = ${site} and item_id = any(${items}::int[])`,
    ),
  ])
}

type ConsignedGoods = NonNullable<Needs['consigned']>[number]

/** Goods of suppliers that stand here may be used by whatever is decided about their items: where they stand, and at what price. Nobody else asks. */
async function readConsigned(into: Into, site: SiteId, own: PartyId, tables: Tables, { consigned, stock }: Wanted): Promise<void> {
  const standing = tables.availability.rows().filter((row) => row.owner !== own && row.sellable > 0)
  const asked = [...consigned, ...standing]
  if (asked.length === 0) return
  await Promise.all([
    into(
      'consigned',
      sql`
      select s.item_id as item, s.supplier_id as owner, p.code, s.price_minor as price
      from unnest(${asked.map((one) => one.item)}::int[], ${asked.map((one) => one.owner)}::int[]) a (item_id, owner_id)
      cross join lateral (
        select o.* from supplier_item o where o.item_id = a.item_id and o.supplier_id = a.owner_id limit 1) s
      join party p on p.party_id = s.supplier_id`,
    ),
    ...(stock || standing.length === 0
      ? []
      : [
          readStock(
            into,
            site,
            standing.map((row) => row.item),
          ),
        ]),
  ])
}

async function readExpired(into: Into, site: SiteId, now: Instant): Promise<void> {
  await into(
    'planned',
    plannedWhere(sql`p.site_id = ${site} and p.hold_expires_at <= ${new Date(now)} and p.planned - p.posted - p.cancelled > 0
    order by p.hold_expires_at limit ${EXPIRED_ROWS_MAX}`),
  )
}

/** Lots that expire on the day of the batch need their stock rows, and the holds on them, whatever the commands are. */
async function readDemoted(into: Into, site: SiteId, tables: Tables, now: Instant): Promise<void> {
  const expired = [...new Set(expiring(tables, new Date(now).toISOString().slice(0, 10)).map((row) => row.item))]
  if (expired.length > 0) await Promise.all([readStock(into, site, expired), ...readHeld(into, site, expired), readWaiting(into, site, expired)])
}

export const expiring = (tables: Tables, today: string): Rows['availability'][] =>
  tables.availability.rows().filter((row) => row.nextExpiry !== null && row.nextExpiry <= today)

/** Whether what was bought for an order's line alone may become supply for anybody. */
export const mayFreeSupply = (tables: Tables): boolean => tables.lineSupply.rows().length > 0

async function readSettling(tx: Connection, into: Into, site: SiteId, tables: Tables, wanted: Wanted, now: Instant): Promise<void> {
  const plansSupply = wanted.plansSupply || mayFreeSupply(tables)
  const rows = tables.availability.rows()
  const items = (of: (row: Rows['availability']) => boolean): ItemId[] => rows.filter(of).map((row) => row.item)
  const supplied = items((row) => plansSupply || (row.supply > 0 && wanted.countsOnSupply))
  const reaches = reachesOf(tables, wanted)
  // New supply goes to those whom no other supply was promised to.
  const uncovered = items((row) => row.demand > row.reserved && plansSupply && reaches.get(row.item) !== Infinity)
  // Only tills take a counted quantity, and they are decided first: what the batch holds or sends away besides comes after them.
  const left = ({ item, sellable }: Rows['availability']): number => sellable - (wanted.takes.get(item) ?? 0)
  const held = items((row) => row.reserved > 0 && wanted.takes.has(row.item) && left(row) < row.reserved)
  await Promise.all([
    ...(supplied.length > 0 ? readSupplied(into, site, supplied) : []),
    ...(reaches.size > 0 ? [readNext(into, site, reaches)] : []),
    ...(uncovered.length > 0 ? [readWaiting(into, site, uncovered, sql`and p.held + p.pegged < p.planned - p.posted - p.cancelled`)] : []),
    ...(held.length > 0 ? readHeld(into, site, held) : []),
  ])
  await readCounting(tx, into, site, tables, wanted, now)
  // Who is given stock lets go of what it was promised from. What is to come is given to others only where it is the batch's own, which is read already.
  const here = peggedHere(tables)
  const pegged = tables.planned.rows().filter((row) => row.direction === 'demand' && row.pegged > 0 && row.pegged > (here.get(plannedKey(row)) ?? 0))
  if (pegged.length > 0) await readPegs(into, site, [...new Set(pegged.map((row) => row.document))])
}

/** How far down the queue of those who wait for an item its free stock may reach: what is free now, suppliers' goods too, and what the batch may free or bring. */
function reachesOf({ availability, arrival }: Tables, { frees, takes }: Wanted): ReadonlyMap<ItemId, number> {
  const free = new Map<ItemId, number>()
  for (const row of availability.rows()) free.set(row.item, (free.get(row.item) ?? 0) + freeOf(row))
  const arriving = new Map<ItemId, number>()
  for (const { item, quantity } of arrival.rows()) arriving.set(item, (arriving.get(item) ?? 0) + quantity)
  const reaches = new Map<ItemId, number>()
  for (const { item, demand, reserved } of availability.rows()) {
    const brought = frees + (arriving.get(item) ?? 0)
    if (demand <= reserved || (brought === 0 && !takes.has(item))) continue
    const reach = free.get(item)! + brought
    if (reach > 0) reaches.set(item, Math.max(reach, reaches.get(item) ?? 0))
  }
  return reaches
}

/** What the pegs that are loaded say of each demand: where that is all, both ends of each are loaded too. */
function peggedHere({ peg }: Tables): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { demand, quantity } of peg.rows()) sums.set(demand, (sums.get(demand) ?? 0) + quantity)
  return sums
}
