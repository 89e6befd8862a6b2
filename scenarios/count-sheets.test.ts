// I2: count sheets, through the public API: blind, by several counters, while trading goes on, with tolerance, recount and approval by somebody else; and what
// is told late of the time before a count, which changes nothing of what was counted.

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { verify } from '../server/verify.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const names = Array.from({ length: 40 }, (_, index) => `ITEM-${index + 1}`)
const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: Object.fromEntries(names.map((sku) => [sku, 10])) })
const http = await testHttp(server, world)
const [admin, planner, till] = [await http.key('admin'), await http.key('planner'), await http.key('till')]
const [ann, bob] = [await http.key('warehouse'), await http.key('warehouse')]
await http.call(admin, 'POST', '/api/places', { site: 'SEA', places: [{ code: 'BIN-1', kind: 'bin' }, { code: 'BIN-2', kind: 'bin' }] })
await http.call(admin, 'POST', '/api/items', { items: [{ sku: 'MILK', name: 'Milk', tracking: 'lot', standardCost: 100 }, { sku: 'SAW', name: 'Saw', tracking: 'serial', standardCost: 100 }] })
world.wait(2 * DAY)

let next = 0
/** One that no test has met: ten of it are at the shelf. */
const something = (): string => names[next++]!
let keys = 0
const at = (): string => new Date(world.now()).toISOString()

const by = (secret: string) => async (url: string, body: object = {}) => {
  const reply = await http.call(secret, 'POST', url, { site: 'SEA', ...body })
  return { status: reply.status, text: reply.text, ...(reply.body as { code?: string; id?: string; state?: string; entries?: Entry[]; positions?: number; toRecount?: number[]; recorded?: number }) }
}
interface Entry { readonly entry: string; readonly accepted: boolean; readonly code?: string; readonly field?: string; readonly isFind?: boolean; readonly isRepeat?: boolean; readonly condition?: string; readonly line?: number }
const [asAdmin, asPlanner, asAnn, asBob, asTill] = [by(admin), by(planner), by(ann), by(bob), by(till)]
type As = typeof asAnn

const open = async (more: object) => (await asPlanner('/api/count-sheets', { kind: 'cycle', ...more })).id!
const enter = async (as: As, sheet: string, ...entries: object[]) =>
  (await as(`/api/count-sheets/${sheet}/entries`, { entries: entries.map((one) => ({ entry: `e${(keys += 1)}`, countedAt: at(), ...one })) })).entries!
const close = (sheet: string, as: As = asAnn, more: object = {}) => as(`/api/count-sheets/${sheet}/closing`, more)
const approve = (sheet: string, as: As = asPlanner) => as(`/api/count-sheets/${sheet}/approval`)
interface Told {
  readonly state: string
  readonly accuracy: object | null
  readonly lines: readonly { readonly line: number; readonly sku: string; readonly recorded: number | null; readonly difference: number | null; readonly isToCount: boolean }[]
}
const sheetOf = async (id: string, secret = planner) => (await http.call(secret, 'GET', `/api/count-sheets/${id}?site=SEA`)).body as unknown as Told
const stock = async (sku: string, more = ''): Promise<number> => {
  const { rows } = (await http.call(admin, 'GET', `/api/stock?site=SEA&sku=${sku}`)).body as unknown as { rows: { sku: string; place: string; condition: string; quantity: number }[] }
  return rows.filter((row) => more === '' || row.place === more || row.condition === more).reduce((sum, row) => sum + row.quantity, 0)
}
const counts = async (sku: string) =>
  (await owner.query<{ quantity: number }>(sql`
    select case when to_place_id >= 100 then quantity else -quantity end as quantity
    from move m join item i using (item_id) where m.cause = 'count' and i.sku = ${sku} order by m.sequence -- every site: a test's
  `)).map((row) => row.quantity)
const sell = (sku: string, quantity: number, soldAt = at()) => asTill('/api/sales', { soldAt, lines: [{ sku, quantity, unitPrice: 250 }] })

