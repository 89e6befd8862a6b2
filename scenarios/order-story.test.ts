// A9: whoever asks what became of an order finds all of it in one place, in the order in which it happened: what was agreed and promised, before and after
// each change, and every document that it led to, at whichever site. And A13, of which the second half needs nothing of its own: a shop that
// serves an order picks, packs and ships as a warehouse does.

import { expect, test } from 'vitest'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Told { readonly type: string; readonly site: string; readonly data: Readonly<Record<string, unknown>> }

async function network(items: Readonly<Record<string, number>>) {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['DC', 'SHOP'], items })
  const http = await testHttp(server, world)
  const [admin, clerk] = [await http.key('admin'), await http.key('warehouse', [await world.site('SHOP')])]
  const by = (secret: string) => async (url: string, body: unknown) => {
    world.wait(1_000)
    const { status, body: answer } = await http.call(secret, 'POST', url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const [done, asClerk] = [by(admin), by(clerk)]
  const get = async (url: string) => (await http.call(admin, 'GET', url)).body
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'S1', kind: 'supplier' }] })
  const story = async (at: string) => (await get(`${at}/events`))['rows'] as Told[]
  const hear = async () => { while ((await deliverAll({ database: server, lanes: world.lanes })) > 0); }
  return { world, done, asClerk, get, story, hear, verified: () => expectVerified(server, world.sealKey) }
}

test('A9: the whole journey of an order is told, from its promise to its refund', async () => {
  const { done, get, story, verified } = await network({ A: 6 })
  const at = `/api/orders/${String((await done('/api/orders', { site: 'DC', customer: 'C1', lines: [{ sku: 'A', quantity: 8 }] }))['number'])}`
  await done(`${at}/change`, { lines: [{ line: 1, quantity: 5 }], added: [{ sku: 'A', quantity: 1 }] })
  for (const step of ['allocation', 'recall', 'allocation', 'pick', 'packages', 'shipment']) await done(`${at}/${step}`, {})
  await done(`${at}/delivery`, { receivedBy: 'Ann' })
  const { id } = await done(`${at}/returns`, { lines: [{ orderLine: 1, quantity: 2, reason: 'defective' }] })
  await done(`/api/returns/${String(id)}/receipt`, { site: 'DC' })
  await done(`/api/returns/${String(id)}/disposition`, { site: 'DC', lines: [{ line: 1, quantity: 2, found: 'as_new', disposition: 'restock' }] })
  await done(`/api/returns/${String(id)}/exchange`, { site: 'DC', lines: [{ sku: 'A', quantity: 1 }] })
  const told = await story(at)
  expect(told.map((event) => event.type)).toEqual([
    'order.placed', 'order.changed', 'order.allocated', 'order.recalled', 'order.allocated', 'order.picked', 'order.packed', 'order.shipped', 'order.delivered',
    'return.authorised', 'return.received', 'return.inspected', 'return.refund_due', 'return.exchanged',
  ])
  const of = (type: string) => told.find((event) => event.type === type)!.data
  expect(of('order.placed')).toMatchObject({ lines: [{ quantity: 8, held: 6, promised: null }] })
  expect(of('order.changed')).toMatchObject({ lines: [{ before: { quantity: 8, promised: null }, after: { quantity: 5 } }], added: [{ quantity: 1, held: 1 }] })
  expect(of('return.refund_due')).toMatchObject({ amount: 500 })
  expect(of('return.exchanged')).toMatchObject({ replacement: 'DC-2' })
  // What the events name is there.
  expect(await get(at)).toMatchObject({ packages: [{ sscc: of('order.packed')['package'] }], shipments: [{ shipment: of('order.shipped')['shipment'] }] })
  expect((await get('/api/returns?site=DC&order=DC-1'))['rows']).toMatchObject([{ id, number: 'DC-1-R1' }])
  await verified()
})

test('A13: a shop serves an order of the web shop: its clerk picks, packs and ships like a warehouse, and the home site hears of each step', async () => {
  const { done, asClerk, get, story, hear, verified } = await network({ A: 3 })
  const at = `/api/orders/${String((await done('/api/orders', { site: 'DC', customer: 'C1', lines: [{ sku: 'A', quantity: 2, source: 'SHOP' }] }))['number'])}`
  await hear()
  for (const step of ['allocation', 'pick', 'packages', 'shipment']) await asClerk(`${at}/${step}`, { site: 'SHOP' })
  await asClerk(`${at}/delivery`, { site: 'SHOP', receivedBy: 'Ann' })
  await hear()
  expect(await get(at)).toMatchObject({ state: 'delivered', lines: [{ source: 'SHOP', shipped: 2, delivered: 2 }], shipments: [{ site: 'SHOP' }] })
  const told = await story(at)
  expect(told.filter((event) => event.site === 'SHOP').map((event) => event.type)).toEqual(
    expect.arrayContaining(['order.held', 'order.allocated', 'order.picked', 'order.packed', 'order.shipped', 'order.delivered']))
  expect(told.filter((event) => event.site === 'DC').map((event) => event.type)).toEqual(expect.arrayContaining(['order.placed', 'order.line_shipped', 'order.line_delivered']))
  // The shop sold what stood on its own shelf, and what comes back is inspected where the order was taken.
  expect((await get('/api/availability?site=SHOP&sku=A'))['rows']).toMatchObject([{ sellable: 1 }])
  const { rma } = await done(`${at}/return`, { lines: [{ line: 1, quantity: 1 }] })
  await done(`/api/returns/${String(rma)}/disposition`, { site: 'DC', lines: [{ line: 1, quantity: 1, found: 'as_new', disposition: 'restock' }] })
  expect((await get('/api/availability?site=DC&sku=A'))['rows']).toMatchObject([{ sellable: 4 }])
  await verified()
})
