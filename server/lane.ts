// Lane: every write command of a site goes through its one lane. Commands that arrive while a transaction runs wait, and the next
// transaction takes them all, up to named limits. That is what makes a hot item as fast as any other: nobody waits for a row's lock.
//
// While one batch is written the next is already read and decided (lane/batch.ts), when enough commands wait to make that worth while.
//
// A refusal never fails its batch. A fault fails the batch; what may succeed again is tried again, else each command runs alone and only
// the one at fault is told 503, with its key still usable. A full queue answers 429, and a server that goes down drains its lanes first.

import { setTimeout as sleep } from 'node:timers/promises'
import type { SiteId } from '../core/item.ts'
import { refuse, type RefusalCode } from '../core/refusal.ts'
import { isTransient, type Database, type Session } from './db.ts'
import { runBatch, type Ahead } from './lane/batch.ts'
import type { Answer, LaneContext, Request } from './lane/fold.ts'
import { problemOf } from './problem.ts'
import { isUrgent, weightOf } from './stages.ts'

export type { Answer, Request } from './lane/fold.ts'

export interface LaneLimits {
  readonly batch_commands_max: number
  /** Lines of all commands of a batch; a larger command runs alone. */
  readonly batch_lines_max: number
  readonly queue_commands_max: number
  /** Fewer waiting commands are not worth a batch of their own before the one under way is written: more may come to them. */
  readonly ahead_commands_min: number
  readonly tries_max: number
  readonly retry_milliseconds: number
}

export const laneLimits: LaneLimits = {
  batch_commands_max: 200,
  batch_lines_max: 2_000,
  queue_commands_max: 5_000,
  ahead_commands_min: 20,
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

/** Commands that run together. */
interface Batch {
  readonly commands: readonly Waiting[]
  /** What was folded ahead of their turn, and the session that it is good for. */
  readonly ahead?: { readonly session: Session; readonly folded: Ahead }
  readonly onSent?: () => void
}

/** A batch under way. Its answers never fail. */
interface Started {
  readonly commands: readonly Waiting[]
  /** Its writes are with the database, and there is time for other things. */
  readonly sent: Promise<void>
  readonly answers: Promise<readonly Answer[]>
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
  /** The batch that is next, taken from the queue while the one before it was written. */
  #following: Batch | undefined

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
      // The next batch is sent before the last is answered: the database works on it while hundreds of answers are written here.
      const next = this.#start()
      await next?.sent
      underWay.commands.forEach((one, index) => one.answer(answers[index]!))
      underWay = next ?? this.#start()
    }
    this.#running = undefined
  }

  /** Begins a batch of what waits; undefined when nothing does. */
  #start(): Started | undefined {
    const batch = this.#following ?? { commands: this.#take() }
    this.#following = undefined
    if (batch.commands.length === 0) return undefined
    const { promise: sent, resolve: onSent } = Promise.withResolvers<void>()
    const answers = this.#answersTo({ ...batch, onSent })
    // It may fail before anything is sent.
    void answers.then(() => onSent())
    return { commands: batch.commands, sent, answers }
  }

  /** The next commands in line, as many as run together. */
  #take(): Waiting[] {
    const taken: Waiting[] = []
    let lines = 0
    for (const queue of [this.#urgent, this.#queue]) {
      let from = 0
      while (from < queue.length && taken.length < this.#limits.batch_commands_max) {
        const weight = weightOf(queue[from]!.request.command)
        if (taken.length > 0 && lines + weight > this.#limits.batch_lines_max) break
        lines += weight
        taken.push(queue[from]!)
        from += 1
      }
      queue.splice(0, from)
    }
    return taken
  }

  /** Takes the commands that are folded while others are written, unless they are few or somebody else waits for a connection. */
  #takeAhead(): readonly Waiting[] | undefined {
    const waiting = this.#urgent.length + this.#queue.length
    if (this.#following !== undefined || waiting < this.#limits.ahead_commands_min || this.#options.database.isWaitedFor()) return undefined
    return this.#take()
  }

  async #answersTo(batch: Batch): Promise<readonly Answer[]> {
    const { commands } = batch
    try {
      return await this.#tried(batch)
    } catch (error) {
      this.#options.onFault?.(error, this.#site)
      if (commands.length === 1 || isTransient(error)) {
        return commands.map(() => notTaken('not_available', 'It could not be recorded now; nothing was. Send it again with the same key.'))
      }
    }
    // One command is at fault: alone, each shows whether it is the one.
    const answers: Answer[] = []
    for (const one of commands) answers.push(...(await this.#answersTo({ commands: [one] })))
    return answers
  }

  /** Runs a batch, again when it failed for a reason that passes. A commit whose answer was lost is found by its keys. */
  async #tried(batch: Batch): Promise<readonly Answer[]> {
    for (let tries = 1; ; tries += 1) {
      const ahead = tries === 1 ? batch.ahead : undefined
      try {
        return await this.#runOn(ahead?.session ?? (await this.#options.database.session()), batch, ahead?.folded)
      } catch (error) {
        if (tries >= this.#limits.tries_max || !isTransient(error)) throw error
      }
      await sleep(this.#limits.retry_milliseconds * 2 ** tries)
    }
  }

  /** Runs a batch on a session, which it gives back unless the batch that follows was begun on it. */
  async #runOn(session: Session, { commands, onSent }: Batch, ahead: Ahead | undefined): Promise<readonly Answer[]> {
    const requestsOf = (some: readonly Waiting[]): readonly Request[] => some.map((one) => one.request)
    let following: readonly Waiting[] | undefined
    const next = (): readonly Request[] | undefined => {
      // One alone is large, or looked at for a fault.
      following = commands.length > 1 ? this.#takeAhead() : undefined
      return following && requestsOf(following)
    }
    let kept = false
    let broken = true
    try {
      const done = await runBatch(session, this.#site, requestsOf(commands), this.#options, { ahead, next, onSent })
      broken = false
      kept = done.ahead !== undefined
      if (following !== undefined) this.#following = { commands: following, ...(done.ahead && { ahead: { session, folded: done.ahead } }) }
      if (done.messages) this.#options.onMessages?.(this.#site)
      return done.answers
    } catch (error) {
      // What was folded on a batch that failed is worth nothing; its commands are next all the same.
      if (following !== undefined) this.#following = { commands: following }
      throw error
    } finally {
      if (!kept) session.release(broken)
    }
  }
}

function notTaken(code: Extract<RefusalCode, 'lane_full' | 'not_available'>, detail: string): Answer {
  const problem = problemOf(refuse(code, '', detail))
  return { status: problem.status, body: JSON.stringify(problem), replayed: false }
}
