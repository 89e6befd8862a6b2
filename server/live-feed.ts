// Live feed: what the feed grows by, to everybody who watches, in one reading. A process keeps the newest events in memory; who has read up to
// them costs no query, however many they are, and who is behind reads pages until he has caught up.
//
// A watcher is given what follows his cursor and nothing else, so whatever becomes of him (dropped because he is slow, or gone with his
// network) his cursor stays good and nothing is lost or told twice. Nobody is waited for: no watcher holds up another one.

import type { Instant } from '../core/calendar.ts'
import { controlSite, type SiteId } from '../core/item.ts'
import { isRefusal, refuse, type Refusal } from '../core/refusal.ts'
import type { Catalog } from './catalog.ts'
import type { Database } from './db.ts'
import { feedEnd, FEED_PAGE_EVENTS_MAX, readFeed, type FeedCursor, type FeedEvent } from './feed.ts'

export interface LiveLimits {
  /** Events kept in memory. */
  readonly kept_events_max: number
  /** How often a process that is watched looks whether another one has appended to the feed. */
  readonly look_milliseconds: number
  readonly watchers_max: number
  /** Watchers that catch up at once; the others wait for their turn. */
  readonly behind_max: number
}

export const liveLimits: LiveLimits = { kept_events_max: 10_000, look_milliseconds: 50, watchers_max: 2_000, behind_max: 4 }

export interface LiveOptions {
  readonly database: Database
  readonly catalog: Catalog
  readonly limits?: LiveLimits
  readonly onFault?: (error: unknown) => void
}

/** An event with its site's code and its cursor's epoch: as it is told to everybody who may see it. */
export interface LiveEvent extends FeedEvent {
  readonly epoch: number
  readonly siteCode: string
}

/** Events as numbers, for who wants to know that something happened and where, and not each event. */
export interface Counted {
  /** The last that is counted. */
  readonly cursor: FeedCursor
  /** When the first of them was recorded; unset where some are not in memory any more: then anything may have happened anywhere. */
  readonly since: Instant | undefined
  readonly sites: ReadonlyMap<SiteId, { readonly code: string; readonly types: ReadonlyMap<string, number> }>
  /** Users and keys that were changed. */
  readonly subjects: ReadonlySet<string>
}

export class LiveFeed {
  readonly #options: LiveOptions
  readonly #limits: LiveLimits
  /** The newest events, without gaps, up to the end as far as it was read. Unset while nobody watches. */
  #kept: { events: LiveEvent[]; end: FeedCursor } | undefined
  readonly #watchers = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #isReading = false
  #again = false
  #behind = 0
  /** Those who are told in numbers ask at the same moments, so what was counted for one fits the next. */
  #counted: { readonly from: number; readonly counted: Counted } | undefined
  readonly #waiting: (() => void)[] = []

  constructor(options: LiveOptions) {
    this.#options = options
    this.#limits = options.limits ?? liveLimits
  }

  /** Whether anybody wants to know soon what happens. */
  get isWatched(): boolean {
    return this.#watchers.size > 0
  }

  /** The feed may have grown. */
  wake(): void {
    // Unset while nobody watches, and until the first who does has begun.
    if (this.#kept === undefined) return
    this.#again = true
    if (!this.#isReading) void this.#read()
  }

  /** Begins to watch from a cursor on, or from now; the refusal of a cursor that is not good. Every watcher must be ended. */
  async watch(after: FeedCursor | undefined, onGrown: () => void): Promise<Watcher | Refusal> {
    if (this.#watchers.size >= this.#limits.watchers_max) return refuse('too_many_requests', '', 'As many watch as the server takes.')
    this.#watchers.add(onGrown)
    this.#timer ??= setInterval(() => this.wake(), this.#limits.look_milliseconds)
    const cursor = await this.#begin(after).catch((error: unknown) => {
      this.#leave(onGrown)
      throw error
    })
    if (!isRefusal(cursor)) return { cursor, next: (from) => this.#after(from), count: (from) => this.#count(from), end: () => this.#leave(onGrown) }
    this.#leave(onGrown)
    return cursor
  }

  async #begin(after: FeedCursor | undefined): Promise<FeedCursor | Refusal> {
    const { database } = this.#options
    if (this.#kept === undefined) {
      const end = await feedEnd(database)
      // Another who began meanwhile may have been first; where he is, everybody is.
      this.#kept ??= { events: [], end }
    }
    if (after === undefined) return this.#kept.end
    const page = await readFeed(database, after, 1)
    return isRefusal(page) ? page : after
  }

  #leave(onGrown: () => void): void {
    this.#watchers.delete(onGrown)
    if (this.isWatched) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#kept = undefined
  }

