// Replay: a real company's orders go through its network day by day on a simulated clock: sold at a till or ordered, allocated, picked, shipped,
// delivered. What is short is asked of the site that supplies it, bought and made every evening, and comes when it is due; what cannot be had stays a
// backorder, with a code. Every real line is asked for once, at one door (network.ts).

import { randomBytes, randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { addDays, type Day } from '../core/calendar.ts'
import { openDatabase, type ConnectionSettings, type Session } from '../server/db.ts'
import { dayOfOpening, withStaged, writeStaged, type ImportOptions, type StagedFile } from '../server/import.ts'
import { rowsOf } from '../server/import/rows.ts'
import { adventureWorks, fileNames } from '../server/import/staging.ts'
import { stagedOrders, type StagedOrder } from '../server/import/write.ts'
import { openOn, type Opened } from '../server/open.ts'
import { verify, type Verification } from '../server/verify.ts'
import { Company, type Asking } from './company.ts'
import { arrival, at, hours } from './hours.ts'
import { Journeys, type Totals } from './journey.ts'
import { doorOf, furnishNetwork, PLANT, type Sites } from './network.ts'
import { keepLately, type Lately } from './lately.ts'
import { differences, recount, type Recount } from './recount.ts'
import { Steps, type SimulatedClock } from './steps.ts'

export interface ReplayOptions {
  /** Only the first so many orders. */
  readonly orders_max?: number | undefined
  /** Only the last days of the data, as if the last of them were `until`; what is then still on its way stays so. */
  readonly lately?: Lately | undefined
  readonly progress?: (what: string, done: number, total?: number) => void
}

type Recounted = Pick<
  Recount,
  'days_late_mean' | 'backordered_by_code' | 'till_lines' | 'purchase_orders' | 'work_orders' | 'transfers' | 'shipments' | 'moves'
>

export interface Replayed extends Totals, Recounted {
  readonly ok: boolean
  readonly delivered_percent: number
  /** Of delivered lines: from the day promised, or asked for where nothing was promised, to the day that the last of it was shipped. */
  readonly days_late_mean: number
  /** Lines asked for in a shop whose record did not have them, shipped by the distribution centre instead. */
  readonly endless_aisle_lines: number
  readonly days: number
  readonly seconds: number
  /** What the replay saw and a recount in SQL did not find; empty when they agree. */
  readonly differences: readonly string[]
  readonly verify: Pick<Verification, 'ok' | 'moves' | 'seconds'> & { readonly failed: readonly string[] }
}

/** Works on a database of its own beside those of a PostgreSQL that runs, and drops it unless it is to be kept. */
export async function withScratch<Result>(
  { connection }: { readonly connection: ConnectionSettings },
  { keep }: { readonly keep: boolean },
  work: (opened: Opened, clock: SimulatedClock, scratch: Scratch) => Promise<Result>,
): Promise<Result> {
  const scratch = { database: `replay_${randomUUID().replaceAll('-', '').slice(0, 12)}`, sealKey: randomBytes(32) }
  // Not from within the database that others copy or drop.
  const administrator = openDatabase({ ...connection, database: 'postgres' }, { connections_max: 1 })
  try {
    await administrator.script(`create database ${scratch.database}`)
    const clock = beforeAll()
    const reached = { connection: { ...connection, database: scratch.database }, keyOf: async () => scratch.sealKey, leave: async () => undefined }
    try {
      const opened = await openOn(reached, { clock: () => clock.now })
      try {
        return await work(opened, clock, scratch)
      } finally {
        await opened.close()
      }
    } finally {
      if (!keep) await administrator.script(`drop database ${scratch.database} with (force)`)
    }
  } finally {
    await administrator.close()
  }
}

export interface Scratch {
  readonly database: string
  readonly sealKey: Buffer
}

/** Begins after all that is replayed, so that its days are past while the files are checked; is then set to their beginning. */
export const beforeAll = (): SimulatedClock => ({ now: Date.parse('2026-01-01T00:00:00Z') })

export async function replay(opened: Opened, clock: SimulatedClock, options: ReplayOptions = {}): Promise<Replayed> {
  const started = performance.now()
  const run = await live(opened, clock, options)
  const again = await recount(opened.owner, run.lastDay)
  const { ok, moves, seconds, checks } = await verify(opened.database, {
    sealKey: opened.sealKey,
    report: ({ done, of }) => options.progress?.('Verifying', done, of),
  })
  const differing = [
    ...differences(run.totals, again),
    ...(again.till_lines === run.tillLines ? [] : [`till lines: ${run.tillLines} were sold, ${again.till_lines} are recorded`]),
  ]
  const failed = checks
    .filter((check) => !check.ok)
    .map(({ name, offending }) => `${name}: ${offending?.table} ${offending?.key}: ${offending?.problem}`)
  const { days_late_mean, backordered_by_code, till_lines, purchase_orders, work_orders, transfers, shipments } = again
  return {
    ok: ok && differing.length === 0 && run.totals.orders > 0,
    ...run.totals,
    delivered_percent: Math.round((run.totals.delivered / Math.max(run.totals.lines, 1)) * 10_000) / 100,
    days_late_mean,
    backordered_by_code,
    till_lines,
    endless_aisle_lines: run.endlessAisleLines,
    purchase_orders,
    work_orders,
    transfers,
    shipments,
    moves: again.moves,
    days: run.days,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    differences: differing,
    verify: { ok, moves, seconds, failed },
  }
}

interface Lived {
  readonly totals: Totals
  readonly tillLines: number
  readonly endlessAisleLines: number
  readonly days: number
  readonly lastDay: Day
}

/** Brings the company's history into an empty database, or the last of it; the clock ends where it ends. */
export async function live(opened: Opened, clock: SimulatedClock, options: ReplayOptions = {}): Promise<Lived> {
  const there = new Set(await readdir(adventureWorks))
  const found = Object.entries(fileNames).filter(([, name]) => there.has(name))
  const files = Object.fromEntries(found.map(([kind, name]) => [kind, join(adventureWorks, name)]))
  const wanted: ImportOptions = {
    files,
    site: PLANT,
    // The bills of material are on the calendar of the company's other files.
    calendar: 'aligned',
    dryRun: false,
    goodRows: false,
    ...(options.progress ? { progress: options.progress } : {}),
  }
  return withStaged(opened, wanted, (session, staged) => runDays(opened, clock, session, wanted, staged, options))
}

async function runDays(
  opened: Opened,
  clock: SimulatedClock,
  session: Session,
  wanted: ImportOptions,
  staged: readonly StagedFile[],
  { orders_max = Infinity, lately, progress }: ReplayOptions,
): Promise<Lived> {
  const faulty = staged.find((one) => one.rejected > 0 || !one.readable)
  if (faulty) throw new Error(`${faulty.file} has faults: qm import ${faulty.kind} ${faulty.file} --dry-run lists them`)
  if (lately !== undefined) await keepLately(session, lately)
  // Orders can be read once their items and customers are recorded; stock is there on the evening before the first of them.
  const openedOn = await dayOfOpening(opened, session)
  clock.now = at(openedOn, hours.lastOrder)
  const sites = await furnishNetwork(opened)
  await writeStaged(
    opened,
    { ...wanted, openedOn },
    session,
    staged.filter((one) => one.kind !== 'orders'),
  )
  // The import planned its statements for tables that were empty; so would the days.
  await opened.owner.script('analyze')
  const territories = await territoriesOf(join(adventureWorks, fileNames.orders))
  const days = new Days(opened, clock, sites)
  for await (const [day, orders] of byDay(stagedOrders(session), orders_max)) {
    await days.run(day, askingsOf(day, orders, territories, sites))
    progress?.(`Replaying ${day}, orders`, days.orders)
  }
  if (lately === undefined) await days.finish((day) => progress?.(`Waiting for what is on its way, ${day}, orders`, days.orders))
  return days.lived
}

/** The territory of each order. An import of orders has no use for it, so it is read here. */
async function territoriesOf(file: string): Promise<ReadonlyMap<string, string>> {
  const territories = new Map<string, string>()
  let columns: readonly [number, number] | undefined
  for await (const rows of rowsOf(file)) {
    for (const row of rows) {
      if ('broken' in row) continue
      if (columns === undefined) columns = [row.fields.indexOf('order_number'), row.fields.indexOf('territory')]
      else territories.set(row.fields[columns[0]]!, row.fields[columns[1]]!)
    }
  }
  return territories
}

function askingsOf(day: Day, orders: readonly StagedOrder[], territories: ReadonlyMap<string, string>, { byCode }: Sites): readonly Asking[] {
  return orders.map(({ number, customer, lines }, index) => ({
    number,
    customer,
    lines,
    site: byCode.get(doorOf(number, territories.get(number) ?? ''))!,
    at: arrival(day, index, orders.length),
  }))
}

async function* byDay(
  orders: AsyncIterable<StagedOrder> | Iterable<StagedOrder>,
  orders_max: number,
): AsyncGenerator<readonly [Day, readonly StagedOrder[]]> {
  let day: StagedOrder[] = []
  let count = 0
  for await (const order of orders) {
    if (count === orders_max) break
    if (day.length > 0 && day[0]!.orderedOn !== order.orderedOn) {
      yield [day[0]!.orderedOn, day]
      day = []
    }
    day.push(order)
    count += 1
  }
  if (day.length > 0) yield [day[0]!.orderedOn, day]
}

/** Days after the last order in which what is on its way may still come: longer than any lead time, so whatever is left has a reason. */
const DAYS_AFTER_MAX = 400

/** The days of the replay, one after the other. */
class Days {
  orders = 0
  readonly #journeys = new Journeys()
  readonly #company: Company
  #count = 0
  #today: Day | undefined

  constructor(opened: Opened, clock: SimulatedClock, sites: Sites) {
    this.#company = new Company(new Steps(opened, clock, 'replay'), sites, this.#journeys)
  }

  /** Goes on to `day`, over the days without an order before it. */
  async run(day: Day, askings: readonly Asking[]): Promise<void> {
    while (this.#today !== undefined && addDays(this.#today, 1) < day) await this.#day(addDays(this.#today, 1), [])
    for (const { number, lines } of askings) this.#journeys.begin(number, lines)
    this.orders += askings.length
    await this.#day(day, askings)
  }

  /** Until everything that can come has come and is delivered, and a day has passed on which nothing was left to do. */
  async finish(report: (day: Day) => void): Promise<void> {
    for (let days = 0; this.#today !== undefined && days < DAYS_AFTER_MAX; days += 1) {
      const done = await this.#day(addDays(this.#today, 1), [])
      report(this.#today)
      if (done === 0 && !(await this.#company.isUnderWay())) return
    }
  }

  get lived(): Lived {
    const { tillLines, endlessAisleLines } = this.#company.counts
    return { totals: this.#journeys.totals, tillLines, endlessAisleLines, days: this.#count, lastDay: this.#today! }
  }

  #day(day: Day, askings: readonly Asking[]): Promise<number> {
    this.#today = day
    this.#count += 1
    return this.#company.day(day, askings)
  }
}
