// Replay: a real company's orders go through the flow day by day on a simulated clock: order, allocate, pick, ship, deliver. What is short is
// bought and made every evening (supply.ts) and comes when it is due; what cannot be had stays a backorder, with a code.
//
// All commands of a day are on their way at once, in the order of the clock; only the next morning waits for their answers.

import { hash, randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { addDays, type Day, type Instant } from '../core/calendar.ts'
import type { OrderAnswer } from '../core/flow/flow.ts'
import type { SiteId } from '../core/item.ts'
import { openDatabase, sql, type ConnectionSettings, type Session } from '../server/db.ts'
import { dayOfOpening, siteOf, withStaged, writeStaged, type ImportOptions, type StagedFile } from '../server/import.ts'
import { orderFrom, stagedOrders, type StagedOrder } from '../server/import/write.ts'
import { adventureWorks, fileNames } from '../server/import/staging.ts'
import { submitAll, type Submission } from '../server/import/submit.ts'
import type { Answer } from '../server/lane.ts'
import { openOn, type Opened } from '../server/open.ts'
import type { Command } from '../server/stages.ts'
import { verify, type Verification } from '../server/verify.ts'
import { addJourney, arrival, at, begin, deliveryDay, hours, noTotals, type Journey, type Totals } from './journey.ts'
import { differences, recount, type Recount } from './recount.ts'
import { Supply } from './supply.ts'

export interface ReplayOptions {
  /** Only the first so many orders. */
  readonly orders_max?: number | undefined
  readonly progress?: (what: string, done: number, total?: number) => void
}

export interface Replayed extends Totals {
  readonly ok: boolean
  readonly delivered_percent: number
  /** Of delivered lines: from the day promised, or asked for where nothing was promised, to the day that the last of it was shipped. */
  readonly days_late_mean: number
  readonly backordered_by_code: Recount['backordered_by_code']
  readonly purchase_orders: number
  readonly work_orders: number
  readonly shipments: number
  readonly moves: number
  readonly days: number
  readonly seconds: number
  /** What the replay saw and a recount in SQL did not find; empty when they agree. */
  readonly differences: readonly string[]
  readonly verify: Pick<Verification, 'ok' | 'moves' | 'seconds'> & { readonly failed: readonly string[] }
}

const SITE = 'AWC'
const CALLER = 'replay'

/** Works on a database of its own beside those of a PostgreSQL that runs, and drops it unless it is to be kept. */
export async function withScratch<Result>(
  { connection }: { readonly connection: ConnectionSettings },
  { keep }: { readonly keep: boolean },
  work: (opened: Opened, clock: SimulatedClock, scratch: Scratch) => Promise<Result>,
): Promise<Result> {
  const scratch = { database: `replay_${randomUUID().replaceAll('-', '').slice(0, 12)}`, sealKey: randomBytes(32) }
  const administrator = openDatabase(connection, { connections_max: 1 })
  try {
    await administrator.script(`create database ${scratch.database}`)
    const clock = new SimulatedClock()
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
class SimulatedClock {
  now = Date.parse('2026-01-01T00:00:00Z')
}

export async function replay(opened: Opened, clock: SimulatedClock, options: ReplayOptions = {}): Promise<Replayed> {
  const started = performance.now()
  const files = Object.fromEntries(Object.entries(fileNames).map(([kind, name]) => [kind, join(adventureWorks, name)]))
  const wanted: ImportOptions = {
    files,
    site: SITE,
    // The bills of material are on the calendar of the company's other files.
    calendar: 'aligned',
    dryRun: false,
    goodRows: false,
    ...(options.progress ? { progress: options.progress } : {}),
  }
  const run = await withStaged(opened, wanted, (session, staged) => runDays(opened, clock, session, wanted, staged, options))
  const again = await recount(opened.owner)
  const { ok, moves, seconds, checks } = await verify(opened.database, {
    sealKey: opened.sealKey,
    report: ({ done, of }) => options.progress?.('Verifying', done, of),
  })
  const differing = differences(run.totals, again)
  const failed = checks
    .filter((check) => !check.ok)
    .map(({ name, offending }) => `${name}: ${offending?.table} ${offending?.key}: ${offending?.problem}`)
  return {
    ok: ok && differing.length === 0 && run.totals.orders > 0,
    ...run.totals,
    delivered_percent: Math.round((run.totals.delivered / Math.max(run.totals.lines, 1)) * 10_000) / 100,
    days_late_mean: again.days_late_mean,
    backordered_by_code: again.backordered_by_code,
    purchase_orders: again.purchase_orders,
    work_orders: again.work_orders,
    shipments: again.shipments,
    moves: again.moves,
    days: run.days,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    differences: differing,
    verify: { ok, moves, seconds, failed },
  }
}

async function runDays(
  opened: Opened,
  clock: SimulatedClock,
  session: Session,
  wanted: ImportOptions,
  staged: readonly StagedFile[],
  { orders_max = Infinity, progress }: ReplayOptions,
): Promise<{ readonly totals: Totals; readonly days: number }> {
  const faulty = staged.find((one) => one.rejected > 0 || !one.readable)
  if (faulty) throw new Error(`${faulty.file} has faults: qm import ${faulty.kind} ${faulty.file} --dry-run lists them`)
  // Orders can be read once their items and customers are recorded; stock is there on the evening before the first of them.
  const openedOn = await dayOfOpening(opened, session)
  clock.now = at(openedOn, hours.lastOrder)
  await writeStaged(
    opened,
    { ...wanted, openedOn },
    session,
    staged.filter((one) => one.kind !== 'orders'),
  )
  const days = new Days(opened, clock, await siteOf(opened, SITE))
  let count = 0
  for await (const [day, orders] of byDay(stagedOrders(session), orders_max)) {
    await days.run(day, orders)
    count += orders.length
    progress?.(`Replaying ${day}, orders`, count)
  }
  await days.finish()
  return { totals: days.totals, days: days.count }
}

async function* byDay(orders: AsyncIterable<StagedOrder>, orders_max: number): AsyncGenerator<readonly [Day, readonly StagedOrder[]]> {
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

interface Step extends Submission {
  readonly journey: Journey
  readonly on: Day
}

/** What is on its way to a customer. */
interface Carried {
  readonly journey: Journey
  readonly shipment: string
  readonly lines: readonly { readonly line: number; readonly quantity: number }[]
}

/** Days after the last order in which what is on its way may still come: longer than any lead time, so whatever is left has a reason. */
const DAYS_AFTER_MAX = 400

/** The days of the replay, one after the other. */
class Days {
  totals = noTotals
  count = 0
  readonly #opened: Opened
  readonly #clock: SimulatedClock
  readonly #site: SiteId
  readonly #supply: Supply
  #today: Day | undefined
  /** Orders that are not delivered whole, by id. */
  readonly #open = new Map<string, Journey>()
  readonly #toDeliver = new Map<Day, Carried[]>()

  constructor(opened: Opened, clock: SimulatedClock, site: SiteId) {
    this.#opened = opened
    this.#clock = clock
    this.#site = site
    this.#supply = new Supply(opened, site, (now) => (clock.now = now))
  }

  /** Goes on to `day`, over the days without an order before it. */
  async run(day: Day, orders: readonly StagedOrder[]): Promise<void> {
    while (this.#today !== undefined && addDays(this.#today, 1) < day) await this.#day(addDays(this.#today, 1), [])
    await this.#day(day, orders)
  }

  /** Until everything that can come has come and is delivered. */
  async finish(): Promise<void> {
    for (let days = 0; this.#today !== undefined && days < DAYS_AFTER_MAX && (await this.#isUnderWay()); days += 1)
      await this.#day(addDays(this.#today, 1), [])
    for (const journey of this.#open.values()) this.totals = addJourney(this.totals, journey)
    this.#open.clear()
  }

  async #isUnderWay(): Promise<boolean> {
    return this.#toDeliver.size > 0 || (await this.#supply.isUnderWay()) || (await this.#held()).length > 0
  }

  async #day(day: Day, orders: readonly StagedOrder[]): Promise<void> {
    this.#today = day
    this.count += 1
    await this.#supply.morning(day)
    const toShip = await this.#held()
    const toDeliver = this.#toDeliver.get(day) ?? []
    this.#toDeliver.delete(day)
    await submitAll(this.#opened.lanes, this.#steps(day, toShip, orders), (answer, step) => this.#note(step, answer))
    await this.#supply.evening(day)
    await submitAll(this.#opened.lanes, this.#deliveries(day, toDeliver), (answer, step) => this.#note(step, answer))
    for (const { journey, lines } of toDeliver) this.#noteDelivered(journey, lines)
  }

  /** Orders that something is held for which is not on its way to packing. */
  async #held(): Promise<readonly Journey[]> {
    const rows = await this.#opened.database.query<{ order: string }>(sql`
      select distinct document_id as "order" from planned_move
      where site_id = ${this.#site} and planned - posted - cancelled > 0 and kind = 'order' and held > allocated and item_id > 0`)
    return rows.map((row) => this.#open.get(row.order)!)
  }

  *#steps(day: Day, toShip: readonly Journey[], orders: readonly StagedOrder[]): Generator<Step> {
    const [released, picked, shipped] = [at(day, hours.allocate), at(day, hours.pick), at(day, hours.ship)]
    for (const journey of toShip) yield this.#step(day, released, journey, { kind: 'allocate', order: journey.order })
    for (const journey of toShip) yield this.#step(day, picked, journey, { kind: 'pick', order: journey.order, pickedAt: picked })
    for (const journey of toShip) {
      yield this.#step(day, shipped, journey, { kind: 'ship', order: journey.order, shipment: this.#opened.newId(), shippedAt: shipped })
    }
    for (const [index, staged] of orders.entries()) {
      const orderedAt = arrival(day, index, orders.length)
      const journey = begin(staged, this.#opened.newId())
      this.#open.set(journey.order, journey)
      yield this.#step(day, orderedAt, journey, { ...orderFrom(staged, this.#site, journey.order), orderedAt })
    }
  }

  *#deliveries(day: Day, carried: readonly Carried[]): Generator<Step> {
    const deliveredAt = at(day, hours.deliver)
    for (const { journey, shipment } of carried) {
      yield this.#step(day, deliveredAt, journey, { kind: 'deliver', order: journey.order, shipment, deliveredAt, receivedBy: 'the customer' })
    }
  }

  #step(on: Day, now: Instant, journey: Journey, command: Command): Step {
    this.#clock.now = now
    const { number } = journey.staged
    const reference = command.kind === 'placeOrder' ? number : null
    const what = command.kind === 'deliver' ? command.shipment : on
    const key = `${command.kind}:${number}:${what}`
    return { site: this.#site, request: { command, caller: CALLER, key, sha256: hash('sha256', key, 'buffer'), reference }, journey, on }
  }

  #note({ request, journey, on }: Step, { status, body }: Answer): void {
    const { command } = request
    if (status >= 300) throw new Error(`${command.kind} of ${journey.staged.number} on ${on} was refused: ${body}`)
    if (command.kind === 'placeOrder') for (const { line, held } of (JSON.parse(body) as OrderAnswer).lines) journey.lines.get(line)!.held = held
    if (command.kind !== 'ship') return
    const { lines } = JSON.parse(body) as { lines: Carried['lines'] }
    for (const { line, quantity } of lines) journey.lines.get(line)!.shipped += quantity
    const day = deliveryDay(journey.staged.number, on)
    this.#toDeliver.set(day, [...(this.#toDeliver.get(day) ?? []), { journey, shipment: command.shipment, lines }])
  }

  /** An order that the customer has whole has come to its end. */
  #noteDelivered(journey: Journey, lines: Carried['lines']): void {
    for (const { line, quantity } of lines) journey.lines.get(line)!.delivered += quantity
    if ([...journey.lines.values()].some((line) => line.delivered < line.ordered)) return
    this.totals = addJourney(this.totals, journey)
    this.#open.delete(journey.order)
  }
}
