// Order quantity: how many to order at a time where demand is steady and known, the economic order quantity and its family. Costs are of a unit held or short for a
// unit of time, demand is units in that time, costs come back for that time. Given a quantity, what it costs; given none, the one that costs least.

/** A quantity and what it costs for a unit of time. */
export interface QuantityCost {
  readonly quantity: number
  readonly cost: number
}

export interface SteadyDemand {
  /** Of an order. */
  readonly fixedCost: number
  /** Of a unit held for a unit of time. */
  readonly holding: number
  /** Units in a unit of time. */
  readonly rate: number
}

/** Q = sqrt(2 K d / h), cost K d / Q + h Q / 2 (F. Harris, 1913; Snyder and Shen, 3.4 and 3.5). */
export function economicOrderQuantity({ fixedCost, holding, rate }: SteadyDemand, given?: number): QuantityCost {
  const quantity = given ?? Math.sqrt((2 * fixedCost * rate) / holding)
  return { quantity, cost: given === undefined ? quantity * holding : (fixedCost * rate) / quantity + (holding * quantity) / 2 }
}

/**
 * Where some may wait for `shortage` a unit and unit of time: Q = sqrt(2 K d (h + p) / (h p)), of which the share h / (h + p) is back-ordered, cost
 * h Q (1 - x)^2 / 2 + p Q x^2 / 2 + K d / Q (Snyder and Shen, 3.27 to 3.29).
 */
export function orderQuantityWithBackorders(
  { fixedCost, holding, rate }: SteadyDemand,
  shortage: number,
  given?: { readonly quantity: number; readonly backordered: number },
): QuantityCost & { readonly backordered: number } {
  const quantity = given?.quantity ?? Math.sqrt((2 * fixedCost * rate * (holding + shortage)) / (holding * shortage))
  const backordered = given?.backordered ?? holding / (holding + shortage)
  const cost = (holding * quantity * (1 - backordered) ** 2) / 2 + (shortage * quantity * backordered ** 2) / 2 + (fixedCost * rate) / quantity
  return { quantity, backordered, cost }
}

/** Made at `productionRate` units in a unit of time, more than are wanted: as the economic order quantity with h (1 - rate / productionRate) (Snyder and Shen, 3.31 and 3.32). */
export function economicProductionQuantity(demand: SteadyDemand, productionRate: number, given?: number): QuantityCost {
  return economicOrderQuantity({ ...demand, holding: demand.holding * (1 - demand.rate / productionRate) }, given)
}

/** Prices that fall with the quantity ordered: from each of `from` (ascending, the first 0) on, a unit costs `price`. */
export interface Discounts {
  readonly from: readonly number[]
  readonly price: readonly number[]
}

export interface DiscountedQuantity extends QuantityCost {
  /** Which of the prices is paid. */
  readonly region: number
}

/** `holding` of the demand is here a share of a unit's price, for a unit of time. */
type Rated = SteadyDemand

/**
 * All units at the price of the last: cost c d + K d / Q + i c Q / 2. Of each price its economic order quantity where that gets the price, else the least
 * that does; the cheapest of these (Snyder and Shen, 3.4.1).
 */
export function orderQuantityAllUnitsDiscounts({ fixedCost, holding, rate }: Rated, { from, price }: Discounts, given?: number): DiscountedQuantity {
  const cost = (quantity: number, region: number): DiscountedQuantity => {
    const each = price[region]!
    return { quantity, region, cost: each * rate + (fixedCost * rate) / quantity + (holding * each * quantity) / 2 }
  }
  if (given !== undefined) return cost(given, regionOf(from, given))
  const candidates: DiscountedQuantity[] = []
  for (let region = price.length - 1; region >= 0; region -= 1) {
    const economic = Math.sqrt((2 * fixedCost * rate) / (holding * price[region]!))
    const quantity = Math.max(economic, from[region]!)
    if (quantity < (from[region + 1] ?? Infinity)) candidates.push(cost(quantity, region))
  }
  return cheapest(candidates)
}

/**
 * Only units from each quantity on at its price: those of the region cost as if an order cost K + c' more, c' what the first units cost beyond the last price;
 * cost c d + i c' / 2 + (K + c') d / Q + i c Q / 2, where Q lies in the region (Snyder and Shen, 3.4.2).
 */
export function orderQuantityIncrementalDiscounts(
  { fixedCost, holding, rate }: Rated,
  { from, price }: Discounts,
  given?: number,
): DiscountedQuantity {
  const more = price.map((each, region) => {
    let sum = 0
    for (let one = 0; one < region; one += 1) sum += price[one]! * (from[one + 1]! - from[one]!)
    return sum - each * from[region]!
  })
  const cost = (quantity: number, region: number): DiscountedQuantity => {
    const [each, extra] = [price[region]!, more[region]!]
    return { quantity, region, cost: each * rate + (holding * extra) / 2 + ((fixedCost + extra) * rate) / quantity + (holding * each * quantity) / 2 }
  }
  if (given !== undefined) return cost(given, regionOf(from, given))
  const candidates: DiscountedQuantity[] = []
  for (const [region, each] of price.entries()) {
    const quantity = Math.sqrt((2 * (fixedCost + more[region]!) * rate) / (holding * each))
    if (quantity >= from[region]! && quantity < (from[region + 1] ?? Infinity)) candidates.push(cost(quantity, region))
  }
  return cheapest(candidates)
}

function regionOf(from: readonly number[], quantity: number): number {
  let region = 0
  while (region + 1 < from.length && quantity >= from[region + 1]!) region += 1
  return region
}

/** Of equals the first. */
const cheapest = (all: readonly DiscountedQuantity[]): DiscountedQuantity => all.reduce((best, one) => (one.cost < best.cost ? one : best))

/**
 * The order interval as `base` times a power of two, whatever the base at most 6 % above the best (R. Roundy, 1985; Snyder and Shen, 3.3). Quantity is in units,
 * the interval in the unit of time.
 */
export function powerOfTwoOrder(
  { fixedCost, holding, rate }: SteadyDemand,
  base: number,
): QuantityCost & { readonly interval: number; readonly exponent: number } {
  const best = Math.sqrt((2 * fixedCost) / (holding * rate))
  // The least power at which twice the interval costs more: 2^k base >= best / sqrt(2).
  const exponent = Math.ceil(Math.log2(best / (Math.SQRT2 * base)) - 1e-12)
  const interval = base * 2 ** exponent
  return { quantity: rate * interval, interval, exponent, cost: fixedCost / interval + (holding * rate * interval) / 2 }
}
