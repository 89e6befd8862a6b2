// Arrivals of a transfer, written by the lane: parts that follow each other closely are each noted and taken in once.

import { expect, test } from 'vitest'
import { addDays } from '../../core/calendar.ts'
import { money } from '../../core/money.ts'
import { quantity } from '../../core/quantity.ts'
import { sql } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { testWorld } from '../test-world.ts'

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
