// qm verify: proves the ledger and all that is derived from it, while the server may go on. Exit code 1 when a row is against an invariant;
// each check that fails names the first such row.

import { join } from 'node:path'
import { HEADS_FILE, readHeadsFile } from '../server/heads.ts'
import { verify, type Verification } from '../server/verify.ts'
import { command } from './command.ts'
import { databaseOf, databaseOptions, withDatabase } from './open.ts'
import { UsageError } from './terminal.ts'

export const verifyCommand = command({
  name: 'verify',
  summary: 'Check every invariant of the record and name the first row against each',
  words: '',
  words_max: 0,
  example: 'qm verify\nqm verify --heads /mnt/elsewhere/heads.ndjson --json',
  options: {
    heads: { type: 'string', value: 'FILE', about: `Heads that were written down outside the database (${HEADS_FILE} in the folder)` },
    ...databaseOptions,
  },
  run: async ({ options, terminal }) => {
    const file = options.heads ?? join(databaseOf(options, terminal).folder, HEADS_FILE)
    const heads = await readHeadsFile(file).catch((error: Error) => {
      throw new UsageError(error.message)
    })
    if (options.heads !== undefined && heads.length === 0) throw new UsageError(`There are no heads in ${options.heads}`)
    return withDatabase(options, terminal, async ({ database, sealKey }) => {
      const report = ({ done, of }: { readonly done: number; readonly of: number }): void => terminal.progress('parts verified', done, of)
      const verification = await verify(database, { sealKey, heads, report })
      terminal.tell({ ...verification, heads: heads.length }, verificationText(verification, heads.length))
      return verification.ok ? 0 : 1
    })
  },
})

/** Each check with its answer, and the verdict. */
export function verificationText({ ok, moves, seconds, checks }: Verification, heads: number): string {
  const lines = checks.map(({ name, invariant, offending: at }) =>
    at === undefined ? `ok      ${name}: ${invariant}` : `FAILED  ${name}: ${at.table} of site ${at.site}, ${at.key}: ${at.problem}`,
  )
  const known = heads === 0 ? 'no heads from outside the database were at hand' : `${heads} heads from outside the database`
  const verdict = ok ? 'everything holds' : `${checks.filter((check) => !check.ok).length} checks failed`
  return [...lines, `${moves.toLocaleString('en')} moves in ${seconds} s, ${known}: ${verdict}.`].join('\n')
}
