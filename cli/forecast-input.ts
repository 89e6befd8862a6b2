// The input of qm forecast: long CSV with the columns series, period and value, in any order, as one history for each series. What is wrong is told with file, row,
// column and cause, all of it at once, and nothing is forecast from the rest.

import { parseDay, startOf, day_ms } from '../core/calendar.ts'
import { unguarded, type Fault, type Layout } from '../core/format/csv.ts'
import { rowsOf, type BrokenRow, type Row } from '../server/import/rows.ts'
import { headerOf } from '../server/import/staging.ts'
import { InputError } from './terminal.ts'

export interface InputSeries {
  readonly name: string
  /** From its first period to its last; NaN where there is none. */
  readonly history: Float64Array
  /** Which period is its last, counted from some first one. */
  readonly last: number
}

export interface Input {
  readonly series: readonly InputSeries[]
  readonly rows: number
  /** Periods between the first and the last of a series of which the file says nothing, or only that nothing was observed. */
  readonly missing: number
}

const layout: Layout<undefined> = { columns: [['series', 'period', 'value']], read: () => undefined }
const FAULTS_MAX = 100
const SHOWN_MAX = 20
/** A series of more periods than this has a wrong date in it. */
const PERIODS_MAX = 1_000_000

interface RowFault extends Fault {
  readonly row: number
}

interface Reading {
  readonly byName: Map<string, Map<number, number>>
  readonly faults: RowFault[]
  readonly frequency: number
  form: Form | undefined
  rows: number
}

export async function readInput(file: string, frequency: number, progress: (rows: number) => void): Promise<Input> {
  const reading: Reading = { byName: new Map(), faults: [], frequency, form: undefined, rows: 0 }
  let columns: ReadonlyMap<string, number> | undefined
  for await (const some of rowsOf(file)) {
    let rows = some
    if (columns === undefined && rows.length > 0) {
      const header = headerOf(rows[0]!, layout)
      if ('faults' in header) throw faulty(file, header.faults)
      columns = header.columns
      rows = rows.slice(1)
    }
    for (const row of rows) takeRow(row, columns!, reading)
    progress(reading.rows)
    if (reading.faults.length >= FAULTS_MAX) break
  }
  if (columns === undefined) throw faulty(file, [told(1, '', 'The file is empty: it has no header.')])
  if (reading.faults.length > 0) throw faulty(file, reading.faults)
  const series = [...reading.byName].map(([name, values]) => ({ name, ...historyOf(file, name, values) }))
  const missing = series.reduce((sum, { history }) => sum + history.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0), 0)
  return { series, rows: reading.rows, missing }
}

const told = (row: number, column: string, detail: string): RowFault => ({ row, column, code: 'body_not_valid', detail })

function faulty(file: string, faults: readonly RowFault[]): InputError {
  const lines = faults
    .slice(0, SHOWN_MAX)
    .map(({ row, column, code, detail }) => `${file}: row ${row}${column === '' ? '' : `, ${column}`}: ${detail} (${code})`)
  const more = faults.length > SHOWN_MAX ? [`... and ${faults.length >= FAULTS_MAX ? 'at least ' : ''}${faults.length - SHOWN_MAX} more`] : []
  return new InputError('body_not_valid', [...lines, ...more].join('\n'))
}

function takeRow(row: Row | BrokenRow, columns: ReadonlyMap<string, number>, reading: Reading): void {
  reading.rows += 1
  const fault = (column: string, detail: string): void => {
    reading.faults.push(told(row.row, column, detail))
  }
  if ('broken' in row) return fault('', row.detail)
  if (row.fields.length !== columns.size) return fault('', `The row has ${row.fields.length} cells, the header ${columns.size}.`)
  const cell = (name: string): string => row.fields[columns.get(name)!]!.trim()
  const name = unguarded(cell('series'))
  if (name === '') return fault('series', 'It is empty: which series is this of?')
  if (name.includes('\0')) return fault('series', 'It is not UTF-8.')
  const read = periodOf(cell('period'), reading.frequency)
  if (read === undefined) return fault('period', `"${shown(cell('period'))}" is no period: ${PERIODS}.`)
  reading.form ??= read.form
  if (read.form !== reading.form) return fault('period', `"${shown(cell('period'))}" is a ${read.form}, those before are ${reading.form}s.`)
  const value = valueOf(cell('value'))
  if (value === undefined) return fault('value', `"${shown(cell('value'))}" is not a number; what was not observed is empty or NA.`)
  const values = reading.byName.get(name) ?? new Map<number, number>()
  reading.byName.set(name, values)
  if (values.has(read.index)) return fault('period', `${shown(name)} has the period ${shown(cell('period'))} twice.`)
  values.set(read.index, value)
}

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}...` : text).replaceAll('\0', '?')

/** NaN for what was not observed; undefined for what is no number. */
function valueOf(text: string): number | undefined {
  if (text === '' || /^(NA|NaN|null)$/i.test(text)) return Number.NaN
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

type Form = 'whole number' | 'quarter' | 'month' | 'day' | 'time'

const PERIODS = 'a whole number, or as 2024-Q1, 2024-01, 2024-01-31 or 2024-01-31T14:00'

/** Counted so that the next period is one more: with twelve periods a year a day stands for its month, with four for its quarter, with 52 for its week. */
function periodOf(text: string, frequency: number): { readonly form: Form; readonly index: number } | undefined {
  if (/^-?\d{1,15}$/.test(text)) return { form: 'whole number', index: Number(text) }
  const quarter = /^(\d{4})-?Q([1-4])$/.exec(text)
  if (quarter !== null) return { form: 'quarter', index: Number(quarter[1]) * 4 + Number(quarter[2]) }
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text)
  if (month !== null) return { form: 'month', index: Math.floor((Number(month[1]) * 12 + Number(month[2]) - 1) / (frequency === 4 ? 3 : 1)) }
  const [, dayText = '', hour, minute = '00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3])(?::?([0-5]\d))?(?::?00(?:\.0+)?)?Z?)?$/.exec(text) ?? []
  const day = parseDay(dayText)
  if (day === undefined) return undefined
  const days = Math.floor(startOf(day) / day_ms)
  if (hour !== undefined && frequency >= HOURS) {
    const parts = frequency % HOURS === 0 && MINUTES % frequency === 0 ? frequency : HOURS
    return { form: 'time', index: days * parts + Math.floor(((Number(hour) * 60 + Number(minute)) * parts) / MINUTES) }
  }
  const months = Number(dayText.slice(0, 4)) * 12 + Number(dayText.slice(5, 7)) - 1
  const index = frequency === 12 ? months : frequency === 4 ? Math.floor(months / 3) : frequency === 52 ? Math.floor((days + THURSDAY) / 7) : days
  return { form: hour === undefined ? 'day' : 'time', index }
}

const HOURS = 24
const MINUTES = 1_440
/** 1970-01-01 was one; weeks begin on Monday. */
const THURSDAY = 3

function historyOf(file: string, name: string, values: ReadonlyMap<number, number>): Omit<InputSeries, 'name'> {
  let [first, last] = [Infinity, -Infinity]
  for (const period of values.keys()) [first, last] = [Math.min(first, period), Math.max(last, period)]
  if (last - first >= PERIODS_MAX)
    throw new InputError(
      'body_not_valid',
      `${file}: ${shown(name)} has ${last - first + 1} periods from its first to its last, more than ${PERIODS_MAX}. (body_not_valid)`,
    )
  const history = new Float64Array(last - first + 1).fill(Number.NaN)
  for (const [period, value] of values) history[period - first] = value
  return { history, last }
}
