// Stage: what a bench is played on: a fresh PostgreSQL in a temporary folder with the settings of every day, a world in it, `qm serve` as a
// process of its own over it, and the load client as another. Nothing of it is left behind.

import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openServer, type Opened } from '../server/open.ts'
import { startEmbedded } from '../server/postgres/embedded.ts'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import type { LoadEvent, LoadJob, LoadResult } from './load.ts'
import { postgresMilliseconds, processMilliseconds } from './processor-time.ts'
import { furnish, type BenchWorld } from './world.ts'

export interface Stage {
  readonly opened: Opened
  readonly world: BenchWorld
  /** Of the server. */
  readonly address: { readonly host: string; readonly port: number }
  /** PostgreSQL's processor time so far. */
  readonly postgres_ms: () => number | null
  /** Has the load client do its job; `cpu_ms` is what server and PostgreSQL used in the measured window. */
  readonly load: (job: Pick<LoadJob, 'skus' | 'warmup_seconds' | 'seconds' | 'way'>) => Promise<LoadResult & { readonly cpu_ms: number | null }>
  readonly close: () => Promise<void>
}

export async function openStage(items_count: number, report: (step: string) => void): Promise<Stage> {
  const folder = await temporaryFolder()
  const cluster = await startEmbedded({ folder, report })
  const opened = await openServer({ folder })
  const undo: (() => Promise<unknown>)[] = [() => removeTemporary(folder), () => cluster.stop(), () => opened.close()]
  const close = async (): Promise<void> => {
    while (undo.length > 0) await undo.pop()!()
  }
  try {
    report(`Making ${items_count} items and their stock`)
    const world = await furnish(opened, items_count)
    // As autovacuum leaves a database that has lived for a while.
    await opened.owner.script('vacuum analyze')
    const server = await startServer(folder)
    undo.push(() => ended(server.process, () => server.process.kill('SIGTERM')))
    const client = fork(join(import.meta.dirname, 'load-client.ts'), { stdio: 'inherit' })
    undo.push(() => ended(client, () => client.disconnect()))
    const cpu = (): number | null => sum(processMilliseconds(server.process.pid!), postgresMilliseconds(cluster.pid))
    const { hostname: host, port } = new URL(server.url)
    const address = { host, port: Number(port) }
    const told = { ...address, secret: world.secret, siteCode: world.siteCode, customerCode: world.customerCode }
    return {
      opened,
      world,
      address,
      close,
      postgres_ms: () => postgresMilliseconds(cluster.pid),
      load: (job) => load(client, { ...told, ...job }, cpu),
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function load(client: ChildProcess, job: LoadJob, cpu: () => number | null): Promise<LoadResult & { cpu_ms: number | null }> {
  let began: number | null = null
  let used: number | null = null
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('The load client ended before its job did.'))
    const hear = (message: unknown): void => {
      const told = message as LoadEvent
      if (told.event === 'open') began = cpu()
      else if (told.event === 'closed') used = sum(cpu(), began === null ? null : -began)
      else {
        client.off('message', hear).off('exit', fail)
        resolve({ ...told.result, cpu_ms: used })
      }
    }
    client.on('message', hear).once('exit', fail)
    client.send(job)
  })
}

/** The server that everybody runs, by the command that everybody runs. */
async function startServer(folder: string): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const qm = join(import.meta.dirname, '..', 'cli', 'qm.ts')
  const server = spawn(process.execPath, [qm, 'serve', '--folder', folder, '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  server.stderr.on('data', (text: Buffer) => (said += text.toString()))
  for await (const line of createInterface(server.stdout)) {
    const { url } = JSON.parse(line) as { url?: string }
    if (url !== undefined) return { process: server, url }
  }
  throw new Error(`The server did not start: ${said}`)
}

async function ended(child: ChildProcess, end: () => unknown): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  end()
  await exit
}

const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b)
