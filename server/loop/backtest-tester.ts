// Back-test, the tester: whenever one was asked for, a thread works it out, one run after the other. One process does it at a time, by a lock that saves work; two
// would do no harm. What cannot be worked out however often it is tried is told as failed, so that it does not stand before those that come after it.

import { Worker } from 'node:worker_threads'
import type { BacktestRun } from '../../core/backtest.ts'
import type { Clock } from '../clock.ts'
import { isTransient, type ConnectionSettings, type Database, type Session } from '../db.ts'
import { leadInTurn, pause } from '../leader.ts'
import { failBacktest, nextBacktest } from './backtest-run.ts'
import type { BacktestThread } from './backtest-worker.ts'

export interface BackTesterOptions {
  readonly database: Database
  readonly connection: ConnectionSettings
  readonly clock: Clock
  readonly onFault: (error: unknown) => void
}

const [LOOK_MILLISECONDS, LEAD_MILLISECONDS] = [1_000, 5_000]
const TRIES_MAX = 3

export class BackTester {
  readonly #options: BackTesterOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: BackTesterOptions) {
    this.#options = options
  }

  start(): void {
    const { database, onFault } = this.#options
    const { signal } = this.#stopping
    this.#running ??= leadInTurn({ database, lock: 'backtests', lead_milliseconds: LEAD_MILLISECONDS, signal, onFault }, (session) =>
      this.#lead(session),
    )
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #lead(session: Session): Promise<void> {
    const { signal } = this.#stopping
    const tries = new Map<string, number>()
    while (!signal.aborted) {
      const run = await nextBacktest(session)
      if (run === undefined) await pause(LOOK_MILLISECONDS, signal)
      else await this.#try(run, tries)
    }
  }

  async #try(run: BacktestRun, tries: Map<string, number>): Promise<void> {
    const { database, connection, clock, onFault } = this.#options
    const { signal } = this.#stopping
    try {
      await inThread({ connection, run, now: clock() }, signal)
    } catch (error) {
      onFault(error)
      const tried = (tries.get(run.run) ?? 0) + (isTransient(error) ? 0 : 1)
      tries.set(run.run, tried)
      if (tried < TRIES_MAX) await pause(LOOK_MILLISECONDS, signal)
      else await failBacktest(database, run.run, `It broke ${tried} times: ${error instanceof Error ? error.message : String(error)}`, clock)
    }
  }
}

async function inThread(work: BacktestThread, signal: AbortSignal): Promise<void> {
  const worker = new Worker(new URL('backtest-worker.ts', import.meta.url), { workerData: work })
  const stop = (): void => worker.postMessage('stop')
  signal.addEventListener('abort', stop)
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject)
      worker.on('exit', () => resolve())
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
