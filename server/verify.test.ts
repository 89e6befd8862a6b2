// Every test tampers with a sound record as the database's owner could, and takes it back afterwards: verify must find it and name the row.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Day } from '../core/calendar.ts'
import { controlSite, type PartyId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { sql, type Statement } from './db.ts'
import { HEAD_DAYS_MAX, headExporter, HEADS_FILE, readHeadsFile, type ExportedHead } from './heads.ts'
import { sealHead, type Head } from './lane/chain.ts'
import { siteTables } from './manifest.ts'
import { testDatabase } from './test-database.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'
import { packagesTampered, tellOfPackages } from './test-packages.ts'
import { returnsTampered, tellOfReturns } from './test-returns.ts'
import { verify, type CheckResult } from './verify.ts'
import { canonicalText } from './verify/chain.ts'

const { server, owner } = await testDatabase()
const untouched = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'NYC'], items: { A: 10, B: 5, C: 0 } })
const [sea, nyc, a, b] = [await world.site('SEA'), await world.site('NYC'), await world.item('A'), await world.item('B')]
const order = orderOf(world, sea, [[a, 3], [b, 9]])
const waiting = orderOf(world, sea, [[a, 2], [b, 4]], { reference: 'PO 7' })
const sale = world.newId()
const transfer = world.newId()
const work = world.newId()
await tellStory()
await owner.script(`create schema saved; ${siteTables.map((table) => `create table saved.${table} as table ${table}`).join('; ')}`)

/** Every kind of row is there afterwards: holds, allocations, pegs, shipments, returns, lots, serials, goods in transit. */
async function tellStory(): Promise<void> {
  const send = async (site: typeof sea, command: Parameters<typeof world.send>[1]): Promise<void> => {
    const { status, body } = await world.send(site, command)
    if (status >= 300) throw new Error(`${command.kind} was refused: ${JSON.stringify(body)}`)
    world.wait(1000)
  }
  const tracked = (sku: string, tracking: 'lot' | 'serial') => ({ sku, name: sku, unit: 'EA', tracking, standardCost: money(100), listPrice: money(250) })
  const received = (item: typeof a, count: number, rest: { readonly lot?: string; readonly serial?: string; readonly expiresOn?: Day }) =>
    ({ line: 1, item, quantity: quantity(count), place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, value: null, ...rest })
  const receive = (line: ReturnType<typeof received>) => ({ kind: 'receive', receipt: world.newId(), purchase: null, receivedAt: world.now(), lines: [line] }) as const

  await send(controlSite, { kind: 'createItems', items: [tracked('L', 'lot'), tracked('S', 'serial')] })
  const [l, s] = [await world.item('L'), await world.item('S')]
  await send(sea, receive(received(l, 6, { lot: 'L1', expiresOn: '2026-03-10' as Day })))
  await send(sea, receive(received(s, 1, { serial: 'S1' })))
  await send(sea, order)
  await send(sea, { kind: 'allocate', order: order.order })
  await send(sea, { kind: 'pick', order: order.order, pickedAt: world.now() })
  await send(sea, { kind: 'ship', order: order.order, shipment: world.newId(), shippedAt: world.now() })
  await send(sea, { kind: 'deliver', order: order.order, shipment: null, deliveredAt: world.now(), receivedBy: 'Ann' })
  await send(sea, { kind: 'return', order: order.order, returnedAt: world.now(), lines: [{ line: 1, quantity: quantity(1), lot: '', serial: '' }] })
  await tellOfReturns(world, sea, order.order, send)
  await send(sea, { kind: 'purchase', purchase: world.newId(), supplier: 1 as PartyId, orderedAt: world.now(), lines: [{ line: 1, item: b, quantity: quantity(20), unitPrice: money(90), due: world.today() }] })
  await send(sea, waiting)
  await send(sea, { kind: 'allocate', order: waiting.order })
  await send(sea, { kind: 'sendTransfer', transfer, to: nyc, sentAt: world.now(), lines: [{ line: 1, item: a, quantity: quantity(2) }] })
  await send(sea, { kind: 'lose', document: world.newId(), item: a, quantity: quantity(1), place: standardPlaces.shelf, lot: '', serial: '', condition: 'sellable', cause: 'theft', note: '', lostAt: world.now() })
  await send(sea, { kind: 'sell', order: sale, customer: world.customer, reference: null, soldAt: world.now(), lines: [{ line: 1, item: l, quantity: quantity(1), unitPrice: money(250), lot: 'L1', serial: '' }] })
  const component = { line: 1, item: a, quantity: quantity(2), batch: quantity(1), scrapPerMillion: 0 }
  await send(nyc, { kind: 'produce', workOrder: work, item: b, quantity: quantity(3), makeDays: 0, due: world.today(), components: [component] })
  await send(nyc, { kind: 'releaseWorkOrder', workOrder: work })
  await send(nyc, { kind: 'issueComponents', workOrder: work, issuedAt: world.now() })
  await send(nyc, { kind: 'recordOutput', workOrder: work, quantity: quantity(1), place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, madeAt: world.now() })
  await send(nyc, { kind: 'cancelWorkOrder', workOrder: work })
  await send(nyc, { kind: 'sell', order: world.newId(), customer: world.customer, reference: null, soldAt: world.now(), lines: [{ line: 1, item: a, quantity: quantity(12), unitPrice: money(250), lot: '', serial: '' }] })
  await send(nyc, { ...receive(received(a, 7, {})), lines: [{ ...received(a, 7, {}), value: money(9_000_000_000) }] })
  await tellOfPackages(world, owner, sea, send, (item) => receive(received(item, 9, {})))
}

