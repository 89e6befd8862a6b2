// Where to keep safety stock in any network, with a proof of how good that is. Prices of service times (prices.ts) bound from below what it must cost; what stages
// choose by them can be lived with and bounds from above (choose.ts); times that cost more than lies between are left out. Where passes no longer bring the two
// together, the linear program of what is left does (linear.ts), and where that is fractional the same in whole numbers, in the time its solver has.

import { choiceOf, chooseDown, chooseUp, polish } from './choose.ts'
import { arcProblem, outgoingAt, pairsLeft, type SolveLinear } from './linear.ts'
import { incomingOf, type Network, type ServiceTimes } from './network.ts'
import { ascendDown, ascendUp, boundOfPrices, narrow, pricesOf, type Prices } from './prices.ts'

export interface Placement extends ServiceTimes {
  /** Money for a period. */
  readonly cost: number
  /** No service times cost less; equal to `cost` but for rounding where they are proven best. */
  readonly bound: number
  /** (cost - bound) / cost, at least 0. */
  readonly gap: number
  /** At most a millionth of the cost lies between. */
  readonly isProven: boolean
  readonly passes: number
  /** What closed the gap, or was tried last. */
  readonly method: 'prices' | 'linear program' | 'whole numbers'
}

export interface PlacementLimits {
  /** Down and up the network. */
  readonly passesMax?: number
  /** Asked before each pass: whether there is time. */
  readonly mayGoOn?: () => boolean
  readonly solve?: SolveLinear
}

/** Parts of the cost: what passes are to close, and what is told to be proven, as solvers of linear programs have a tolerance of their own. */
const CLOSED = 1e-9
const PROVEN = 1e-6
const PASSES_MAX = 3_000
/** Service times are chosen and left out once in so many passes. */
const PASSES_BETWEEN = 5
/** Of so many passes at least this part of the gap is asked, or somebody else is. */
const PATIENCE = 200
const PROGRESS = 0.25
const PAIRS_MAX = 150_000
const LEVELS = 20
/** Costs are told to the solver as parts of the whole, of about this size. */
const SCALE = 10_000

interface Search {
  readonly network: Network
  readonly prices: Prices
  best: Int32Array
  cost: number
  bound: number
}

export function placeSafetyStock(network: Network, limits: PlacementLimits = {}): Placement {
  const outgoing = new Int32Array(network.stages.length)
  const search: Search = { network, prices: pricesOf(network), best: outgoing, cost: polish(network, outgoing), bound: -Infinity }
  const passes = ascend(search, limits)
  let method: Placement['method'] = 'prices'
  if (!isClosed(search) && limits.solve !== undefined && pairsLeft(search.prices) <= PAIRS_MAX) method = finish(search, limits.solve)
  const { best, cost } = search
  const gap = gapOf(search)
  return {
    incoming: incomingOf(network, best),
    outgoing: best,
    cost,
    bound: Math.min(cost, search.bound),
    gap,
    isProven: gap <= PROVEN,
    passes,
    method,
  }
}

const gapOf = ({ cost, bound }: Search): number => (cost === 0 ? 0 : Math.max(0, cost - bound) / cost)
const isClosed = (search: Search): boolean => gapOf(search) <= CLOSED

/** Passes over the network until nothing lies between, or time or patience is out; returns how many. */
function ascend(search: Search, { passesMax = PASSES_MAX, mayGoOn = () => true, solve }: PlacementLimits): number {
  const { prices } = search
  const choice = choiceOf(prices)
  let [pass, gapBefore] = [0, Infinity]
  for (; pass < passesMax && mayGoOn(); pass += 1) {
    if (pass % PASSES_BETWEEN > 0) {
      ascendDown(prices)
      ascendUp(prices)
      continue
    }
    ascendDown(prices, (stage) => chooseDown(prices, choice, stage))
    keep(search, choice.outgoing)
    ascendUp(prices, (stage) => chooseUp(prices, choice, stage))
    keep(search, choice.outgoing)
    search.bound = Math.max(search.bound, Math.min(search.cost, boundOfPrices(prices)))
    if (isClosed(search)) return pass + 1
    narrow(prices, Math.max(0, search.cost - boundOfPrices(prices)) + CLOSED * search.cost)
    if (solve !== undefined && pass % PATIENCE === 0 && pairsLeft(prices) <= PAIRS_MAX) {
      if (search.cost - search.bound > (1 - PROGRESS) * gapBefore) return pass + 1
      gapBefore = search.cost - search.bound
    }
  }
  return pass
}

function keep(search: Search, outgoing: Int32Array): void {
  const times = Int32Array.from(outgoing)
  const cost = polish(search.network, times)
  if (cost < search.cost) [search.cost, search.best] = [cost, times]
}

/** The linear program of what is left, then in whole numbers. What was left out costs more than the best that is known. */
function finish(search: Search, solve: SolveLinear): Placement['method'] {
  const { prices } = search
  const scale = SCALE / search.cost
  const asked = arcProblem(prices, scale)
  for (const whole of [false, true]) {
    const { bound, values } = solve(asked.problem, whole)
    search.bound = Math.max(search.bound, Math.min(search.cost, bound / scale))
    if (values === undefined) continue
    for (let level = 1; level <= LEVELS; level += 1) keep(search, outgoingAt(prices, asked, values, (level - 0.5) / LEVELS))
    if (gapOf(search) <= PROVEN) return whole ? 'whole numbers' : 'linear program'
  }
  return 'whole numbers'
}
