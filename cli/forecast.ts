// qm forecast: what is going to be, from a file of what was, with quantiles; no database and no network. Series are forecast one by one, each by what its own history
// calls for (docs/forecast.md); what is shared is how much demand there is of such items, for those that are wanted now and then.

import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { once } from 'node:events'
import { csvLine } from '../core/format/csv.ts'
import { forecastOf, usualLevels, type Method, type Quantiles } from '../core/plan/forecasting/forecast.ts'
import { forecastOverTime, summedForecasts, type SummedForecast } from '../core/plan/forecasting/sums.ts'
import { categoryOf } from '../core/plan/forecasting/intermittent.ts'
import { command, wholeNumber } from './command.ts'
import { readInput, type InputSeries } from './forecast-input.ts'
import { treeOf } from './forecast-sums.ts'
import { UsageError } from './terminal.ts'

const HORIZON_MAX = 10_000
const SEASON_MAX = 100_000
const SEASONS_MAX = 4

export const forecastCommand = command({
  name: 'forecast',
  summary: 'Forecast series from a CSV file with the columns series, period and value, with quantiles',
  words: '',
  words_max: 0,
  example:
    'qm forecast --input demand.csv --frequency 12 --horizon 18 --output forecast.csv\nqm forecast --input hours.csv --frequency 24,168 --horizon 48 --output forecast.csv --json\nqm forecast --input sites.csv --frequency 52 --horizon 13 --sums --output forecast.csv',
  options: {
    input: { type: 'string', value: 'FILE', about: 'Rows of series, period and value; periods are whole numbers, months, quarters, days or times' },
    frequency: {
      type: 'string',
      value: 'N[,N]',
      about: 'How many periods a season has: 12 for months, 24,168 for hours with days and weeks (1: no season)',
    },
    horizon: { type: 'string', value: 'N', about: "How many periods are forecast, behind each series' last" },
    output: { type: 'string', value: 'FILE', about: 'Where the forecasts go (standard output)' },
    cumulative: { type: 'boolean', about: 'Of the first step, the first two together and so on: what is wanted in a lead time' },
    sums: { type: 'boolean', about: 'Names are paths, SEA/Food/CO-800: the sums of SEA/Food, of SEA and of all are forecast too, and all adds up' },
    blocks: {
      type: 'string',
      value: 'N[,N]',
      about: 'Longer periods that are forecast too, 3,12 for quarters and years of months, so that months add up to them',
    },
  },
  run: async ({ options, terminal }) => {
    const { input, output } = options
    if (input === undefined) throw new UsageError('What is to be forecast? Name --input FILE')
    const seasons = seasonsOf(options.frequency)
    const horizon = wholeNumber('horizon', options.horizon, { min: 1, max: HORIZON_MAX })
    if (horizon === undefined) throw new UsageError('How many periods are to be forecast? Name --horizon')
    if (output === undefined && terminal.json) throw new UsageError('--json tells a summary: name --output for the forecasts')
    const blocks = blocksOf(options.blocks)
    if (options.sums && (blocks.length > 0 || options.cumulative)) throw new UsageError('--sums goes with neither --blocks nor --cumulative')
    if (!(await stat(input)).isFile()) throw new UsageError(`${input} is not a file`)
    const began = performance.now()
    const read = await readInput(input, Math.min(...seasons), (rows) => terminal.progress('Rows read', rows))
    const into = output === undefined ? { write: terminal.write, close: async () => {} } : await fileFor(output)
    const wanted = { seasons, horizon, blocks, isCumulative: options.cumulative, isSummed: options.sums }
    const methods = await forecastAll(read.series, wanted, into.write, (done, of) => terminal.progress('Series forecast', done, of))
    await into.close()
    const seconds = Number(((performance.now() - began) / 1_000).toFixed(2))
    const told = {
      input,
      output: output ?? null,
      series: read.series.length,
      rows: read.rows,
      missing: read.missing,
      horizon,
      seasons,
      methods,
      seconds,
    }
    if (output !== undefined) terminal.tell(told, textOf(told))
    return 0
  },
})

function seasonsOf(text: string | undefined): readonly number[] {
  if (text === undefined) throw new UsageError('How many periods has a season? Name --frequency, 1 where there is none')
  const parts = text.split(',')
  if (parts.length > SEASONS_MAX) throw new UsageError(`--frequency takes at most ${SEASONS_MAX} seasons`)
  return parts.map((part) => wholeNumber('frequency', part.trim(), { min: 1, max: SEASON_MAX })!)
}

