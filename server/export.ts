// Export: items, stock, orders and the ledger as CSV or as one JSON value a line, in memory that does not grow with them. All of it is one
// snapshot: what lanes write meanwhile is not in it. Columns that an import reads bear the names it knows, so what goes out can come in.

import { instant, textOf } from '../core/calendar.ts'
import { csvLine, decimal, type Digits } from '../core/format/csv.ts'
import { controlSite, type SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { virtualPlaces } from '../core/place.ts'
import { rollback, sql, type Connection, type Database } from './db.ts'

export const exports = ['moves', 'stock', 'orders', 'items', 'suppliers'] as const
export type Exported = (typeof exports)[number]
export type ExportFormat = 'csv' | 'ndjson'

type Cell = string | number | null
type Column = 'text' | 'number' | 'amount' | 'instant'
type Row = Readonly<Record<string, Cell>>

interface Table {
  readonly columns: Readonly<Record<string, Column>>
  /** Pages in the order of a key, each read after the key of the last row before it; of one site, or of the control site's nouns. */
  pages(session: Connection, site: SiteId): AsyncGenerator<readonly Row[]>
  readonly perSite: boolean
}

const PAGE_ROWS = 2_000
/** Orders have many lines. */
const PAGE_ORDERS = 200

/** Yields text, page by page, the header first. */
export async function* exportText(
  database: Database,
  what: Exported,
  format: ExportFormat,
  sites: readonly SiteId[],
  onRows: (rows: number) => void,
): AsyncGenerator<string> {
  const { columns, pages, perSite } = tables[what]
  const names = Object.keys(columns)
  const line = (row: Row): string => {
    const cells = names.map((name) => [name, told(columns[name]!, row[name] ?? null)] as const)
    if (format === 'csv') return `${csvLine(cells.map(([, cell]) => cell))}\r\n`
    return `${JSON.stringify(Object.fromEntries(cells.map(([name, cell]) => [name, isDigits(cell) ? cell.digits : cell])))}\n`
  }
  if (format === 'csv') yield `${csvLine(names)}\r\n`
  let count = 0
  const session = await database.session()
  let broken = true
  try {
    await session.script('begin isolation level repeatable read, read only')
    for (const site of perSite ? sites : [controlSite]) {
      for await (const rows of pages(session, site)) {
        yield rows.map(line).join('')
        onRows((count += rows.length))
      }
    }
    await session.execute(rollback)
    broken = false
  } finally {
    session.release(broken)
  }
}

/** Amounts are in major units, as imports read them, and exact: JSON has them as text. Instants are in UTC. */
function told(column: Column, cell: Cell): Cell | Digits {
  if (typeof cell !== 'number') return cell
  if (column === 'amount') return { digits: decimal(money(cell)) }
  return column === 'instant' ? textOf(instant(cell)) : cell
}

const isDigits = (cell: Cell | Digits): cell is Digits => typeof cell === 'object' && cell !== null

const virtualCodes = JSON.stringify(Object.fromEntries(Object.entries(virtualPlaces).map(([code, place]) => [place, code])))

const items: Table = {
  columns: {
    sku: 'text',
    name: 'text',
    unit: 'text',
    tracking: 'text',
    standard_cost: 'amount',
    list_price: 'amount',
    make_or_buy: 'text',
    days_to_manufacture: 'number',
    category: 'text',
    service_level: 'text',
  },
  perSite: false,
  pages: (session) =>
    paged(0, (after) =>
      session.query<Row & { readonly key: number }>(sql`
      select item_id as key, sku, name, unit, tracking, standard_cost_minor as standard_cost, list_price_minor as list_price,
        source as make_or_buy, make_days as days_to_manufacture, category,
        case when service_level_e3 is null then '' when service_level_e3 = 0 then '0' else '0.' || lpad(service_level_e3::text, 3, '0') end as service_level
      from item where item_id > ${after} order by item_id limit ${PAGE_ROWS}`),
    ),
}

const suppliers: Table = {
  columns: { supplier: 'text', name: 'text', least_order: 'amount', load_units: 'number', load_weight: 'text', load_weight_unit: 'text' },
  perSite: false,
  pages: (session) =>
    paged(0, (after) =>
      session.query<Row & { readonly key: number }>(sql`
      select p.party_id as key, p.code as supplier, p.name, t.least_minor as least_order, t.load_units,
        (t.load_weight_mg / 1000000)::text || '.' || lpad((t.load_weight_mg % 1000000)::text, 6, '0') as load_weight,
        case when t.load_weight_mg is not null then 'KG' end as load_weight_unit
      from party p left join source_terms t on t.source = 'supplier' and t.source_id = p.party_id
      where p.kind = 'supplier' and p.party_id > ${after} order by p.party_id limit ${PAGE_ROWS}`),
    ),
}

const stock: Table = {
  columns: {
    site: 'text',
    place: 'text',
    sku: 'text',
    qty: 'number',
    allocated: 'number',
    condition: 'text',
    lot: 'text',
    serial: 'text',
    package: 'text',
    owner: 'text',
  },
  perSite: true,
  pages: (session, site) => {
    type Key = readonly [number, number, string, number, string, string, string]
    return paged<Key>([0, 0, '', 0, '', '', ''], ([item, owner, condition, place, lot, serial, sscc]) =>
      session.query<Row & { readonly key: Key }>(sql`
      select json_build_array(s.item_id, s.owner_id, s.condition, s.place_id, s.lot, s.serial, s.package) as key, h.code as site, p.code as place, i.sku,
        s.quantity as qty, s.allocated, s.condition, s.lot, s.serial, s.package, o.code as owner
      from stock s
      join site h on h.site_id = s.site_id
      join item i on i.item_id = s.item_id
      join place p on p.site_id = s.site_id and p.place_id = s.place_id
      join party o on o.party_id = s.owner_id
      where s.site_id = ${site} and (s.item_id, s.owner_id, s.condition, s.place_id, s.lot, s.serial, s.package)
        > (${item}::int, ${owner}::int, ${condition}::text, ${place}::int, ${lot}::text, ${serial}::text, ${sscc}::text)
      order by s.item_id, s.owner_id, s.condition, s.place_id, s.lot, s.serial, s.package limit ${PAGE_ROWS}`),
    )
  },
}

/** A row is a line of an order, as in an import; the order's own number stands beside the customer's. */
const orders: Table = {
  columns: {
    site: 'text',
    order_number: 'text',
    order_date: 'text',
    customer_key: 'text',
    line_no: 'number',
    sku: 'text',
    qty: 'number',
    list_price: 'amount',
    number: 'text',
    kind: 'text',
    ordered_at: 'instant',
    source: 'text',
    requested: 'text',
    promised: 'text',
    cancelled: 'number',
    shipped: 'number',
    delivered: 'number',
    returned: 'number',
  },
  perSite: true,
  pages: (session, site) =>
    paged(0, (after) =>
      session.query<Row & { readonly key: number }>(sql`
    select o.number as key, h.code as site, coalesce(o.reference, h.code || '-' || o.number) as order_number,
      (o.ordered_at at time zone 'UTC')::date as order_date, c.code as customer_key, l.line as line_no, i.sku, l.quantity as qty,
      l.unit_price_minor as list_price, h.code || '-' || o.number as number, o.kind, o.ordered_at, s.code as source, l.requested_on as requested,
      l.promised_on as promised, l.cancelled, l.shipped, l.delivered, l.returned
    from (
      select * from orders where site_id = ${site} and number > ${after} order by number limit ${PAGE_ORDERS}
    ) o
    join order_line l on l.site_id = ${site} and l.order_id = o.order_id
    join site h on h.site_id = o.site_id
    join site s on s.site_id = l.source_site_id
    join item i on i.item_id = l.item_id
    join party c on c.party_id = o.customer_id
    order by o.number, l.line`),
    ),
}

const moves: Table = {
  columns: {
    site: 'text',
    sequence: 'number',
    occurred_at: 'instant',
    recorded_at: 'instant',
    sku: 'text',
    quantity: 'number',
    from: 'text',
    to: 'text',
    from_condition: 'text',
    to_condition: 'text',
    lot: 'text',
    serial: 'text',
    package: 'text',
    cause: 'text',
    document: 'text',
    line: 'number',
    actor: 'text',
    value: 'amount',
    hash: 'text',
  },
  perSite: true,
  pages: (session, site) =>
    paged(0, (after) =>
      session.query<Row & { readonly key: number }>(sql`
    select m.sequence as key, h.code as site, m.sequence, m.occurred_at, m.recorded_at, i.sku, m.quantity,
      coalesce(f.code, ${virtualCodes}::json ->> m.from_place_id::text) as "from", coalesce(t.code, ${virtualCodes}::json ->> m.to_place_id::text) as "to",
      m.from_condition, m.to_condition, m.to_lot as lot, m.to_serial as serial, m.to_package as package, m.cause, m.document_id::text as document,
      m.line, m.actor, m.value_minor as value, encode(m.hash, 'hex') as hash
    from move m
    join site h on h.site_id = m.site_id
    join item i on i.item_id = m.item_id
    left join place f on f.site_id = m.site_id and f.place_id = m.from_place_id
    left join place t on t.site_id = m.site_id and t.place_id = m.to_place_id
    where m.site_id = ${site} and m.sequence > ${after}
    order by m.sequence limit ${PAGE_ROWS}`),
    ),
}

const tables: Readonly<Record<Exported, Table>> = { moves, stock, orders, items, suppliers }

async function* paged<Key>(first: Key, read: (after: Key) => Promise<readonly (Row & { readonly key: Key })[]>): AsyncGenerator<readonly Row[]> {
  for (let after = first; ;) {
    const rows = await read(after)
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)!.key
  }
}
