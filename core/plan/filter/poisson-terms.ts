// Poisson terms: how likely none, one, two .. are lost, as a window of quantities needs them (grid.ts), many million times a day.

/** Units that a grid may stretch over; what is spread wider is believed by its moments (filter.ts). */
export const CELLS_MAX = 2_048
/** Terms of a distribution below this are left out. */
export const TERM_LEAST = 1e-10

/** One over each number: a product takes a tenth of the time of a division. */
export const inverses = Float64Array.from({ length: CELLS_MAX * 2 + 1 }, (_none, number) => 1 / number)

/** The probabilities of a mean, each times `weight`, from that of none up, which is `none`; returns how many there are. */
export function poissonTerms(into: Float64Array, mean: number, none: number, weight: number): number {
  let term = none
  let sum = 0
  let count = 0
  for (; count < CELLS_MAX && 1 - sum > TERM_LEAST; count += 1) {
    into[count] = term * weight
    sum += term
    term *= mean * inverses[count + 1]!
    if (count > mean && term < TERM_LEAST) return count + 1
  }
  return count
}
