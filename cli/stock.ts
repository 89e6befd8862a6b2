// qm stock: what a site had of an item and what it was worth, as it was at a time, by what is known now or was known then.

import { instant, textOf, type Instant } from '../core/calendar.ts'
import { asOf, type StockAsOf } from '../server/as-of.ts'
import { command, wholeNumber } from './command.ts'
import { databaseOptions, DEFAULT_SITE, withDatabase } from './open.ts'
import { UsageError } from './terminal.ts'

export const stockCommand = command({
  name: 'stock',
  summary: 'Tell stock and value of an item as they were at a time, by what is known now or was known then',
  words: 'SKU',
  words_max: 1,
  example:
    'qm stock BK-M68B-42 --site AWC --at 2026-10-31T23:59:59Z\nqm stock BK-M68B-42 --at 2026-10-31T23:59:59Z --known 2026-11-01T08:00:00Z --json',
  options: {
    site: { type: 'string', value: 'CODE', about: `Where (${DEFAULT_SITE})` },
    at: { type: 'string', value: 'TIME', about: 'As it was then, by when things happened (now)' },
    known: { type: 'string', value: 'TIME', about: 'As known then, by when things were recorded (all that is known)' },
    sequence: { type: 'string', value: 'N', about: "As known when this was the site's last move" },
    ...databaseOptions,
  },
  run: async ({ options, words, terminal }) => {
    const [sku] = words
    if (sku === undefined) throw new UsageError('Which item? Name its SKU')
    const [at, known] = [timeOf('--at', options.at), timeOf('--known', options.known)]
    const sequence = wholeNumber('sequence', options.sequence, { min: 0, max: Number.MAX_SAFE_INTEGER })
    await withDatabase(options, terminal, async ({ database, catalog, clock }) => {
      const code = options.site ?? DEFAULT_SITE
      const site = await catalog.siteByCode(code)
      if (site === undefined) throw new UsageError(`There is no site ${code}`)
      const item = (await catalog.itemsBySku([sku])).get(sku)
      if (item === undefined) throw new UsageError(`There is no item ${sku}`)
      const then = at ?? instant(clock())
      const found = await asOf(database, { site, item: item.item, at: then, known: { sequence, at: known } })
      terminal.tell({ site: code, sku, at: textOf(then), ...found }, textOfStock(sku, code, then, found))
    })
    return 0
  },
})

function timeOf(option: string, text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined
  const milliseconds = Date.parse(text)
  if (Number.isNaN(milliseconds)) throw new UsageError(`${option} takes a date and time such as 2026-10-31T23:59:59Z, not ${text}`)
  return instant(milliseconds)
}

function textOfStock(sku: string, site: string, at: Instant, { sequence, quantity, value, rows }: StockAsOf): string {
  const lines = rows.map(
    (row) =>
      `${[row.place, row.lot, row.serial, row.package]
        .filter((one) => one !== '')
        .join(' ')
        .padEnd(40)}${row.condition.padEnd(12)}${row.quantity}`,
  )
  return [`${site} had ${quantity} of ${sku} at ${textOf(at)}, worth ${(value / 100).toFixed(2)}, as known after move ${sequence}.`, ...lines].join(
    '\n',
  )
}
