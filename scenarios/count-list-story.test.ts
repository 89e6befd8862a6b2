// I5: a sheet is made of a count list: it remembers what was believed and what chance drew; who counts is told neither; once it is posted, what was found stands
// beside what had been predicted, and never changes; and what chance drew tells how right the record is.

import { describe, expect, test } from 'vitest'
import { day_ms } from '../core/calendar.ts'
import { lookAtBeliefs } from '../server/loop/belief.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

const skus = ['SOAP', 'TEA', 'RICE', 'SALT', 'OATS', 'GONE']
const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: Object.fromEntries(skus.map((sku) => [sku, { GONE: 0, SOAP: 43 }[sku] ?? 60])) })
const http = await testHttp(server, world)
const { get, done, post } = askingAs(http, await http.key('admin'))
const counter = askingAs(http, await http.key('warehouse'))
const look = () => lookAtBeliefs({ database: server, clock: world.now })
const sell = (sku: string, quantity: number) => done('/api/sales', { site: 'SEA', lines: [{ sku, quantity }] })
await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'GONE', quantity: 2, place: 'SHELF' }] })
for (let day = 0; day < 20; day += 1) {
  for (const sku of skus.slice(0, 5)) await sell(sku, 2)
  if (day < 2) await sell('GONE', 1)
  world.wait(day_ms)
}
for (let day = 0; day < 12; day += 1) {
  for (const sku of skus.slice(1, 5)) await sell(sku, 1)
  world.wait(day_ms)
}
await look()

interface Predicted extends Row {
  readonly sku: string
  readonly believed: { readonly expected: number; readonly low: number; readonly high: number; readonly empty: number }
  readonly against: { readonly moved: number; readonly isInBand: boolean; readonly expected: number }
}
const sheetOf = async (id: string, by = get) => (await by(`/api/count-sheets/${id}?site=SEA`)) as unknown as Row & { readonly predicted: readonly Predicted[] | null; readonly lines: readonly Row[] }
let entries = 0
const count = (sheet: string, sku: string, counted: number, by = counter) =>
  by.done(`/api/count-sheets/${sheet}/entries`, { site: 'SEA', entries: [{ entry: `e${(entries += 1)}`, sku, counted, countedAt: new Date(world.now()).toISOString() }] })
const openOf = async (lines: readonly { sku: string; drawn: boolean }[], seed = 5) =>
  String((await done('/api/count-sheets', { site: 'SEA', kind: 'cycle', tolerance: { units: 100 }, list: { seed, lines } }))['id'])
const accuracy = async (more = '') => (await get(`/api/record-accuracy?site=SEA${more}`)) as unknown as Row & { readonly over: readonly Row[] }

