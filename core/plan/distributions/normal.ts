// Normal, to the last digits: what textbook figures and quantiles need. The belief filter has a faster one of seven digits (core/plan/filter/normal.ts).

export const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** Nearer than that to the middle a series is summed, beyond it a continued fraction. */
const NEAR = 2.5
const TERMS_MAX = 300

/** P(Z > z), relatively exact far out too (G. Marsaglia, Journal of Statistical Software 11(4), 2004; Abramowitz and Stegun 26.2.14). */
export function normalAbove(z: number): number {
  if (Number.isNaN(z)) return Number.NaN
  if (z < -NEAR) return 1 - normalAbove(-z)
  if (z > NEAR) return normalDensity(z) * mills(z)
  let [term, sum] = [z, z]
  for (let odd = 3; odd < TERMS_MAX && Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 - normalDensity(z) * sum
}

/** P(Z <= z). */
export const normalBelow = (z: number): number => normalAbove(-z)

/** P(Z > z) over the density, by its continued fraction from the far end. */
function mills(z: number): number {
  let fraction = z
  for (let level = 160; level >= 1; level -= 1) fraction = z + level / fraction
  return 1 / fraction
}

/** Which z has `probability` below it: a start good to four digits (Abramowitz and Stegun 26.2.23), then Halley's steps. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0)) return probability === 0 ? -Infinity : Number.NaN
  if (!(probability < 1)) return probability === 1 ? Infinity : Number.NaN
  const tail = Math.min(probability, 1 - probability)
  const t = Math.sqrt(-2 * Math.log(tail))
  let z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
  for (let step = 0; step < 3; step += 1) {
    const off = (normalAbove(z) - tail) / normalDensity(z)
    z += off / (1 - (off * z) / 2)
  }
  return probability < 0.5 ? -z : z
}

/** E[(Z - z)+], the standard normal loss function (Snyder and Shen, C.22). */
export const normalLoss = (z: number): number => (z > NEAR ? lossFar(z) : normalDensity(z) - z * normalAbove(z))

/** Far out the two terms nearly cancel; what is left is density times 1 - z mills(z), and that of the fraction's first level. */
function lossFar(z: number): number {
  let fraction = z
  for (let level = 160; level >= 2; level -= 1) fraction = z + level / fraction
  return normalDensity(z) * (1 / fraction / (z + 1 / fraction))
}

/** E[((Z - z)+)^2] / 2, the second-order loss function (Snyder and Shen, C.24). */
export const normalSecondLoss = (z: number): number => ((z * z + 1) * normalAbove(z) - z * normalDensity(z)) / 2
