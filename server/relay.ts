// Relay: carries messages from the logs of sites to the lanes of the sites they are for, and keeps the feed of all sites (feed.ts).
//
// A message is a command for another lane under a key made of its place in the log, so however often it is delivered it has one effect.
// Each site's messages go out in order; one that fails holds up its own site's queue, is reported and tried again, and is never skipped.
// One process relays at a time, by a lock on a connection of its own. That only saves work: were there two, the keys would still hold.

import { hash } from 'node:crypto'
import type { SiteId } from '../core/item.ts'
import { sql, type Database, type Session } from './db.ts'
import { advanceCursor, FeedWriter, logHeads, type LogHead } from './feed.ts'
import type { Answer, Lanes, Request } from './lane.ts'
import { isLed, leadInTurn, pause } from './leader.ts'
import type { Command } from './stages.ts'

export interface RelayLimits {
  /** How often the logs are looked at when nobody nudges, and how often the feed is appended to. */
  readonly look_milliseconds: number
  /** How soon after a look the next may come when somebody waits for news. */
  readonly hurry_milliseconds: number
  /** How often a process that does not relay tries to. */
  readonly lead_milliseconds: number
  readonly window_messages_max: number
  readonly retry_milliseconds_min: number
  readonly retry_milliseconds_max: number
  /** How often a server that goes down looks for messages that its last deliveries caused. */
  readonly last_rounds_max: number
}

export const relayLimits: RelayLimits = {
  look_milliseconds: 100,
  hurry_milliseconds: 25,
  lead_milliseconds: 500,
  window_messages_max: 100,
  retry_milliseconds_min: 100,
  retry_milliseconds_max: 10_000,
  last_rounds_max: 5,
}

export interface RelayOptions {
  readonly database: Database
  readonly lanes: Pick<Lanes, 'submit'>
  readonly limits?: RelayLimits
  /** Told after the feed was appended to, as far as there was something to append. */
  readonly onLook?: () => void
  readonly onFault?: (error: unknown, site: SiteId | undefined) => void
}

/** A message that its site would not take; everything behind it waits. */
export interface Stuck {
  readonly site: SiteId
  readonly sequence: number
  readonly type: string
  readonly target: SiteId
  readonly tries: number
  readonly detail: string
}

interface Message {
  readonly sequence: number
  readonly type: string
  readonly subject: string
  readonly target: SiteId
  /** JSON text. */
  readonly data: string
}

const READER = 'messages'

export class Relay {
  readonly #options: RelayOptions
  readonly #limits: RelayLimits
  readonly #stopping = new AbortController()
  #queues: Map<SiteId, MessageQueue> | undefined
  #running: Promise<void> | undefined
  #hurried = Promise.withResolvers<void>()

  constructor(options: RelayOptions) {
    this.#options = options
    this.#limits = options.limits ?? relayLimits
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** A site of this process has messages; without it they are found at the next look. */
  nudge(site: SiteId): void {
    this.#queues?.get(site)?.deliver()
  }

  /** Somebody waits for what this process has just committed: the next look comes sooner. */
  hurry(): void {
    this.#hurried.resolve()
  }

  /** Delivers what is owed, as far as the sites take it at once, and stops. The lanes must still be open. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  get leads(): boolean {
    return this.#queues !== undefined
  }

  get stuck(): readonly Stuck[] {
    return [...(this.#queues?.values() ?? [])].flatMap((queue) => queue.stuck ?? [])
  }

  #run(): Promise<void> {
    const { signal } = this.#stopping
    const { database } = this.#options
    const onFault = (error: unknown): void => this.#options.onFault?.(error, undefined)
    return leadInTurn({ database, lock: 'relay', lead_milliseconds: this.#limits.lead_milliseconds, signal, onFault }, (session) =>
      this.#lead(session),
    )
  }

  /** Relays until the server goes down or the connection that holds the lock breaks. */
  async #lead(session: Session): Promise<void> {
    const { signal } = this.#stopping
    const term = new AbortController()
    const queues = new Map<SiteId, MessageQueue>()
    try {
      const delivered = await cursorsOf(session)
      this.#queues = queues
      const feed = new FeedWriter(session)
      const look = async (): Promise<void> => {
        const heads = await logHeads(session)
        for (const head of heads) this.#queueOf(queues, head, delivered, term.signal).deliver(head.sequence)
        await feed.append(heads)
        this.#options.onLook?.()
      }
      for (;;) {
        await look()
        if (signal.aborted) break
        await this.#rest(signal)
      }
      for (let round = 1; round <= this.#limits.last_rounds_max; round += 1) {
        await Promise.all([...queues.values()].map((queue) => queue.finished()))
        await look()
      }
    } finally {
      term.abort()
      await Promise.all([...queues.values()].map((queue) => queue.finished()))
      this.#queues = undefined
    }
  }

