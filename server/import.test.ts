import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Day } from '../core/calendar.ts'
import { sql } from './db.ts'
import { exportText } from './export.ts'
import { importFiles, type Imported, type ImportOptions } from './import.ts'
import { openOn } from './open.ts'
import { removeTemporary, temporaryFolder } from './postgres/temporary.ts'
import { testDatabase } from './test-database.ts'
import { expectVerified } from './test-verify.ts'

const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))

const items = 'sku,name,unit,standard_cost,list_price\r\nA,Adjustable Race,EA,1.5,3\r\nB,"Bearing, Ball",EA,0.125,699.0982\r\n'
const customers = 'customer_id,type,city\n7,store,München\n8,consumer,Sèvres\n'
const stock = 'location_id,shelf,bin,sku,qty\n1,A,1,A,10\n1,A,2,B,5\n2,N/A,0,B,0\n'
const header = 'order_number,order_date,order_date_aligned,customer_key,line_no,sku,qty,list_price\n'
const orders = `${header}SO1,2015-01-01,2022-11-30,7,1,A,3,3578.27\nSO2,2015-01-02,2022-12-01,8,1,B,9,1\nSO1,2015-01-01,2022-11-30,7,2,B,1,2\n`

/** A database of its own, and a way to import texts as if they were files. */
async function world() {
  const { connection, owner, server } = await testDatabase()
  const sealKey = Buffer.alloc(32, 7)
  const now = Date.parse('2026-03-02T08:00:00Z')
  const opened = await openOn({ connection, keyOf: () => Promise.resolve(sealKey), leave: () => Promise.resolve() }, { clock: () => now })
  afterAll(() => opened.close())
  const run = async (texts: Record<string, string>, options: Partial<ImportOptions> = {}): Promise<Imported> => {
    const room = await mkdtemp(join(folder, 'files-'))
    const files = Object.fromEntries(Object.keys(texts).map((kind) => [kind, join(room, `${kind}.csv`)]))
    for (const [kind, text] of Object.entries(texts)) await writeFile(files[kind]!, text)
    return importFiles(opened, { files, site: 'AWC', calendar: 'original', dryRun: false, goodRows: false, ...options })
  }
  const counts = async () => (await owner.query<Record<string, number>>(sql`
    select (select count(*) from item) as items, (select count(*) from party where kind = 'customer') as customers, (select count(*) from move) as moves,
      (select count(*) from orders) as orders, (select count(*) from order_line) as lines, (select count(*) from site where site_id > 0) as sites`))[0]!
  return { run, counts, owner, opened, verified: () => expectVerified(server, sealKey) }
}

const tale = ({ files }: Imported) => files.map(({ kind, rows, imported, already, rejected }) => [kind, rows, imported, already, rejected].join(' '))
const faultsOf = ({ shown }: Imported) => shown.map(({ kind, row, column, code }) => `${kind} ${row} ${column} ${code}`)

