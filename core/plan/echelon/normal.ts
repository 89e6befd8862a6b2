// The standard normal distribution to the last digits of a number, far out too: what textbook answers are compared with to 1e-6 and smaller.

const FAR = 3
const TERMS_MAX = 200
const STEPS_MAX = 20

export const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** What lies below z: the series of M. Abramowitz and I. Stegun 26.2.11, and further out their continued fraction 26.2.14. */
export function below(z: number): number {
  if (z > FAR) return 1 - above(z)
  if (z < -FAR) return above(-z)
  let [term, sum] = [z, z]
  for (let odd = 3; odd < 2 * TERMS_MAX && Math.abs(term) > Number.EPSILON * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 + density(z) * sum
}

/** What lies above z; as exact where next to nothing does. */
export function above(z: number): number {
  if (z <= FAR) return 1 - below(z)
  let fraction = z
  for (let step = TERMS_MAX; step > 0; step -= 1) fraction = z + step / fraction
  return density(z) / fraction
}

/** The z that a share lies below: Newton's steps on the logarithm of the lesser tail, from a start that is never too far in. */
export function quantile(share: number): number {
  if (share <= 0) return -Infinity
  if (share >= 1) return Infinity
  if (share > 0.5) return -lowerQuantile(1 - share)
  return lowerQuantile(share)
}

function lowerQuantile(share: number): number {
  const wanted = Math.log(share)
  let z = -Math.sqrt(Math.max(0, -2 * Math.log(2 * share)))
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const tail = above(-z)
    const change = ((Math.log(tail) - wanted) * tail) / density(z)
    z -= change
    if (Math.abs(change) <= 4 * Number.EPSILON * Math.abs(z)) break
  }
  return z
}

/** Expected excess of a standard normal over z: density(z) - z above(z). */
export const loss = (z: number): number => density(z) - z * above(z)
