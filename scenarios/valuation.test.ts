// Stories of what goods are worth, through the public door: bills and freight that come after the goods, and after half of them is sold; receipts that
// are told a week late; three methods; and never an average below nothing.

import { describe, expect, test } from 'vitest'
import { revalue } from '../server/revaluation.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Row { readonly [name: string]: unknown }
const day_ms = 86_400_000

async function shop() {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const send = async (method: 'GET' | 'POST', url: string, body?: unknown) => http.call(admin, method, url, body)
  const done = async (url: string, body: unknown) => {
    const { status, body: answer } = await send('POST', url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })
  let made = 0
  const item = async (valuation: 'average' | 'fifo' | 'standard' = 'average', standardCost = 100) => {
    const sku = `ITEM-${(made += 1)}`
    await done('/api/items', { items: [{ sku, name: sku, standardCost, valuation }] })
    return sku
  }
  const at = (days: number) => (days === 0 ? {} : { at: new Date(world.now() - days * day_ms).toISOString() })
  const receive = async (sku: string, quantity: number, value: number, daysAgo = 0) => {
    const { at: receivedAt } = at(daysAgo)
    return String((await done('/api/receipts', { site: 'SEA', ...(receivedAt && { receivedAt }), lines: [{ sku, quantity, value, place: 'SHELF' }] }))['id'])
  }
  const sell = async (sku: string, quantity: number, daysAgo = 0) => {
    const { at: soldAt } = at(daysAgo)
    await done('/api/sales', { site: 'SEA', ...(soldAt && { soldAt }), lines: [{ sku, quantity }] })
  }
  const value = async (sku: string): Promise<Row> => (await send('GET', `/api/items/${sku}/value?site=SEA`)).body
  /** Against each place, what was corrected in all. */
  const corrected = async (sku: string) => {
    const sums = new Map<string, number>()
    for (const { against, amount } of (await value(sku))['corrections'] as { against: string; amount: number }[]) sums.set(against, (sums.get(against) ?? 0) + amount)
    return Object.fromEntries(sums)
  }
  const moves = async (sku: string) => ((await send('GET', `/api/moves?site=SEA&sku=${sku}`)).body['rows'] as Row[]).length
  return { world, send, done, item, receive, sell, value, corrected, moves, settle: () => revalue(world.lanes), verified: () => expectVerified(server, world.sealKey) }
}

const { world, send, done, item, receive, sell, value, corrected, moves, settle, verified } = await shop()
const cost = async (document: string, amount: number, more: object = {}) => send('POST', '/api/costs', { site: 'SEA', document, kind: 'bill', amount, ...more })

describe('B4 a bill comes after the goods', () => {
  test('half of them sold: half of it is on hand, half is cost of what was sold', async () => {
    const sku = await item()
    const receipt = await receive(sku, 10, 1000)
    await sell(sku, 5)
    await cost(receipt, 400)
    expect(await value(sku)).toMatchObject({ quantity: 5, value: 500, pendingFrom: world.today() })
    await settle()
    expect(await value(sku)).toMatchObject({ quantity: 5, value: 700, pendingFrom: null, lateCosts: [{ kind: 'bill', amount: 400 }] })
    expect(await corrected(sku)).toEqual({ supplier: 400, customer: -200 })
    await sell(sku, 5)
    expect(await value(sku)).toMatchObject({ quantity: 0, value: 0 })
    await verified()
  })

  test('odoo #71458 #187169: late, or a credit, with everything sold: no average below nothing, and nothing is worth anything that is not there', async () => {
    const sku = await item()
    const receipt = await receive(sku, 10, 1000)
    await sell(sku, 10)
    await cost(receipt, 500)
    await cost(receipt, -900)
    await settle()
    expect(await value(sku)).toMatchObject({ quantity: 0, value: 0 })
    expect(await corrected(sku)).toEqual({ supplier: -400, customer: 400 })
    const { status, body } = await cost(receipt, -601)
    expect([status, body['code']]).toEqual([409, 'cost_below_nothing'])
    // Sold below what the record knew, and credited to the last cent.
    const short = await item()
    await sell(short, 4)
    const late = await receive(short, 5, 500)
    await cost(late, -500)
    await settle()
    expect(await value(short)).toMatchObject({ quantity: 1, value: 0 })
    await verified()
  })

  test('freight for a whole delivery is shared to the last cent by value or by quantity', async () => {
    const [dear, cheap] = [await item(), await item()]
    const lines = [{ sku: dear, quantity: 1, value: 900 }, { sku: cheap, quantity: 2, value: 100 }]
    const receipt = String((await done('/api/receipts', { site: 'SEA', lines }))['id'])
    await done('/api/costs', { site: 'SEA', document: receipt, kind: 'freight', amount: 101 })
    await done('/api/costs', { site: 'SEA', document: receipt, kind: 'duty', amount: 100, by: 'quantity' })
    await settle()
    expect([await value(dear), await value(cheap)]).toMatchObject([{ value: 900 + 91 + 33 }, { value: 100 + 10 + 67 }])
    expect((await send('POST', '/api/costs', { site: 'SEA', document: world.newId(), kind: 'duty', amount: 1 })).body['code']).toBe('receipt_not_known')
    expect((await send('POST', '/api/costs', { site: 'SEA', document: receipt, kind: 'duty', amount: 0 })).body['code']).toBe('nothing_to_do')
    await verified()
  })
})

