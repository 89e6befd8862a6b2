// Forecast bench: how good forecasts are on public data, beside seasonal naive and Theta, and how many series a second one thread does: `npm run bench:forecast`.
// M3 (3,003 series), spare parts (quantiles of three months' demand, and points), orange juice by price and promotion (docs/forecast.md says what each is held to).
//
// Hours are made up, with days and weeks in them, as no such data come with it. The others stand beside the repository; what is not there is said to be `not run`.
// `--every N` takes every N-th series.

import { parseArgs } from 'node:util'
import { forecastOf } from '../core/plan/forecasting/forecast.ts'
import { categoryOf } from '../core/plan/forecasting/intermittent.ts'
import { drivenForecasts, type DrivenForecast, type DrivenItem } from '../core/plan/forecasting/regressors.ts'
import { dailySales, hoursMadeUp, m3Series, orangeJuice, spareParts, type PromotedWeek, type Series } from './forecast-data.ts'
import { benchR, type RBench } from './forecast-r.ts'
import { accuracyOf, classicTheta, meanStep, rounded, seasonalNaive, type Accuracy } from './forecast-scores.ts'

type Forecaster = (history: Float64Array, frequency: number, horizon: number) => Float64Array

const forecasters: Readonly<Record<string, Forecaster>> = {
  seasonal_naive: seasonalNaive,
  theta: classicTheta,
  quartermaster: (history, frequency, horizon) => forecastOf(history, { horizon, seasons: [frequency] }).mean,
}

export interface SeriesBench extends Accuracy {
  readonly series: number
  /** A second of one thread's processor time, and a second by the clock; with quantiles where there are any. */
  readonly series_per_second: number
  readonly series_per_second_by_clock: number
  readonly by_kind: Readonly<Record<string, Accuracy>>
}

export interface PartsBench {
  readonly cases: number
  /** Mean over levels .5 .8 .9 .95 .99 and over parts and origins, over the part's mean step. */
  readonly scaled_pinball: number
  readonly coverage_95: number
  readonly coverage_99: number
  /** Of six months from one origin, and of the mean of the last twelve beside it. */
  readonly rmsse: number
  readonly bias_percent: number
  readonly rmsse_mean_of_12: number
  readonly bias_percent_mean_of_12: number
}

export interface PromotionBench {
  readonly points: number
  readonly rounds: number
  readonly mape: number
  readonly wape: number
  readonly naive_mape: number
  readonly naive_wape: number
  readonly seconds: number
}

export interface ForecastBench {
  readonly m3: Readonly<Record<string, SeriesBench>> | 'not run'
  /** R's forecast package on the same series of M3. */
  readonly m3_by_r: Readonly<Record<string, RBench>> | 'not run'
  readonly daily_sales: Readonly<Record<string, SeriesBench>> | 'not run'
  readonly hours: Readonly<Record<string, SeriesBench>>
  readonly spare_parts: PartsBench | 'not run'
  readonly promotions: PromotionBench | 'not run'
}

export function benchForecast(every: number, report: (step: string) => void): ForecastBench {
  report('M3')
  const m3 = m3Series(every)
  const daily = dailySales()
    ?.filter((sales, index) => index % every === 0 && sales.subarray(0, -DAYS_AHEAD).some((sold) => sold > 0))
    .map((sales): Series => ({ kind: 'daily', frequency: 7, train: sales.slice(0, -DAYS_AHEAD), test: sales.slice(-DAYS_AHEAD) }))
  const hours = benchSeries(hoursMadeUp(Math.ceil(HOURLY_SERIES / every)))
  report('R')
  const m3_by_r = m3 ? benchR(m3) : 'not run'
  const result = { m3: m3 ? benchSeries(m3) : ('not run' as const), m3_by_r, daily_sales: daily ? benchSeries(daily) : ('not run' as const), hours }
  report('Spare parts')
  const parts = spareParts()?.filter((_, index) => index % every === 0)
  const spare_parts = parts ? benchParts(parts) : 'not run'
  report('Promotions')
  const weeks = orangeJuice()
  return { ...result, spare_parts, promotions: weeks ? benchPromotions(weeks) : 'not run' }
}

const DAYS_AHEAD = 14
const HOURLY_SERIES = 60

