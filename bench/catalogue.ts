// Catalogue: the master data of a large company, made by set-based statements: items with names that people look for, customers, suppliers with
// their offers, and bills of what is made. Its numbers stay away from those that commands give out.

import { sql, type Connection } from '../server/db.ts'
import { firstCustomer, firstItem } from './history.ts'

const COST_MINOR = 100
const PRICE_MINOR = 250
const WEIGHT_MG = 1_200_000
export const firstSupplier = 500_001
/** Of the items, one of so many is made; what it is made of is bought. */
const MADE_EVERY = 20
const MADE_AT = 7

const materials = ['Steel', 'Alloy', 'Carbon', 'Rubber', 'Leather', 'Cotton', 'Titanium', 'Ceramic', 'Plastic', 'Copper']
const things = [
  'Frame',
  'Fork',
  'Wheel',
  'Saddle',
  'Chain',
  'Pedal',
  'Helmet',
  'Glove',
  'Lamp',
  'Pump',
  'Bottle',
  'Brake',
  'Cable',
  'Grip',
  'Tire',
  'Bell',
]
const colours = ['Red', 'Black', 'Silver', 'Blue', 'White', 'Yellow', 'Green']
const towns = ['Seattle', 'Portland', 'Tacoma', 'Denver', 'Austin', 'Boston', 'Chicago', 'Phoenix', 'Berlin', 'Lyon', 'Leeds', 'Calgary', 'Perth']
const trades = ['Cycles', 'Sports', 'Outfitters', 'Supply', 'Traders', 'Stores', 'Bikes', 'Wholesale', 'Works']

export async function makeItems(tx: Connection, items: number): Promise<void> {
  await tx.execute(sql`
    insert into item (item_id, sku, name, unit, tracking, standard_cost_minor, list_price_minor, source, make_days, weight_mg, category)
    select ${firstItem}::int + n, 'SKU-' || lpad(n::text, 6, '0'),
      concat_ws(' ', (${materials}::text[])[1 + n % ${materials.length}::int], (${things}::text[])[1 + n / 3 % ${things.length}::int],
        (${colours}::text[])[1 + n / 7 % ${colours.length}::int], 30 + n / 11 % 31),
      'EA', 'none', ${COST_MINOR}::int, ${PRICE_MINOR}::int, case when n % ${MADE_EVERY}::int = ${MADE_AT}::int then 'make' else 'buy' end,
      case when n % ${MADE_EVERY}::int = ${MADE_AT}::int then 3 else 0 end, ${WEIGHT_MG}::int,
      (${things}::text[])[1 + n / 3 % ${things.length}::int]
    from generate_series(0, ${items}::int - 1) n`)
}

export async function makeParties(tx: Connection, customers: number, suppliers: number): Promise<void> {
  const insert = (kind: string, first: number, code: string, count: number): Promise<unknown> =>
    tx.execute(sql`
      insert into party (party_id, code, name, kind)
      select ${first}::int + n, ${code}::text || lpad(n::text, 6, '0'),
        concat_ws(' ', (${towns}::text[])[1 + n % ${towns.length}::int], (${trades}::text[])[1 + n / 5 % ${trades.length}::int], n), ${kind}
      from generate_series(0, ${count}::int - 1) n`)
  await insert('customer', firstCustomer, 'C', customers)
  await insert('supplier', firstSupplier, 'S', suppliers)
}

/** Every item that is bought has one supplier; every one that is made has three components that are bought. */
export async function makeSources(tx: Connection, items: number, suppliers: number): Promise<void> {
  await tx.execute(sql`
    insert into supplier_item (item_id, supplier_id, price_minor, lead_time_days, order_minimum, order_multiple, preferred)
    select item_id, ${firstSupplier}::int + item_id % ${suppliers}::int, standard_cost_minor, 5 + item_id % 20, 10, 5, true from item where source = 'buy'`)
  await tx.execute(sql`
    insert into bill_line (parent_id, component_id, valid_from, valid_to, quantity, batch, scrap_per_million)
    select i.item_id, c.item_id, '2020-01-01', null, 1, 1, 0
    from item i join item c on c.item_id in (i.item_id + 1, i.item_id + 2, i.item_id + 4)
    where i.source = 'make' and i.item_id + 4 < ${firstItem}::int + ${items}::int`)
}

/** All sites are supplied by one of them. */
export async function makeSiteSources(tx: Connection, from: number, days: number): Promise<void> {
  await tx.execute(sql`
    insert into site_source (site_id, item_source, from_site_id, transfer_days)
    select s.site_id, t.source, ${from}::int, ${days}::int from site s, unnest(array['buy', 'make']) t (source)
    where s.site_id <> ${from} and s.site_id > 0`)
}
