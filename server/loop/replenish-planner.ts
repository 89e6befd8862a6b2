// Replenish, the planner: whenever a plan was asked for, threads work it out. One process does it at a time, by a lock that saves work; two would do no harm.

import { hash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { controlSite } from '../../core/item.ts'
import type { RequestPlan } from '../../core/loop/replenish-run.ts'
import type { Money } from '../../core/money.ts'
import type { Clock } from '../clock.ts'
import type { ConnectionSettings, Database, Session } from '../db.ts'
import { leadInTurn, pause } from '../leader.ts'
import type { Lanes } from '../lane.ts'
import type { Opened } from '../open.ts'
import { approveByRules } from './replenish-approve.ts'
import { askAtNight } from './replenish-night.ts'
import { runningPlan, type PlanProgress } from './replenish-run.ts'
import type { PlanTold, PlanWork } from './replenish-worker.ts'

export interface WorkersOptions {
  readonly connection: ConnectionSettings
  readonly clock: Clock
  readonly workers: number
  readonly signal?: AbortSignal
  readonly onPart?: (progress: PlanProgress) => void
}

/** Works a run out with so many threads; true when it is the plan then. */
export async function workTogether({ connection, clock, workers, signal, onPart }: WorkersOptions, run: string): Promise<boolean> {
  const all = await Promise.allSettled(Array.from({ length: workers }, () => workAlone({ connection, run, now: clock() }, signal, onPart)))
  const failed = all.find((one) => one.status === 'rejected')
  if (all.some((one) => one.status === 'fulfilled' && one.value)) return true
  if (failed !== undefined) throw failed.reason
  return false
}

export interface PlanNowOptions extends Pick<WorkersOptions, 'workers' | 'onPart'> {
  readonly budget: Money | null
}

/** Asks for a plan and works it out, or goes on with the one that is under way, and places what rules place; answers its run. */
export async function planNow({ database, connection, clock, lanes, newId }: Opened, { budget, ...options }: PlanNowOptions): Promise<string> {
  const known = await runningPlan(database)
  const run = known?.run ?? newId()
  if (known === undefined) {
    const command: RequestPlan = { kind: 'requestPlan', run, budget }
    const answer = await lanes.submit(controlSite, { command, caller: 'system', key: run, sha256: hash('sha256', run, 'buffer') })
    if (answer.status !== 202) throw new Error(`No plan could be asked for: ${answer.status} ${answer.body}`)
  }
  await workTogether({ connection, clock, ...options }, run)
  await approveByRules({ database, lanes, clock })
  return run
}

async function workAlone(work: PlanWork, signal: AbortSignal | undefined, onPart: WorkersOptions['onPart']): Promise<boolean> {
  const worker = new Worker(new URL('replenish-worker.ts', import.meta.url), { workerData: work })
  const stop = (): void => worker.postMessage('stop')
  signal?.addEventListener('abort', stop)
  try {
    return await new Promise<boolean>((resolve, reject) => {
      let done = false
      worker.on('message', (told: PlanTold) => ('done' in told ? (done = told.done) : onPart?.(told.progress)))
      worker.on('error', reject)
      worker.on('exit', () => resolve(done))
    })
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

export interface PlannerLimits {
  readonly look_milliseconds: number
  readonly lead_milliseconds: number
}

export const plannerLimits: PlannerLimits = { look_milliseconds: 1_000, lead_milliseconds: 5_000 }

export interface PlannerOptions {
  readonly database: Database
  readonly lanes: Lanes
  readonly connection: ConnectionSettings
  readonly clock: Clock
  readonly limits?: PlannerLimits
  readonly onFault: (error: unknown) => void
}

export class Planner {
  readonly #options: PlannerOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: PlannerOptions) {
    this.#options = options
  }

  start(): void {
    const { database, limits = plannerLimits, onFault } = this.#options
    const { signal } = this.#stopping
    this.#running ??= leadInTurn({ database, lock: 'plans', lead_milliseconds: limits.lead_milliseconds, signal, onFault }, (session) =>
      this.#lead(session, limits.look_milliseconds),
    )
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #lead(session: Session, look_milliseconds: number): Promise<void> {
    const { connection, clock, database, lanes } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const run = await runningPlan(session)
      // One thread: the other processors are for those who wait for an answer.
      if (run !== undefined) await workTogether({ connection, clock, workers: 1, signal }, run.run)
      else if (!(await askAtNight({ database, lanes, clock })) && (await approveByRules({ database, lanes, clock })) === 0)
        await pause(look_milliseconds, signal)
    }
  }
}
