import { describe, expect, test } from 'vitest'
import { laneLimits } from '../server/lane.ts'
import { testDatabase } from '../server/test-database.ts'
import { testWorld } from '../server/test-world.ts'
import { castOf } from './mixed-commands.ts'
import { liveThrough } from './mixed-days.ts'

const SEEDS = [11, 22, 33]
/** So small that most batches are folded while the one before is written. */
const smallBatches = { ...laneLimits, batch_commands_max: 3, ahead_commands_min: 1 }
const MILLISECONDS = 3_000

// The long form is `npm run test:fuzz -- --seconds N`, and `--seed N` meets the commands of a seed again.
describe.each(SEEDS.flatMap((seed) => [{ seed, batches: 'whole', limits: laneLimits }, { seed, batches: 'small', limits: smallBatches }]))(
  'mixed commands that arrive together in $batches batches, seed $seed', async ({ seed, limits }) => {
  const { server, owner } = await testDatabase()

  test('leave every projection as its facts say, and no batch that failed', async () => {
    const faults: unknown[] = []
    const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 12, B: 6, C: 0 } }, { limits, onFault: (error) => faults.push(error) })
    const told = await liveThrough(await castOf(world, seed), owner, Date.now() + MILLISECONDS)
    console.log(`seed ${seed}: ${told.commands} commands, ${told.done} done, ${told.refused} refused`)
    expect(told.done).toBeGreaterThan(0)
    expect(faults).toEqual([])
  })
})
