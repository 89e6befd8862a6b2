// The feed over HTTP: events of every site the caller may see, after a cursor: as a page, or as Server-Sent Events that go on. Each site's order
// is kept; a cursor from before a restore is refused, since its positions mean something else now. Who asks for it in brief is told ten times
// a second at most what happened, in numbers: a browser that only wants to know what to ask again costs a busy server no more than a quiet one.
//
// A stream tells with each event the cursor that follows it, so a browser that lost its connection resumes by itself where it was. A reader who
// does not read is dropped; what he missed waits for him in the log. Who loses the right to watch is told no more: the feed itself says when
// something of him was changed.

import { once } from 'node:events'
import { PassThrough, type Writable } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import type { Instant } from '../../core/calendar.ts'
import { maySee, type Principal } from '../../core/principal.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { readFeed, type FeedCursor } from '../feed.ts'
import type { Counted, LiveEvent, Watcher } from '../live-feed.ts'
import { told, type Call, type Direct, type Reader } from './call.ts'
import { keyIn } from './page.ts'
import type { Principals } from './principals.ts'
import { tell, tellText } from './reply.ts'

export interface StreamLimits {
  /** Something is sent at least so often, so that proxies keep the connection and both sides notice when it is gone. */
  readonly heartbeat_milliseconds: number
  /** A reader who takes nothing for so long is dropped. */
  readonly slow_milliseconds_max: number
  /** After how long a browser that lost its stream comes back. */
  readonly return_milliseconds: number
  /** How often news are told in brief, at most. */
  readonly brief_milliseconds: number
}

export const streamLimits: StreamLimits = {
  heartbeat_milliseconds: 15_000,
  slow_milliseconds_max: 30_000,
  return_milliseconds: 1_000,
  brief_milliseconds: 100,
}

const readPage: Reader = async ({ context, principal, query }) => {
  const { cursor, limit } = query as { cursor?: string; limit: number }
  const after = cursorIn(cursor)
  if (after !== undefined && isRefusal(after)) return after
  const read = await readFeed(context.database, after, limit)
  if (isRefusal(read)) return read
  const sites = new Map((await context.catalog.sites()).map((one) => [one.site, one.code]))
  const rows = read.events.filter((event) => maySee(principal, event.site)).map((event) => toldEvent(event, sites.get(event.site)!))
  return { rows, next: cursorText(read.cursor) }
}

function cursorIn(text: string | undefined): FeedCursor | undefined | Refusal {
  const key = keyIn(text, ['number', 'number'])
  return key === undefined || isRefusal(key) ? key : { epoch: Number(key[0]), position: Number(key[1]) }
}

const cursorText = ({ epoch, position }: FeedCursor): string => Buffer.from(JSON.stringify([epoch, position])).toString('base64url')

type Told = Pick<LiveEvent, 'position' | 'sequence' | 'type' | 'version' | 'subject' | 'data'> & {
  readonly occurredAt: Instant
  readonly recordedAt: Instant
}

const toldEvent = ({ position, sequence, type, version, subject, occurredAt, recordedAt, data }: Told, site: string): object => ({
  site,
  ...told({ position, sequence, type, version, subject, occurredAt, recordedAt, data }, ['occurredAt', 'recordedAt']),
})

/** An event as a stream tells it: made once, however many are told. */
const textOf = (event: LiveEvent): string => {
  let text = texts.get(event)
  if (text === undefined) {
    text = `id: ${cursorText(event)}\ndata: ${JSON.stringify(toldEvent(event, event.siteCode))}\n\n`
    texts.set(event, text)
  }
  return text
}
const texts = new WeakMap<LiveEvent, string>()

/** What a stream tells next. */
interface News {
  /** Of the last event. */
  readonly cursor: FeedCursor
  /** Whether a user or a key was changed. */
  concerns(actor: string): boolean
  /** For who may see so much of it. */
  text(principal: Principal): string
}

/** Event by event. What one may not see moves his cursor all the same, so that he need not read it again. */
async function eventsAfter(watcher: Watcher, cursor: FeedCursor): Promise<News | Refusal | undefined> {
  const events = await watcher.next(cursor)
  if (isRefusal(events)) return events
  const last = events.at(-1)
  if (last === undefined) return undefined
  return {
    cursor: { epoch: last.epoch, position: last.position },
    concerns: (actor) => events.some((event) => event.subject === actor),
    text: (principal) =>
      events
        .filter((event) => maySee(principal, event.site))
        .map(textOf)
        .join(''),
  }
}

/** In numbers. */
async function numbersAfter(watcher: Watcher, cursor: FeedCursor): Promise<News | Refusal | undefined> {
  const counted = await watcher.count(cursor)
  if (counted === undefined || isRefusal(counted)) return counted
  return {
    cursor: counted.cursor,
    // What is not in memory any more may have been about anybody.
    concerns: (actor) => counted.since === undefined || counted.subjects.has(actor),
    text: (principal) => numbersText(counted, principal),
  }
}

function numbersText({ cursor, since, sites }: Counted, principal: Principal): string {
  const seen = [...sites].filter(([site]) => maySee(principal, site)).map(([, { code, types }]) => [code, Object.fromEntries(types)] as const)
  if (since !== undefined && seen.length === 0) return ''
  const news = told({ since: since ?? null, sites: since === undefined ? null : Object.fromEntries(seen) }, ['since'])
  return `id: ${cursorText(cursor)}\ndata: ${JSON.stringify(news)}\n\n`
}

