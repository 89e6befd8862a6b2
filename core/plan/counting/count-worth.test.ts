import { describe, expect, test } from 'vitest'
import { worthOfCount } from './count-worth.ts'

const item = { low: 0, step: 1, chances: [0.9, 0.1], cells: 2, unitsPerDay: 1, sizeShare: 0, recorded: 10, supply: 0, cost: 100, price: 250 }

describe('I5: what counting an item is worth', () => {
  test('most where there is probably none and the record has some, little where the record has none either', () => {
    const phantom = worthOfCount(item)
    expect(phantom.worth).toBeGreaterThan(5 * worthOfCount({ ...item, recorded: 0 }).worth)
    expect(phantom.worth).toBeLessThan(7 * 3 * 150)
  })

  test('nothing where the record is right, whatever is on its way', () => {
    expect(worthOfCount({ ...item, low: 10, chances: [1], cells: 1 }).worth).toBeCloseTo(0, 9)
  })

  test('takes longer the more there are, and never for ever', () => {
    expect(worthOfCount({ ...item, low: 60, chances: [1], cells: 1 }).minutes).toBeCloseTo(3.5, 9)
    expect(worthOfCount({ ...item, low: 1_000_000, chances: [1], cells: 1 }).minutes).toBe(120)
  })

  test('what nobody wants is worth no count beyond what too many cost', () => {
    const { worth } = worthOfCount({ ...item, unitsPerDay: 0 })
    expect(worth).toBeCloseTo(0, 9)
  })
})