const checked = async (heads: readonly ExportedHead[] = []): Promise<readonly CheckResult[]> =>
  (await verify(owner, { sealKey: world.sealKey, heads })).checks.filter((check) => !check.ok)

/** Tampers, verifies, and puts every table back as it was. */
async function afterwards(statements: readonly Statement[], heads: readonly ExportedHead[] = []): Promise<readonly CheckResult[]> {
  try {
    for (const statement of statements) expect(await owner.execute(statement), statement.text).toBeGreaterThan(0)
    return await checked(heads)
  } finally {
    await owner.script(`begin; ${siteTables.map((table) => `delete from ${table}; insert into ${table} select * from saved.${table}`).join('; ')}; commit`)
  }
}

const found = (results: readonly CheckResult[], name: string) => results.find((check) => check.name === name)?.offending
const names = (results: readonly CheckResult[]) => results.map((check) => check.name)

/** Whoever owns the database can make every hash anew, and the head's. */
const rehashed = (site: number): readonly Statement[] => [
  sql`
    with recursive chained as (
      select m.sequence, sha256(decode(repeat('00', 32), 'hex') || convert_to(${canonicalText}, 'UTF8')) as hash
      from move m where m.site_id = ${site} and m.sequence = 1
      union all
      select m.sequence, sha256(c.hash || convert_to(${canonicalText}, 'UTF8'))
      from chained c join move m on m.site_id = ${site} and m.sequence = c.sequence + 1
    )
    update move m set hash = c.hash from chained c where m.site_id = ${site} and m.sequence = c.sequence`,
  headSetBack(site),
]
const headSetBack = (site: number): Statement => sql`
  update site_head h set move_sequence = m.sequence, move_hash = m.hash
  from (select sequence, hash from move where site_id = ${site} order by sequence desc limit 1) m where h.site_id = ${site}`