describe('I2: a count sheet', () => {
  test('lists what is recorded, is counted blind, and posts what is within tolerance', async () => {
    const [one, two] = [something(), something()]
    const sheet = await open({ skus: [one, two], places: ['SHELF'], tolerance: { units: 2 } })
    const seen = await sheetOf(sheet, ann)
    expect(seen.lines.map((line) => [line.sku, line.recorded, line.difference, line.isToCount])).toEqual([[one, null, null, true], [two, null, null, true]])
    const answer = await asAnn(`/api/count-sheets/${sheet}/entries`, { entries: [{ entry: 'a', sku: one, counted: 8, countedAt: at() }] })
    expect(answer.entries).toEqual([{ entry: 'a', accepted: true, line: 1, condition: 'sellable', isFind: false, isRepeat: false }])
    expect(await close(sheet)).toMatchObject({ status: 409, code: 'count_incomplete' })
    await enter(asAnn, sheet, { sku: two, counted: 10 })
    expect(await stock(one)).toBe(10)
    expect(await close(sheet)).toMatchObject({ status: 200, state: 'posted', positions: 2, within: 2, unitsOff: 2, value: -200 })
    expect([await stock(one), await stock(two)]).toEqual([8, 10])
    expect(await sheetOf(sheet, ann)).toMatchObject({
      state: 'posted', accuracy: { positions: 2, within: 2, withinPerMillion: 1_000_000, unitsOff: 2, valueOff: 200, value: -200 },
      lines: [{ recorded: 10, counted: 8, difference: -2, undone: 0 }, { recorded: 10, counted: 10, difference: 0 }],
    })
  })

  test('is blind for who counts until it is posted, and lets nobody who counts open one that is not', async () => {
    const sku = something()
    const sheet = await open({ skus: [sku] })
    await enter(asBob, sheet, { sku, counted: 4 })
    await close(sheet)
    await enter(asBob, sheet, { sku, counted: 4 })
    expect(await close(sheet)).toMatchObject({ state: 'counted' })
    for (const secret of [ann, till]) expect((await sheetOf(sheet, secret)).lines).toMatchObject([{ recorded: null, counted: null, difference: null, value: null, verdict: null, entries: [] }])
    expect((await sheetOf(sheet)).lines).toMatchObject([{ recorded: 10, counted: 4, difference: -6, value: -600, verdict: 'approve', entries: [{}, {}] }])
    for (const as of [asAnn, asTill]) {
      expect(await as('/api/count-sheets', { kind: 'cycle', skus: [sku], isBlind: false })).toMatchObject({ status: 403, code: 'role_not_allowed' })
      expect(await approve(sheet, as)).toMatchObject({ status: 403 })
    }
    const seeing = await open({ skus: [sku], isBlind: false })
    expect((await sheetOf(seeing, ann)).lines).toMatchObject([{ recorded: 10, counted: null, difference: null }])
  })

  test('adds what two count in two parts, and lets nobody count the same twice (erpnext #26317)', async () => {
    const sku = something()
    const sheet = await open({ skus: [sku] })
    await Promise.all([enter(asAnn, sheet, { sku, counted: 7, part: 'left' }), enter(asBob, sheet, { sku, counted: 3, part: 'right' })])
    expect(await enter(asBob, sheet, { sku, counted: 7, part: 'left' }, { sku, counted: 10 })).toMatchObject([
      { accepted: false, code: 'counted_already', field: 'entries/1/part' },
      { accepted: false, code: 'counted_already', field: 'entries/2/part' },
    ])
    // He corrects himself, and counts again what she counted.
    await enter(asBob, sheet, { sku, counted: 2, part: 'right' })
    world.wait(1_000)
    expect(await enter(asBob, sheet, { sku, counted: 8, part: 'left', isRecount: true })).toMatchObject([{ accepted: true }])
    expect(await close(sheet)).toMatchObject({ state: 'posted', unitsOff: 0 })
    expect(await stock(sku)).toBe(10)
  })

  test('is counted while goods are sold: each count is compared with the ledger at its instant (inventree #4237)', async () => {
    const sku = something()
    const sheet = await open({ skus: [sku] })
    await sell(sku, 1)
    world.wait(MINUTE)
    await enter(asAnn, sheet, { sku, counted: 8 })
    world.wait(MINUTE)
    await sell(sku, 3)
    world.wait(MINUTE)
    // One was missing when she counted nine less one; three were sold since.
    expect(await close(sheet, asAnn)).toMatchObject({ state: 'recount', toRecount: [1] })
    await enter(asBob, sheet, { sku, counted: 5 })
    world.wait(1)
    await sell(sku, 2)
    world.wait(MINUTE)
    expect(await close(sheet)).toMatchObject({ state: 'counted' })
    expect(await approve(sheet)).toMatchObject({ state: 'posted', unitsOff: 1 })
    expect([await stock(sku), await counts(sku)]).toEqual([3, [-1]])
    expect((await sheetOf(sheet)).lines).toMatchObject([{ recorded: 6, counted: 5, difference: -1 }])
  })

  test('is counted again where goods came or went between two parts', async () => {
    const sku = something()
    const sheet = await open({ skus: [sku] })
    await enter(asAnn, sheet, { sku, counted: 6, part: 'left' })
    world.wait(MINUTE)
    await sell(sku, 1)
    world.wait(MINUTE)
    await enter(asBob, sheet, { sku, counted: 3, part: 'right' })
    expect(await close(sheet)).toMatchObject({ state: 'recount', toRecount: [1] })
    await enter(asAnn, sheet, { sku, counted: 9 })
    expect(await close(sheet)).toMatchObject({ state: 'posted', unitsOff: 0 })
  })

  test('outside its tolerance is counted again, then approved by somebody who counted none of it', async () => {
    const [one, two] = [something(), something()]
    const sheet = await open({ skus: [one, two], tolerance: { units: 5, perMillion: 100_000, value: 100 } })
    await enter(asAnn, sheet, { sku: one, counted: 7 }, { sku: two, counted: 9 })
    expect(await close(sheet)).toMatchObject({ state: 'recount', toRecount: [1] })
    expect(await enter(asBob, sheet, { sku: two, counted: 10 })).toMatchObject([{ accepted: false, code: 'count_sheet_state_forbids' }])
    expect(await close(sheet)).toMatchObject({ code: 'count_incomplete' })
    expect(await approve(sheet)).toMatchObject({ code: 'count_sheet_state_forbids' })
    await enter(asAdmin, sheet, { sku: one, counted: 7 })
    expect(await close(sheet)).toMatchObject({ state: 'counted', toApprove: 1 })
    expect(await approve(sheet, asAdmin)).toMatchObject({ status: 409, code: 'approver_counted' })
    expect(await stock(one)).toBe(10)
    expect(await approve(sheet)).toMatchObject({ state: 'posted', within: 1, positions: 2, unitsOff: 4 })
    expect([await stock(one), await stock(two)]).toEqual([7, 9])
    expect(await approve(sheet)).toMatchObject({ code: 'count_sheet_state_forbids' })
  })

  test('is cleared by a recount that finds what is recorded', async () => {
    const sku = something()
    const sheet = await open({ skus: [sku] })
    await enter(asAnn, sheet, { sku, counted: 1 })
    expect(await close(sheet)).toMatchObject({ state: 'recount' })
    await enter(asBob, sheet, { sku, counted: 10 })
    expect(await close(sheet)).toMatchObject({ state: 'posted', unitsOff: 0 })
    expect(await counts(sku)).toEqual([])
  })

  test('that is cancelled posts nothing, and takes nothing more', async () => {
    const sku = something()
    const sheet = await open({ skus: [sku] })
    await enter(asAnn, sheet, { sku, counted: 2 })
    expect(await asPlanner(`/api/count-sheets/${sheet}/cancellation`, { reason: 'Wrong aisle' })).toMatchObject({ state: 'cancelled' })
    expect(await enter(asAnn, sheet, { sku, counted: 3 })).toMatchObject([{ accepted: false, code: 'count_sheet_state_forbids' }])
    expect(await close(sheet)).toMatchObject({ code: 'count_sheet_state_forbids' })
    expect(await asPlanner(`/api/count-sheets/${sheet}/cancellation`)).toMatchObject({ code: 'count_sheet_state_forbids' })
    expect([await stock(sku), await counts(sku)]).toEqual([10, []])
    expect(await sheetOf(sheet)).toMatchObject({ state: 'cancelled', reason: 'Wrong aisle', accuracy: null })
  })

  test('takes an entry once, however often it is sent, and refuses what else comes under its key', async () => {
    const sku = something()
    const sheet = await open({ skus: [sku], tolerance: { units: 9 } })
    const entry = { entry: 'same', sku, counted: 9, countedAt: at() }
    expect(await enter(asAnn, sheet, entry)).toMatchObject([{ accepted: true, isRepeat: false }])
    expect(await enter(asAnn, sheet, entry, { ...entry, counted: 8 })).toMatchObject([{ accepted: true, isRepeat: true }, { accepted: false, code: 'code_taken' }])
    await close(sheet)
    expect(await enter(asAnn, sheet, entry)).toMatchObject([{ accepted: true, isRepeat: true }])
    expect([await stock(sku), await counts(sku)]).toEqual([9, [-1]])
  })

  test('keeps good entries beside bad ones, and yesterday beside tomorrow', async () => {
    const sku = something()
    world.wait(DAY)
    const yesterday = new Date(world.now() - DAY + MINUTE).toISOString()
    await sell(sku, 4)
    const sheet = await open({ skus: [sku] })
    const told = await enter(asAnn, sheet,
      { sku: 'NO-SUCH', counted: 1 }, { sku, counted: 1, place: 'NOWHERE' }, { sku, counted: 5, countedAt: new Date(world.now() + DAY).toISOString() },
      { sku, counted: 10, countedAt: yesterday }, { sku: 'MILK', counted: 1 })
    expect(told.map((one) => one.code ?? one.accepted)).toEqual(['item_not_known', 'place_not_known', 'happened_in_future', true, 'lot_missing'])
    expect(told[2]!.field).toBe('entries/3/countedAt')
    expect(await close(sheet)).toMatchObject({ state: 'posted', unitsOff: 0 })
    expect(await stock(sku)).toBe(6)
    expect(await asAnn(`/api/count-sheets/${sheet}/entries`, { entries: [{ entry: 'n', sku, counted: -1, countedAt: at() }] })).toMatchObject({ status: 422, code: 'quantity_not_positive' })
  })

  test('asks again about what is far above anything, and then has it approved', async () => {
    const sku = something()
    const sheet = await open({ skus: [sku], tolerance: { units: 1_000_000 } })
    expect(await enter(asAnn, sheet, { sku, counted: 20_000 })).toMatchObject([{ accepted: false, code: 'count_absurd', field: 'entries/1/counted' }])
    expect(await enter(asAnn, sheet, { sku, counted: 20_000, isSure: true })).toMatchObject([{ accepted: true }])
    expect(await close(sheet)).toMatchObject({ state: 'counted', toApprove: 1 })
    expect(await approve(sheet)).toMatchObject({ state: 'posted' })
    expect(await stock(sku)).toBe(20_000)
  })

  test('takes what nobody looked for as a find, and lets what was not counted be as it is', async () => {
    const [sku, other] = [something(), something()]
    const sheet = await open({ kind: 'event', skus: [sku], tolerance: { units: 5 } })
    expect(await enter(asAnn, sheet, { sku: other, counted: 2, place: 'BIN-1' })).toMatchObject([{ accepted: true, isFind: true, line: 2 }])
    expect(await close(sheet, asAnn, { leavesUncounted: true })).toMatchObject({ state: 'posted', positions: 1, unitsOff: 2 })
    expect([await stock(sku), await stock(other, 'BIN-1')]).toEqual([10, 2])
    expect((await sheetOf(sheet)).lines).toMatchObject([{ sku, counted: null, isFind: false }, { sku: other, isFind: true, difference: 2 }])
  })

  test('has goods of a lot that expired as expired, and finds a serial in one place at a time', async () => {
    const expiresOn = new Date(world.now() + DAY).toISOString().slice(0, 10)
    await asAdmin('/api/receipts', { lines: [{ sku: 'MILK', quantity: 6, lot: 'L1', expiresOn, place: 'SHELF' }, { sku: 'SAW', quantity: 1, serial: 'S1', place: 'BIN-1' }] })
    world.wait(2 * DAY)
    const sheet = await open({ kind: 'ad_hoc', tolerance: { units: 5 } })
    expect(await enter(asAnn, sheet, { sku: 'MILK', lot: 'L1', counted: 7 }, { sku: 'SAW', serial: 'S1', counted: 1, place: 'BIN-2' })).toMatchObject([{ condition: 'expired' }, { isFind: true }])
    expect(await close(sheet)).toMatchObject({ status: 409, code: 'serial_taken' })
    await enter(asAnn, sheet, { sku: 'SAW', serial: 'S1', counted: 0, place: 'BIN-1' })
    expect(await close(sheet)).toMatchObject({ state: 'posted' })
    expect([await stock('MILK', 'expired'), await stock('MILK'), await stock('SAW', 'BIN-1'), await stock('SAW', 'BIN-2')]).toEqual([7, 7, 0, 1])
  })

  test('has only so many positions, and something on them', async () => {
    expect(await asPlanner('/api/count-sheets', { kind: 'full', places: ['BIN-2'], skus: [names[0]] })).toMatchObject({ status: 409, code: 'nothing_to_do' })
    expect(await asPlanner('/api/count-sheets', { kind: 'full', places: ['NOWHERE'] })).toMatchObject({ code: 'place_not_known' })
    expect(await asPlanner('/api/count-sheets', { kind: 'full', skus: ['NO-SUCH'] })).toMatchObject({ code: 'item_not_known' })
    expect(await asAnn('/api/count-sheets/00000000-0000-7000-8000-000000000000/closing')).toMatchObject({ status: 404, code: 'count_sheet_not_known' })
    await asAdmin('/api/places', { places: Array.from({ length: 1_001 }, (_, index) => ({ code: `FULL-${index}`, kind: 'bin' })).slice(0, 1_000) })
    for (let from = 0; from < 1_000; from += 500)
      await asAdmin('/api/receipts', { lines: Array.from({ length: 500 }, (_, index) => ({ sku: names[0], quantity: 1, place: `FULL-${from + index}` })) })
    expect(await asPlanner('/api/count-sheets', { kind: 'full' })).toMatchObject({ status: 409, code: 'count_sheet_too_large' })
  })
})

