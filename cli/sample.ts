// qm sample: a random sample of a site's items to be counted, and what the site holds altogether as the counts say. Nothing is written: the sample is drawn again
// from its seed when the counts are there, by whoever wants to see whether it was drawn so (docs/sampling.md).

import { stat } from 'node:fs/promises'
import { expectedHalfWidth, sizeFor } from '../core/plan/sampling/allocation.ts'
import { estimateOf, type Measure, type SiteEstimate } from '../core/plan/sampling/estimate.ts'
import { readCounted } from '../server/import/counted.ts'
import { recordedSite, sampleOf, type RecordedSite, type Sample } from '../server/loop/count-sample.ts'
import type { Opened } from '../server/open.ts'
import { command, wholeNumber } from './command.ts'
import { databaseOptions, DEFAULT_SITE, withDatabase } from './open.ts'
import { InputError, UsageError } from './terminal.ts'

const SEED_MAX = 2 ** 32 - 1
const ITEMS_MAX = 100_000_000

export const sampleCommand = command({
  name: 'sample',
  summary: 'Draw a random sample of items to count, and tell from the counts what a site holds altogether, with an interval',
  words: '',
  words_max: 0,
  example:
    'qm sample --site SEA --size 400 --json > sample.json\nqm sample --site SEA --within 1.5\nqm sample --site SEA --size 400 --seed 7 --sequence 1234 --counts counts.csv',
  options: {
    site: { type: 'string', value: 'CODE', about: `Where (${DEFAULT_SITE})` },
    size: { type: 'string', value: 'N', about: 'How many items are counted' },
    within: { type: 'string', value: 'PERCENT', about: 'Instead of --size: as many as it takes to know the value to so many per cent to each side' },
    seed: { type: 'string', value: 'N', about: 'Draws the same sample again (by chance)' },
    sequence: { type: 'string', value: 'N', about: "From the record as known when this was the site's last move (all that is known)" },
    counts: { type: 'string', value: 'FILE', about: 'What was found, as CSV with sku and counted; with --size, --seed and --sequence of the sample' },
    'with-record': { type: 'boolean', about: 'Show what the record says of each item; who counts should not know' },
    ...databaseOptions,
  },
  run: async ({ options, terminal }) => {
    const size = wholeNumber('size', options.size, { min: 1, max: ITEMS_MAX })
    const within = percentOf(options.within)
    const seed = wholeNumber('seed', options.seed, { min: 0, max: SEED_MAX })
    const sequence = wholeNumber('sequence', options.sequence, { min: 0, max: Number.MAX_SAFE_INTEGER })
    if (options.counts === undefined) {
      if ((size === undefined) === (within === undefined)) throw new UsageError('How many items are counted? Name --size or --within')
    } else if (size === undefined || seed === undefined || within !== undefined) {
      throw new UsageError('--counts needs --size and --seed of the sample that was counted')
    } else if (!(await stat(options.counts)).isFile()) throw new UsageError(`${options.counts} is not a file`)
    const code = options.site ?? DEFAULT_SITE
    await withDatabase(options, terminal, async (opened) => {
      const site = await opened.catalog.siteByCode(code)
      if (site === undefined) throw new UsageError(`There is no site ${code}`)
      const recorded = await recordedSite(opened.database, site, sequence)
      const wanted: Wanted = { code, size: size ?? sizeWithin(code, recorded, within!), seed: seed ?? anySeed() }
      checkSize(wanted, recorded)
      const sample = sampleOf(recorded, wanted.size, wanted.seed)
      if (options.counts === undefined) {
        const drawn = drawnOf(wanted, recorded, sample, options['with-record'])
        terminal.tell(drawn, textOfDrawn(drawn))
      } else {
        const estimated = estimatedOf(wanted, recorded, sample, await countsFrom(opened, options.counts, recorded, sample))
        terminal.tell(estimated, textOfEstimated(estimated))
      }
    })
    return 0
  },
})

interface Wanted {
  readonly code: string
  readonly size: number
  readonly seed: number
}

function percentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,3}(\.\d{1,6})?$/.test(text) || Number(text) <= 0 || Number(text) > 100)
    throw new UsageError(`--within takes per cent above 0 and up to 100, such as 1.5, not ${text}`)
  return Number(text)
}