describe('a company', async () => {
  const { run, counts, owner, verified } = await world()

  test('is looked at in a dry run, and nothing is written', async () => {
    expect(await run({ items, customers, stock, orders }, { dryRun: true })).toMatchObject({ ok: true, dryRun: true, faults: 0 })
    expect(await counts()).toEqual({ items: 0, customers: 0, moves: 0, orders: 0, lines: 0, sites: 0 })
  })

  test('is read in: items, customers, stock before the first order, orders with what stock covers held', async () => {
    expect(tale(await run({ items, customers, stock, orders }))).toEqual(['items 2 2 0 0', 'customers 2 2 0 0', 'stock 3 2 1 0', 'orders 3 3 0 0'])
    expect(await counts()).toEqual({ items: 2, customers: 2, moves: 2, orders: 2, lines: 3, sites: 1 })
    const moves = await owner.query(sql`
      select i.sku, m.quantity, p.code, p.kind, m.cause, m.value_minor as value, (m.occurred_at at time zone 'UTC')::date::text as day
      from move m join item i using (item_id) join place p on p.site_id = m.site_id and p.place_id = m.to_place_id order by m.sequence`)
    expect(moves).toEqual([
      { sku: 'A', quantity: 10, code: '1-A-1', kind: 'bin', cause: 'opening', value: 1_500, day: '2014-12-31' },
      { sku: 'B', quantity: 5,  code: '1-A-2', kind: 'bin', cause: 'opening', value: 60,    day: '2014-12-31' },
    ])
    const lines = await owner.query(sql`
      select o.reference, c.code as customer, l.line, i.sku, l.quantity, p.held, l.unit_price_minor as price, l.requested_on as requested
      from orders o join order_line l using (site_id, order_id) join item i using (item_id) join party c on c.party_id = o.customer_id
      join planned_move p on p.site_id = l.site_id and p.document_id = l.order_id and p.line = l.line order by o.number, l.line`)
    expect(lines).toEqual([
      { reference: 'SO1', customer: '7', line: 1, sku: 'A', quantity: 3, held: 3, price: 357_827, requested: '2015-01-01' },
      { reference: 'SO1', customer: '7', line: 2, sku: 'B', quantity: 1, held: 1, price: 200,     requested: '2015-01-01' },
      { reference: 'SO2', customer: '8', line: 1, sku: 'B', quantity: 9, held: 4, price: 100,     requested: '2015-01-02' },
    ])
    await verified()
  })

  test('read in again doubles nothing, and takes what is new', async () => {
    expect(tale(await run({ items, customers, stock, orders }))).toEqual(['items 2 0 2 0', 'customers 2 0 2 0', 'stock 3 0 3 0', 'orders 3 0 3 0'])
    const more = { items: `${items}C,Chain,EA,1,2\n`, orders: `${orders}SO3,2015-01-03,,8,1,C,1,1\n` }
    expect(tale(await run(more))).toEqual(['items 3 1 2 0', 'orders 4 1 3 0'])
    expect(await counts()).toMatchObject({ items: 3, moves: 2, orders: 3, lines: 4 })
    await verified()
  })

  test('is not changed by an import that says otherwise of what is recorded', async () => {
    const other = await run({
      items: items.replace('1.5', '1.6'), stock: stock.replace('A,10', 'A,11'), orders: orders.replace('SO2,2015-01-02,2022-12-01,8,1,B,9', 'SO2,2015-01-02,2022-12-01,8,1,B,8'),
    })
    expect(faultsOf(other)).toEqual(['items 2 sku code_taken', 'stock 2 qty code_taken', 'orders 3 order_number order_number_taken'])
    expect(await counts()).toMatchObject({ items: 3, moves: 2, orders: 3 })
  })
})

test('the aligned calendar dates orders and stock by the other column', async () => {
  const { run, owner } = await world()
  expect(await run({ items, customers, stock, orders }, { calendar: 'aligned' })).toMatchObject({ ok: true })
  const days = await owner.query(sql`select (ordered_at at time zone 'UTC')::date as day from orders order by number`)
  expect(days).toEqual([{ day: '2022-11-30' }, { day: '2022-12-01' }])
  expect(await owner.query(sql`select distinct (occurred_at at time zone 'UTC')::date as day from move`)).toEqual([{ day: '2022-11-29' }])
})

