// J4: the last days of a small company are lived again under other rules. The figures are made anew from the events that `qm backtest --log` writes; a run that is cut
// off comes to the same; and what is adopted is what the next plan orders by.

import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { usualPolicies } from '../core/loop/backtest/policies.ts'
import { day_ms } from '../core/calendar.ts'
import { chanceOf } from '../core/rng.ts'
import { sql } from '../server/db.ts'
import { idSource } from '../server/ids.ts'
import { nextBacktest, workOnBacktest } from '../server/loop/backtest-run.ts'
import { workOnPlan } from '../server/loop/replenish-run.ts'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import { testDatabase, urlOf } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

const WEEKS = 12
const ITEMS = Array.from({ length: 14 }, (_none, index) => `I-${String(index).padStart(2, '0')}`)

interface Interval { readonly value: number; readonly low: number; readonly high: number }
interface Result { readonly name: string; readonly figures: Record<string, Interval>; readonly fromFirst: Record<string, Interval> }
interface Told extends Row { readonly id: string; readonly state: string; readonly parts: number; readonly done: number; readonly items: number; readonly from: string; readonly to: string; readonly results: readonly Result[] | null }
interface Event { readonly policy: string; readonly site: string; readonly sku: string; readonly day: number; readonly kind: string; readonly units: number; readonly cost: number; readonly price: number }

/** Two shops that have sold about one of each item a day for some weeks, and had none of some of them in the end. */
async function company() {
  const { server, owner, connection } = await testDatabase()
  const world = await testWorld(server, { sites: ['SHOP', 'FAIR', 'NEW'], items: Object.fromEntries(ITEMS.map((sku) => [sku, 120])) })
  const http = await testHttp(server, world)
  const asking = askingAs(http, await http.key('admin'))
  await asking.done('/api/parties', { parties: [{ code: 'S1', name: 'A supplier', kind: 'supplier' }] })
  await asking.done('/api/supplier-items', { offers: ITEMS.map((sku) => ({ supplier: 'S1', sku, price: 250, leadTimeDays: 5, minimum: 6, multiple: 3 })) })
  const chance = chanceOf(3)
  for (let day = 0; day < WEEKS * 7; day += 1) {
    for (const site of ['SHOP', 'FAIR']) {
      const lines = ITEMS.map((sku) => ({ sku, quantity: chance.poisson(site === 'SHOP' ? 1.2 : 0.4) })).filter((line) => line.quantity > 0)
      if (lines.length > 0) await asking.done('/api/sales', { site, lines })
    }
    world.wait(day_ms)
  }
  const work = { database: server, clock: world.now }
  const ask = async (body: object): Promise<string> => String((await asking.done('/api/backtests', body))['id'])
  const told = async (id: string): Promise<Told> => (await asking.get(`/api/backtests/${id}`)) as unknown as Told
  const lived = async (body: object): Promise<Told> => {
    const id = await ask(body)
    expect(await workOnBacktest(work, (await nextBacktest(server))!)).toBe(true)
    return told(id)
  }
  return { ...asking, server, owner, connection, world, http, work, ask, told, lived }
}

const policies = [
  { name: 'Today', serviceLevel: 0.95 },
  { name: 'Surer', serviceLevel: 0.99, countDays: 30 },
  { name: 'By the record', serviceLevel: 0.95, stock: 'record', forecast: 'mean' },
]

const { server, owner, connection, world, http, work, get, done, send, ask, told, lived } = await company()
const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))