  /** Between two looks: longer when nobody waits for news. */
  async #rest(signal: AbortSignal): Promise<void> {
    const { look_milliseconds, hurry_milliseconds } = this.#limits
    await pause(hurry_milliseconds, signal)
    await Promise.race([pause(look_milliseconds - hurry_milliseconds, signal), this.#hurried.promise])
    this.#hurried = Promise.withResolvers()
  }

  #queueOf(queues: Map<SiteId, MessageQueue>, { site }: LogHead, delivered: ReadonlyMap<SiteId, number>, over: AbortSignal): MessageQueue {
    let queue = queues.get(site)
    if (queue === undefined) {
      queue = new MessageQueue(site, delivered.get(site) ?? 0, this.#options, this.#limits, { over, stopping: this.#stopping.signal })
      queues.set(site, queue)
    }
    return queue
  }
}

interface Signals {
  /** The lock is lost: another process may relay. */
  readonly over: AbortSignal
  /** The server goes down: what fails now is left to whoever comes next. */
  readonly stopping: AbortSignal
}

/**
 * Delivers every message of every site and returns how many there were; throws at the first that is not taken. For a clock that is simulated: its
 * evening waits until the sites have heard each other, and in the same order every time.
 */
export async function deliverAll({ database, lanes }: Pick<RelayOptions, 'database' | 'lanes'>): Promise<number> {
  for (let delivered = 0; ;) {
    const owing = await database.query<{ site: SiteId; sequence: number }>(sql`
      select h.site_id as site, coalesce(c.sequence, 0) as sequence
      from site_head h left join outbox_cursor c on c.site_id = h.site_id and c.reader = ${READER} -- every site: each has its log
      -- Each log is looked at by itself (limit 1 keeps it so): a plan made while they are empty would read them all.
      cross join lateral (
        select from outbox o where o.site_id = h.site_id and o.to_site_id is not null and o.sequence > coalesce(c.sequence, 0) limit 1) owed
      order by h.site_id`)
    if (owing.length === 0) return delivered
    const windows = await Promise.all(owing.map(({ site, sequence }) => nextWindow(database, site, sequence, relayLimits.window_messages_max)))
    const sent = windows.map((messages, index) => sendWindow({ database, lanes }, owing[index]!.site, messages))
    for (const [index, { failed }] of (await Promise.all(sent)).entries()) {
      if (failed !== undefined) throw new Error(refusedText(owing[index]!.site, failed))
      delivered += windows[index]!.length
    }
  }
}

/** Whether a server delivers messages in this database now, by a clock of its own. */
export const isRelayed = (database: Database): Promise<boolean> => isLed(database, 'relay')

/** The messages of one site, in order. */
class MessageQueue {
  readonly #site: SiteId
  readonly #options: RelayOptions
  readonly #limits: RelayLimits
  readonly #signals: Signals
  #delivered: number
  #seen = 0
  #again = false
  #tries = 0
  #running: Promise<void> | undefined
  stuck: Stuck | undefined

  constructor(site: SiteId, delivered: number, options: RelayOptions, limits: RelayLimits, signals: Signals) {
    this.#site = site
    this.#delivered = delivered
    this.#options = options
    this.#limits = limits
    this.#signals = signals
  }

