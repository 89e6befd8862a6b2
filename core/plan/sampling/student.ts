// Student: how many standard deviations an interval must reach to each side when the deviation itself is only estimated.
//
// The distribution is written with the incomplete beta function, P(|T| > t) = I_x(v/2, 1/2) with x = v / (v + t^2), which a continued fraction gives
// (Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 26.7.1 and 26.5.8); the quantile is found by halving. Degrees of freedom need not be whole.

/** From here on it is the normal distribution, to seven digits. */
const DEGREES_MAX = 1e7
const HALVINGS = 200

/** The t that lies above a share `probability` (above 0.5, below 1) of the distribution with so many degrees of freedom (above 0). */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(probability > 0.5 && probability < 1 && degrees > 0)) throw new RangeError(`There is no such quantile: ${probability} of ${degrees} degrees.`)
  const some = Math.min(degrees, DEGREES_MAX)
  const outside = 2 * (1 - probability)
  let [low, high] = [0, 1]
  while (shareOutside(high, some) > outside) high *= 2
  for (let halving = 0; halving < HALVINGS && low < high; halving += 1) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (shareOutside(middle, some) > outside) low = middle
    else high = middle
  }
  return high
}

/** P(|T| > t). */
const shareOutside = (t: number, degrees: number): number => incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)

/** I_x(a, b), from the side on which the fraction converges. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b
}

const TERMS_MAX = 10_000
const SMALL = 1e-300

/** The continued fraction, from its front by Lentz's rule. */
function fraction(x: number, a: number, b: number): number {
  const kept = (value: number): number => (Math.abs(value) < SMALL ? SMALL : value)
  let above = 1
  let below = 1 / kept(1 - ((a + b) * x) / (a + 1))
  let result = below
  for (let term = 1; term <= TERMS_MAX; term += 1) {
    const even = (term * (b - term) * x) / ((a + 2 * term - 1) * (a + 2 * term))
    below = 1 / kept(1 + even * below)
    above = kept(1 + even / above)
    result *= above * below
    const odd = (-(a + term) * (a + b + term) * x) / ((a + 2 * term) * (a + 2 * term + 1))
    below = 1 / kept(1 + odd * below)
    above = kept(1 + odd / above)
    result *= above * below
    if (Math.abs(above * below - 1) < Number.EPSILON) break
  }
  return result
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const

/** ln gamma(z) for z above 0 (C. Lanczos, 1964; g = 7, nine terms). */
function logGamma(z: number): number {
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z)
  const x = z - 1
  const sum = LANCZOS.reduce((yet, coefficient, index) => yet + coefficient / (x + index + 1), 0.99999999999980993)
  const t = x + LANCZOS.length - 0.5
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum)
}
