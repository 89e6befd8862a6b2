// Staging: what a file says, put into temporary tables before anything is decided. There a million rows take no memory of ours, duplicates
// and unknown names are found set by set, and rows of one order find each other wherever they stand in the file. The tables belong to one
// connection and vanish with it; a dry run writes nothing else.

import { join } from 'node:path'
import type { Money } from '../../core/money.ts'
import {
  billLayout,
  Cells,
  customerLayout,
  itemLayout,
  offerLayout,
  orderLayout,
  serviceLayout,
  stockLayout,
  supplierLayout,
  unitLayout,
  type Fault,
  type ImportedBillLine,
  type ImportedCustomer,
  type ImportedItem,
  type ImportedLine,
  type ImportedOffer,
  type ImportedService,
  type ImportedStock,
  type ImportedSupplier,
  type ImportedUnit,
  type Layout,
} from '../../core/format/csv.ts'
import { eventLayout } from '../../core/format/csv-events.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { eventTable, insertEvents } from './event-checks.ts'
import { rowsOf, type BrokenRow, type Row } from './rows.ts'

export const kinds = ['items', 'units', 'suppliers', 'catalogue', 'bills', 'customers', 'services', 'events', 'stock', 'orders'] as const
export type Kind = (typeof kinds)[number]
export type Calendar = 'original' | 'aligned'

/** A fault and where it is; `order` is the number of the order the row belongs to, where that can be read. */
export interface RowFault extends Fault {
  readonly row: number
  readonly order: string | null
}

/** The company that demonstrations and replays are made of. */
export const adventureWorks = join(import.meta.dirname, '..', '..', 'data', 'adventure-works')

/** What each kind's file is called in a folder. */
export const fileNames: Record<Kind, string> = {
  items: 'items.csv',
  units: 'item_units.csv',
  suppliers: 'suppliers.csv',
  catalogue: 'supplier_items.csv',
  bills: 'bom.csv',
  customers: 'customers.csv',
  services: 'ship_methods.csv',
  events: 'events.csv',
  stock: 'stock.csv',
  orders: 'order_lines.csv',
}

type Staged<Noun> = Noun & { readonly row: number }

interface Stage<Noun> {
  readonly layout: Layout<Noun>
  insert(rows: readonly Staged<Noun>[]): Statement
}

const tables = `
  create temporary table import_item (row int, sku text, name text, unit text, standard_cost_minor bigint, list_price_minor bigint, source text,
    make_days int, weight_mg bigint, category text, service_level_e3 int);
  create temporary table import_unit (row int, sku text, unit text, of_unit text, numerator bigint, denominator bigint, rounding text);
  create temporary table import_supplier (row int, code text, name text, least_minor bigint, load_units bigint, load_weight_mg bigint);
  create temporary table import_offer (row int, supplier text, sku text, price_minor bigint, lead_time_days int, order_minimum bigint,
    order_multiple bigint, preferred boolean);
  create temporary table import_bill (row int, parent text, component text, quantity bigint, batch bigint, scrap_per_million int, valid_from date,
    valid_to date);
  create temporary table import_customer (row int, code text, name text);
  create temporary table import_stock (row int, place text, sku text, quantity bigint, aisle int, rack int, level int);
  create temporary table import_service (row int, code text, carrier text, name text, minimum_minor bigint, rate_minor bigint, rate_unit text,
    transit_days int);
  create temporary table import_line (row int, number text, line int, ordered_on date, customer text, sku text, quantity bigint, unit_price_minor bigint);
  ${eventTable};
  create temporary table import_fault (kind text, row int, column_name text, code text, detail text, number text)`

export async function openStaging(session: Connection): Promise<void> {
  await session.script(`${dropTables}; ${tables}`)
}

export const dropTables = `drop table if exists pg_temp.import_item, pg_temp.import_unit, pg_temp.import_supplier, pg_temp.import_offer, pg_temp.import_bill,
  pg_temp.import_customer, pg_temp.import_service, pg_temp.import_event, pg_temp.import_stock, pg_temp.import_line, pg_temp.import_fault, pg_temp.import_order`