/** Each is so many of the one before, so that periods add up to them. */
function blocksOf(text: string | undefined): readonly number[] {
  const blocks = text === undefined ? [] : text.split(',').map((part) => wholeNumber('blocks', part.trim(), { min: 2, max: SEASON_MAX })!)
  for (const [index, block] of blocks.entries()) {
    const before = blocks[index - 1] ?? 1
    if (block <= before || block % before !== 0) throw new UsageError(`--blocks: ${block} is not several times ${before}`)
  }
  return blocks
}

interface Wanted {
  readonly seasons: readonly number[]
  readonly horizon: number
  readonly blocks: readonly number[]
  readonly isCumulative: boolean
  readonly isSummed: boolean
}

type Write = (text: string) => Promise<void>

const header = csvLine(['series', 'step', 'mean', ...usualLevels.map((level) => `q${String(Math.round(level * 100)).padStart(2, '0')}`), 'method'])

async function forecastAll(
  all: readonly InputSeries[],
  wanted: Wanted,
  write: Write,
  progress: (done: number, of: number) => void,
): Promise<Partial<Record<Method, number>>> {
  const methods: Partial<Record<Method, number>> = {}
  let text = `${header}\n`
  let done = 0
  for (const { name, method, ...told } of wanted.isSummed ? summed(all, wanted) : singly(all, wanted)) {
    methods[method] = (methods[method] ?? 0) + 1
    text += rowsOf(name, told, method)
    progress((done += 1), Math.max(done, all.length))
    if (text.length < WRITTEN_CHARACTERS) continue
    await write(text)
    text = ''
  }
  await write(text)
  return methods
}

const summed = (all: readonly InputSeries[], { seasons, horizon }: Wanted): readonly SummedForecast[] =>
  all.length === 0 ? [] : summedForecasts(treeOf(all), { horizon, seasons })

function* singly(all: readonly InputSeries[], { seasons, horizon, blocks, isCumulative }: Wanted): Iterable<SummedForecast> {
  const category = all.length > 1 ? categoryOf(all.map(({ history }) => history)) : undefined
  for (const { name, history } of all) {
    const options = { horizon, seasons, category }
    const forecast = blocks.length === 0 ? forecastOf(history, options) : forecastOverTime(history, blocks, options)
    yield { name, method: forecast.method, ...(isCumulative ? forecast.cumulative() : forecast) }
  }
}

/** So much is written at once. */
const WRITTEN_CHARACTERS = 65_536

function rowsOf(name: string, { mean, quantiles }: Quantiles, method: Method): string {
  const series = csvLine([name])
  let text = ''
  for (let step = 0; step < mean.length; step += 1) {
    text += `${series},${step + 1},${digits(mean[step]!)},`
    for (const one of quantiles) text += `${digits(one[step]!)},`
    text += `${method}\n`
  }
  return text
}

/** As many as tell anything. */
const digits = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(DIGITS))))
const DIGITS = 10

async function fileFor(output: string): Promise<{ readonly write: Write; readonly close: () => Promise<void> }> {
  const stream = createWriteStream(output)
  await once(stream, 'open')
  const write = async (text: string): Promise<void> => {
    if (!stream.write(text)) await once(stream, 'drain')
  }
  const close = async (): Promise<void> => {
    stream.end()
    await once(stream, 'close')
  }
  return { write, close }
}

interface Told {
  readonly output: string | null
  readonly series: number
  readonly rows: number
  readonly missing: number
  readonly horizon: number
  readonly methods: Partial<Record<Method, number>>
  readonly seconds: number
}

function textOf({ output, series, rows, missing, horizon, methods, seconds }: Told): string {
  const grouped = (some: number): string => some.toLocaleString('en')
  const by = Object.entries(methods).map(([method, count]) => `${grouped(count)} ${method}`)
  const gaps = missing === 0 ? '' : `, ${grouped(missing)} periods without a value`
  return [
    `${grouped(series)} series from ${grouped(rows)} rows${gaps}: ${horizon} periods of each are in ${output}.`,
    ...(by.length === 0 ? [] : [`By method: ${by.join(', ')}.`]),
    `${seconds.toFixed(1)} s`,
  ].join('\n')
}
