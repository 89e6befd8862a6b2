// Belief, the shell: reads every site's ledger as it grows and keeps what is believed of its items (core/loop/belief-site.ts). Outside the lanes, on a
// connection of its own, in pieces between which everybody else has his turn; no lane waits for it, and nothing is lost when it is late.
//
// Nothing is in memory between two pieces. What an item's belief goes on from is read with the piece and written with it, so a restart is no event, and two
// processes that read at once are harmless: the reader moves on from where it stood, or nothing is written. One reads at a time, by a lock; that saves work.

import { setImmediate as rest } from 'node:timers/promises'
import { addDays, dayOf, instant, type Day } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { SiteBeliefs, type Believed, type ItemEvidence, type KeptItem } from '../../core/loop/belief-site.ts'
import { BELIEF_FORMAT } from '../../core/loop/belief-state.ts'
import { learntFromEvery } from '../../core/loop/belief-prior.ts'
import { Filter } from '../../core/plan/filter/filter.ts'
import type { Clock } from '../clock.ts'
import { sql, type Connection, type Database, type Session } from '../db.ts'
import { leadInTurn, pause } from '../leader.ts'
import {
  allKept,
  grownSites,
  keptOf,
  levelledItems,
  nextEvents,
  readerOf,
  readSites,
  siteBeliefs,
  type Grown,
  type SiteReader,
} from './belief-read.ts'
import { besideRecord, forget, noteLevelled, noteTold, writeTakenIn, writeTold } from './belief-write.ts'

export interface BeliefLimits {
  readonly look_milliseconds: number
  /** How often a process that does not read tries to. */
  readonly lead_milliseconds: number
  /** Moves, and counts, of a piece. */
  readonly events_max: number
  /** Items whose rows are told anew at a time. */
  readonly items_max: number
}

export const beliefLimits: BeliefLimits = { look_milliseconds: 1_000, lead_milliseconds: 2_000, events_max: 1_000, items_max: 500 }

export interface BeliefOptions {
  readonly database: Database
  readonly clock: Clock
  readonly limits?: BeliefLimits
  readonly onFault?: (error: unknown) => void
}

/** Events that are taken in at once: about a millisecond. */
const EVENTS_BETWEEN_RESTS = 50
const CLASSES = 6
/** How often, in days of the ledger, it is learnt what items have in common. */
const LEARN_DAYS = 7
/** Before every day: nothing was learnt yet, or what was learnt is not told yet. */
const NEVER = '0001-01-01' as Day

export class BeliefReader {
  readonly #options: BeliefOptions
  readonly #limits: BeliefLimits
  readonly #stopping = new AbortController()
  readonly #filter = new Filter(CLASSES)
  #running: Promise<void> | undefined

