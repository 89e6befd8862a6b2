// World: the company that pages are measured on: a distribution centre with bins that ships orders, shops whose tills sell, two years of history and
// a day's open work. It takes minutes to make, so it is made once, in a folder that is kept.
//
// `world.json` is written last. A folder whose stamp is missing, or tells of another size, another schema or another maker, is thrown away.

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, statfs, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { dayOf, instant, startOf, type Day, type Instant } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { newSecret } from '../../server/http/master.ts'
import { sql } from '../../server/db.ts'
import { usualPolicies } from '../../core/loop/backtest/policies.ts'
import { comparedFigures } from '../../core/loop/backtest/figures.ts'
import { planNow } from '../../server/loop/replenish-planner.ts'
import { openServer } from '../../server/open.ts'
import { removeTemporary } from '../../server/postgres/temporary.ts'
import type { SimulatedClock } from '../../sim/steps.ts'
import { makeItems, makeParties, makeSiteSources, makeSources } from '../catalogue.ts'
import { endOf, makeHistory, movesIn, type SiteHistory } from '../history.ts'
import { Maker } from './open-work.ts'

export interface WorldSize {
  readonly sites: number
  readonly items: number
  readonly bins: number
  readonly customers: number
  readonly suppliers: number
  readonly users: number
  /** History of the distribution centre, and of each shop. */
  readonly main_orders: number
  readonly shop_orders: number
  /** Orders placed after it, of which most are open. */
  readonly main_new: number
  readonly shop_new: number
  readonly seed: number
}

/** A million item-sites, ten million moves, five million orders. */
export const fullWorld: WorldSize = {
  sites: 20,
  items: 50_000,
  bins: 10_000,
  customers: 20_000,
  suppliers: 300,
  users: 300,
  main_orders: 2_000_000,
  shop_orders: 157_900,
  main_new: 60_000,
  shop_new: 800,
  seed: 1,
}

export const smallWorld: WorldSize = {
  sites: 3,
  items: 300,
  bins: 100,
  customers: 50,
  suppliers: 10,
  users: 5,
  main_orders: 1_000,
  shop_orders: 200,
  main_new: 400,
  shop_new: 60,
  seed: 1,
}

const HISTORY_DAYS = 730
const HISTORY_BEGINS = startOf('2024-01-01' as Day)
const DAY_MILLISECONDS = 86_400_000
export const MAIN = 1
const TRANSFER_DAYS = 2
const GIGABYTE = 2 ** 30
const BYTES_PER_MOVE = 1_500

export interface World {
  readonly folder: string
  readonly size: WorldSize
  /** The moment at which it is asked. */
  readonly now: Instant
  /** An API key that may read everything. */
  readonly secret: string
}

export const codeOf = (site: number): string => (site === MAIN ? 'DC' : `SHOP${String(site).padStart(2, '0')}`)

const STAMP = 'world.json'
/** Raised when the maker makes something else of the same size. */
const MAKER = 2

interface Stamp {
  readonly checksum: string
  readonly size: WorldSize
  readonly now: Instant
  readonly secret: string
}

/** Opens the world of that size which is kept in a folder, or makes it there. */
export async function keptWorld(folder: string, size: WorldSize, report: (step: string) => void): Promise<World> {
  const checksum = await checksumOf(size)
  const known = await readStamp(folder)
  if (known?.checksum === checksum) return { folder, size, now: known.now, secret: known.secret }
  if (known !== undefined) report('The world that is kept is another one: making it anew')
  await removeTemporary(folder)
  await mustHaveRoom(folder, size)
  const made = await makeWorld(folder, size, report)
  const stamp: Stamp = { checksum, size, ...made }
  await writeFile(join(folder, STAMP), `${JSON.stringify(stamp, null, 2)}\n`)
  return { folder, size, ...made }
}

async function readStamp(folder: string): Promise<Stamp | undefined> {
  const text = await readFile(join(folder, STAMP), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Stamp)
}

async function checksumOf(size: WorldSize): Promise<string> {
  const sum = createHash('sha256').update(JSON.stringify([MAKER, size]))
  const migrations = join(import.meta.dirname, '../../server/migrations')
  for (const name of (await readdir(migrations)).toSorted()) sum.update(await readFile(join(migrations, name)))
  return sum.digest('hex')
}