/** Logged with the sample that it draws. */
const anySeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!

const valueOf = ({ items }: RecordedSite): number => items.reduce((sum, item) => sum + item.unitValue * item.expected, 0)

function sizeWithin(code: string, recorded: RecordedSite, within: number): number {
  const value = valueOf(recorded)
  if (recorded.items.length > 0 && value === 0) throw new UsageError(`What ${code} has is worth nothing, so --within means nothing: name --size`)
  return sizeFor(recorded.items, (within / 100) * value)
}

function checkSize({ code, size }: Wanted, { items, sequence }: RecordedSite): void {
  if (items.length === 0) throw new UsageError(`${code} has nothing on record after its move ${sequence}`)
  if (size > items.length) throw new UsageError(`--size takes no more than the ${items.length} items that ${code} has on record, not ${size}`)
  if (size < 2 && items.length > 1) throw new UsageError('--size takes at least 2: one item does not tell how much items differ')
}

interface Drawn {
  readonly site: string
  readonly sequence: number
  readonly seed: number
  readonly size: number
  /** How many there are. */
  readonly items: number
  /** How far the value's interval is going to reach to each side, if items differ from the record as is assumed. */
  readonly expectedHalfWidthPercent: number | null
  readonly strata: readonly DrawnPart[]
  readonly list: readonly {
    readonly sku: string
    readonly name: string
    readonly unit: string
    readonly places: readonly string[]
    readonly stratum: number
    readonly probability: number
    readonly recorded?: number
  }[]
}

interface DrawnPart {
  readonly stratum: number
  readonly certain: boolean
  /** Recorded value of an item, in minor units. */
  readonly from: number
  readonly to: number
  readonly items: number
  readonly counted: number
}

const partsOf = ({ strata }: Sample): readonly DrawnPart[] =>
  strata.map(({ isCertain, from, to, items, drawn }, index) => ({
    stratum: index + 1,
    certain: isCertain,
    from: Math.round(from),
    to: Math.round(to),
    items: items.length,
    counted: drawn.length,
  }))

function drawnOf({ code, size, seed }: Wanted, recorded: RecordedSite, sample: Sample, withRecord: boolean): Drawn {
  const { sequence, items } = recorded
  const value = valueOf(recorded)
  const halfWidth = expectedHalfWidth(sample.strata.map(({ drawn, ...stratum }) => ({ ...stratum, size: drawn.length })))
  return {
    site: code,
    sequence,
    seed,
    size,
    items: items.length,
    expectedHalfWidthPercent: value === 0 ? null : rounded((halfWidth / value) * 100),
    strata: partsOf(sample),
    list: sample.list.map(({ index, stratum, probability }) => {
      const { sku, name, unit, places, recorded: pieces } = items[index]!
      return { sku, name, unit, places, stratum, probability: Number(probability.toFixed(6)), ...(withRecord ? { recorded: pieces } : {}) }
    }),
  }
}

/** What was found, by the item's position; or every fault of the file. */
async function countsFrom({ catalog }: Opened, file: string, { items }: RecordedSite, { list }: Sample): Promise<ReadonlyMap<number, number>> {
  const drawn = new Map(list.map(({ index }) => [items[index]!.sku, index]))
  const { counts, faults } = await readCounted(file, new Set(drawn.keys()), async (sku) => (await catalog.itemsBySku([sku])).has(sku))
  if (faults.length > 0) {
    const lines = faults.map(
      ({ row, column, code, detail }) => `${file}: ${row === null ? '' : `row ${row}${column === '' ? '' : `, ${column}`}: `}${detail} (${code})`,
    )
    throw new InputError(faults[0]!.code, lines.join('\n'))
  }
  return new Map([...counts].map(([sku, count]) => [drawn.get(sku)!, count]))
}

interface Interval {
  readonly total: number
  readonly low: number
  readonly high: number
}

interface Told {
  /** From what was counted. */
  readonly estimate: Interval
  /** From what is believed, without the counts. */
  readonly believed: Interval
  readonly recorded: number
  readonly disagrees: boolean
  /** Of what the record says, per cent that are not there; null where it says nothing. */
  readonly shrinkPercent: Interval | null
}