/** Reads a file into its table; faults go into theirs. Returns how many rows it has besides the header. */
export async function stageFile(
  session: Connection,
  kind: Kind,
  file: string,
  calendar: Calendar,
  onRows: (rows: number) => void,
): Promise<{ readonly rows: number; readonly readable: boolean }> {
  const stage = stageOf(kind, calendar)
  let columns: ReadonlyMap<string, number> | undefined
  let count = 0
  for await (const some of rowsOf(file)) {
    let rows = some
    if (columns === undefined && rows.length > 0) {
      const header = headerOf(rows[0]!, stage.layout)
      if ('faults' in header) {
        await session.execute(insertFaults(kind, header.faults))
        return { rows: 0, readable: false }
      }
      columns = header.columns
      rows = rows.slice(1)
    }
    if (rows.length === 0) continue
    count += rows.length
    await stageRows(session, kind, stage, columns!, rows)
    onRows(count)
  }
  if (columns !== undefined) return { rows: count, readable: true }
  await session.execute(
    insertFaults(kind, [{ row: 1, column: '', code: 'body_not_valid', detail: 'The file is empty: it has no header.', order: null }]),
  )
  return { rows: 0, readable: false }
}

async function stageRows(
  session: Connection,
  kind: Kind,
  stage: Stage<unknown>,
  columns: ReadonlyMap<string, number>,
  rows: readonly (Row | BrokenRow)[],
): Promise<void> {
  const good: Staged<unknown>[] = []
  const faults: RowFault[] = []
  for (const one of rows) {
    const { noun, found } = nounOf(one, columns, stage.layout)
    if (found.length === 0) good.push({ ...(noun as object), row: one.row })
    const order = found.length === 0 ? null : orderIn(one, columns)
    faults.push(...found.map((fault) => ({ ...fault, row: one.row, order })))
  }
  if (good.length > 0) await session.execute(stage.insert(good))
  if (faults.length > 0) await session.execute(insertFaults(kind, faults))
}

export function nounOf<Noun>(
  one: Row | BrokenRow,
  columns: ReadonlyMap<string, number>,
  layout: Layout<Noun>,
): { readonly noun?: Noun; readonly found: readonly Fault[] } {
  if ('broken' in one) return { found: [{ column: '', code: 'body_not_valid', detail: one.detail }] }
  if (one.fields.length !== columns.size) {
    const detail = `It has ${one.fields.length} fields, and the header has ${columns.size}.`
    return { found: [{ column: '', code: 'body_not_valid', detail }] }
  }
  const cells = new Cells(columns, one.fields)
  const noun = layout.read(cells)
  return { noun, found: cells.faults }
}

/** A row with a fault in it still says which order it belongs to, unless its quotes are wrong before that. */
function orderIn(one: Row | BrokenRow, columns: ReadonlyMap<string, number>): string | null {
  const at = columns.get('order_number')
  if (at === undefined) return null
  if (!('broken' in one)) return one.fields[at]?.replaceAll('\0', '') || null
  const before = one.broken.slice(0, one.broken.indexOf('"')).replaceAll('\0', '').split(',')
  return at < before.length - 1 ? before[at]! : null
}

export function headerOf(
  first: Row | BrokenRow,
  layout: Layout<unknown>,
): { readonly columns: ReadonlyMap<string, number> } | { readonly faults: readonly RowFault[] } {
  const tell = (column: string, detail: string): RowFault => ({ row: 1, column, code: 'body_not_valid', detail, order: null })
  if ('broken' in first) return { faults: [tell('', first.detail)] }
  const names = first.fields.map((field) => field.trim())
  const columns = new Map(names.map((name, index) => [name, index]))
  const twice = names.find((name, index) => columns.get(name) !== index)
  if (twice !== undefined) return { faults: [tell(twice.replaceAll('\0', ''), 'The column is there twice.')] }
  if (layout.columns.some((set) => set.every((name) => columns.has(name)))) return { columns }
  const missing = layout.columns[0]!.filter((name) => !columns.has(name))
  return { faults: missing.map((name) => tell(name, 'The column is missing.')) }
}

function stageOf(kind: Kind, calendar: Calendar): Stage<unknown> {
  const stages: Record<Kind, Stage<never>> = {
    items: { layout: itemLayout as Layout<never>, insert: insertItems },
    units: { layout: unitLayout as Layout<never>, insert: insertUnits },
    suppliers: { layout: supplierLayout as Layout<never>, insert: insertSuppliers },
    catalogue: { layout: offerLayout as Layout<never>, insert: insertOffers },
    bills: { layout: billLayout as Layout<never>, insert: insertBillLines },
    customers: { layout: customerLayout as Layout<never>, insert: insertCustomers },
    services: { layout: serviceLayout as Layout<never>, insert: insertServices },
    events: { layout: eventLayout as Layout<never>, insert: insertEvents },
    stock: { layout: stockLayout as Layout<never>, insert: insertStock },
    orders: { layout: orderLayout(calendar === 'aligned' ? 'order_date_aligned' : 'order_date') as Layout<never>, insert: insertLines },
  }
  return stages[kind]
}

const column = <Noun, Value extends string | number | Money | null>(rows: readonly Noun[], of: (row: Noun) => Value): readonly Value[] => rows.map(of)

