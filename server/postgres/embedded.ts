// Embedded PostgreSQL: a real server, started from npm's binaries or joined when it already runs, so that nobody has to install or
// configure a database. It listens on a Unix socket in a private folder and on no network.
//
// One postmaster serves every process that opens the same folder. It survives a killed server, and the last process that stops takes
// it down; each trap of this road was met as a failure, and has its place in one of the files beside this one.

import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { packagedFolder, readyBinaries, type Binaries } from './binaries.ts'
import { readyCluster } from './cluster.ts'
import { CLUSTER_DATABASE, CLUSTER_USER, greet, SOCKET_PORT } from './greeting.ts'
import { launch, runningPostmaster, stopPostmaster, type Settings } from './postmaster.ts'
import { openRoom, type Room } from './room.ts'
import { isRunning, runAsOfProcess, type RunAs } from './run.ts'
import { PostgresStartError, startErrorFrom } from './start-error.ts'

export interface EmbeddedOptions {
  /** Where the data is kept; made when it is not there. */
  readonly folder: string
  /** Told what takes time, in words for a person. */
  readonly report?: (step: string) => void
  /** Other binaries than npm's: a folder with `bin` in it. */
  readonly binaries?: string
  /** Settings beside the usual ones, e.g. for a test. */
  readonly settings?: Settings
}

export interface Embedded {
  readonly connection: { readonly host: string; readonly port: number; readonly user: string; readonly database: string }
  readonly pid: number
  /** True when it was already running. */
  readonly attached: boolean
  /** The folder that holds the data, which is not below the one asked for where only root could enter that. */
  readonly folder: string
  /** Leaves it; the last to leave shuts it down and waits until it has. */
  stop(): Promise<void>
}

const POLL_MILLISECONDS = 20
/** A killed postmaster's lock is held by its children for 0.5 to 4 s. */
const LOCK_TRIES_MAX = 40
const LOCK_TRY_MILLISECONDS = 250
/** Recovery reads up to `max_wal_size` of log. */
const START_POLLS_MAX = 30_000
const RECOVERY_REPORT_POLLS = 100

let users = 0

export async function startEmbedded({ folder, report = () => undefined, binaries, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  const runAs = runAsOfProcess()
  const room = await openRoom(folder, runAs, report)
  const programs = await readyBinaries(binaries ?? packagedFolder(), room.folder, runAs, report)
  await readyCluster(programs, room, runAs, report)
  const user = join(room.users, `${process.pid}-${(users += 1)}`)
  await writeFile(user, '')
  try {
    const { pid, host, attached } = await joinOrLaunch(programs, room, runAs, settings, report)
    const connection = { host, port: SOCKET_PORT, user: CLUSTER_USER, database: CLUSTER_DATABASE }
    return { connection, pid, attached, folder: room.folder, stop: () => leave(room, user) }
  } catch (error) {
    await rm(user, { force: true })
    throw error
  }
}

interface Started {
  readonly pid: number
  readonly host: string
  readonly attached: boolean
}

async function joinOrLaunch(binaries: Binaries, room: Room, runAs: RunAs, settings: Settings, report: (step: string) => void): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const joined = await joinRunning(room, report)
    if (joined) return joined
    try {
      return await launchAndWait(binaries, room, runAs, settings, report)
    } catch (error) {
      const held = error instanceof PostgresStartError && error.code === 'lock_held'
      if (!held || attempt === LOCK_TRIES_MAX) throw error
      if (attempt === 1) report('Waiting for the last PostgreSQL to let go of the data')
      await sleep(LOCK_TRY_MILLISECONDS)
    }
  }
}

async function joinRunning(room: Room, report: (step: string) => void): Promise<Started | undefined> {
  for (let poll = 0; poll < START_POLLS_MAX; poll += 1) {
    const running = await runningPostmaster(room.data)
    if (!running) return undefined
    const greeting = await greet(running.socketFolder)
    if (greeting === 'ready') return { pid: running.pid, host: running.socketFolder, attached: true }
    if (greeting === 'silent') return undefined
    if (greeting === 'stranger') throw notOurs(room)
    if (poll === RECOVERY_REPORT_POLLS) report('Waiting for PostgreSQL to recover')
    await sleep(POLL_MILLISECONDS)
  }
  throw tooSlow(room)
}

async function launchAndWait(binaries: Binaries, room: Room, runAs: RunAs, settings: Settings, report: (step: string) => void): Promise<Started> {
  const launched = await launch(binaries, room, runAs, settings)
  for (let poll = 0; poll < START_POLLS_MAX; poll += 1) {
    if (launched.ended()) throw startErrorFrom(await launched.said(), room.folder)
    const greeting = await greet(room.socket)
    if (greeting === 'stranger') throw notOurs(room)
    const running = await runningPostmaster(room.data)
    // Another starter's server may have answered; ours will find the lock held and end.
    if (greeting === 'ready' && running) return { pid: running.pid, host: room.socket, attached: running.pid !== launched.pid }
    if (poll === RECOVERY_REPORT_POLLS) report('Waiting for PostgreSQL to recover')
    await sleep(POLL_MILLISECONDS)
  }
  throw tooSlow(room)
}

async function leave(room: Room, user: string): Promise<void> {
  await rm(user, { force: true })
  for (const name of await readdir(room.users)) {
    if (isRunning(Number(name.split('-')[0]))) return
    await rm(join(room.users, name), { force: true })
  }
  await stopPostmaster(room.data)
}

const notOurs = (room: Room): PostgresStartError =>
  new PostgresStartError(
    'folder_foreign',
    `The PostgreSQL of ${room.folder} has no database of Quartermaster: choose another folder, or move it away.`,
  )

const tooSlow = (room: Room): PostgresStartError =>
  new PostgresStartError(
    'start_timed_out',
    `PostgreSQL is still recovering ${room.folder} after 10 minutes: wait for it, ${room.log} tells how far it is, and start again.`,
  )
