import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { controlSite } from '../core/item.ts'
import { exportText, type Exported, type ExportFormat } from './export.ts'
import { importFiles } from './import.ts'
import { openOn } from './open.ts'
import { removeTemporary, temporaryFolder } from './postgres/temporary.ts'
import { testDatabase } from './test-database.ts'
import { orderOf, testWorld } from './test-world.ts'
import { expectVerified } from './test-verify.ts'

const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))

const names = ['=HYPERLINK("http://x","y")', '+1', '-1', '@sum', '\'t Hart', 'a, "b"\r\nc', 'München 😀']

describe('an export', async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 10 } })
  const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]
  await world.send(controlSite, {
    kind: 'createItems', items: names.map((name, index) => ({ sku: `N${index}`, name, unit: 'EA', tracking: 'none', standardCost: money(150), listPrice: money(5), source: 'make', makeDays: 4, category: 'Odds' })),
  })
  const more = orderOf(world, sea, [[a, 3], [a, 9]], { reference: '=SO-1' })
  await world.send(sea, more)
  await world.send(sea, { kind: 'allocate', order: more.order })
  await world.send(sea, { kind: 'pick', order: more.order, pickedAt: world.now() })
  await world.send(sea, { kind: 'lose', document: world.newId(), item: a, quantity: quantity(1), place: standardPlaces.packing, lot: '', serial: '', condition: 'sellable', cause: 'theft', note: '', lostAt: world.now() })

  const read = async (what: Exported, format: ExportFormat = 'csv'): Promise<string> => {
    const chunks: string[] = []
    for await (const text of exportText(server, what, format, [sea, pdx], () => undefined)) chunks.push(text)
    return chunks.join('')
  }

  test('of items guards what a spreadsheet would run, and comes in again as it was', async () => {
    const text = await read('items')
    expect(text).toContain('N0,"\'=HYPERLINK(""http://x"",""y"")",EA,none,1.50,0.05,make,4,Odds,\r\n')
    expect(text).not.toMatch(/(^|,|\n)"?[=+@-]/)
    await writeFile(join(folder, 'items.csv'), text)
    const other = await testDatabase()
    const opened = await openOn({ connection: other.connection, keyOf: () => Promise.resolve(Buffer.alloc(32)), leave: () => Promise.resolve() }, { clock: () => world.now() })
    const imported = await importFiles(opened, { files: { items: join(folder, 'items.csv') }, site: 'SEA', calendar: 'original', dryRun: false, goodRows: false })
    expect(imported).toMatchObject({ ok: true, files: [{ imported: names.length + 1 }] })
    const known = await opened.catalog.itemsBySku(names.map((_name, index) => `N${index}`))
    expect(names.map((_name, index) => known.get(`N${index}`)?.name)).toEqual(names)
    expect(known.get('N0')).toMatchObject({ source: 'make', makeDays: 4, category: 'Odds' })
    await opened.close()
  })

  test('of stock has every row of every site', async () => {
    expect((await read('stock')).split('\r\n')).toEqual([
      'site,place,sku,qty,allocated,condition,lot,serial,package,owner',
      'SEA,PACKING,A,9,9,sellable,,,,COMPANY',
      'PDX,SHELF,A,10,0,sellable,,,,COMPANY',
      '',
    ])
  })

  test('of orders has a row a line, with names an import knows', async () => {
    expect((await read('orders')).split('\r\n').slice(0, 3)).toEqual([
      'site,order_number,order_date,customer_key,line_no,sku,qty,list_price,number,kind,ordered_at,source,requested,promised,cancelled,shipped,delivered,returned',
      'SEA,\'=SO-1,2026-03-02,COMPANY,1,A,3,2.50,SEA-1,order,2026-03-02T08:00:00.000Z,SEA,2026-03-02,2026-03-02,0,0,0,0',
      'SEA,\'=SO-1,2026-03-02,COMPANY,2,A,9,2.50,SEA-1,order,2026-03-02T08:00:00.000Z,SEA,2026-03-02,,0,0,0,0',
    ])
  })

  test('of moves is the ledger, one JSON value a line', async () => {
    const rows = (await read('moves', 'ndjson')).trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows).toMatchObject([
      { site: 'SEA', sequence: 1, sku: 'A', quantity: 10, from: 'opening', to: 'SHELF', cause: 'opening', value: '10.00', occurred_at: '2026-03-02T08:00:00.000Z' },
      { site: 'SEA', sequence: 2, quantity: 3, from: 'SHELF', to: 'PACKING', cause: 'pick', document: more.order, line: 1 },
      { site: 'SEA', sequence: 3, quantity: 7, from: 'SHELF', to: 'PACKING', line: 2 },
      { site: 'SEA', sequence: 4, quantity: 1, from: 'PACKING', to: 'loss.theft', value: '1.00' },
      { site: 'PDX', sequence: 1, quantity: 10, from: 'opening' },
    ])
    expect(rows.every((row) => /^[0-9a-f]{64}$/.test(row['hash'] as string))).toBe(true)
  })

  test('longer than a page leaves nothing out and doubles nothing', async () => {
    const orders = Array.from({ length: 450 }, () => orderOf(world, pdx, Array.from({ length: 6 }, () => [a, 1])))
    await Promise.all(orders.map((order) => world.send(pdx, order)))
    const rows = (await read('orders')).trimEnd().split('\r\n').slice(3)
    expect(rows).toHaveLength(450 * 6)
    expect(new Set(rows.map((row) => row.split(',').slice(1, 5).join())).size).toBe(450 * 6)
    await expectVerified(server, world.sealKey)
  })
})
