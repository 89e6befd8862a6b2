import { describe, expect, test } from 'vitest'
import { costOfServiceTimes, networkOf, outgoingByName, pooledBounds, safetyStocks } from './network.ts'
import { network } from './test-networks.ts'

const stage = (name: string, more: object = {}) => ({ name, time: 1, holdingCost: 1, bound: 1, ...more })
const arc = (from: string, to: string, units?: number) => ({ from, to, ...(units === undefined ? {} : { units }) })

describe('a network is refused', () => {
  test.each([
    ['a stage twice',                 [stage('A'), stage('A')],                      [],                                        'A'],
    ['an unknown stage',              [stage('A')],                                  [arc('A', 'B')],                           'B'],
    ['an arc twice',                  [stage('A'), stage('B')],                      [arc('A', 'B'), arc('A', 'B')],            'A'],
    ['a circle',                      [stage('A'), stage('B'), stage('C')],          [arc('A', 'B'), arc('B', 'C'), arc('C', 'B')], 'B'],
    ['a circle',                      [stage('A')],                                  [arc('A', 'A')],                           'A'],
    ['a negative amount',             [stage('A', { time: -1 })],                    [],                                        'A'],
    ['a negative amount',             [stage('A', { holdingCost: Number.NaN })],     [],                                        'A'],
    ['a negative amount',             [stage('A'), stage('B')],                      [arc('A', 'B', -1)],                       'A'],
    ['a time that is not whole',      [stage('A', { time: 1.5 })],                   [],                                        'A'],
    ['a time that is not whole',      [stage('A', { outgoingMax: Infinity })],       [],                                        'A'],
    ['times too long',                [stage('A', { time: 15_000 }), stage('B', { time: 15_000 })], [arc('A', 'B')],            'B'],
  ])('for %s', (refused, stages, arcs, name) => {
    expect(networkOf(stages, arcs)).toEqual({ refused, stage: name })
  })
})

test('a line costs by hand what its service times leave to wait for', () => {
  // Snyder and Shen, example 6.3: S = 0, 0, 1 leaves 1 + 1, 0 and 0 periods.
  const line = network(
    [stage('3', { holdingCost: 2, incomingMin: 1 }), stage('2', { holdingCost: 4, time: 0 }), stage('1', { holdingCost: 7, outgoingMax: 1 })],
    [['3', '2'], ['2', '1']],
  )
  expect(costOfServiceTimes(line, outgoingByName(line, { 1: 1 }))).toBeCloseTo(2 * Math.SQRT2, 12)
  expect([...safetyStocks(line, outgoingByName(line, { 1: 1 }))]).toEqual([Math.SQRT2, 0, 0])
  expect(costOfServiceTimes(line, outgoingByName(line, { 3: 2, 2: 2, 1: 1 }))).toBeCloseTo(7 * Math.SQRT2, 12)
  expect(costOfServiceTimes(line, outgoingByName(line, { 3: 3 })), 'more than it can').toBe(Infinity)
  expect(costOfServiceTimes(line, outgoingByName(line, { 1: 2 })), 'more than it may').toBe(Infinity)
})

describe('bounds are pooled', () => {
  const names = ['part', 'frame', 'wheel', 'bicycle', 'tandem']
  const arcs = [arc('part', 'frame'), arc('part', 'wheel', 3), arc('frame', 'bicycle'), arc('wheel', 'bicycle', 2), arc('wheel', 'tandem', 2)]
  const demand = new Map([['bicycle', 3], ['tandem', 4]])
  test.each([
    ['reach',     { bicycle: 3, tandem: 4, wheel: 5,  frame: 3, part: 5 }],
    // A bicycle takes 1 + 6 parts, a tandem 6.
    ['paths',     { bicycle: 3, tandem: 4, wheel: 10, frame: 3, part: Math.hypot(21, 24) }],
  ] as const)('by %s', (pooling, bounds) => {
    const pooled = pooledBounds(names, arcs, demand, pooling)
    expect('refused' in pooled ? pooled : Object.fromEntries(pooled)).toEqual(bounds)
  })

  test('unless there is a circle', () => {
    expect(pooledBounds(['A', 'B'], [arc('A', 'B'), arc('B', 'A')], new Map(), 'reach')).toEqual({ refused: 'a circle', stage: 'A' })
  })
})
