import { expect, test } from 'vitest'
import { temporaryFolder, removeTemporary } from '../../server/postgres/temporary.ts'
import { benchPromise } from './promise.ts'
import { MOVES_PER_POSITION, smallWorld } from './world.ts'

test('promises are measured on a small world, which is made once', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder()
  try {
    const settings = { folder, size: smallWorld, samples: 20, seconds: 1, warmup: 20, seed: 3 }
    const bench = await benchPromise(settings, () => undefined)
    const positions = smallWorld.items * smallWorld.sites
    expect(bench.world).toEqual({ item_sites: positions, planned_moves: positions * MOVES_PER_POSITION })
    expect(0 < bench.p50_ms && bench.p50_ms <= bench.p99_ms && bench.per_s > 0 && bench.basket20_p99_ms > 0).toBe(true)
    const steps: string[] = []
    await benchPromise(settings, (step) => steps.push(step))
    expect(steps[0]).toBe('Warming up')
  } finally {
    await removeTemporary(folder)
  }
})
