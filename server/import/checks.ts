// Checks: faults that only show when rows are held against each other and against what is recorded: duplicates, names that nobody knows,
// numbers that are taken. What is recorded already exactly as the file says is no fault: a second run goes on where the first one ended.
//
// Kinds are checked in their order, each after the bad rows of the ones before are gone: stock of an item that is not taken in has no item.

import type { Day } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { eventChecks, eventsKnown, removeFaultyEvents } from './event-checks.ts'
import { supplyChecks, supplyKnown } from './supply-checks.ts'
import type { Kind } from './staging.ts'
import { checkUnits, unitChecks, unitsKnown } from './unit-checks.ts'

export interface CheckedAgainst {
  readonly site: SiteId
  readonly today: Day
}

/** The caller under whom imports send, and the key of an order: the same for the same order, every time. */
export const IMPORTER = 'import'
export const orderKey = (number: string): string => `import:order:${number}`

/** Beyond this a value cannot be kept exactly. */
const VALUE_MAX = Number.MAX_SAFE_INTEGER

/** Finds faults of a kind, removes the rows that have one, then those that are recorded already; returns how many those were. */
export async function checkStaged(session: Connection, kind: Kind, against: CheckedAgainst): Promise<number> {
  await session.script(`analyze ${staged[kind]}`)
  if (kind === 'orders') await session.script(`create index on import_line (number)`)
  for (const statement of checks[kind](against)) await session.execute(statement)
  await session.script(`analyze import_fault`)
  if (kind === 'units') {
    await session.execute(removals.units)
    await checkUnits(session)
  }
  if (kind === 'orders') await rejectWholeOrders(session)
  await session.execute(removals[kind])
  return kind === 'orders' ? gatherOrders(session, against) : session.execute(known[kind](against))
}

const staged: Record<Kind, string> = {
  items: 'import_item',
  units: 'import_unit',
  suppliers: 'import_supplier',
  catalogue: 'import_offer',
  bills: 'import_bill',
  customers: 'import_customer',
  services: 'import_service',
  events: 'import_event',
  stock: 'import_stock',
  orders: 'import_line',
}

