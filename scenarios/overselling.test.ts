// What overselling does to the peers' users, through the public door: many want the last pieces at once (medusa #16569, vendure #3508), one basket wants them
// twice (medusa #16502), what is reserved drifts away from the orders that reserved it (odoo #62139, #154905), and a till's sale reaches the stock when the shift
// ends (erpnext #46240).

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

const CLIENTS = 48

async function shop() {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'] })
  const http = await testHttp(server, world)
  const { get, post, done } = askingAs(http, await http.key('admin'))
  await done('/api/parties', { parties: [{ code: 'ANN', name: 'Ann', kind: 'customer' }] })
  await done('/api/items', { items: ['BIKE', 'BELL'].map((sku) => ({ sku, name: sku, standardCost: 500 })) })
  const stock = (sku: string, quantity: number) => done('/api/receipts', { site: 'SEA', lines: [{ sku, quantity }] })
  const order = (...lines: object[]) => done('/api/orders', { site: 'SEA', customer: 'ANN', lines })
  const held = (answer: Row) => (answer['lines'] as Row[]).reduce((sum, line) => sum + Number(line['held']), 0)
  const free = async (sku: string) => ((await get(`/api/availability?site=SEA&sku=${sku}`))['rows'] as unknown as Row[])[0]!
  return { owner, get, post, done, stock, order, held, free, verified: () => expectVerified(server, world.sealKey) }
}

describe('A4: the last pieces', async () => {
  const { stock, order, held, free, post, verified } = await shop()

  test('medusa #16502: two lines of one basket that want the same item are one demand', async () => {
    await stock('BIKE', 5)
    const answer = await order({ sku: 'BIKE', quantity: 5 }, { sku: 'BIKE', quantity: 5 })
    expect([held(answer), answer['lines']]).toEqual([5, [expect.objectContaining({ held: 5, backordered: 0 }), expect.objectContaining({ held: 0, backordered: 5 })]])
    expect(await free('BIKE')).toMatchObject({ sellable: 5, reserved: 5, free: 0, demand: 10 })
  })

  test('medusa #16569, vendure #3508: of many who ask at the same moment exactly as many are served as there are pieces', async () => {
    await stock('BELL', 20)
    const answers = await Promise.all(Array.from({ length: CLIENTS }, () => order({ sku: 'BELL', quantity: 1 })))
    expect(answers.map(held).toSorted((a, b) => a - b)).toEqual([...Array.from({ length: CLIENTS - 20 }, () => 0), ...Array.from({ length: 20 }, () => 1)])
    expect(await free('BELL')).toMatchObject({ sellable: 20, reserved: 20, free: 0, demand: CLIENTS })
    // What a hold keeps for somebody does not leave with another customer's order either.
    const waiting = answers.find((answer) => held(answer) === 0)!
    expect(await post(`/api/orders/${String(waiting['number'])}/allocation`, {})).toMatchObject({ status: 409, body: { code: 'not_held' } })
    await verified()
  })
})

describe('odoo #62139 #154905: what is reserved and the orders that reserved it', async () => {
  const { owner, get, post, done, stock, order, free, verified } = await shop()

  test('never drift apart, whoever does what at the same moment, and nothing has to repair them', async () => {
    await stock('BIKE', 60)
    const placed = await Promise.all(Array.from({ length: CLIENTS }, (_, client) => order({ sku: 'BIKE', quantity: 1 + (client % 3) })))
    await Promise.all(placed.map(async ({ number }, client) => {
      const at = `/api/orders/${String(number)}`
      if (client % 4 === 0) await post(`${at}/cancellation`, {})
      else if (client % 4 === 1) await Promise.all([post(`${at}/change`, { lines: [{ line: 1, quantity: 1 }] }), post(`${at}/allocation`, {})])
      else if (client % 4 === 2) for (const step of ['allocation', 'pick', 'shipment']) await post(`${at}/${step}`, {})
      else await post('/api/sales', { site: 'SEA', lines: [{ sku: 'BIKE', quantity: 1 }] })
    }))
    // Fewer are found than are held.
    await done('/api/counts', { site: 'SEA', sku: 'BIKE', counted: 12 })
    const [{ kept }] = await owner.query<{ kept: number }>(sql`
      select coalesce(sum(p.held), 0)::int as kept from planned_move p join item i using (item_id) where i.sku = 'BIKE' and p.direction = 'demand'`) as [{ kept: number }]
    const planned = (await Promise.all(placed.map(({ number }) => get(`/api/orders/${String(number)}`)))).flatMap((one) => one['planned'] as unknown as Row[])
    const there = await free('BIKE')
    expect(there['reserved']).toBe(kept)
    expect(kept).toBeGreaterThan(0)
    expect(planned.reduce((sum, row) => sum + Number(row['held']), 0)).toBe(kept)
    expect(kept).toBeLessThanOrEqual(Number(there['sellable']))
    await verified()
  })
})

describe('erpnext #46240: what a till sells', async () => {
  const { get, done, stock, order, held, free, verified } = await shop()

  test('leaves the stock at the sale and not at the end of the shift: the next customer and every list know it at once', async () => {
    await stock('BELL', 3)
    await done('/api/sales', { site: 'SEA', lines: [{ sku: 'BELL', quantity: 2 }] })
    expect(await free('BELL')).toMatchObject({ sellable: 1, free: 1 })
    expect((await get('/api/stock?site=SEA&sku=BELL'))['rows']).toEqual([expect.objectContaining({ quantity: 1 })])
    expect(await get('/api/items/BELL/value?site=SEA')).toMatchObject({ quantity: 1, value: 500 })
    expect(held(await order({ sku: 'BELL', quantity: 2 }))).toBe(1)
    await verified()
  })
})
