// Special functions of distributions, to the last digits of a double.

/** Coefficients of Lanczos' series with g = 7 and nine terms (P. Godfrey's). */
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_6, 12.507_343_278_686_905,
  -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
] as const
const TERMS_MAX = 10_000
const SMALL = 1e-300
const EXACT = 1e-16

/** The logarithm of the gamma function of what is above 0 (C. Lanczos, 1964). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const base = x + 6.5
  let sum = LANCZOS[0] as number
  for (let term = 1; term < LANCZOS.length; term += 1) sum += LANCZOS[term]! / (x - 1 + term)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}

/** P(X <= x) of a gamma distribution of this shape and scale 1: a series near 0, a continued fraction beyond (Numerical Recipes, 6.2). */
export function gammaBelow(shape: number, x: number): number {
  if (!(x > 0)) return 0
  if (x === Infinity) return 1
  return x < shape + 1 ? gammaSeries(shape, x) : 1 - gammaFraction(shape, x)
}

/** P(X > x) of the same, relatively exact in the tail. */
export function gammaAbove(shape: number, x: number): number {
  if (!(x > 0)) return 1
  if (x === Infinity) return 0
  return x < shape + 1 ? 1 - gammaSeries(shape, x) : gammaFraction(shape, x)
}

const gammaFront = (shape: number, x: number): number => Math.exp(shape * Math.log(x) - x - logGamma(shape))

function gammaSeries(shape: number, x: number): number {
  let [term, sum] = [1 / shape, 1 / shape]
  for (let next = 1; next < TERMS_MAX && term > sum * EXACT; next += 1) {
    term *= x / (shape + next)
    sum += term
  }
  return sum * gammaFront(shape, x)
}

function gammaFraction(shape: number, x: number): number {
  let b = x + 1 - shape
  let [c, d] = [1 / SMALL, 1 / b]
  let fraction = d
  for (let level = 1; level < TERMS_MAX; level += 1) {
    const a = -level * (level - shape)
    b += 2
    d = 1 / nonzero(a * d + b)
    c = nonzero(b + a / c)
    const step = d * c
    fraction *= step
    if (Math.abs(step - 1) < EXACT) break
  }
  return fraction * gammaFront(shape, x)
}

/** P(X <= x) of a beta distribution (Numerical Recipes, 6.4). */
export function betaBelow(a: number, b: number, x: number): number {
  if (!(x > 0)) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

function betaFraction(a: number, b: number, x: number): number {
  let [c, d] = [1, 1 / nonzero(1 - ((a + b) * x) / (a + 1))]
  let fraction = d
  for (let level = 1; level < TERMS_MAX; level += 1) {
    const twice = 2 * level
    const even = (level * (b - level) * x) / ((a + twice - 1) * (a + twice))
    d = 1 / nonzero(1 + even * d)
    c = nonzero(1 + even / c)
    fraction *= d * c
    const odd = (-(a + level) * (a + b + level) * x) / ((a + twice) * (a + twice + 1))
    d = 1 / nonzero(1 + odd * d)
    c = nonzero(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < EXACT) break
  }
  return fraction
}

const nonzero = (x: number): number => (Math.abs(x) < SMALL ? SMALL : x)
