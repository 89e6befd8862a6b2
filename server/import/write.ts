// Write: staged rows become commands, and go through the lanes like any other command: what an import brings is in the ledger, in the log
// and under the same invariants as what people enter. Keys follow from content, so a run that was cut off is simply started again.

import { hash } from 'node:crypto'
import type { BillLine } from '../../core/bill.ts'
import { startOf, type Day } from '../../core/calendar.ts'
import type { PlaceOrder, WantedLine } from '../../core/flow/order.ts'
import type { NamedEvent } from '../../core/loop/forecast-event.ts'
import type { SetSourceTerms } from '../../core/loop/replenish-run.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../../core/item.ts'
import type { CreateItems } from '../../core/item-master.ts'
import type { CreateParties, CreatePlaces, CreateServices } from '../../core/master.ts'
import { times, type Money } from '../../core/money.ts'
import type { PlaceId } from '../../core/place.ts'
import type { Quantity } from '../../core/quantity.ts'
import type { SupplierItem } from '../../core/supplier-item.ts'
import type { ItemUnit } from '../../core/unit.ts'
import { sql, type Connection } from '../db.ts'
import { idNamed } from '../ids.ts'
import type { Command } from '../stages.ts'
import { IMPORTER, orderKey } from './checks.ts'
import type { Submission } from './submit.ts'

/** Rows that one command takes in: a lane must not be held up for long. */
const CHUNK_ROWS = 500

/** A command, and how many rows of the file are in it. */
export interface Chunk extends Submission {
  readonly rows: number
}

export async function* itemChunks(session: Connection): AsyncGenerator<Chunk> {
  type Read = CreateItems['items'][number] & { readonly row: number }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select row, sku, name, unit, 'none' as tracking, standard_cost_minor as "standardCost", list_price_minor as "listPrice",
      source, make_days as "makeDays", weight_mg as weight, category,
      service_level_e3 as "serviceLevel_e3"
    from import_item where row > ${after} order by row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    yield chunkOf(controlSite, 'items', { kind: 'createItems', items: rows.map(({ row: _row, ...item }) => item) }, rows.length)
  }
}

/** Items whose units one command takes in. */
const CHUNK_ITEMS = 100

/** An item's units come in one command: some of them alone may lead nowhere. */
export async function* unitChunks(session: Connection): AsyncGenerator<Chunk> {
  type Read = ItemUnit & { readonly sku: string; readonly base: string }
  for (let after = ''; ;) {
    const rows = await session.query<Read>(sql`
      select n.sku, i.item_id as item, i.unit as base, n.unit, n.of_unit as "of", n.numerator, n.denominator, n.rounding
      from (select distinct sku from import_unit where sku > ${after} order by sku limit ${CHUNK_ITEMS}) next
      join import_unit n on n.sku = next.sku join item i on i.sku = n.sku order by n.sku, n.row`)
    if (rows.length === 0) return
    after = rows.at(-1)!.sku
    const units = rows.map(({ sku: _sku, item, ...row }) => ({ item, ...row }))
    yield chunkOf(controlSite, 'units', { kind: 'setUnits', units }, units.length)
  }
}

export async function* customerChunks(session: Connection): AsyncGenerator<Chunk> {
  type Read = CreateParties['parties'][number] & { readonly row: number }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select row, code, name, 'customer' as kind from import_customer where row > ${after} order by row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    yield chunkOf(controlSite, 'customers', { kind: 'createParties', parties: rows.map(({ row: _row, ...party }) => party) }, rows.length)
  }
}

export async function* serviceChunks(session: Connection): AsyncGenerator<Chunk> {
  type Read = CreateServices['services'][number] & { readonly row: number }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select row, code, carrier, name, minimum_minor as minimum, rate_minor as rate, rate_unit as "rateUnit", transit_days as "transitDays"
    from import_service where row > ${after} order by row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    yield chunkOf(controlSite, 'services', { kind: 'createServices', services: rows.map(({ row: _row, ...service }) => service) }, rows.length)
  }
}