export function benchSeries(all: readonly Series[]): Readonly<Record<string, SeriesBench>> {
  const bench = (forecaster: Forecaster): SeriesBench => {
    const [began, used] = [performance.now(), process.threadCpuUsage()]
    const forecasts = all.map(({ train, frequency, test }) => forecaster(train, frequency, test.length))
    const { user, system } = process.threadCpuUsage(used)
    const speeds = {
      series_per_second: Math.round((all.length * 1_000_000) / Math.max(user + system, 1)),
      series_per_second_by_clock: Math.round((all.length * 1_000) / (performance.now() - began)),
    }
    const kinds = [...new Set(all.map(({ kind }) => kind))]
    const of = (kind: string): Accuracy =>
      accuracyOf(
        all.filter((one) => one.kind === kind),
        forecasts.filter((_, index) => all[index]!.kind === kind),
      )
    const by_kind = Object.fromEntries(kinds.map((kind) => [kind, of(kind)]))
    return { series: all.length, ...accuracyOf(all, forecasts), ...speeds, by_kind }
  }
  return Object.fromEntries(Object.entries(forecasters).map(([name, forecaster]) => [name, bench(forecaster)]))
}

const PART_LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99] as const
const LEAD_MONTHS = 3
const LEAD_ORIGINS = [36, 39, 42] as const
const POINT_ORIGIN = 39
const POINT_MONTHS = 6

function benchParts(parts: readonly Float64Array[]): PartsBench {
  let [pinball, cases] = [0, 0]
  const covered = PART_LEVELS.map(() => 0)
  for (const origin of LEAD_ORIGINS) {
    const histories = parts.map((part) => part.slice(0, origin))
    const category = categoryOf(histories)
    for (const [index, history] of histories.entries()) {
      const scale = meanStep(history, 1)
      if (!(scale > 0)) continue
      const truth = parts[index]!.slice(origin, origin + LEAD_MONTHS).reduce((sum, one) => sum + one, 0)
      const { quantiles } = forecastOf(history, { horizon: LEAD_MONTHS, seasons: [12], levels: PART_LEVELS, category }).cumulative()
      for (const [at, level] of PART_LEVELS.entries()) {
        const quantile = quantiles[at]!.at(-1)!
        pinball += (truth >= quantile ? level * (truth - quantile) : (1 - level) * (quantile - truth)) / scale / PART_LEVELS.length
        if (truth <= quantile) covered[at]! += 1
      }
      cases += 1
    }
  }
  const category = categoryOf(parts.map((part) => part.slice(0, POINT_ORIGIN)))
  const points = pointsOf(parts, (history) => forecastOf(history, { horizon: POINT_MONTHS, seasons: [12], category }).mean)
  const mean = pointsOf(parts, (history) => new Float64Array(POINT_MONTHS).fill(history.slice(-12).reduce((sum, one) => sum + one, 0) / 12))
  return {
    cases,
    scaled_pinball: rounded(pinball / cases),
    coverage_95: rounded(covered[3]! / cases),
    coverage_99: rounded(covered[4]! / cases),
    ...points,
    rmsse_mean_of_12: mean.rmsse,
    bias_percent_mean_of_12: mean.bias_percent,
  }
}

/** Root of the mean squared error over the mean squared step, and by how many per cent the sum of all is off. */
function pointsOf(parts: readonly Float64Array[], forecaster: (history: Float64Array) => Float64Array): Pick<PartsBench, 'rmsse' | 'bias_percent'> {
  let [errors, counted, forecasts, truths] = [0, 0, 0, 0]
  for (const part of parts) {
    const history = part.slice(0, POINT_ORIGIN)
    let scale = 0
    for (let at = 1; at < POINT_ORIGIN; at += 1) scale += (history[at]! - history[at - 1]!) ** 2 / (POINT_ORIGIN - 1)
    if (!(scale > 0)) continue
    let squares = 0
    for (const [step, forecast] of forecaster(history).entries()) {
      const truth = part[POINT_ORIGIN + step]!
      squares += (forecast - truth) ** 2 / POINT_MONTHS
      forecasts += forecast
      truths += truth
    }
    errors += Math.sqrt(squares / scale)
    counted += 1
  }
  return { rmsse: rounded(errors / counted), bias_percent: rounded((forecasts / truths - 1) * 100) }
}

const FIRST_WEEK = 135
const ROUNDS_MAX = 12
/** Own price, coupon, feature; the mean price and feature of the other brands in the store. */
const REGRESSORS = 5

interface Brand {
  readonly pool: string
  readonly weeks: readonly PromotedWeek[]
  readonly known: Float64Array
}