async function mustHaveRoom(folder: string, size: WorldSize): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const { bavail, bsize } = await statfs(folder)
  const [free, wanted] = [bavail * bsize, historiesOf(size).reduce((sum, one) => sum + movesIn(one), 0) * BYTES_PER_MOVE]
  if (free < wanted)
    throw new Error(
      `The world takes ${Math.ceil(wanted / GIGABYTE)} GB, and ${folder} has ${Math.floor(free / GIGABYTE)} GB free: name another with --folder.`,
    )
}

export function historiesOf({ sites, items, bins, customers, main_orders, shop_orders }: WorldSize): readonly SiteHistory[] {
  const shared = { items, begun: HISTORY_BEGINS }
  const apart = (orders: number): number => Math.floor((HISTORY_DAYS * DAY_MILLISECONDS) / orders)
  const main = { orders: main_orders, lines: 1, longer_every: 3, tills: false, customers, bins, left: 100, sold_out_every: 40 }
  const shop = { orders: shop_orders, lines: 1, longer_every: 4, tills: true, customers: 0, bins: 0, left: 20, sold_out_every: 30 }
  return Array.from({ length: sites }, (_none, index) => {
    const site = MAIN + index
    const history = site === MAIN ? main : shop
    return { ...shared, ...history, site, code: codeOf(site), milliseconds: apart(history.orders) }
  })
}

async function makeWorld(folder: string, size: WorldSize, report: (step: string) => void): Promise<Pick<World, 'now' | 'secret'>> {
  const histories = historiesOf(size)
  const clock: SimulatedClock = { now: Math.max(...histories.map(endOf)) }
  const opened = await openServer({ folder, clock: () => clock.now, report })
  try {
    const { owner, sealKey } = opened
    report('Making items, parties and bills')
    await makeItems(owner, size.items)
    await makeParties(owner, size.customers, size.suppliers)
    await makeSources(owner, size.items, size.suppliers)
    await makeHistory(owner, histories, sealKey, report)
    await makeSiteSources(owner, MAIN, TRANSFER_DAYS)
    report('Analysing')
    await owner.script('vacuum analyze')
    const others = histories.slice(1).map(({ site }) => site as SiteId)
    const { items, customers, suppliers, users, main_new, shop_new, seed } = size
    const work = { items, customers, suppliers, users, main: MAIN as SiteId, others, main_orders: main_new, other_orders: shop_new, seed }
    const secret = newSecret()
    await new Maker(opened, work, clock, report).make(secret)
    report('Planning')
    // A year between two orders, so that of what seldom sells some is to be ordered too.
    await owner.execute(sql`insert into planning_rule (site_id, service_e3, review_days, stock) values (0, 990, 365, 'belief')`)
    await planNow(opened, { budget: null, workers: availableParallelism() })
    await owner.execute(pastBacktests)
    report('Analysing')
    await owner.script('vacuum analyze')
    await owner.script('checkpoint')
    // The next morning: what was promised for today and did not leave is late.
    const now = instant(startOf(dayOf(instant(clock.now))) + DAY_MILLISECONDS + DAY_MILLISECONDS / 3)
    return { now, secret }
  } finally {
    await opened.close()
  }
}

const BACKTESTS = 20

/** As many as are kept, each as large as they are, whatever their figures. */
const pastBacktests = sql`
  insert into backtest_run (site_id, run_id, asked_at, asker, from_on, days, shrink, seed, policies, state, ended_at, items, result)
  select 0, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, timestamptz '2026-07-01' + n * interval '1 hour', 'Ann', '2026-01-01', 180, 0.02, n, ${JSON.stringify(usualPolicies)}::json, 'done', timestamptz '2026-07-02', 1000,
    ${JSON.stringify(
      comparedFigures(
        usualPolicies.map(() => []),
        1,
      ).map((compared, index) => ({ name: usualPolicies[index]!.name, ...compared })),
    )}::json
  from generate_series(1, ${BACKTESTS}) n`