export async function* supplierChunks(session: Connection): AsyncGenerator<Chunk> {
  type Read = CreateParties['parties'][number] & { readonly row: number; readonly terms: boolean }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select row, code, name, 'supplier' as kind, coalesce(least_minor, load_units, load_weight_mg) is not null as terms from import_supplier n
    where row > ${after} and not exists (select from party p where p.code = n.code) order by row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    const parties = rows.map(({ code, name, kind }) => ({ code, name, kind }))
    // Those with terms count once, when the terms are written.
    yield chunkOf(controlSite, 'suppliers', { kind: 'createParties', parties }, rows.filter((row) => !row.terms).length)
  }
}

/** What suppliers ask of each order; those that are new are there by then. */
export async function* termsChunks(session: Connection): AsyncGenerator<Chunk> {
  type Read = SetSourceTerms['terms'][number] & { readonly row: number }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select n.row, 'supplier' as source, p.party_id as "sourceId", p.code, coalesce(n.least_minor, 0) as least, n.load_units as "loadUnits",
      n.load_weight_mg as "loadWeight"
    from import_supplier n join party p on p.code = n.code
    where n.row > ${after} and coalesce(n.least_minor, n.load_units, n.load_weight_mg) is not null order by n.row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    yield chunkOf(controlSite, 'terms', { kind: 'setSourceTerms', terms: rows.map(({ row: _row, ...one }) => one) }, rows.length)
  }
}

export async function* eventChunks(session: Connection, newId: () => string): AsyncGenerator<Chunk> {
  type Read = Omit<NamedEvent, 'event'> & { readonly row: number }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select n.row, n.kind, n.name, n.from_on as "from", n.to_on as "to", s.site_id as site, n.site as "siteCode", i.item_id as item, n.sku, n.category
    from import_event n left join site s on s.code = n.site left join item i on i.sku = n.sku
    where n.row > ${after} order by n.row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    const events = rows.map(({ row: _row, ...event }) => ({ event: newId(), ...event }))
    yield chunkOf(controlSite, 'events', { kind: 'createDemandEvents', events }, rows.length)
  }
}

export async function* offerChunks(session: Connection): AsyncGenerator<Chunk> {
  type Read = SupplierItem & { readonly row: number }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select n.row, i.item_id as item, p.party_id as supplier, n.price_minor as price, n.lead_time_days as "leadTimeDays", n.order_minimum as minimum,
      n.order_multiple as multiple, n.preferred
    from import_offer n join item i on i.sku = n.sku join party p on p.code = n.supplier
    where n.row > ${after} order by n.row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    yield chunkOf(controlSite, 'catalogue', { kind: 'setSupplierItems', offers: rows.map(({ row: _row, ...offer }) => offer) }, rows.length)
  }
}

export async function* billChunks(session: Connection): AsyncGenerator<Chunk> {
  type Read = BillLine & { readonly row: number }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select n.row, p.item_id as parent, c.item_id as component, n.quantity, n.batch, n.scrap_per_million as "scrapPerMillion",
      n.valid_from as "validFrom", n.valid_to as "validTo"
    from import_bill n join item p on p.sku = n.parent join item c on c.sku = n.component
    where n.row > ${after} order by n.row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    yield chunkOf(controlSite, 'bills', { kind: 'setBills', lines: rows.map(({ row: _row, ...line }) => line) }, rows.length)
  }
}