describe('verify', () => {
  test('finds nothing wrong with an empty house, nor with a story of every kind', async () => {
    expect((await expectVerified(untouched.server, Buffer.alloc(32))).moves).toBe(0)
    const { moves, checks } = await expectVerified(server, world.sealKey)
    const [rows] = await owner.query<{ moves: number }>(sql`select count(*) as moves from move`)
    expect(moves).toBe(rows!.moves)
    expect(new Set(names(checks)).size).toBe(checks.length)
    // What balances is not looked at row by row: that is what makes a long ledger fast.
    const balanced = ['stock', 'value', 'goods sold', 'owners of moves', 'posted', 'order lines', 'planned for orders', 'delivered', 'returned', 'brought back', 'shipments', 'order keys']
    expect(checks.filter((check) => check.seconds > 0).map((check) => check.name)).not.toEqual(expect.arrayContaining([expect.stringMatching(`^(${balanced.join('|')})$`)]))
  })

  test('knows another key', async () => {
    const { checks } = await verify(server, { sealKey: Buffer.alloc(32) })
    expect(names(checks.filter((check) => !check.ok))).toEqual(['seals', 'head seal'])
  })
})

describe('a tampered ledger', () => {
  test('an edited quantity is found in its row', async () => {
    const results = await afterwards([sql`update move set quantity = quantity + 1 where site_id = ${sea} and sequence = 2`])
    expect(found(results, 'chain')).toMatchObject({ table: 'move', site: 'SEA', key: 'sequence 2' })
    expect(names(results)).toEqual(expect.arrayContaining(['stock', 'value']))
  })

  test.each([
    ['actor',       sql`update move set actor = 'somebody' where site_id = ${sea} and sequence = 5`],
    ['value',       sql`update move set value_minor = value_minor + 1 where site_id = ${sea} and sequence = 5`],
    ['document',    sql`update move set document_id = ${transfer} where site_id = ${sea} and sequence = 5`],
    ['lot',         sql`update move set from_lot = 'x', to_lot = 'x' where site_id = ${sea} and sequence = 5`],
    ['microsecond', sql`update move set occurred_at = occurred_at + interval '1 microsecond' where site_id = ${sea} and sequence = 5`],
    ['far instant', sql`update move set occurred_at = '0001-01-01T00:00:00.000001Z' where site_id = ${sea} and sequence = 5`],
  ])('an edited %s is found in its row', async (_column, statement) => {
    expect(found(await afterwards([statement]), 'chain')).toMatchObject({ site: 'SEA', key: 'sequence 5' })
  })

  test('a deleted row is missing', async () => {
    const results = await afterwards([sql`delete from move where site_id = ${sea} and sequence = 6`])
    expect(found(results, 'chain')).toMatchObject({ table: 'move', site: 'SEA', key: 'sequence 6', problem: expect.stringContaining('missing') })
  })

  test('a first row that was deleted is missing too', async () => {
    expect(found(await afterwards([sql`delete from move where site_id = ${sea} and sequence = 1`]), 'chain')).toMatchObject({ key: 'sequence 1' })
  })

  test('a forged row at the end and one in the middle are found', async () => {
    const forged = (sequence: Statement, hash: Statement): Statement => sql`
      insert into move select site_id, ${sequence}, item_id, quantity, from_place_id, from_package, from_lot, from_serial, from_condition, from_owner_id,
        to_place_id, to_package, to_lot, to_serial, to_condition, to_owner_id, cause, document_id, line, part, actor, value_minor, occurred_at, recorded_at,
        ${hash}, seal
      from move where site_id = ${sea} and sequence = 3`
    const [{ last }] = (await owner.query<{ last: number }>(sql`select max(sequence) as last from move where site_id = ${sea}`)) as [{ last: number }]
    const atEnd = await afterwards([forged(sql`${last + 1}::bigint`, sql`hash`)])
    expect(found(atEnd, 'chain')).toMatchObject({ key: `sequence ${last + 1}` })
    expect(names(atEnd)).toContain('head')
    const inside = await afterwards([sql`update move set sequence = sequence + 1000 where site_id = ${sea} and sequence > 4`, forged(sql`5::bigint`, sql`hash`),
      sql`update move set sequence = sequence - 999 where site_id = ${sea} and sequence > 1000`, ...rehashed(sea)])
    expect(found(inside, 'chain')).toBeUndefined()
    expect(found(inside, 'seals')).toMatchObject({ key: 'sequence 5' })
  })

  test('a tail that was cut off is missed by the head', async () => {
    const results = await afterwards([sql`delete from move where site_id = ${nyc} and sequence > 3`])
    expect(found(results, 'head')).toMatchObject({ table: 'site_head', site: 'NYC', problem: expect.stringContaining('the last one there is 3') })
  })

  test('with all hashes made anew, the seals name exactly the edited row', async () => {
    const results = await afterwards([sql`update move set actor = 'somebody' where site_id = ${sea} and sequence = 7`, ...rehashed(sea)])
    expect(names(results)).toEqual(['seals', 'head seal'])
    expect(found(results, 'seals')).toMatchObject({ table: 'move', site: 'SEA', key: 'sequence 7' })
  })

  test('a seal cut short is found, wherever it stands', async () => {
    const results = await afterwards([sql`update move set seal = substr(seal, 1, 8) where site_id = ${sea} and sequence = 8`])
    expect(found(results, 'seals')).toMatchObject({ key: 'sequence 8' })
  })

  test('time that runs backwards is found', async () => {
    const results = await afterwards([sql`update move set recorded_at = recorded_at - interval '1 hour' where site_id = ${sea} and sequence = 9`])
    expect(found(results, 'clock')).toMatchObject({ key: 'sequence 9' })
  })

  test('sums beyond every bound fail their check and no other', async () => {
    const results = await afterwards([sql`update move set quantity = 9223372036854775807 where site_id = ${sea} and sequence in (1, 2)`])
    expect(found(results, 'chain')).toMatchObject({ key: 'sequence 1' })
  })
})

