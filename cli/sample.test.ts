// qm sample, as people use it: drawn, counted, told, and drawn again by an auditor after the site has gone on.

import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import { revalue } from '../server/revaluation.ts'
import { testDatabase, urlOf } from '../server/test-database.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

const { server, connection } = await testDatabase()
const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))
const at = (name: string) => join(folder, name)

/** Items at a price of 1.00 each, of which there are few and many. */
const ITEMS = 150
const pieces = Object.fromEntries(Array.from({ length: ITEMS }, (_, index) => [`I-${String(index).padStart(3, '0')}`, 1 + ((index * 37) % 101) ** 2]))
const skus = Object.keys(pieces)
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { ...pieces, GONE: 0 } })
await world.send(0 as never, { kind: 'createSite', code: 'NIL', name: 'Empty' })
const sea = await world.site('SEA')
/** On the shelf a tenth of every second item is missing. */
const found = (sku: string) => pieces[sku]! - (skus.indexOf(sku) % 2 === 0 ? Math.ceil(pieces[sku]! / 10) : 0)
const sum = (of: (sku: string) => number) => skus.reduce((yet, sku) => yet + of(sku), 0)

interface Ran { readonly code: number | null; readonly out: string; readonly err: string }
function qm(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'], QUARTERMASTER_SEAL_KEY: world.sealKey.toString('hex'), DATABASE_URL: urlOf(connection) }
  const child = spawn(process.execPath, [join(import.meta.dirname, '../bin/qm.js'), 'sample', ...args], { cwd: folder, env })
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes: Buffer) => { said.out += bytes.toString() })
  child.stderr.on('data', (bytes: Buffer) => { said.err += bytes.toString() })
  return new Promise((resolve) => { child.on('close', (code) => resolve({ code, ...said })) })
}

interface Part { readonly stratum: number; readonly certain: boolean; readonly from: number; readonly to: number; readonly items: number; readonly counted: number }
interface Listed { readonly sku: string; readonly places: readonly string[]; readonly stratum: number; readonly probability: number; readonly recorded?: number }
interface Drawn { readonly sequence: number; readonly seed: number; readonly size: number; readonly items: number; readonly expectedHalfWidthPercent: number; readonly strata: readonly Part[]; readonly list: readonly Listed[] }
interface Interval { readonly total: number; readonly low: number; readonly high: number }
interface Told { readonly estimate: Interval; readonly believed: Interval; readonly recorded: number; readonly disagrees: boolean; readonly shrinkPercent: Interval }
interface Estimated { readonly differing: number; readonly value: Told; readonly pieces: Told }

async function json<Answer>(...args: readonly string[]): Promise<Answer> {
  const { code, out, err } = await qm(...args, '--site', 'SEA', '--json')
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out) as Answer
}
const csvOf = (rows: readonly (readonly [string, number | string])[]) => ['sku,counted', ...rows.map((row) => row.join(','))].join('\n')

const first = await json<Drawn>('--size', '40', '--seed', '7')

