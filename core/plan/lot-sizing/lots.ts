// Lots: how many to order or make in each period so that what is wanted in each is there, when every order costs something and so does carrying goods over
// from one period to the next. Here what a plan costs, and the rules that decide period after period; what costs least of all is in wagner-whitin.ts.
// Each rule gives the lot of each period; nothing is short, and nothing is there before the first (E. Silver, D. Pyke and D. Thomas, Inventory and
// Production Management in Supply Chains, ch. 5; J. Orlicky, Material Requirements Planning, ch. 6).

/** The same for each period, or one for each. */
export type PerPeriod = number | ArrayLike<number>

export interface LotCosts {
  /** Of an order. */
  readonly setup: PerPeriod
  /** Of a unit that is there at the end of a period. */
  readonly holding: PerPeriod
  /** Of a unit ordered in a period. */
  readonly purchase?: PerPeriod
}

export interface PlanCost {
  readonly orders: number
  readonly setup: number
  readonly holding: number
  readonly purchase: number
  readonly total: number
  /** Units that were not there when wanted, which no rule here allows. */
  readonly short: number
}

export const inPeriod = (some: PerPeriod | undefined, period: number): number =>
  some === undefined ? 0 : typeof some === 'number' ? some : (some[period] ?? 0)

/** What a plan costs: each order, what is left at the end of each period, and the goods. */
export function planCost(lots: ArrayLike<number>, demand: ArrayLike<number>, costs: LotCosts, maximum = Infinity): PlanCost {
  let [stock, orders, setup, holding, purchase, short] = [0, 0, 0, 0, 0, 0]
  for (let period = 0; period < demand.length; period += 1) {
    const lot = lots[period] ?? 0
    const several = lot > 0 ? Math.max(1, Math.ceil(lot / maximum - 1e-9)) : 0
    orders += several
    setup += several * inPeriod(costs.setup, period)
    purchase += lot * inPeriod(costs.purchase, period)
    stock += lot - demand[period]!
    if (stock < -1e-9) [short, stock] = [short - stock, 0]
    holding += Math.max(0, stock) * inPeriod(costs.holding, period)
  }
  return { orders, setup, holding, purchase, total: setup + holding + purchase, short }
}

/** In each period what it wants. */
export const lotForLot = (demand: ArrayLike<number>): Float64Array => Float64Array.from(demand)

/** Whenever some are short, the least multiple of a fixed quantity that covers them. Units. */
export const fixedOrderQuantity = (demand: ArrayLike<number>, quantity: number): Float64Array =>
  boundedLots(lotForLot(demand), demand, { minimum: quantity, multiple: quantity })

/** The economic order quantity of the average period, sqrt(2 K d / h) (F. Harris, 1913), at least one unit; a fixed order quantity from then on. */
export function economicLots(demand: ArrayLike<number>, costs: LotCosts): Float64Array {
  return fixedOrderQuantity(demand, Math.max(1, Math.round(economicQuantity(demand, costs))))
}

/** For so many periods at a time, the first of which wants some. */
export function periodOrderQuantity(demand: ArrayLike<number>, periods: number): Float64Array {
  const most = Math.max(1, Math.floor(periods))
  return cover(demand, (first) => Math.min(demand.length, first + most))
}

/** Periods that the economic order quantity lasts for on average, at least one: what periodOrderQuantity is given. */
export function economicPeriods(demand: ArrayLike<number>, costs: LotCosts): number {
  const mean = average(demand)
  return mean > 0 ? Math.max(1, Math.round(economicQuantity(demand, costs) / mean)) : 1
}

/** For as many periods as make a unit cheapest: least of (setup + carrying) / units, the first such (least unit cost). */
export function leastUnitCost(demand: ArrayLike<number>, costs: LotCosts): Float64Array {
  return cover(demand, (first) => firstLeast(demand, costs, first, (spent, units) => spent / units))
}

/** For as many periods as make a period cheapest: least of (setup + carrying) / periods, the first such (E. Silver and H. Meal, 1973). */
export function silverMeal(demand: ArrayLike<number>, costs: LotCosts): Float64Array {
  return cover(demand, (first) => firstLeast(demand, costs, first, (spent, _units, periods) => spent / periods))
}

