// Textbook answers on several echelons: all that are there are reached.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planningFolder } from '../forecast-data.ts'
import type { TextbookCase } from './cases.ts'
import { echelonCases } from './several-sites.ts'

const file = join(planningFolder, 'textbook_cases_stockpyl.json')
const isThere = existsSync(file)
if (!isThere) process.stdout.write('not run: textbook answers on several echelons\n')

const line = { nodes: [{ index: 2, local_holding_cost: 1, processing_time: 4 }, { index: 1, local_holding_cost: 9, processing_time: 0, demand_source: { type: 'P', mean: 1 } }], edges: [[2, 1]] }

test('what is asked is answered, missed or not covered', () => {
  const call = (name: string, args: object) => ({ function: name, args: { ...args } })
  const score = echelonCases([
    {
      module: 'gsm_tree',
      case: 'made up',
      calls: [
        call('gsm_tree.optimize_committed_service_times', { tree: line }),
        call('gsm_helpers.inbound_cst', { tree: line, node_indices: 1, cst: { 2: 3, 1: 0 } }),
        call('gsm_helpers.net_lead_time', { tree: line, node_indices: [2, 1], cst: { 2: 3, 1: 0 } }),
        call('gsm_helpers.solution_cost_from_cst', { tree: line, cst: { 2: 0, 1: 0 } }),
        call('gsm_tree.draw', {}),
      ],
      expect: [
        { call: 0, path: [1], quantity: 'cost', expected: 2 },
        { call: 0, path: [0], quantity: 'times', expected: { 1: 0, 2: 0 } },
        { call: 1, path: [], quantity: 'incoming', expected: 3 },
        { call: 2, path: [], quantity: 'net', expected: { 1: 3, 2: 1 } },
        { call: 3, path: [], quantity: 'cost', expected: 3 },
        { call: 4, path: [], quantity: 'picture', expected: 1 },
      ],
    },
    { module: 'eoq', case: 'of others', calls: [call('eoq.any', {})], expect: [{ call: 0, path: [], quantity: 'any', expected: 1 }] },
  ])
  expect(score).toEqual({ reached: 4, missed: [{ case: 'made up', quantity: 'cost', expected: 3, got: 2 }], notCovered: ['made up: gsm_tree.draw'] })
})

test.each(isThere ? [] : ['textbook answers'])('%s that are not there are not run; where every change is checked they must be', () => {
  expect(process.env['CI']).not.toBe('true')
})

test.each(isThere ? ['textbook answers'] : [])('%s are reached, all of them', () => {
  const { reached, missed, notCovered } = echelonCases(JSON.parse(readFileSync(file, 'utf8')) as readonly TextbookCase[])
  expect({ missed, notCovered }).toEqual({ missed: [], notCovered: [] })
  expect(reached).toBeGreaterThan(100)
})
