import { describe, expect, test } from 'vitest'
import { studentQuantile } from './student.ts'

describe("Student's quantile", () => {
  // As tables print it.
  test.each([
    [0.975, 1,        12.706],
    [0.975, 2,        4.303],
    [0.975, 5,        2.571],
    [0.975, 10,       2.228],
    [0.975, 30,       2.042],
    [0.975, 120,      1.98],
    [0.975, Infinity, 1.96],
    [0.995, 3,        5.841],
    [0.995, Infinity, 2.576],
    [0.95,  10,       1.812],
    [0.75,  1,        1],
  ])('above %d of %d degrees lies at %d', (probability, degrees, quantile) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(quantile, 3)
  })

  test('falls as degrees rise, whole or not', () => {
    const degrees = [0.5, 1, 1.5, 2, 2.7, 4, 7.3, 20, 99.5, 1_000, 1e6]
    const quantiles = degrees.map((some) => studentQuantile(0.975, some))
    expect(quantiles).toEqual(quantiles.toSorted((a, b) => b - a))
  })

  test.each([[0.5, 3], [1, 3], [0.975, 0], [0.975, NaN]])('is none above %d of %d degrees', (probability, degrees) => {
    expect(() => studentQuantile(probability, degrees)).toThrow('no such quantile')
  })
})
