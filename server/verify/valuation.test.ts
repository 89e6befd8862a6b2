// What goods are worth, tampered with as the database's owner could: verify must find it and name the row.

import { afterAll, expect, test } from 'vitest'
import { instant, day_ms, type Day } from '../../core/calendar.ts'
import { money } from '../../core/money.ts'
import { standardPlaces } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { sql, type Statement } from '../db.ts'
import { siteTables } from '../manifest.ts'
import { revalue } from '../revaluation.ts'
import { testDatabase } from '../test-database.ts'
import { expectVerified } from '../test-verify.ts'
import { testWorld } from '../test-world.ts'
import { verify } from '../verify.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { A: 10, B: 10 } })
const [sea, a, b] = [await world.site('SEA'), await world.item('A'), await world.item('B')]
const send = async (command: Parameters<typeof world.send>[1]): Promise<void> => {
  const { status, body } = await world.send(sea, command)
  if (status >= 300) throw new Error(`${command.kind} was refused: ${JSON.stringify(body)}`)
}
const receipt = world.newId()
const receive = (item: typeof a, value: number, daysAgo: number, id = world.newId()) =>
  send({
    kind: 'receive', receipt: id, purchase: null, receivedAt: instant(world.now() - daysAgo * day_ms),
    lines: [{ line: 1, item, quantity: quantity(10), place: standardPlaces.shelf, lot: '', serial: '', expiresOn: null, value: money(value) }],
  })
const lose = (item: typeof a, some: number) =>
  send({ kind: 'lose', document: world.newId(), item, quantity: quantity(some), place: standardPlaces.shelf, lot: '', serial: '', condition: 'sellable', cause: 'theft', note: '', lostAt: world.now() })

await send({ kind: 'setValuation', document: world.newId(), item: b, method: 'fifo', standardCost: null })
world.wait(2 * day_ms)
for (const item of [a, b]) {
  await receive(item, 2_000, 0, item === a ? receipt : undefined)
  await lose(item, 13)
  await receive(item, 5_000, 1)
}
await send({ kind: 'addCost', document: world.newId(), came: receipt, owner: (await world.catalog.site(sea)).owner, line: null, cost: 'freight', amount: money(700), by: 'value', note: '' })
await revalue(world.lanes)
world.wait(2 * day_ms)
await send({ kind: 'closePeriod', document: world.newId(), through: '2026-03-02' as Day })
await owner.script(`create schema saved; ${siteTables.map((table) => `create table saved.${table} as table ${table}`).join('; ')}`)
afterAll(() => expectVerified(server, world.sealKey))

/** Tampers, verifies, and puts every table back as it was. */
async function afterwards(statement: Statement) {
  try {
    expect(await owner.execute(statement), statement.text).toBeGreaterThan(0)
    return (await verify(owner, { sealKey: world.sealKey })).checks.filter((check) => !check.ok)
  } finally {
    await owner.script(`begin; ${siteTables.map((table) => `delete from ${table}; insert into ${table} select * from saved.${table}`).join('; ')}; commit`)
  }
}

test('the story holds: something came late of both items and was made good', async () => {
  await expectVerified(server, world.sealKey)
  const [row] = await server.query<{ corrections: number }>(sql`select count(*) as corrections from value_correction where reason = 'revalued'`)
  expect(row!.corrections).toBe(3)
})

test.each<[string, string, Statement]>([
  ['a correction of another day',      'costs in order of time', sql`update value_correction set counts_on = counts_on - 1 where reason = 'revalued'`],
  ['of another side',                  'costs in order of time', sql`update value_correction set place_id = 9 where reason = 'revalued' and place_id = 6`],
  ['of an item that has no value',     'value corrections',      sql`update value_correction set item_id = 99 where reason = 'revalued'`],
  ['of a move that is not there yet',  'value corrections',      sql`update value_correction set move_sequence = 99 where reason = 'revalued'`],
  ['two that make up for each other',  'costs in order of time', sql`update value_correction set amount_minor = amount_minor + case place_id when 1 then 1 else -1 end where reason = 'revalued' and item_id = ${a} and place_id in (1, 6)`],
  ['a layer',                          'value layers',           sql`update item_value set layers = jsonb_set(layers, '{0,value}', '1') where item_id = ${b}`],
  ['two layers the other way round',   'costs in order of time', sql`update item_value set layers = jsonb_build_array(layers -> 1, layers -> 0) where item_id = ${b} and jsonb_array_length(layers) = 2`],
  ['the method',                       'costs in order of time', sql`update item_value set method = 'average', layers = null where item_id = ${b}`],
  ['a decision that nobody took',      'valuation methods',      sql`update restatement set method = 'average'`],
  ['a late cost',                      'costs in order of time', sql`update cost_addition set amount_minor = amount_minor + 1`],
  ['a late cost of nothing that came', 'late costs',             sql`update cost_addition set move_sequence = 99`],
  ['a late cost gone',                 'costs in order of time', sql`delete from cost_addition`],
  ['a credit beyond what it cost',     'late costs',             sql`update cost_addition set amount_minor = -2001`],
  ['what a closed period was worth',   'closed periods',         sql`update period set value_minor = value_minor + 1`],
  ['a period that was never closed',   'closed periods',         sql`delete from period`],
  ['a period opened again',            'closed periods',         sql`update site_head set closed_through = null where site_id = ${sea}`],
  ['a move told later in it',          'closed periods',         sql`update period set move_sequence = 1`],
])('%s', async (_what, check, statement) => {
  const found = (await afterwards(statement)).find((one) => one.name === check)
  expect(found?.offending).toMatchObject({ site: 'SEA' })
})