describe('J4: the last days are lived again', () => {
  test('under each policy, with figures that are those of the events, made another way', { timeout: 120_000 }, async () => {
    const run = await lived({ days: 56, shrink: 0.05, seed: 4, policies })
    expect(run).toMatchObject({ state: 'done', site: null, items: 2 * ITEMS.length, days: 56, to: new Date(world.now() - day_ms).toISOString().slice(0, 10) })
    expect((await get('/api/backtests'))['rows']).toMatchObject([{ id: run.id, state: 'done' }])

    const { code, out } = await qm('--days', '56', '--shrink', '0.05', '--seed', '4', '--log', join(folder, 'log'), '--json', '--policy', 'name=Today,service=0.95', '--policy', 'name=Surer,service=0.99,count=30', '--policy', 'name=By the record,service=0.95,stock=record,forecast=mean')
    expect(code).toBe(0)
    const byCli = (JSON.parse(out) as { readonly policies: readonly (Row & { readonly fill_rate: Interval })[] }).policies
    const events = (await readFile(join(folder, 'log'), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as Event)
    for (const [index, { name, figures, fromFirst }] of run.results!.entries()) {
      expect(figures['fillRate']).toEqual(byCli[index]!.fill_rate)
      const some = events.filter((event) => event.policy === name)
      const units = (kind: string): number => some.filter((event) => event.kind === kind).reduce((sum, event) => sum + event.units, 0)
      expect(figures['fillRate']!.value).toBeCloseTo(units('sold') / (units('sold') + units('missed')), 12)
      expect(figures['orders']!.value).toBe(some.filter((event) => event.kind === 'ordered').length)
      expect(figures['stockoutDays']!.value).toBe(new Set(some.filter((event) => event.kind === 'missed').map((event) => `${event.site} ${event.sku} ${event.day}`)).size)
      // A unit is worth its cost on every evening from that of the day it came to the last before the day it left.
      const worth: Record<string, number> = { opened: 1, received: 1, sold: -1, stolen: -1 }
      const cash = some.reduce((sum, event) => sum + (worth[event.kind] ?? 0) * event.units * event.cost * (56 - event.day), 0) / 56
      expect(figures['cash']!.value).toBeCloseTo(cash, 6)
      expect(fromFirst['orders']!.value).toBe(figures['orders']!.value - run.results![0]!.figures['orders']!.value)
      for (const { value, low, high } of Object.values(figures)) expect([low <= value, value <= high], name).toEqual([true, true])
    }
    // Every policy met all customers of the ledger.
    const [sold] = await owner.query<{ units: number }>(sql`select sum(units)::int as units from sales_day where sold_on >= ${run.from}::date and sold_on <= ${run.to}::date`)
    for (const { name } of policies) {
      const wanted = events.filter((event) => event.policy === name && ['sold', 'missed'].includes(event.kind)).reduce((sum, event) => sum + event.units, 0)
      expect(wanted).toBe(sold!.units)
    }
  })

  test('of one site, where thieves take what they take whatever is tested beside; nobody steals where nothing shrinks', { timeout: 120_000 }, async () => {
    const alone = await lived({ site: 'FAIR', days: 28, shrink: 0, policies: policies.slice(0, 1) })
    expect(alone).toMatchObject({ site: 'FAIR', items: ITEMS.length })
    expect(alone.results![0]!.figures['stolenUnits']).toEqual({ value: 0, low: 0, high: 0 })
    const [once, again] = [await lived({ site: 'FAIR', days: 28, shrink: 0.2, policies }), await lived({ site: 'FAIR', days: 28, shrink: 0.2, policies: policies.slice(0, 1) })]
    expect(once.results![0]).toEqual(again.results![0])
    expect(once.results![0]!.figures['stolenUnits']!.value).toBeGreaterThan(0)
  })

  test('goes on where it was cut off, with two at once, and comes to the same; what is sold meanwhile changes nothing', { timeout: 120_000 }, async () => {
    const body = { days: 28, policies }
    const whole = await lived(body)
    const id = await ask(body)
    const run = (await nextBacktest(server))!
    expect(run.run).toBe(id)
    expect(await told(id)).toMatchObject({ state: 'running', parts: 0, results: null })
    const stopping = new AbortController()
    expect(await workOnBacktest({ ...work, signal: stopping.signal, onPart: () => stopping.abort() }, run)).toBe(false)
    expect(await told(id)).toMatchObject({ state: 'running', parts: 6, done: 1, items: 2 * ITEMS.length })
    await done('/api/sales', { site: 'SHOP', lines: [{ sku: ITEMS[13]!, quantity: 1 }] })
    const both = await Promise.all([workOnBacktest(work, run), workOnBacktest(work, run)])
    expect(both.filter(Boolean)).toEqual([true])
    const after = await told(id)
    expect(after.results).toEqual(whole.results)
    expect(await owner.query(sql`select 1 as one from backtest_part`)).toEqual([])
  })

  test('until somebody ends it; what broke says why, and what ended cannot be ended', { timeout: 60_000 }, async () => {
    const id = await ask({ days: 28, policies })
    const run = (await nextBacktest(server))!
    expect(await send('POST', `/api/backtests/${id}/cancellation`, {})).toMatchObject({ status: 200 })
    expect(await workOnBacktest(work, run)).toBe(false)
    expect(await told(id)).toMatchObject({ state: 'cancelled', results: null })
    expect(await send('POST', `/api/backtests/${id}/cancellation`, {})).toMatchObject({ status: 200 })
    // So many days that nothing was there yet as they began.
    const broken = await ask({ days: 300, policies })
    expect(await workOnBacktest(work, (await nextBacktest(server))!)).toBe(false)
    expect(await told(broken)).toMatchObject({ state: 'failed', why: expect.stringContaining('take fewer days') as string })
    expect(await send('POST', `/api/backtests/${broken}/cancellation`, {})).toMatchObject({ status: 409, body: { code: 'backtest_ended' } })
    expect(await nextBacktest(server)).toBeUndefined()
  })

  test('as long as it is asked for well', { timeout: 60_000 }, async () => {
    const one = policies[0]!
    for (const [body, status, code, said] of [
      [{ policies: [] },                                      422, 'body_not_valid', 'policies'],
      [{},                                                    422, 'body_not_valid', 'policies'],
      [{ policies: [{ ...one, serviceLevel: 1 }] },           422, 'body_not_valid', 'serviceLevel'],
      [{ policies: [one, { ...one, reviewDays: 14 }] },       422, 'body_not_valid', 'the same name'],
      [{ policies: [{ ...one, forecast: 'magic' }] },         422, 'body_not_valid', 'forecast'],
      [{ days: 13, policies },                                422, 'body_not_valid', 'days'],
      [{ days: 1_001, policies },                             422, 'body_not_valid', 'days'],
      [{ shrink: 0.6, policies },                             422, 'body_not_valid', 'shrink'],
      [{ site: 'NOWHERE', policies },                         404, 'site_not_known', 'site'],
      [{ site: 'NEW', policies },                             422, 'nothing_sold',   'Nothing was sold'],
    ] as const) {
      const answer = await send('POST', '/api/backtests', body)
      expect([answer.status, answer.body['code']], JSON.stringify(body)).toEqual([status, code])
      expect(JSON.stringify(answer.body)).toContain(said)
    }
    for (const path of [`/api/backtests/${crypto.randomUUID()}`, `/api/backtests/${crypto.randomUUID()}/cancellation`]) {
      const answer = path.endsWith('cancellation') ? await send('POST', path, {}) : await send('GET', path)
      expect(answer).toMatchObject({ status: 404, body: { code: 'backtest_not_known' } })
    }
    const waiting = []
    for (let some = 0; some < 5; some += 1) waiting.push(await ask({ policies }))
    expect(await send('POST', '/api/backtests', { policies })).toMatchObject({ status: 409, body: { code: 'backtests_under_way' } })
    for (const id of waiting) await done(`/api/backtests/${id}/cancellation`, {})
    const bound = await http.key('planner', [await world.site('SHOP')])
    expect(await http.call(bound, 'POST', '/api/backtests', { policies })).toMatchObject({ status: 403 })
  })

  test('and the last twenty are kept', { timeout: 120_000 }, async () => {
    for (let some = 0; some < 21; some += 1) await done(`/api/backtests/${await ask({ policies })}/cancellation`, {})
    world.wait(1_000)
    const { id } = await lived({ days: 14, site: 'FAIR', policies: policies.slice(0, 1) })
    const rows = (await get('/api/backtests'))['rows'] as unknown as Told[]
    expect([rows.length, rows[0]!.id]).toEqual([20, id])
  })

  test('and what is adopted is what the next plan orders by, until it is taken back', { timeout: 120_000 }, async () => {
    const options = { database: server, clock: world.now, newId: idSource(world.now) }
    const ordered = async (): Promise<readonly { readonly service: number; readonly reviewDays: number; readonly wanted: number }[]> => {
      const { id } = await done('/api/plan/runs', {})
      expect(await workOnPlan(options, String(id))).toBe(true)
      return Promise.all(ITEMS.slice(0, 3).map(async (sku) => ((await get(`/api/items/${sku}/plan?site=SHOP`))['line'] as unknown as { readonly basis: { readonly service: number; readonly reviewDays: number; readonly wanted: number } }).basis))
    }
    const before = await ordered()
    const [former] = (await get('/api/planning-rules'))['rows'] as unknown as (Row & { readonly site: null })[]
    await done('/api/planning-rules', { serviceLevel: 0.99, reviewDays: 14, stock: 'record' })
    const after = await ordered()
    for (const [index, basis] of after.entries()) {
      expect(basis).toMatchObject({ service: 0.99, reviewDays: 14 })
      expect(basis.wanted).toBeGreaterThan(before[index]!.wanted)
    }
    await done('/api/planning-rules', former!)
    expect(await ordered()).toEqual(before)
    await expectVerified(server, world.sealKey)
  })
})

describe('qm backtest', () => {
  test.each([
    ['service=1',                       'service takes a number from 0.001 to 0.999, not 1'],
    ['service=0.9,stock=hope',          'stock is one of belief, record, truth, not hope'],
    ['forecast=',                       'fields like service=0.97, not forecast='],
    ['review=0',                        'review'],
    ['count=-1',                        'count'],
    ['colour=red',                      'knows no colour'],
    ['service=0.9,service=0.8',         'says service twice'],
  ])('refuses --policy %s', async (described, said) => {
    const { code, err } = await qm('--policy', described)
    expect([code, err.includes(said)], err).toEqual([2, true])
  })

  test('refuses two policies of one name, and to adopt what no plan can follow', async () => {
    expect((await qm('--policies', 'belief-95', '--policy', 'name=belief-95,service=0.9')).err).toContain('two policies belief-95')
    expect((await qm('--adopt', 'truth-95')).err).toContain('cannot be adopted')
    expect((await qm('--policy', 'name=a,forecast=mean', '--adopt', 'a')).err).toContain('chooses its forecast')
    expect((await qm('--policies', 'magic')).err).toContain(usualPolicies[0]!.name)
    expect((await qm('--site', 'NOWHERE')).err).toContain('no site NOWHERE')
  })
})

interface Ran { readonly code: number | null; readonly out: string; readonly err: string }
function qm(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'], QUARTERMASTER_SEAL_KEY: world.sealKey.toString('hex'), DATABASE_URL: urlOf(connection) }
  const child = spawn(process.execPath, [join(import.meta.dirname, '../bin/qm.js'), 'backtest', ...args], { cwd: folder, env })
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes: Buffer) => { said.out += bytes.toString() })
  child.stderr.on('data', (bytes: Buffer) => { said.err += bytes.toString() })
  return new Promise((resolve) => { child.on('close', (code) => resolve({ code, ...said })) })
}
