// Strata: the items of a site divided by what the record says they are worth, so that a random sample of each part says more together than one of the whole.
//
// Cuts by the rule of the cumulative square root of f (T. Dalenius and J. Hodges, Minimum variance stratification, JASA 54, 1959), on the square root of the
// recorded value, because values are skewed. The dearest hundredth or so stands apart and is counted whole: what one of these differs by would be multiplied.

/** An item of the site, in plain numbers. */
export interface SampledItem {
  /** What one piece is worth. */
  readonly unitValue: number
  /** Pieces that the record says are there. */
  readonly recorded: number
  /** Pieces that are believed to be there, and the standard deviation of that. */
  readonly expected: number
  readonly sd: number
}

export interface Stratum {
  /** Whether all of it is counted. */
  readonly isCertain: boolean
  /** The least and the greatest recorded value of its items. */
  readonly from: number
  readonly to: number
  /** Positions among the items, ascending. */
  readonly items: readonly number[]
  /** The standard deviation of an item's value about what is believed: the root of the mean square. */
  readonly sd: number
}

/** Of the items, the share that is dear enough to be counted whole; but no more of the sample than this part. */
const CERTAIN_SHARE = 0.01
const CERTAIN_SHARE_OF_SAMPLE = 0.25
const STRATA_MAX = 10
/** So that each stratum's spread can be told from what is counted there. */
const COUNTED_PER_STRATUM = 10
/** How finely the values are told apart before they are cut. */
const CELLS = 400

/** The strata for a sample of `size`, the dearest first. Each has an item at least, and there are few enough that two of each can be counted. */
export function strataOf(items: readonly SampledItem[], size: number): readonly Stratum[] {
  const values = items.map((item) => item.unitValue * item.recorded)
  const dearest = values.map((_, index) => index).toSorted((a, b) => values[b]! - values[a]! || a - b)
  const certain = Math.min(Math.ceil(items.length * CERTAIN_SHARE), Math.floor(size * CERTAIN_SHARE_OF_SAMPLE))
  const count = Math.max(1, Math.min(STRATA_MAX, Math.floor((size - certain) / COUNTED_PER_STRATUM)))
  const parts = [dearest.slice(0, certain), ...cut(dearest.slice(certain), values, count)]
  return parts.flatMap((part, index) => (part.length === 0 ? [] : [stratum(items, values, part, index === 0)]))
}

function stratum(items: readonly SampledItem[], values: readonly number[], part: readonly number[], isCertain: boolean): Stratum {
  const squares = part.reduce((sum, index) => sum + (items[index]!.unitValue * items[index]!.sd) ** 2, 0)
  const [from, to] = [values[part.at(-1)!]!, values[part[0]!]!]
  return { isCertain, from, to, items: part.toSorted((a, b) => a - b), sd: Math.sqrt(squares / part.length) }
}

/** Cuts items, the dearest first, into at most `count` parts of equal sums of the square roots of how many are alike. */
function cut(dearest: readonly number[], values: readonly number[], count: number): readonly (readonly number[])[] {
  if (dearest.length === 0) return []
  const rootOf = (index: number): number => Math.sqrt(Math.max(0, values[index]!))
  const [most, least] = [rootOf(dearest[0]!), rootOf(dearest.at(-1)!)]
  const width = (most - least) / CELLS
  const cellOf = (index: number): number => (width === 0 ? 0 : Math.min(CELLS - 1, Math.floor((most - rootOf(index)) / width)))
  const alike = Array<number>(CELLS).fill(0)
  for (const index of dearest) alike[cellOf(index)]! += 1
  const all = alike.reduce((sum, some) => sum + Math.sqrt(some), 0)
  let yet = 0
  const partOfCell = alike.map((some) => {
    yet += Math.sqrt(some)
    return Math.min(count - 1, Math.max(0, Math.ceil((yet / all) * count - 1e-9) - 1))
  })
  const parts = Map.groupBy(dearest, (index) => partOfCell[cellOf(index)]!)
  return [...parts.values()]
}