const insertItems = (rows: readonly Staged<ImportedItem>[]): Statement => sql`
  insert into import_item select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.sku)}::text[], ${column(rows, (row) => row.name)}::text[],
    ${column(rows, (row) => row.unit)}::text[], ${column(rows, (row) => row.standardCost)}::bigint[], ${column(rows, (row) => row.listPrice)}::bigint[],
    ${column(rows, (row) => row.source)}::text[], ${column(rows, (row) => row.makeDays)}::int[],
    ${column(rows, (row) => row.weight)}::bigint[], ${column(rows, (row) => row.category)}::text[],
    ${column(rows, (row) => row.serviceLevel_e3)}::int[])`

const insertUnits = (rows: readonly Staged<ImportedUnit>[]): Statement => sql`
  insert into import_unit select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.sku)}::text[], ${column(rows, (row) => row.unit)}::text[],
    ${column(rows, (row) => row.of)}::text[], ${column(rows, (row) => row.numerator)}::bigint[], ${column(rows, (row) => row.denominator)}::bigint[],
    ${column(rows, (row) => row.rounding)}::text[])`

const insertSuppliers = (rows: readonly Staged<ImportedSupplier>[]): Statement => sql`
  insert into import_supplier select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.code)}::text[], ${column(rows, (row) => row.name)}::text[],
    ${column(rows, (row) => row.least)}::bigint[], ${column(rows, (row) => row.loadUnits)}::bigint[], ${column(rows, (row) => row.loadWeight)}::bigint[])`

const insertOffers = (rows: readonly Staged<ImportedOffer>[]): Statement => sql`
  insert into import_offer select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.supplier)}::text[], ${column(rows, (row) => row.sku)}::text[],
    ${column(rows, (row) => row.price)}::bigint[], ${column(rows, (row) => row.leadTimeDays)}::int[], ${column(rows, (row) => row.minimum)}::bigint[],
    ${column(rows, (row) => row.multiple)}::bigint[], ${rows.map((row) => row.preferred)}::boolean[])`

const insertBillLines = (rows: readonly Staged<ImportedBillLine>[]): Statement => sql`
  insert into import_bill select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.parent)}::text[], ${column(rows, (row) => row.component)}::text[],
    ${column(rows, (row) => row.quantity)}::bigint[], ${column(rows, (row) => row.batch)}::bigint[],
    ${column(rows, (row) => row.scrapPerMillion)}::int[], ${column(rows, (row) => row.validFrom)}::date[], ${column(rows, (row) => row.validTo)}::date[])`

const insertCustomers = (rows: readonly Staged<ImportedCustomer>[]): Statement => sql`
  insert into import_customer select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.code)}::text[], ${column(rows, (row) => row.name)}::text[])`

const insertServices = (rows: readonly Staged<ImportedService>[]): Statement => sql`
  insert into import_service select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.code)}::text[], ${column(rows, (row) => row.carrier)}::text[],
    ${column(rows, (row) => row.name)}::text[], ${column(rows, (row) => row.minimum)}::bigint[], ${column(rows, (row) => row.rate)}::bigint[],
    ${column(rows, (row) => row.rateUnit)}::text[], ${column(rows, (row) => row.transitDays)}::int[])`

const insertStock = (rows: readonly Staged<ImportedStock>[]): Statement => sql`
  insert into import_stock select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.place)}::text[], ${column(rows, (row) => row.sku)}::text[],
    ${column(rows, (row) => row.quantity)}::bigint[], ${column(rows, (row) => row.position?.aisle ?? null)}::int[],
    ${column(rows, (row) => row.position?.rack ?? null)}::int[], ${column(rows, (row) => row.position?.level ?? null)}::int[])`

const insertLines = (rows: readonly Staged<ImportedLine>[]): Statement => sql`
  insert into import_line select * from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.order)}::text[], ${column(rows, (row) => row.line)}::int[],
    ${column(rows, (row) => row.orderedOn)}::date[], ${column(rows, (row) => row.customer)}::text[], ${column(rows, (row) => row.sku)}::text[],
    ${column(rows, (row) => row.quantity)}::bigint[], ${column(rows, (row) => row.unitPrice)}::bigint[])`

export const insertFaults = (kind: Kind, rows: readonly RowFault[]): Statement => sql`
  insert into import_fault (kind, row, column_name, code, detail, number)
  select ${kind}, t.* from unnest(
    ${column(rows, (row) => row.row)}::int[], ${column(rows, (row) => row.column)}::text[], ${column(rows, (row) => row.code)}::text[],
    ${column(rows, (row) => row.detail)}::text[], ${column(rows, (row) => row.order)}::text[]) t`
