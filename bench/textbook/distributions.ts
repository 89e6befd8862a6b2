// Distributions as scipy names them: arguments in its order, then where it begins and how far it is stretched.

import {
  beta,
  exponential,
  fromBelow,
  gamma,
  integral,
  logNormal,
  moved,
  normal,
  triangular,
  uniform,
  weibull,
  type ContinuousDistribution,
} from '../../core/plan/distributions/continuous.ts'
import { binomial, geometric, negativeBinomial, poisson, uniformWhole, wholeOf, type WholeDistribution } from '../../core/plan/distributions/whole.ts'

interface Named {
  readonly distribution: string
  readonly args: readonly number[]
  readonly kwds: Readonly<Record<string, number>>
}

const isNamed = (value: unknown): value is Named => typeof value === 'object' && value !== null && 'distribution' in value

/** How many shapes each has, and what it is without being moved. */
const continuous: Readonly<Record<string, readonly [shapes: readonly string[], make: (...shapes: readonly number[]) => ContinuousDistribution]>> = {
  norm: [[], () => normal(0, 1)],
  uniform: [[], () => uniform(0, 1)],
  expon: [[], () => exponential(1)],
  gamma: [['a'], (a) => gamma(a, 1)],
  erlang: [['a'], (a) => gamma(a, 1)],
  lognorm: [['s'], (s) => logNormal(0, s)],
  beta: [['a', 'b'], (a, b) => beta(a, b)],
  weibull_min: [['c'], (c) => weibull(c)],
  triang: [['c'], (c) => triangular(c)],
}

const whole: Readonly<Record<string, readonly [shapes: readonly string[], make: (...shapes: readonly number[]) => WholeDistribution]>> = {
  poisson: [['mu'], (mean) => poisson(mean)],
  geom: [['p'], (p) => geometric(p)],
  nbinom: [['n', 'p'], (n, p) => negativeBinomial(n, p)],
  binom: [['n', 'p'], (n, p) => binomial(n, p)],
  bernoulli: [['p'], (p) => binomial(1, p)],
  randint: [['low', 'high'], (low, high) => uniformWhole(low, high - 1)],
}

export function continuousOf(value: unknown): ContinuousDistribution {
  if (!isNamed(value)) return sampledOf(value)
  const found = continuous[value.distribution]
  if (found === undefined) throw new RangeError(`No distribution ${value.distribution}`)
  const [shapes, make] = found
  const [given, [location = 0, scale = 1]] = [named(value, shapes), rest(value, shapes.length)]
  return moved(make(...given), value.kwds['loc'] ?? location, value.kwds['scale'] ?? scale)
}

export function wholeDistributionOf(value: unknown): WholeDistribution {
  if (!isNamed(value)) return pmfOf(value)
  const found = whole[value.distribution]
  if (found === undefined) throw new RangeError(`No distribution ${value.distribution}`)
  const [shapes, make] = found
  const [made, location] = [make(...named(value, shapes)), value.kwds['loc'] ?? rest(value, shapes.length)[0] ?? 0]
  return { ...made, low: made.low + location, mean: made.mean + location }
}

export const isWhole = (value: unknown): boolean => isNamed(value) && value.distribution in whole

/** Chances by value, or of 0, 1, 2 and so on. */
export function pmfOf(value: unknown): WholeDistribution {
  const pairs = Array.isArray(value) ? value.map((chance, at) => [at, Number(chance)] as const) : Object.entries(value as object)
  return wholeOf(pairs.map(([at, chance]) => [Number(at), Number(chance)] as const))
}

/** A density that was sampled at points: straight between them. */
function sampledOf(value: unknown): ContinuousDistribution {
  const points = (value as { readonly function_samples: readonly (readonly [number, number])[] }).function_samples
  const density = (x: number): number => {
    const next = points.findIndex(([at]) => at >= x)
    if (next <= 0) return next === 0 && points[0]![0] === x ? points[0]![1] : 0
    const [[a, from], [b, to]] = [points[next - 1]!, points[next]!]
    return from + ((to - from) * (x - a)) / (b - a)
  }
  const [low, high] = [points[0]![0], points.at(-1)![0]]
  const mean = integral((x) => x * density(x), low, high)
  return fromBelow(
    (x) => integral(density, low, Math.min(x, high)),
    mean,
    integral((x) => (x - mean) ** 2 * density(x), low, high),
    low,
    high,
  )
}

const named = ({ args, kwds }: Named, shapes: readonly string[]): readonly number[] => shapes.map((shape, at) => kwds[shape] ?? args[at]!)

/** Arguments after the shapes that were given in order. */
function rest({ args, kwds }: Named, shapes: number): readonly number[] {
  const given = Object.keys(kwds).filter((key) => key !== 'loc' && key !== 'scale').length
  return args.slice(shapes - given)
}
