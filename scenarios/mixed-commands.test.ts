import { describe, expect, test } from 'vitest'
import { testDatabase } from '../server/test-database.ts'
import { testWorld } from '../server/test-world.ts'
import { castOf } from './mixed-commands.ts'
import { liveThrough } from './mixed-days.ts'

const SEEDS = [11, 22, 33]
const MILLISECONDS = 3_000

describe.each(SEEDS)('mixed commands that arrive together, seed %i', async (seed) => {
  const { server, owner } = await testDatabase()

  test('leave every projection as its facts say, and no command without an answer', async () => {
    const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 12, B: 6, C: 0 } })
    const told = await liveThrough(await castOf(world, seed), owner, Date.now() + MILLISECONDS)
    console.log(`seed ${seed}: ${told.commands} commands, ${told.done} done, ${told.refused} refused`)
    expect(told.done).toBeGreaterThan(0)
  })
})
