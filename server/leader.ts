// Leader: background work that one process at a time does for all. Whoever gets the lock leads until he stops or his connection breaks; the others try again.

import { setTimeout as sleep } from 'node:timers/promises'
import { sql, type Database, type Session } from './db.ts'

/** Each by its own number; any will do, as long as every process uses the same. */
const locks = { relay: 7_235_202, beliefs: 7_235_203, expiredGoods: 7_235_204, plans: 7_235_205, backtests: 7_235_206 } as const

export interface Leading {
  readonly database: Database
  readonly lock: keyof typeof locks
  /** How often a process that does not lead tries to. */
  readonly lead_milliseconds: number
  /** Until then. */
  readonly signal: AbortSignal
  readonly onFault: (error: unknown) => void
}

/** Leads whenever it can, by `lead`, on the connection that holds the lock. Never rejects. */
export async function leadInTurn(
  { database, lock, lead_milliseconds, signal, onFault }: Leading,
  lead: (session: Session) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const session = await tryToLead(database, lock)
      if (session !== undefined) {
        // Closed, not given back: the lock goes with the connection.
        await lead(session).finally(() => session.release(true))
      }
    } catch (error) {
      onFault(error)
    }
    await pause(lead_milliseconds, signal)
  }
}

async function tryToLead(database: Database, lock: keyof typeof locks): Promise<Session | undefined> {
  const session = await database.session()
  try {
    const [row] = await session.query<{ locked: boolean }>(sql`select pg_try_advisory_lock(${locks[lock]}::bigint) as locked`)
    if (row?.locked) return session
    session.release()
    return undefined
  } catch (error) {
    session.release(true)
    throw error
  }
}

/** Whether some process leads in this database now. */
export async function isLed(database: Database, lock: keyof typeof locks): Promise<boolean> {
  const [row] = await database.query<{ led: boolean }>(sql`
    select exists (
      select from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
      where l.locktype = 'advisory' and l.classid = 0 and l.objid = ${locks[lock]}::oid and l.granted) as led`)
  return row!.led
}

/** Rests, but not beyond the end. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => sleep(milliseconds, undefined, { signal }).catch(() => undefined)
