// Shrinkage, estimated: what is probably gone since items were last counted. Counts teach which share of what is sold is lost, by category, drawn towards that
// of all (core/plan/sampling/rates.ts), times a factor of the site, drawn towards 1. From then on each sale accrues that share as an expected loss,
// until its item is counted: then what is really gone is in the record, and what was accrued of the item is reversed.
//
// Nothing is kept or posted. All of it follows from the counts and the sales as they stand, so a count told late reverses what it should have.
// Invariant: accrued when the time began + accrued in it = reversed by counts in it + still accrued, in whole numbers, of every row and so of their sum.

import { shrinkRatesOf, type CountedItem } from '../plan/sampling/rates.ts'

/** The 90 % interval of a normal distribution, in standard deviations, as beliefs have it. */
const DEVIATIONS = 1.645

/** Base units, and minor units at cost or at selling price. */
export interface Both<Some = number> {
  readonly units: Some
  readonly value: Some
}

/** An item of a site that was counted: what was sold of it until its last count, and what counts did not find of that, less what they found besides. */
export interface CountedSales {
  readonly site: string
  readonly category: string
  readonly sold: Both
  readonly lost: Both
}

/** What a category at a site has, and what was sold of its items since each of them was counted last. */
export interface CategoryStanding {
  readonly site: string
  readonly category: string
  /** By the record, at the end of the time. */
  readonly book: Both
  /** Sold since counted last, as it stood when the time began, and as it stands. */
  readonly openSales: { readonly before: Both; readonly now: Both }
  /** Sums of the squares of its items' open sales: the fewer items carry them, the less chance evens out. */
  readonly openSquares: Both
  /** Sold of items that were counted in the time, from the count before until the last of these. */
  readonly countedSales: Both
}

export interface Interval {
  readonly low: number
  readonly high: number
}

export interface Rate {
  /** Share of what is sold. Below 0 where counts found more than was missing; accrued is nothing then. */
  readonly rate: number
  /** With 90 %; null where too little was counted to say. */
  readonly interval: Interval | null
  /** The category's own, of all sites; null where nothing of it was counted and sold. */
  readonly own: number | null
  /** How much its own counts, from 0 to 1. */
  readonly reliance: number
}

export interface Estimate extends Both<Rate> {
  readonly site: string
  readonly category: string
  readonly accrual: Both<Accrual>
  /** The record less what is accrued. */
  readonly estimated: Both
  /** Of its value, with 90 %. */
  readonly interval: Interval | null
}

/** Whole units. `before + accrued = reversed + now`. */
export interface Accrual {
  readonly before: number
  readonly accrued: number
  readonly reversed: number
  readonly now: number
}

/** The rates that counts teach, and what stands accrued by them; null where nothing was counted that was sold. */
export function estimateShrinkage(counted: readonly CountedSales[], standing: readonly CategoryStanding[]): readonly Estimate[] | null {
  const units = learn(counted.map(({ site, category, sold, lost }) => ({ site, category, sold: sold.units, lost: lost.units })))
  const value = learn(counted.map(({ site, category, sold, lost }) => ({ site, category, sold: sold.value, lost: lost.value })))
  if (units === undefined || value === undefined) return null
  return standing.map((row) => {
    const { site, category, book } = row
    const rates = { units: units.rateOf(site, category), value: value.rateOf(site, category) }
    const accrual = { units: accrualOf(rates.units.rate, row, 'units'), value: accrualOf(rates.value.rate, row, 'value') }
    const estimated = { units: book.units - accrual.units.now, value: book.value - accrual.value.now }
    const sd = value.hasSpread ? doubtOf(rates.value, value.spread, row.openSales.now.value, row.openSquares.value) : undefined
    return {
      site,
      category,
      units: told(rates.units, units.hasSpread),
      value: told(rates.value, value.hasSpread),
      accrual,
      estimated,
      interval: sd === undefined ? null : { low: Math.round(estimated.value - DEVIATIONS * sd), high: Math.round(estimated.value + DEVIATIONS * sd) },
    }
  })
}

/** Each amount is rounded once; what was accrued in the time is what is left, so that the four of them add up. */
export function accrualOf(rate: number, { openSales, countedSales }: Pick<CategoryStanding, 'openSales' | 'countedSales'>, of: keyof Both): Accrual {
  const share = Math.max(0, rate)
  const [before, reversed, now] = [openSales.before, countedSales, openSales.now].map((sold) => Math.round(share * sold[of])) as [
    number,
    number,
    number,
  ]
  return { before, accrued: now + reversed - before, reversed, now }
}