const checks: Record<Kind, (against: CheckedAgainst) => readonly Statement[]> = {
  items: () => [
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'items', row, 'sku', 'code_taken', format('Row %s has the same sku.', first)
      from (select row, min(row) over (partition by sku) as first from import_item) t where row > first`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'items', n.row, 'sku', 'code_taken', format('%s exists already with other values; an import adds items, it does not change them.', n.sku)
      from import_item n join item i on i.sku = n.sku
      where (i.name, i.unit, i.standard_cost_minor, i.list_price_minor, i.source, i.make_days)
        <> (n.name, n.unit, n.standard_cost_minor, n.list_price_minor, n.source, n.make_days)
        or i.weight_mg <> n.weight_mg or i.category <> n.category
        or i.service_level_e3 <> n.service_level_e3`,
  ],
  units: () => unitChecks,
  ...supplyChecks,
  customers: () => [
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'customers', row, 'customer_id', 'code_taken', format('Row %s has the same number.', first)
      from (select row, min(row) over (partition by code) as first from import_customer) t where row > first`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'customers', n.row, 'customer_id', 'code_taken', format('%s is the code of a %s.', n.code, p.kind)
      from import_customer n join party p on p.code = n.code where p.kind <> 'customer'`,
  ],
  services: () => [
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'services', row, 'name', 'code_taken', format('Row %s has the same name.', first)
      from (select row, min(row) over (partition by code) as first from import_service) t where row > first`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'services', n.row, 'name', 'code_taken', format('%s exists already with other rates; an import adds services, it does not change them.', n.code)
      from import_service n join carrier_service c on c.code = n.code
      where (c.minimum_minor, c.rate_minor, c.rate_unit, c.transit_days) is distinct from (n.minimum_minor, n.rate_minor, n.rate_unit, n.transit_days)`,
  ],
  events: eventChecks,
  stock: ({ site }) => [
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'stock', n.row, 'sku', 'item_not_known', format('There is no item %s.', n.sku)
      from import_stock n left join (${items}) i on i.sku = n.sku where i.sku is null`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'stock', row, 'sku', 'code_taken', format('Row %s has the same item at the same place.', first)
      from (select row, min(row) over (partition by place, sku) as first from import_stock) t where row > first`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'stock', n.row, 'qty', 'quantity_too_large', 'Its value at standard cost is more than can be kept exactly.'
      from import_stock n
      join (${items}) i on i.sku = n.sku
      where n.quantity::numeric * i.standard_cost_minor > ${VALUE_MAX}::bigint`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'stock', n.row, 'qty', 'code_taken', format('It was opened with %s already; use a count to change what is recorded.', o.quantity)
      from import_stock n
      join item i on i.sku = n.sku
      join place p on p.site_id = ${site} and p.code = n.place
      join (${opened(site)}) o on o.item_id = i.item_id and o.to_place_id = p.place_id
      where o.quantity <> n.quantity`,
  ],
  orders: ({ site, today }) => [
    sql`
      insert into import_fault (kind, row, column_name, code, detail, number)
      select 'orders', n.row, 'sku', 'item_not_known', format('There is no item %s.', n.sku), n.number
      from import_line n left join (${items}) i on i.sku = n.sku where i.sku is null`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail, number)
      select 'orders', n.row, 'customer_key', 'party_not_known', format('There is no customer %s.', n.customer), n.number
      from import_line n left join (${customers}) c on c.code = n.customer where c.code is null`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail, number)
      select 'orders', n.row, 'order_date', 'happened_in_future', format('%s has not come yet.', n.ordered_on), n.number
      from import_line n where n.ordered_on > ${today}::date`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail, number)
      select 'orders', row, 'order_number', 'order_number_taken', format('Row %s has line %s of %s already.', first, line, number), number
      from (select row, number, line, min(row) over (partition by number, line) as first from import_line) t where row > first`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail, number)
      select 'orders', n.row, 'order_number', 'order_number_taken', format('Row %s has %s for another customer or day.', f.row, n.number), n.number
      from import_line n
      join (select distinct on (number) number, row, customer, ordered_on from import_line order by number, row) f on f.number = n.number
      where (f.customer, f.ordered_on) <> (n.customer, n.ordered_on)`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail, number)
      select 'orders', n.row, 'order_number', 'order_number_taken', format('%s was used before at this site, for another order.', n.number), n.number
      from (${content}) n
      join idempotency_key r on r.site_id = ${site} and r.caller = 'reference' and r.key = n.number
      left join idempotency_key k on k.site_id = ${site} and k.caller = ${IMPORTER} and k.key = ${orderKey('')} || n.number
      where k.request_sha256 is distinct from n.sha256`,
  ],
}

/** Items and customers that are recorded or will be, each as one set, so that no plan compares every row with every other. */
const items = sql`select sku, standard_cost_minor from item union select sku, standard_cost_minor from import_item`
const customers = sql`select code from party where kind = 'customer' union select code from import_customer`

/** What was opened of an item at a place of the site. */
const opened = (site: SiteId): Statement => sql`
  select m.item_id, m.to_place_id, sum(m.quantity)::bigint as quantity
  from move m where m.site_id = ${site} and m.cause = 'opening' group by m.item_id, m.to_place_id`

/** Each order in one row, with a hash of all that is said of it. */
const content = sql`
  select number, min(row) as row, min(customer) as customer, min(ordered_on) as ordered_on,
    sha256(convert_to(concat_ws('|', min(customer), min(ordered_on),
      string_agg(concat_ws('|', line, sku, quantity, unit_price_minor), '|' order by line)), 'UTF8')) as sha256
  from import_line group by number`

/** An order comes whole or not at all: a line left out would be an order that nobody placed. */
async function rejectWholeOrders(session: Connection): Promise<void> {
  await session.execute(sql`
    insert into import_fault (kind, row, column_name, code, detail, number)
    select 'orders', n.row, 'order_number', f.code, format('Row %s of the same order has a fault.', f.row), null
    from import_line n
    join (select distinct on (number) number, row, code from import_fault where kind = 'orders' and number is not null order by number, row) f
      on f.number = n.number
    where not exists (select from import_fault o where o.kind = 'orders' and o.row = n.row)`)
}

const removals: Record<Kind, Statement> = {
  units: sql`delete from import_unit n using import_fault f where f.kind = 'units' and f.row = n.row`,
  suppliers: sql`delete from import_supplier n using import_fault f where f.kind = 'suppliers' and f.row = n.row`,
  catalogue: sql`delete from import_offer n using import_fault f where f.kind = 'catalogue' and f.row = n.row`,
  bills: sql`delete from import_bill n using import_fault f where f.kind = 'bills' and f.row = n.row`,
  items: sql`delete from import_item n using import_fault f where f.kind = 'items' and f.row = n.row`,
  customers: sql`delete from import_customer n using import_fault f where f.kind = 'customers' and f.row = n.row`,
  services: sql`delete from import_service n using import_fault f where f.kind = 'services' and f.row = n.row`,
  events: removeFaultyEvents,
  stock: sql`delete from import_stock n using import_fault f where f.kind = 'stock' and f.row = n.row`,
  orders: sql`delete from import_line n using import_fault f where f.kind = 'orders' and f.row = n.row`,
}

/** Where nothing was, nothing is opened: such rows count as recorded. */
const known: Record<Exclude<Kind, 'orders'>, (against: CheckedAgainst) => Statement> = {
  items: () => sql`delete from import_item n using item i where i.sku = n.sku`,
  units: unitsKnown,
  ...supplyKnown,
  customers: () => sql`delete from import_customer n using party p where p.code = n.code`,
  services: () => sql`delete from import_service n using carrier_service c where c.code = n.code`,
  events: eventsKnown,
  stock: ({ site }) => sql`
    delete from import_stock n
    where n.quantity = 0 or exists (
      select from item i, place p, (${opened(site)}) o
      where i.sku = n.sku and p.site_id = ${site} and p.code = n.place and o.item_id = i.item_id and o.to_place_id = p.place_id)`,
}

/** Orders that are still to be placed, first come first served; returns how many rows belong to orders that were placed before. */
async function gatherOrders(session: Connection, { site }: CheckedAgainst): Promise<number> {
  await session.script('create temporary table import_order (position bigint primary key, number text, customer text, ordered_on date, sha256 bytea)')
  await session.execute(sql`
    insert into import_order select row_number() over (order by n.ordered_on, n.row), n.number, n.customer, n.ordered_on, n.sha256 from (${content}) n
    where not exists (
      select from idempotency_key k
      where k.site_id = ${site} and k.caller = ${IMPORTER} and k.key = ${orderKey('')} || n.number and k.status < 300)`)
  await session.script('analyze import_order')
  return session.execute(sql`delete from import_line n where not exists (select from import_order o where o.number = n.number)`)
}
