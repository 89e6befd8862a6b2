// Which orders a rule places: one story a condition, at its edge.

import { expect, test } from 'vitest'
import type { PartyId } from '../item.ts'
import type { ApprovalConditions } from '../planning.ts'
import { keptBack, keptReasons, keptText, type Approvable } from './replenish-approve.ts'

const order: Approvable = { source: 'supplier', sourceId: 7, value: 10_000, withinBudget: true, waits: false, ordered: false, doubted: 0, usual: 5_000 }
const conditions: ApprovalConditions = { valueMax: 10_000, sources: [], suppliers: [], usualTimes_e1: 20 }
const party = (id: number) => id as PartyId

test.each<[string, Partial<Approvable>, Partial<ApprovalConditions>, ReturnType<typeof keptBack>]>([
  ['is placed at the most that it may be worth, and the usual', {}, {}, undefined],
  ['worth a cent more is not',                        { value: 10_001, usual: 9_000 },  {}, 'value'],
  ['that is ordered is not',                          { ordered: true, waits: true },   {}, 'ordered'],
  ['that waits is not',                               { waits: true },                  {}, 'waits'],
  ['beyond the budget is not',                        { withinBudget: false },          {}, 'budget'],
  ['of another kind is not',                          {},                               { sources: ['site', 'production'] }, 'kind'],
  ['of one of the kinds is',                          {},                               { sources: ['supplier'] }, undefined],
  ['of another supplier is not',                      {},                               { suppliers: [party(8)] }, 'supplier'],
  ['of one of the suppliers is',                      {},                               { suppliers: [party(8), party(7)] }, undefined],
  ['of no supplier is, whichever are named',          { source: 'site', usual: null },  { suppliers: [party(8)] }, undefined],
  ['with a doubtful line is not',                     { doubted: 1 },                   {}, 'doubt'],
  ['more than twice the usual is not',                { usual: 4_999 },                 {}, 'usual'],
  ['of a supplier of whom nothing was bought is not', { usual: null },                  {}, 'usual'],
  ['is, where nobody asks what is usual',             { usual: null },                  { usualTimes_e1: null }, undefined],
])('an order %s', (_name, more, asked, kept) => {
  expect(keptBack({ ...order, ...more }, { ...conditions, ...asked })).toBe(kept)
})

test('every reason is a sentence', () => {
  for (const reason of keptReasons) expect(keptText(reason, order, conditions)).toMatch(/^[A-Z].*\.$/)
  expect(keptText('usual', order, conditions)).toBe('It is worth 100.00, more than 2 times the usual 50.00.')
  expect(keptText('usual', { ...order, usual: null }, conditions)).toBe('Nothing was bought there for this site before.')
})
