import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Simulation } from '../sim/shrink/simulate.ts'

const qm = async (...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../bin/qm.js'), ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  )

test('qm simulate tells what each policy cost, and how right the belief was', { timeout: 60_000 }, async () => {
  const { code, stdout } = await qm('simulate', '--json', '--items', '20', '--days', '60', '--count-days', '20', '--shrink', '0.05', '--demand-learnt')
  const { policies, recovered, coverage90, pit_deciles, regime } = JSON.parse(stdout) as Simulation
  expect(code).toBe(0)
  expect(Object.keys(policies)).toEqual(['perfect', 'record', 'mean_shrink', 'walks', 'belief'])
  expect(policies.belief).toMatchObject({ cost: expect.any(Number), fill_rate: expect.any(Number) })
  expect(Object.keys(recovered)).toEqual(['mean_shrink', 'walks', 'belief'])
  expect([coverage90 > 0, pit_deciles.length]).toEqual([true, 10])
  expect(regime).toMatchObject({ items: 20, days: 60, countDays: 20, shrink: 0.05, demandLearnt: true })
})

test.each([
  [['--shrink', '2'], '--shrink takes a number from 0 to 0.5, not 2'],
  [['--mis-scans', 'many'], '--mis-scans takes a number from 0 to 0.2, not many'],
  [['--items', '0'], '--items'],
  [['--pack', '1.5'], '--pack'],
])('qm simulate %j is refused with a sentence', async (args, sentence) => {
  const { code, stderr, stdout } = await qm('simulate', ...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(sentence)
})
