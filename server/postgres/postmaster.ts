// Postmaster: PostgreSQL's first process. It outlives the process that started it, so that a killed server loses no database; whoever
// comes next finds it by the file `postmaster.pid` in its data folder.

import { spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { greet, SOCKET_PORT } from './greeting.ts'
import type { Room } from './room.ts'
import { isRunning, quietEnvironment, type RunAs } from './run.ts'
import { PostgresStartError } from './start-error.ts'

export type Settings = Readonly<Record<string, string>>

export interface Postmaster {
  readonly pid: number
  readonly socketFolder: string
}

const MEGABYTE = 2 ** 20
/**
 * An eighth of the machine's memory, within bounds: what does not fit is written by whoever needs the room, in the middle of an order. It is
 * taken from the machine only as it fills.
 */
const sharedBuffers_megabytes = Math.round(Math.min(Math.max(totalmem() / 8 / MEGABYTE, 128), 2048))

/** For a machine that is shared with the server. The npm binaries are built without lz4, and pglz costs more than it saves. */
const settingsByDefault: Settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  port: String(SOCKET_PORT),
  max_connections: '60',
  shared_buffers: `${sharedBuffers_megabytes}MB`,
  max_wal_size: '4GB',
  // The log's files are used again rather than made anew, which an order would have to wait for.
  min_wal_size: '1GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  wal_compression: 'off',
  jit: 'off',
  autovacuum: 'on',
  // A table that was empty a moment ago is known to be large within half a minute, and statements are planned for it.
  autovacuum_naptime: '30s',
  // Later and slower than usual: no plan hangs on fresh statistics (decision 0039), and what works in the background shall not make orders wait.
  autovacuum_analyze_scale_factor: '0.5',
  autovacuum_vacuum_insert_scale_factor: '0.5',
  autovacuum_vacuum_cost_delay: '10ms',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/**
 * A batch's arrays are a megabyte or two for a moment. The C library would hand such memory back to the system at the end of every transaction and
 * take it again, page by page, in the next: a sixth of the database's work. So much of it each process keeps instead.
 */
const keptMemory = { MALLOC_TRIM_THRESHOLD_: '16777216', MALLOC_MMAP_THRESHOLD_: '16777216', MALLOC_TOP_PAD_: '1048576' }

const POLL_MILLISECONDS = 20
const STOP_POLLS_MAX = 3000

/** The postmaster that holds the data folder now, if its process lives. A stale file may name a stranger's process: greet it before use. */
export async function runningPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  const socketFolder = lines[4]
  if (!Number.isSafeInteger(pid) || pid <= 0 || !socketFolder || !isRunning(pid)) return undefined
  return { pid, socketFolder }
}

export interface Launch {
  readonly pid: number
  /** True once the process has ended; what it wrote to the log since then tells why. */
  ended(): boolean
  said(): Promise<string>
}

/** Starts it in a session of its own, so that neither Ctrl-C nor the end of this process reaches it. */
export async function launch(binaries: Binaries, room: Room, runAs: RunAs, settings: Settings): Promise<Launch> {
  const all = Object.entries({ ...settingsByDefault, ...settings, unix_socket_directories: room.socket })
  const parameters = ['-D', room.data, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const log = await open(room.log, 'a', 0o600)
  const begin = (await log.stat()).size
  const child = spawn(binaries.postgres, parameters, {
    ...runAs,
    cwd: '/',
    env: { ...quietEnvironment, ...keptMemory },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  let fault = ''
  child.on('error', (error) => (fault = error.message))
  child.unref()
  await log.close()
  return {
    pid: child.pid ?? 0,
    ended: () => fault !== '' || child.exitCode !== null || child.signalCode !== null,
    said: async () => fault + (await readFile(room.log)).toString('utf8', begin),
  }
}

/** Fast shutdown: open transactions are rolled back, everything acknowledged is on disk. A process that does not answer on the socket is not ours to signal. */
export async function stopPostmaster(data: string): Promise<void> {
  const running = await runningPostmaster(data)
  if (!running || (await greet(running.socketFolder)) === 'silent') return
  process.kill(running.pid, 'SIGINT')
  for (let poll = 0; isRunning(running.pid); poll += 1) {
    if (poll === STOP_POLLS_MAX) throw new PostgresStartError('stop_timed_out', `PostgreSQL (process ${running.pid}) did not stop within a minute.`)
    await sleep(POLL_MILLISECONDS)
  }
}