describe('what is told late of the time before a count', () => {
  test('takes its part off the difference: a sale of a till that was offline', async () => {
    const sku = something()
    const before = at()
    world.wait(MINUTE)
    const sheet = await open({ skus: [sku], tolerance: { units: 5 } })
    await enter(asAnn, sheet, { sku, counted: 6 })
    await close(sheet)
    expect(await stock(sku)).toBe(6)
    world.wait(MINUTE)
    await sell(sku, 1)
    await sell(sku, 3, before)
    expect([await stock(sku), await counts(sku)]).toEqual([5, [-4, 3]])
    expect((await sheetOf(sheet)).lines).toMatchObject([{ difference: -4, undone: -3 }])
    expect(await sheetOf(sheet)).toMatchObject({ accuracy: { unitsOff: 1 } })
    // More than was missed: then some of it had been found.
    await sell(sku, 2, before)
    expect([await stock(sku), await counts(sku)]).toEqual([5, [-4, 3, 1, 1]])
  })

  test('does so of a count without a sheet, and of a count that is itself told late', async () => {
    const sku = something()
    const before = at()
    world.wait(MINUTE)
    const between = at()
    world.wait(MINUTE)
    expect(await asAnn('/api/counts', { sku, counted: 7 })).toMatchObject({ recorded: 10, difference: -3 })
    world.wait(MINUTE)
    expect(await asAnn('/api/counts', { sku, counted: 8, countedAt: between })).toMatchObject({ recorded: 10, difference: -2 })
    expect([await stock(sku), await counts(sku)]).toEqual([7, [-3, -2, 2]])
    await sell(sku, 2, before)
    expect([await stock(sku), await counts(sku)]).toEqual([7, [-3, -2, 2, 2]])
    expect(await asAnn('/api/counts', { sku, counted: 7 })).toMatchObject({ recorded: 7, difference: 0 })
  })

  test('is settled where it took or freed what is held: goods that had been carried elsewhere before', async () => {
    const sku = something()
    const before = at()
    world.wait(MINUTE)
    await asAnn('/api/counts', { sku, counted: 6 })
    const order = await asAdmin('/api/orders', { customer: await customer(), lines: [{ sku, quantity: 9 }] })
    expect(order.text).toContain('"held":6')
    world.wait(MINUTE)
    // Four went to a bin before the count: there they are, and are held.
    expect(await asAnn('/api/relocations', { sku, quantity: 4, from: 'SHELF', to: 'BIN-1', movedAt: before })).toMatchObject({ status: 201 })
    expect([await stock(sku, 'SHELF'), await stock(sku, 'BIN-1')]).toEqual([6, 4])
    const [row] = await owner.query<{ reserved: number }>(sql`select reserved from availability a join item i using (item_id) where i.sku = ${sku} -- every site: a test's`)
    expect(row).toEqual({ reserved: 9 })
  })

  test('many sell and count at once: what is sold after, before and late leaves what was counted', async () => {
    const sku = something()
    const before = at()
    world.wait(MINUTE)
    const counted = at()
    world.wait(MINUTE)
    const sheet = await open({ skus: [sku], tolerance: { units: 10 } })
    await enter(asAnn, sheet, { sku, counted: 5, countedAt: counted })
    await Promise.all([...Array.from({ length: 8 }, (_, index) => sell(sku, 1, index % 2 === 0 ? before : at())), close(sheet), ...Array.from({ length: 8 }, () => sell(sku, 1, before))])
    // Five were there; four were sold since.
    expect(await stock(sku)).toBe(1)
    expect((await counts(sku)).reduce((sum, one) => sum + one, 0)).toBe(5 - (10 - 12))
  })
})

