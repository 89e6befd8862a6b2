// Grid: what is believed of one item's stock, and how each event changes it. A joint probability over what is really there, a window of whole
// units, and the class of rate at which it goes unseen (rates.ts). Bayes' rule on a grid, with nothing approximated but the window's ends.
//
// Between two events goods may be taken at a class's rate, and customers come. That no one bought anything speaks against there being any: where there
// are some, each day without a sale weighs what a day without customers does; where there are none it costs nothing. Both together have a closed form,
// so a span may be taken in one step or in many: the answer is the same.
//
// After L. DeHoratius, A. Mersereau and L. Schrage, Retail inventory management when records are inaccurate, M&SOM 10(2), 2008, with time continuous
// and the rate unknown; what sales say of stock that runs out after A. Mersereau, 2012.

import { CELLS_MAX, inverses, poissonTerms, TERM_LEAST } from './poisson-terms.ts'

/** What is left out at each end of the window: far less than would do, since long silences make much of what was hardly possible. */
const CUT = 1e-10
/** Kept as nothing: numbers near the least that single precision has take a hundred times as long to reckon with. */
const NOTHING = 1e-30
/** Cells are scaled when together they hold less, and whenever they are moved. */
const SCALED_FROM = 1e-60
/** What cannot have happened by what was believed; the belief was wrong then, and begins anew. */
const IMPOSSIBLE = 1e-6

/** That more customers did not come says no more; the chance of it would be no number any more. */
export const CUSTOMERS_MAX = 500

/** A span without any event. */
export interface Silence {
  readonly days: number
  /** How many customers would have come in it, who would have bought had there been any. */
  readonly customers: number
  /** Units lost a day, one for each class. */
  readonly lossPerDay: ArrayLike<number>
  /** Losses of a whole case at once: how many a day, one for each class, and of how many units. */
  readonly cases?: { readonly perDay: ArrayLike<number>; readonly units: number } | undefined
}

export class Grid {
  readonly classes: number
  /** Units of the window's first cell, and how many cells it has. */
  low = 0
  cells = 0
  /** What all cells hold together: a probability is a cell's share of it. */
  #all = 1
  #mass: Float64Array
  #other: Float64Array
  readonly #terms = new Float64Array(CELLS_MAX * 2)

  constructor(classes: number) {
    this.classes = classes
    this.#mass = new Float64Array(classes * CELLS_MAX * 2)
    this.#other = new Float64Array(classes * CELLS_MAX * 2)
  }

  /** Certain of a quantity, and of the rate only that it is of a class by chance. */
  know(units: number, weights: ArrayLike<number>): void {
    this.low = units
    this.cells = 1
    this.#all = 1
    for (let one = 0; one < this.classes; one += 1) this.#mass[one] = weights[one]!
  }

  /** As likely any quantity of a range as any other. */
  knowNothing(low: number, cells: number, weights: ArrayLike<number>): void {
    this.low = low
    this.cells = Math.min(cells, CELLS_MAX)
    this.#all = 1
    for (let one = 0; one < this.classes; one += 1) this.#mass.fill(weights[one]! / this.cells, one * this.cells, (one + 1) * this.cells)
  }

  /** A window whose cells are told one by one, class by class; together they need not be 1. */
  fill(low: number, cells: number, massOf: (one: number, cell: number) => number): void {
    this.low = low
    this.cells = cells
    for (let one = 0; one < this.classes; one += 1) {
      for (let cell = 0; cell < cells; cell += 1) this.#mass[one * cells + cell] = massOf(one, cell)
    }
    this.#tidy()
  }

  mass(one: number, cell: number): number {
    return this.#mass[one * this.cells + cell]! / this.#all
  }

  /** Cells of the window from `first` on, each class's `stride` numbers after that of the one before. The window is set before. */
  load(from: Float32Array, offset: number, stride: number, first = 0, count = this.cells): void {
    const mass = this.#mass
    this.#all = 1
    for (let one = 0; one < this.classes; one += 1) {
      const into = one * this.cells + first
      const at = offset + one * stride
      for (let cell = 0; cell < count; cell += 1) mass[into + cell] = from[at + cell]!
    }
  }

