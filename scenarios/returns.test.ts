// A8: goods come back. They are asked for and authorised within what has left, received into quarantine, and looked at piece by piece: only then is
// anything sellable, made good, thrown away or sent to the vendor, and the customer is due what he paid.

import { describe, expect, test } from 'vitest'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Row { readonly [name: string]: unknown }

async function shop(items: Readonly<Record<string, number>>) {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA'], items })
  const http = await testHttp(server, world)
  const [admin, desk, warehouse] = [await http.key('admin'), await http.key('sales'), await http.key('warehouse')]
  const by = (secret: string) => async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const reply = await http.call(secret, method, url, body)
    return { status: reply.status, body: reply.body as Record<string, never> & Row }
  }
  const [asAdmin, asDesk, asWarehouse] = [by(admin), by(desk), by(warehouse)]
  const done = async (who: typeof asAdmin, url: string, body: unknown) => {
    const { status, body: answer } = await who('POST', url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const get = async (url: string) => (await asAdmin('GET', url)).body
  const rows = async (url: string) => (await get(url))['rows'] as unknown as Row[]
  await done(asAdmin, '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })
  /** An order that its customer has in hand. */
  const delivered = async (...lines: object[]) => {
    const at = `/api/orders/${String((await done(asDesk, '/api/orders', { site: 'SEA', customer: 'C1', lines }))['number'])}`
    for (const step of ['allocation', 'pick', 'shipment']) await done(asWarehouse, `${at}/${step}`, {})
    await done(asWarehouse, `${at}/delivery`, { receivedBy: 'Ann' })
    return at
  }
  const sellable = async (sku: string) => Number((await rows(`/api/availability?site=SEA&sku=${sku}`))[0]!['sellable'])
  const returned = async (id: unknown) => get(`/api/returns/${String(id)}?site=SEA`)
  const receipt = (id: unknown, lines?: object[]) => done(asWarehouse, `/api/returns/${String(id)}/receipt`, { site: 'SEA', ...(lines && { lines }) })
  const disposition = (id: unknown, ...lines: object[]) => done(asWarehouse, `/api/returns/${String(id)}/disposition`, { site: 'SEA', lines })
  return { asAdmin, asDesk, asWarehouse, done, get, rows, delivered, sellable, returned, receipt, disposition, verified: () => expectVerified(server, world.sealKey) }
}

describe('A8: two bicycles and a bell come back', async () => {
  const { asDesk, asWarehouse, done, get, rows, delivered, sellable, returned, receipt, disposition, verified } = await shop({ BIKE: 5, BELL: 10 })
  const at = await delivered({ sku: 'BIKE', quantity: 3, unitPrice: 50_000 }, { sku: 'BELL', quantity: 2, unitPrice: 1_000 })
  let id: unknown

  test('asked for at the desk and authorised; more than left is not', async () => {
    const answer = await done(asDesk, `${at}/returns`, { lines: [{ orderLine: 1, quantity: 2, reason: 'damaged', note: 'Both forks are bent.' }, { orderLine: 2, quantity: 1, reason: 'changed_mind' }] })
    expect(answer).toMatchObject({ number: 'SEA-1-R1' })
    id = answer['id']
    expect(await asDesk('POST', `${at}/returns`, { lines: [{ orderLine: 1, quantity: 2, reason: 'other' }] })).toMatchObject({ status: 409, body: { code: 'more_than_shipped', field: 'lines/1/quantity' } })
    expect(await returned(id)).toMatchObject({ number: 'SEA-1-R1', order: 'SEA-1', state: 'authorised', toCome: 3, lines: [{ sku: 'BIKE', reason: 'damaged', note: 'Both forks are bent.' }, {}] })
    expect(await asDesk('POST', `${at}/return`, { lines: [{ line: 1, quantity: 2 }] })).toMatchObject({ status: 409, body: { code: 'return_expected' } })
  })

  test('received into quarantine: nothing of it can be sold, and no more is received than was authorised', async () => {
    const before = [await sellable('BIKE'), await sellable('BELL')]
    await receipt(id)
    expect([await sellable('BIKE'), await sellable('BELL')]).toEqual(before)
    expect(await rows('/api/stock?site=SEA&sku=BIKE&place=INSPECTION')).toMatchObject([{ condition: 'quarantine', quantity: 2 }])
    expect(await asWarehouse('POST', `/api/returns/${String(id)}/receipt`, { site: 'SEA', lines: [{ line: 1, quantity: 1 }] })).toMatchObject({ status: 409, body: { code: 'more_than_authorised' } })
    expect(await returned(id)).toMatchObject({ state: 'received', toInspect: 3, refund: 0 })
    await verified()
  })

  test('inspected piece by piece, and the refund is what was paid, less what is kept', async () => {
    const bend = { line: 1, quantity: 1, found: 'damaged', note: 'Fork bent, frame sound.' }
    expect(await disposition(id, { ...bend, disposition: 'refurbish', deduction: 5_000 }, { ...bend, disposition: 'vendor' }, { line: 2, quantity: 1, found: 'as_new', disposition: 'restock' })).toMatchObject({ refund: 96_000 })
    expect(await returned(id)).toMatchObject({ state: 'refurbishing', refund: 96_000, lines: [{ refurbishing: 1, toVendor: 1 }, { restocked: 1 }] })
    expect([await sellable('BIKE'), await sellable('BELL')]).toEqual([2, 9])
    expect(await disposition(id, { ...bend, refurbished: true, found: 'as_new', disposition: 'restock', place: 'SHELF' })).toMatchObject({ refund: 0 })
    expect(await asWarehouse('POST', `/api/returns/${String(id)}/disposition`, { site: 'SEA', lines: [{ ...bend, disposition: 'scrap' }] })).toMatchObject({ status: 409, body: { code: 'return_state_forbids' } })
    expect([await sellable('BIKE'), await returned(id)]).toMatchObject([3, { state: 'closed' }])
    await verified()
  })

  test('the order tells of every step, with the amount that is due', async () => {
    const events = await rows(`${at}/events`)
    expect(events.map((event) => event['type']).filter((type) => String(type).startsWith('return.'))).toEqual(['return.authorised', 'return.received', 'return.inspected', 'return.refund_due', 'return.inspected'])
    expect(events.find((event) => event['type'] === 'return.refund_due')).toMatchObject({ data: { number: 1, amount: 96_000 } })
    expect(await get(at)).toMatchObject({ lines: [{ delivered: 3, returned: 2 }, { returned: 1 }] })
  })

  test('exchanged for another: an order of its own, and what the one is worth against the other', async () => {
    const answer = await done(asDesk, `${at}/returns`, { lines: [{ orderLine: 1, quantity: 1, reason: 'wrong_item' }] })
    const exchange = await done(asDesk, `/api/returns/${String(answer['id'])}/exchange`, { site: 'SEA', lines: [{ sku: 'BIKE', quantity: 1, unitPrice: 52_500 }] })
    expect(exchange).toMatchObject({ number: 'SEA-2', rma: 'SEA-1-R2', value: 52_500, returned: 50_000, difference: 2_500, lines: [{ held: 1 }] })
    expect(await get('/api/orders/SEA-2')).toMatchObject({ state: 'held', customer: 'C1' })
    expect(await returned(answer['id'])).toMatchObject({ exchange: 'SEA-2', state: 'authorised' })
    expect(await asDesk('POST', `/api/returns/${String(answer['id'])}/exchange`, { site: 'SEA', lines: [{ sku: 'BIKE', quantity: 1 }] })).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
    await done(asDesk, `/api/returns/${String(answer['id'])}/cancellation`, { site: 'SEA' })
    expect(await asDesk('POST', `/api/returns/${String(answer['id'])}/cancellation`, { site: 'SEA' })).toMatchObject({ status: 409, body: { code: 'return_state_forbids' } })
    expect((await rows('/api/returns?site=SEA')).map((row) => `${String(row['number'])} ${String(row['state'])}`).toSorted()).toEqual(['SEA-1-R1 closed', 'SEA-1-R2 cancelled'])
    expect(await rows('/api/returns?site=SEA&state=closed&order=SEA-1')).toMatchObject([{ number: 'SEA-1-R1' }])
    await verified()
  })

  test('what cannot be is refused with its reason', async () => {
    const unknown = '/api/returns/00000000-0000-7000-8000-000000000000'
    expect(await asWarehouse('POST', `${unknown}/receipt`, { site: 'SEA' })).toMatchObject({ status: 404, body: { code: 'return_not_known' } })
    const desk = await done(asDesk, `${at}/return`, { lines: [{ line: 2, quantity: 1 }] })
    const piece = { line: 1, quantity: 1, found: 'opened', disposition: 'restock' }
    const tried = (line: object) => asWarehouse('POST', `/api/returns/${String(desk['rma'])}/disposition`, { site: 'SEA', lines: [line] })
    expect(await tried({ ...piece, quantity: 2 })).toMatchObject({ status: 409, body: { code: 'more_than_received' } })
    expect(await tried({ ...piece, deduction: 1_001 })).toMatchObject({ status: 422, body: { code: 'deduction_too_large' } })
    expect(await tried({ ...piece, place: 'NOWHERE' })).toMatchObject({ status: 422, body: { code: 'place_not_known', field: 'lines/1/place' } })
    expect(await tried(piece)).toMatchObject({ status: 201 })
  })
})

test('erpnext #46679: a return is not sellable because it came back; the next customer waits for a piece that somebody looked at', async () => {
  const { asDesk, done, get, delivered, sellable, disposition, verified } = await shop({ A: 1 })
  const at = await delivered({ sku: 'A', quantity: 1 })
  const waiting = await done(asDesk, '/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'A', quantity: 1 }] })
  const { rma } = await done(asDesk, `${at}/return`, { lines: [{ line: 1, quantity: 1 }] })
  expect([await sellable('A'), await get(`/api/orders/${String(waiting['number'])}`)]).toMatchObject([0, { state: 'backordered' }])
  await disposition(rma, { line: 1, quantity: 1, found: 'as_new', disposition: 'restock' })
  expect([await sellable('A'), await get(`/api/orders/${String(waiting['number'])}`)]).toMatchObject([1, { state: 'held' }])
  await verified()
})

test('saleor #16667: what comes back is not forgotten: it is listed until somebody said what becomes of it, and then it is stock again', async () => {
  const { asDesk, done, rows, delivered, sellable, disposition, verified } = await shop({ A: 4 })
  const at = await delivered({ sku: 'A', quantity: 4 })
  const { rma } = await done(asDesk, `${at}/return`, { lines: [{ line: 1, quantity: 3 }] })
  expect(await rows('/api/returns?site=SEA&state=received')).toMatchObject([{ toInspect: 3 }])
  await disposition(rma, { line: 1, quantity: 2, found: 'as_new', disposition: 'restock' }, { line: 1, quantity: 1, found: 'damaged', disposition: 'scrap' })
  expect([await rows('/api/returns?site=SEA&state=received'), await sellable('A')]).toEqual([[], 2])
  await verified()
})

test('A8: however many clerks authorise and take back the same line at once, never more comes back than left', async () => {
  const { asDesk, asWarehouse, rows, delivered, get, verified } = await shop({ A: 40 })
  for (let round = 0; round < 6; round += 1) {
    const at = await delivered({ sku: 'A', quantity: 5 })
    const asked = await Promise.all(Array.from({ length: 8 }, (_, index) =>
      index % 2 === 0 ? asDesk('POST', `${at}/returns`, { lines: [{ orderLine: 1, quantity: 2, reason: 'other' }] }) : asDesk('POST', `${at}/return`, { lines: [{ line: 1, quantity: 2 }] })))
    expect(asked.filter(({ status }) => status === 201).length).toBe(2)
    const number = at.split('/').at(-1)!
    const open = (await rows(`/api/returns?site=SEA&order=${number}&state=authorised`)).map((row) => row['id'])
    const received = await Promise.all(open.flatMap((id) => [1, 2].map(() => asWarehouse('POST', `/api/returns/${String(id)}/receipt`, { site: 'SEA' }))))
    expect(received.filter(({ status }) => status === 201).length).toBe(open.length)
    expect(await get(at)).toMatchObject({ lines: [{ shipped: 5, returned: 4 }] })
  }
  await verified()
})