describe('bad input', async () => {
  const { run, counts, verified } = await world()
  await run({ items, customers })

  test.each([
    ['an unknown item',           `${header}SO1,2015-01-01,,7,1,Z,1,1`,                                    ['orders 2 sku item_not_known']],
    ['an unknown customer',       `${header}SO1,2015-01-01,,9,1,A,1,1`,                                    ['orders 2 customer_key party_not_known']],
    ['a negative quantity',       `${header}SO1,2015-01-01,,7,1,A,-1,1`,                                   ['orders 2 qty quantity_not_positive']],
    ['half a piece',              `${header}SO1,2015-01-01,,7,1,A,0.5,1`,                                  ['orders 2 qty quantity_finer_than_unit']],
    ['too many pieces',           `${header}SO1,2015-01-01,,7,1,A,1000000000001,1`,                        ['orders 2 qty quantity_too_large']],
    ['30 February',               `${header}SO1,2015-02-30,,7,1,A,1,1`,                                    ['orders 2 order_date date_not_valid']],
    ['a day that has not come',   `${header}SO1,2027-01-01,,7,1,A,1,1`,                                    ['orders 2 order_date happened_in_future']],
    ['a NUL',                     `${header}SO1,2015-01-01,,7,1,A\0,1,1`,                                  ['orders 2 sku text_not_storable']],
    ['a line twice',              `${header}SO1,2015-01-01,,7,1,A,1,1\nSO1,2015-01-01,,7,1,B,1,1`,         ['orders 2 order_number order_number_taken', 'orders 3 order_number order_number_taken']],
    ['two customers of a number', `${header}SO1,2015-01-01,,7,1,A,1,1\nSO1,2015-01-01,,8,2,B,1,1`,         ['orders 2 order_number order_number_taken', 'orders 3 order_number order_number_taken']],
    ['a row too short',           `${header}SO1,2015-01-01,,7,1,A`,                                        ['orders 2  body_not_valid']],
    ['wrong quotes',              `${header}SO1,"2015"-01-01,,7,1,A,1,1`,                                  ['orders 2  body_not_valid']],
    ['columns missing',           'order_number,sku\nSO1,A',                                               ['customer_key', 'line_no', 'list_price', 'order_date', 'qty'].map((name) => `orders 1 ${name} body_not_valid`)],
    ['a column twice',            `sku,${header}`,                                                         ['orders 1 sku body_not_valid']],
    ['nothing in it',             '',                                                                      ['orders 1  body_not_valid']],
    ['a bad row in each order',   `${header}SO1,2015-01-01,,7,1,A,1,1\nSO1,2015-01-01,,7,2,A,x,1`,         ['orders 2 order_number body_not_valid', 'orders 3 qty body_not_valid']],
  ])('%s: nothing is written, and the fault has a row, a column and a code', async (_name, text, faults) => {
    const imported = await run({ orders: text })
    expect(faultsOf(imported)).toEqual(faults)
    expect(imported).toMatchObject({ ok: false, faults: faults.length, files: [{ imported: 0 }] })
    expect(await counts()).toMatchObject({ items: 2, moves: 0, orders: 0, sites: 0 })
  })

  test('of every kind of file is found in one go', async () => {
    const imported = await run({
      items: `${items}A,Another,EA,1,1\nD,,EA,1,1\n`, customers: `${customers}7,store,\n`, stock: `${stock}1,A,1,A,2\n3,A,1,Q,1\n1,A,9,A,-4\n`,
    })
    expect(faultsOf(imported)).toEqual([
      'items 4 sku code_taken', 'items 4 sku code_taken', 'items 5 name body_not_valid', 'customers 4 customer_id code_taken', 'stock 5 sku code_taken',
      'stock 6 sku item_not_known', 'stock 7 qty quantity_not_positive',
    ])
  })

  test('is counted in full and shown in part', async () => {
    const imported = await run({ orders: `${header}${'SO1,2015-01-01,,7,1,Z,1,1\n'.repeat(3_000)}` }, { faults_max: 5 })
    expect(imported.faults).toBe(3_000 + 2_999)
    expect(imported.shown).toHaveLength(5)
  })

  test('with --good-rows the rest is imported, whole orders only, and the bad rows are written with their reasons, to be mended', async () => {
    const text = `${header}SO1,2015-01-01,,7,1,A,1,1\nSO2,2015-01-02,,7,1,A,1,1\nSO2,2015-01-02,,7,2,"=Z",1,1\nSO3,2015-01-02,,7,1,A,"1"2,1\nSO4,2015-01-03,,8,1,B,1,1\n`
    const imported = await run({ orders: text }, { goodRows: true })
    expect(tale(imported)).toEqual(['orders 5 2 0 3'])
    const rejected = await readFile(imported.files[0]!.rejectedFile!, 'utf8')
    expect(rejected.split('\r\n')).toEqual([
      'order_number,order_date,order_date_aligned,customer_key,line_no,sku,qty,list_price,fault_code,fault_column,fault_detail',
      'SO2,2015-01-02,,7,1,A,1,1,item_not_known,order_number,Row 4 of the same order has a fault.',
      'SO2,2015-01-02,,7,2,\'=Z,1,1,item_not_known,sku,There is no item =Z.',
      expect.stringMatching(/^"SO3,2015-01-02,,7,1,A,""1""2,1",body_not_valid,,/),
      '',
    ])
    expect(await counts()).toMatchObject({ orders: 2, lines: 2 })
    const mended = rejected.split('\r\n').slice(0, 3).join('\n').replace('\'=Z', 'B')
    expect(tale(await run({ orders: mended }))).toEqual(['orders 2 2 0 0'])
    expect(await counts()).toMatchObject({ orders: 3, lines: 4 })
    await verified()
  })

  test('--good-rows does not go on without a header', async () => {
    expect(await run({ items, orders: 'a,b\n1,2' }, { goodRows: true })).toMatchObject({ ok: false, files: [{ imported: 0 }, { imported: 0 }] })
  })
})

