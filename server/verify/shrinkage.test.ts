// Losses and sums of sales, tampered with as the database's owner could: verify must find it and name the row.

import { afterAll, expect, test } from 'vitest'
import { quantity } from '../../core/quantity.ts'
import { standardPlaces } from '../../core/place.ts'
import { sql, type Statement } from '../db.ts'
import { rollSales } from '../shrinkage.ts'
import { testDatabase } from '../test-database.ts'
import { testHttp } from '../test-http.ts'
import { expectVerified } from '../test-verify.ts'
import { testWorld } from '../test-world.ts'
import { verify } from '../verify.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { A: 50, B: 50 } })
const [sea, a] = [await world.site('SEA'), await world.item('A')]
const http = await testHttp(server, world)
const secret = await http.key('admin')
const done = async (path: string, body: object) => {
  const reply = await http.call(secret, 'POST', path, body)
  if (reply.status >= 300) throw new Error(`${path} was refused: ${JSON.stringify(reply.body)}`)
}
const lose = async (some: number): Promise<string> => {
  const document = world.newId()
  await world.send(sea, { kind: 'lose', document, item: a, quantity: quantity(some), place: standardPlaces.shelf, lot: '', serial: '', condition: 'sellable', cause: 'theft', note: '', lostAt: world.now() })
  return document
}
const [first, second] = [await lose(3), await lose(4)]
const undo = world.newId()
await world.send(sea, { kind: 'undoLoss', document: undo, loss: second, item: a, place: standardPlaces.shelf, note: '', undoneAt: world.now() })
await done('/api/sales', { site: 'SEA', lines: [{ sku: 'A', quantity: 5 }, { sku: 'B', quantity: 2 }] })
await rollSales(server)
await done('/api/sales', { site: 'SEA', lines: [{ sku: 'A', quantity: 1 }] })
await owner.script('create schema saved; create table saved.loss as table loss; create table saved.sales_day as table sales_day; create table saved.sales_rolled as table sales_rolled')
afterAll(() => expectVerified(server, world.sealKey))

/** Tampers, verifies, and puts the tables back as they were. */
async function afterwards(statement: Statement) {
  try {
    expect(await owner.execute(statement), statement.text).toBeGreaterThan(0)
    const { checks } = await verify(owner, { sealKey: world.sealKey })
    return checks.filter((check) => !check.ok).map(({ name, offending }) => [name, offending?.table, offending?.key, offending?.problem])
  } finally {
    for (const table of ['loss', 'sales_day', 'sales_rolled']) await owner.script(`truncate ${table}; insert into ${table} select * from saved.${table}`)
  }
}

const day = new Date(world.now()).toISOString().slice(0, 10)

test('all is well before anybody tampers', async () => {
  await expect(expectVerified(server, world.sealKey)).resolves.toMatchObject({ ok: true })
})

test.each([
  ['a loss that says more',           sql`update loss set quantity = 30 where document_id = ${first}`,        ['losses', 'loss', first, 'It says 30 worth 300; its move has 3 worth 300, or other goods.']],
  ['one that says another value',     sql`update loss set value_minor = 1 where document_id = ${first}`,      ['losses', 'loss', first, 'It says 3 worth 1; its move has 3 worth 300, or other goods.']],
  ['one that is deleted',             sql`delete from loss where document_id = ${first}`,                     ['losses', 'loss', first, 'It was entered, and nothing is said of it.']],
  ['an undoing that is deleted',      sql`delete from loss where document_id = ${undo}`,                      ['losses', 'loss', undo, 'It was undone, and nothing is said of it.']],
  ['an undoing of another',           sql`update loss set undoes = ${first} where document_id = ${undo}`,     ['losses', 'loss', undo, 'It undoes another loss than it says.']],
  ['a loss that nobody entered',      sql`insert into loss select site_id, '00000000-0000-7000-8000-000000000001', item_id, owner_id, quantity, place_id, lot, serial, condition, cause, origin, note, evidence, value_minor, lost_at, undoes from loss where document_id = ${first}`, ['losses', 'loss', '00000000-0000-7000-8000-000000000001', 'No move is of it.']],
])('%s is found and named', async (_what, statement, found) => {
  expect(await afterwards(statement)).toContainEqual(found)
})

test.each([
  ['a day that says more',            sql`update sales_day set units = units + 1 where item_id = ${a}`,       5 + 1, 5],
  ['a day that is deleted',           sql`delete from sales_day where item_id = ${a}`,                        0,     5],
  ['what is said to be rolled up',    sql`update sales_rolled set move_sequence = move_sequence + 1`,         5,     6],
])('%s is found and named', async (_what, statement, says, moves) => {
  const found = await afterwards(statement)
  expect(found.map(([name, table, key]) => [name, table, key])).toEqual([['sums of sales', 'sales_day', `day ${day}, item ${a}`]])
  expect(found[0]![3]).toMatch(new RegExp(`^It says ${says} worth \\d+; the moves come to ${moves} worth \\d+\\.$`))
})

test('more that is rolled up than there is, is found', async () => {
  expect((await afterwards(sql`update sales_rolled set move_sequence = 1000`)).map(([name, table]) => [name, table])).toContainEqual(['rolled sales', 'sales_rolled'])
})
