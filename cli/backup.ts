// qm backup: the whole database as it is now, in one file, while a server goes on.

import { backUp } from '../server/backup.ts'
import { BackupError } from '../server/backup/fault.ts'
import { systemClock } from '../server/clock.ts'
import { OpenError } from '../server/open.ts'
import { command } from './command.ts'
import { databaseOf, databaseOptions } from './open.ts'
import { InputError, UsageError } from './terminal.ts'

const MEGABYTE = 1e6

export const backupCommand = command({
  name: 'backup',
  summary: 'Write the whole database into one file, while the server goes on',
  words: 'FILE',
  words_max: 1,
  example: 'qm backup /mnt/elsewhere/monday.qmb\nqm backup /mnt/elsewhere/latest.qmb --force --json',
  options: {
    force: { type: 'boolean', about: 'Write over a file that is there' },
    ...databaseOptions,
  },
  run: async ({ options: { force, folder }, words: [file], terminal }) => {
    if (file === undefined) throw new UsageError('Into which file? qm backup FILE')
    const onBytes = (table: string, bytes: number): void => terminal.progress(`Backing up ${table}, megabytes`, Math.round(bytes / MEGABYTE))
    const wanted = { ...databaseOf({ folder }, terminal), file, force, clock: systemClock, onBytes, signal: untilStopped() }
    const { manifest, bytes, seconds } = await orInputError(() => backUp(wanted))
    const { created_at, product, epoch, heads, tables, migrations, seal_key } = manifest
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    const moves = heads.reduce((sum, { sequence }) => sum + sequence, 0)
    const told = {
      file,
      created_at,
      product,
      migration: migrations.length,
      epoch,
      sites: heads.length,
      moves,
      rows,
      bytes,
      seconds: rounded(seconds),
    }
    const text = `${file}: ${rows.toLocaleString('en')} rows, ${moves.toLocaleString('en')} moves among them, as of ${created_at}; ${rounded(bytes / MEGABYTE)} MB in ${rounded(seconds)} s.`
    terminal.tell({ ...told, holds_seal_key: seal_key !== null }, text)
    terminal.note(seal_key === null ? KEY_OUTSIDE : KEY_INSIDE)
    return 0
  },
})

const KEY_INSIDE = 'The file holds the key that the ledger is sealed with, and hashes of passwords: keep it as secret as the data.'
const KEY_OUTSIDE = 'The file holds hashes of passwords: keep it as secret as the data. QUARTERMASTER_SEAL_KEY is not in it: a restore asks for it.'

/** What a person can mend of a backup's or a restore's faults ends with the exit code of wrong input. */
export async function orInputError<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const isInput = error instanceof OpenError || (error instanceof BackupError && error.code !== 'stopped')
    throw isInput ? new InputError(error.code, error.message) : error
  }
}

/** Ctrl-C ends the work in order; a second one does not wait. */
export function untilStopped(): AbortSignal {
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      stopping.abort(new BackupError('stopped', 'It was stopped; nothing was left behind.'))
      process.once(name, () => process.exit(130))
    })
  return stopping.signal
}

export const rounded = (value: number): number => Math.round(value * 100) / 100
