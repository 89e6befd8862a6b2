// Recall world: a plant that makes things in two levels, shops that sell them, and suppliers' lots behind it all, in the rows that moves would have left:
// moves, stock, lots, availability, value and orders. It is made by set-based statements in about a minute for a million moves. The chain of hashes is
// not: nothing that is measured here asks for it.
//
// A lot of parts goes into five lots of assemblies, each of those into four of products, and each of those is sold over two shops to some forty orders; the
// lot that is recalled went into far more assemblies than the others.

import { controlSite } from '../core/item.ts'
import { virtualPlaces, standardPlaces } from '../core/place.ts'
import { sql, type Connection, type Statement } from '../server/db.ts'
import type { Opened } from '../server/open.ts'
import { firstCustomer, firstItem } from './history.ts'

export const RECALLED = { sku: 'PART', lot: 'P0' }
const SHOPS = 4
const ASSEMBLY_ITEMS = 100
const PRODUCT_ITEMS = 400
const CUSTOMERS = 50_000
const ASSEMBLIES_A_LOT = 5
const PRODUCTS_AN_ASSEMBLY = 4
const SALES_A_SHOP = 20
const LINES_AN_ORDER = 3
/** Receipt, issues, outputs, transfers and sales of one lot of products, and its part of what is behind it. */
const MOVES_A_PRODUCT = 2 * SALES_A_SHOP + 2 + 4 + 2 / PRODUCTS_AN_ASSEMBLY + 1 / PRODUCTS_AN_ASSEMBLY / ASSEMBLIES_A_LOT

export interface RecallWorldSize {
  readonly moves: number
  /** Lots of assemblies that the recalled lot went into. */
  readonly assemblies: number
}

export async function makeRecallWorld(opened: Pick<Opened, 'lanes' | 'newId' | 'owner' | 'catalog'>, size: RecallWorldSize): Promise<void> {
  const { lanes, newId, owner, catalog } = opened
  const sites: number[] = []
  for (const code of ['PLANT', ...Array.from({ length: SHOPS }, (_none, index) => `SHOP${index + 1}`)]) {
    const command = { kind: 'createSite', code, name: code } as const
    await lanes.submit(controlSite, { command, caller: 'bench', key: newId(), sha256: Buffer.alloc(32) })
    sites.push((await catalog.siteByCode(code))!.site)
  }
  await owner.transaction(async (tx) => {
    await makeNouns(tx)
    await makeMoves(tx, sites, Math.round(size.moves / MOVES_A_PRODUCT / PRODUCTS_AN_ASSEMBLY), size.assemblies)
    await project(tx)
  })
  await owner.script('vacuum analyze')
}

const [PART, ASSEMBLY, PRODUCT] = [firstItem, firstItem + 1, firstItem + 1 + ASSEMBLY_ITEMS]

async function makeNouns(tx: Connection): Promise<void> {
  await tx.execute(sql`
    insert into item (item_id, sku, name, unit, tracking, standard_cost_minor, list_price_minor)
    select ${firstItem}::int + n,
      case when n = 0 then 'PART' when n <= ${ASSEMBLY_ITEMS}::int then 'ASSEMBLY-' || n else 'PRODUCT-' || n - ${ASSEMBLY_ITEMS}::int end,
      'Item ' || n, 'EA', 'lot', 100, 250
    from generate_series(0, ${ASSEMBLY_ITEMS + PRODUCT_ITEMS}::int) n`)
  await tx.execute(sql`
    insert into party (party_id, code, name, kind)
    select ${firstCustomer}::int + n, 'C' || n, 'Customer ' || n, 'customer' from generate_series(0, ${CUSTOMERS}::int - 1) n`)
}

/** A document's id, the same wherever it is computed. */
const documentId = (kind: string, number: Statement) => sql`md5(${kind}::text || ${number}::text)::uuid`