  /** What follows a cursor, a page at most; empty where nothing does yet. */
  async #after(cursor: FeedCursor): Promise<readonly LiveEvent[] | Refusal> {
    const { events, end } = this.#kept ?? { events: [], end: undefined }
    if (end !== undefined && cursor.epoch === end.epoch) {
      if (cursor.position >= end.position) return []
      const first = events[0]?.position
      if (first !== undefined && cursor.position + 1 >= first) {
        return events.slice(cursor.position + 1 - first, cursor.position + 1 - first + FEED_PAGE_EVENTS_MAX)
      }
    }
    return this.#catchUp(cursor)
  }

  /** What follows a cursor in numbers, however much it is; nothing where nothing does. Asks the database only about a cursor that is not good. */
  async #count({ epoch, position }: FeedCursor): Promise<Counted | Refusal | undefined> {
    const { events, end } = this.#kept ?? { events: [], end: undefined }
    if (end === undefined || epoch !== end.epoch) {
      const page = await this.#catchUp({ epoch, position })
      return isRefusal(page) ? page : undefined
    }
    if (position >= end.position) return undefined
    if (this.#counted?.from !== position || this.#counted.counted.cursor.position !== end.position) {
      const first = events[0]?.position ?? Infinity
      const known = position + 1 >= first
      this.#counted = { from: position, counted: { cursor: end, ...numbersOf(known ? events.slice(position + 1 - first) : []) } }
    }
    return this.#counted.counted
  }

  async #catchUp(cursor: FeedCursor): Promise<readonly LiveEvent[] | Refusal> {
    while (this.#behind >= this.#limits.behind_max) await new Promise<void>((go) => this.#waiting.push(go))
    this.#behind += 1
    try {
      return await this.#page(cursor)
    } finally {
      this.#behind -= 1
      this.#waiting.shift()?.()
    }
  }

  async #page(cursor: FeedCursor): Promise<readonly LiveEvent[] | Refusal> {
    const page = await readFeed(this.#options.database, cursor, FEED_PAGE_EVENTS_MAX)
    if (isRefusal(page)) return page
    const codes = new Map<SiteId, string>()
    for (const { site } of page.events) if (!codes.has(site)) codes.set(site, (await this.#options.catalog.site(site)).code)
    return page.events.map((event) => ({ ...event, epoch: page.cursor.epoch, siteCode: codes.get(event.site)! }))
  }

  /** Takes in what is new, one reading at a time, until nothing is. */
  async #read(): Promise<void> {
    this.#isReading = true
    try {
      while (this.#again && this.#kept !== undefined) {
        this.#again = false
        const kept = this.#kept
        const end = await feedEnd(this.#options.database)
        // A restore into the running database: watchers are told at their next page that their cursors are of the past.
        if (end.epoch !== kept.end.epoch) this.#kept = { events: [], end: { epoch: end.epoch, position: 0 } }
        else if (end.position === kept.end.position) continue
        else if (await this.#take(kept)) this.#again = true
        for (const onGrown of this.#watchers) onGrown()
      }
    } catch (error) {
      this.#options.onFault?.(error)
    } finally {
      this.#isReading = false
    }
  }

  /** Whether there may be more. */
  async #take(kept: { events: LiveEvent[]; end: FeedCursor }): Promise<boolean> {
    const page = await this.#page(kept.end)
    if (isRefusal(page) || page.length === 0) return false
    kept.events.push(...page)
    kept.end = { epoch: kept.end.epoch, position: page.at(-1)!.position }
    if (kept.events.length > 2 * this.#limits.kept_events_max) kept.events.splice(0, kept.events.length - this.#limits.kept_events_max)
    return page.length === FEED_PAGE_EVENTS_MAX
  }
}

/** One who watches: he asks for what follows his cursor, and is told when there may be more. */
export interface Watcher {
  /** Where he begins. */
  readonly cursor: FeedCursor
  next(cursor: FeedCursor): Promise<readonly LiveEvent[] | Refusal>
  count(cursor: FeedCursor): Promise<Counted | Refusal | undefined>
  end(): void
}

function numbersOf(events: readonly LiveEvent[]): Omit<Counted, 'cursor'> {
  const sites = new Map<SiteId, { code: string; types: Map<string, number> }>()
  const subjects = new Set<string>()
  for (const { site, siteCode, type, subject } of events) {
    const of = sites.get(site) ?? { code: siteCode, types: new Map<string, number>() }
    sites.set(site, of)
    of.types.set(type, (of.types.get(type) ?? 0) + 1)
    if (site === controlSite) subjects.add(subject)
  }
  return { since: events[0]?.recordedAt, sites, subjects }
}
