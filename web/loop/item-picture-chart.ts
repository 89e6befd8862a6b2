// Item picture, its chart: days from left to right with today between those behind and those ahead. Above, what customers took and are forecast to want, week by
// week; below, what was recorded, believed and counted, and what would be there. Both parts stand on the same days, each to a scale of its own.

import { factorOn } from '../../core/planning.ts'

export const HEIGHT = 400
/** Where each part begins and ends. */
const [demandTop, demandEnd, stockTop, stockEnd] = [20, 150, 196, 384]
const WEEK_DAYS = 7
const day_ms = 86_400_000

export interface Band {
  readonly expected: number
  readonly low: number
  readonly high: number
}

export interface Evening extends Band {
  readonly on: string
  readonly recorded: number
  /** Else nobody believed anything yet, and the band is the record. */
  readonly isBelieved: boolean
}

export interface Week {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** After what people said of it. */
  readonly adjusted: number
}

export interface Ahead extends Band {
  readonly on: string
  /** Ordered, and proposed. */
  readonly coming: number
  readonly proposed: number
}

export interface Pictured {
  /** The days from left to right; those after `today` are ahead. */
  readonly first: string
  readonly today: string
  readonly days: number
  /** Units a week, the last ended yesterday, and on how many days of each there was probably none. */
  readonly sold: readonly number[]
  readonly emptyDays: readonly number[]
  /** From the week that begins tomorrow. */
  readonly forecast: readonly Week[]
  /** Events and other prices, from one day to another. */
  readonly known: readonly { readonly from: string; readonly to: string }[]
  readonly evenings: readonly Evening[]
  readonly counts: readonly { readonly at: string; readonly counted: number }[]
  /** From today on. */
  readonly ahead: readonly Ahead[]
  /** By which the item is ordered. */
  readonly levels: readonly number[]
}