/** For as many periods as bring carrying nearest to what an order costs (J. DeMatteis, 1968); of two as near, the fewer. */
export function partPeriodBalancing(demand: ArrayLike<number>, costs: LotCosts): Float64Array {
  return cover(demand, (first) => {
    const setup = inPeriod(costs.setup, first)
    let [carried, each, next] = [0, 0, first + 1]
    for (; next < demand.length; next += 1) {
      each += inPeriod(costs.holding, next - 1)
      const more = carried + each * demand[next]!
      if (more > setup) return Math.abs(more - setup) < Math.abs(setup - carried) ? next + 1 : next
      carried = more
    }
    return next
  })
}

/** What a lot may be. Whole orders of at least `minimum` and a multiple of `multiple`; of more than `maximum` several orders are made at once. */
export interface LotBounds {
  readonly minimum?: number
  readonly multiple?: number
  readonly maximum?: number
}

/** The lots of a rule within bounds: what a larger lot leaves over is taken off the next. */
export function boundedLots(
  lots: ArrayLike<number>,
  demand: ArrayLike<number>,
  { minimum = 0, multiple = 0, maximum = Infinity }: LotBounds,
): Float64Array {
  const bounded = new Float64Array(demand.length)
  let [wanted, ordered] = [0, 0]
  for (let period = 0; period < demand.length; period += 1) {
    wanted += lots[period] ?? 0
    const short = wanted - ordered
    if (short <= 1e-9) continue
    bounded[period] = within(short, minimum, multiple, maximum)
    ordered += bounded[period]!
  }
  return bounded
}

function within(short: number, minimum: number, multiple: number, maximum: number): number {
  const most = multiple > 0 && maximum < Infinity ? Math.max(multiple, Math.floor(maximum / multiple) * multiple) : maximum
  const whole = (units: number): number => (multiple > 0 ? Math.ceil(units / multiple - 1e-9) * multiple : units)
  if (short <= most) return whole(Math.max(short, minimum))
  const full = Math.floor(short / most + 1e-9)
  const rest = short - full * most
  return full * most + (rest > 1e-9 ? whole(Math.max(rest, minimum)) : 0)
}

/** Lots that begin in the first period that wants some and reach to before the period that `until` says. */
function cover(demand: ArrayLike<number>, until: (first: number) => number): Float64Array {
  const lots = new Float64Array(demand.length)
  for (let first = 0; first < demand.length;) {
    if (!(demand[first]! > 0)) {
      first += 1
      continue
    }
    const next = Math.max(first + 1, until(first))
    for (let period = first; period < Math.min(next, demand.length); period += 1) lots[first]! += demand[period]!
    first = next
  }
  return lots
}

/** The period after the last that is covered: as long as `each` of what was spent so far does not rise. */
function firstLeast(
  demand: ArrayLike<number>,
  costs: LotCosts,
  first: number,
  each: (spent: number, units: number, periods: number) => number,
): number {
  let [spent, units, carrying] = [inPeriod(costs.setup, first), demand[first]!, 0]
  let least = each(spent, units, 1)
  for (let next = first + 1; next < demand.length; next += 1) {
    carrying += inPeriod(costs.holding, next - 1)
    spent += carrying * demand[next]!
    units += demand[next]!
    const now = each(spent, units, next - first + 1)
    if (now > least) return next
    least = now
  }
  return demand.length
}

function economicQuantity(demand: ArrayLike<number>, { setup, holding }: LotCosts): number {
  const of = (some: PerPeriod): number => (typeof some === 'number' ? some : average(some))
  const rate = of(holding)
  const all = average(demand) * demand.length
  return rate > 0 ? Math.min(all, Math.sqrt((2 * of(setup) * average(demand)) / rate)) : all
}

function average(some: ArrayLike<number>): number {
  let sum = 0
  for (let period = 0; period < some.length; period += 1) sum += some[period]!
  return some.length === 0 ? 0 : sum / some.length
}