  store(into: Float32Array, offset: number, stride: number, first = 0, count = this.cells): void {
    const mass = this.#mass
    const scale = 1 / this.#all
    for (let one = 0; one < this.classes; one += 1) {
      const from = one * this.cells + first
      const at = offset + one * stride
      for (let cell = 0; cell < count; cell += 1) {
        const value = mass[from + cell]! * scale
        into[at + cell] = value < NOTHING ? 0 : value
      }
    }
  }

  /** Goods may go unseen, and nobody buys. */
  silence(silence: Silence): void {
    const { days, lossPerDay, cases } = silence
    const customers = Math.min(silence.customers, CUSTOMERS_MAX)
    if (days <= 0 && customers <= 0) return
    let most = 0
    for (let one = 0; one < this.classes; one += 1) most = Math.max(most, lossPerDay[one]! * days)
    if (this.low > 0) this.#reachDown(Math.min(this.low, poissonTerms(this.#terms, most, Math.exp(-most), 1) - 1))
    const decay = Math.exp(-customers)
    for (let one = 0; one < this.classes; one += 1) this.#lose(one, lossPerDay[one]! * days, customers, decay)
    if (cases) this.#loseCases(cases.perDay, cases.units, days, customers)
    this.#tidy()
  }

  /**
   * A customer bought so many: there were as many at least, and where there were just as many he may have wanted more (`wantedMore`). A share of what
   * is entered as sold was something else, and this still stands there. False where what was believed made it impossible: then nothing is changed.
   */
  sell(units: number, wantedMore: number, misread: number): boolean {
    const skipped = Math.max(0, units - this.low)
    let possible = 1
    if (skipped > 0) {
      possible = 0
      for (let one = 0; one < this.classes; one += 1) possible += this.#sum(one * this.cells + skipped, this.cells - skipped) / this.#all
    }
    if (possible + misread < IMPOSSIBLE) return false
    const emptied = units - this.low
    if (misread > 0) {
      this.#leaveOrNot(units, wantedMore, misread, skipped)
      this.#tidy()
      return true
    }
    this.low -= units
    // There certainly were more: all quantities are as likely as they were, of what is left.
    if (emptied < 0) return true
    for (let one = 0; one < this.classes && emptied < this.cells; one += 1) this.#mass[one * this.cells + emptied]! *= wantedMore
    this.#tidy(skipped)
    return true
  }

