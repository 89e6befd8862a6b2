// World: what promises are measured on: a million items at sites, each with stock and five planned moves, and a sourcing rule at every site. Only what
// promising reads is there; it is no ledger, and nothing in it was ever ordered. It takes minutes to make, so it is made once, in a folder that is kept.

import { createHash, hash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addDays, startOf, type Day, type Instant } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { standardPlaces, virtualPlaces } from '../../core/place.ts'
import { sql, type Connection } from '../../server/db.ts'
import { newSecret } from '../../server/http/master.ts'
import { openServer } from '../../server/open.ts'
import { removeTemporary } from '../../server/postgres/temporary.ts'
import type { Command } from '../../server/stages.ts'
import { Steps } from '../../sim/steps.ts'
import { makeItems } from '../catalogue.ts'
import { firstItem } from '../history.ts'

export interface PromiseWorldSize {
  readonly sites: number
  readonly items: number
}

export const fullWorld: PromiseWorldSize = { sites: 20, items: 50_000 }
export const smallWorld: PromiseWorldSize = { sites: 4, items: 200 }

export const MOVES_PER_POSITION = 5
/** Sites that may serve the orders of another. */
const LANES_MAX = 5
const FIRST_DAY = '2026-06-01' as Day
const DAYS = 60
const STAMP = 'world.json'
/** Raised when the maker makes something else of the same size. */
const MAKER = 1

export interface PromiseWorld {
  readonly folder: string
  readonly size: PromiseWorldSize
  readonly now: Instant
  /** An API key that may ask everything. */
  readonly secret: string
}

export const codeOf = (site: number): string => `S${String(site).padStart(3, '0')}`
export const skuOf = (item: number): string => `SKU-${String(item).padStart(6, '0')}`

/** Opens the world of that size which is kept in a folder, or makes it there. */
export async function keptPromiseWorld(folder: string, size: PromiseWorldSize, report: (step: string) => void): Promise<PromiseWorld> {
  const now = startOf(FIRST_DAY)
  const checksum = await checksumOf(size)
  const text = await readFile(join(folder, STAMP), 'utf8').catch(() => undefined)
  const stamp = text === undefined ? undefined : (JSON.parse(text) as { readonly checksum: string; readonly secret: string })
  if (stamp?.checksum === checksum) return { folder, size, now, secret: stamp.secret }
  await removeTemporary(folder)
  const secret = await makeWorld(folder, size, now, report)
  await writeFile(join(folder, STAMP), `${JSON.stringify({ checksum, secret }, null, 2)}\n`)
  return { folder, size, now, secret }
}

async function checksumOf(size: PromiseWorldSize): Promise<string> {
  const sum = createHash('sha256').update(JSON.stringify([MAKER, size]))
  const migrations = join(import.meta.dirname, '../../server/migrations')
  for (const name of (await readdir(migrations)).toSorted()) sum.update(await readFile(join(migrations, name)))
  return sum.digest('hex')
}

async function makeWorld(folder: string, { sites, items }: PromiseWorldSize, now: Instant, report: (step: string) => void): Promise<string> {
  const clock = { now: now as number }
  const opened = await openServer({ folder, clock: () => clock.now, report })
  try {
    const steps = new Steps(opened, clock, 'key:1')
    const send = (commands: readonly Command[]): Promise<number> =>
      steps.send(commands.map((command) => ({ site: controlSite, at: now, command, note: undefined })))
    report('Making sites, items and rules')
    const codes = Array.from({ length: sites }, (_none, index) => codeOf(index + 1))
    await send(codes.map((code) => ({ kind: 'createSite', code, name: `Site ${code}` })))
    const ids = await Promise.all(codes.map(async (code) => (await opened.catalog.siteByCode(code))!.site))
    const secret = newSecret()
    const key = { kind: 'createKey', name: 'Bench', role: 'admin', sites: [], secretSha256: hash('sha256', secret, 'hex') } as const
    await send([key, ...ids.map((site) => ruleOf(site, ids))])
    await makeItems(opened.owner, items)
    for (const [index, site] of ids.entries()) {
      report(`Planning ${items * MOVES_PER_POSITION} moves at ${codes[index]!}`)
      await plan(opened.owner, site, items)
    }
    report('Analysing')
    await opened.owner.script('vacuum analyze')
    return secret
  } finally {
    await opened.close()
  }
}

/** Each site is helped by the next few. */
function ruleOf(site: SiteId, all: readonly SiteId[]): Command {
  const at = all.indexOf(site)
  const others = Array.from({ length: Math.min(LANES_MAX, all.length - 1) }, (_none, index) => all[(at + index + 1) % all.length]!)
  const lanes = others.map((from, index) => ({
    site,
    from,
    position: index + 1,
    cost: money(300 + 100 * index),
    transitDays: 1 + (index % 3),
    keepPercent: 10,
  }))
  return { kind: 'setSourcing', sourcing: { site, prefers: 'date', sourcesMax: 2, splitsLines: true, ownCost: money(200), lanes } }
}

/** Two purchases and three order lines an item, but of every fifth item nothing is bought; stock covers some of it, and of every tenth there is none. */
async function plan(owner: Connection, site: SiteId, items: number): Promise<void> {
  await owner.execute(sql`
    insert into planned_move (site_id, document_id, line, part, kind, direction, status, item_id, owner_id, from_place_id, to_place_id, home_site_id,
      due_on, priority, age, unit_price_minor, planned, posted, cancelled, held, pegged, allocated)
    select ${site}, md5(concat_ws('/', ${site}::int, n, m))::uuid, 1, 1, case when supply then 'purchase' else 'order' end,
      case when supply then 'supply' else 'demand' end, 'firm', ${firstItem}::int + n, 1,
      case when supply then ${virtualPlaces.supplier}::int else ${standardPlaces.shelf}::int end,
      case when supply then ${standardPlaces.dock}::int else ${virtualPlaces.customer}::int end,
      ${site}, ${addDays(FIRST_DAY, -1)}::date + 1 + abs(hashint4(n * 7 + m + ${site}::int)) % ${DAYS}::int, 5, n, 100,
      case when supply then 40 else 1 + abs(hashint4(n + m)) % 20 end, 0, 0, 0, 0, 0
    from (
      select n, m, m < 2 and n % 5 <> 0 as supply
      from generate_series(0, ${items}::int - 1) n cross join generate_series(0, ${MOVES_PER_POSITION}::int - 1) m
    ) t`)
  await owner.execute(sql`
    insert into availability (site_id, item_id, owner_id, sellable, reserved, demand, supply)
    select site_id, item_id, owner_id, case when item_id % 10 = 0 then 0 else abs(hashint4(item_id + site_id)) % 80 end, 0,
      coalesce(sum(planned) filter (where direction = 'demand'), 0)::bigint, coalesce(sum(planned) filter (where direction = 'supply'), 0)::bigint
    from planned_move where site_id = ${site} group by site_id, item_id, owner_id`)
}