test('an import that was cut off goes on where it ended, and doubles nothing', async () => {
  const { run, counts, opened, verified } = await world()
  const many = Array.from({ length: 2_000 }, (_, index) => `SO${index},2015-01-01,,7,1,A,1,1`).join('\n')
  let answered = 0
  const stopping = run({ items, customers, stock, orders: `${header}${many}` }, {
    progress: (what) => {
      if (what === 'Writing orders' && (answered += 1) === 300) throw new Error('cut off')
    },
  })
  await expect(stopping).rejects.toThrow('cut off')
  expect((await counts())['orders']).toBeGreaterThanOrEqual(300)
  const again = await run({ items, customers, stock, orders: `${header}${many}` }, { openedOn: '2014-01-01' as Day })
  expect(again).toMatchObject({ ok: true, faults: 0 })
  expect(again.files[3]!.already).toBeGreaterThanOrEqual(300)
  expect(await counts()).toMatchObject({ moves: 2, orders: 2_000 })
  await verified()
  await opened.lanes.drain()
})

describe('supply', async () => {
  const { run, owner, verified } = await world()
  const made = 'sku,name,unit,standard_cost,list_price,make_or_buy,days_to_manufacture,category\nBIKE,Bike,EA,1,2,make,4,Bikes\nWHEEL,Wheel,EA,1,2,make,1,Wheels\nRIM,Rim,EA,1,2,buy,0,\nGLUE,Glue,ML,1,2,buy,0,\n'
  const suppliers = 'supplier,name,active\nS1,Parts,1\nS2,More parts,1\n'
  const catalogue = 'supplier,sku,lead_time_days,standard_price,min_order_qty,order_multiple,preferred\nS1,RIM,10,9.99,5,1,1\nS2,RIM,3,8,1,6,0\nS1,GLUE,10,0.05,100,50,0\n'
  const bills = 'parent_sku,component_sku,qty_per,valid_from,valid_to,scrap_per_million\nBIKE,WHEEL,2,2021-01-01,,0\nWHEEL,RIM,2,2021-01-01,2021-05-31,0\nWHEEL,RIM,1,2021-06-01,,0\nWHEEL,GLUE,2.50,2021-01-01,,50000\n'

  test('is read in: how items are had, who sells them, what they are made of', async () => {
    const files = { items: made, suppliers, catalogue, bills }
    expect(tale(await run(files))).toEqual(['items 4 4 0 0', 'suppliers 2 2 0 0', 'catalogue 3 3 0 0', 'bills 4 4 0 0'])
    expect(tale(await run(files))).toEqual(['items 4 0 4 0', 'suppliers 2 0 2 0', 'catalogue 3 0 3 0', 'bills 4 0 4 0'])
    expect(await owner.query(sql`select sku, source, make_days as days, category from item order by item_id limit 3`)).toEqual([
      { sku: 'BIKE', source: 'make', days: 4, category: 'Bikes' }, { sku: 'WHEEL', source: 'make', days: 1, category: 'Wheels' }, { sku: 'RIM', source: 'buy', days: 0, category: null },
    ])
    expect(await owner.query(sql`select price_minor as price, lead_time_days as days, order_multiple as multiple, preferred from supplier_item order by item_id, supplier_id limit 2`)).toEqual([
      { price: 999, days: 10, multiple: 1, preferred: true }, { price: 800, days: 3, multiple: 6, preferred: false },
    ])
    expect(await owner.query(sql`select quantity, batch, scrap_per_million as scrap, valid_to as to from bill_line where batch > 1 or valid_to is not null order by batch`)).toEqual([
      { quantity: 2, batch: 1, scrap: 0, to: '2021-05-31' }, { quantity: 25, batch: 10, scrap: 50_000, to: null },
    ])
    await verified()
  })

  test('suppliers come with what they ask of each order, which other terms replace, and go out as they came in', async () => {
    const header = 'supplier,name,least_order,load_units,load_weight,load_weight_unit\r\n'
    const asked = 'S1,Parts,250.00,,1000.500000,KG\r\nS2,More parts,,,,\r\nS3,New,0.00,40,,\r\n'
    expect(tale(await run({ suppliers: header + asked }))).toEqual(['suppliers 3 2 1 0'])
    expect(tale(await run({ suppliers: header + asked }))).toEqual(['suppliers 3 0 3 0'])
    expect(tale(await run({ suppliers: header + asked.replace('250.00', '300.00') }))).toEqual(['suppliers 3 1 2 0'])
    expect(tale(await run({ suppliers: `${header}S4,Wrong,-1,0,1,ST\r\n` }))).toEqual(['suppliers 1 0 0 1'])
    expect(await owner.query(sql`select least_minor as least, load_units as units, load_weight_mg as weight from source_terms order by source_id`)).toEqual([
      { least: 30_000, units: null, weight: 1_000_500_000 }, { least: 0, units: 40, weight: null },
    ])
    let text = ''
    for await (const some of exportText(owner, 'suppliers', 'csv', [], () => undefined)) text += some
    expect(text).toBe(header + asked.replace('250.00', '300.00'))
  })

  test('events come with their site and goods, once, and those that are wrong say why', async () => {
    const columns = 'kind,name,from,to,site,sku,category\n'
    const good = 'promotion,Sale,2025-03-03,2025-03-09,,,Bikes\nholiday,Christmas,2024-12-25,2024-12-26,,,\nholiday,Christmas,2025-12-25,2025-12-26,,,\nclosed,Works,2025-07-01,2025-07-02,,RIM,\n'
    expect(tale(await run({ events: columns + good }))).toEqual(['events 4 4 0 0'])
    expect(tale(await run({ events: columns + good }))).toEqual(['events 4 0 4 0'])
    expect(await owner.query(sql`select kind, name, from_on as "from", category, item_id is not null as item from demand_event order by from_on`)).toEqual([
      { kind: 'holiday', name: 'Christmas', from: '2024-12-25', category: null, item: false },
      { kind: 'promotion', name: 'Sale', from: '2025-03-03', category: 'Bikes', item: false },
      { kind: 'closed', name: 'Works', from: '2025-07-01', category: null, item: true },
      { kind: 'holiday', name: 'Christmas', from: '2025-12-25', category: null, item: false },
    ])
    const wrong = [
      'promotion,Sale,2025-03-09,2025-03-10,,,Bikes', 'fair,Fair,2025-01-01,2025-01-01,,,', 'promotion,A,2025-01-02,2025-01-01,,,', 'promotion,B,2025-01-01,2025-12-31,,,',
      'promotion,C,2025-01-01,2025-01-01,NONE,,', 'promotion,D,2025-01-01,2025-01-01,,Z,', 'promotion,E,2025-01-01,2025-01-01,,,Z', 'promotion,F,2025-01-01,2025-01-01,,RIM,Bikes',
      'promotion,G,2025-01-01,2025-01-05,,RIM,', 'promotion,g,2025-01-05,2025-01-06,,RIM,', 'promotion,H,2099-01-01,2099-01-01,,,', 'promotion,I,2025-02-30,2025-03-01,,,',
    ]
    const { shown } = await run({ events: `${columns}${wrong.join('\n')}` })
    expect(shown.map(({ row, column, code }) => `${row} ${column} ${code}`).toSorted()).toEqual([
      '11 from event_overlaps', '12 to date_not_valid', '13 from date_not_valid', '2 from event_overlaps', '3 kind body_not_valid', '4 to date_not_valid',
      '5 to date_not_valid', '6 site site_not_known', '7 sku item_not_known', '8 category item_not_known', '9 category body_not_valid',
    ])
    await verified()
  })

  test('other prices and quantities replace what was there', async () => {
    expect(tale(await run({ catalogue: catalogue.replace('9.99', '10'), bills: bills.replace('2.50', '3') }))).toEqual(['catalogue 3 1 2 0', 'bills 4 1 3 0'])
    expect(await owner.query(sql`select quantity, batch from bill_line where scrap_per_million > 0`)).toEqual([{ quantity: 3, batch: 1 }])
  })

  const offers = 'supplier,sku,lead_time_days,standard_price,min_order_qty\n'
  const lines = 'parent_sku,component_sku,qty_per,valid_from,valid_to\n'
  test.each([
    ['no lead time',                     { catalogue: `${offers}S1,RIM,,1,1` },                               ['catalogue 2 lead_time_days lead_time_missing']],
    ['a supplier nobody knows',          { catalogue: `${offers}S9,RIM,1,1,1` },                              ['catalogue 2 supplier party_not_known']],
    ['an offer of an unknown item',      { catalogue: `${offers}S1,Z,1,1,1` },                                ['catalogue 2 sku item_not_known']],
    ['an offer twice',                   { catalogue: `${offers}S1,RIM,1,1,1\nS1,RIM,2,1,1` },                ['catalogue 3 sku code_taken']],
    ['nothing at least',                 { catalogue: `${offers}S1,RIM,1,1,0` },                              ['catalogue 2 min_order_qty quantity_not_positive']],
    ['a supplier twice',                 { suppliers: `${suppliers}S1,Again,1` },                             ['suppliers 4 supplier code_taken']],
    ['an unknown component',             { bills: `${lines}BIKE,Z,1,2021-01-01,` },                           ['bills 2 component_sku item_not_known']],
    ['none of a component',              { bills: `${lines}BIKE,GLUE,0,2021-01-01,` },                        ['bills 2 qty_per quantity_not_positive']],
    ['an item in itself',                { bills: `${lines}RIM,RIM,1,2021-01-01,` },                          ['bills 2 component_sku bill_cyclic']],
    ['a circle with what is recorded',   { bills: `${lines}RIM,BIKE,1,2021-01-01,` },                         ['bills 2 component_sku bill_cyclic']],
    ['a circle in the file',             { bills: `${lines}GLUE,RIM,1,2021-01-01,\nRIM,GLUE,1,2021-01-01,` }, ['bills 2 component_sku bill_cyclic', 'bills 3 component_sku bill_cyclic']],
    ['an end before its beginning',      { bills: `${lines}BIKE,GLUE,1,2021-01-02,2021-01-01` },              ['bills 2 valid_to date_not_valid']],
    ['days that are taken in the file',  { bills: `${lines}BIKE,GLUE,1,2021-01-01,\nBIKE,GLUE,2,2021-02-01,` }, ['bills 3 valid_from bill_overlaps']],
    ['days that are taken already',      { bills: `${lines}WHEEL,RIM,1,2021-05-01,2021-05-31` },              ['bills 2 valid_from bill_overlaps']],
  ] as [string, Record<string, string>, string[]][])('%s is a fault with a row, a column and a code', async (_name, files, faults) => {
    expect(faultsOf(await run(files))).toEqual(faults)
  })
})