describe('a sample', () => {
  test('says what to count and where, with which chance, and not what the record says', () => {
    expect(first).toMatchObject({ seed: 7, size: 40, items: ITEMS, sequence: ITEMS })
    expect(first.list).toHaveLength(40)
    expect(new Set(first.list.map((one) => one.sku)).size).toBe(40)
    expect(first.list.every((one) => skus.includes(one.sku) && one.places.length === 1 && one.recorded === undefined)).toBe(true)
    expect(first.strata.reduce((all, one) => all + one.items, 0)).toBe(ITEMS)
    for (const { stratum, certain, items, counted, from, to } of first.strata) {
      const listed = first.list.filter((one) => one.stratum === stratum)
      expect(listed).toHaveLength(counted)
      for (const { sku, probability } of listed) {
        expect(probability).toBeCloseTo(counted / items, 5)
        expect(pieces[sku]! * 100 >= from && pieces[sku]! * 100 <= to).toBe(true)
      }
      if (certain) expect(counted).toBe(items)
    }
    // 1 + 100^2 pieces is the most that there is of any.
    expect(first.strata[0]).toMatchObject({ certain: true, to: 1_000_100 })
  })

  test('is the same for the same seed, another without, and shows the record to whom asks', async () => {
    const [again, other, open] = await Promise.all([
      json<Drawn>('--size', '40', '--seed', '7'),
      json<Drawn>('--size', '40'),
      json<Drawn>('--size', '40', '--seed', '7', '--with-record'),
    ])
    expect(again).toEqual(first)
    expect(other.seed).not.toBe(7)
    expect(other.list.map((one) => one.sku)).not.toEqual(first.list.map((one) => one.sku))
    expect(await json<Drawn>('--size', '40', '--seed', String(other.seed))).toEqual(other)
    expect(open.list.map((one) => [one.sku, one.recorded])).toEqual(first.list.map((one) => [one.sku, pieces[one.sku]]))
  })

  test('is as large as it takes to know the value well enough', async () => {
    const [wide, narrow] = await Promise.all([json<Drawn>('--within', '3'), json<Drawn>('--within', '0.75')])
    expect(wide.size).toBeLessThan(narrow.size)
    expect(wide.expectedHalfWidthPercent).toBeGreaterThan(2)
    expect(wide.expectedHalfWidthPercent).toBeLessThan(3.1)
    expect(narrow.expectedHalfWidthPercent).toBeLessThan(0.8)
    expect(await json<Drawn>('--size', String(wide.size), '--seed', String(wide.seed))).toEqual(wide)
  })

  test('is written for people with the call that comes next', async () => {
    const { out } = await qm('--site', 'SEA', '--size', '40', '--seed', '7')
    expect(out).toMatch(/^40 of 150 items of SEA after its move 150, drawn with seed 7:\nI-\d{3} /)
    expect(out).toContain('\nWhen they are counted: qm sample --site SEA --size 40 --seed 7 --sequence 150 --counts FILE\n')
  })
})

