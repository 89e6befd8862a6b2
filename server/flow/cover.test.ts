import { expect, test } from 'vitest'
import type { Day } from '../../core/calendar.ts'
import { controlSite, type PartyId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { quantity } from '../../core/quantity.ts'
import { testDatabase } from '../test-database.ts'
import { expectVerified } from '../test-verify.ts'
import { orderOf, testWorld } from '../test-world.ts'
import { commandToCover } from './cover.ts'

test('what is too much for one command is covered by the next, a purchase a supplier, and what nobody offers holds up nothing', async () => {
  const { server } = await testDatabase()
  const skus = Array.from({ length: 125 }, (_, index) => `I${String(index).padStart(3, '0')}`)
  const world = await testWorld(server, { sites: ['SEA'], items: { KIT: 0, NONE: 0, ...Object.fromEntries(skus.map((sku) => [sku, 0])) } })
  const [sea, kit, none] = [await world.site('SEA'), await world.item('KIT'), await world.item('NONE')]
  const items = await Promise.all(skus.map((sku) => world.item(sku)))
  await world.send(controlSite, { kind: 'createItems', items: [{ sku: 'MADE', name: 'Made', unit: 'EA', tracking: 'none', standardCost: money(1), listPrice: money(1), source: 'make', makeDays: 2 }] })
  await world.send(controlSite, { kind: 'createParties', parties: [{ code: 'S1', name: 'One', kind: 'supplier' }, { code: 'S2', name: 'Two', kind: 'supplier' }] })
  const [one, two] = await Promise.all(['S1', 'S2'].map(async (code) => (await world.catalog.party(code))!.party)) as [PartyId, PartyId]
  const offers = [...items, kit].map((item, index) => ({ item, supplier: index < 75 ? one : two, price: money(5), leadTimeDays: 3, minimum: quantity(10), multiple: quantity(1), preferred: false }))
  await world.send(controlSite, { kind: 'setSupplierItems', offers })
  const made = await world.item('MADE')
  const line = { batch: quantity(1), scrapPerMillion: 0, validFrom: '2026-01-01' as Day, validTo: null }
  // Not yet valid: the second line of the bill begins after today.
  await world.send(controlSite, { kind: 'setBills', lines: [{ ...line, parent: made, component: kit, quantity: quantity(3) }, { ...line, parent: made, component: none, quantity: quantity(1), validFrom: '2026-12-01' as Day }] })
  await world.send(sea, orderOf(world, sea, [...items.map((item) => [item, 4] as const), [made, 2], [none, 1]]))

  const cover = async () => {
    const command = await commandToCover(server, { site: sea, owner: 1 as PartyId }, world.today())
    const { body } = await world.send(sea, command)
    return { more: body['more'], lines: (body['lines'] as { sku: string; quantity: number }[]).length, purchases: (body['purchases'] as object[]).length, workOrders: (body['workOrders'] as object[]).length }
  }
  expect(await cover()).toEqual({ more: true,  lines: 76, purchases: 1, workOrders: 1 })
  expect(await cover()).toEqual({ more: false, lines: 52, purchases: 1, workOrders: 0 })
  // What nobody offers is told each time, and nothing else is ordered again.
  expect(await cover()).toEqual({ more: false, lines: 1,  purchases: 0, workOrders: 0 })
  await expectVerified(server, world.sealKey)
})
