// Doubts: looks what has come to be believed that a site must act on, and tells its lane: phantom stock that is not raised, or is none any more, and items
// of which less is doubted than before while somebody waits. It is found by small indexes and what is believed is never in memory, so a restart forgets
// nothing; several processes may look at once: who comes second finds nothing left, or changes nothing.

import { hash } from 'node:crypto'
import type { ItemId, SiteId } from '../core/item.ts'
import type { HeedBeliefs } from '../core/loop/belief-heed.ts'
import { sql, type Database } from './db.ts'
import type { Lanes } from './lane.ts'

/** Items of one command, and rows of one look; the rest comes with the next. */
const ITEMS_MAX = 50
const ROWS_MAX = 2_000

interface At {
  readonly site: SiteId
  readonly item: ItemId
}

interface Eased extends At {
  readonly doubted: number
  readonly waits: boolean
}

/** One look. Returns how many exceptions were raised or ended. */
export async function heedBeliefs(lanes: Lanes): Promise<number> {
  const { database } = lanes.options
  const [eased, phantoms, over] = await Promise.all([easedAt(database), notRaised(database), notEnded(database)])
  const heeded = Map.groupBy([...eased.filter((one) => one.waits), ...phantoms, ...over], (one) => one.site)
  let changed = 0
  for (const [site, some] of heeded) changed += await tell(lanes, site, [...new Set(some.map((one) => one.item))])
  for (const [site, some] of Map.groupBy(eased, (one) => one.site)) await noteHeard(database, site, some)
  return changed
}

async function tell(lanes: Lanes, site: SiteId, items: readonly ItemId[]): Promise<number> {
  let changed = 0
  for (let from = 0; from < items.length; from += ITEMS_MAX) {
    const command: HeedBeliefs = { kind: 'heedBeliefs', items: items.slice(from, from + ITEMS_MAX) }
    const sha256 = hash('sha256', JSON.stringify(command), 'buffer')
    const answer = await lanes.submit(site, { command, caller: 'system', key: lanes.options.newId(), sha256 })
    if (answer.status !== 200) throw new Error(`Site ${site} could not heed its beliefs: ${answer.status} ${answer.body}`)
    const { raised, ended } = JSON.parse(answer.body) as { raised: number; ended: number }
    changed += raised + ended
  }
  return changed
}

const easedAt = (database: Database): Promise<readonly Eased[]> =>
  database.query<Eased>(sql`
    select b.site_id as site, b.item_id as item, b.doubted, coalesce(a.demand > a.reserved and a.sellable > a.reserved, false) as waits
    from belief b -- every site: of what less is doubted
    left join availability a on a.site_id = b.site_id and a.item_id = b.item_id and a.owner_id = b.owner_id
    where b.doubted < b.doubted_heard limit ${ROWS_MAX}`)

const notRaised = (database: Database): Promise<readonly At[]> =>
  database.query<At>(sql`
    select b.site_id as site, b.item_id as item
    from belief b -- every site: of what there is probably none
    join availability a on a.site_id = b.site_id and a.item_id = b.item_id and a.owner_id = b.owner_id and a.sellable > 0
    where b.phantom and not exists (
      select from exception e where e.site_id = b.site_id and e.item_id = b.item_id and e.kind = 'phantom_stock' and e.closed_at is null)
    limit ${ROWS_MAX}`)

const notEnded = (database: Database): Promise<readonly At[]> =>
  database.query<At>(sql`
    select e.site_id as site, e.item_id as item
    from exception e -- every site: what was raised and is doubted no more
    join belief b on b.site_id = e.site_id and b.item_id = e.item_id and not b.phantom
    where e.kind = 'phantom_stock' and e.closed_at is null limit ${ROWS_MAX}`)

/** As far as nothing else is believed since. A row that is being written is left to the next look. */
async function noteHeard(database: Database, site: SiteId, eased: readonly Eased[]): Promise<void> {
  await database.execute(sql`
    update belief b set doubted_heard = t.doubted
    from (
      select o.item_id, o.doubted
      from belief o join unnest(${eased.map((one) => one.item)}::int[], ${eased.map((one) => one.doubted)}::bigint[]) u (item_id, doubted)
        on u.item_id = o.item_id and u.doubted = o.doubted
      where o.site_id = ${site} for update of o skip locked) t
    where b.site_id = ${site} and b.item_id = t.item_id`)
}
