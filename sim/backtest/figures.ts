// Back-test, figures: what a policy's log comes to, made of its events alone; and how sure that is, by drawing the items anew again and again.

import { chanceOf } from '../../core/rng.ts'
import type { TestedEvent, TestedItem } from './backtest.ts'

/** Of one item, or of all. Money in minor units. */
export interface Sums {
  wanted: number
  sold: number
  missed: number
  /** Days on which a customer left without. */
  shortDays: number
  /** Stock at the end of each day, at cost, added up over the days; and units. */
  stockValueDays: number
  orders: number
  ordered: number
  stolen: number
  counts: number
  countMinutes: number
  missedMargin: number
  days: number
}

export interface Interval {
  readonly value: number
  /** With 95 %. */
  readonly low: number
  readonly high: number
}

export interface Figures {
  readonly fill_rate: Interval
  readonly stockout_days: Interval
  /** Tied up in stock, on an average day. */
  readonly cash_minor: Interval
  readonly orders: Interval
  /** What customers would have paid for what they did not get, above what it costs. */
  readonly missed_margin_minor: Interval
  readonly count_hours: Interval
  readonly stolen_units: Interval
}

const none = (): Sums => ({
  wanted: 0,
  sold: 0,
  missed: 0,
  shortDays: 0,
  stockValueDays: 0,
  orders: 0,
  ordered: 0,
  stolen: 0,
  counts: 0,
  countMinutes: 0,
  missedMargin: 0,
  days: 0,
})

/** To begin a count, and for each piece. */
const [COUNT_MINUTES, PIECE_MINUTES] = [0.5, 2 / 60]

/** An item's sums from its events, which are in the order of its days. */
export function sumsOf({ cost, price }: Pick<TestedItem, 'cost' | 'price'>, days: number, events: readonly TestedEvent[]): Sums {
  const sums = none()
  let [stock, at] = [0, 0]
  for (let day = 0; day < days; day += 1) {
    for (; events[at] !== undefined && events[at]!.day === day; at += 1) {
      const { kind, units } = events[at]!
      if (kind === 'opened' || kind === 'received') stock += units
      if (kind === 'sold' || kind === 'stolen') stock -= units
      if (kind === 'sold') sums.sold += units
      if (kind === 'stolen') sums.stolen += units
      if (kind === 'missed') {
        sums.missed += units
        sums.shortDays += 1
        sums.missedMargin += units * Math.max(0, price - cost)
      }
      if (kind === 'ordered') {
        sums.orders += 1
        sums.ordered += units
      }
      if (kind === 'counted') {
        sums.counts += 1
        sums.countMinutes += COUNT_MINUTES + stock * PIECE_MINUTES
      }
    }
    sums.stockValueDays += stock * cost
  }
  sums.wanted = sums.sold + sums.missed
  sums.days = days
  return sums
}

const DRAWS = 300
const [LOW, HIGH] = [0.025, 0.975]

/** Of all items together; the intervals are those of the bootstrap over items (B. Efron, The Annals of Statistics 7, 1979), from a seed. */
export function figuresOf(items: readonly Sums[], seed: number): Figures {
  const all = Array.from(items.keys())
  const chance = chanceOf(seed)
  const draws = Array.from({ length: DRAWS }, () =>
    totals(
      items,
      Array.from(items, () => chance.below(items.length)),
    ),
  )
  const value = totals(items, all)
  const interval = (of: (sums: Sums) => number): Interval => {
    const sorted = draws.map(of).toSorted((a, b) => a - b)
    return { value: of(value), low: sorted[Math.floor(LOW * DRAWS)] ?? 0, high: sorted[Math.floor(HIGH * DRAWS)] ?? 0 }
  }
  return {
    fill_rate: interval(({ sold, wanted }) => (wanted === 0 ? 1 : sold / wanted)),
    stockout_days: interval((sums) => sums.shortDays),
    cash_minor: interval(({ stockValueDays, days }) => (days === 0 ? 0 : (stockValueDays / days) * items.length)),
    orders: interval((sums) => sums.orders),
    missed_margin_minor: interval((sums) => sums.missedMargin),
    count_hours: interval((sums) => sums.countMinutes / 60),
    stolen_units: interval((sums) => sums.stolen),
  }
}

function totals(items: readonly Sums[], chosen: readonly number[]): Sums {
  const sum = none()
  for (const index of chosen) for (const name of Object.keys(sum) as (keyof Sums)[]) sum[name] += items[index]![name]
  return sum
}
