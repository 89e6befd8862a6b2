// Count worth: what it would be worth to count an item of a shop that orders by its record, and how long it takes. By its record: where the record has
// some and there are none, it orders none and sells none, and a count ends that (count-value.ts).

import { unitsWanted } from '../filter/demand.ts'
import { normalAbove } from '../filter/normal.ts'
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

export function worthOfCount(item: CountedItem): CountWorth {
  const { low, step, chances, cells, unitsPerDay, sizeShare, recorded, supply, cost, price } = item
  let expected = 0
  for (let cell = 0; cell < cells; cell += 1) expected += (low + cell * step) * chances[cell]!
  const minutes = Math.min(MINUTES_MOST, MINUTES_FIRST + MINUTES_PIECE * expected)
  const mean = unitsPerDay * COVER_DAYS
  const dispersion = 1 / (1 - sizeShare)
  const wide = Math.ceil(mean + 8 * Math.sqrt(mean * dispersion) + 8 * dispersion)
  // Of what sells by the thousand, some together are reckoned as one.
  const lump = Math.ceil(wide / CELLS_MAX)
  const wanted = lump === 1 ? unitsWanted(mean, dispersion, wide) : lumpsWanted(mean, mean * dispersion, lump)
  const costs = coverCosts(wanted, lump * short(cost, price), lump * over(cost))
  const order = Math.max(0, costs.best - Math.round((Math.max(0, recorded) + supply) / lump))
  return { worth: Math.max(0, countValue(lump === 1 ? item : lumped(item, lump), Math.round(supply / lump), order, costs)), minutes }
}

/** As normal as much together is: how many lumps are wanted. */
function lumpsWanted(mean: number, variance: number, lump: number): Float64Array {
  const above = (units: number): number => normalAbove((units - mean) / Math.sqrt(variance))
  return Float64Array.from({ length: CELLS_MAX }, (_none, lumps) => (lumps === 0 ? 1 : above((lumps - 0.5) * lump)) - above((lumps + 0.5) * lump))
}

function lumped({ low, step, chances, cells }: Believed, lump: number): Believed {
  const lumps = (cell: number): number => Math.round((low + cell * step) / lump)
  const into = new Float64Array(lumps(cells - 1) - lumps(0) + 1)
  for (let cell = 0; cell < cells; cell += 1) into[lumps(cell) - lumps(0)]! += chances[cell]!
  return { low: lumps(0), step: 1, chances: into, cells: into.length }
}

const short = (cost: number, price: number): number => Math.max(price - cost, price * MARGIN_LEAST, cost * MARGIN_LEAST, LEAST_MINOR)
const over = (cost: number): number => Math.max((cost * HOLDING_SHARE_A_YEAR * COVER_DAYS) / 365, LEAST_MINOR)
