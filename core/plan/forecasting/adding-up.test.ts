import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addingUp, type AddedUp, type Sum } from './adding-up.ts'

const leaf = (mean: number, variance = 1): Sum => ({ mean, variance, parts: [] })
const sumOf = (mean: number, variance: number, ...parts: readonly Sum[]): Sum => ({ mean, variance, parts })
const means = ({ mean, parts }: AddedUp): readonly number[] => [mean, ...parts.flatMap(means)]
const nodes = (tree: Sum): readonly Sum[] => [tree, ...tree.parts.flatMap(nodes)]

const positive = fc.double({ min: 0.1, max: 100, noNaN: true })
const tree = fc.letrec<{ node: Sum }>((tie) => ({
  node: fc.record({
    mean: fc.double({ min: -100, max: 1_000, noNaN: true }),
    variance: positive,
    parts: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('node'), { minLength: 1, maxLength: 4 })),
  }),
})).node

/** By how much any sum differs from its parts, at most. */
const off = ({ mean, parts }: AddedUp): number =>
  parts.length === 0 ? 0 : Math.max(Math.abs(parts.reduce((sum, part) => sum + part.mean, -mean)), ...parts.map(off))

/** What it costs to be off from the forecasts. */
const cost = (of: Sum, by: readonly number[]): number => nodes(of).reduce((sum, { mean, variance }, index) => sum + (by[index]! - mean) ** 2 / variance, 0)

/** All nodes from the leaves alone. */
function fromLeaves(of: Sum, leaves: number[]): AddedUp {
  if (of.parts.length === 0) return { mean: leaves.shift()!, parts: [] }
  const parts = of.parts.map((part) => fromLeaves(part, leaves))
  return { mean: parts.reduce((sum, part) => sum + part.mean, 0), parts }
}
const leavesOf = ({ mean, parts }: AddedUp): readonly number[] => (parts.length === 0 ? [mean] : parts.flatMap(leavesOf))

test('the sum and its parts meet where both are as certain, and the more certain moves less', () => {
  const { mean, parts } = addingUp(sumOf(30, 2, leaf(10), leaf(10)))
  expect([mean, ...parts.map((part) => part.mean)]).toEqual([25, 12.5, 12.5])
  const [sure, unsure] = addingUp(sumOf(30, 0.001, leaf(10, 1), leaf(10, 9))).parts
  expect(unsure!.mean - 10).toBeCloseTo(9 * (sure!.mean - 10), 9)
})

test('parts without a forecast of their own get what is left, and a sum without one is that of its parts', () => {
  expect(means(addingUp(sumOf(30, 1, leaf(10), leaf(0, Infinity), leaf(0, Infinity))))).toEqual([30, 10, 10, 10])
  expect(means(addingUp(sumOf(99, Infinity, leaf(10), leaf(20))))).toEqual([30, 10, 20])
})

test('nothing is below none where nothing was forecast to be', () => {
  const told = addingUp(sumOf(2, 0.01, leaf(5, 1), leaf(0.5, 9)))
  expect(Math.min(...means(told))).toBeGreaterThanOrEqual(0)
  expect(off(told)).toBeLessThan(1e-9)
})

test('any tree adds up', () => {
  fc.assert(fc.property(tree, (of) => { expect(off(addingUp(of))).toBeLessThan(1e-6) }))
})

test('no other means that add up are nearer to the forecasts', () => {
  fc.assert(
    fc.property(tree, fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 }), (of, moves) => {
      // Below 0 the nearest may be forbidden: one forecast below 0 allows it.
      const free = { ...of, parts: [...of.parts, leaf(-1_000)] }
      const best = addingUp(free)
      const leaves = leavesOf(best)
      const other = fromLeaves(free, leaves.map((mean, index) => mean + moves[index % moves.length]!))
      expect(cost(free, means(best))).toBeLessThanOrEqual(cost(free, means(other)) * (1 + 1e-9) + 1e-6)
    }),
  )
})
