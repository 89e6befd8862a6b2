// Joint replenishment: items that share the cost of an order, as those of one supplier do. An order is made every `interval`; an item is in every so many-th of them.

export interface JointItem {
  /** Of having the item in an order. */
  readonly fixedCost: number
  /** Of a unit held for a unit of time. */
  readonly holding: number
  /** Units in a unit of time. */
  readonly rate: number
}

export interface JointPlan {
  /** Between two orders. */
  readonly interval: number
  /** Item by item, the multiples of it at which the item is ordered, and how many then. */
  readonly multiples: readonly number[]
  readonly quantities: readonly number[]
  /** For a unit of time. */
  readonly cost: number
}

/** With these multiples: T = sqrt(2 (K + sum k/m) / sum m h d), quantities T m d, cost (K + sum k/m) / T + T / 2 sum m h d. */
export function jointPlan(sharedCost: number, items: readonly JointItem[], multiples: readonly number[]): JointPlan {
  const fixed = items.reduce((sum, { fixedCost }, item) => sum + fixedCost / multiples[item]!, 0) + sharedCost
  const held = items.reduce((sum, { holding, rate }, item) => sum + holding * multiples[item]! * rate, 0)
  const interval = Math.sqrt((2 * fixed) / held)
  const quantities = items.map(({ rate }, item) => interval * multiples[item]! * rate)
  return { interval, multiples, quantities, cost: fixed / interval + (interval / 2) * held }
}

/**
 * The item for which k / (h d) is least is in every order, each other in every m-th, m = sqrt(k / (h d) x h' d' / (K + k')) to the nearest whole number, at
 * least 1, where ' marks that item (E. Silver, Management Science 22, 1976).
 */
export function jointReplenishment(sharedCost: number, items: readonly JointItem[]): JointPlan {
  const ratio = ({ fixedCost, holding, rate }: JointItem): number => fixedCost / (holding * rate)
  const first = items.reduce((best, item, at) => (ratio(item) < ratio(items[best]!) ? at : best), 0)
  const { fixedCost, holding, rate } = items[first]!
  const factor = (holding * rate) / (sharedCost + fixedCost)
  const multiples = items.map((item, at) => (at === first ? 1 : Math.max(1, Math.round(Math.sqrt(ratio(item) * factor)))))
  return jointPlan(sharedCost, items, multiples)
}

/**
 * Intervals that are powers of two of one another (P. Jackson, W. Maxwell and J. Muckstadt, 1985; R. Roundy, 1985): items whose own best interval
 * sqrt(2 k / (h d)) is not above that of those before them share one, T = sqrt(2 (K + sum k) / sum h d); the others get the power of two of it that is
 * nearest to theirs. At most 6 % above the best of all policies.
 */
export function jointReplenishmentPowersOfTwo(sharedCost: number, items: readonly JointItem[]): JointPlan {
  const order = items.map((_item, at) => at).toSorted((one, other) => own(items[one]!) - own(items[other]!))
  let [fixed, held, shared] = [sharedCost, 0, 0]
  for (const at of order) {
    const { fixedCost, holding, rate } = items[at]!
    if (held > 0 && own(items[at]!) > Math.sqrt((2 * fixed) / held)) break
    fixed += fixedCost
    held += holding * rate
    shared += 1
  }
  const interval = Math.sqrt((2 * fixed) / held)
  const multiples = items.map(() => 1)
  for (const at of order.slice(shared)) multiples[at] = 2 ** Math.max(0, Math.round(Math.log2(own(items[at]!) / interval)))
  return jointPlan(sharedCost, items, multiples)
}

const own = ({ fixedCost, holding, rate }: JointItem): number => Math.sqrt((2 * fixedCost) / (holding * rate))
