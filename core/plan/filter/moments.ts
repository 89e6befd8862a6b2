// Moments: what is believed of one item's stock where it may be any of very many quantities. For each class of loss rate, the chance that there is none,
// and of what there is the mean and the variance, as if it were normal: within a class it nearly is, being what is left when much went one by one.
// What classes differ by is kept, so the whole may lean and have a long tail.
//
// The same events as in grid.ts, each for all quantities at once. Quantities are told from `low`, which moves with what is sold and received, so that sums stay exact.
// A normal distribution has no end, and stock has: there is never more than came and did not leave (`most`). As that comes down to a few hundred, what is believed
// becomes a grid again (filter.ts), before the end matters.

import { CUSTOMERS_MAX, type Grid, type Silence } from './grid.ts'
import { cutBelow, normalAbove, type Cut } from './normal.ts'

/** What cannot have happened by what was believed (grid.ts). */
const IMPOSSIBLE = 1e-6
/** There is some from the first whole unit on; half a unit is the bound between two. */
const HALF = 0.5
/** Numbers that are kept of each class. */
export const MOMENTS = 5
/** So many deviations to either side hold all that matters. */
const REACH = 6
/** Classes less likely than that say nothing of how far a belief stretches. */
const UNLIKELY = 1e-7

export class Moments {
  readonly classes: number
  low = 0
  /** There are no more than that. */
  most = 0
  readonly #none: Float64Array
  readonly #some: Float64Array
  readonly #mean: Float64Array
  readonly #variance: Float64Array

  constructor(classes: number) {
    this.classes = classes
    this.#none = new Float64Array(classes)
    this.#some = new Float64Array(classes)
    this.#mean = new Float64Array(classes)
    this.#variance = new Float64Array(classes)
  }

  /** What a grid believes, by its moments. */
  from(grid: Grid): void {
    this.low = grid.low
    this.most = grid.low + grid.cells - 1
    for (let one = 0; one < this.classes; one += 1) {
      let [some, first, second] = [0, 0, 0]
      const begin = grid.low === 0 ? 1 : 0
      for (let cell = begin; cell < grid.cells; cell += 1) {
        const mass = grid.mass(one, cell)
        some += mass
        first += mass * cell
        second += mass * cell * cell
      }
      const mean = some > 0 ? first / some : 0
      this.#none[one] = begin === 1 ? grid.mass(one, 0) : 0
      this.#set(one, some, mean, some > 0 ? Math.max(0, second / some - mean * mean) : 0)
    }
  }

