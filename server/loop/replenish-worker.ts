// Replenish, a worker: a thread that works on a plan over connections of its own, so that the server goes on answering.

import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase, type ConnectionSettings } from '../db.ts'
import { idSource } from '../ids.ts'
import { SERVER_ROLE, SERVER_SETTINGS } from '../manifest.ts'
import { workOnPlan, type PlanProgress } from './replenish-run.ts'

export interface PlanWork {
  readonly connection: ConnectionSettings
  readonly run: string
  /** What the clock showed as the work began: a thread has no part in a clock that is simulated. */
  readonly now: number
}

export type PlanTold = { readonly progress: PlanProgress } | { readonly done: boolean }

const { connection, run, now } = workerData as PlanWork
const port = parentPort!
const began = performance.now()
const clock = (): number => now + Math.round(performance.now() - began)
const stopping = new AbortController()
port.on('message', () => stopping.abort())

const database = openDatabase(connection, { role: SERVER_ROLE, settings: SERVER_SETTINGS, connections_max: 2 })
try {
  const tell = (told: PlanTold): void => port.postMessage(told)
  const onPart = (progress: PlanProgress): void => tell({ progress })
  tell({ done: await workOnPlan({ database, clock, newId: idSource(clock), signal: stopping.signal, onPart }, run) })
} finally {
  await database.close()
  port.close()
}
