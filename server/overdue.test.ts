// Overdue: what was to come by a day that has passed is raised by itself, once however often and by however many it is looked for.

import { describe, expect, test } from 'vitest'
import { addDays, day_ms } from '../core/calendar.ts'
import type { PartyId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { sql } from './db.ts'
import { overdueDaily, raiseOverdue } from './overdue.ts'
import { testDatabase } from './test-database.ts'
import { expectVerified } from './test-verify.ts'
import { orderOf, testWorld } from './test-world.ts'

const PURCHASES = 130

describe('supply that is overdue', async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 0 } })
  const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]
  const purchases: string[] = []

  const open = () => server.query<{ site: number; document: string }>(sql`
    select site_id as site, document_id as document from exception where kind = 'supply_overdue' and closed_at is null -- every site: the test's`)
  const promises = () => server.query<object>(sql`select site_id, order_id, line, promised_on from order_line order by 1, 2, 3 -- every site: the test's`)

  test('is found by the thousand over all sites, each raised once, whoever looks', async () => {
    for (const site of [sea, pdx]) {
      for (let count = 0; count < PURCHASES; count += 1) {
        const id = world.newId()
        if (site === sea) purchases.push(id)
        await world.send(site, { kind: 'purchase', purchase: id, supplier: 1 as PartyId, orderedAt: world.now(), lines: [{ line: 1, item: a, quantity: quantity(1), unitPrice: money(90), due: addDays(world.today(), 1) }] })
      }
      await world.send(site, orderOf(world, site, Array.from({ length: PURCHASES - 10 }, () => [a, 1] as const)))
    }
    const before = await promises()
    world.wait(day_ms)
    expect(await raiseOverdue(world.lanes)).toBe(0)
    world.wait(day_ms)
    const twice = await Promise.all([raiseOverdue(world.lanes), raiseOverdue(world.lanes)])
    expect(twice[0] + twice[1]).toBe(2 * (PURCHASES - 10))
    world.wait(day_ms)
    expect(await raiseOverdue(world.lanes)).toBe(0)
    expect((await open()).length).toBe(2 * (PURCHASES - 10))
    expect(await promises()).toEqual(before)
    await expectVerified(server, world.sealKey)
  })

  test('is settled when it comes, and what has come is looked for no more', async () => {
    const { document } = (await open()).find((one) => one.site === sea)!
    const line = { line: 1, item: a, quantity: quantity(1), place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, value: null }
    expect(await world.send(sea, { kind: 'receive', receipt: world.newId(), purchase: document, receivedAt: world.now(), lines: [line] })).toMatchObject({ status: 201 })
    expect((await open()).map((one) => one.document)).not.toContain(document)
    expect((await open()).length).toBe(2 * (PURCHASES - 10) - 1)
    expect(await raiseOverdue(world.lanes)).toBe(0)
    await expectVerified(server, world.sealKey)
  })

  test('redated to today and back within one batch it is raised again, and never twice at once', async () => {
    const { document } = (await open()).find((one) => one.site === sea)!
    const redate = (days: number) => world.send(sea, { kind: 'redatePurchase', purchase: document, lines: [{ line: 1, due: addDays(world.today(), days) }] })
    const answers = await Promise.all([redate(0), redate(-1), world.send(sea, { kind: 'raiseOverdue', supplies: [{ document, line: 1 }, { document, line: 1 }] })])
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200])
    expect((await open()).filter((one) => one.document === document).length).toBe(1)
    await expectVerified(server, world.sealKey)
  })

  test('is looked for once a day of the clock, and again after a look that failed', async () => {
    let [looked, isBroken] = [0, true]
    const look = overdueDaily(world.lanes, async (lanes) => {
      looked += 1
      if (isBroken) throw new Error('no database')
      return raiseOverdue(lanes)
    })
    await expect(look()).rejects.toThrow('no database')
    isBroken = false
    await look()
    await look()
    expect(looked).toBe(2)
    world.wait(day_ms)
    await look()
    expect(looked).toBe(3)
  })
})
