// Back-test, demand: what a policy that forecasts in its own way takes customers to want. Simple ways stand beside the one that plans
// (core/loop/forecast.ts), so that everybody can see what its effort is worth.

import type { TestedPolicy } from '../../backtest.ts'
import type { Day } from '../../calendar.ts'
import { demandForecast, historyDispersion, WEEK_DAYS, YEAR_WEEKS, type DemandForecast } from '../forecast.ts'

/** A half year tells what is wanted now. */
const MEAN_WEEKS = 26
/** Of fewer differences to the year before nobody can tell how far such a forecast is off. */
const DIFFERENCES_MIN = 8

/** What is wanted on so many days from tomorrow on; `history` are whole weeks, the oldest first. */
export function demandBy(
  forecast: TestedPolicy['forecast'],
  history: Float64Array,
  today: Day,
  days: number,
): Pick<DemandForecast, 'perDay' | 'dispersion'> {
  switch (forecast) {
    case 'automatic':
      return demandForecast(history, today, days, [])
    case 'mean':
      return recentMean(history, days)
    case 'seasonal-naive':
      return history.length < YEAR_WEEKS ? recentMean(history, days) : lastYear(history, days)
  }
}

function recentMean(history: Float64Array, days: number) {
  const recent = history.subarray(-MEAN_WEEKS)
  return { perDay: new Float64Array(days).fill(meanOf(recent) / WEEK_DAYS), dispersion: historyDispersion(recent) }
}

/** The same weeks a year ago. How far that is off tell the weeks that have one a year before them. */
function lastYear(history: Float64Array, days: number) {
  const year = history.subarray(-YEAR_WEEKS)
  const perDay = Float64Array.from({ length: days }, (_none, ahead) => year[Math.floor(ahead / WEEK_DAYS) % YEAR_WEEKS]! / WEEK_DAYS)
  const differences = history.slice(YEAR_WEEKS).map((units, week) => (units - history[week]!) ** 2)
  const mean = meanOf(year)
  const isKnown = differences.length >= DIFFERENCES_MIN && mean > 0
  return { perDay, dispersion: isKnown ? Math.max(1, meanOf(differences) / mean) : historyDispersion(year) }
}

const meanOf = (values: Float64Array): number => (values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length)
