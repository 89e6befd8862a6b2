// Snapshot: several reads that see one moment. What is told with the rows that it is made of must add up, whatever is written meanwhile.

import { rollback, type Connection, type Database } from './db.ts'

const begin = { text: 'begin isolation level repeatable read read only', values: [] } as const

/** Reads in one snapshot; nothing can be written in it. */
export async function inSnapshot<Told>(database: Database, read: (session: Connection) => Promise<Told>): Promise<Told> {
  const session = await database.session()
  try {
    await session.execute(begin)
    return await read(session)
  } finally {
    session.release(
      await session.execute(rollback).then(
        () => false,
        () => true,
      ),
    )
  }
}
