// Filter: what is believed of one item's stock, and how each event changes it: quantity by quantity where it is one of a few hundred (grid.ts), by
// moments where it may be any of very many (moments.ts). It goes from one to the other by itself, before an event would make it too wide, and
// back when a count or a sale of nearly everything makes it narrow.

import { Grid, type Silence } from './grid.ts'
import { Moments } from './moments.ts'

/** A grid is given up when it would be wider than that, and taken up again from this. */
const WIDE_CELLS = 512
const NARROW_CELLS = 192
/** Where there are no more than so many, a grid has room for all of them, and knows where they end. */
const ALL_CELLS = 384
/** Cells in which what is wide is told, some quantities together. */
const TOLD_CELLS = 512
/** So many deviations of what is lost hold all that matters. */
const REACH = 8
/** How far a count may be off, as a multiple of its spread, for all that matters. */
const OFF = 24

/** What cannot have been (grid.ts). */
const IMPOSSIBLE = 1e-6

export class Filter {
  readonly classes: number
  readonly grid: Grid
  readonly moments: Moments
  #isWide = false

  constructor(classes: number) {
    this.classes = classes
    this.grid = new Grid(classes)
    this.moments = new Moments(classes)
  }

  get isWide(): boolean {
    return this.#isWide
  }

  /** Certain of a quantity, and of the rate only that it is of a class by chance. */
  know(units: number, weights: ArrayLike<number>): void {
    this.#isWide = false
    this.grid.know(units, weights)
  }

  /** As likely any quantity of a range as any other; of a very wide range, any of its first. */
  knowNothing(low: number, cells: number, weights: ArrayLike<number>): void {
    this.#isWide = false
    this.grid.knowNothing(low, cells, weights)
    this.#settle()
  }

  /** For what is loaded next: cells of a grid, or moments. */
  begin(low: number, cells: number, isWide: boolean): void {
    this.#isWide = isWide
    if (isWide) this.moments.low = low
    else [this.grid.low, this.grid.cells] = [low, cells]
  }

  /** Goods may go unseen, and nobody buys. */
  silence(silence: Silence): void {
    const { days, lossPerDay, cases } = silence
    let most = 0
    for (let one = 0; one < this.classes; one += 1) most = Math.max(most, lossPerDay[one]! * days)
    const lost = Math.min(this.grid.low, most + REACH * Math.sqrt(most)) + Math.min(this.grid.low, cases?.units ?? 0)
    if (this.#widened(lost)) this.moments.silence(silence)
    else this.grid.silence(silence)
    this.#settle()
  }

  /** Taken, seen and entered: a loss that somebody noticed, goods that were sent away. False where that was thought impossible. */
  take(units: number): boolean {
    return this.sell(units, 1, 0)
  }

  /** A customer bought so many, and where there were just as many he may have wanted more (grid.ts). False where that was thought impossible. */
  sell(units: number, wantedMore: number, misread: number): boolean {
    const isThere = this.#widened(misread > 0 ? units : 0)
      ? this.moments.leave(units, wantedMore, misread)
      : this.grid.sell(units, wantedMore, misread)
    this.#settle()
    return isThere
  }

  receive(units: number): void {
    if (this.#isWide) this.moments.receive(units)
    else this.grid.receive(units)
  }

  /** Somebody counted so many, and in a share of counts is off by a few (grid.ts). False where that contradicts all: then the count alone is believed. */
  count(units: number, error: number, spread: number, weights: ArrayLike<number>): boolean {
    let isLikely = true
    if (this.#isWide) {
      const reach = error === 0 || spread <= 0 ? 0 : Math.min(Math.ceil(OFF * (1 + spread)), NARROW_CELLS / 2)
      const low = Math.max(0, units - reach)
      this.moments.blur()
      isLikely = this.moments.fits(units) >= IMPOSSIBLE
      if (isLikely) this.moments.into(this.grid, low, units + reach - low + 1)
      else this.grid.knowNothing(low, units + reach - low + 1, weights)
      this.#isWide = false
    }
    return this.grid.count(units, error, spread, weights) && isLikely
  }

  /** Something was seen that is as likely as `chanceOf` each quantity. False where what was believed made it impossible: then nothing is changed. */
  weigh(chanceOf: (units: number) => number): boolean {
    const isPossible = this.#isWide ? this.moments.weigh(chanceOf) : this.grid.weigh(chanceOf)
    this.#settle()
    return isPossible
  }

  reweigh(before: ArrayLike<number>, after: ArrayLike<number>): void {
    if (this.#isWide) this.moments.reweigh(before, after)
    else this.grid.reweigh(before, after)
  }

  /** The first quantity that is told, how many quantities a cell holds, and how many cells there are. */
  get told(): { readonly low: number; readonly step: number; readonly cells: number } {
    if (!this.#isWide) return { low: this.grid.low, step: 1, cells: this.grid.cells }
    const [low, most] = this.moments.reach
    const step = Math.ceil((most - low + 1) / TOLD_CELLS)
    return { low, step, cells: Math.ceil((most - low + 1) / step) }
  }

  /** The probability of the quantities of each cell of `told`, into the first cells. */
  quantities(into: Float64Array): void {
    const { low, step, cells } = this.told
    if (this.#isWide) this.moments.quantities(into, low, step, cells)
    else this.grid.quantities(into)
  }

  classesInto(into: Float64Array): void {
    if (this.#isWide) this.moments.classesInto(into)
    else this.grid.classesInto(into)
  }

  /** The probability that there is none. */
  get empty(): number {
    return this.#isWide ? this.moments.empty : this.grid.empty
  }

  get mean(): number {
    return this.#isWide ? this.moments.mean : this.grid.mean
  }

  /** Whether it is wide, or becomes so because so many cells more would be needed. */
  #widened(more: number): boolean {
    if (!this.#isWide && this.grid.cells + more > WIDE_CELLS) {
      this.moments.from(this.grid)
      this.#isWide = true
    }
    return this.#isWide
  }

  /** As it is now, in whichever form that asks for. */
  #settle(): void {
    if (!this.#widened(0)) return
    const [low, most] = this.moments.reach
    if (most - low >= NARROW_CELLS && this.moments.most >= ALL_CELLS) return
    this.moments.into(this.grid, low, most - low + 1)
    this.#isWide = false
  }
}
