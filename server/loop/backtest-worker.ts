// Back-test, a worker: a thread that lives days again over a connection of its own, so that the server goes on answering.

import { parentPort, workerData } from 'node:worker_threads'
import type { BacktestRun } from '../../core/backtest.ts'
import { openDatabase, type ConnectionSettings } from '../db.ts'
import { SERVER_ROLE, SERVER_SETTINGS } from '../manifest.ts'
import { workOnBacktest } from './backtest-run.ts'

export interface BacktestThread {
  readonly connection: ConnectionSettings
  readonly run: BacktestRun
  /** What the clock showed as the work began: a thread has no part in a clock that is simulated. */
  readonly now: number
}

const { connection, run, now } = workerData as BacktestThread
const port = parentPort!
const began = performance.now()
const stopping = new AbortController()
port.on('message', () => stopping.abort())

const database = openDatabase(connection, { role: SERVER_ROLE, settings: SERVER_SETTINGS, connections_max: 2 })
try {
  await workOnBacktest({ database, clock: () => now + Math.round(performance.now() - began), signal: stopping.signal }, run)
} finally {
  await database.close()
  port.close()
}
