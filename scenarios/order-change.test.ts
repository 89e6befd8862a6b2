// A7: a confirmed order is changed and cancelled at any stage, through the public door. What is given up goes back the way it came, what is asked for
// besides is promised anew, and whoever comes at the same moment with a pick or a shipment finds either the one or the other, never half of both.

import { describe, expect, test } from 'vitest'
import { canNow } from '../core/order-hold.ts'
import { orderCan, type OrderState } from '../core/order.ts'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Row { readonly [name: string]: unknown }
interface Line { readonly line: number; readonly quantity: number; readonly cancelled: number; readonly shipped: number; readonly promised: string | null }

async function shop(items: Readonly<Record<string, number>>) {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'], items })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const call = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const reply = await http.call(admin, method, url, body)
    return { status: reply.status, body: reply.body as Record<string, never> & Row }
  }
  const post = async (url: string, body: unknown) => call('POST', url, body)
  const done = async (url: string, body: unknown) => {
    const { status, body: answer } = await post(url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const get = async (url: string) => (await call('GET', url)).body
  const rows = async (url: string) => (await get(url))['rows'] as unknown as Row[]
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'S1', kind: 'supplier' }] })
  const order = async (...lines: object[]) => `/api/orders/${String((await done('/api/orders', { site: 'SEA', customer: 'C1', lines }))['number'])}`
  const actions: Readonly<Record<string, object>> = { allocation: {}, pick: {}, packages: {}, shipment: {}, delivery: { receivedBy: 'Ann' } }
  const bring = async (at: string, ...steps: string[]) => { for (const step of steps) await done(`${at}/${step}`, actions[step]!) }
  const linesOf = async (at: string) => (await get(at))['lines'] as unknown as Line[]
  const day = (days: number) => new Date(Date.parse(`${world.today()}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  const available = async (sku: string, site = 'SEA') => (await rows(`/api/availability?site=${site}&sku=${sku}`))[0]!
  return { world, http, post, done, get, rows, order, bring, linesOf, day, available, hear: () => deliverAll({ database: server, lanes: world.lanes }), verified: () => expectVerified(server, world.sealKey) }
}

describe('A7: a customer wants something else', async () => {
  const { done, post, get, rows, order, bring, linesOf, day, available, hear, verified } = await shop({ A: 10, B: 5 })

  test('less, more, later, another item besides, and one not at all; the promise that was given before stands in the log', async () => {
    await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku: 'A', quantity: 10, due: day(6), unitPrice: 90 }] })
    const at = await order({ sku: 'A', quantity: 4 }, { sku: 'B', quantity: 2 })
    const answer = await done(`${at}/change`, { lines: [{ line: 1, was: 4, quantity: 12 }, { line: 2, quantity: 0 }], added: [{ sku: 'B', quantity: 1, requested: day(2) }] })
    expect(answer).toMatchObject({
      lines: [{ line: 1, before: { quantity: 4, promised: day(0) }, after: { quantity: 12, promised: day(6) } }, { line: 2, after: { quantity: 0 } }],
      added: [{ line: 3, sku: 'B', held: 1, promised: day(2) }],
    })
    expect(await linesOf(at)).toMatchObject([{ quantity: 12, promised: day(6), estimate: day(6) }, { quantity: 2, cancelled: 2 }, { line: 3, quantity: 1 }])
    expect((await rows(`${at}/events`)).find((event) => event['type'] === 'order.changed')).toMatchObject({ data: { lines: [{ before: { promised: day(0) } }, {}] } })
    await done(`${at}/change`, { lines: [{ line: 1, quantity: 3, requested: day(1) }] })
    expect(await linesOf(at)).toMatchObject([{ quantity: 12, cancelled: 9, promised: day(1) }, {}, {}])
    expect(await available('A')).toMatchObject({ sellable: 10, reserved: 3, demand: 3 })
    await verified()
  })

  test('what somebody else changed meanwhile is not overwritten, and what left is not taken back', async () => {
    const at = await order({ sku: 'B', quantity: 2 })
    await done(`${at}/change`, { lines: [{ line: 1, was: 2, quantity: 3 }] })
    expect(await post(`${at}/change`, { lines: [{ line: 1, was: 2, quantity: 1 }] })).toMatchObject({ status: 412, body: { code: 'changed_meanwhile', field: 'lines/1/quantity' } })
    await done(`${at}/change`, { added: [{ sku: 'A', quantity: 60 }] })
    await bring(at, 'allocation', 'pick')
    await done(`${at}/shipment`, {})
    expect(await post(`${at}/change`, { lines: [{ line: 1, quantity: 1 }] })).toMatchObject({ status: 409, body: { code: 'less_than_shipped' } })
    expect(await post(`${at}/change`, { lines: [{ line: 9, quantity: 1 }] })).toMatchObject({ status: 422, body: { code: 'line_not_known' } })
    expect(await post(`${at}/change`, { added: [{ sku: 'NONE', quantity: 1 }] })).toMatchObject({ status: 422, body: { code: 'item_not_known', field: 'added/1/sku' } })
    expect(await post(`${at}/change`, {})).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
    await done(`${at}/cancellation`, {})
    await verified()
  })

  test('a line that another site serves can be made less there, and more only as a line of its own', async () => {
    const at = await order({ sku: 'B', quantity: 4, source: 'PDX' })
    expect(await post(`${at}/change`, { lines: [{ line: 1, quantity: 5 }] })).toMatchObject({ status: 409, body: { code: 'served_elsewhere' } })
    // Told twice before the other site hears of it, it still means one.
    for (const quantity of [2, 1, 1]) expect(await done(`${at}/change`, { lines: [{ line: 1, quantity }] })).toMatchObject({ lines: [{ asked: true }] })
    await hear()
    await hear()
    expect(await linesOf(at)).toMatchObject([{ quantity: 4, cancelled: 3 }])
    expect(await available('B', 'PDX')).toMatchObject({ sellable: 5, reserved: 1, demand: 1 })
    await verified()
  })

  test('one table says in which state what can be done, to buttons as to the API', async () => {
    const at = await order({ sku: 'B', quantity: 1 })
    const steps: readonly (readonly [string | null, OrderState])[] = [[null, 'held'], ['allocation', 'allocated'], ['pick', 'picked'], ['packages', 'packed'], ['shipment', 'shipped'], ['delivery', 'delivered']]
    for (const [step, state] of steps) {
      if (step !== null) await bring(at, step)
      expect(await get(at)).toMatchObject({ state, can: canNow(state, [], false) })
      const tried = await post(`${at}/change`, { lines: [{ line: 7, quantity: 1 }] })
      expect([state, tried.body['code']]).toEqual([state, orderCan[state].includes('change') ? 'line_not_known' : 'order_state_forbids'])
    }
  })
})

describe('A7: cancelled at each stage, goods go back the way they came', async () => {
  const { done, post, get, rows, order, bring, available, verified } = await shop({ A: 20 })
  await done('/api/places', { site: 'SEA', places: [{ code: 'A-1', kind: 'bin', position: { aisle: 1, rack: 1, level: 1 } }] })
  const putBacks = () => rows('/api/put-backs?site=SEA')

  test.each<[string, string[], number, boolean]>([
    ['held',      [],                                0, false],
    ['allocated', ['allocation'],                    0, false],
    ['picked',    ['allocation', 'pick'],            3, false],
    ['packed',    ['allocation', 'pick', 'packages'], 3, true],
  ])('%s: the hold is let go at once, and what was handled is carried back by a person', async (_state, steps, toPutBack, isPacked) => {
    const at = await order({ sku: 'A', quantity: 3 })
    await bring(at, ...steps)
    await done(`${at}/cancellation`, {})
    expect(await get(at)).toMatchObject({ state: 'cancelled' })
    expect(await available('A')).toMatchObject({ sellable: 20, reserved: 0, demand: 0 })
    const waiting = await putBacks()
    expect(waiting.map((row) => row['quantity'])).toEqual(toPutBack === 0 ? [] : [toPutBack])
    for (const row of waiting) {
      expect(row['package'] !== '').toBe(isPacked)
      if (isPacked) expect(await done(`/api/orders/${String(row['order'])}/unpacking`, { package: row['package'] })).toMatchObject({ unpacked: 3 })
      expect(await done('/api/putaways', { site: 'SEA', sku: 'A', quantity: 3, from: 'PACKING' })).toMatchObject({ place: 'A-1' })
    }
    expect(await putBacks()).toEqual([])
    await verified()
  })

  test('shipped: nothing is cancelled any more; it comes back as a return, into quarantine', async () => {
    const at = await order({ sku: 'A', quantity: 3 })
    await bring(at, 'allocation', 'pick', 'shipment')
    expect(await post(`${at}/cancellation`, {})).toMatchObject({ status: 409, body: { code: 'order_state_forbids' } })
    await bring(at, 'delivery')
    await done(`${at}/return`, { lines: [{ line: 1, quantity: 3 }] })
    expect(await available('A')).toMatchObject({ sellable: 17 })
    await verified()
  })

  test('what is picked for one order may be taken for another before anybody carries it back', async () => {
    const [first, second] = [await order({ sku: 'A', quantity: 17 }), await order({ sku: 'A', quantity: 5 })]
    await bring(first, 'allocation', 'pick')
    await done(`${first}/cancellation`, {})
    // It stands where it must be picked to already.
    await bring(second, 'allocation', 'shipment')
    expect((await putBacks()).reduce((sum, row) => sum + Number(row['quantity']), 0)).toBe(12)
    await verified()
  })
})

test('erpnext #52851: the rest of a pick list that was picked in part is let go, by calling it back or by wanting less', async () => {
  const { done, post, rows, order, bring, available, get, verified } = await shop({ A: 10 })
  const at = await order({ sku: 'A', quantity: 10 })
  await bring(at, 'allocation')
  await done(`${at}/pick`, { picks: [{ line: 1, quantity: 4 }] })
  expect(await done(`${at}/recall`, {})).toMatchObject({ lines: [{ line: 1, quantity: 6 }] })
  expect(await post(`${at}/recall`, {})).toMatchObject({ status: 409, body: { code: 'nothing_to_do' } })
  expect((await get(at))['planned']).toMatchObject([{ held: 10, allocated: 4 }])
  expect(await rows('/api/picks?site=SEA')).toEqual([])
  await bring(at, 'shipment')
  // Six are still held for the customer; now they are not wanted, and are anybody's.
  await done(`${at}/change`, { lines: [{ line: 1, quantity: 4 }] })
  expect(await available('A')).toMatchObject({ sellable: 6, reserved: 0, demand: 0 })
  await bring(await order({ sku: 'A', quantity: 6 }), 'allocation', 'pick', 'shipment')
  await verified()
})

describe('A7: two come at the same moment', async () => {
  const { http, world, rows, order, bring, linesOf, done, available, verified } = await shop({ A: 400, B: 400 })
  const admin = await http.key('admin')
  const together = async (...requests: readonly (readonly [url: string, body: object])[]) =>
    Promise.all(requests.map(async ([url, body]) => ({ url, ...(await http.call(admin, 'POST', url, body)) })))
  const ROUNDS = 25

  test('a change and a pick: what was picked and is not wanted stands at packing, and adds up', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = await order({ sku: 'A', quantity: 6 })
      await bring(at, 'allocation')
      const wanted = round % 6
      const replies = await together([`${at}/change`, { lines: [{ line: 1, quantity: wanted }] }], [`${at}/pick`, {}], [`${at}/change`, { lines: [{ line: 1, quantity: wanted + 2 }] }])
      for (const { status } of replies) expect(status).toBeOneOf([200, 409])
      world.wait(10)
    }
    const [left, put] = [await available('A'), await rows('/api/put-backs?site=SEA&limit=1000')]
    expect(left).toMatchObject({ sellable: 400, reserved: left['demand'] })
    expect(put.every((row) => Number(row['quantity']) > 0)).toBe(true)
    await verified()
  })

  test('a cancellation and a shipment: either all of it left or nothing did, and no piece is both cancelled and shipped', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = await order({ sku: 'B', quantity: 5 })
      await bring(at, 'allocation', 'pick')
      const [cancelled, shipped] = await together(...([[`${at}/cancellation`, {}], [`${at}/shipment`, {}]] as [string, object][]).toSorted(() => (round % 2 === 0 ? 1 : -1)))
      const line = (await linesOf(at))[0]!
      expect([cancelled!.status < 300, shipped!.status < 300].filter(Boolean).length).toBe(1)
      expect([line.cancelled, line.shipped].toSorted((a, b) => a - b)).toEqual([0, 5])
    }
    await verified()
  })

  test('two changes of one line: the second that did not know of the first is refused', async () => {
    const at = await order({ sku: 'A', quantity: 1 })
    const replies = await together(...Array.from({ length: 8 }, (_, index) => [`${at}/change`, { lines: [{ line: 1, was: 1, quantity: index + 2 }] }] as const))
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 7 }, () => 412)])
    expect((await linesOf(at))[0]!.quantity).toBeGreaterThan(1)
    await done(`${at}/cancellation`, {})
    await verified()
  })
})