interface Estimated {
  readonly site: string
  readonly sequence: number
  readonly seed: number
  readonly size: number
  readonly items: number
  /** How many of the items that were counted are not as many as the record says. */
  readonly differing: number
  readonly strata: readonly DrawnPart[]
  /** In minor units. */
  readonly value: Told
  readonly pieces: Told
}

function estimatedOf(
  { code, size, seed }: Wanted,
  { sequence, items }: RecordedSite,
  sample: Sample,
  counts: ReadonlyMap<number, number>,
): Estimated {
  const told = (measure: Measure): Told => toldOf(estimateOf(items, sample.strata, counts, measure))
  const differing = [...counts].filter(([index, count]) => count !== items[index]!.recorded).length
  const sizes = { size, items: items.length, differing }
  return { site: code, sequence, seed, ...sizes, strata: partsOf(sample), value: told('value'), pieces: told('pieces') }
}

function toldOf({ sampled, believed, recorded, disagrees }: SiteEstimate): Told {
  const whole = ({ total, low, high }: Interval): Interval => ({ total: Math.round(total), low: Math.round(low), high: Math.round(high) })
  const lost = (there: number): number => rounded((1 - there / recorded) * 100)
  return {
    estimate: whole(sampled),
    believed: whole(believed),
    recorded: Math.round(recorded),
    disagrees,
    shrinkPercent: recorded > 0 ? { total: lost(sampled.total), low: lost(sampled.high), high: lost(sampled.low) } : null,
  }
}

const rounded = (percent: number): number => Number(percent.toFixed(3))
const grouped = (some: number): string => some.toLocaleString('en')
const decimal = (minor: number): string => (minor / 100).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

function textOfDrawn({ site, sequence, seed, size, items, expectedHalfWidthPercent, strata, list }: Drawn): string {
  const parts = strata.map(
    ({ stratum, certain, from, to, items: all, counted }) =>
      `stratum ${stratum}: ${grouped(counted)} of ${grouped(all)} items worth ${decimal(from)} to ${decimal(to)}${certain ? ', all for certain' : ''}`,
  )
  const lines = list.map(({ sku, name, unit, places, recorded }) =>
    [sku.padEnd(20), name.padEnd(40), unit.padEnd(6), places.join(' '), ...(recorded === undefined ? [] : [`recorded ${recorded}`])].join('  '),
  )
  const reach =
    expectedHalfWidthPercent === null
      ? []
      : [`If items differ from the record as is assumed, the value will be known to ${expectedHalfWidthPercent} % to each side.`]
  return [
    `${grouped(size)} of ${grouped(items)} items of ${site} after its move ${sequence}, drawn with seed ${seed}:`,
    ...lines,
    '',
    ...parts,
    ...reach,
    `When they are counted: qm sample --site ${site} --size ${size} --seed ${seed} --sequence ${sequence} --counts FILE`,
  ].join('\n')
}

function textOfEstimated({ site, sequence, seed, size, items, differing, value, pieces }: Estimated): string {
  const row = (what: string, { estimate, believed, recorded }: Told, shown: (some: number) => string): readonly string[] => {
    const of = ({ total, low, high }: Interval): string => `${shown(total)} (${shown(low)} to ${shown(high)})`
    return [`${what}: ${of(estimate)}; the record says ${shown(recorded)}, believed are ${of(believed)}`]
  }
  const lost = ({ total, low, high }: Interval): string => `${total} % (${low} to ${high})`
  const disagreeing = [...(value.disagrees ? ['value'] : []), ...(pieces.disagrees ? ['pieces'] : [])]
  return [
    `${site} after its move ${sequence}: ${grouped(size)} of ${grouped(items)} items were counted, drawn with seed ${seed}; ${grouped(differing)} differ from the record.`,
    ...row('value', value, decimal),
    ...row('pieces', pieces, grouped),
    ...(value.shrinkPercent === null || pieces.shrinkPercent === null
      ? []
      : [`not there: ${lost(value.shrinkPercent)} of the value, ${lost(pieces.shrinkPercent)} of the pieces`]),
    'Each interval holds what is there 19 times of 20.',
    ...(disagreeing.length === 0 ? [] : [`Counts and what is believed cannot both be right (${disagreeing.join(', ')}): look at what is believed.`]),
  ].join('\n')
}
