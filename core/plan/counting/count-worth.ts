// Count worth: what it would be worth to count an item of a shop that orders by its record, and how long it takes. By its record: where the record has
// some and there are none, it orders none and sells none, and a count ends that (count-value.ts).

import { unitsWanted } from '../filter/demand.ts'
import { coverCosts, countValue, type Believed } from './count-value.ts'

export interface CountedItem extends Believed {
  readonly unitsPerDay: number
  /** Of what each customer wants (`sizeShare` of a demand). */
  readonly sizeShare: number
  readonly recorded: number
  /** On its way. */
  readonly supply: number
  /** Minor units, of one. */
  readonly cost: number
  readonly price: number
}

export interface CountWorth {
  /** Minor units. */
  readonly worth: number
  readonly minutes: number
}

/** Until what is ordered next helps. */
export const COVER_DAYS = 7
/** What it costs to have one for a year, as a share of what it cost; and what one earns at least, where nobody said its price. */
const HOLDING_SHARE_A_YEAR = 0.25
const MARGIN_LEAST = 0.1
const LEAST_MINOR = 0.01
const CELLS_MAX = 1_024
/** A count is a walk, a look and an entry, and a while for each piece. */
const MINUTES_FIRST = 1.5
const MINUTES_PIECE = 1 / 30
const MINUTES_MOST = 120

export function worthOfCount({ low, chances, cells, unitsPerDay, sizeShare, recorded, supply, cost, price }: CountedItem): CountWorth {
  let expected = 0
  for (let cell = 0; cell < cells; cell += 1) expected += (low + cell) * chances[cell]!
  const minutes = Math.min(MINUTES_MOST, MINUTES_FIRST + MINUTES_PIECE * expected)
  const mean = unitsPerDay * COVER_DAYS
  const dispersion = 1 / (1 - sizeShare)
  const wide = Math.ceil(mean + 8 * Math.sqrt(mean * dispersion) + 8 * dispersion)
  // What sells so fast that this is too narrow is worth no less; it is ranked by what is seen of it.
  const costs = coverCosts(unitsWanted(mean, dispersion, Math.min(wide, CELLS_MAX)), short(cost, price), over(cost))
  const order = Math.max(0, costs.best - Math.max(0, recorded) - supply)
  return { worth: Math.max(0, countValue({ low, chances, cells }, supply, order, costs)), minutes }
}

const short = (cost: number, price: number): number => Math.max(price - cost, price * MARGIN_LEAST, cost * MARGIN_LEAST, LEAST_MINOR)
const over = (cost: number): number => Math.max((cost * HOLDING_SHARE_A_YEAR * COVER_DAYS) / 365, LEAST_MINOR)
