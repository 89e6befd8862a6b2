// Processor time: what a process, or a PostgreSQL with all its processes, has used of the processor so far. Read from /proc, so only Linux
// can tell; elsewhere the answer is null, and a bench says so instead of guessing.

import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second for every program. */
const TICK_MILLISECONDS = 10

interface Stat {
  readonly parent: number
  readonly own_ms: number
  /** Of children that have ended and were waited for. */
  readonly ended_ms: number
}

export function processMilliseconds(pid: number): number | null {
  return statOf(pid)?.own_ms ?? null
}

/** The postmaster, its children that live, and those that have ended. */
export function postgresMilliseconds(postmaster: number): number | null {
  const own = statOf(postmaster)
  if (own === undefined) return null
  let sum = own.own_ms + own.ended_ms
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined
    if (stat?.parent === postmaster) sum += stat.own_ms
  }
  return sum
}

function statOf(pid: number): Stat | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  // After the name, which may hold anything: state, parent, ..., user, system, children's user, children's system.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15)
  return { parent: fields[1]!, own_ms: (user! + system!) * TICK_MILLISECONDS, ended_ms: (endedUser! + endedSystem!) * TICK_MILLISECONDS }
}
