import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { endpoints } from '../../api/endpoints.ts'
import { sql } from '../../server/db.ts'
import { openServer } from '../../server/open.ts'
import { removeTemporary, temporaryFolder } from '../../server/postgres/temporary.ts'
import { expectVerified } from '../../server/test-verify.ts'
import { movesIn } from '../history.ts'
import { benchPages } from './pages.ts'
import { questions } from './questions.ts'
import { historiesOf, keptWorld, smallWorld } from './world.ts'

const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))

test('every endpoint that reads is asked', () => {
  // A lot's trace is measured by the bench of recalls, whose company has lots.
  const reading = endpoints.filter((one) => one.method === 'GET' && one.roles !== 'public' && one.name !== 'traceLot').map((one) => one.name)
  const asked = new Set(questions.map(({ name }) => name.split(':')[0]))
  expect(asked).toEqual(new Set([...reading, 'askPromise']))
  expect(new Set(questions.map(({ name }) => name)).size).toBe(questions.length)
})

describe('a small company', () => {
  test('answers every page, and its record verifies', { timeout: 180_000 }, async () => {
    const steps: string[] = []
    const bench = await benchPages({ folder, size: smallWorld, samples: 3, warmup: 1, seed: 7 }, (step) => steps.push(step))
    expect(bench.pages.map((page) => page.name)).toEqual(questions.map(({ name }) => name))
    for (const { name, p50_ms, p99_ms } of bench.pages) expect(0 < p50_ms && p50_ms <= p99_ms && p99_ms <= bench.max_p99_ms, name).toBe(true)
    expect(bench.world).toMatchObject({ item_sites: smallWorld.sites * smallWorld.items })
    expect(bench.world.moves).toBeGreaterThan(historiesOf(smallWorld).reduce((sum, one) => sum + movesIn(one), 0))
    expect(bench.world.open_lines).toBeGreaterThan(smallWorld.main_new)
    const opened = await openServer({ folder })
    await expectVerified(opened.database, opened.sealKey)
    await opened.close()
  })

  test('whose counts are not kept yet gets them by the migration', { timeout: 60_000 }, async () => {
    const before = await openServer({ folder })
    const counted = sql`select site_id, stage, due_on, lines, value_minor::text from flow_standing where lines > 0 and stage not like 'deliver%' order by 1, 2, 3`
    const kept = await before.owner.query(counted)
    // What was sold was not summed up then either.
    await before.owner.script('drop table flow_standing; alter table planned_move drop column unit_price_minor; truncate sales_day, sales_rolled')
    await before.owner.script(await readFile(join(import.meta.dirname, '../../server/migrations/0016-standing.sql'), 'utf8'))
    await before.close()
    const after = await openServer({ folder })
    expect(await after.owner.query(counted)).toEqual(kept)
    await expectVerified(after.database, after.sealKey)
    await after.close()
  })

  test('is made once, and anew when another size is wanted or it was left half made', { timeout: 180_000 }, async () => {
    const steps: string[] = []
    const known = await keptWorld(folder, smallWorld, (step) => steps.push(step))
    expect(steps).toEqual([])
    const tiny = { ...smallWorld, main_orders: 50, shop_orders: 20, main_new: 20, shop_new: 0, items: 100, sites: 2 }
    const other = await keptWorld(folder, tiny, (step) => steps.push(step))
    expect(steps).toContain('The world that is kept is another one: making it anew')
    expect(other.secret).not.toBe(known.secret)
    await rm(join(folder, 'world.json'))
    expect((await keptWorld(folder, tiny, () => undefined)).secret).not.toBe(other.secret)
  })
})
