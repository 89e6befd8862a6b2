// Several sites and several servers for tests: a further server process on the same database (its own connections, lanes and relay), and
// what must hold of all sites together once every message is delivered.

import { setTimeout as sleep } from 'node:timers/promises'
import { Catalog } from './catalog.ts'
import { openDatabase, sql, type ConnectionSettings, type Database } from './db.ts'
import { Lanes } from './lane.ts'
import { SERVER_ROLE } from './manifest.ts'
import { Relay, relayLimits } from './relay.ts'
import type { TestWorld } from './test-world.ts'

export interface TestServer {
  readonly database: Database
  readonly lanes: Lanes
  readonly relay: Relay
  readonly faults: unknown[]
  stop(): Promise<void>
}

const WAIT_MILLISECONDS_MAX = 30_000
export const quickRelay = {
  ...relayLimits,
  look_milliseconds: 20,
  hurry_milliseconds: 5,
  lead_milliseconds: 20,
  retry_milliseconds_min: 10,
  retry_milliseconds_max: 50,
}

/** A server process as far as sites and messages go; its relay is not started yet. */
export function testServer(connection: ConnectionSettings, world: TestWorld): TestServer {
  const database = openDatabase(connection, { role: SERVER_ROLE })
  const faults: unknown[] = []
  const catalog = new Catalog(database, world.now)
  const onFault = (error: unknown): void => void faults.push(error)
  const lanes: Lanes = new Lanes({ ...world.lanes.options, database, catalog, onFault, onMessages: (site) => relay.nudge(site) })
  const relay = new Relay({ database, lanes, limits: quickRelay, onFault })
  return {
    database,
    lanes,
    relay,
    faults,
    stop: async () => {
      await relay.stop()
      await lanes.drain()
      await database.close()
    },
  }
}

/** Waits until every message of every site is delivered and noted as such. */
export const allDelivered = (database: Database): Promise<void> => until(async () => (await undelivered(database)) === 0)

export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = performance.now() + WAIT_MILLISECONDS_MAX; !(await isSo()); await sleep(10)) {
    if (performance.now() > end) throw new Error('What was waited for did not come.')
  }
}

async function undelivered(database: Database): Promise<number> {
  const rows = await database.query<{ count: number }>(sql`
    select count(*) as count
    from outbox o -- every site: messages that are still to be delivered
    left join outbox_cursor c on c.site_id = o.site_id and c.reader = 'messages'
    where o.to_site_id is not null and o.sequence > coalesce(c.sequence, 0)`)
  return rows[0]!.count
}

/** Throws unless the sites agree with each other and with themselves. Nothing may be under way. */
export async function expectAgreed(database: Database): Promise<void> {
  const rows = await contradictions(database)
  if (rows.length > 0)
    throw new Error(
      `The sites do not agree.\n${rows
        .slice(0, 10)
        .map((row) => JSON.stringify(row))
        .join('\n')}`,
    )
}

/** Rows that contradict what must hold between and within sites; empty when all is well. */
async function contradictions(database: Database): Promise<readonly object[]> {
  const [stock, transit, holds, lines] = await Promise.all([
    database.query<object>(sql`
      with moved as (
        select site_id, item_id, to_place_id as place_id, quantity from move -- every site: what moves add up to
        union all
        select site_id, item_id, from_place_id, -quantity from move
      ), recorded as (
        select site_id, item_id, sum(quantity)::bigint as quantity from moved where place_id >= 100 group by site_id, item_id
      ), stocked as (
        select site_id, item_id, sum(quantity)::bigint as quantity from stock group by site_id, item_id
      )
      select 'stock' as fault, site_id, item_id, r.quantity as moved, s.quantity as stocked
      from recorded r full join stocked s using (site_id, item_id)
      where coalesce(r.quantity, 0) <> coalesce(s.quantity, 0)`),
    database.query<object>(sql`
      select 'transit' as fault, item_id, sum(case when to_place_id = 4 then quantity else -quantity end)::bigint as quantity
      from move -- every site: what was sent and never came
      where to_place_id = 4 or from_place_id = 4
      group by item_id having sum(case when to_place_id = 4 then quantity else -quantity end)::bigint <> 0`),
    database.query<object>(sql`
      with held as (
        select site_id, item_id, sum(held)::bigint as held, sum(planned - posted - cancelled) filter (where direction = 'demand')::bigint as demand
        from planned_move group by site_id, item_id -- every site: holds against availability
      )
      select 'hold' as fault, site_id, item_id, a.reserved, h.held, a.demand, h.demand as planned
      from availability a full join held h using (site_id, item_id)
      where coalesce(a.reserved, 0) <> coalesce(h.held, 0) or coalesce(a.demand, 0) <> coalesce(h.demand, 0) or a.reserved > greatest(a.sellable, 0)`),
    database.query<object>(sql`
      with planned as (
        select home_site_id, site_id as source_site_id, document_id, line, sum(planned - posted - cancelled)::bigint as open, sum(posted)::bigint as posted
        from planned_move -- every site: what is planned for each order's line
        where kind = 'order' group by 1, 2, 3, 4
      ), ordered as (
        select l.site_id as home_site_id, l.source_site_id, l.order_id as document_id, l.line, l.quantity - l.cancelled - l.shipped as open, l.shipped
        from order_line l
      )
      select 'line' as fault, document_id, line, o.open, o.shipped, p.open as planned, p.posted
      from ordered o full join planned p using (home_site_id, source_site_id, document_id, line)
      where coalesce(o.open, 0) <> coalesce(p.open, 0) or coalesce(o.shipped, 0) <> coalesce(p.posted, 0)`),
  ])
  return [...stock, ...transit, ...holds, ...lines]
}
