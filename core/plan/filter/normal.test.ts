import { expect, test } from 'vitest'
import { cutBelow, normalAbove } from './normal.ts'

test('what lies above is what tables say', () => {
  for (const [z, above] of [[0, 0.5], [1, 0.158_655_254], [1.959_963_985, 0.025], [-2, 0.977_249_868], [5, 2.866_515_7e-7]] as const) {
    expect(Math.abs(normalAbove(z) / above - 1)).toBeLessThan(1e-6)
  }
})

test('what is left of a cut distribution has the mean and variance that summing it gives', () => {
  for (const bound of [-30, -2, 5, 9.5, 10, 14, 18]) {
    const [mean, deviation] = [10, 3]
    let [mass, first, second] = [0, 0, 0]
    for (let x = bound + 0.0005; x < 40; x += 0.001) {
      const weight = Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI)) / 1000
      mass += weight
      first += weight * x
      second += weight * x * x
    }
    const cut = cutBelow(bound, mean, deviation ** 2)
    expect(cut.share).toBeCloseTo(mass, 5)
    expect(cut.mean).toBeCloseTo(first / mass, 3)
    expect(cut.variance).toBeCloseTo(second / mass - (first / mass) ** 2, 2)
  }
  expect(cutBelow(4, 5, 0)).toEqual({ share: 1, mean: 5, variance: 0 })
  expect(cutBelow(5, 4, 0).share).toBe(0)
})
