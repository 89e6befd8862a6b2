// Check: one invariant, and the statement or program that finds the first row against it. Every check of a run sees the same snapshot, so
// lanes go on working meanwhile. A statement names the row it found itself: table, site, key, and what is wrong with it.

import type { Connection, Statement } from '../db.ts'
import type { ExportedHead } from '../heads.ts'
import type { Balance } from './balance.ts'

/** The first row that is against an invariant. */
export interface Offence {
  readonly table: string
  readonly site: number
  readonly key: string
  readonly problem: string
}

export interface VerifyContext {
  readonly sealKey: Buffer
  /** Heads that were written down outside the database. */
  readonly heads: readonly ExportedHead[]
}

export interface Check {
  readonly name: string
  /** What holds, in a sentence. */
  readonly invariant: string
  find(session: Connection, context: VerifyContext): Promise<Offence | undefined>
}

/** Checks that one connection runs in turn, after what they share was gathered. */
export interface CheckGroup {
  readonly gather?: readonly Statement[]
  readonly checks: readonly Check[]
  /** Where these come to nothing all checks hold, and none is run. */
  readonly balances?: readonly Balance[]
  /** Whether the checks hold only where every single move is lawful too. */
  readonly lawful?: true
}

/** The statement answers columns table, site, key and problem, the first offending row first, and no row when all is well. */
export const rowCheck = (name: string, invariant: string, statement: Statement): Check => ({
  name,
  invariant,
  find: async (session) => (await session.query<Offence>(statement))[0],
})
