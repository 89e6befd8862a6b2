// qm import: a company's items, units, suppliers, bills, customers, services, events, stock and orders from CSV files. The default is all or nothing; --good-
// rows takes what is good and writes the rest beside the file; --dry-run only looks.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDay } from '../core/calendar.ts'
import { importFiles, type Imported, type ImportedFile, type ImportOptions } from '../server/import.ts'
import { fileNames, kinds, type Kind } from '../server/import/staging.ts'
import { command, oneOf } from './command.ts'
import { databaseOptions, DEFAULT_SITE, withDatabase } from './open.ts'
import { UsageError, type ExitCode } from './terminal.ts'

export const importCommand = command({
  name: 'import',
  summary: 'Read items, units, suppliers, bills, customers, services, events, stock and orders from CSV files',
  words: `[${kinds.join('|')}] FILE | DIR`,
  words_max: 2,
  example: 'qm import data/adventure-works\nqm import orders data/adventure-works/order_lines.csv --dry-run',
  options: {
    site: { type: 'string', value: 'CODE', about: `The site of the stock and the orders; made when it is not there (${DEFAULT_SITE})` },
    only: {
      type: 'string',
      multiple: true,
      value: 'KIND',
      about: 'Of a folder take only items, units, suppliers, catalogue, bills, customers, services, events, stock or orders; once for each',
    },
    calendar: { type: 'string', value: 'original|aligned', about: 'Which of the two order dates counts (original)' },
    opened: { type: 'string', value: 'DAY', about: 'The day stock is opened; without it the day before the first order, or today' },
    'dry-run': { type: 'boolean', about: 'Check everything, write nothing' },
    'good-rows': { type: 'boolean', about: 'Import the rows without a fault; write the others to FILE.rejected.csv' },
    ...databaseOptions,
  },
  run: async ({ options, words, terminal }) => {
    const wanted: Omit<ImportOptions, 'files'> = {
      site: options.site ?? DEFAULT_SITE,
      calendar: oneOf('--calendar', options.calendar ?? 'original', ['original', 'aligned']),
      openedOn:
        options.opened === undefined
          ? undefined
          : (parseDay(options.opened) ?? wrong(`--opened takes a day such as 2014-12-31, not ${options.opened}`)),
      dryRun: options['dry-run'],
      goodRows: options['good-rows'],
      progress: (what, done, total) => terminal.progress(what, done, total),
    }
    if (!/^[A-Z][A-Z0-9]{1,7}$/.test(wanted.site)) wrong(`A site code is two to eight capital letters and digits, not ${wanted.site}`)
    const files = await filesOf(
      words,
      options.only.map((kind) => oneOf('--only', kind, kinds)),
    )
    const imported = await withDatabase(options, terminal, (opened) => importFiles(opened, { ...wanted, files }))
    terminal.tell(imported, textOf(imported))
    return exitOf(imported, wanted.goodRows)
  },
})

/** The files of a folder that an import reads. */
async function filesIn(folder: string, only: readonly Kind[]): Promise<ImportOptions['files']> {
  const there = new Set(await readdir(folder))
  const found = kinds.filter((kind) => there.has(fileNames[kind]) && (only.length === 0 || only.includes(kind)))
  if (found.length === 0) wrong(`${folder} has none of ${Object.values(fileNames).join(', ')}`)
  return Object.fromEntries(found.map((kind) => [kind, join(folder, fileNames[kind])]))
}

async function filesOf(words: readonly string[], only: readonly Kind[]): Promise<ImportOptions['files']> {
  const [first, second] = words
  if (first === undefined) wrong('What is to be imported? A folder, or a kind and a file')
  const isKind = kinds.some((kind) => kind === first)
  if (!isKind && second === undefined && (await stat(first)).isDirectory()) return filesIn(first, only)
  if (second === undefined && !isKind) wrong(`What is in ${first}? Say it before the file: ${kinds.join(', ')}`)
  const kind = oneOf('what is imported', first, kinds)
  if (second === undefined) wrong(`Which file? qm import ${kind} FILE`)
  if (!(await stat(second)).isFile()) wrong(`${second} is not a file`)
  return { [kind]: second }
}

function exitOf({ ok, files }: Imported, goodRows: boolean): ExitCode {
  if (ok) return 0
  return goodRows && files.some((file) => file.imported > 0) ? 1 : 2
}

function textOf({ files, faults, shown, dryRun, seconds }: Imported): string {
  const names = new Map(files.map(({ kind, file }) => [kind, file]))
  const nothing = dryRun ? 'Nothing was written: this was a dry run.' : 'Nothing was written: mend the rows, or take the good ones with --good-rows.'
  return [
    ...shown.map(({ kind, row, column, code, detail }) => `${names.get(kind)}: row ${row}${column === '' ? '' : `, ${column}`}: ${detail} (${code})`),
    ...(faults > shown.length ? [`... and ${(faults - shown.length).toLocaleString('en')} more faults`] : []),
    ...files.map(lineOf),
    ...(dryRun || (faults > 0 && files.every((file) => file.imported === 0)) ? [nothing] : []),
    `${seconds.toFixed(1)} s`,
  ].join('\n')
}

function lineOf({ kind, rows, imported, already, rejected, rejectedFile }: ImportedFile): string {
  const count = (some: number, what: string): string => (some === 0 ? '' : `, ${some.toLocaleString('en')} ${what}`)
  const where = rejectedFile === undefined ? '' : ` (see ${rejectedFile})`
  return `${kind}: ${rows.toLocaleString('en')} rows${count(imported, 'imported')}${count(already, 'recorded before or empty')}${count(rejected, 'with faults')}${where}`
}

function wrong(text: string): never {
  throw new UsageError(text)
}
