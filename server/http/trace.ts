// Trace over HTTP: a lot's genealogy (genealogy.ts) as people read it: suppliers and components behind it, what was made of it, where all that stands and
// who has it. Nothing is told of sites that the caller may not see but how many they are: a trace that hid them would look complete.
//
// It is read in one snapshot, over one connection: a connection that reads pages of the ledger for the first time takes many times as long.

import { textOf, type Instant } from '../../core/calendar.ts'
import { isTold } from '../../core/genealogy.ts'
import type { SiteId } from '../../core/item.ts'
import type { Condition } from '../../core/move.ts'
import { virtualPlaces } from '../../core/place.ts'
import { maySee } from '../../core/principal.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { labelKey, type Labelled } from '../../core/stock.ts'
import { sql, type Connection } from '../db.ts'
import { genealogyOf, knownLots, openOf, underWayOf, type Genealogy, type Passing } from '../genealogy.ts'
import { inSnapshot } from '../snapshot.ts'
import { itemOf, type Asked, type Readers } from './call.ts'

export const traceLot: Readers['traceLot'] = async (call) => {
  const asked = await labelledOf(call, { ...call.params, ...call.query })
  if (isRefusal(asked)) return asked
  const sites = await everySite(call)
  return inSnapshot(call.context.database, (session) => traceOf(call, session, sites, asked))
}

async function traceOf(call: Asked, session: Connection, sites: readonly SiteId[], asked: Labelled): Promise<object> {
  const genealogy = await genealogyOf(session, sites, asked)
  const had = [...new Set([...genealogy.passings.map((one) => one.site), ...genealogy.links.map((one) => one.site)])]
  const seen = had.filter((site) => maySee(call.principal, site))
  const trace = new Trace(call, session, genealogy, new Set(seen))
  // Customers first: their list is made while the database answers the rest.
  const [customers, lots, received, standing, underWay, inProduction, recall] = await Promise.all([
    trace.customers(),
    trace.lots(),
    trace.received(),
    trace.standing(),
    trace.underWay(),
    trace.inProduction(),
    recallNow(session, asked),
  ])
  const { links, gone } = trace
  return {
    lots,
    links,
    received,
    standing,
    underWay,
    inProduction,
    customers,
    gone,
    recall,
    unseenSites: had.length - seen.length,
    complete: genealogy.complete,
  }
}

/** The lot or serial that a request names, or what is wrong with it. */
export async function labelledOf(
  call: Asked,
  { sku, lot, serial }: { readonly sku: string; readonly lot: string; readonly serial: string },
): Promise<Labelled | Refusal> {
  const known = await itemOf(call, sku)
  if (isRefusal(known)) return known
  const { tracking, item } = known
  if (tracking === 'none') return refuse('lot_not_tracked', 'sku', 'This item is told apart by neither lot nor serial.')
  if (tracking === 'lot' && lot === '') return refuse('lot_missing', 'lot', 'This item is told apart by lot: name the lot.')
  if (tracking === 'serial' && serial === '') return refuse('serial_missing', 'serial', 'Each piece of this item has a serial: name it.')
  if ((tracking === 'lot' ? serial : lot) !== '')
    return refuse('lot_not_tracked', tracking === 'lot' ? 'serial' : 'lot', `The item is told apart by ${tracking}.`)
  return { item, lot, serial }
}

export const everySite = async ({ context }: Pick<Asked, 'context'>): Promise<readonly SiteId[]> =>
  (await context.catalog.sites()).map((one) => one.site)

interface Recalled {
  readonly id: string
  readonly reason: string
  readonly recalledAt: Instant
}

async function recallNow(database: Connection, { item, lot, serial }: Labelled): Promise<object | null> {
  const [row] = await database.query<Recalled>(sql`
    select recall_id as id, reason, recalled_at as "recalledAt" from recall
    where item_id = ${item} and lot = ${lot} and serial = ${serial} and lifted_at is null`)
  return row === undefined ? null : { ...row, recalledAt: textOf(row.recalledAt) }
}

/** Tells of one genealogy what the caller may see of it. */
class Trace {
  readonly #call: Asked
  readonly #session: Connection
  readonly #genealogy: Genealogy
  readonly #seen: ReadonlySet<SiteId>
  readonly #index: ReadonlyMap<string, number>
  readonly #passings: readonly Passing[]

