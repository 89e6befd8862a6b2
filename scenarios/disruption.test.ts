// K2, stories through the public door: a supply slips, the customers it hurts are named with what can be done and at what price, one step does it, and
// nobody's promise is rewritten (odoo #260603: a late purchase order rewrites the customer's deadline).

import { describe, expect, test } from 'vitest'
import { addDays, day_ms } from '../core/calendar.ts'
import { sql } from '../server/db.ts'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

type Row = Readonly<Record<string, unknown>>
interface Remedy { readonly remedy: string; readonly with: string | null; readonly quantity: number; readonly cost: number | null; readonly date: string; readonly lines: number; readonly inTime: number }
interface Told extends Row { readonly id: string; readonly closedAt: string | null; readonly hurt: { readonly rows: readonly Row[] }; readonly remedies: readonly Remedy[]; readonly done: readonly Row[] }

describe('K2: a purchase that comes late', async () => {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX', 'FAR'] })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const call = async (method: 'GET' | 'POST', url: string, body?: unknown, headers?: Record<string, string>) => {
    const reply = await http.call(admin, method, url, body, headers)
    return { status: reply.status, body: reply.body as Record<string, never> & Row }
  }
  const done = async (url: string, body: unknown) => {
    const { status, body: answer } = await call('POST', url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const day = (days: number) => addDays(world.today(), days)
  const hear = () => deliverAll({ database: server, lanes: world.lanes })
  const verified = () => expectVerified(server, world.sealKey)
  const exceptions = async (site = 'SEA') => (await call('GET', `/api/exceptions?site=${site}`)).body['rows'] as unknown as Row[]
  const told = async (id: string, site = 'SEA') => (await call('GET', `/api/exceptions/${id}?site=${site}`)).body as unknown as Told
  const promises = () => server.query<object>(sql`select site_id, order_id, line, promised_on from order_line order by 1, 2, 3 -- every site: the test's`)
  const choose = ({ remedies }: Told, kind: string) => {
    const { remedy, with: partner, quantity, cost, date } = remedies.find((one) => one.remedy === kind)!
    return { site: 'SEA', remedy, with: partner, quantity, cost, date }
  }

  await done('/api/parties', { parties: ['C1', 'C2', 'C3'].map((code) => ({ code, name: `Customer ${code}`, kind: 'customer' })) })
  await done('/api/parties', { parties: ['S1', 'S2'].map((code) => ({ code, name: code, kind: 'supplier' })) })
  await done('/api/services', { services: [{ code: 'ROAD', carrier: 'Overland', name: 'Road', minimum: 900, rate: 450, rateUnit: 'KG', transitDays: 3 }] })
  await done('/api/site-sources', { sources: [{ site: 'PDX', source: 'buy', from: 'SEA', transferDays: 2 }] })

  let items = 0
  /** An item that is bought for the fifth day and promised to three customers, five of them in all. */
  async function promised(some: Row = {}): Promise<{ readonly sku: string; readonly purchase: string; readonly orders: readonly string[] }> {
    const sku = `LAMP-${(items += 1)}`
    await done('/api/items', { items: [{ sku, name: `Lamp ${items}`, standardCost: 700, listPrice: 2_000, weight: 400_000 }] })
    const { id } = await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku, quantity: 5, unitPrice: 700, due: day(5) }] })
    const orders: string[] = []
    for (const [index, quantity] of [1, 2, 2].entries())
      orders.push(String((await done('/api/orders', { site: 'SEA', customer: `C${index + 1}`, lines: [{ sku, quantity, unitPrice: 2_000 }], ...some }))['number']))
    return { sku, purchase: String(id), orders }
  }
  const slips = async (purchase: string, days: number) => {
    await done(`/api/purchases/${purchase}/due-date`, { site: 'SEA', lines: [{ line: 1, due: day(days) }] })
    return raisedOf(purchase)
  }
  const raisedOf = async (document: string, kind = 'supply_late') =>
    told(String((await exceptions()).find((one) => one['document'] === document && one['kind'] === kind)!['id']))

  test('names the three customers it hurts, value at risk, and what can be done at which price; no promise is rewritten', async () => {
    const { sku, purchase, orders } = await promised()
    await done('/api/supplier-items', { offers: [{ supplier: 'S2', sku, price: 900, leadTimeDays: 3 }, { supplier: 'S1', sku, price: 700, leadTimeDays: 4 }] })
    await done('/api/receipts', { site: 'PDX', lines: [{ sku, quantity: 3 }] })
    await done('/api/receipts', { site: 'FAR', lines: [{ sku, quantity: 9 }] })
    const before = await promises()
    const exception = await slips(purchase, 12)
    expect(await promises()).toEqual(before)
    expect(await exceptions()).toMatchObject([{ kind: 'supply_late', sku, hurtLines: 3, hurtValue: 10_000 }])
    expect(exception).toMatchObject({ documentKind: 'purchase', expected: day(12), lines: 3, orders: 3, mended: 0, atRisk: 10_000 })
    expect(exception.hurt.rows).toMatchObject(orders.map((order, index) => ({ order, customer: `C${index + 1}`, promised: day(5), promisedAgain: null, estimate: day(12), state: 'hurt' })))
    expect(exception.remedies).toMatchObject([
      // Five at 2.00 more than the late ones, which are called off.
      { remedy: 'expedite', with: 'S2', quantity: 5, cost: 1_000, date: day(3), lines: 3, inTime: 3, value: 10_000 },
      // Three of 400 g for the carrier's least; the third customer's two do not fit.
      { remedy: 'transfer', with: 'PDX', quantity: 3, cost: 900, date: day(2), lines: 2, inTime: 2, value: 6_000 },
      { remedy: 'repromise', with: null, cost: 0, date: day(12), lines: 3, inTime: 0, value: 0 },
    ])
    expect(exception['absent']).toMatchObject([{ what: 'substitute' }, { what: 'transfer from FAR', why: expect.stringContaining('9 are free there') as string }])
    await verified()
  })

  test('is mended by what another site has and, for the rest, a new promise: each in one step', async () => {
    const exception = await told(String((await exceptions()).at(-1)!['id']))
    const url = `/api/exceptions/${exception.id}/remedy`
    expect(await done(url, choose(exception, 'transfer'))).toMatchObject({ remedy: 'transfer', lines: 2, left: 1 })
    await hear()
    await verified()
    const between = await told(exception.id)
    expect(between.hurt.rows).toMatchObject([{ state: 'mended', estimate: day(2) }, { state: 'mended' }, { state: 'hurt', estimate: day(12) }])
    expect(between).toMatchObject({ closedAt: null, mended: 2, atRisk: 4_000, done: [{ data: { remedy: 'transfer', with: 'PDX', lines: 2 } }] })
    expect((await call('GET', '/api/transfers?site=PDX')).body['rows']).toMatchObject([{ state: 'held', quantity: 3 }])
    expect(await done(url, choose(between, 'repromise'))).toMatchObject({ remedy: 'repromise', lines: 1, left: 0 })
    const after = await told(exception.id)
    expect(after).toMatchObject({ mended: 3, atRisk: 0, remedies: [], done: [{}, { data: { remedy: 'repromise' } }] })
    expect(after.closedAt).not.toBeNull()
    expect(after.hurt.rows[2]).toMatchObject({ promised: day(5), promisedAgain: day(12), state: 'mended' })
    await verified()
  })

  test('is mended by another supplier: what is called off of the late one is what the new one brings', async () => {
    const { sku, purchase } = await promised()
    await done('/api/supplier-items', { offers: [{ supplier: 'S2', sku, price: 900, leadTimeDays: 3, minimum: 6 }] })
    const exception = await slips(purchase, 12)
    const body = choose(exception, 'expedite')
    expect(body).toMatchObject({ quantity: 6, cost: 6 * 900 - 5 * 700 })
    const { document } = await done(`/api/exceptions/${exception.id}/remedy`, body)
    expect((await told(exception.id)).closedAt).not.toBeNull()
    expect((await call('GET', `/api/purchases/${String(document)}?site=SEA`)).body).toMatchObject({ supplier: 'S2', lines: [{ quantity: 6, pegged: 5 }] })
    expect((await call('GET', `/api/purchases/${purchase}?site=SEA`)).body).toMatchObject({ open: 0, lines: [{ cancelled: 5 }] })
    await verified()
  })

  test('hurts an order that waits for all of it: what is there goes, the rest follows', async () => {
    const { sku, purchase, orders } = await promised({ shipComplete: true })
    // One for the first customer, one of the second's two.
    await done('/api/receipts', { site: 'SEA', lines: [{ sku, quantity: 2 }] })
    const exception = await slips(purchase, 12)
    const split = choose(exception, 'split')
    expect(split).toMatchObject({ quantity: 1, cost: 2 * 900, date: day(0) })
    const hurt = String(exception.hurt.rows[0]!['order'])
    expect(await call('POST', `/api/orders/${hurt}/allocation`, {})).toMatchObject({ status: 409 })
    await done(`/api/exceptions/${exception.id}/remedy`, split)
    expect((await call('GET', `/api/orders/${hurt}`)).body).toMatchObject({ shipComplete: false })
    expect(orders).toContain(hurt)
    await verified()
  })

  test('is refused when the world has changed, and the same request has one effect and one answer', async () => {
    const { sku, purchase } = await promised()
    await done('/api/supplier-items', { offers: [{ supplier: 'S2', sku, price: 900, leadTimeDays: 3 }] })
    const exception = await slips(purchase, 12)
    const url = `/api/exceptions/${exception.id}/remedy`
    const body = choose(exception, 'expedite')
    await done('/api/supplier-items', { offers: [{ supplier: 'S2', sku, price: 950, leadTimeDays: 3 }] })
    expect(await call('POST', url, body)).toMatchObject({ status: 409, body: { code: 'remedy_changed', detail: expect.stringContaining('12.50') as string } })
    expect(await call('POST', url, { ...body, with: 'S1' })).toMatchObject({ status: 409, body: { code: 'remedy_changed' } })
    expect(await call('POST', `/api/exceptions/${world.newId()}/remedy`, body)).toMatchObject({ status: 404, body: { code: 'exception_not_known' } })
    expect(await call('GET', `/api/exceptions/${world.newId()}?site=SEA`)).toMatchObject({ status: 404, body: { code: 'exception_not_known' } })
    const again = choose(await told(exception.id), 'expedite')
    const key = { 'idempotency-key': world.newId() }
    const answers = [await call('POST', url, again, key), await call('POST', url, again, key)]
    expect(answers[0]!.status).toBe(200)
    expect(answers[1]).toEqual(answers[0])
    expect(await call('POST', url, again)).toMatchObject({ status: 409, body: { code: 'exception_closed' } })
    await verified()
  })

  test('two people who choose at once: one does it, the other is told', async () => {
    const { sku, purchase } = await promised()
    await done('/api/supplier-items', { offers: [{ supplier: 'S2', sku, price: 900, leadTimeDays: 3 }] })
    const exception = await slips(purchase, 12)
    const body = choose(exception, 'expedite')
    const url = `/api/exceptions/${exception.id}/remedy`
    const answers = await Promise.all([call('POST', url, body), call('POST', url, body), call('POST', url, choose(exception, 'repromise'))])
    expect(answers.filter((one) => one.status === 200).length).toBe(1)
    expect(answers.filter((one) => one.status === 409).length).toBe(2)
    await verified()
  })

  test('late again, later: one exception stands, not two; and what will not come at all names them too', async () => {
    const { sku, purchase } = await promised()
    const count = (await exceptions()).length
    await slips(purchase, 12)
    const exception = await slips(purchase, 15)
    expect((await exceptions()).length).toBe(count + 1)
    expect(exception).toMatchObject({ expected: day(15), lines: 3 })
    await done(`/api/purchases/${purchase}/cancellation`, { site: 'SEA' })
    const gone = await raisedOf(purchase, 'supply_short')
    expect(gone).toMatchObject({ kind: 'supply_short', expected: null, lines: 3, hurt: { rows: [{ estimate: null }, {}, {}] } })
    expect(gone['absent']).toContainEqual({ what: 'new promises', why: 'For 3 lines no supply is known, so no day can be promised.' })
    await done('/api/receipts', { site: 'PDX', lines: [{ sku, quantity: 5 }] })
    expect(await done(`/api/exceptions/${gone.id}/remedy`, choose(await told(gone.id), 'transfer'))).toMatchObject({ lines: 3, left: 0 })
    await hear()
    await verified()
  })

  test('over work orders: the customer of what is made is found and mended', async () => {
    const { sku } = await promised()
    await done('/api/items', { items: [{ sku: `BIKE-${items}`, name: 'Bicycle', source: 'make', makeDays: 2, standardCost: 9_000, listPrice: 20_000 }] })
    await done('/api/bills', { lines: [{ parent: `BIKE-${items}`, component: sku, quantity: 2, validFrom: day(-9) }] })
    const more = String((await done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku, quantity: 4, unitPrice: 700, due: day(5) }] }))['id'])
    await done('/api/work-orders', { site: 'SEA', sku: `BIKE-${items}`, quantity: 2 })
    const { number } = await done('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: `BIKE-${items}`, quantity: 1 }] })
    await done('/api/supplier-items', { offers: [{ supplier: 'S2', sku, price: 900, leadTimeDays: 3 }] })
    const exception = await slips(more, 12)
    expect(exception.hurt.rows).toMatchObject([{ order: number, promised: day(7), estimate: day(14) }])
    expect(exception.remedies[0]).toMatchObject({ remedy: 'expedite', date: day(3), inTime: 1 })
    expect(await done(`/api/exceptions/${exception.id}/remedy`, choose(exception, 'expedite'))).toMatchObject({ left: 0 })
    expect((await told(exception.id)).hurt.rows).toMatchObject([{ state: 'mended', estimate: day(5) }])
    await verified()
  })

  test('a carrier that loses a transfer, and a work order that comes out broken, name their customers too', async () => {
    const sku = `LAMP-${(items += 1)}`
    await done('/api/items', { items: [{ sku, name: 'Lamp', standardCost: 700, listPrice: 2_000 }] })
    await done('/api/receipts', { site: 'PDX', lines: [{ sku, quantity: 3 }] })
    const { id } = await done('/api/transfer-requests', { site: 'SEA', from: 'PDX', due: day(2), lines: [{ sku, quantity: 3 }] })
    const { number } = await done('/api/orders', { site: 'SEA', customer: 'C3', lines: [{ sku, quantity: 3 }] })
    await hear()
    await done(`/api/transfers/${String(id)}/dispatch`, { site: 'PDX', arrivesOn: day(2) })
    await hear()
    await done(`/api/transfers/${String(id)}/loss`, { site: 'SEA' })
    const lost = await raisedOf(String(id), 'supply_short')
    expect(lost).toMatchObject({ lines: 1, hurt: { rows: [{ order: number, promised: day(2), estimate: null, state: 'hurt' }] } })
    await verified()

    const bike = `BIKE-${(items += 1)}`
    await done('/api/items', { items: [{ sku: bike, name: 'Bicycle', source: 'make', makeDays: 1, standardCost: 9_000, listPrice: 20_000 }] })
    await done('/api/bills', { lines: [{ parent: bike, component: sku, quantity: 1, validFrom: day(-9) }] })
    await done('/api/receipts', { site: 'SEA', lines: [{ sku, quantity: 6 }] })
    const workOrder = String((await done('/api/work-orders', { site: 'SEA', sku: bike, quantity: 3 }))['id'])
    const bicycle = String((await done('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: bike, quantity: 3 }] }))['number'])
    await done(`/api/work-orders/${workOrder}/release`, { site: 'SEA' })
    await done(`/api/work-orders/${workOrder}/issue`, { site: 'SEA' })
    expect(await done(`/api/work-orders/${workOrder}/output`, { site: 'SEA', quantity: 1, scrapped: 2 })).toMatchObject({ quantity: 1, scrapped: 2, open: 0 })
    const broken = await raisedOf(workOrder, 'supply_short')
    expect(broken).toMatchObject({ detail: expect.stringContaining('2 of a work order are scrap') as string, hurt: { rows: [{ order: bicycle, state: 'hurt' }] } })
    await verified()
  })

  test('a count that finds less names the order whose hold it shorts, and it is mended from elsewhere', async () => {
    const sku = `LAMP-${(items += 1)}`
    await done('/api/items', { items: [{ sku, name: 'Lamp', standardCost: 700, listPrice: 2_000, weight: 400_000 }] })
    await done('/api/receipts', { site: 'SEA', lines: [{ sku, quantity: 4, place: 'SHELF' }] })
    await done('/api/receipts', { site: 'PDX', lines: [{ sku, quantity: 4 }] })
    const { number } = await done('/api/orders', { site: 'SEA', customer: 'C2', lines: [{ sku, quantity: 4 }] })
    await done('/api/counts', { site: 'SEA', sku, place: 'SHELF', counted: 1 })
    const shorted = (await exceptions()).find((one) => one['kind'] === 'hold_shorted')!
    const exception = await told(String(shorted['id']))
    expect(exception).toMatchObject({ documentKind: 'order', lines: 1, hurt: { rows: [{ order: number, state: 'hurt', estimate: null }] } })
    expect(exception.remedies).toMatchObject([{ remedy: 'transfer', with: 'PDX', quantity: 3 }])
    await done(`/api/exceptions/${exception.id}/remedy`, choose(exception, 'transfer'))
    await hear()
    world.wait(day_ms)
    await verified()
  })
})