/** Places that stock names and the site does not have. */
export async function* placeChunks(session: Connection, site: SiteId): AsyncGenerator<Chunk> {
  type Read = CreatePlaces['places'][number] & { readonly row: number }
  const read = (after: number): Promise<Read[]> =>
    session.query<Read>(sql`
    select n.row, n.place as code, 'bin' as kind,
      case when n.aisle is not null then json_build_object('aisle', n.aisle, 'rack', n.rack, 'level', n.level) end as position
    from (
      select place, min(row) as row, min(aisle) as aisle, min(rack) as rack, min(level) as level from import_stock group by place
    ) n
    where n.row > ${after} and not exists (select from place p where p.site_id = ${site} and p.code = n.place)
    order by n.row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    yield chunkOf(site, 'places', { kind: 'createPlaces', places: rows.map(({ row: _row, ...place }) => place) }, 0)
  }
}

interface StockRow {
  readonly row: number
  readonly item: ItemId
  readonly place: PlaceId
  readonly quantity: Quantity
  readonly cost: Money
}

/** Opening stock at standard cost. */
export async function* stockChunks(session: Connection, site: SiteId, openedOn: Day): AsyncGenerator<Chunk> {
  const read = (after: number): Promise<StockRow[]> =>
    session.query<StockRow>(sql`
    select n.row, i.item_id as item, p.place_id as place, n.quantity, i.standard_cost_minor as cost
    from import_stock n
    join item i on i.sku = n.sku
    join place p on p.site_id = ${site} and p.code = n.place
    where n.row > ${after} order by n.row limit ${CHUNK_ROWS}`)
  for await (const rows of inChunks(read)) {
    const lines = rows.map(({ item, place, quantity, cost }, index) => ({
      line: index + 1,
      item,
      quantity,
      place,
      lot: '',
      serial: '',
      expiresOn: null,
      condition: 'sellable' as const,
      value: times(cost, quantity),
    }))
    const document = idNamed(`import:stock:${site}:${JSON.stringify(lines)}`)
    yield chunkOf(site, 'stock', { kind: 'openStock', document, openedAt: startOf(openedOn), lines }, rows.length)
  }
}

export interface StagedOrder {
  readonly row: number
  readonly number: string
  readonly customer: PartyId
  readonly orderedOn: Day
  readonly sha256: Buffer
  readonly lines: readonly Omit<WantedLine, 'requested' | 'source'>[]
}

/** Orders of the file by day, as they were entered. */
export async function* stagedOrders(session: Connection): AsyncGenerator<StagedOrder> {
  const read = (after: number): Promise<StagedOrder[]> =>
    session.query<StagedOrder>(sql`
    select o.position::int as row, o.number, p.party_id as customer, o.ordered_on as "orderedOn", o.sha256,
      (select json_agg(json_build_object('line', l.line, 'item', i.item_id, 'quantity', l.quantity, 'unitPrice', l.unit_price_minor) order by l.line)
        from import_line l join item i on i.sku = l.sku where l.number = o.number) as lines
    from import_order o join party p on p.code = o.customer
    where o.position > ${after} order by o.position limit ${CHUNK_ROWS}`)
  for await (const orders of inChunks(read)) yield* orders
}

export async function* orderChunks(session: Connection, site: SiteId, newId: () => string): AsyncGenerator<Chunk> {
  for await (const staged of stagedOrders(session)) {
    const { number, sha256, lines } = staged
    const request = { command: orderFrom(staged, site, newId()), caller: IMPORTER, key: orderKey(number), sha256, reference: number }
    yield { site, rows: lines.length, request }
  }
}

/** It is due on the day it was ordered; the day of the file has no hour, so it begins. */
export function orderFrom({ number, customer, orderedOn, lines }: StagedOrder, site: SiteId, order: string): PlaceOrder {
  return {
    kind: 'placeOrder',
    order,
    customer,
    reference: number,
    shipComplete: false,
    priority: 5,
    orderedAt: startOf(orderedOn),
    heldElsewhere: [],
    lines: lines.map((line) => ({ ...line, requested: orderedOn, source: site })),
  }
}

async function* inChunks<Read extends { readonly row: number }>(read: (after: number) => Promise<Read[]>): AsyncGenerator<readonly Read[]> {
  let after = 0
  for (;;) {
    const rows = await read(after)
    if (rows.length > 0) yield rows
    if (rows.length < CHUNK_ROWS) return
    after = rows.at(-1)!.row
  }
}

function chunkOf(site: SiteId, what: string, command: Command, rows: number): Chunk {
  const sha256 = hash('sha256', JSON.stringify(command), 'buffer')
  return { site, rows, request: { command, caller: IMPORTER, key: `import:${what}:${sha256.toString('hex')}`, sha256 } }
}
