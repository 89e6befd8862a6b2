// Transfers that were asked for, tampered with as the database's owner could: verify must find it and name the row.

import { afterAll, expect, test } from 'vitest'
import { quantity } from '../../core/quantity.ts'
import { sql, type Statement } from '../db.ts'
import { siteTables } from '../manifest.ts'
import { deliverAll } from '../relay.ts'
import { testDatabase } from '../test-database.ts'
import { expectVerified } from '../test-verify.ts'
import { testWorld } from '../test-world.ts'
import { verify } from '../verify.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'NYC'], items: { A: 10, B: 2 } })
const [sea, nyc, a, b] = [await world.site('SEA'), await world.site('NYC'), await world.item('A'), await world.item('B')]
const [whole, parted, unheard, calledOff, answered] = [world.newId(), world.newId(), world.newId(), world.newId(), world.newId()]
const send = async (site: typeof sea, command: Parameters<typeof world.send>[1]): Promise<void> => {
  const { status, body } = await world.send(site, command)
  if (status >= 300) throw new Error(`${command.kind} was refused: ${JSON.stringify(body)}`)
}
const ask = (transfer: string, some: number, item = a) =>
  send(nyc, { kind: 'requestTransfer', transfer, from: sea, lines: [{ line: 1, item, quantity: quantity(some), due: world.today() }] })
const dispatch = (transfer: string) => send(sea, { kind: 'dispatchTransfer', transfer, sentAt: world.now(), arrivesOn: world.today() })
const hear = () => deliverAll({ database: server, lanes: world.lanes })

await ask(whole, 3)
await ask(parted, 5, b)
await hear()
await dispatch(whole)
await dispatch(parted)
await hear()
await send(nyc, { kind: 'takeArrival', transfer: whole, receivedAt: world.now() })
await ask(calledOff, 4)
await hear()
await send(nyc, { kind: 'cancelTransfer', transfer: calledOff, asked: sea })
await hear()
await ask(answered, 2)
await hear()
await ask(unheard, 1)
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

test('the story holds: one is there, one is on its way in part, one is called off, one is not heard of yet', async () => {
  expect((await expectVerified(server, world.sealKey)).checks.map((check) => check.name)).toContain('transfers asked for')
})

test.each<[string, string, string, Statement]>([
  ['more is planned here than was asked',  'transfers asked for', `transfer ${unheard}, line 1`, sql`update planned_move set planned = planned + 1 where document_id = ${unheard}`],
  ['less is planned there than was asked', 'transfers asked for', `transfer ${parted}, line 1`,  sql`update planned_move set planned = planned - 1 where document_id = ${parted} and site_id = ${sea}`],
  ['nothing is planned there',             'transfers asked for', `transfer ${parted}, line 1`,  sql`delete from planned_move where document_id = ${parted} and site_id = ${sea}`],
  ['nobody asked',                         'transfers asked for', `transfer ${unheard}, line 1`, sql`update outbox set type = 'x' where type = 'transfer.requested' and subject = ${unheard}`],
  ['it is to leave on another day than told', 'transfers answered', `transfer ${answered}, line 1`, sql`update planned_move set due_on = due_on + 1 where document_id = ${answered} and site_id = ${sea}`],
  ['no day was told',                      'transfers answered',  `transfer ${answered}, line 1`, sql`update outbox set type = 'x' where type = 'transfer.answered' and subject = ${answered}`],
  ['a day was told that is not said',      'transfers answered',  `transfer ${answered}, line 1`, sql`update planned_move set status = 'firm' where document_id = ${answered} and site_id = ${sea}`],
  ['less is cancelled here than told',   'transfers called off', `transfer ${calledOff}, line 1`, sql`update planned_move set cancelled = cancelled - 1 where document_id = ${calledOff} and site_id = ${nyc}`],
  ['more is cancelled there than told',  'transfers called off', `transfer ${parted}, line 1`, sql`update planned_move set cancelled = 1, held = 0 where document_id = ${parted} and site_id = ${sea}`],
  ['nobody told it',                     'transfers called off', `transfer ${calledOff}, line 1`, sql`update outbox set type = 'x' where type = 'transfer.cancelled'`],
  ['fewer are on their way than left',     'goods in transit',    `transfer ${parted}`,          sql`update arrival set quantity = quantity - 1`],
  ['of another value',                     'goods in transit',    `transfer ${parted}`,          sql`update arrival set value_minor = value_minor + 1`],
  ['nothing is on its way',                'goods in transit',    'sequence',                    sql`delete from arrival`],
])('%s: %s', async (_what, check, key, statement) => {
  const found = (await afterwards(statement)).find((one) => one.name === check)
  expect(found?.offending?.key).toContain(key)
})
