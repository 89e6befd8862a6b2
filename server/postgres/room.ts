// The room: the folder in which the embedded PostgreSQL keeps everything of its own (data, socket, log, who uses it). It belongs to the
// user PostgreSQL runs as and to nobody else, which is why its socket needs no password.
//
// It is `postgres` in the folder that was asked for. As root, under a folder that only root can enter, nobody could not reach it: then it is
// made under /var/lib/quartermaster, and `postgres` is a link to it, so that data moves along with a folder that is moved.

import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, realpath, rm, rmdir, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { socketPath } from './greeting.ts'
import { isRunning, run, uidOf, type RunAs } from './run.ts'
import { PostgresStartError, withCause } from './start-error.ts'

export interface Room {
  readonly folder: string
  readonly data: string
  readonly socket: string
  readonly log: string
  /** One file for each process that uses this PostgreSQL now. */
  readonly users: string
}

const SHARED_STATE_FOLDER = '/var/lib/quartermaster'
/** Tries of emptying a folder that somebody still writes to, each a tenth of a second longer apart. */
const SWEEP_TRIES_MAX = 12
/** What fits into a Unix socket's address, without its closing zero byte. */
const SOCKET_PATH_BYTES_MAX = process.platform === 'darwin' ? 103 : 107

export async function openRoom(wanted: string, runAs: RunAs, report: (step: string) => void): Promise<Room> {
  const folder = await withCause(wanted, () => roomFolder(resolve(wanted), runAs, report))
  await refuseOtherOwner(folder, runAs)
  const room = {
    folder,
    data: join(folder, 'data'),
    socket: await socketFolder(folder, runAs),
    log: join(folder, 'log'),
    users: join(folder, 'users'),
  }
  await withCause(wanted, async () => {
    await makePrivate(room.users, runAs)
    await sweepPartials(folder)
  })
  return room
}

/** `data.partial-<pid>`: beside the real name, and its maker's number in it, so that what a killed maker left behind can be known. */
export const partialName = (name: string): string => `${name}.partial-${process.pid}`

async function roomFolder(wanted: string, runAs: RunAs, report: (step: string) => void): Promise<string> {
  await makeOpen(wanted)
  await refuseForeign(wanted)
  const entry = join(wanted, 'postgres')
  if (!(await exists(entry))) {
    if (await canEnter(wanted, runAs)) await makePrivate(entry, runAs)
    else await makeElsewhere(entry, runAs)
  }
  const folder = await realpath(entry)
  if (folder.startsWith(SHARED_STATE_FOLDER)) report(`Only root can enter ${wanted}, so the data is in ${folder}`)
  return folder
}

async function refuseForeign(wanted: string): Promise<void> {
  if (await exists(join(wanted, 'PG_VERSION'))) {
    throw new PostgresStartError(
      'folder_foreign',
      `${wanted} is another PostgreSQL's data folder, not Quartermaster's: choose a folder of its own, or reach that server by DATABASE_URL.`,
    )
  }
}

async function refuseOtherOwner(folder: string, runAs: RunAs): Promise<void> {
  const owner = (await stat(folder)).uid
  if (owner === uidOf(runAs)) return
  throw new PostgresStartError(
    'folder_of_another_user',
    `The data in ${folder} belongs to user ${owner}, and PostgreSQL would run as user ${uidOf(runAs)}: start as the owner, or choose another folder.`,
  )
}

/** Makes a folder that others may pass through, also under a strict umask. */
async function makeOpen(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755)
}

async function makePrivate(folder: string, runAs: RunAs): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (runAs.uid !== undefined && runAs.gid !== undefined) await chown(folder, runAs.uid, runAs.gid)
}

async function makeElsewhere(entry: string, runAs: RunAs): Promise<void> {
  await makeOpen(SHARED_STATE_FOLDER)
  const folder = await mkdtemp(join(SHARED_STATE_FOLDER, 'cluster-'))
  await makePrivate(folder, runAs)
  await symlink(folder, entry).catch(async (error: NodeJS.ErrnoException) => {
    await rmdir(folder)
    // Another starter was first: its room is as good as ours.
    if (error.code !== 'EEXIST') throw error
  })
}

/** Asks the system, not the mode bits: every folder above counts, and access lists too. */
async function canEnter(folder: string, runAs: RunAs): Promise<boolean> {
  if (runAs.uid === undefined) return true
  return (await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], runAs)).ok
}

/** In the room where the address is short enough, else in a temporary folder that is named after the room. */
async function socketFolder(folder: string, runAs: RunAs): Promise<string> {
  const name = `quartermaster-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
  const places = [join(folder, 'socket'), join(tmpdir(), name), join('/tmp', name)]
  const place = places.find((path) => Buffer.byteLength(socketPath(path)) <= SOCKET_PATH_BYTES_MAX)!
  await withCause(place, () => makePrivate(place, runAs))
  const made = await lstat(place)
  // A temporary folder is anybody's to write in, so a stranger could have made this name first and listen in it.
  if (!made.isDirectory() || made.uid !== uidOf(runAs) || (made.mode & 0o077) !== 0) {
    throw new PostgresStartError('socket_folder_taken', `${place} is not a private folder of user ${uidOf(runAs)}: remove it and start again.`)
  }
  return place
}

async function sweepPartials(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const maker = /\.partial-(\d+)$/.exec(name)?.[1]
    // A killed maker's initdb may still be writing: what it puts into a folder that is being emptied is met by trying again.
    if (maker !== undefined && !isRunning(Number(maker)))
      await rm(join(folder, name), { recursive: true, force: true, maxRetries: SWEEP_TRIES_MAX, retryDelay: 100 })
  }
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false
      throw error
    },
  )
}