  /** Delivers what is there; with the log's head, only when it has grown since it was last told. */
  deliver(head?: number): void {
    if (head !== undefined && head <= this.#seen) return
    this.#seen = Math.max(this.#seen, head ?? 0)
    this.#again = true
    this.#running ??= this.#run()
  }

  async finished(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#signals.over.aborted) {
      this.#again = false
      try {
        if (await this.#deliverWindow()) this.#again = true
        this.#tries = 0
        this.stuck = undefined
      } catch (error) {
        this.#options.onFault?.(error, this.#site)
        if (this.#signals.stopping.aborted) break
        this.#again = true
        await this.#rest()
      }
    }
    this.#running = undefined
  }

  async #rest(): Promise<void> {
    const { retry_milliseconds_min, retry_milliseconds_max } = this.#limits
    const milliseconds = Math.min(retry_milliseconds_min * 2 ** this.#tries, retry_milliseconds_max)
    this.#tries += 1
    await pause(milliseconds, AbortSignal.any([this.#signals.over, this.#signals.stopping]))
  }

  /** Delivers the next messages; false when there were none. Throws at the first that was not taken; those before it are done with. */
  async #deliverWindow(): Promise<boolean> {
    const messages = await nextWindow(this.#options.database, this.#site, this.#delivered, this.#limits.window_messages_max)
    if (messages.length === 0) return false
    const { last, failed } = await sendWindow(this.#options, this.#site, messages)
    if (last !== undefined) {
      this.#delivered = last
      this.#tries = failed === undefined ? 0 : this.#tries
    }
    if (failed !== undefined) this.#report(failed)
    return true
  }

  #report(failed: Failed): never {
    const { sequence, type, target } = failed.message
    const detail = refusedText(this.#site, failed)
    this.stuck = { site: this.#site, sequence, type, target, tries: this.#tries + 1, detail }
    throw new Error(detail)
  }
}

interface Failed {
  readonly message: Message
  readonly answer: Answer
}

const refusedText = (site: SiteId, { message: { sequence, type, target }, answer: { status, body } }: Failed): string =>
  `Site ${target} did not take message ${sequence} of site ${site} (${type}): ${status} ${body}`

const nextWindow = async (database: Database, site: SiteId, after: number, messages_max: number): Promise<readonly Message[]> =>
  windowOf(await messagesAfter(database, site, after, messages_max))

/** Sends messages of a site together and notes how far they were taken: the last before the first that was not. */
async function sendWindow(
  { database, lanes }: Pick<RelayOptions, 'database' | 'lanes'>,
  site: SiteId,
  messages: readonly Message[],
): Promise<{ readonly last: number | undefined; readonly failed: Failed | undefined }> {
  const answers = await Promise.all(messages.map((message) => lanes.submit(message.target, requestOf(site, message))))
  const failed = answers.findIndex((answer) => answer.status >= 300)
  const last = failed === -1 ? messages.at(-1) : messages[failed - 1]
  if (last !== undefined) await database.execute(advanceCursor(site, READER, last.sequence))
  return { last: last?.sequence, failed: failed === -1 ? undefined : { message: messages[failed]!, answer: answers[failed]! } }
}

const requestOf = (site: SiteId, { sequence, type, data }: Message): Request => ({
  command: commandOf(type, data),
  caller: `site:${site}`,
  key: String(sequence),
  sha256: hash('sha256', data, 'buffer'),
})

/**
 * What may travel together: as many as no site hears twice about the same thing. Two messages to a site about one order or transfer go one after
 * the other, so that the second never overtakes the first when that one must be tried again; a recall is told to all sites at once.
 */
function windowOf(messages: readonly Message[]): readonly Message[] {
  const told = new Set<string>()
  const again = messages.findIndex(({ subject, target }) => told.size === told.add(`${target} ${subject}`).size)
  return again === -1 ? messages : messages.slice(0, again)
}

/** The command that a message is to its target's lane: the message's data are the command's fields. */
function commandOf(type: string, data: string): Command {
  const kind = kinds.get(type)
  if (kind === undefined) throw new Error(`No lane takes messages of type ${type}.`)
  return { kind, ...(JSON.parse(data) as object) } as Command
}

const kinds: ReadonlyMap<string, Command['kind']> = new Map([
  ['transfer.requested', 'supplyTransfer'],
  ['transfer.answered', 'expectTransfer'],
  ['transfer.sent', 'receiveTransfer'],
  ['transfer.cancel_asked', 'stopTransfer'],
  ['transfer.cancelled', 'loseTransfer'],
  ['recall.ordered', 'holdRecalled'],
  ['recall.lifted', 'releaseRecalled'],
  ['order.confirmed', 'confirmHold'],
  ['order.cancel_asked', 'cancelForHome'],
  ['order.line_progress', 'noteProgress'],
  ['order.hold_told', 'noteOrderHold'],
])

const messagesAfter = (database: Database, site: SiteId, sequence: number, messages_max: number): Promise<Message[]> =>
  database.query<Message>(sql`
  select sequence, type, subject, to_site_id as target, data::text as data
  from outbox
  where site_id = ${site} and to_site_id is not null and sequence > ${sequence}
  order by sequence limit ${messages_max}`)

async function cursorsOf(session: Session): Promise<ReadonlyMap<SiteId, number>> {
  const rows = await session.query<{ site: SiteId; sequence: number }>(sql`
    select site_id as site, sequence from outbox_cursor -- every site: how far messages were delivered from each
    where reader = ${READER}`)
  return new Map(rows.map((row) => [row.site, row.sequence]))
}