describe('B4 methods', () => {
  test('first in first out: what is left is of the last receipts, and a late bill follows its own goods', async () => {
    const sku = await item('fifo')
    const first = await receive(sku, 10, 1000)
    const second = await receive(sku, 10, 3000)
    await sell(sku, 12)
    expect(await value(sku)).toMatchObject({ method: 'fifo', quantity: 8, value: 2400, layers: [{ quantity: 8, value: 2400 }] })
    await cost(first, 100)
    await cost(second, 500)
    await settle()
    expect(await value(sku)).toMatchObject({ value: 2800, layers: [{ quantity: 8, value: 2800 }] })
    expect(await corrected(sku)).toEqual({ supplier: 600, customer: -200 })
    await verified()
  })

  test('a standard: what was paid beside it is a variance, and a new standard values what is there', async () => {
    const sku = await item('standard', 120)
    await receive(sku, 10, 1000)
    await sell(sku, 4)
    expect(await value(sku)).toMatchObject({ method: 'standard', quantity: 6, value: 720 })
    expect(await corrected(sku)).toEqual({ variance: 200 })
    const set = (body: object) => send('POST', '/api/valuations', { site: 'SEA', sku, ...body })
    expect((await set({ method: 'standard', standardCost: 120 })).body['code']).toBe('nothing_to_do')
    expect((await set({ method: 'standard' })).body['code']).toBe('standard_cost_missing')
    expect((await set({ method: 'standard', standardCost: 130 })).body).toMatchObject({ value: 780, change: 60 })
    world.wait(1_000)
    expect((await set({ method: 'fifo' })).body).toMatchObject({ value: 780, change: 0 })
    world.wait(1_000)
    await receive(sku, 1, 500)
    await sell(sku, 2)
    await settle()
    expect(await value(sku)).toMatchObject({ method: 'fifo', quantity: 5, value: 1020, layers: [{ quantity: 4, value: 520 }, { quantity: 1, value: 500 }] })
    await verified()
  })
})

describe('B5 what is told late', () => {
  test('erpnext #53773: a receipt of last week makes what was sold since dearer by two rows, and no move is written again', async () => {
    const sku = await item()
    await receive(sku, 10, 1000, 9)
    world.wait(1_000)
    for (let sale = 0; sale < 5; sale += 1) await sell(sku, 1)
    const before = await moves(sku)
    await receive(sku, 10, 3000, 7)
    expect(await moves(sku)).toBe(before + 1)
    await settle()
    // 20 for 4,000 are 200 each; five were sold for 100 each.
    expect(await value(sku)).toMatchObject({ quantity: 15, value: 3000 })
    expect(await corrected(sku)).toEqual({ customer: -500 })
    expect(await moves(sku)).toBe(before + 1)
    await verified()
  })

  test('sales of an offline till that come a day late cost what goods cost that day', async () => {
    const sku = await item('fifo')
    await receive(sku, 10, 1000, 3)
    await receive(sku, 10, 5000)
    await sell(sku, 12)
    await sell(sku, 3, 1)
    await settle()
    expect(await value(sku)).toMatchObject({ quantity: 5, value: 2500 })
    await verified()
  })
})