  constructor(options: BeliefOptions) {
    this.#options = options
    this.#limits = options.limits ?? beliefLimits
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** Takes in all that there is, and tells everything anew where a day has begun or something was learnt since. Returns how many events it took in. */
  async look(connection: Connection): Promise<number> {
    const errors: unknown[] = []
    const each = async (work: Promise<number | void>): Promise<number> => (await work.catch((error: unknown) => void errors.push(error))) ?? 0
    let taken = 0
    for (const grown of await grownSites(connection)) taken += await each(this.#follow(connection, grown))
    for (const { site } of await untold(connection, this.#today)) await each(this.tellAll(connection, site))
    await each(this.#tellLevelled(connection))
    // One site that fails holds up no other; the connection may be to blame, so its owner is told.
    if (errors.length > 0) throw new AggregateError(errors, `Beliefs of ${errors.length} sites could not be read: ${String(errors[0])}`)
    return taken
  }

  /** Every row of a site as it stands now: what nobody sold or moved is doubted more with each day. */
  async tellAll(connection: Connection, site: SiteId): Promise<void> {
    const [day, reader] = [this.#today, await readerOf(connection, site)]
    if (reader === undefined || this.#stopping.signal.aborted) return
    for await (const kept of allKept(connection, site, this.#limits.items_max)) {
      if (this.#stopping.signal.aborted) return
      const beliefs = await siteBeliefs(connection, itemsOf(kept), kept, reader.shared, this.#filter)
      await writeTold(connection, site, await this.#beside(connection, site, beliefs, kept), this.#now)
    }
    await connection.execute(noteTold(site, day, reader.learntOn))
  }

  /** Items of which promises are to be surer, or less sure, than before: their rows are told anew at every site. */
  async #tellLevelled(connection: Connection): Promise<void> {
    const { items, through } = await levelledItems(connection, this.#limits.items_max)
    if (items.length === 0) return
    for (const site of await readSites(connection)) {
      const [reader, kept] = [await readerOf(connection, site), await keptOf(connection, site, items)]
      if (reader === undefined || kept.length === 0) continue
      const beliefs = await siteBeliefs(connection, items, kept, reader.shared, this.#filter)
      await writeTold(connection, site, await this.#beside(connection, site, beliefs, kept), this.#now)
    }
    await connection.execute(noteLevelled(through, this.#today))
  }

  get #now() {
    return instant(this.#options.clock())
  }

  get #today(): Day {
    return dayOf(this.#now)
  }

  #run(): Promise<void> {
    const { signal } = this.#stopping
    const { database } = this.#options
    const onFault = (error: unknown): void => this.#options.onFault?.(error)
    return leadInTurn({ database, lock: 'beliefs', lead_milliseconds: this.#limits.lead_milliseconds, signal, onFault }, (session) =>
      this.#lead(session),
    )
  }

  async #lead(session: Session): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await this.look(session)
      await pause(this.#limits.look_milliseconds, signal)
    }
  }

  /** Reads a site's ledger to the end, piece by piece. */
  async #follow(connection: Connection, grown: Grown): Promise<number> {
    if (this.#stopping.signal.aborted) return 0
    let reader = await readerOf(connection, grown.site)
    if (reader !== undefined && reader.shared.format !== BELIEF_FORMAT) {
      await forget(connection, grown.site)
      reader = undefined
    }
    for (let taken = 0; ;) {
      const from = reader ?? { moves: 0, events: 0 }
      const next = await nextEvents(connection, grown, from, reader && addDays(reader.learntOn, LEARN_DAYS - 1), this.#limits.events_max)
      const isDue = reader !== undefined && next.day !== undefined && next.day >= addDays(reader.learntOn, LEARN_DAYS)
      // What brings nothing is not worth a write: it is looked through again when more has come.
      if (!isDue && next.events.length === 0 && next.isLast) return taken
      const after = isDue ? await this.#learnt(connection, grown.site, reader!, next.day) : await this.#takeIn(connection, grown.site, reader, next)
      if (after === undefined || this.#stopping.signal.aborted) return taken
      if (!isDue) taken += next.events.length
      reader = after
    }
  }

  /** Takes a piece in; undefined where another process was there first. */
  async #takeIn(
    connection: Connection,
    site: SiteId,
    before: SiteReader | undefined,
    { events, reached, day }: Awaited<ReturnType<typeof nextEvents>>,
  ): Promise<SiteReader | undefined> {
    const items = [...new Set(events.map((event) => event.item))]
    const beliefs = await siteBeliefs(connection, items, await keptOf(connection, site, items), before?.shared, this.#filter)
    for (const [index, event] of events.entries()) {
      if (index % EVENTS_BETWEEN_RESTS === 0) await rest()
      beliefs.take(event)
    }
    const learntOn = before?.learntOn ?? day ?? NEVER
    const after = { ...reached, learntOn, toldOn: before?.toldOn ?? NEVER, shared: beliefs.shared }
    const kept = items.flatMap((item) => beliefs.kept(item) ?? [])
    const told = await this.#beside(connection, site, beliefs, kept)
    return (await writeTakenIn(connection, { site, before, after, kept, told, asOf: this.#now })) ? after : undefined
  }

  async #beside(connection: Connection, site: SiteId, beliefs: SiteBeliefs, kept: readonly KeptItem[]): ReturnType<typeof besideRecord> {
    const believed = new Map<KeptItem['item'], Believed>()
    for (const [index, { item }] of kept.entries()) {
      if (index % EVENTS_BETWEEN_RESTS === 0) await rest()
      believed.set(item, beliefs.believed(item, this.#now))
    }
    return besideRecord(connection, site, believed, rest)
  }

  /** Learns, before the first event of the day on which it is due is taken in, what all items of the site have in common. */
  async #learnt(connection: Connection, site: SiteId, before: SiteReader, day: Day): Promise<SiteReader | undefined> {
    const every = learntFromEvery(await keptItems(connection, site))
    const evidence: ItemEvidence[] = []
    let index = 0
    for await (const kept of allKept(connection, site, this.#limits.items_max)) {
      await rest()
      const some = kept.filter(() => index++ % every === 0)
      const beliefs = await siteBeliefs(connection, itemsOf(some), some, before.shared, this.#filter)
      evidence.push(...some.map(({ item }) => beliefs.evidenceOf(item)))
    }
    const learner = new SiteBeliefs([], [], before.shared, { filter: this.#filter })
    learner.learn(evidence)
    // What is learnt changes what is believed of every item.
    const after = { ...before, learntOn: day, toldOn: NEVER, shared: learner.shared }
    return (await writeTakenIn(connection, { site, before, after, kept: [], told: [], asOf: this.#now })) ? after : undefined
  }
}

/** One look of a reader that is not started: for a clock that is simulated, and tests. */
export async function lookAtBeliefs(options: BeliefOptions): Promise<number> {
  const session = await options.database.session()
  try {
    return await new BeliefReader(options).look(session)
  } finally {
    session.release()
  }
}

const itemsOf = (kept: readonly KeptItem[]): readonly KeptItem['item'][] => kept.map((one) => one.item)

const untold = (connection: Connection, day: Day): Promise<readonly { readonly site: SiteId }[]> =>
  connection.query(
    sql`select site_id as site from belief_reader where told_on < ${day}::date order by site_id -- every site: a day has begun, or something was learnt`,
  )

const keptItems = async (connection: Connection, site: SiteId): Promise<number> =>
  (await connection.query<{ items: number }>(sql`select count(*)::int as items from belief_state where site_id = ${site}`))[0]!.items
