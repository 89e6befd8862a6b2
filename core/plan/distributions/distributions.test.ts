import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beta, exponential, gamma, integral, logNormal, losses, moved, normal, secondLosses, triangular, uniform, weibull } from './continuous.ts'
import { normalAbove, normalLoss, normalQuantile } from './normal.ts'
import { betaBelow, gammaAbove, gammaBelow, logGamma } from './special.ts'
import { below, binomial, geometric, negativeBinomial, poisson, uniformWhole, wholeLosses, wholeOf, wholeQuantile, wholeSecondLosses } from './whole.ts'

const relative = (got: number, expected: number, within = 1e-12) => expect(Math.abs(got / expected - 1)).toBeLessThan(within)

describe('distributions', () => {
  // Abramowitz and Stegun, tables 26.1 and 26.2; exact values from the series to 40 digits.
  test('the normal is exact far out, and its quantile is its inverse', () => {
    relative(normalAbove(1), 0.15865525393145705)
    relative(normalAbove(5), 2.866515718791939e-07)
    relative(normalAbove(10), 7.619853024160525e-24)
    relative(normalAbove(-1.96), 0.9750021048517795)
    relative(normalQuantile(0.975), 1.9599639845400543)
    fc.assert(fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      expect(Math.abs(normalAbove(-normalQuantile(p)) - p)).toBeLessThan(1e-14)
    }))
    // Where a series ends and a fraction begins nothing jumps.
    relative(normalLoss(2.5), normalLoss(2.5 + 1e-13), 1e-11)
    relative(normalLoss(8), integral((x) => normalAbove(x), 8, 30), 1e-10)
  })

  test('gamma and beta functions', () => {
    relative(logGamma(10), Math.log(362_880))
    relative(logGamma(0.5), Math.log(Math.PI) / 2)
    relative(gammaBelow(1, 2), 1 - Math.exp(-2))
    relative(gammaAbove(3, 20), Math.exp(-20) * (1 + 20 + 200))
    relative(betaBelow(2, 3, 0.4), 0.5248)
    expect([gammaBelow(2, 0), gammaAbove(2, 0), betaBelow(2, 2, 0), betaBelow(2, 2, 1)]).toEqual([0, 1, 0, 1])
  })

  test('losses are what integrals of the tails are, below and above, moved and stretched', () => {
    const all = [normal(5, 2), uniform(1, 9), exponential(4), gamma(2.5, 3), gamma(0.5, 1), logNormal(1, 0.5), moved(beta(2, 5), 3, 10), moved(weibull(1.5), 1, 4), moved(triangular(0.3), -2, 8), moved(gamma(2, 1), 5, 2)]
    for (const one of all) {
      const most = one.quantile(1 - 1e-15)
      for (const probability of [0.05, 0.5, 0.97]) {
        const x = one.quantile(probability)
        expect(one.below(x)).toBeCloseTo(probability, 10)
        const { short, over } = losses(one, x)
        expect(short).toBeCloseTo(integral((y) => one.above(y), x, most), 8)
        expect(over).toBeCloseTo(integral((y) => one.below(y), one.quantile(1e-15), x), 8)
        expect(secondLosses(one, x).short).toBeCloseTo(integral((y) => (y - x) * one.above(y), x, most), 6)
      }
      // Below all there is, what is missing is the mean.
      expect(one.short(-100)).toBeCloseTo(one.mean + 100, 8)
      expect(secondLosses(one, -100).over).toBeCloseTo(0, 5)
    }
  })

  test('whole distributions sum to one, with the mean and losses they should have', () => {
    const all = [poisson(0.3), poisson(1_500), binomial(12, 0.3), geometric(0.2), negativeBinomial(3, 0.02), negativeBinomial(0.4, 0.3), uniformWhole(2, 7), wholeOf([[4, 0.5], [1, 0.25], [2, 0.25]])]
    for (const one of all) {
      const sum = one.chances.reduce((total, chance) => total + chance, 0)
      expect(sum).toBeCloseTo(1, 10)
      relative(one.chances.reduce((total, chance, cell) => total + chance * (one.low + cell), 0), one.mean, 1e-9)
      const x = wholeQuantile(one, 0.6)
      expect(below(one, x)).toBeGreaterThanOrEqual(0.6)
      expect(below(one, x - 1)).toBeLessThan(0.6)
      const { short, over } = wholeLosses(one, x)
      expect(over - short).toBeCloseTo(x - one.mean, 6)
      const second = wholeSecondLosses(one, x)
      relative(second.short + second.over, ((x - one.mean) ** 2 + (x - one.mean) + one.variance) / 2, 1e-8)
    }
    expect(() => wholeOf([[0.5, 1]])).toThrow(RangeError)
  })
})