interface Bar {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Drawn {
  readonly step: number
  readonly days: readonly { readonly on: string; readonly x: number }[]
  /** Where the days behind end. */
  readonly todayEnd: number
  readonly demand: {
    readonly zero: number
    readonly most: number
    readonly bars: readonly Bar[]
    readonly empty: readonly Bar[]
    /** Above, where something is known beforehand. */
    readonly known: readonly Bar[]
    readonly mean: string
    readonly fan: string
    readonly adjusted: string
  }
  readonly stock: {
    readonly zero: number
    readonly most: number
    readonly recorded: string
    readonly expected: string
    readonly band: string
    readonly dots: readonly { readonly at: string; readonly x: number; readonly y: number }[]
    readonly levels: readonly number[]
    readonly ahead: string
    readonly aheadBand: string
    readonly comes: readonly (Bar & { readonly isProposed: boolean })[]
  }
}

/** Where everything stands, on so many pixels. A count stands where its instant is in its day. */
export function drawn(of: Pictured, width: number): Drawn {
  const step = width / Math.max(1, of.days)
  return {
    step: rounded(step),
    days: Array.from({ length: of.days }, (_none, index) => ({ on: dayAfter(of.first, index), x: rounded(index * step) })),
    todayEnd: rounded((daysFrom(of.first, of.today) + 1) * step),
    demand: demandOf(of, step),
    stock: stockOf(of, step, width),
  }
}

function demandOf({ first, today, days, sold, emptyDays, forecast, known }: Pictured, step: number): Drawn['demand'] {
  const most = Math.max(1, ...sold, ...forecast.map((week) => Math.max(week.high, week.adjusted)))
  const yOf = (units: number): number => rounded(demandEnd - (units / most) * (demandEnd - demandTop))
  // The week that begins tomorrow is the first ahead; today is of none.
  const begin = (week: number): number => daysFrom(first, today) + 1 + week * WEEK_DAYS
  const middle = (week: number): number => rounded((begin(week) + WEEK_DAYS / 2) * step)
  const line = (read: (week: Week) => number): string =>
    forecast.map((week, index) => `${index === 0 ? 'M' : 'L'}${middle(index)} ${yOf(read(week))}`).join('')
  const back = forecast.map((week, index) => `L${middle(index)} ${yOf(week.low)}`).toReversed()
  const behind = sold.map((units, index) => ({ units, empty: emptyDays[index] ?? 0, x: (begin(index - sold.length) - 1) * step }))
  const wide = (x: number, width: number): Pick<Bar, 'x' | 'width'> => ({ x: rounded(Math.max(0, x)), width: rounded(x + width - Math.max(0, x)) })
  const shown = behind.filter(({ x }) => x + WEEK_DAYS * step > step / 2)
  return {
    zero: demandEnd,
    most,
    bars: shown.map(({ units, x }) => ({ ...wide(x, WEEK_DAYS * step - 2), y: yOf(units), height: rounded(demandEnd - yOf(units)) })),
    empty: shown.flatMap(({ empty, x }) => (isEmptied(empty) ? [{ ...wide(x, empty * step), y: demandEnd + 2, height: 5 }] : [])),
    known: known.flatMap(({ from, to }) => {
      const [begin, end] = [Math.max(0, daysFrom(first, from)), Math.min(days, daysFrom(first, to) + 1)]
      return end <= begin ? [] : [{ ...wide(begin * step, Math.max(2, (end - begin) * step)), y: 0, height: 5 }]
    }),
    mean: line((week) => week.mean),
    fan: forecast.length === 0 ? '' : `${line((week) => week.high)}${back.join('')}Z`,
    adjusted: forecast.some((week) => week.adjusted !== week.mean) ? line((week) => week.adjusted) : '',
  }
}

function stockOf({ first, evenings, counts, ahead, levels }: Pictured, step: number, width: number): Drawn['stock'] {
  const behindMost = evenings.map((one) => Math.max(one.recorded, one.high))
  const aheadMost = ahead.map((one) => Math.max(one.high, one.coming + one.proposed))
  const most = Math.max(1, ...behindMost, ...aheadMost, ...counts.map((one) => one.counted), ...levels)
  const least = Math.min(0, ...evenings.map((one) => one.recorded))
  const yOf = (units: number): number => rounded(stockEnd - ((units - least) / (most - least)) * (stockEnd - stockTop))
  const xOf = (on: string): number => daysFrom(first, on) * step
  const line = <Row extends { readonly on: string }>(rows: readonly Row[], read: (row: Row) => number): string =>
    rows.map((row, index) => `${index === 0 ? 'M' : 'L'}${rounded(xOf(row.on) + step / 2)} ${yOf(read(row))}`).join('')
  const band = <Row extends Band & { readonly on: string }>(rows: readonly Row[]): string =>
    rows.length === 0 ? '' : `${line(rows, (row) => row.high)}${line(rows.toReversed(), (row) => row.low).replace('M', 'L')}Z`
  const known = evenings.filter((one) => one.isBelieved)
  return {
    zero: yOf(0),
    most,
    recorded: evenings
      .map(({ on, recorded }, index) => `${index === 0 ? `M${rounded(xOf(on))} ${yOf(recorded)}` : `V${yOf(recorded)}`}H${rounded(xOf(on) + step)}`)
      .join(''),
    expected: line(known, (row) => row.expected),
    band: band(known),
    dots: counts.map(({ at, counted }) => ({
      at,
      x: rounded(Math.min(width, Math.max(0, ((Date.parse(at) - Date.parse(first)) / day_ms) * step))),
      y: yOf(counted),
    })),
    levels: levels.map(yOf),
    ahead: line(ahead, (row) => row.expected),
    aheadBand: band(ahead),
    comes: ahead.flatMap(({ on, coming, proposed }) =>
      [
        { units: coming, from: 0, isProposed: false },
        { units: proposed, from: coming, isProposed: true },
      ].flatMap(({ units, from, isProposed }) => {
        if (units <= 0) return []
        const [x, y] = [rounded(xOf(on)), yOf(from + units)]
        return [{ x, y, width: rounded(Math.max(2, step - 1)), height: rounded(yOf(from) - y), isProposed }]
      }),
    ),
  }
}

/** Less than that is not worth a word. */
export const isEmptied = (days: number): boolean => days >= 0.5

/** By how much a week that begins so many weeks after tomorrow is adjusted: its days' factors on average. */
export function factorOf(today: string, week: number, adjustments: Parameters<typeof factorOn>[1]): number {
  let sum = 0
  for (let day = 0; day < WEEK_DAYS; day += 1) sum += factorOn(dayAfter(today, week * WEEK_DAYS + day + 1), adjustments)
  return sum / WEEK_DAYS
}

export const dayAfter = (on: string, days: number): string => new Date(Date.parse(on) + days * day_ms).toISOString().slice(0, 10)
/** How many days lie between two; below 0 where the second is the earlier. */
export const daysFrom = (first: string, on: string): number => Math.round((Date.parse(on) - Date.parse(first)) / day_ms)

const rounded = (pixels: number): number => Math.round(pixels * 100) / 100
