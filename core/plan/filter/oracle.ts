// Oracle: the same belief as grid.ts has, worked out the long way: every quantity there is, numbers of full length, and no formula but that in each short
// moment a unit may go or a customer may come (uniformisation: A. Jensen, Markoff chains as an aid in the study of Markoff processes, 1953).

export class Oracle {
  readonly #classes: number
  readonly #cells: number
  #mass: number[][]

  constructor(cells: number, units: number, weights: readonly number[]) {
    this.#classes = weights.length
    this.#cells = cells
    this.#mass = weights.map((weight) => Array.from({ length: cells }, (_none, at) => (at === units ? weight : 0)))
  }

  silence(days: number, customers: number, lossPerDay: ArrayLike<number>): void {
    if (days <= 0) return
    this.#mass = this.#mass.map((before, one) => {
      const all = lossPerDay[one]! * days + customers
      const lost = all === 0 ? 0 : (lossPerDay[one]! * days) / all
      const after = before.map(() => 0)
      let [state, chance, left] = [before, Math.exp(-all), 1]
      for (let events = 0; left > 1e-15 && events < 10_000; events += 1) {
        for (let at = 0; at < this.#cells; at += 1) after[at]! += chance * state[at]!
        left -= chance
        chance *= all / (events + 1)
        // A customer who finds some buys: that did not happen, so this path ends.
        const reached = state
        state = reached.map((_mass, at) => (at === 0 ? reached[0]! : 0) + lost * (reached[at + 1] ?? 0))
      }
      return after
    })
    this.#whole()
  }

  sell(units: number, wantedMore: number, misread: number): void {
    this.#mass = this.#mass.map((before) =>
      before.map((mass, at) => (1 - misread) * (at === 0 ? wantedMore : 1) * (before[at + units] ?? 0) + misread * mass),
    )
    this.#whole()
  }

  receive(units: number): void {
    this.#mass = this.#mass.map((before) => before.map((_mass, at) => before[at - units] ?? 0))
  }

  count(units: number, error: number, spread: number): void {
    const ratio = spread / (1 + spread)
    const chanceOf = (off: number): number => (off === 0 ? 1 - error : 0) + error * ((1 - ratio) / (1 + ratio)) * ratio ** Math.abs(off)
    this.#mass = this.#mass.map((before) => before.map((mass, at) => mass * chanceOf(at - units)))
    this.#whole()
  }

  /** Half of what differs between this and another distribution over the same quantities. */
  distance(low: number, quantities: ArrayLike<number>, cells: number): number {
    let sum = 0
    for (let at = 0; at < this.#cells; at += 1) {
      const mine = this.#mass.reduce((total, one) => total + one[at]!, 0)
      const other = at >= low && at < low + cells ? quantities[at - low]! : 0
      sum += Math.abs(mine - other)
    }
    return sum / 2
  }

  get classes(): number[] {
    return this.#mass.map((one) => one.reduce((sum, mass) => sum + mass, 0))
  }

  #whole(): void {
    const all = this.#mass.flat().reduce((sum, mass) => sum + mass, 0)
    for (let one = 0; one < this.#classes; one += 1) this.#mass[one] = this.#mass[one]!.map((mass) => mass / all)
  }
}
