// Samples: what there is in a world to ask pages for: numbers, ids and places in lists.

import type { SiteId } from '../../core/item.ts'
import { sql, type Database } from '../../server/db.ts'
import { firstItem } from '../history.ts'
import { codeOf, type World } from './world.ts'

const SAMPLES_MAX = 1_000

/** A place in a list that is ordered by time and id. */
type At = readonly [milliseconds: number, id: string]

export interface Samples {
  /** Codes of the sites. */
  readonly main: string
  readonly shops: readonly string[]
  readonly items: number
  readonly old_orders: number
  readonly new_orders: number
  readonly moves: number
  /** Of the whole feed. */
  readonly epoch: number
  readonly events: number
  /** Codes of customers, the largest first. */
  readonly customers: readonly string[]
  /** Numbers of orders of which something is picked. */
  readonly picked: readonly string[]
  readonly shipments: readonly string[]
  readonly purchases: readonly At[]
  readonly workOrders: readonly At[]
  readonly transfers: readonly string[]
  readonly exceptions: readonly At[]
  readonly returns: readonly string[]
  readonly sheets: readonly string[]
  /** Orders that the plan proposes, with the codes of their sites. */
  readonly backtests: readonly string[]
  readonly planOrders: readonly (readonly [site: string, id: string])[]
  /** Where picks stand on the walk. */
  readonly walks: readonly number[]
  readonly bins: readonly string[]
  /** Items that stand in a bin, and items that stand in none, counted from 0. */
  readonly inBins: readonly number[]
  readonly nowhere: readonly number[]
  readonly users: readonly string[]
  /** Places in the audit trail. */
  readonly keys: readonly (readonly [milliseconds: number, site: number, caller: string, key: string])[]
}

export async function samplesOf(database: Database, { size, site }: Pick<World, 'size'> & { readonly site: SiteId }): Promise<Samples> {
  const column = async <Value>(statement: ReturnType<typeof sql>): Promise<readonly Value[]> =>
    (await database.query<{ value: Value }>(statement)).map((row) => row.value)
  const pairs = async (statement: ReturnType<typeof sql>): Promise<readonly At[]> =>
    (await database.query<{ at: number; id: string }>(statement)).map(({ at, id }) => [at, id])
  const [heads] = await database.query<{ moves: number; events: number; numbers: number; epoch: number }>(sql`
    select h.move_sequence as moves, h.last_number as numbers, (select max(epoch) from epoch) as epoch,
      (select sum(outbox_sequence)::bigint from site_head) as events -- every site: the feed has all of them
    from site_head h where h.site_id = ${site}`)
  const old_orders = size.main_orders
  return {
    main: codeOf(site),
    shops: Array.from({ length: size.sites - 1 }, (_none, index) => codeOf(site + 1 + index)),
    items: size.items,
    old_orders,
    new_orders: heads!.numbers - old_orders,
    moves: heads!.moves,
    epoch: heads!.epoch,
    events: heads!.events,
    customers: await column(sql`select code as value from party where kind = 'customer' order by party_id limit ${SAMPLES_MAX}`),
    picked: await column(sql`
      select distinct ${codeOf(site)}::text || '-' || o.number as value
      from allocation a join place p on p.site_id = a.site_id and p.place_id = a.place_id and p.kind = 'packing'
      join orders o on o.site_id = a.site_id and o.order_id = a.document_id
      where a.site_id = ${site} limit ${SAMPLES_MAX}`),
    shipments: await column(sql`
      (select shipment_id as value from shipment where site_id = ${site} order by shipment_id desc limit ${SAMPLES_MAX})
      union all (select shipment_id from shipment where site_id = ${site} order by shipment_id limit ${SAMPLES_MAX})`),
    purchases: await pairs(sql`select recorded_at as at, purchase_id as id from purchase where site_id = ${site} limit ${SAMPLES_MAX}`),
    workOrders: await pairs(sql`select recorded_at as at, work_order_id as id from work_order where site_id = ${site} limit ${SAMPLES_MAX}`),
    transfers: await column(sql`
      select distinct document_id as value from planned_move where site_id = ${site} and kind = 'transfer_out' limit ${SAMPLES_MAX}`),
    exceptions: await pairs(sql`
      select raised_at as at, exception_id as id from exception where site_id = ${site} and closed_at is null limit ${SAMPLES_MAX}`),
    returns: await column(sql`select rma_id as value from rma where site_id = ${site} limit ${SAMPLES_MAX}`),
    sheets: await column(sql`select sheet_id as value from count_sheet where site_id = ${site} limit ${SAMPLES_MAX}`),
    backtests: await column(sql`select run_id as value from backtest_run where site_id = 0 limit ${SAMPLES_MAX}`),
    planOrders: (
      await database.query<{ at: number; id: string }>(sql`
        select site_id as at, plan_order_id as id from plan_order limit ${SAMPLES_MAX} -- every site: those of any`)
    ).map(({ at, id }) => [codeOf(at), id]),
    walks: await column(sql`
      select distinct p.walk_order as value from allocation a join place p on p.site_id = a.site_id and p.place_id = a.place_id and p.kind = 'bin'
      where a.site_id = ${site} limit ${SAMPLES_MAX}`),
    bins: await column(sql`select code as value from place where site_id = ${site} and kind = 'bin' limit ${SAMPLES_MAX}`),
    inBins: await column(sql`
      select distinct s.item_id - ${firstItem}::int as value from stock s join place p on p.site_id = s.site_id and p.place_id = s.place_id and p.kind = 'bin'
      where s.site_id = ${site} and s.quantity > 0 limit ${SAMPLES_MAX}`),
    nowhere: await column(sql`
      select a.item_id - ${firstItem}::int as value from availability a
      where a.site_id = ${site} and not exists (select from stock s where s.site_id = a.site_id and s.item_id = a.item_id) limit ${SAMPLES_MAX}`),
    users: await column(sql`select name as value from users order by name limit ${SAMPLES_MAX}`),
    keys: (
      await database.query<{ at: number; site: number; caller: string; key: string }>(sql`
        select k.recorded_at as at, k.site_id as site, k.caller, k.key
        from generate_series(1, ${old_orders}::int, ${Math.ceil(old_orders / SAMPLES_MAX)}::int) n
        join idempotency_key k on k.site_id = ${site} and k.caller = 'key:1' and k.key = 'key-' || n`)
    ).map(({ at, site: of, caller, key }) => [at, of, caller, key]),
  }
}