describe('units', async () => {
  const { run, owner, verified } = await world()
  const units = 'sku,unit,of,factor,rounding\nA,pallet,case,40,\nA,case,,12,\nB,third,EA,1/3,up\n'
  const recorded = () => owner.query(sql`
    select i.sku, u.unit, u.of_unit as "of", u.numerator, u.denominator, u.rounding from item_unit u join item i using (item_id) order by i.sku, u.unit`)
  test('come in with their items, in any order, and other values replace what is there', async () => {
    expect(tale(await run({ items, units }))).toEqual(['items 2 2 0 0', 'units 3 3 0 0'])
    expect(await recorded()).toEqual([
      { sku: 'A', unit: 'case',   of: 'EA',   numerator: 12, denominator: 1, rounding: 'exact' },
      { sku: 'A', unit: 'pallet', of: 'case', numerator: 40, denominator: 1, rounding: 'exact' },
      { sku: 'B', unit: 'third',  of: 'EA',   numerator: 1,  denominator: 3, rounding: 'up' },
    ])
    expect(tale(await run({ items, units }))).toEqual(['items 2 0 2 0', 'units 3 0 3 0'])
    expect(tale(await run({ units: units.replace('40', '50') }))).toEqual(['units 3 1 2 0'])
    expect((await recorded())[1]).toMatchObject({ numerator: 50 })
    await verified()
  })

  const head = 'sku,unit,of,factor,rounding\n'
  test.each([
    ['of an item nobody knows',              `${head}Z,case,,12,`,                          ['units 2 sku item_not_known']],
    ['of nothing',                           `${head}A,bag,,0,`,                            ['units 2 factor quantity_not_positive']],
    ['rounded somehow',                      `${head}A,bag,,3,sometimes`,                   ['units 2 rounding body_not_valid']],
    ['said twice',                           `${head}A,bag,,3,\nA,bag,EA,4,`,               ['units 3 unit code_taken']],
    ['said in itself',                       `${head}A,EA,,3,`,                             ['units 2 unit unit_contradicts']],
    ['that contradict what is recorded',     `${head}A,pallet,EA,481,\nB,box,,4,`,          ['units 2 unit unit_contradicts']],
    ['that lead nowhere',                    `${head}A,crate,box,6,`,                       ['units 2 unit unit_unreachable']],
    ['that are too many',                    `${head}${Array.from({ length: 99 }, (_none, at) => `A,u${at},,2,\n`).join('')}`, Array.from({ length: 99 }, (_none, at) => `units ${at + 2} unit units_too_many`)],
  ])('%s: nothing is written', async (_name, text, faults) => {
    const before = await recorded()
    expect(faultsOf(await run({ units: text }))).toEqual(faults)
    expect(await recorded()).toEqual(before)
  })
})
