// J3: a plan by night: made by itself once its hour has struck, once however many servers look, later where none ran at the time, and never where nobody asked for it.

import { expect, test } from 'vitest'
import { day_ms } from '../core/calendar.ts'
import { sql } from '../server/db.ts'
import { askAtNight } from '../server/loop/replenish-night.ts'
import { runningPlan, workOnPlan } from '../server/loop/replenish-run.ts'
import type { Row } from './rig/asking.ts'
import { plannedCompany } from './rig/planned-company.ts'

const hour_ms = 3_600_000

test('the plan of a night is made once, by whoever looks first, and caught up with', { timeout: 120_000 }, async () => {
  const { server, owner, world, get, done, send, plan, options } = await plannedCompany()
  // To four in the morning, UTC.
  world.wait(day_ms - (world.now() % day_ms) + 4 * hour_ms)
  const look = () => askAtNight({ database: server, lanes: world.lanes, clock: world.now })
  const runs = async () => (await owner.query<{ runs: number }>(sql`select count(*)::int as runs from plan_run`))[0]!.runs
  const finish = async () => {
    const run = await runningPlan(server)
    expect(await workOnPlan(options, run!.run)).toBe(true)
  }
  const next = async () => ((await get('/api/plan'))['schedule'] as unknown as Row)['next']
  const day = (days: number) => new Date(world.now() + days * day_ms).toISOString().slice(0, 10)

  expect(await look()).toBe(false)
  expect(await next()).toBe(null)
  await done('/api/plan/schedule', { planAt: '02:00', timeZone: 'Europe/Zurich' })
  // Its hour struck this night before anybody asked for it.
  expect([await look(), await runs()]).toEqual([false, 0])
  expect(String(await next())).toMatch(new RegExp(`^(${day(0)}T2[23]|${day(1)}T0[01]):00`))

  world.wait(day_ms - 3 * hour_ms)
  const looks = await Promise.all([look(), look(), look(), look()])
  expect([looks.filter(Boolean).length, await runs()]).toEqual([1, 1])
  // While it is worked out and after, nobody asks again that night.
  expect(await look()).toBe(false)
  await finish()
  expect([await look(), await runs()]).toEqual([false, 1])
  expect((await get('/api/plan'))['plan']).toMatchObject({ asker: 'plan schedule' })
  expect(((await get('/api/audit?actor=plan%20schedule'))['rows'] as unknown as Row[]).filter((row) => row['status'] === 202)).toMatchObject([{ action: 'requestPlan' }])

  // No server ran for three nights: one plan makes up for them.
  world.wait(3 * day_ms)
  expect([await look(), await runs()]).toEqual([true, 2])
  await finish()
  expect(await look()).toBe(false)
  // Who plans by hand after the hour has planned for that night.
  world.wait(day_ms)
  await plan()
  expect([await look(), await runs()]).toEqual([false, 3])
  // A run that is under way as the hour strikes is waited for, and then comes the night's.
  const { id } = await done('/api/plan/runs', {})
  world.wait(day_ms)
  expect(await look()).toBe(false)
  await done(`/api/plan/runs/${String(id)}/cancellation`, {})
  expect(await look()).toBe(true)
  await finish()

  await done('/api/plan/schedule', { planAt: null })
  world.wait(2 * day_ms)
  expect([await look(), await next()]).toEqual([false, null])
  for (const [wrong, code] of [[{ planAt: '24:00' }, 'body_not_valid'], [{ planAt: '02:00', timeZone: 'Mars/Olympus' }, 'time_zone_not_known']] as const)
    expect(await send('POST', '/api/plan/schedule', wrong)).toMatchObject({ status: 422, body: { code } })
})