const customer = async (): Promise<string> => {
  await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Customer', kind: 'customer' }] })
  return 'C1'
}

test('sheets are listed, the newest first, with their accuracy', async () => {
  const list = (query: string) => http.call(ann, 'GET', `/api/count-sheets?site=SEA${query}`)
  const first = (await list('&limit=3')).body as { rows: { openedAt: string; id: string }[]; next: string }
  const more = (await list(`&limit=1000&cursor=${first.next}`)).body as typeof first
  const all = (await list('&limit=1000')).body as typeof first
  expect([...first.rows, ...more.rows]).toEqual(all.rows)
  expect(all.rows.map((row) => row.openedAt)).toEqual(all.rows.map((row) => row.openedAt).toSorted().toReversed())
  expect((await list('&state=cancelled')).body).toMatchObject({ rows: [{ state: 'cancelled', accuracy: null }] })
})

test('verify finds a count that was changed by hand', async () => {
  const named = async () => (await verify(owner, { sealKey: world.sealKey })).checks.filter((check) => !check.ok).map((check) => check.name)
  await owner.script('create table saved as table position_count; update position_count set difference = difference + 1')
  expect(await named()).toEqual(['counts'])
  await owner.script('delete from position_count where document_id in (select sheet_id from count_sheet)')
  expect(await named()).toContain('count sheets')
  await owner.script('delete from position_count; insert into position_count select * from saved; drop table saved')
})

test('the record verifies afterwards, and nothing was a fault', async () => {
  await expectVerified(server, world.sealKey)
  expect(http.faults).toEqual([])
})