describe('what was counted', () => {
  const drawn = ['--size', '40', '--seed', '7', '--sequence', String(ITEMS)]
  const counted = (of: (sku: string) => number) => csvOf(first.list.map(({ sku }) => [sku, of(sku)]))

  test('as recorded is the record; with a loss, an interval that holds what is there, far from the record', async () => {
    await Promise.all([writeFile(at('as-recorded.csv'), counted((sku) => pieces[sku]!)), writeFile(at('found.csv'), counted(found))])
    const right = await json<Estimated>(...drawn, '--counts', 'as-recorded.csv')
    const recorded = sum((sku) => pieces[sku]!)
    expect(right.differing).toBe(0)
    expect(right.pieces).toMatchObject({ estimate: { total: recorded, low: recorded, high: recorded }, recorded, disagrees: false, shrinkPercent: { total: 0 } })
    expect(right.value).toMatchObject({ estimate: { total: recorded * 100 }, believed: { total: recorded * 100 } })
    const lost = await json<Estimated>(...drawn, '--counts', 'found.csv')
    expect(lost.differing).toBe(first.list.filter(({ sku }) => found(sku) !== pieces[sku]).length)
    for (const [told, unit] of [[lost.pieces, 1], [lost.value, 100]] as const) {
      const there = sum(found) * unit
      expect(told.estimate.low).toBeLessThan(there)
      expect(told.estimate.high).toBeGreaterThan(there)
      expect(told.recorded).toBe(recorded * unit)
      expect(told.recorded).toBeGreaterThan(told.estimate.high)
      expect(told.shrinkPercent.total).toBeCloseTo((1 - told.estimate.total / told.recorded) * 100, 2)
      expect(told.shrinkPercent.low).toBeLessThan(told.shrinkPercent.high)
    }
    const { out } = await qm('--site', 'SEA', ...drawn, '--counts', 'found.csv')
    expect(out).toMatch(/^SEA after its move 150: 40 of 150 items were counted, drawn with seed 7; \d+ differ from the record\.\nvalue: [\d,.]+ \([\d,.]+ to [\d,.]+\); the record says /)
  })

  test('of everything is what is there, and the record cannot be right', async () => {
    await writeFile(at('all.csv'), csvOf(skus.map((sku) => [sku, Math.floor(pieces[sku]! / 2)])))
    const { pieces: told } = await json<Estimated>('--size', String(ITEMS), '--seed', '1', '--counts', 'all.csv')
    const total = sum((sku) => Math.floor(pieces[sku]! / 2))
    expect(told).toMatchObject({ estimate: { total, low: total, high: total }, disagrees: true })
  })

  const [counted1, counted2, counted3, ...rest] = first.list.map((one) => one.sku) as [string, string, string, ...string[]]
  const notDrawn = skus.find((sku) => !first.list.some((one) => one.sku === sku))!
  const row = (sku: string, count: number | string = 1) => `${sku},${count}`
  const restRows = rest.map((sku) => row(sku))
  test.each([
    //                         From row 2 on.                                     Every line that is told, after the file's name.
    ['items nobody asked for', [row('NO-SUCH'), row(notDrawn), row(counted1)],    [/row 2, sku: There is no item NO-SUCH\. \(item_not_known\)/, /row 3, sku: I-\d+ is not in the sample: .*\(body_not_valid\)/]],
    ['no whole numbers',       [row(counted1, -3), row(counted2, 2.5), row(counted3, 'many')], [
      /row 2, counted: "-3" is not a quantity .*\(quantity_not_positive\)/, /row 3, counted: "2\.5" is finer .*\(quantity_finer_than_unit\)/, /row 4, counted: "many" is not a number .*\(body_not_valid\)/]],
    ['one twice',              [row(counted1), row(counted2), row(counted1)],     [/row 4, sku: I-\d+ is there twice: .*\(body_not_valid\)/]],
    ['some too few',           [row(counted1)],                                   [/2 of the 40 items of the sample are not counted: I-\d+, I-\d+\. \(body_not_valid\)/]],
    ['a quote never closed',   [`"${counted1},1`],                                [/row 2: A quote is opened here and never closed\. \(body_not_valid\)/]],
  ] as const)('with %s is told with file, row and cause', async (_what, rows, causes) => {
    await writeFile(at('wrong.csv'), ['sku,counted', ...rows, ...restRows].join('\n'))
    const { code, out, err } = await qm('--site', 'SEA', ...drawn, '--counts', 'wrong.csv')
    expect(err).toMatch(new RegExp(`^qm: ${causes.map(({ source }) => `wrong\\.csv: ${source}\\n`).join('')}$`))
    expect([code, out]).toEqual([2, ''])
  })

  test.each([
    ['without a column',  'sku,quantity\nX,1\n', 'wrong.csv: row 1, counted: The column is missing. (body_not_valid)'],
    ['without a header',  '',                    'wrong.csv: row 1: The file is empty: it has no header. (body_not_valid)'],
  ])('%s is none', async (_what, text, cause) => {
    await writeFile(at('wrong.csv'), text)
    expect(await qm('--site', 'SEA', ...drawn, '--counts', 'wrong.csv')).toEqual({ code: 2, out: '', err: `qm: ${cause}\n` })
  })

  test('is refused to machines with a code', async () => {
    await writeFile(at('wrong.csv'), 'sku,counted\nX,1\n')
    const { code, out } = await qm('--site', 'SEA', ...drawn, '--counts', 'wrong.csv', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(out)).toEqual({ error: { code: 'item_not_known', detail: 'wrong.csv: row 2, sku: There is no item X. (item_not_known)' } })
  })
})

