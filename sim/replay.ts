// Replay: a real company's orders go through the flow day by day on a simulated clock: order, allocate, pick, ship, deliver. Nothing comes in
// meanwhile, so what stock cannot cover stays a backorder, and the record says so line by line.
//
// All commands of a day are on their way at once, in the order of the clock; only the next morning waits for their answers.

import { hash, randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { addDays, textOf, type Day, type Instant } from '../core/calendar.ts'
import type { OrderAnswer } from '../core/flow/flow.ts'
import type { SiteId } from '../core/item.ts'
import { openDatabase, type ConnectionSettings, type Session } from '../server/db.ts'
import { dayOfOpening, siteOf, withStaged, writeStaged, type ImportOptions, type StagedFile } from '../server/import.ts'
import { orderFrom, stagedOrders, type StagedOrder } from '../server/import/write.ts'
import { adventureWorks, fileNames } from '../server/import/staging.ts'
import { submitAll, type Submission } from '../server/import/submit.ts'
import type { Answer } from '../server/lane.ts'
import { openOn, type Opened } from '../server/open.ts'
import type { Command } from '../server/stages.ts'
import { verify, type Verification } from '../server/verify.ts'
import { addJourney, arrival, at, begin, deliveryDay, hours, noTotals, type Journey, type Totals } from './journey.ts'
import { differences, recount } from './recount.ts'

export interface ReplayOptions {
  /** Only the first so many orders. */
  readonly orders_max?: number | undefined
  readonly progress?: (what: string, done: number, total?: number) => void
}

export interface Replayed extends Totals {
  readonly ok: boolean
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
    calendar: 'original',
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

/** The days of the replay, one after the other. */
class Days {
  totals = noTotals
  count = 0
  readonly #opened: Opened
  readonly #clock: SimulatedClock
  readonly #site: SiteId
  #today: Day | undefined
  /** Orders of the day before that something is held for. */
  #toShip: Journey[] = []
  readonly #toDeliver = new Map<Day, Journey[]>()

  constructor(opened: Opened, clock: SimulatedClock, site: SiteId) {
    this.#opened = opened
    this.#clock = clock
    this.#site = site
  }

  /** Goes on to `day`, over the days without an order before it. */
  async run(day: Day, orders: readonly StagedOrder[]): Promise<void> {
    while (this.#today !== undefined && addDays(this.#today, 1) < day) await this.#day(addDays(this.#today, 1), [])
    await this.#day(day, orders)
  }

  /** Until everything that was shipped is delivered. */
  async finish(): Promise<void> {
    while (this.#today !== undefined && (this.#toShip.length > 0 || this.#toDeliver.size > 0)) await this.#day(addDays(this.#today, 1), [])
  }

  async #day(day: Day, orders: readonly StagedOrder[]): Promise<void> {
    this.#today = day
    this.count += 1
    const toShip = this.#toShip
    const toDeliver = this.#toDeliver.get(day) ?? []
    this.#toShip = []
    this.#toDeliver.delete(day)
    await submitAll(this.#opened.lanes, this.#steps(day, toShip, orders, toDeliver), (answer, step) => this.#note(step, answer))
    // Nothing comes in, so an order that nothing is held for, or that was delivered what was, has come to its end.
    for (const journey of toDeliver) this.totals = addJourney(this.totals, journey)
  }

  *#steps(day: Day, toShip: readonly Journey[], orders: readonly StagedOrder[], toDeliver: readonly Journey[]): Generator<Step> {
    const [released, picked, shipped, delivered] = [at(day, hours.allocate), at(day, hours.pick), at(day, hours.ship), at(day, hours.deliver)]
    for (const journey of toShip) yield this.#step(day, released, journey, { kind: 'allocate', order: journey.order })
    for (const journey of toShip) yield this.#step(day, picked, journey, { kind: 'pick', order: journey.order, pickedAt: picked })
    for (const journey of toShip) {
      yield this.#step(day, shipped, journey, { kind: 'ship', order: journey.order, shipment: this.#opened.newId(), shippedAt: shipped })
    }
    for (const [index, staged] of orders.entries()) {
      const orderedAt = arrival(day, index, orders.length)
      const journey = begin(staged, this.#opened.newId())
      yield this.#step(day, orderedAt, journey, { ...orderFrom(staged, this.#site, journey.order), orderedAt })
    }
    for (const journey of toDeliver) {
      const command = { kind: 'deliver', order: journey.order, shipment: null, deliveredAt: delivered, receivedBy: 'the customer' } as const
      yield this.#step(day, delivered, journey, command)
    }
  }

  #step(on: Day, now: Instant, journey: Journey, command: Command): Step {
    this.#clock.now = now
    const { number } = journey.staged
    const reference = command.kind === 'placeOrder' ? number : null
    const request = { command, caller: CALLER, key: `${command.kind}:${number}`, sha256: hash('sha256', number, 'buffer'), reference }
    return { site: this.#site, request, journey, on }
  }

  #note({ request, journey, on }: Step, { status, body }: Answer): void {
    const { kind } = request.command
    if (status >= 300) throw new Error(`${kind} of ${journey.staged.number} on ${textOf(at(on, 0)).slice(0, 10)} was refused: ${body}`)
    if (kind === 'placeOrder') this.#notePlaced(journey, (JSON.parse(body) as OrderAnswer).lines)
    if (kind === 'ship') {
      for (const { line, quantity } of (JSON.parse(body) as { lines: readonly { line: number; quantity: number }[] }).lines)
        journey.lines.get(line)!.shipped += quantity
      const day = deliveryDay(journey.staged.number, on)
      this.#toDeliver.set(day, [...(this.#toDeliver.get(day) ?? []), journey])
    }
    if (kind === 'deliver') for (const line of journey.lines.values()) line.delivered = line.shipped
  }

  #notePlaced(journey: Journey, lines: OrderAnswer['lines']): void {
    for (const { line, held } of lines) journey.lines.get(line)!.held = held
    if (lines.some(({ held }) => held > 0)) this.#toShip.push(journey)
    else this.totals = addJourney(this.totals, journey)
  }
}
