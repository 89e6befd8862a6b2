// Lane: every write command of a site goes through its one lane. Commands that arrive while a transaction runs wait, and the next
// transaction takes them all, up to named limits. That is what makes a hot item as fast as any other: nobody waits for a row's lock.
//
// A refusal never fails its batch. A fault fails the batch; what may succeed again is tried again, else each command runs alone and only
// the one at fault is told 503, with its key still usable. A full queue answers 429, and a server that goes down drains its lanes first.

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { SiteId } from '../core/item.ts'
import { refuse, type RefusalCode } from '../core/refusal.ts'
import { isTransient, type Database } from './db.ts'
import { runBatch, type Answer, type LaneContext, type Request } from './lane/batch.ts'
import { problemOf } from './problem.ts'
import { isUrgent, weightOf } from './stages.ts'

export type { Answer, Request } from './lane/batch.ts'

export interface LaneLimits {
  readonly batch_commands_max: number
  /** Lines of all commands of a batch; a larger command runs alone. */
  readonly batch_lines_max: number
  readonly queue_commands_max: number
  readonly tries_max: number
  readonly retry_milliseconds: number
}

export const laneLimits: LaneLimits = {
  batch_commands_max: 200,
  batch_lines_max: 2_000,
  queue_commands_max: 5_000,
  tries_max: 5,
  retry_milliseconds: 50,
}

export interface LanesOptions extends LaneContext {
  readonly database: Database
  readonly limits?: LaneLimits
  /** Told after a commit that left messages for other sites. */
  readonly onMessages?: (site: SiteId) => void
  /** Told of every batch that failed, also when each of its commands then succeeds alone. */
  readonly onFault?: (error: unknown, site: SiteId) => void
}

interface Waiting {
  readonly request: Request
  readonly answer: (answer: Answer) => void
}

/** The lanes of one server process; a lane begins with its first command. */
export class Lanes {
  readonly options: LanesOptions
  readonly #lanes = new Map<SiteId, Lane>()
  #draining = false

  constructor(options: LanesOptions) {
    this.options = options
  }

  /** Sends a command to its home site's lane. The answer may be a refusal; a fault is a 503 answer, never an exception. */
  submit(site: SiteId, request: Request): Promise<Answer> {
    if (this.#draining) return Promise.resolve(notTaken('not_available', 'The server is going down; send it again with the same key.'))
    let lane = this.#lanes.get(site)
    if (lane === undefined) {
      lane = new Lane(site, this.options)
      this.#lanes.set(site, lane)
    }
    return lane.submit(request)
  }

  /** Takes no more commands and waits until those that were taken are answered. */
  async drain(): Promise<void> {
    this.#draining = true
    await Promise.all([...this.#lanes.values()].map((lane) => lane.idle()))
  }
}

class Lane {
  readonly #site: SiteId
  readonly #options: LanesOptions
  readonly #limits: LaneLimits
  /** Tills first: a person stands there. */
  #urgent: Waiting[] = []
  #queue: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(site: SiteId, options: LanesOptions) {
    this.#site = site
    this.#options = options
    this.#limits = options.limits ?? laneLimits
  }

  submit(request: Request): Promise<Answer> {
    if (this.#urgent.length + this.#queue.length >= this.#limits.queue_commands_max) {
      return Promise.resolve(notTaken('lane_full', 'The site has more commands waiting than it takes; send it again in a moment.'))
    }
    return new Promise((answer) => {
      ;(isUrgent(request.command) ? this.#urgent : this.#queue).push({ request, answer })
      this.#running ??= this.#run()
    })
  }

  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // Commands that arrive in the same turn of the event loop belong to the first batch too.
    await Promise.resolve()
    for (let underWay = this.#start(); underWay !== undefined;) {
      const answers = await underWay.answers
      // The next batch is sent before the last is answered: the database reads for it while hundreds of answers are written here.
      const next = this.#start()
      if (next !== undefined) await nextTurn()
      underWay.batch.forEach((one, index) => one.answer(answers[index]!))
      underWay = next ?? this.#start()
    }
    this.#running = undefined
  }

  /** Begins a batch of what waits; undefined when nothing does. */
  #start(): { readonly batch: readonly Waiting[]; readonly answers: Promise<readonly Answer[]> } | undefined {
    if (this.#urgent.length + this.#queue.length === 0) return undefined
    const batch = this.#next()
    return { batch, answers: this.#answersTo(batch.map((one) => one.request)) }
  }

  #next(): Waiting[] {
    const batch: Waiting[] = []
    let lines = 0
    for (const queue of [this.#urgent, this.#queue]) {
      let taken = 0
      while (taken < queue.length && batch.length < this.#limits.batch_commands_max) {
        const weight = weightOf(queue[taken]!.request.command)
        if (batch.length > 0 && lines + weight > this.#limits.batch_lines_max) break
        lines += weight
        batch.push(queue[taken]!)
        taken += 1
      }
      queue.splice(0, taken)
    }
    return batch
  }

  async #answersTo(requests: readonly Request[]): Promise<readonly Answer[]> {
    try {
      return await this.#tried(requests)
    } catch (error) {
      this.#options.onFault?.(error, this.#site)
      if (requests.length === 1 || isTransient(error)) {
        return requests.map(() => notTaken('not_available', 'It could not be recorded now; nothing was. Send it again with the same key.'))
      }
    }
    // One command is at fault: alone, each shows whether it is the one.
    const answers: Answer[] = []
    for (const request of requests) answers.push(...(await this.#answersTo([request])))
    return answers
  }

  /** Runs a batch, again when it failed for a reason that passes. A commit whose answer was lost is found by its keys. */
  async #tried(requests: readonly Request[]): Promise<readonly Answer[]> {
    const { database, onMessages } = this.#options
    for (let tries = 1; ; tries += 1) {
      const session = await database.session().catch((error: unknown) => error as Error)
      if (session instanceof Error) {
        if (tries >= this.#limits.tries_max || !isTransient(session)) throw session
        await sleep(this.#limits.retry_milliseconds * 2 ** tries)
        continue
      }
      let broken = true
      try {
        const { answers, messages } = await runBatch(session, this.#site, requests, this.#options)
        broken = false
        if (messages) onMessages?.(this.#site)
        return answers
      } catch (error) {
        if (tries >= this.#limits.tries_max || !isTransient(error)) throw error
      } finally {
        session.release(broken)
      }
      await sleep(this.#limits.retry_milliseconds * 2 ** tries)
    }
  }
}

function notTaken(code: Extract<RefusalCode, 'lane_full' | 'not_available'>, detail: string): Answer {
  const problem = problemOf(refuse(code, '', detail))
  return { status: problem.status, body: JSON.stringify(problem), replayed: false }
}