  /** So many came, or with these chances a few more or less than was written. */
  receive(units: number, errors: readonly { readonly units: number; readonly chance: number }[] = []): void {
    if (errors.length === 0) {
      this.low += units
      return
    }
    const offsets = [{ units: 0, chance: 1 - errors.reduce((sum, one) => sum + one.chance, 0) }, ...errors]
    const least = Math.max(0, this.low + units + Math.min(...offsets.map((one) => one.units)))
    const most = this.low + units + this.cells - 1 + Math.max(...offsets.map((one) => one.units))
    this.#anew(least, Math.min(most - least + 1, CELLS_MAX), (from, into, cells) => {
      for (const { units: off, chance } of offsets) {
        for (let cell = 0; cell < this.cells; cell += 1) {
          const to = Math.max(0, this.low + cell + units + off - least)
          if (to < cells) this.#other[into + to]! += chance * this.#mass[from + cell]!
        }
      }
    })
    this.#tidy()
  }

  /**
   * Somebody counted so many, and in a share of counts is off by a few: by `spread` on average, either way. What was believed and the count are
   * weighed against each other. False where they cannot both be: then the count alone is believed.
   */
  count(units: number, error: number, spread: number, weights: ArrayLike<number>): boolean {
    const ratio = spread <= 0 ? 0 : spread / (1 + spread)
    const chanceOf = (off: number): number =>
      (off === 0 ? 1 - error : 0) + error * ((1 - ratio) / (1 + ratio)) * (off === 0 ? 1 : Math.pow(ratio, Math.abs(off)))
    let sum = 0
    for (let one = 0; one < this.classes; one += 1) {
      for (let cell = 0; cell < this.cells; cell += 1) sum += this.#mass[one * this.cells + cell]! * chanceOf(this.low + cell - units)
    }
    const isPossible = sum >= IMPOSSIBLE * this.#all
    if (!isPossible) {
      const reach = error === 0 || ratio === 0 ? 0 : Math.ceil(Math.log(CUT) / Math.log(ratio))
      const low = Math.max(0, units - reach)
      this.knowNothing(low, units + reach - low + 1, weights)
    }
    for (let one = 0; one < this.classes; one += 1) {
      for (let cell = 0; cell < this.cells; cell += 1) this.#mass[one * this.cells + cell]! *= chanceOf(this.low + cell - units)
    }
    this.#tidy()
    return isPossible
  }

  /** Something was seen that is as likely as `chanceOf` each quantity says. False where what was believed made it impossible: then nothing is changed. */
  weigh(chanceOf: (units: number) => number): boolean {
    const chances = Float64Array.from({ length: this.cells }, (_none, cell) => chanceOf(this.low + cell))
    let sum = 0
    for (let cell = 0; cell < this.cells; cell += 1) sum += chances[cell]! * this.#column(cell)
    if (sum < IMPOSSIBLE * this.#all) return false
    for (let one = 0; one < this.classes; one += 1) {
      for (let cell = 0; cell < this.cells; cell += 1) this.#mass[one * this.cells + cell]! *= chances[cell]!
    }
    this.#tidy()
    return true
  }

  /** Another share of items in each class than was thought (`reweighed`). */
  reweigh(before: ArrayLike<number>, after: ArrayLike<number>): void {
    for (let one = 0; one < this.classes; one += 1) {
      const factor = after[one]! / before[one]!
      for (let cell = one * this.cells; cell < (one + 1) * this.cells; cell += 1) this.#mass[cell]! *= factor
    }
    this.#tidy()
  }

  /** The probability of each quantity of the window, into the first cells; returns how many. */
  quantities(into: Float64Array): number {
    into.fill(0, 0, this.cells)
    for (let one = 0; one < this.classes; one += 1) {
      for (let cell = 0; cell < this.cells; cell += 1) into[cell]! += this.#mass[one * this.cells + cell]! / this.#all
    }
    return this.cells
  }

  /** The probability of each class. */
  classesInto(into: Float64Array): void {
    for (let one = 0; one < this.classes; one += 1) into[one] = this.#sum(one * this.cells, this.cells) / this.#all
  }

  /** The probability that there is none. */
  get empty(): number {
    if (this.low > 0) return 0
    let sum = 0
    for (let one = 0; one < this.classes; one += 1) sum += this.#mass[one * this.cells]!
    return sum / this.#all
  }

  get mean(): number {
    let sum = 0
    for (let one = 0; one < this.classes; one += 1) {
      for (let cell = 0; cell < this.cells; cell += 1) sum += cell * this.#mass[one * this.cells + cell]!
    }
    return this.low + sum / this.#all
  }

  /** One class's goods go one by one, at `lost` on average in the span. (No arrays are taken apart here: they would be made anew a million times a day.) */
  #lose(one: number, lost: number, customers: number, decay: number): void {
    const mass = this.#mass
    const terms = this.#terms
    const cells = this.cells
    const from = one * cells
    const noneLost = Math.exp(-lost)
    let begin = 0
    if (this.low === 0) {
      // Who comes down to none at a moment of the span was seen by no customer only until then: P(so many lost or come in all >= l), all of them losses.
      const both = lost + customers
      const share = both === 0 ? 0 : lost / both
      let empty = mass[from]!
      let power = 1
      let term = noneLost * decay
      let beyond = 1
      for (let units = 1; units < cells; units += 1) {
        beyond -= term
        term *= both * inverses[units]!
        power *= share
        const reached = power * beyond
        if (reached < TERM_LEAST) break
        empty += mass[from + units]! * reached
      }
      mass[from] = empty
      begin = 1
    }
    const count = poissonTerms(terms, lost, noneLost, decay)
    const whole = cells - count
    let cell = begin
    // Two at a time: sums that do not wait for each other are reckoned side by side.
    for (; cell < whole; cell += 2) {
      let sum = 0
      let next = 0
      for (let term = 0, at = from + cell; term < count; term += 1, at += 1) {
        const weight = terms[term]!
        sum += weight * mass[at]!
        next += weight * mass[at + 1]!
      }
      mass[from + cell] = sum
      mass[from + cell + 1] = next
    }
    for (; cell < cells; cell += 1) {
      const most = Math.min(count, cells - cell)
      let sum = 0
      for (let term = 0; term < most; term += 1) sum += terms[term]! * mass[from + cell + term]!
      mass[from + cell] = sum
    }
  }

  /** Whole cases go at once, once in the span at most; where that empties the shelf, customers were turned away for half of it. */
  #loseCases(perDay: ArrayLike<number>, units: number, days: number, customers: number): void {
    this.#reachDown(Math.min(this.low, units))
    const since = customers < 1e-9 ? 1 : (Math.exp(customers) - 1) / customers
    for (let one = 0; one < this.classes; one += 1) {
      const [chance, from] = [-Math.expm1(-perDay[one]! * days), one * this.cells]
      let begin = 0
      if (this.low === 0) {
        for (let cell = 1; cell <= units && cell < this.cells; cell += 1) this.#mass[from]! += chance * since * this.#mass[from + cell]!
        begin = 1
      }
      for (let cell = begin; cell < this.cells; cell += 1) {
        const more = cell + units < this.cells ? this.#mass[from + cell + units]! : 0
        this.#mass[from + cell] = (1 - chance) * this.#mass[from + cell]! + chance * more
      }
    }
  }

  /** So many left, or in a share of all none of them did. */
  #leaveOrNot(units: number, wantedMore: number, misread: number, skipped: number): void {
    const [low, top, emptied] = [Math.max(0, this.low - units), this.low + this.cells, units - this.low]
    this.#anew(low, Math.min(top - low, CELLS_MAX), (from, into) => {
      for (let cell = skipped; cell < this.cells; cell += 1) {
        this.#other[into + this.low + cell - units - low] = (1 - misread) * (cell === emptied ? wantedMore : 1) * this.#mass[from + cell]!
      }
      for (let cell = 0; cell < this.cells; cell += 1) {
        if (this.low + cell - low < top - low) this.#other[into + this.low + cell - low]! += misread * this.#mass[from + cell]!
      }
    })
  }

  /** Another window, whose cells are worked out from those of this, class by class. */
  #anew(low: number, cells: number, fill: (from: number, into: number, cells: number) => void): void {
    this.#other.fill(0, 0, this.classes * cells)
    for (let one = 0; one < this.classes; one += 1) fill(one * this.cells, one * cells, cells)
    const mass = this.#mass
    this.#mass = this.#other
    this.#other = mass
    this.low = low
    this.cells = cells
  }

  /** Cells below the window, for what may come down into them. */
  #reachDown(more: number): void {
    if (more <= 0) return
    const mass = this.#mass
    const cells = this.cells + more
    for (let one = this.classes - 1; one >= 0; one -= 1) {
      const from = one * this.cells
      const into = one * cells
      for (let cell = this.cells - 1; cell >= 0; cell -= 1) mass[into + more + cell] = mass[from + cell]!
      for (let cell = 0; cell < more; cell += 1) mass[into + cell] = 0
    }
    this.low -= more
    this.cells = cells
  }

  #sum(from: number, cells: number): number {
    let sum = 0
    for (let index = from; index < from + cells; index += 1) sum += this.#mass[index]!
    return sum
  }

  /** Everything together is 1, and ends that hold next to nothing are left out, as are the cells before `begin`. */
  #tidy(begin = 0): void {
    const { classes, cells } = this
    const mass = this.#mass
    let all = 0
    for (let one = 0; one < classes; one += 1) {
      for (let index = one * cells + begin; index < (one + 1) * cells; index += 1) all += mass[index]!
    }
    const limit = all * CUT
    let first = begin
    let last = cells - 1
    for (let cut = 0; first < last; first += 1) {
      cut += this.#column(first)
      if (cut > limit) break
    }
    for (let cut = 0; last > first; last -= 1) {
      cut += this.#column(last)
      if (cut > limit) break
    }
    const kept = last - first + 1
    if (kept === cells && all > SCALED_FROM) {
      this.#all = all
      return
    }
    const scale = 1 / all
    for (let one = 0; one < classes; one += 1) {
      const from = one * cells + first
      const into = one * kept
      for (let cell = 0; cell < kept; cell += 1) mass[into + cell] = mass[from + cell]! * scale
    }
    this.low += first
    this.cells = kept
    this.#all = 1
  }

  #column(cell: number): number {
    let sum = 0
    for (let one = 0; one < this.classes; one += 1) sum += this.#mass[one * this.cells + cell]!
    return sum
  }
}
