// What lots do to the peers' users, through the public door: first expired goes out first wherever it stands and whenever it came (odoo #22850), and a lot
// that two orders share blocks neither (erpnext #57159).

import { describe, expect, test } from 'vitest'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Row { readonly [name: string]: unknown }

async function dairy() {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const call = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    world.wait(1_000)
    const reply = await http.call(admin, method, url, body)
    return { status: reply.status, body: reply.body as Row }
  }
  const done = async (url: string, body: unknown = {}) => {
    const { status, body: answer } = await call('POST', url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const rows = async (url: string) => (await call('GET', url)).body['rows'] as Row[]
  await done('/api/parties', { parties: [{ code: 'ANN', name: 'Ann', kind: 'customer' }] })
  await done('/api/items', { items: [{ sku: 'MILK', name: 'Milk', tracking: 'lot' }, { sku: 'CREAM', name: 'Cream', tracking: 'lot' }] })
  await done('/api/places', { site: 'SEA', places: [['A-1', 1], ['A-2', 2], ['A-3', 3]].map(([code, rack]) => ({ code, kind: 'bin', position: { aisle: 1, rack, level: 1 } })) })
  const received = (sku: string, lot: string, quantity: number, place: string, expiresOn?: string) =>
    done('/api/receipts', { site: 'SEA', lines: [{ sku, quantity, lot, place, ...(expiresOn && { expiresOn }) }] })
  const order = async (sku: string, quantity: number) => `/api/orders/${String((await done('/api/orders', { site: 'SEA', customer: 'ANN', lines: [{ sku, quantity }] }))['number'])}`
  const picks = async (at: string) => (await rows(`${at}/picks`)).map((row) => [row['lot'], row['place'], row['quantity']])
  const state = async (at: string) => (await call('GET', at)).body['state']
  return { world, call, done, rows, received, order, picks, state, verified: () => expectVerified(server, world.sealKey) }
}

describe('odoo #22850: FEFO picks the wrong lot', async () => {
  const { world, call, done, received, order, picks, rows, verified } = await dairy()

  test('cannot happen: what expires first goes out first, not what came first, stands nearest or is most', async () => {
    await received('MILK', 'LATE', 50, 'A-1', '2026-06-01')
    await received('MILK', 'NEVER', 50, 'A-1')
    await received('MILK', 'EARLY', 3, 'A-3', '2026-03-20')
    await received('MILK', 'MIDDLE', 4, 'A-2', '2026-04-10')
    const first = await order('MILK', 5)
    await done(`${first}/allocation`)
    expect(await picks(first)).toEqual(expect.arrayContaining([['EARLY', 'A-3', 3], ['MIDDLE', 'A-2', 2]]))
    expect(await picks(first)).toHaveLength(2)
    // What is set aside for one is not offered to the next.
    const second = await order('MILK', 3)
    await done(`${second}/allocation`)
    expect(await picks(second)).toEqual(expect.arrayContaining([['MIDDLE', 'A-2', 2], ['LATE', 'A-1', 1]]))
    await verified()
  })

  test('nor after one order let go of its lot: the next takes it', async () => {
    await done('/api/orders/SEA-1/cancellation')
    const third = await order('MILK', 4)
    await done(`${third}/allocation`)
    expect(await picks(third)).toEqual(expect.arrayContaining([['EARLY', 'A-3', 3], ['MIDDLE', 'A-2', 1]]))
    await verified()
  })

  test('nor on the day it expires: it is demoted before anything is decided, and its orders are set aside elsewhere', async () => {
    world.wait(Date.parse('2026-03-20T00:00:01Z') - world.now())
    const fourth = await order('MILK', 2)
    await done(`${fourth}/allocation`)
    expect((await picks(fourth)).map(([lot]) => lot)).not.toContain('EARLY')
    expect((await rows('/api/stock?site=SEA&sku=MILK')).find((row) => row['lot'] === 'EARLY')).toMatchObject({ condition: 'expired', allocated: 0 })
    await done('/api/orders/SEA-3/allocation')
    expect((await picks('/api/orders/SEA-3')).reduce((sum, [, , quantity]) => sum + Number(quantity), 0)).toBe(4)
    expect((await call('POST', '/api/sales', { site: 'SEA', lines: [{ sku: 'MILK', quantity: 1, lot: 'EARLY' }] })).body).toMatchObject({ code: 'lot_expired' })
    await verified()
  })
})

describe("B3: a customer's minimum remaining life", async () => {
  const { call, done, received, order, picks, state, verified } = await dairy()
  const terms = (minimumLifeDays: number) => done('/api/customer-terms', { customers: [{ customer: 'ANN', minimumLifeDays }] })

  test('is asked when lots are chosen: what expires too soon for him is passed over, and is there for others', async () => {
    await terms(30)
    await received('MILK', 'SOON', 5, 'A-1', '2026-03-20')
    await received('MILK', 'LATE', 5, 'A-2', '2026-06-01')
    await received('MILK', 'NEVER', 5, 'A-3')
    const hers = await order('MILK', 8)
    await done(`${hers}/allocation`)
    expect(await picks(hers)).toEqual(expect.arrayContaining([['LATE', 'A-2', 5], ['NEVER', 'A-3', 3]]))
    await done('/api/parties', { parties: [{ code: 'BEN', name: 'Ben', kind: 'customer' }] })
    const his = `/api/orders/${String((await done('/api/orders', { site: 'SEA', customer: 'BEN', lines: [{ sku: 'MILK', quantity: 5 }] }))['number'])}`
    await done(`${his}/allocation`)
    expect(await picks(his)).toEqual([['SOON', 'A-1', 5]])
    await verified()
  })

  test('is a reason that a clerk can read, and ends when something else is agreed', async () => {
    await received('CREAM', 'SOON', 4, 'A-1', '2026-03-20')
    const hers = await order('CREAM', 4)
    expect(await call('POST', `${hers}/allocation`, {})).toMatchObject({
      status: 409, body: { code: 'life_too_short', detail: 'What is here expires too soon: this customer takes nothing with fewer than 30 days left.' },
    })
    expect((await call('GET', '/api/customer-terms?customer=ANN')).body['rows']).toMatchObject([{ customer: 'ANN', minimumLifeDays: 30 }])
    await terms(10)
    await done(`${hers}/allocation`)
    expect(await picks(hers)).toEqual([['SOON', 'A-1', 4]])
    expect(await state(hers)).toBe('allocated')
    await verified()
  })
})

describe('erpnext #57159: one lot reserved for two orders blocks both', async () => {
  const { done, rows, received, order, picks, state, verified } = await dairy()

  test('cannot happen: each order has its part of the lot, and goes out without the other', async () => {
    await received('CREAM', 'C1', 10, 'A-1', '2026-05-01')
    const [first, second] = [await order('CREAM', 4), await order('CREAM', 6)]
    for (const at of [first, second]) await done(`${at}/allocation`)
    expect([await picks(first), await picks(second)]).toEqual([[['C1', 'A-1', 4]], [['C1', 'A-1', 6]]])
    for (const step of ['pick', 'shipment']) await done(`${second}/${step}`)
    expect([await state(first), await state(second)]).toEqual(['allocated', 'shipped'])
    for (const step of ['pick', 'shipment']) await done(`${first}/${step}`)
    expect(await state(first)).toBe('shipped')
    expect(await rows('/api/stock?site=SEA&sku=CREAM')).toEqual([])
    await verified()
  })

  test('nor where the lot is not enough for both: the first has it all, the second what is left, and waits for the rest', async () => {
    await received('CREAM', 'C2', 5, 'A-1', '2026-05-01')
    const [first, second] = [await order('CREAM', 4), await order('CREAM', 4)]
    for (const at of [first, second]) await done(`${at}/allocation`)
    expect([await picks(first), await picks(second)]).toEqual([[['C2', 'A-1', 4]], [['C2', 'A-1', 1]]])
    for (const at of [first, second]) for (const step of ['pick', 'shipment']) await done(`${at}/${step}`)
    expect([await state(first), await state(second)]).toEqual(['shipped', 'backordered'])
    await received('CREAM', 'C3', 3, 'A-2', '2026-05-09')
    for (const step of ['allocation', 'pick', 'shipment']) await done(`${second}/${step}`)
    expect(await state(second)).toBe('shipped')
    await verified()
  })
})
