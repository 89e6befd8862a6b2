import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costOfServiceTimes } from './network.ts'
import { bruteForce, network, tree } from './test-networks.ts'
import { placeInTree } from './tree.ts'

const stage = (name: string, time: number, holdingCost: number, more: object = {}) => ({ name, time, holdingCost, bound: 1, ...more })

/** What was not refused. */
function placed(of: ReturnType<typeof network>) {
  const placement = placeInTree(of)
  if ('refused' in placement) throw new Error(placement.refused)
  return placement
}

describe('safety stock in a tree', () => {
  test('is that of Snyder and Shen, example 6.5', () => {
    const example = network(
      [stage('1', 2, 1, { incomingMin: 1 }), stage('3', 1, 2, { bound: Math.SQRT2 }), stage('2', 1, 3), stage('4', 1, 3, { outgoingMax: 1 })],
      [['1', '3'], ['3', '2'], ['3', '4']],
    )
    const first = { ...example, costs: example.costs.map((costs, at) => (at === 0 ? costs.map((cost) => cost * Math.SQRT2) : costs)) }
    const { cost, outgoing } = placed(first)
    expect(cost).toBeCloseTo(8.277916867529369, 12)
    expect(Object.fromEntries(example.stages.map(({ name }, at) => [name, outgoing[at]]))).toEqual({ 1: 0, 2: 0, 3: 0, 4: 1 })
  })

  test('costs what the best of all choices costs, whichever way arcs point', () => {
    fc.assert(
      fc.property(tree, (any) => {
        const { cost, outgoing } = placed(any)
        expect(cost).toBeCloseTo(bruteForce(any), 9)
        expect(costOfServiceTimes(any, outgoing)).toBe(cost)
      }),
      { numRuns: 200 },
    )
  })

  test('stands in several trees at once', () => {
    const { cost } = placed(network([stage('A', 4, 1), stage('B', 9, 2)], []))
    expect(cost).toBe(2 + 6)
  })

  test('is refused where there are two ways', () => {
    const diamond = network([stage('A', 1, 1), stage('B', 1, 1), stage('C', 1, 1), stage('D', 1, 1)], [['A', 'B'], ['A', 'C'], ['B', 'D'], ['C', 'D']])
    expect(placeInTree(diamond)).toMatchObject({ refused: 'not a tree' })
  })

  test('of thousands in a line does not exhaust the stack', () => {
    const names = Array.from({ length: 5_000 }, (_, at) => `s${at}`)
    const line = network(names.map((name, at) => stage(name, at % 100 === 0 ? 1 : 0, 1 + at)), names.slice(1).map((name, at) => [names[at]!, name] as const))
    expect(placed(line).cost).toBeGreaterThan(0)
  })
})