export interface StreamsOptions {
  readonly principals: Principals
  readonly limits?: StreamLimits
  readonly onFault: (error: unknown) => void
}

/** The streams of one server. */
export class Streams {
  readonly #options: StreamsOptions
  readonly #limits: StreamLimits
  readonly #open = new Set<PassThrough>()

  constructor(options: StreamsOptions) {
    this.#options = options
    this.#limits = options.limits ?? streamLimits
  }

  /** Answers as a page, or as a stream to who accepts one. */
  readonly listEvents: Direct = async (request, reply, context) => {
    const { headers, query, caller: principal } = request
    if (headers.accept?.includes('text/event-stream') !== true) {
      const page = await readPage({ context, principal, query } as Call)
      return isRefusal(page) ? tell(reply, page) : tellText(reply, JSON.stringify(page))
    }
    const resumed = headers['last-event-id']
    const after = cursorIn(typeof resumed === 'string' && resumed !== '' ? resumed : (query as { cursor?: string }).cursor)
    if (after !== undefined && isRefusal(after)) return tell(reply, after)
    const bell = new Bell()
    const watcher = await context.live.watch(after, () => bell.ring())
    if (isRefusal(watcher)) return tell(reply, watcher)
    const { brief } = query as { brief: boolean }
    const out = this.#opened({ request, socket: reply.raw, watcher, bell, brief })
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(out)
  }

  /** Ends them all; their readers come back, here or elsewhere, with their cursors. */
  close(): void {
    for (const out of this.#open) out.destroy()
  }

  #opened(stream: Omit<Sending, 'out'>): PassThrough {
    const { watcher, bell } = stream
    const { return_milliseconds, heartbeat_milliseconds } = this.#limits
    const out = new PassThrough()
    this.#open.add(out)
    const heart = setInterval(() => bell.beat(), heartbeat_milliseconds)
    // Whoever ends it, the client, the server or the sending, nothing is left waiting.
    out.once('close', () => {
      clearInterval(heart)
      watcher.end()
      this.#open.delete(out)
      bell.ring()
    })
    // A reader who goes away while something is written to him is no fault.
    out.on('error', () => undefined)
    out.write(`retry: ${return_milliseconds}\nid: ${cursorText(watcher.cursor)}\n\n`)
    this.#send({ ...stream, out })
      // What fails once the stream is over, since the server goes down say, is missed by nobody.
      .catch((error: unknown) => (out.destroyed ? undefined : this.#options.onFault(error)))
      .finally(() => this.#finish(out))
    return out
  }

  /** Sends until the stream is over, its reader is too slow, or he may watch no more. */
  async #send({ request, socket, watcher, out, bell, brief }: Sending): Promise<void> {
    const newsAfter = brief ? numbersAfter : eventsAfter
    let principal: Principal = request.caller
    let { cursor } = watcher
    for (;;) {
      // What was written is on its way once this turn is over; the next page is read when the network took this one.
      await (brief ? this.#nextMoment() : nextTurn())
      if (socket.writableNeedDrain && !(await drained(socket, this.#limits.slow_milliseconds_max))) return
      bell.reset()
      if (out.destroyed) return
      const news = await newsAfter(watcher, cursor)
      if (out.destroyed) return
      if (news !== undefined && isRefusal(news)) return void out.end()
      if (news === undefined && !bell.hasBeaten) {
        await bell.rung()
        continue
      }
      const beat = bell.takeBeat()
      if (beat || news?.concerns(principal.actor) === true) {
        const still = await this.#options.principals.again(request)
        if (isRefusal(still)) return void out.end()
        principal = still
      }
      cursor = news?.cursor ?? cursor
      const text = `${news?.text(principal) ?? ''}${beat ? `:\nid: ${cursorText(cursor)}\n\n` : ''}`
      if (text !== '') out.write(text)
    }
  }

  /** One that may go on no more ends in order, which is no error of its reader's; any other is cut off, as is who does not even take the end. */
  #finish(out: PassThrough): void {
    if (!out.writableEnded) out.destroy()
    else setTimeout(() => out.destroy(), this.#limits.slow_milliseconds_max).unref()
  }

  /** The same for all who are told in brief, so that what is counted for one serves all. */
  #nextMoment(): Promise<void> {
    const { brief_milliseconds } = this.#limits
    return sleep(brief_milliseconds - (performance.now() % brief_milliseconds))
  }
}

interface Sending {
  readonly request: FastifyRequest
  /** Where the stream goes: how much of it the network has not taken is known there. */
  readonly socket: Writable
  readonly watcher: Watcher
  readonly out: PassThrough
  readonly bell: Bell
  readonly brief: boolean
}

/** Wakes one stream: something is new, or it was quiet for long. */
class Bell {
  #next = Promise.withResolvers<void>()
  #beaten = false

  get hasBeaten(): boolean {
    return this.#beaten
  }

  takeBeat(): boolean {
    const beaten = this.#beaten
    this.#beaten = false
    return beaten
  }

  beat(): void {
    this.#beaten = true
    this.ring()
  }

  ring(): void {
    this.#next.resolve()
  }

  /** What rings from now on is heard. */
  reset(): void {
    this.#next = Promise.withResolvers()
  }

  rung(): Promise<void> {
    return this.#next.promise
  }
}

/** Whether the reader took what was sent, in time. */
const drained = (socket: Writable, milliseconds: number): Promise<boolean> =>
  once(socket, 'drain', { signal: AbortSignal.timeout(milliseconds) }).then(
    () => true,
    () => false,
  )