test.each([
  [['--site', 'NOWHERE', '--size', '5'],                                        'There is no site NOWHERE'],
  [['--site', 'NIL', '--size', '5'],                                            'NIL has nothing on record after its move 0'],
  [['--site', 'NIL', '--within', '5'],                                          'NIL has nothing on record after its move 0'],
  [['--site', 'SEA', '--size', '0'],                                            '--size takes a whole number from 1 to'],
  [['--site', 'SEA', '--size=-1'],                                              '--size'],
  [['--site', 'SEA', '--size', '1'],                                            '--size takes at least 2'],
  [['--site', 'SEA', '--size', '151'],                                          '--size takes no more than the 150 items that SEA has on record, not 151'],
  [['--site', 'SEA', '--size', '40', '--seed', '4294967296'],                   '--seed takes a whole number from 0 to 4294967295'],
  [['--site', 'SEA', '--within', '0'],                                          '--within takes per cent above 0'],
  [['--site', 'SEA', '--within', 'much'],                                       '--within takes per cent above 0'],
  [['--site', 'SEA'],                                                           'How many items are counted?'],
  [['--site', 'SEA', '--size', '40', '--within', '2'],                          'How many items are counted?'],
  [['--site', 'SEA', '--size', '40', '--counts', 'x.csv'],                      '--counts needs --size and --seed'],
  [['--site', 'SEA', '--size', '40', '--seed', '7', '--counts', 'none.csv'],    'There is no none.csv'],
  [['--site', 'SEA', '--size', '40', '--seed', '7', '--counts', '.'],           '. is not a file'],
])('%j is refused: %s', async (args, cause) => {
  const { code, out, err } = await qm(...args)
  expect(err).toContain(`qm: ${cause}`)
  expect([code, out]).toEqual([2, ''])
  expect(err).not.toMatch(/\n\s+at /)
})

test('an auditor draws the same after the site has gone on, if he says after which move', async () => {
  const [a, b, c, gone] = await Promise.all(['I-003', 'I-001', 'I-002', 'GONE'].map((sku) => world.item(sku)))
  const row = { lot: '', serial: '', condition: 'sellable' } as const
  const lost = { kind: 'lose', document: world.newId(), item: a!, quantity: quantity(1), place: standardPlaces.shelf, ...row, cause: 'theft', note: '', lostAt: world.now() } as const
  expect(await world.send(sea, lost)).toMatchObject({ status: 201 })
  const receipt = world.newId()
  const lines = [[b!, 500, 900], [gone!, 8, 70_000]].map(([item, many, unitCost], index) => ({
    line: index + 1, item: item as never, quantity: quantity(many!), unitCost: unitCost as never, place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, value: (many! * unitCost!) as never,
  }))
  expect(await world.send(sea, { kind: 'receive', receipt, purchase: null, receivedAt: world.now(), lines })).toMatchObject({ status: 201 })
  const owner = (await world.catalog.siteByCode('SEA'))!.owner
  expect(await world.send(sea, { kind: 'addCost', document: world.newId(), came: receipt, owner, line: null, cost: 'freight', amount: 7_000 as never, by: 'value', note: '' })).toMatchObject({ status: 201 })
  await revalue(world.lanes)
  const carried = { kind: 'relocate', document: world.newId(), item: c!, quantity: quantity(2), from: standardPlaces.shelf, to: standardPlaces.dock, toCode: 'DOCK', ...row, movedAt: world.now() } as const
  expect(await world.send(sea, carried)).toMatchObject({ status: 201 })
  expect(await json<Drawn>('--size', '40', '--seed', '7', '--sequence', String(ITEMS))).toEqual(first)
  const now = await json<Drawn>('--size', String(ITEMS + 1), '--seed', '7', '--with-record')
  const listed = (sku: string) => now.list.find((one) => one.sku === sku)
  expect(listed('GONE')).toMatchObject({ recorded: 8, places: ['DOCK'] })
  expect(listed('I-003')).toMatchObject({ recorded: pieces['I-003']! - 1 })
  expect(listed('I-002')).toMatchObject({ recorded: pieces['I-002'], places: expect.arrayContaining(['SHELF', 'DOCK']) as string[] })
  // All that was counted as recorded is worth what the books say.
  await writeFile(at('now.csv'), csvOf(now.list.map(({ sku, recorded }) => [sku, recorded!])))
  const { value } = await json<Estimated>('--size', String(ITEMS + 1), '--seed', '7', '--counts', 'now.csv')
  expect(value.recorded).toBe(sum((sku) => pieces[sku]! * 100) - 100 + 500 * 900 + 8 * 70_000 + 7_000)
  expect(value.estimate).toEqual({ total: value.recorded, low: value.recorded, high: value.recorded })
  await expectVerified(server, world.sealKey)
})
