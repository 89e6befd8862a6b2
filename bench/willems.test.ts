// Safety stock in real chains: what others found best is found, and all that takes little is proven.

import { expect, test } from 'vitest'
import { knownOptima } from './echelon-data.ts'
import { benchEchelon, chainsWanted } from './willems.ts'

const CHAINS = '0-12,24'
const told: string[] = []
const bench = await benchEchelon(chainsWanted(CHAINS), 60, (line) => told.push(line))
const isThere = bench !== 'not run'
if (!isThere) process.stdout.write('not run: safety stock in the chains of Willems\n')

test.each(isThere ? [] : ['the chains of Willems'])('%s that are not there are not run, and say so; where every change is checked they must be', () => {
  expect(process.env['CI']).not.toBe('true')
  expect(bench).toBe('not run')
})

test.each(isThere ? ['the chains of Willems'] : [])('%s are solved, each with a proof', () => {
  const solved = bench as Exclude<typeof bench, 'not run'>
  expect(told).toHaveLength(14)
  expect(solved.map(({ chain }) => chain)).toEqual([...Array.from({ length: 13 }, (_, chain) => chain), 24])
  for (const { chain, gap, cost, decoupled } of solved) {
    expect(gap, `chain ${chain}`).toBeLessThan(1e-6)
    expect(cost, `chain ${chain}`).toBeLessThanOrEqual(decoupled * (1 + 1e-12))
  }
})

test.each(isThere ? ['the chains of Willems'] : [])('%s cost what others found', () => {
  const solved = bench as Exclude<typeof bench, 'not run'>
  const known = [...knownOptima()!]
  expect(known.length).toBeGreaterThan(0)
  for (const [chain, { optimal, decoupled }] of known) {
    const ours = solved.find((one) => one.chain === chain)!
    expect(Math.abs(ours.cost / optimal - 1), `chain ${chain}`).toBeLessThan(1e-8)
    expect(Math.abs(ours.decoupled / decoupled - 1), `chain ${chain}, decoupled`).toBeLessThan(1e-6)
  }
})