describe('a tampered head', () => {
  test('set back with its ledger, it lacks the seal', async () => {
    const results = await afterwards([sql`delete from move where site_id = ${nyc} and sequence > 3`, headSetBack(nyc)])
    expect(found(results, 'head')).toBeUndefined()
    expect(found(results, 'head seal')).toMatchObject({ table: 'site_head', site: 'NYC' })
  })

  test('its seal cannot be taken away', async () => {
    expect(found(await afterwards([sql`update site_head set seal = '' where site_id = ${sea}`]), 'head seal')).toMatchObject({ site: 'SEA' })
  })

  test('a head that is gone, and one of no site', async () => {
    expect(found(await afterwards([sql`delete from site_head where site_id = ${nyc}`]), 'sites')).toMatchObject({ table: 'site', site: 'NYC' })
  })
})

describe('heads that were written down outside the database', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heads-'))
  afterAll(() => rm(folder, { recursive: true }))
  const write = headExporter({ database: server, folder, sealKey: world.sealKey, clock: world.now })
  const file = join(folder, HEADS_FILE)

  test('are written when they moved, and read again', async () => {
    expect(await write()).toBe(3)
    expect(await write()).toBe(0)
    expect(await headExporter({ database: server, folder, sealKey: world.sealKey, clock: world.now })()).toBe(0)
    const heads = await readHeadsFile(file)
    expect(heads.map((head) => head.site)).toEqual([controlSite, sea, nyc])
    expect(await checked(heads)).toEqual([])
  })

  test('know a ledger that was cut off and sealed as it once was', async () => {
    const heads = await readHeadsFile(file)
    const [was] = await owner.query<Head & { events: number; numbers: number }>(sql`
      select sequence as moves, hash from move where site_id = ${nyc} and sequence = 3`)
    const before = { moves: was!.moves, hash: was!.hash, events: heads[2]!.events, numbers: heads[2]!.numbers }
    const results = await afterwards([sql`delete from move where site_id = ${nyc} and sequence > 3`, headSetBack(nyc),
      sql`update site_head set seal = ${sealHead(world.sealKey, nyc, before)} where site_id = ${nyc}`], heads)
    expect(names(results)).not.toContain('head seal')
    expect(found(results, 'exported heads')).toMatchObject({ table: 'move', site: 'NYC', key: `sequence ${heads[2]!.sequence}` })
  })

  test('know a log that was set back', async () => {
    const heads = await readHeadsFile(file)
    expect(found(await afterwards([sql`update site_head set last_number = 0 where site_id = ${sea}`], heads), 'exported heads')).toMatchObject({ table: 'site_head', site: 'SEA' })
  })

  test('cannot be forged without the key', async () => {
    const [, head] = await readHeadsFile(file)
    expect(found(await checked([{ ...head!, sequence: 2 }]), 'exported heads')).toMatchObject({ table: 'heads file', site: 'SEA' })
  })

  test('are kept small: the last of a site and day, and of so many days', async () => {
    const [head] = await readHeadsFile(file)
    const days = Array.from({ length: HEAD_DAYS_MAX + 50 }, (_none, day) => new Date(Date.parse('2024-01-01') + day * 86_400_000).toISOString())
    const lines = days.flatMap((at, day) => [at, at.replace('T00', 'T01')].map((sealed_at) => ({ ...head!, site: 9, sequence: day, sealed_at })))
    await writeFile(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"cut sh`)
    await headExporter({ database: server, folder, sealKey: world.sealKey, clock: world.now })()
    const kept = (await readHeadsFile(file)).filter((one) => one.site === 9)
    expect(kept.length).toBe(HEAD_DAYS_MAX)
    expect(kept.every((one) => one.sealed_at.includes('T01'))).toBe(true)
    expect(kept.at(-1)!.sequence).toBe(days.length - 1)
  })
})

