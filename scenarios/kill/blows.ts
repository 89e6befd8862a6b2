// Blows: what is killed with -9, in turn: the server, all of PostgreSQL, one of its connections' processes (which makes it throw out all
// others and recover), and everything at once, as when a machine loses its power but for what the disk has been told to keep.

import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runningPostmaster } from '../../server/postgres/postmaster.ts'
import type { Chance } from '../chance.ts'
import type { ServerProcess } from '../rig/server-process.ts'

export const blows = ['server', 'postgresql', 'connection', 'both'] as const
export type Blow = (typeof blows)[number]

/** Strikes; true when the server has to be started again by its supervisor. */
export async function strike(blow: Blow, folder: string, server: ServerProcess, chance: Chance): Promise<boolean> {
  if (blow === 'connection') await killConnection(folder, chance)
  if (blow === 'server' || blow === 'both') await server.kill()
  if (blow === 'postgresql' || blow === 'both') await killPostgres(folder)
  return blow === 'server' || blow === 'both'
}

async function killPostgres(folder: string): Promise<void> {
  const { postmaster, children } = await processesOf(folder)
  for (const pid of [postmaster, ...children.map((child) => child.pid)]) kill(pid)
}

async function killConnection(folder: string, chance: Chance): Promise<void> {
  const { children } = await processesOf(folder)
  const connections = children.filter((child) => child.name.includes('[local]'))
  if (connections.length > 0) kill(chance.oneOf(connections).pid)
}

interface Child {
  readonly pid: number
  readonly name: string
}

async function processesOf(folder: string): Promise<{ readonly postmaster: number; readonly children: readonly Child[] }> {
  const running = await runningPostmaster(join(await realpath(join(folder, 'postgres')), 'data'))
  if (running === undefined) throw new Error('PostgreSQL does not run.')
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  const children = stdout.split('\n').flatMap((line) => {
    const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return Number(parent) === running.pid ? [{ pid: Number(pid), name: name! }] : []
  })
  return { postmaster: running.pid, children }
}

/** One that ended by itself meanwhile is as good as killed. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