interface Sold {
  readonly site: string
  readonly category: string
  readonly sold: number
  readonly lost: number
}

interface Learnt extends Omit<Rate, 'interval'> {
  readonly sd: number
}

interface Taught {
  rateOf(site: string, category: string): Learnt
  /** The mean square by which items differ from their rate. */
  readonly spread: number
  /** Whether more than one item was counted, so that chance shows. */
  readonly hasSpread: boolean
}

function learn(counted: readonly Sold[]): Taught | undefined {
  const taught = counted.filter((one) => one.sold > 0)
  if (taught.length === 0) return undefined
  const all = shrinkRatesOf(taught.map(({ category, sold, lost }): CountedItem => ({ category, weight: 1, recorded: sold, lost })))
  const known = new Map(all.categories.map((one) => [one.category, one]))
  const ofCategory = (category: string): Learnt =>
    known.get(category) ?? { rate: all.rate, sd: Math.sqrt(all.sd ** 2 + all.between), own: null, reliance: 0 }
  const factorOf = siteFactors(taught.map((one) => ({ ...one, sold: one.sold * Math.max(0, ofCategory(one.category).rate) })))
  const rateOf = (site: string, category: string): Learnt => {
    const one = ofCategory(category)
    const { factor, sd } = factorOf(site)
    // Of a product of two that do not depend on each other.
    const variance = (factor * one.sd) ** 2 + (one.rate * sd) ** 2 + (one.sd * sd) ** 2
    return { rate: one.rate * factor, sd: Math.sqrt(variance), own: one.own, reliance: one.reliance }
  }
  return { rateOf, spread: all.spread, hasSpread: taught.length > 1 }
}

/** What sites lose beside what their categories lose everywhere, drawn towards 1. Expected losses stand in place of sales. */
function siteFactors(expected: readonly Sold[]): (site: string) => { readonly factor: number; readonly sd: number } {
  const sites = shrinkRatesOf(
    expected.filter((one) => one.sold > 0).map(({ site, sold, lost }): CountedItem => ({ category: site, weight: 1, recorded: sold, lost })),
  )
  const known = new Map(sites.categories.map((one) => [one.category, one]))
  return (site) => {
    const one = known.get(site)
    if (!(sites.rate > 0)) return { factor: 1, sd: 0 }
    if (one === undefined) return { factor: 1, sd: Math.sqrt(sites.between) / sites.rate }
    // The doubt about the rate of all is in the categories' rates already.
    const variance = Math.max(0, one.sd ** 2 - (1 - one.reliance) ** 2 * sites.sd ** 2)
    return { factor: Math.max(0, one.rate / sites.rate), sd: Math.sqrt(variance) / sites.rate }
  }
}

/** Of what is accrued: doubt about the rate, and that each item has its own luck. */
const doubtOf = ({ sd }: Learnt, spread: number, sold: number, squares: number): number => Math.sqrt((sd * sold) ** 2 + spread * squares)

const told = ({ rate, sd, own, reliance }: Learnt, hasSpread: boolean): Rate => ({
  rate,
  interval: hasSpread ? { low: rate - DEVIATIONS * sd, high: rate + DEVIATIONS * sd } : null,
  own,
  reliance,
})

/** What beliefs expect of the same goods: of what each expects, its worth, with the squares of their deviations. */
export interface Believed {
  readonly units: number
  readonly value: number
  readonly squares: number
}

/** The worth that beliefs expect, as if they did not depend on each other. */
export const believedInterval = ({ value, squares }: Believed): Interval => ({
  low: Math.round(value - DEVIATIONS * Math.sqrt(squares)),
  high: Math.round(value + DEVIATIONS * Math.sqrt(squares)),
})

/** Whether two intervals have nothing in common: then one of what they come from is wrong. */
export const disagree = (one: Interval | null, other: Interval | null): boolean =>
  one !== null && other !== null && (one.high < other.low || other.high < one.low)

/** Standard deviations between the ends of the interval that beliefs tell. */
export const DEVIATIONS_WIDE = 2 * DEVIATIONS
