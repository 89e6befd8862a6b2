// Back-test, figures: what a policy's log comes to, made of its events alone; how sure that is, by drawing the items anew again and again; and how far policies
// differ, for which the same items are drawn of each: all of them met the same customers, so a difference is surer than what it is between.

import { chanceOf } from '../../rng.ts'
import type { TestedEvent, TestedItem } from './replay.ts'

/** Money in minor units. In this order an item's sums are kept. */
export const sumNames = [
  'days',
  'sold',
  'missed',
  /** Days on which a customer left without. */
  'shortDays',
  /** Stock at the end of each day, at cost, added up over the days. */
  'stockValueDays',
  'orders',
  'ordered',
  'stolen',
  'counts',
  'countMinutes',
  'missedMargin',
] as const
/** Of one item, or of all. */
export type Sums = Record<(typeof sumNames)[number], number>

export interface Interval {
  readonly value: number
  /** With 95 %. */
  readonly low: number
  readonly high: number
}

export const figureNames = ['fillRate', 'stockoutDays', 'cash', 'orders', 'missedMargin', 'countHours', 'stolenUnits'] as const
/** Money in minor units: `cash` is tied up in stock on an average day, `missedMargin` what customers would have paid above its cost for what they did not get. */
export type Figures = Readonly<Record<(typeof figureNames)[number], Interval>>

export interface ComparedFigures {
  readonly figures: Figures
  /** How far they are from those of the first policy. */
  readonly fromFirst: Figures
}

const none = (): Sums => Object.fromEntries(sumNames.map((name) => [name, 0])) as Sums

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
  sums.days = days
  return sums
}

const DRAWS = 300
const [LOW, HIGH] = [0.025, 0.975]

/** Of each policy, all items together, in the same order; the intervals are those of the bootstrap over items (B. Efron, The Annals of Statistics 7, 1979), from a seed. */
export function comparedFigures(policies: readonly (readonly Sums[])[], seed: number): readonly ComparedFigures[] {
  const items = policies[0]?.length ?? 0
  const chance = chanceOf(seed)
  const drawn = policies.map(() => [] as Values[])
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const chosen = Array.from({ length: items }, () => chance.below(items))
    for (const [policy, sums] of policies.entries()) drawn[policy]!.push(valuesOf(totals(sums, chosen)))
  }
  const every = Array.from({ length: items }, (_none, item) => item)
  const values = policies.map((sums) => valuesOf(totals(sums, every)))
  return policies.map((_sums, policy) => ({
    figures: intervals(values[policy]!, drawn[policy]!),
    fromFirst: intervals(
      difference(values[policy]!, values[0]!),
      drawn[policy]!.map((one, draw) => difference(one, drawn[0]![draw]!)),
    ),
  }))
}

type Values = Readonly<Record<keyof Figures, number>>

const valuesOf = ({ sold, missed, shortDays, stockValueDays, days, orders, missedMargin, countMinutes, stolen, ...more }: Totals): Values => ({
  fillRate: sold + missed === 0 ? 1 : sold / (sold + missed),
  stockoutDays: shortDays,
  cash: days === 0 ? 0 : (stockValueDays / days) * more.items,
  orders,
  missedMargin,
  countHours: countMinutes / 60,
  stolenUnits: stolen,
})

const difference = (one: Values, other: Values): Values => Object.fromEntries(figureNames.map((name) => [name, one[name] - other[name]])) as Values

function intervals(value: Values, draws: readonly Values[]): Figures {
  const interval = (name: keyof Figures): Interval => {
    const sorted = draws.map((one) => one[name]).toSorted((a, b) => a - b)
    return { value: value[name], low: sorted[Math.floor(LOW * DRAWS)] ?? 0, high: sorted[Math.floor(HIGH * DRAWS)] ?? 0 }
  }
  return Object.fromEntries(figureNames.map((name) => [name, interval(name)])) as Figures
}

type Totals = Sums & { readonly items: number }

function totals(items: readonly Sums[], chosen: readonly number[]): Totals {
  const sum = none()
  for (const index of chosen) {
    const one = items[index]!
    for (const name of sumNames) sum[name] += one[name]
  }
  return { ...sum, items: chosen.length }
}
