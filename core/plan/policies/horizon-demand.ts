// Horizon demand: how many units leave between now and the moment when the order after this one is there. That is the lead time, which may be any of several
// numbers of days, and the time until the next review. Of each number of days the demand is negative binomial (core/plan/filter/demand.ts); the whole is
// their mixture (G. Hadley and T. Whitin, Analysis of Inventory Systems, 1963, ch. 3). What is demanded by the thousand is reckoned in lumps of several
// units, so that no table grows beyond CELLS, whatever is asked.

import { normalAbove } from '../filter/normal.ts'

/** So many lumps are told apart. */
export const CELLS = 2_048
/** So many deviations above the mean hold all that matters; a skewed tail is as long again. */
const REACH = 8
/** Terms beyond the mean that are smaller matter no more. */
const SMALL = 1e-18
/** Below that exponent the chance of none is no number; the recurrence begins elsewhere, and below the other the demand is normal. */
const [UNDERFLOW, NORMAL] = [-700, -1_300]
const FIRST = 1e-290

export class HorizonDemand {
  /** Units reckoned as one. */
  lump = 1
  /** Units on average, and the variance of the mixture. */
  mean = 0
  variance = 0
  /** P(demand <= lump * k), and units missing on average where lump * k are there; below `used`. */
  readonly #enough = new Float64Array(CELLS + 1)
  readonly #short = new Float64Array(CELLS + 1)
  readonly #terms = new Float64Array(CELLS + 1)
  #used = 0

  /** Demand of which the mean is one of `means` units with these chances (of sum 1), each with variance `dispersion` (at least 1) times its mean. */
  set(means: ArrayLike<number>, chances: ArrayLike<number>, parts: number, dispersion: number): void {
    let [most, first, second] = [0, 0, 0]
    for (let part = 0; part < parts; part += 1) {
      const [mean, chance] = [means[part]!, chances[part]!]
      most = Math.max(most, mean)
      first += chance * mean
      second += chance * (dispersion * mean + mean * mean)
    }
    this.mean = first
    this.variance = Math.max(0, second - first * first)
    const reach = most + REACH * Math.sqrt(most * dispersion) + REACH * dispersion
    this.lump = Math.max(1, Math.ceil(reach / (CELLS - 1)))
    this.#enough.fill(0, 0, this.#used + 1)
    this.#used = 1
    for (let part = 0; part < parts; part += 1) this.#add(means[part]! / this.lump, chances[part]!, dispersion / this.lump)
    this.#sum()
  }

  /** P(demand <= units). Between two lumps it is drawn straight, below the first it is that of none. */
  atMost(units: number): number {
    if (units < 0) return 0
    if (this.lump === 1) return units >= this.#used ? 1 : this.#enough[Math.floor(units)]!
    const place = (units + 0.5) / this.lump - 0.5
    if (place >= this.#used) return 1
    const [cell, beyond] = [Math.floor(place), place - Math.floor(place)]
    if (cell < 0) return this.#enough[0]!
    const below = this.#enough[cell]!
    return below + beyond * ((cell + 1 >= this.#used ? 1 : this.#enough[cell + 1]!) - below)
  }

  /** E[(demand - units)+]: the loss function. */
  short(units: number): number {
    if (units <= 0) return this.mean - units
    const place = units / this.lump
    if (place >= this.#used) return 0
    const [cell, beyond] = [Math.floor(place), place - Math.floor(place)]
    const here = this.#short[cell]!
    return here + beyond * ((cell + 1 >= this.#used ? 0 : this.#short[cell + 1]!) - here)
  }

  /** The probability of each number of lumps. */
  chances(): Float64Array {
    return Float64Array.from({ length: this.#used }, (_none, cell) => this.#enough[cell]! - (cell === 0 ? 0 : this.#enough[cell - 1]!))
  }

  /** A number of units that is enough for all that was told apart. */
  get most(): number {
    return this.#used * this.lump
  }

  /** Adds the terms of one part, in lumps: by recurrence, or normal where there are so many. */
  #add(mean: number, chance: number, dispersion: number): void {
    if (chance <= 0) return
    const share = 1 - 1 / Math.max(dispersion, 1)
    const size = share === 0 ? 0 : (mean * (1 - share)) / share
    const logNone = share === 0 ? -mean : size * Math.log1p(-share)
    if (dispersion < 1 || logNone < NORMAL) return this.#addNormal(mean, chance, mean * dispersion)
    const terms = this.#terms
    let term = logNone < UNDERFLOW ? FIRST : Math.exp(logNone)
    let [cell, sum] = [0, term]
    terms[0] = term
    while (cell + 1 < CELLS && (cell <= mean || term >= SMALL)) {
      cell += 1
      term *= share === 0 ? mean / cell : (share * (size + cell - 1)) / cell
      terms[cell] = term
      sum += term
    }
    const factor = chance / (logNone < UNDERFLOW ? sum : 1)
    for (let some = 0; some <= cell; some += 1) this.#enough[some]! += terms[some]! * factor
    this.#used = Math.max(this.#used, cell + 1)
  }

  #addNormal(mean: number, chance: number, variance: number): void {
    const deviation = Math.sqrt(Math.max(variance, 1e-12))
    const first = Math.max(0, Math.floor(mean - REACH * deviation))
    const last = Math.min(CELLS - 1, Math.ceil(mean + REACH * deviation))
    let above = 1
    for (let cell = first; cell <= last; cell += 1) {
      const beyond = cell === last ? 0 : normalAbove((cell + 0.5 - mean) / deviation)
      this.#enough[cell]! += (above - beyond) * chance
      above = beyond
    }
    this.#used = Math.max(this.#used, last + 1)
  }

  /** From the terms: how many are enough, and what is missing, from the last cell down so that small tails stay exact. */
  #sum(): void {
    const [enough, short, used, lump] = [this.#enough, this.#short, this.#used, this.lump]
    let [above, missing] = [0, 0]
    for (let cell = used - 1; cell >= 0; cell -= 1) {
      const term = enough[cell]!
      enough[cell] = Math.max(0, 1 - above)
      short[cell] = missing * lump
      above += term
      missing += above
    }
  }
}
