// Safety stock where a stage's own time is random (S. Humair, J. Ruark, B. Tomlin and S. Willems, Incorporating stochastic lead times into the guaranteed service
// model of safety stock optimization, Interfaces 43(5), 2013). What must be covered is demand over what is left of a random time once the promise has passed:
//
//   net time N = max(0, SI + L - S)        stock = z sqrt(E N sd^2 + Var N mean^2)
//
// With one possible time it is z sd sqrt(N). Stock that comes before its promise is not counted; promises beyond the longest time are not made.

export interface RandomTime {
  /** Whole periods and their chances, which sum to 1. */
  readonly times: readonly number[]
  readonly chances: readonly number[]
}

/** Demand of one period, pooled over all that the stage supplies. */
export interface PooledDemand {
  readonly mean: number
  readonly deviation: number
  /** How many deviations are covered. */
  readonly z: number
}

/** Time and stock of a stage, as a network wants them: by net time as if the longest time came. */
export function stockOverRandomTime({ times, chances }: RandomTime, { mean, deviation, z }: PooledDemand) {
  const longest = times.reduce((most, time, at) => (chances[at]! > 0 ? Math.max(most, time) : most), 0)
  const stockOf = (netTime: number): number => {
    let [expected, squares] = [0, 0]
    for (const [at, time] of times.entries()) {
      const left = Math.max(0, netTime - longest + time)
      expected += chances[at]! * left
      squares += chances[at]! * left * left
    }
    return z * Math.sqrt(expected * deviation * deviation + Math.max(0, squares - expected * expected) * mean * mean)
  }
  return { time: longest, stockOf }
}
