// qm restore: a backup into an empty database, whole or not at all, and proved afterwards. Exit code 1 when a row of it is against an invariant.

import { systemClock } from '../server/clock.ts'
import { restore } from '../server/restore.ts'
import { orInputError, rounded, untilStopped } from './backup.ts'
import { command } from './command.ts'
import { databaseOf, databaseOptions } from './open.ts'
import { UsageError } from './terminal.ts'
import { verificationText } from './verify.ts'

const MEGABYTE = 1e6

export const restoreCommand = command({
  name: 'restore',
  summary: 'Bring a backup into an empty database, and verify it there',
  words: 'FILE',
  words_max: 1,
  example: 'qm restore /mnt/elsewhere/monday.qmb --folder restored-data\nqm serve --folder restored-data',
  options: databaseOptions,
  run: async ({ options, words: [file], terminal }) => {
    if (file === undefined) throw new UsageError('Of which file? qm restore FILE')
    const wanted = {
      ...databaseOf(options, terminal),
      file,
      clock: systemClock,
      report: (step: string) => terminal.note(step),
      onBytes: (what: string, done: number, of: number) =>
        terminal.progress(`Megabytes ${what}`, Math.round(done / MEGABYTE), Math.round(of / MEGABYTE)),
      onVerified: ({ done, of }: { readonly done: number; readonly of: number }) => terminal.progress('parts verified', done, of),
      signal: untilStopped(),
    }
    const { manifest, epoch, seconds, verification } = await orInputError(() => restore(wanted))
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    const heads = manifest.heads.length
    const text = `${file}: ${rows.toLocaleString('en')} rows as of ${manifest.created_at} restored and verified in ${rounded(seconds)} s; the feed is in epoch ${epoch}.`
    terminal.tell(
      { file, created_at: manifest.created_at, epoch, rows, seconds: rounded(seconds), verify: { ...verification, heads } },
      `${verificationText(verification, heads)}\n${text}`,
    )
    return verification.ok ? 0 : 1
  },
})