describe('a tampered projection', () => {
  test.each([
    ['stock',               'stock',           sql`update stock set quantity = quantity + 1 where site_id = ${sea} and item_id = ${a} and condition = 'sellable' and place_id = 101`],
    ['a stock row gone',    'stock',           sql`delete from stock where site_id = ${nyc} and item_id = ${b}`],
    ['a stock row forged',  'stock',           sql`insert into stock values (${nyc}, ${a}, 1, 'sellable', 100, '', '', 'P', 3, 0)`],
    ['allocated',           'allocated stock', sql`update stock set allocated = allocated - 1 where site_id = ${sea} and item_id = ${a} and allocated > 0`],
    ['sellable',            'availability',    sql`update availability set sellable = sellable + 1 where site_id = ${sea} and item_id = ${a}`],
    ['reserved',            'availability',    sql`update availability set reserved = reserved - 1 where site_id = ${sea} and item_id = ${a}`],
    ['demand',              'availability',    sql`update availability set demand = demand + 1 where site_id = ${sea} and item_id = ${b}`],
    ['supply',              'availability',    sql`update availability set supply = supply - 1 where site_id = ${sea} and item_id = ${b}`],
    ['availability gone',   'availability',    sql`delete from availability where site_id = ${sea} and item_id = ${a}`],
    ['next expiry',         'next expiry',     sql`update availability set next_expiry = null where site_id = ${sea} and next_expiry is not null`],
    ['value',               'value',           sql`update item_value set value_minor = value_minor + 1 where site_id = ${sea} and item_id = ${a}`],
    ['value of a quantity', 'value',           sql`update item_value set quantity = quantity + 1 where site_id = ${nyc} and item_id = ${a}`],
    ['value gone',          'value',           sql`delete from item_value where site_id = ${nyc} and item_id = ${b}`],
    ['correction',          'value',           sql`update value_correction set amount_minor = amount_minor + 1 where site_id = ${nyc}`],
    ['correction moved',    'value corrections', sql`update value_correction set move_sequence = 2 where site_id = ${nyc}`],
    ['a serial twice',      'serials',         sql`insert into stock select ${nyc}, item_id, owner_id, condition, 100, lot, serial, package, 1, 0 from stock where site_id = ${sea} and serial <> ''`],
    ['mark of a recall',    'recalled lots',   sql`update lot set recalls = array[${transfer}::uuid], recalled_at = '2026-03-02' where site_id = ${sea}`],
    ['expiry of a lot',     'expired lots',    sql`update lot set expires_on = '2026-03-02' where site_id = ${sea}`],
    ['lines at a stage',    'flow',            sql`update flow_standing set lines = lines + 1 where site_id = ${sea} and stage = 'order'`],
    ['value at a stage',    'flow',            sql`update flow_standing set value_minor = value_minor + 1 where site_id = ${sea} and stage = 'promise' and lines > 0`],
    ['day of what stands',  'flow',            sql`update flow_standing set due_on = due_on + 1 where site_id = ${sea} and stage = 'deliver'`],
    ['a stage gone',        'flow',            sql`delete from flow_standing where site_id = ${sea} and stage = 'order'`],
    ['a stage forged',      'flow',            sql`insert into flow_standing values (${nyc}, 'produce', '2026-03-09', 1, 100)`],
    ['price of a plan',     'flow',            sql`update planned_move set unit_price_minor = unit_price_minor + 1 where site_id = ${sea} and kind = 'order' and planned > posted + cancelled`],
    ['a place gone',        'nouns of stock',  sql`delete from place where site_id = ${sea} and place_id = 101`],
    ['a place of a move',   'places of moves', sql`update move set to_place_id = 77 where site_id = ${sea} and sequence = 2`],
    ['both places virtual', 'places of moves', sql`update move set to_place_id = 1, from_place_id = 2 where site_id = ${sea} and sequence = 2`],
    ['a lot on the way',    'places of moves', sql`update move set to_lot = 'x' where site_id = ${sea} and sequence = 2`],
    ['an owner of a move',  'owners of moves', sql`update move set from_owner_id = 999, to_owner_id = 999 where site_id = ${sea} and sequence = 2`],
    ['a place that sells not', 'goods sold',   sql`update place set kind = 'inspection' where site_id = ${sea} and place_id = 101`],
  ])('%s', async (_what, check, statement) => {
    const offending = found(await afterwards([statement]), check)
    expect(offending?.problem.length).toBeGreaterThan(10)
    expect(['SEA', 'NYC']).toContain(offending!.site)
  })

  test.each([
    ['posted',              'posted',             sql`update planned_move set posted = posted - 1 where site_id = ${sea} and document_id = ${order.order} and line = 1`],
    ['planned',             'order lines',        sql`update planned_move set planned = planned + 1 where site_id = ${sea} and document_id = ${order.order} and line = 2`],
    ['cancelled',           'order lines',        sql`update planned_move set cancelled = cancelled + 1, planned = planned + 1 where site_id = ${sea} and document_id = ${order.order} and line = 2`],
    ['held',                'availability',       sql`update planned_move set held = held - 1, allocated = allocated - 1 where document_id = ${waiting.order} and line = 1`],
    ['pegged',              'pegs',               sql`update planned_move set pegged = pegged - 1 where site_id = ${sea} and document_id = ${waiting.order} and pegged > 0`],
    ['planned move gone',   'posted',             sql`delete from planned_move where site_id = ${sea} and document_id = ${order.order} and line = 1`],
    ['waiting one gone',    'order lines',        sql`delete from planned_move where site_id = ${sea} and document_id = ${waiting.order} and line = 2`],
    ['peg',                 'pegs',               sql`update peg set quantity = quantity + 1 where site_id = ${sea}`],
    ['peg gone',            'pegs',               sql`delete from peg where site_id = ${sea}`],
    ['allocation',          'allocations',        sql`update allocation set quantity = quantity + 1 where site_id = ${sea}`],
    ['allocation gone',     'allocated stock',    sql`delete from allocation where site_id = ${sea}`],
    ['promised day moved',  'promises',           sql`update order_line set promised_on = promised_on + 1 where order_id = ${waiting.order} and line = 2`],
    ['line of a promise',   'promises',           sql`update promise set line = 9 where site_id = ${sea} and order_id = ${waiting.order}`],
    ['asked',               'order lines',        sql`update order_line set quantity = quantity + 1 where order_id = ${order.order} and line = 1`],
    ['shipped',             'order lines',        sql`update order_line set shipped = shipped + 1 where order_id = ${order.order} and line = 2`],
    ['cancelled line',      'order lines',        sql`update order_line set cancelled = 1 where order_id = ${waiting.order} and line = 2`],
    ['delivered',           'delivered',          sql`update order_line set delivered = delivered - 1 where order_id = ${order.order} and line = 1`],
    ['returned',            'returned',           sql`update order_line set returned = 0 where order_id = ${order.order} and line = 1`],
    ['delivered at',        'delivered',          sql`update shipment set delivered_at = null`],
    ['shipment line',       'shipments',          sql`update shipment_line set quantity = quantity + 1`],
    ['shipment gone',       'shipments',          sql`delete from shipment`],
    ['lost of a shipment',  'lost on the way',    sql`update shipment_line set quantity = quantity + 1, lost = 1`],
    ['lost of a line',      'lost',               sql`update order_line set lost = 1 where order_id = ${order.order} and line = 1`],
    ['line of no shipment', 'nouns of shipments', sql`insert into shipment_line select site_id, ${transfer}::uuid, 99, part, quantity from shipment_line limit 1`],
    ['line gone',           'planned for orders', sql`delete from order_line where order_id = ${order.order} and line = 1`],
    ['item of a line',      'planned for orders', sql`update order_line set item_id = ${b} where order_id = ${order.order} and line = 1`],
    ['order gone',          'order numbers',      sql`delete from orders where order_id = ${order.order}`],
    ['number',              'order numbers',      sql`update orders set number = 77 where order_id = ${order.order}`],
    ['key gone',            'order keys',         sql`delete from idempotency_key where answer like ${`%${order.order}%`}`],
    ['answer',              'order keys',         sql`update idempotency_key set answer = replace(answer, ${order.order}, ${transfer}) where answer like ${`%${order.order}%`}`],
    ['number answered',     'order keys',         sql`update idempotency_key set answer = replace(answer, 'SEA-1"', 'SEA-9"') where answer like ${`%${order.order}%SEA-1"%`}`],
    ['refused after all',   'order keys',         sql`update idempotency_key set status = 409 where status = 201 and answer like ${`%${order.order}%`}`],
    ['lines gone',          'nouns of orders',    sql`delete from order_line where order_id = ${order.order}`],
    ['order of lines gone', 'nouns of orders',    sql`delete from orders where order_id = ${order.order}`],
    ['shipped elsewhere',   'shipments',          sql`update shipment_line set quantity = quantity + s.d, delivered = delivered + s.d from (values (1, -1), (2, 1)) s (l, d) where line = s.l and delivered > 0 and came_back = 0`],
    ['returned elsewhere',  'returned',           sql`update order_line set returned = case line when 1 then 0 else 1 end where order_id = ${order.order}`],
    ['reference gone',      'nouns of orders',    sql`delete from idempotency_key where caller = 'reference'`],
    ...packagesTampered(transfer),
    ...returnsTampered(),
  ] as readonly (readonly [string, string, Statement])[])('%s of an order', async (_what, check, statement) => {
    const offending = found(await afterwards([statement]), check)
    expect(offending?.problem.length).toBeGreaterThan(10)
    expect(offending).toMatchObject({ site: 'SEA' })
  })

  test('a bill that leads back to itself', async () => {
    try {
      await owner.script(`insert into bill_line select p, c, '2026-01-01', null, 1, 1, 0 from (values (${a}, ${b}), (${b}, ${a})) t (p, c)`)
      expect(found(await checked(), 'bills')).toMatchObject({ table: 'bill_line', key: `parent ${a}, component ${b}` })
    } finally {
      await owner.script('delete from bill_line')
    }
  })

  test.each([
    ['ordered',             'purchases',             sql`update purchase_line set quantity = quantity + 1`],
    ['received',            'purchases',             sql`update purchase_line set received = received + 1`],
    ['purchase line gone',  'purchases',             sql`delete from purchase_line`],
    ['planned for it gone', 'purchases',             sql`delete from planned_move where kind = 'purchase'`],
    ['purchase gone',       'nouns of purchases',    sql`delete from purchase`],
    ['supplier',            'nouns of purchases',    sql`update purchase set supplier_id = 999`],
    ['rejected',            'rejected',              sql`update move set cause = 'rejection', document_id = p.purchase_id from purchase p where move.site_id = ${sea} and p.site_id = ${sea} and sequence = 4`],
    ['end of a peg',        'ends of pegs',          sql`update planned_move set item_id = ${a} where kind = 'purchase'`],
    ['issued',              'posted',                sql`update planned_move set posted = posted - 1, cancelled = cancelled + 1 where document_id = ${work} and line = 1`],
    ['made',                'posted',                sql`update planned_move set posted = posted + 1, cancelled = cancelled - 1 where document_id = ${work} and line = 0`],
    ['quantity to make',    'work orders',           sql`update work_order set quantity = quantity + 1`],
    ['work order gone',     'work orders',           sql`delete from work_order`],
    ['component gone',      'work orders',           sql`delete from work_component`],
    ['value issued',        'value in production',   sql`update work_component set issued_minor = issued_minor + 1`],
    ['value used',          'value of output',       sql`update work_component set used_minor = used_minor - 1`],
    ['value returned',      'value in production',   sql`update work_component set returned_minor = returned_minor - 1`],
    ['overdue, and there',  'overdue supply',        sql`insert into exception select site_id, gen_random_uuid(), 'supply_overdue', item_id, document_id, line, 1, 'Not there.', '2026-03-02', null from planned_move where document_id = ${work} and line = 0`],
    ['left in production',  'finished work orders',  sql`update work_component set returned = returned - 1`],
  ])('%s of a supply', async (_what, check, statement) => {
    const offending = found(await afterwards([statement]), check)
    expect(offending?.problem.length).toBeGreaterThan(10)
  })

  test.each([
    ['an event is gone',      'outbox',           'sequence 3', sql`delete from outbox where site_id = ${sea} and sequence = 3`],
    ['the log is cut off',    'head',             'head',       sql`delete from outbox where site_id = ${sea} and sequence > 3`],
    ['a message is changed',  'goods sent',       'sequence',   sql`update outbox set data = replace(data::text, '"quantity":2', '"quantity":3')::json where type = 'transfer.sent'`],
    ['a message is no more',  'goods sent',       'sequence',   sql`update outbox set type = 'x' where type = 'transfer.sent'`],
    ['read, but not taken',   'messages',         'sequence',   sql`insert into outbox_cursor select site_id, 'messages', sequence from outbox where type = 'transfer.sent'`],
    ['read before it is there', 'messages',       'reader live', sql`insert into outbox_cursor values (${sea}, 'live', 100000)`],
    ['taken, but not moved',  'goods in transit', 'sequence',   sql`insert into idempotency_key select to_site_id, 'site:' || site_id, sequence::text, '', 200, '{}', recorded_at from outbox where type = 'transfer.sent'`],
  ])('%s', async (_what, check, key, statement) => {
    expect(found(await afterwards([statement]), check)).toMatchObject({ site: 'SEA', key: expect.stringContaining(key) })
  })

  test('all is well again', async () => {
    expect(await checked()).toEqual([])
  })
})