/** As many rounds as the data have the weeks for; two settings, as in the published comparison: least per cent error for MAPE, the median for WAPE. */
function benchPromotions(weeks: ReadonlyMap<string, readonly PromotedWeek[]>): PromotionBench {
  const brands = brandsOf(weeks)
  const last = Math.max(...[...weeks.values()].map((some) => some.at(-1)!.week))
  const pools = [...Map.groupBy(brands, ({ pool }) => pool).values()]
  const sums = { points: 0, percent: 0, absolute: 0, truth: 0, naivePercent: 0, naiveAbsolute: 0 }
  let [rounds, seconds] = [0, 0]
  for (let until = FIRST_WEEK; rounds < ROUNDS_MAX && until + 3 <= last; until += 2) {
    const began = performance.now()
    const forecasts = pools.map((pool) =>
      drivenForecasts(
        pool.map((brand) => itemOf(brand, until)),
        { regressors: REGRESSORS, levels: [] },
      ),
    )
    seconds += (performance.now() - began) / 1_000
    for (const [at, pool] of pools.entries()) for (const [index, brand] of pool.entries()) score(brand, until, forecasts[at]![index]!, sums)
    rounds += 1
  }
  const percent = (some: number, of: number): number => rounded((some / of) * 100)
  const { points, truth } = sums
  const own = { mape: percent(sums.percent, points), wape: percent(sums.absolute, truth) }
  return {
    points,
    rounds,
    ...own,
    naive_mape: percent(sums.naivePercent, points),
    naive_wape: percent(sums.naiveAbsolute, truth),
    seconds: rounded(seconds),
  }
}

function brandsOf(weeks: ReadonlyMap<string, readonly PromotedWeek[]>): readonly Brand[] {
  const inStore = new Map<string, { readonly price: number; readonly feature: number; readonly count: number }>()
  const place = (key: string, week: number): string => `${key.split(' ')[0]} ${week}`
  for (const [key, some] of weeks)
    for (const { week, price, feature } of some) {
      const sum = inStore.get(place(key, week)) ?? { price: 0, feature: 0, count: 0 }
      inStore.set(place(key, week), { price: sum.price + Math.log(price), feature: sum.feature + feature, count: sum.count + 1 })
    }
  return [...weeks].map(([key, some]) => ({
    pool: key.split(' ')[1]!,
    weeks: some,
    known: Float64Array.from(
      some.flatMap(({ week, price, deal, feature }) => {
        const all = inStore.get(place(key, week))!
        const others = Math.max(1, all.count - 1)
        const own = Math.log(price)
        return [own, deal, feature, all.count > 1 ? (all.price - own) / others : own, (all.feature - feature) / others]
      }),
    ),
  }))
}

const isAhead = (week: number, until: number): boolean => week === until + 2 || week === until + 3

function itemOf({ weeks, known }: Brand, until: number): DrivenItem {
  const count = weeks.filter(({ week }) => week <= until).length
  const history = {
    periods: weeks.slice(0, count).map(({ week }) => week),
    demand: weeks.slice(0, count).map(({ units }) => units),
    known: known.subarray(0, count * REGRESSORS),
  }
  const ahead = weeks.flatMap(({ week }, at) => (isAhead(week, until) ? [...known.subarray(at * REGRESSORS, (at + 1) * REGRESSORS)] : []))
  return { history, future: ahead }
}

interface Sums {
  points: number
  percent: number
  absolute: number
  truth: number
  naivePercent: number
  naiveAbsolute: number
}

function score({ weeks }: Brand, until: number, forecast: DrivenForecast, sums: Sums): void {
  const before = weeks.findLast(({ week }) => week <= until)
  if (before === undefined) return
  for (const [step, { units }] of weeks.filter(({ week }) => isAhead(week, until)).entries()) {
    sums.points += 1
    sums.truth += units
    sums.percent += Math.abs(forecast.leastPercentError[step]! - units) / units
    sums.absolute += Math.abs(forecast.median[step]! - units)
    sums.naivePercent += Math.abs(before.units - units) / units
    sums.naiveAbsolute += Math.abs(before.units - units)
  }
}

if (import.meta.main) {
  const { every } = parseArgs({ options: { every: { type: 'string', default: '1' }, json: { type: 'boolean', default: true } } }).values
  const bench = benchForecast(Math.max(1, Number(every)), (step) => process.stderr.write(`${step}\n`))
  process.stdout.write(`${JSON.stringify(bench, null, 2)}\n`)
}