describe('I5: a sheet of a count list', () => {
  test('keeps what was believed, tells it to nobody before it may be seen, and beside what was found', { timeout: 60_000 }, async () => {
    expect(await accuracy()).toMatchObject({ items: 0, leftOut: 0, exact: null, over: [] })
    const list = (await get('/api/count-list?site=SEA&size=6&seed=5')) as unknown as { seed: number; rows: { sku: string; drawn: boolean; empty: number; expected: number }[] }
    expect(list.rows.find((row) => row.sku === 'SOAP')!.empty).toBeGreaterThan(0.3)
    expect(list.rows.filter((row) => row.drawn)).toHaveLength(1)
    const sheet = await openOf(list.rows.map(({ sku, drawn }) => ({ sku, drawn })), list.seed)
    const soap = await get('/api/items/SOAP/belief?site=SEA')
    // What the record has nowhere is looked for at the shelf.
    expect(new Set((await sheetOf(sheet)).lines.map((line) => line['sku']))).toEqual(new Set(skus))
    for (const by of [get, counter.get]) {
      const told = await sheetOf(sheet, by)
      expect(told.predicted).toBeNull()
      expect(JSON.stringify(told)).not.toMatch(/expected|drawn/)
    }
    await sell('TEA', 3)
    for (const [sku, counted] of [['SOAP', 0], ['TEA', 5], ['RICE', 8], ['SALT', 8], ['OATS', 8], ['GONE', 0]] as const) await count(sheet, sku, counted)
    expect((await sheetOf(sheet, counter.get)).predicted).toBeNull()
    await done(`/api/count-sheets/${sheet}/closing`, { site: 'SEA' })
    await look()
    const { predicted } = await sheetOf(sheet, counter.get)
    const of = (sku: string): Predicted => predicted!.find((one) => one.sku === sku)!
    // As it was believed then, though since it was counted one believes something else.
    expect(of('SOAP').believed).toEqual({ expected: expect.closeTo(Number(soap['expected']), 6) as number, low: soap['low'], high: soap['high'], empty: expect.closeTo(Number(soap['empty']), 6) as number })
    expect(of('SOAP')).toMatchObject({ recorded: 3, counted: 0, isPart: false, against: { moved: 0, isInBand: true } })
    expect(of('TEA')).toMatchObject({ recorded: 8, counted: 5, against: { moved: -3, isInBand: true } })
    expect(of('GONE')).toMatchObject({ recorded: 0, counted: 0 })
    world.wait(day_ms)
    expect((await sheetOf(sheet)).predicted).toEqual(predicted)
    await expectVerified(server, world.sealKey)
  })

  test('only of what stands on it, where an item stands elsewhere too, and of nothing where nothing is believed', async () => {
    await done('/api/places', { site: 'SEA', places: [{ code: 'BIN-1', kind: 'bin' }] })
    await done('/api/items', { items: [{ sku: 'FRESH', name: 'Fresh', standardCost: 100 }] })
    await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'RICE', quantity: 4, place: 'BIN-1' }] })
    await look()
    const sheet = String((await done('/api/count-sheets', { site: 'SEA', kind: 'cycle', positions: [{ sku: 'RICE', place: 'BIN-1' }, { sku: 'FRESH' }] }))['id'])
    await counter.done(`/api/count-sheets/${sheet}/entries`, { site: 'SEA', entries: [{ entry: 'b1', sku: 'RICE', place: 'BIN-1', counted: 4, countedAt: new Date(world.now()).toISOString() }] })
    await done(`/api/count-sheets/${sheet}/closing`, { site: 'SEA', leavesUncounted: true })
    const { predicted } = await sheetOf(sheet)
    expect(predicted).toMatchObject([
      { sku: 'RICE', drawn: false, recorded: 12, isPart: true, counted: 4, against: { moved: 0, isInBand: true } },
      { sku: 'FRESH', believed: null, counted: null, against: null },
    ])
  })

  test('what chance drew, and nothing else, tells how right the record is, by the month, with what is known since', async () => {
    const before = await accuracy()
    expect(before['items']).toBe(1)
    world.wait(40 * day_ms)
    const sheet = await openOf([{ sku: 'SALT', drawn: true }, { sku: 'OATS', drawn: true }, { sku: 'TEA', drawn: true }, { sku: 'SOAP', drawn: false }])
    for (const [sku, counted] of [['SALT', 8], ['OATS', 6], ['SOAP', 0]] as const) await count(sheet, sku, counted)
    expect(await accuracy()).toEqual({ ...before, to: (await accuracy())['to'], from: (await accuracy())['from'] })
    await done(`/api/count-sheets/${sheet}/closing`, { site: 'SEA', leavesUncounted: true })
    const after = await accuracy('&tolerancePerMillion=250000')
    expect([after['items'], after['leftOut'], after.over.length]).toEqual([Number(before['items']) + 2, 1, 2])
    expect(after.over.at(-1)).toMatchObject({ items: 2, exact: { share: 0.5 }, within: { share: 1 }, units: { share: 0.875 }, value: { share: 0.875 } })
    expect(await accuracy(`&from=${String(after.over.at(-1)!['from'])}`)).toMatchObject({ items: 2, leftOut: 1 })
    expect((await post('/api/count-sheets', { site: 'SEA', kind: 'cycle', list: { seed: 1, lines: [{ sku: 'NONE', drawn: false }] } })).body).toMatchObject({ code: 'item_not_known', field: 'list/lines/1/sku' })
  })
})
