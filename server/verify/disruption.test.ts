// Disruptions, tampered with as the database's owner could: verify must find it and name the row.

import { expect, test } from 'vitest'
import { addDays } from '../../core/calendar.ts'
import type { PartyId } from '../../core/item.ts'
import { money, nothing } from '../../core/money.ts'
import { none, quantity } from '../../core/quantity.ts'
import { sql, type Statement } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { expectVerified } from '../test-verify.ts'
import { orderOf, testWorld } from '../test-world.ts'
import { verify } from '../verify.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { A: 0 } })
const [sea, a] = [await world.site('SEA'), await world.item('A')]
const purchase = world.newId()
const day = (days: number) => addDays(world.today(), days)
await world.send(sea, { kind: 'purchase', purchase, supplier: 1 as PartyId, orderedAt: world.now(), lines: [{ line: 1, item: a, quantity: quantity(2), unitPrice: money(90), due: day(2) }] })
const order = orderOf(world, sea, [[a, 2]])
await world.send(sea, order)
await world.send(sea, { kind: 'redatePurchase', purchase, lines: [{ line: 1, due: day(9) }] })
const [{ exception }] = (await server.query<{ exception: string }>(sql`select exception_id as exception from exception where site_id = ${sea}`)) as [{ exception: string }]
const remedy = {
  remedy: 'repromise', with: null, party: null, quantity: none, unitPrice: null, cost: nothing, date: day(9), ties: [],
  lines: [{ order: order.order, line: 1, date: day(9) }], inTime: 0, value: nothing, because: '',
} as const
const late = { document: purchase, line: 1, expected: day(9) }
const { status } = await world.send(sea, { kind: 'applyRemedy', exception, document: world.newId(), chosen: remedy, remedy, item: a, late, hurt: [order.order] })

test('the story holds: a line was hurt, and its customer told another day', async () => {
  expect(status).toBe(200)
  await expectVerified(server, world.sealKey)
})

test.each<[string, string, Statement]>([
  ['it says that it hurts more', 'lines hurt',     sql`update exception set hurt_lines = 2`],
  ['it names nobody',            'lines hurt',     sql`delete from exception_hurt`],
  ['it names a line that is not', 'lines hurt',    sql`update exception_hurt set line = 7`],
  ['a promise has gone',         'later promises', sql`update later_promise set number = 2`],
  ['of a line that is not',      'later promises', sql`update later_promise set line = 7`],
])('%s: %s', async (_what, check, statement) => {
  await owner.script('begin; create schema kept; create table kept.e as table exception; create table kept.h as table exception_hurt; create table kept.p as table later_promise; commit')
  try {
    expect(await owner.execute(statement)).toBe(1)
    expect((await verify(owner, { sealKey: world.sealKey })).checks.filter((one) => !one.ok).map((one) => one.name)).toEqual([check])
  } finally {
    await owner.script('begin; delete from exception; insert into exception select * from kept.e; delete from exception_hurt; insert into exception_hurt select * from kept.h; delete from later_promise; insert into later_promise select * from kept.p; drop schema kept cascade; commit')
  }
})