async function makeMoves(tx: Connection, [plant, ...shops]: readonly number[], assemblies: number, recalled: number): Promise<void> {
  const { supplier, production, transit, customer } = virtualPlaces
  const { dock, shelf } = standardPlaces
  const n = sql`n`
  const product = sql`n / ${PRODUCTS_AN_ASSEMBLY}::int`
  const products = assemblies * PRODUCTS_AN_ASSEMBLY
  const partOf = (assembly: Statement) =>
    sql`case when ${assembly} < ${recalled}::int then 'P0' else 'P' || 1 + (${assembly} - ${recalled}::int) / ${ASSEMBLIES_A_LOT}::int end`
  const assemblyItem = (number: Statement) => sql`${ASSEMBLY}::int + (${number}) % ${ASSEMBLY_ITEMS}::int`
  const productItem = (number: Statement) => sql`${PRODUCT}::int + (${number}) % ${PRODUCT_ITEMS}::int`
  const shopOf = (number: Statement) => sql`(${shops}::int[])[1 + (${number}) % ${SHOPS}::int]`
  await tx.execute(sql`
    create temp table made on commit drop as
    select row_number() over (partition by site_id order by stage, n) as sequence, * from (
      select ${plant}::int, 1, min(n), ${PART}::int, lot, 1000, ${supplier}::int, ${shelf}::int, 'receipt', ${documentId('receipt', sql`min(n)`)}
      from (select n, ${partOf(n)} as lot from generate_series(0, ${assemblies}::int - 1) n) p group by lot
      union all
      select ${plant}::int, 2, n, ${PART}::int, ${partOf(n)}, 10, ${shelf}::int, ${production}::int, 'issue', ${documentId('assembly', n)} from generate_series(0, ${assemblies}::int - 1) n
      union all
      select ${plant}::int, 3, n, ${assemblyItem(n)}, 'A' || n, 100, ${production}::int, ${shelf}::int, 'output', ${documentId('assembly', n)} from generate_series(0, ${assemblies}::int - 1) n
      union all
      select ${plant}::int, 4, n, ${assemblyItem(product)}, 'A' || ${product}, 10, ${shelf}::int, ${production}::int, 'issue', ${documentId('product', n)} from generate_series(0, ${products}::int - 1) n
      union all
      select ${plant}::int, 5, n, ${productItem(n)}, 'L' || n, 60, ${production}::int, ${shelf}::int, 'output', ${documentId('product', n)} from generate_series(0, ${products}::int - 1) n
      union all
      select ${plant}::int, 6, n, ${productItem(sql`n / 2`)}, 'L' || n / 2, 25, ${shelf}::int, ${transit}::int, 'transfer_out', ${documentId('transfer', n)} from generate_series(0, 2 * ${products}::int - 1) n
      union all
      select ${shopOf(n)}, 7, n, ${productItem(sql`n / 2`)}, 'L' || n / 2, 25, ${transit}::int, ${dock}::int, 'transfer_in', ${documentId('transfer', n)} from generate_series(0, 2 * ${products}::int - 1) n
      union all
      select ${shopOf(n)}, 8, n * ${SALES_A_SHOP}::int + s, ${productItem(sql`n / 2`)}, 'L' || n / 2, 1, ${dock}::int, ${customer}::int, 'sale',
        ${documentId('order', sql`(n || '/' || s / ${LINES_AN_ORDER}::int)`)}
      from generate_series(0, 2 * ${products}::int - 1) n cross join generate_series(0, ${SALES_A_SHOP}::int - 1) s
    ) t (site_id, stage, n, item_id, lot, quantity, from_place_id, to_place_id, cause, document_id)`)
  await tx.execute(sql`
    insert into move (site_id, sequence, item_id, quantity, from_place_id, from_package, from_lot, from_serial, from_condition, from_owner_id, to_place_id,
      to_package, to_lot, to_serial, to_condition, to_owner_id, cause, document_id, line, part, actor, value_minor, occurred_at, recorded_at, hash, seal)
    select site_id, sequence, item_id, quantity, from_place_id, '', lot, '', 'sellable', 1, to_place_id, '', lot, '', 'sellable', 1, cause, document_id,
      case when stage = 8 then 1 + n % ${LINES_AN_ORDER}::int else 1 end, 1, 'bench', quantity * 100, '2026-01-01'::timestamptz + sequence * interval '1 second',
      '2026-01-01'::timestamptz + sequence * interval '1 second', '', ''
    from made order by site_id, sequence`)
}

/** Everything that follows from the moves, and the orders of those that sold. */
async function project(tx: Connection): Promise<void> {
  await tx.execute(sql`
    insert into lot (site_id, item_id, lot, expires_on) select distinct site_id, item_id, lot, '2030-01-01'::date from made -- every site: of the world`)
  await tx.execute(sql`
    insert into stock (site_id, item_id, owner_id, condition, place_id, lot, serial, package, quantity, allocated)
    select site_id, item_id, 1, 'sellable', place_id, lot, '', '', sum(quantity)::bigint, 0 from (
      select site_id, item_id, to_place_id as place_id, lot, quantity from made where to_place_id >= 100
      union all
      select site_id, item_id, from_place_id, lot, -quantity from made where from_place_id >= 100) t -- every site: of the world
    group by site_id, item_id, place_id, lot having sum(quantity)::bigint <> 0`)
  await tx.execute(sql`
    insert into availability (site_id, item_id, owner_id, sellable, reserved, demand, supply, next_expiry)
    select site_id, item_id, 1, sum(quantity)::bigint, 0, 0, 0, '2030-01-01' from stock group by site_id, item_id -- every site: of the world`)
  await tx.execute(sql`
    insert into item_value (site_id, item_id, owner_id, quantity, value_minor, last_value_minor, last_quantity)
    select site_id, item_id, 1, sum(quantity)::bigint, sum(quantity)::bigint * 100, 100, 1 from stock group by site_id, item_id -- every site: of the world`)
  await tx.execute(sql`
    insert into orders (site_id, order_id, number, kind, customer_id, ship_complete, priority, ordered_at, recorded_at)
    select site_id, document_id, row_number() over (partition by site_id order by min(sequence)), 'sale', ${firstCustomer}::int + min(n) % ${CUSTOMERS}::int,
      false, 0, '2026-01-01', '2026-01-01'
    from made where stage = 8 group by site_id, document_id -- every site: of the world`)
  await tx.execute(sql`
    update site_head h set move_sequence = t.moves, last_number = t.moves
    from (select site_id, max(sequence) as moves from made group by site_id) t where h.site_id = t.site_id -- every site: of the world`)
}
