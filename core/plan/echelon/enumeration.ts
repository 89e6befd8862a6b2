// The plainest search of all: every choice of levels from a grid of each stage. Where nothing better is known of what a system costs, and for tests of what is.

export interface LevelGrid {
  readonly least: number
  readonly most: number
  /** Distance of neighbours. */
  readonly step: number
}

/** Levels of a grid, ascending; the last is the first that is not below `most`, but for rounding. */
export function levelsOf({ least, most, step }: LevelGrid): Float64Array {
  return Float64Array.from({ length: Math.ceil((most - least) / step - ROUNDING) + 1 }, (_, at) => least + at * step)
}

const ROUNDING = 1e-9
const CHOICES_MAX = 10_000_000

export interface Enumerated {
  readonly levels: Float64Array
  readonly cost: number
}

/** The choice that costs least, the first of equals; undefined where choices are too many to look at, or none. */
export function leastOfAll(grids: readonly Float64Array[], costOf: (levels: Float64Array) => number): Enumerated | undefined {
  const choices = grids.reduce((product, grid) => product * grid.length, 1)
  if (choices === 0 || choices > CHOICES_MAX) return undefined
  const levels = new Float64Array(grids.length)
  let best: Enumerated | undefined
  for (let choice = 0; choice < choices; choice += 1) {
    let rest = choice
    for (let stage = grids.length - 1; stage >= 0; stage -= 1) {
      const grid = grids[stage]!
      levels[stage] = grid[rest % grid.length]!
      rest = Math.floor(rest / grid.length)
    }
    const cost = costOf(levels)
    if (best === undefined || cost < best.cost) best = { levels: levels.slice(), cost }
  }
  return best
}