  /** As whole units from `low` on, for a grid. */
  into(grid: Grid, low: number, cells: number): void {
    grid.fill(low, cells, (one, cell) => this.#within(one, low + cell, 1))
  }

  load(from: Float32Array, offset: number): void {
    this.most = this.low + from[offset + MOMENTS - 1]!
    for (let one = 0; one < this.classes; one += 1) {
      const at = offset + one * MOMENTS
      this.#none[one] = from[at]!
      this.#set(one, from[at + 1]!, from[at + 2]!, from[at + 3]!)
    }
  }

  store(into: Float32Array, offset: number): void {
    for (let one = 0; one < this.classes; one += 1) {
      into.set([this.#none[one]!, this.#some[one]!, this.#mean[one]!, this.#variance[one]!, this.most - this.low], offset + one * MOMENTS)
    }
  }

  silence(silence: Silence): void {
    const { days, lossPerDay, cases } = silence
    const customers = Math.min(silence.customers, CUSTOMERS_MAX)
    if (days <= 0 && customers <= 0) return
    const decay = Math.exp(-customers)
    // Of what ran out at some time of the span, customers were turned away from then on.
    const since = customers < 1e-9 ? 1 : (1 - decay) / customers
    for (let one = 0; one < this.classes; one += 1) {
      const [singly, atOnce] = [lossPerDay[one]! * days, cases ? cases.perDay[one]! * days : 0]
      const units = cases?.units ?? 0
      const left = this.#cut(HALF, this.#mean[one]! - singly - atOnce * units, this.#variance[one]! + singly + atOnce * units * units)
      this.#none[one]! += this.#some[one]! * (1 - left.share) * since
      this.#set(one, this.#some[one]! * left.share * decay, left.mean, left.variance)
    }
    this.#tidy()
  }

  /** As `sell` and `take` of a grid. */
  leave(units: number, wantedMore: number, misread: number): boolean {
    let possible = 0
    for (let one = 0; one < this.classes; one += 1)
      possible += this.#some[one]! * this.#cut(units - HALF, this.#mean[one]!, this.#variance[one]!).share
    if (possible + misread < IMPOSSIBLE) return false
    for (let one = 0; one < this.classes; one += 1) {
      const [before, mean, variance] = [this.#some[one]!, this.#mean[one]!, this.#variance[one]!]
      const [enough, more] = [this.#cut(units - HALF, mean, variance), this.#cut(units + HALF, mean, variance)]
      // Who took the last may have wanted more.
      const last = before * Math.max(0, enough.share - more.share) * wantedMore
      this.#none[one] = (1 - misread) * last + misread * this.#none[one]!
      this.#set(one, (1 - misread) * before * more.share, more.mean, more.variance)
      // What was entered and is another item's still stands there: from where the window is now, that much more.
      if (misread > 0) this.#join(one, misread * before, mean + units, variance)
    }
    this.low -= units
    if (misread === 0) this.most -= units
    this.#tidy()
    return true
  }

  receive(units: number): void {
    this.low += units
    this.most += units
    for (let one = 0; one < this.classes; one += 1) {
      const none = this.#none[one]!
      this.#none[one] = 0
      this.#join(one, none, units - this.low, 0)
    }
  }

  /** A class stands for all rates near its own: what was lost at those lies between what the classes next to each other lost. */
  blur(): void {
    const means = [...this.#mean]
    for (const [one, mean] of means.entries()) {
      const apart = Math.max(Math.abs(mean - (means[one - 1] ?? mean)), Math.abs(mean - (means[one + 1] ?? mean)))
      this.#variance[one] = Math.max(this.#variance[one]!, (apart / 2) ** 2)
    }
  }

  /** How likely a count is, beside the likeliest: below `IMPOSSIBLE` it contradicts all. */
  fits(units: number): number {
    let sum = 0
    for (let one = 0; one < this.classes; one += 1) {
      const off = units - this.low - this.#mean[one]!
      sum += this.#some[one]! * Math.exp((-off * off) / (2 * Math.max(this.#variance[one]!, HALF)))
      if (units === 0) sum += this.#none[one]!
    }
    return sum
  }

  /** As `weigh` of a grid: at so many quantities of each class. */
  weigh(chanceOf: (units: number) => number): boolean {
    const weighed = Array.from({ length: this.classes }, (_none, one) => {
      const [centre, deviation] = [this.low + this.#mean[one]!, Math.sqrt(this.#variance[one]!)]
      let [sum, all, first, second] = [0, 0, 0, 0]
      for (let step = -POINTS; step <= POINTS; step += 1) {
        const z = (step * REACH) / POINTS
        const units = Math.max(1, Math.round(centre + z * deviation))
        const weight = Math.exp((-z * z) / 2)
        const mass = weight * chanceOf(units)
        all += weight
        sum += mass
        first += mass * (units - this.low)
        second += mass * (units - this.low) ** 2
      }
      const mean = sum > 0 ? first / sum : this.#mean[one]!
      const variance = sum > 0 ? Math.max(0, second / sum - mean * mean) : 0
      return { none: this.#none[one]! * chanceOf(0), some: (this.#some[one]! * sum) / all, mean, variance }
    })
    if (weighed.reduce((sum, { none, some }) => sum + none + some, 0) < IMPOSSIBLE) return false
    for (const [one, { none, some, mean, variance }] of weighed.entries()) {
      this.#none[one] = none
      this.#set(one, some, mean, variance)
    }
    this.#tidy()
    return true
  }

  reweigh(before: ArrayLike<number>, after: ArrayLike<number>): void {
    for (let one = 0; one < this.classes; one += 1) {
      this.#none[one]! *= after[one]! / before[one]!
      this.#some[one]! *= after[one]! / before[one]!
    }
    this.#tidy()
  }

  classesInto(into: Float64Array): void {
    for (let one = 0; one < this.classes; one += 1) into[one] = this.#none[one]! + this.#some[one]!
  }

  get empty(): number {
    return this.#none.reduce((sum, one) => sum + one, 0)
  }

  get mean(): number {
    return this.#some.reduce((sum, some, one) => sum + some * (this.low + this.#mean[one]!), 0)
  }

  /** The least and the most that there may be. */
  get reach(): readonly [least: number, most: number] {
    let [least, most] = [this.empty > UNLIKELY ? 0 : Infinity, 0]
    for (let one = 0; one < this.classes; one += 1) {
      if (this.#some[one]! < UNLIKELY) continue
      const [centre, wide] = [this.low + this.#mean[one]!, REACH * Math.sqrt(this.#variance[one]!) + 1]
      least = Math.min(least, Math.max(0, Math.floor(centre - wide)))
      most = Math.max(most, Math.ceil(centre + wide))
    }
    const bound = Math.max(0, Math.min(most, this.most))
    return [Math.min(least, bound), bound]
  }

  /** The probability of `step` quantities together, from `low` on, into so many cells. */
  quantities(into: Float64Array, low: number, step: number, cells: number): void {
    for (let cell = 0; cell < cells; cell += 1) {
      into[cell] = 0
      for (let one = 0; one < this.classes; one += 1) into[cell]! += this.#within(one, low + cell * step, step)
    }
  }

  /** Of a class, what lies in so many quantities from `units` on. */
  #within(one: number, units: number, step: number): number {
    const [centre, deviation] = [this.low + this.#mean[one]!, Math.sqrt(Math.max(this.#variance[one]!, 1e-12))]
    if (units > this.most && units > 0) return 0
    const beyond = normalAbove((this.most + HALF - centre) / deviation)
    // A class all of which lies beyond what there can be is of what there is at most.
    if (beyond > 1 - NOTHING) return (units === 0 ? this.#none[one]! : 0) + (units <= this.most && this.most < units + step ? this.#some[one]! : 0)
    const above = (bound: number): number => Math.max(0, normalAbove((bound - HALF - centre) / deviation) - beyond) / (1 - beyond)
    // What is beyond the first unit was cut when it ran out; what rounding leaves there is of the first.
    const some = units <= 1 ? 1 - above(units + step) : above(units) - above(units + step)
    const isFirst = units === 1 || (units === 0 && step > 1)
    return (units === 0 ? this.#none[one]! : 0) + (units > 1 || isFirst ? this.#some[one]! * some : 0)
  }

  /** What lies above a bound where the mean, told from `low`, and the variance are these. */
  #cut(bound: number, mean: number, variance: number): Cut {
    return cutBelow(bound - this.low, mean, variance)
  }

  #set(one: number, some: number, mean: number, variance: number): void {
    this.#some[one] = some
    this.#mean[one] = mean
    this.#variance[one] = variance
  }

  /** Adds what has another mean and variance: both together by their moments. */
  #join(one: number, more: number, mean: number, variance: number): void {
    const [some, all] = [this.#some[one]!, this.#some[one]! + more]
    if (more <= 0) return
    const [before, share] = [this.#mean[one]!, more / all]
    const joined = before + share * (mean - before)
    const spread = (1 - share) * (this.#variance[one]! + (before - joined) ** 2) + share * (variance + (mean - joined) ** 2)
    this.#set(one, all, some > 0 ? joined : mean, some > 0 ? spread : variance)
  }

  #tidy(): void {
    let all = 0
    for (let one = 0; one < this.classes; one += 1) all += this.#none[one]! + this.#some[one]!
    for (let one = 0; one < this.classes; one += 1) {
      this.#none[one]! /= all
      this.#some[one]! /= all
    }
  }
}

/** What is left of a class, below which nothing is told of it. */
const NOTHING = 1e-9

/** Points to either side at which a likelihood is looked at. */
const POINTS = 48