describe('B5 as it was, and as known then', () => {
  test('a sale told a day late is in the stock of that day, and not in what was known that evening', async () => {
    const sku = await item()
    await receive(sku, 10, 1000, 2)
    world.wait(60_000)
    const evening = new Date(world.now()).toISOString()
    const asOf = async (query: string) => (await send('GET', `/api/items/${sku}/as-of?site=SEA&${query}`)).body
    const known = Number((await asOf(''))['sequence'])
    world.wait(day_ms)
    await sell(sku, 4, 1.5)
    await settle()
    const then = new Date(world.now() - 0.5 * day_ms).toISOString()
    expect(await asOf(`at=${then}`)).toMatchObject({ quantity: 6, value: 600, rows: [{ place: 'SHELF', quantity: 6 }] })
    expect(await asOf(`at=${then}&sequence=${known}`)).toMatchObject({ sequence: known, quantity: 10, value: 1000, rows: [{ place: 'SHELF', quantity: 10 }] })
    expect(await asOf(`at=${then}&knownAt=${evening}`)).toMatchObject({ sequence: known, quantity: 10, value: 1000 })
    expect(await asOf(`at=2026-01-01T00:00:00Z`)).toMatchObject({ quantity: 0, value: 0, rows: [] })
    await verified()
  })
})

describe('B4 inventory value at any date, and periods that stay as they were closed', () => {
  const on = async (days: number) => (await send('GET', `/api/values?site=SEA&on=${day(days)}&limit=1000`)).body
  const day = (days: number) => new Date(world.now() - days * day_ms).toISOString().slice(0, 10)
  const close = async (days: number) => send('POST', '/api/periods', { site: 'SEA', through: day(days) })

  test('the value of each day is the sum of its items, and a closed one never changes: a late receipt is refused, a late bill counts in the open period', async () => {
    const sku = await item()
    const receipt = await receive(sku, 10, 1000)
    await sell(sku, 4)
    world.wait(3 * day_ms)
    const total = async (days: number) => {
      const { value: all, rows, closed } = await on(days)
      expect((rows as { value: number }[]).reduce((sum, one) => sum + one.value, 0)).toBe(all)
      return { value: all, closed }
    }
    const before = await total(2)
    expect((await close(0)).body['code']).toBe('period_not_over')
    expect((await close(2)).status).toBe(201)
    expect((await close(2)).body['code']).toBe('nothing_to_do')
    expect((await close(3)).body['code']).toBe('nothing_to_do')

    const late = await send('POST', '/api/receipts', { site: 'SEA', receivedAt: new Date(world.now() - 2.5 * day_ms).toISOString(), lines: [{ sku, quantity: 1, value: 900 }] })
    expect([late.status, late.body['code']]).toEqual([409, 'period_closed'])
    await cost(receipt, 500)
    expect((await close(1)).body['code']).toBe('costs_pending')
    await settle()
    // Six of ten were there when the period was closed: they carry six tenths of the bill, and the rest is cost of the open period.
    expect(await value(sku)).toMatchObject({ quantity: 6, value: 900 })
    expect(await corrected(sku)).toEqual({ supplier: 500, customer: -200 })
    expect(await total(2)).toEqual({ ...before, closed: true })
    expect(await total(1)).toEqual({ value: (before.value as number) + 300, closed: false })
    await verified()
  })

  test('a till that was offline over the close: its sale is never refused, and lands where the open period begins', async () => {
    const sku = await item()
    await receive(sku, 10, 1000)
    world.wait(2 * day_ms)
    expect((await close(1)).status).toBe(201)
    const before = (await on(1))['value']
    await sell(sku, 3, 1.5)
    await settle()
    expect((await on(1))['value']).toBe(before)
    expect(await value(sku)).toMatchObject({ quantity: 7, value: 700 })
    expect((await send('GET', '/api/periods?site=SEA')).body['rows']).toMatchObject([{ through: day(1), value: before }, {}])
    await verified()
  })

  test('race: backdated receipts against the close: each is in the period or refused, and what was closed stays', async () => {
    const sku = await item()
    await receive(sku, 10, 1000)
    world.wait(2 * day_ms)
    await settle()
    const receivedAt = new Date(world.now() - 1.5 * day_ms).toISOString()
    const told = Array.from({ length: 40 }, () => send('POST', '/api/receipts', { site: 'SEA', receivedAt, lines: [{ sku, quantity: 1, value: 700, place: 'SHELF' }] }))
    const closing = (async () => {
      for (;;) {
        const { status } = await close(1)
        if (status === 201) return
        await settle()
      }
    })()
    const answers = await Promise.all(told)
    await closing
    const taken = answers.filter((one) => one.status === 201).length
    expect(answers.filter((one) => one.status !== 201).every((one) => one.body['code'] === 'period_closed')).toBe(true)
    expect(((await on(1))['rows'] as { sku: string }[]).find((one) => one.sku === sku)).toMatchObject({ quantity: 10 + taken, value: 1000 + 700 * taken })
    expect(((await send('GET', '/api/periods?site=SEA')).body['rows'] as Row[])[0]!['value']).toBe((await on(1))['value'])
    await settle()
    await verified()
  })
})
