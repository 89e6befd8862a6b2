// qm export: the record on standard output, as CSV for people or NDJSON for machines.

import { exports, exportText } from '../server/export.ts'
import { controlSite } from '../core/item.ts'
import { command, oneOf } from './command.ts'
import { databaseOptions, withDatabase } from './open.ts'
import { UsageError } from './terminal.ts'

export const exportCommand = command({
  name: 'export',
  summary: 'Write moves, stock, orders, items or suppliers as CSV or NDJSON',
  words: exports.join('|'),
  words_max: 1,
  example: 'qm export stock --site SEA > stock.csv\nqm export moves --format ndjson | wc -l',
  options: {
    format: { type: 'string', value: 'csv|ndjson', about: 'CSV, in which no text can run as a formula, or one JSON value a line (csv)' },
    site: { type: 'string', multiple: true, value: 'CODE', about: 'Only this site, once for each; without it every site' },
    ...databaseOptions,
  },
  run: async ({ options, words, terminal }) => {
    const what = oneOf('what is exported', words[0], exports)
    const format = terminal.json ? 'ndjson' : oneOf('--format', options.format ?? 'csv', ['csv', 'ndjson'])
    await withDatabase(options, terminal, async ({ database, catalog }) => {
      const known = (await catalog.sites()).filter((one) => one.site !== controlSite)
      const unknown = options.site.find((code) => !known.some((one) => one.code === code))
      if (unknown !== undefined) throw new UsageError(`There is no site ${unknown}`)
      const wanted = known.filter((one) => options.site.length === 0 || options.site.includes(one.code)).toSorted((a, b) => a.site - b.site)
      const progress = (rows: number): void => terminal.progress(`Exporting ${what}`, rows)
      for await (const text of exportText(
        database,
        what,
        format,
        wanted.map((one) => one.site),
        progress,
      ))
        await terminal.write(text)
    })
    return 0
  },
})
