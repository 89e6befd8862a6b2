// Arrivals of a transfer, written by the lane: parts that follow each other closely are each noted and taken in once.

import { expect, test } from 'vitest'
import { addDays } from '../../core/calendar.ts'
import { money } from '../../core/money.ts'
import { quantity } from '../../core/quantity.ts'
import { sql } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { orderOf, testWorld } from '../test-world.ts'

test('a part that is announced in the batch in which the dock takes the part before in is on its way', async () => {
  const { server } = await testDatabase()
  const faults: unknown[] = []
  const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 1 } }, { onFault: (error) => faults.push(error) })
  const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]
  const transfer = world.newId()
  await world.send(sea, { kind: 'requestTransfer', transfer, from: pdx, lines: [{ line: 1, item: a, quantity: quantity(20), due: addDays(world.today(), 1) }] })
  const announced = (pieces: number) => {
    const goods = [{ line: 1, item: a, quantity: quantity(pieces), lot: '', serial: '', expiresOn: null, value: money(100) }]
    return world.send(sea, { kind: 'receiveTransfer', transfer, from: pdx, sentAt: world.now(), arrivesOn: addDays(world.today(), 1), goods })
  }
  const takenIn = () => world.send(sea, { kind: 'takeArrival', transfer, receivedAt: world.now() })
  await announced(2)
  // What is sent at once is one batch.
  expect(await Promise.all([takenIn(), announced(3)])).toMatchObject([{ status: 200 }, { status: 200 }])
  expect(await Promise.all([announced(4), takenIn(), announced(5)])).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }])
  expect(faults).toEqual([])
  expect(await server.query(sql`select quantity from arrival where site_id = ${sea}`)).toEqual([{ quantity: 5 }])
  const { quantity: came } = (await server.query<{ quantity: number }>(sql`select sum(quantity)::int8 as quantity from stock where site_id = ${sea}`))[0]!
  expect(came).toBe(1 + 2 + 3 + 4)
})

test('goods that arrive go to whoever waits for stock, though no supply was promised to him', async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 2 } })
  const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]
  const order = orderOf(world, sea, [[a, 2]])
  await world.send(sea, order)
  const transfer = world.newId()
  await world.send(sea, { kind: 'requestTransfer', transfer, from: pdx, lines: [{ line: 1, item: a, quantity: quantity(5), due: addDays(world.today(), 1) }] })
  const goods = [{ line: 1, item: a, quantity: quantity(5), lot: '', serial: '', expiresOn: null, value: money(500) }]
  await world.send(sea, { kind: 'receiveTransfer', transfer, from: pdx, sentAt: world.now(), arrivesOn: addDays(world.today(), 1), goods })
  // A till takes what was held: the order waits again, and nothing is promised to it instead.
  await world.send(sea, {
    kind: 'sell', order: world.newId(), customer: world.customer, reference: null, soldAt: world.now(),
    lines: [{ line: 1, item: a, quantity: quantity(2), unitPrice: money(250), lot: '', serial: '' }],
  })
  const held = () => server.query<object>(sql`select held, pegged from planned_move where site_id = ${sea} and document_id = ${order.order}::uuid`)
  expect(await held()).toEqual([{ held: 0, pegged: 0 }])
  expect(await world.send(sea, { kind: 'takeArrival', transfer, receivedAt: world.now() })).toMatchObject({ status: 200 })
  expect(await held()).toEqual([{ held: 2, pegged: 0 }])
})