  constructor(call: Asked, session: Connection, genealogy: Genealogy, seen: ReadonlySet<SiteId>) {
    this.#call = call
    this.#session = session
    this.#genealogy = genealogy
    this.#seen = seen
    this.#index = new Map(genealogy.lots.map((one, index) => [labelKey(one), index]))
    this.#passings = genealogy.passings.filter((one) => seen.has(one.site))
  }

  async lots(): Promise<readonly object[]> {
    const { lots } = this.#genealogy
    const { catalog } = this.#call.context
    const numbers = lots.map((one) => one.item)
    const [items, known] = await Promise.all([catalog.itemsWith(numbers, this.#session), knownLots(this.#session, lots)])
    return lots.map(({ item, ...one }) => {
      const { expiresOn, isRecalled } = known.get(labelKey({ item, ...one })) ?? { expiresOn: null, isRecalled: false }
      return { ...one, sku: items.get(item)!.sku, name: items.get(item)!.name, expiresOn, recalled: isRecalled }
    })
  }

  get links(): readonly object[] {
    return this.#genealogy.links
      .filter((one) => this.#seen.has(one.site))
      .map(({ site, workOrder, from, into, quantity }) => ({
        from: this.#of(from),
        into: this.#of(into),
        site: this.#code(site),
        workOrder,
        quantity,
      }))
  }

  /** What came in from outside our own sites. */
  async received(): Promise<readonly object[]> {
    const came = this.#passings.filter((one) => one.comesIn && cameFrom.has(one.elsewhere))
    const suppliers = await suppliersOf(this.#session, came)
    return came.map((one) => {
      const purchase = suppliers.get(`${one.site}/${one.document}`)
      const { document, cause, quantity } = one
      return {
        ...this.#at(one),
        cause,
        document,
        isPurchase: purchase !== undefined,
        supplier: purchase?.code ?? null,
        supplierName: purchase?.name ?? null,
        quantity,
        at: textOf(one.occurredAt),
      }
    })
  }

  /** Of the lot and of what was made of it, at each site that any came in at. */
  async standing(): Promise<readonly object[]> {
    const lots = new Set(this.#genealogy.lots.filter((one) => one.level >= 0 && isTold(one)).map(labelKey))
    const came = new Map(this.#passings.filter((one) => lots.has(labelKey(one))).map((one) => [`${one.site} ${labelKey(one)}`, one]))
    const there = [...came.values()]
    const rows = await this.#session.query<Standing>(sql`
      select s.site_id as site, s.item_id as item, s.lot, s.serial, p.code as place, s.condition, s.quantity, s.allocated
      from unnest(${there.map((one) => one.site)}::int[], ${there.map((one) => one.item)}::int[], ${there.map((one) => one.lot)}::text[],
        ${there.map((one) => one.serial)}::text[]) f (site_id, item_id, lot, serial) -- every site: that had some of it
      join stock s on s.site_id = f.site_id and s.item_id = f.item_id and s.lot = f.lot and s.serial = f.serial and s.quantity <> 0
      join place p on p.site_id = s.site_id and p.place_id = s.place_id
      order by s.site_id, s.item_id, s.lot, s.serial, p.walk_order, s.place_id, s.condition`)
    return rows.map(({ site, item, lot, serial, ...row }) => ({ ...this.#at({ site, item, lot, serial }), ...row }))
  }

  async underWay(): Promise<readonly object[]> {
    const passings = this.#genealogy.passings
    const rows = await underWayOf(this.#session, passings)
    return rows
      .filter((one) => this.#seen.has(one.from))
      .flatMap(({ from, transfer, to }) =>
        passings
          .filter((one) => one.document === transfer && one.cause === 'transfer_out')
          .map((one) => ({ lot: this.#of(one), transfer, from: this.#code(from), to: this.#code(to) })),
      )
  }

  async inProduction(): Promise<readonly object[]> {
    const { catalog } = this.#call.context
    const open = (await openOf(this.#session, this.#genealogy.workOrders)).filter((one) => this.#seen.has(one.site))
    const items = await catalog.itemsWith(
      open.map((one) => one.item),
      this.#session,
    )
    const issued = Map.groupBy(
      this.#passings.filter((one) => one.cause === 'issue'),
      (one) => `${one.site}/${one.document}`,
    )
    return open.flatMap(({ site, workOrder, item }) =>
      (issued.get(`${site}/${workOrder}`) ?? []).map((one) => ({ ...this.#at(one), workOrder, sku: items.get(item)!.sku })),
    )
  }

  /** Who has it: what left for customers, less what came back. */
  async customers(): Promise<readonly object[]> {
    const lines = new Map<string, { readonly first: Passing; quantity: number }>()
    for (const one of this.#passings.filter((passing) => passing.elsewhere === virtualPlaces.customer)) {
      const key = `${one.site}/${one.document}/${one.line} ${labelKey(one)}`
      const line = lines.get(key) ?? { first: one, quantity: 0 }
      line.quantity += one.comesIn ? -one.quantity : one.quantity
      lines.set(key, line)
    }
    const rest = [...lines.values()].filter((one) => one.quantity > 0)
    const orders = await ordersOf(
      this.#session,
      rest.map(({ first }) => ({ site: first.site, order: first.document })),
    )
    return rest.map(({ first, quantity }) => {
      const order = orders.get(first.document)
      const whose = { order: order?.number ?? null, line: first.line, customer: order?.customer ?? null, customerName: order?.customerName ?? null }
      return { ...this.#at(first), ...whose, quantity, at: textOf(first.occurredAt) }
    })
  }

  get gone(): readonly object[] {
    return this.#passings
      .filter((one) => !one.comesIn && one.cause !== 'issue' && one.cause !== 'transfer_out' && one.elsewhere !== virtualPlaces.customer)
      .map((one) => ({ ...this.#at(one), cause: one.cause, quantity: one.quantity, at: textOf(one.occurredAt) }))
  }

  #at(one: Labelled & { readonly site: SiteId }): { readonly lot: number; readonly site: string } {
    return { lot: this.#of(one), site: this.#code(one.site) }
  }
  #of = (one: Labelled): number => this.#index.get(labelKey(one))!
  #code = (site: SiteId): string => this.#call.context.catalog.siteCodes.get(site)!
}

const cameFrom: ReadonlySet<number> = new Set([virtualPlaces.supplier, virtualPlaces.opening, virtualPlaces['gain.found']])

interface Standing extends Labelled {
  readonly site: SiteId
  readonly place: string
  readonly condition: Condition
  readonly quantity: number
  readonly allocated: number
}

async function suppliersOf(
  database: Connection,
  passings: readonly Passing[],
): Promise<ReadonlyMap<string, { readonly code: string; readonly name: string }>> {
  const rows = await database.query<{ site: SiteId; purchase: string; code: string; name: string }>(sql`
    select p.site_id as site, p.purchase_id as purchase, y.code, y.name
    from unnest(${passings.map((one) => one.site)}::int[], ${passings.map((one) => one.document)}::uuid[]) t (site_id, purchase_id)
    join purchase p on p.site_id = t.site_id and p.purchase_id = t.purchase_id -- every site: that received some of it
    join party y on y.party_id = p.supplier_id`)
  return new Map(rows.map((row) => [`${row.site}/${row.purchase}`, row]))
}

export interface NumberedOrder {
  readonly number: string
  readonly customer: string
  readonly customerName: string
}

interface AtSite {
  readonly site: SiteId
  readonly order: string
}

/** Orders that sites did something for, by id: those of their own, and those of other sites that they served. */
export async function ordersOf(database: Connection, lines: readonly AtSite[]): Promise<ReadonlyMap<string, NumberedOrder>> {
  const asked = [...new Map(lines.map((one) => [`${one.site}/${one.order}`, one])).values()]
  const own = await ordersAt(database, asked)
  const others = asked.filter((one) => !own.has(one.order))
  if (others.length === 0) return own
  const homes = await database.query<AtSite>(sql`
    select distinct p.home_site_id as site, p.document_id as "order"
    from unnest(${others.map((one) => one.site)}::int[], ${others.map((one) => one.order)}::uuid[]) t (site_id, document_id)
    join planned_move p on p.site_id = t.site_id and p.document_id = t.document_id -- every site: that served some of it
    where p.kind = 'order' and p.home_site_id <> p.site_id`)
  return new Map([...own, ...(await ordersAt(database, homes))])
}

async function ordersAt(database: Connection, asked: readonly AtSite[]): Promise<Map<string, NumberedOrder>> {
  if (asked.length === 0) return new Map()
  const rows = await database.query<NumberedOrder & { order: string }>(sql`
    select o.order_id as "order", s.code || '-' || o.number as number, y.code as customer, y.name as "customerName"
    from unnest(${asked.map((one) => one.site)}::int[], ${asked.map((one) => one.order)}::uuid[]) t (site_id, order_id)
    join orders o on o.site_id = t.site_id and o.order_id = t.order_id -- every site: where the order is at home
    join site s on s.site_id = o.site_id
    join party y on y.party_id = o.customer_id`)
  return new Map(rows.map((row) => [row.order, row]))
}
