import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { endpoints } from '../api/endpoints.ts'
import { placeAll } from './http/bulk.ts'
import { directs, readers, writers } from './http/handlers.ts'
import { testDatabase } from './test-database.ts'
import { testContext, testHttp } from './test-http.ts'
import { testWorld } from './test-world.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 10, B: 5 } })
const http = await testHttp(server, world)
const admin = await http.key('admin')
await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })

const order = (lines: object[], more: object = {}) => ({ site: 'SEA', customer: 'C1', lines, ...more })
const oneA = [{ sku: 'A', quantity: 1 }]

describe('every endpoint', () => {
  test('has one handler, and every handler an endpoint', () => {
    const handled = [...Object.keys(writers), ...Object.keys(readers), ...Object.keys(directs), 'listEvents', 'placeOrders'].toSorted()
    expect(handled).toEqual(endpoints.map((one) => one.name).toSorted())
    expect(endpoints.filter((one) => one.writes).map((one) => one.name).toSorted()).toEqual(Object.keys(writers).toSorted())
  })

  test('stands in OpenAPI 3.1 with what it takes and gives', async () => {
    const { body } = await http.call(undefined, 'GET', '/api/openapi.json')
    expect(body['openapi']).toBe('3.1.0')
    const paths = body['paths'] as Record<string, Record<string, { operationId: string }>>
    const named = Object.values(paths).flatMap((path) => Object.values(path).map((one) => one.operationId)).toSorted()
    expect(named).toEqual(endpoints.map((one) => one.name).toSorted())
  })
})

describe('an order', () => {
  test('goes from order to return over HTTP, by its number', async () => {
    const placed = await http.call(admin, 'POST', '/api/orders', order([{ sku: 'A', quantity: 3 }, { sku: 'B', quantity: 1 }]))
    expect(placed).toMatchObject({ status: 201, body: { lines: [{ sku: 'A', held: 3, source: 'SEA' }, { sku: 'B', held: 1 }] } })
    const at = `/api/orders/${String(placed.body['number'])}`
    expect((await http.call(admin, 'GET', at)).body).toMatchObject({ state: 'held', customer: 'C1', lines: [{ sku: 'A', quantity: 3 }, {}] })
    expect((await http.call(admin, 'POST', `${at}/pick`, {})).body).toMatchObject({ code: 'order_state_forbids', status: 409 })
    for (const [action, status, body] of [['allocation', 200, {}], ['pick', 200, {}], ['shipment', 201, {}], ['delivery', 200, { receivedBy: 'Ann' }]] as const) {
      expect([action, (await http.call(admin, 'POST', `${at}/${action}`, body)).status]).toEqual([action, status])
    }
    expect((await http.call(admin, 'GET', at)).body).toMatchObject({ state: 'delivered', can: ['unpack', 'return'], shipments: [{ receivedBy: 'Ann' }] })
    expect((await http.call(admin, 'POST', `${at}/return`, { lines: [{ line: 1, quantity: 4 }] })).body).toMatchObject({ code: 'more_than_delivered' })
    expect((await http.call(admin, 'POST', `${at}/return`, { lines: [{ line: 1, quantity: 1 }] })).status).toBe(201)
    const stock = await http.call(admin, 'GET', '/api/stock?site=SEA&sku=A')
    expect(stock.body['rows']).toMatchObject([{ condition: 'quarantine', place: 'INSPECTION', quantity: 1 }, { condition: 'sellable', place: 'SHELF', quantity: 7 }])
    expect((await http.call(admin, 'GET', '/api/moves?site=SEA&sku=A')).body['rows']).toMatchObject([
      { cause: 'opening', from: 'opening', to: 'SHELF' }, { cause: 'pick' }, { cause: 'shipment', to: 'customer' }, { cause: 'return', from: 'customer' },
    ])
  })

  test('sent twice under one key is one order, and says so', async () => {
    const headers = { 'idempotency-key': 'twice' }
    const [first, again] = [await http.call(admin, 'POST', '/api/orders', order(oneA), headers), await http.call(admin, 'POST', '/api/orders', order(oneA), headers)]
    expect(again).toMatchObject({ status: 201, text: first.text, headers: { 'idempotent-replayed': 'true' } })
    expect((await http.call(admin, 'POST', '/api/orders', order([{ sku: 'B', quantity: 1 }]), headers)).body).toMatchObject({ code: 'idempotency_key_reused', status: 422 })
  })

  test('with a number of the customer that was used is refused', async () => {
    expect((await http.call(admin, 'POST', '/api/orders', order(oneA, { reference: 'PO-7' }))).status).toBe(201)
    expect((await http.call(admin, 'POST', '/api/orders', order(oneA, { reference: 'PO-7' }))).body).toMatchObject({ code: 'order_number_taken', field: 'reference' })
  })

  test.each<[string, unknown, string, string]>([
    ['an unknown item',        order([{ sku: 'A', quantity: 1 }, { sku: 'ZZZ', quantity: 1 }]), 'item_not_known',            'lines/2/sku'],
    ['a quantity below none',  order([{ sku: 'A', quantity: -1 }]),                             'quantity_not_positive',     'lines/1/quantity'],
    ['none',                   order([{ sku: 'A', quantity: 0 }]),                              'quantity_not_positive',     'lines/1/quantity'],
    ['half a piece',           order([{ sku: 'A', quantity: 0.5 }]),                            'quantity_finer_than_unit',  'lines/1/quantity'],
    ['more than there can be', order([{ sku: 'A', quantity: 1e15 }]),                           'quantity_too_large',        'lines/1/quantity'],
    ['a quantity in words',    order([{ sku: 'A', quantity: '1' }]),                            'body_not_valid',            'lines/1/quantity'],
    ['an impossible date',     order([{ sku: 'A', quantity: 1, requested: '2026-02-30' }]),     'date_not_valid',            'lines/1/requested'],
    ['an order of tomorrow',   order(oneA, { orderedAt: '2031-01-01T00:00:00Z' }),              'happened_in_future',        'orderedAt'],
    ['an unknown customer',    order(oneA, { customer: 'NOBODY' }),                             'party_not_known',           'customer'],
    ['an unknown site',        order(oneA, { site: 'NOWHERE' }),                                'site_not_known',            'site'],
    ['the control site',       order(oneA, { site: 'CONTROL' }),                                'site_not_known',            'site'],
    ['no lines',               order([]),                                                       'body_not_valid',            'lines'],
    ['a field too many',       order(oneA, { price: 1 }),                                       'body_not_valid',            ''],
    ['NUL in a code',          order([{ sku: 'A\0', quantity: 1 }]),                            'text_not_storable',         'lines/1/sku'],
    ['half a surrogate pair',  order(oneA, { reference: '\ud800' }),                            'text_not_storable',         'reference'],
    ['not JSON',               '{"site":',                                                      'body_not_json',             ''],
    ['not an object',          '[]',                                                            'body_not_valid',            ''],
  ])('with %s is refused', async (_story, body, code, field) => {
    const reply = await http.call(admin, 'POST', '/api/orders', body)
    expect(reply.body).toMatchObject({ code, field, type: `urn:quartermaster:refusal:${code}` })
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(reply.status).toBe(reply.body['status'])
  })

  test('of 100 MB is refused without being read', async () => {
    const reply = await http.call(admin, 'POST', '/api/orders', Buffer.alloc(100_000_000, 32))
    expect(reply.body).toMatchObject({ code: 'body_too_large', status: 413 })
  })

  test.each<[string, Record<string, string>, string]>([
    ['no key',            { 'idempotency-key': '' },               'idempotency_key_not_valid'],
    ['a key with blanks', { 'idempotency-key': 'a b' },            'idempotency_key_not_valid'],
    ['a key too long',    { 'idempotency-key': 'x'.repeat(201) },  'idempotency_key_not_valid'],
    ['another type',      { 'content-type': 'text/plain' },        'body_not_json'],
  ])('with %s is refused', async (_story, headers, code) => {
    expect((await http.call(admin, 'POST', '/api/orders', order(oneA), headers)).body).toMatchObject({ code })
  })

  test('without an Idempotency-Key header is refused', async () => {
    const reply = await http.app.inject({ method: 'POST', url: '/api/orders', headers: { authorization: `Bearer ${admin}` }, payload: order(oneA) })
    expect(reply.json()).toMatchObject({ code: 'idempotency_key_missing' })
  })
})

describe('bulk', () => {
  const bulk = (lines: readonly string[], secret = admin) =>
    http.app.inject({ method: 'POST', url: '/api/orders/bulk', headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson' }, payload: lines.join('\r\n') })

  test('answers every line in order, good and bad', async () => {
    const lines = [
      JSON.stringify({ ...order(oneA), key: 'b1' }), '', JSON.stringify({ ...order([{ sku: 'ZZZ', quantity: 1 }]), key: 'b2' }), 'nonsense',
      JSON.stringify({ ...order(oneA), key: 'b1' }), JSON.stringify({ ...order([{ sku: 'A', quantity: 1.5 }]), key: 'b4' }), JSON.stringify({ ...order(oneA), key: 'b5' }),
    ]
    const reply = await bulk(lines)
    const answers = reply.body.trim().split('\n').map((line) => JSON.parse(line) as { key: string; status: number; answer: Record<string, unknown> })
    expect(answers.map((one) => [one.key, one.status, one.answer['code'] ?? 'placed'])).toEqual([
      ['b1', 201, 'placed'], ['b2', 422, 'item_not_known'], ['', 400, 'body_not_json'], ['b1', 201, 'placed'], ['b4', 422, 'quantity_finer_than_unit'], ['b5', 201, 'placed'],
    ])
    expect(answers[3]!.answer).toEqual(answers[0]!.answer)
  })

  test('keeps order over many more lines than are under way at once', async () => {
    const keys = Array.from({ length: 2_500 }, (_one, index) => `many-${index}`)
    const reply = await bulk(keys.map((key) => JSON.stringify({ ...order([{ sku: 'B', quantity: 1 }]), key })))
    expect(reply.body.trim().split('\n').map((line) => (JSON.parse(line) as { key: string }).key)).toEqual(keys)
  })

  test('answers while the stream is still open, and stops reading when its client leaves', async () => {
    const input = new PassThrough()
    const principal = { actor: 'key:1', name: 'key:1', displayName: '', role: 'admin', sites: [] } as const
    const answers = placeAll({ context: testContext(server, world), principal }, input)
    for (const name of ['open-1', 'open-2']) {
      input.write(`${JSON.stringify({ ...order(oneA), key: name })}\n`)
      expect((await answers.next()).value).toContain(`"key":"${name}","status":201`)
    }
    await answers.return(undefined)
    expect(input.destroyed).toBe(true)
  })

  test('a line without end is refused, and memory is spared', async () => {
    expect((await bulk(['x'.repeat(3_000_000)])).body).toContain('body_too_large')
  })
})

describe('a till and a warehouse', () => {
  test('sell, buy, receive, transfer, count, lose and change condition', async () => {
    const sold = await http.call(admin, 'POST', '/api/sales', { site: 'PDX', lines: [{ sku: 'A', quantity: 2 }] })
    expect(sold).toMatchObject({ status: 201, body: { number: 'PDX-1' } })
    const bought = await http.call(admin, 'POST', '/api/purchases', { site: 'PDX', supplier: 'S1', lines: [{ sku: 'A', quantity: 5, due: '2026-04-01' }] })
    expect(bought.status).toBe(201)
    expect((await http.call(admin, 'POST', '/api/promises', { site: 'PDX', sku: 'A', quantity: 10 })).body).toEqual({ quantity: 10, held: 8, promised: '2026-04-01', reason: 'incoming_supply', probability: null })
    const receipt = { site: 'PDX', purchase: bought.body['id'], lines: [{ sku: 'A', quantity: 6 }] }
    expect((await http.call(admin, 'POST', '/api/receipts', receipt)).body).toMatchObject({ code: 'more_than_expected' })
    expect((await http.call(admin, 'POST', '/api/receipts', { ...receipt, lines: [{ sku: 'A', quantity: 5 }] })).status).toBe(201)
    expect((await http.call(admin, 'POST', '/api/receipts', { ...receipt, purchase: world.newId() })).body).toMatchObject({ code: 'purchase_not_known' })
    expect((await http.call(admin, 'POST', '/api/transfers', { site: 'PDX', to: 'SEA', lines: [{ sku: 'B', quantity: 1 }] })).status).toBe(201)
    expect((await http.call(admin, 'POST', '/api/transfers', { site: 'PDX', to: 'PDX', lines: [{ sku: 'B', quantity: 1 }] })).body).toMatchObject({ code: 'same_site' })
    expect((await http.call(admin, 'POST', '/api/losses', { site: 'PDX', sku: 'A', quantity: 1, cause: 'breakage' })).status).toBe(201)
    expect((await http.call(admin, 'POST', '/api/losses', { site: 'PDX', sku: 'A', quantity: 1, cause: 'theft', place: 'ATTIC' })).body).toMatchObject({ code: 'place_not_known' })
    expect((await http.call(admin, 'POST', '/api/counts', { site: 'PDX', sku: 'A', counted: 6 })).body).toMatchObject({ recorded: 7, difference: -1 })
    const hurt = { site: 'PDX', sku: 'A', quantity: 1, from: 'sellable', to: 'damaged' }
    expect((await http.call(admin, 'POST', '/api/condition-changes', hurt)).status).toBe(201)
    expect((await http.call(admin, 'GET', '/api/availability?site=PDX&sku=A')).body['rows']).toMatchObject([{ sellable: 10, reserved: 0, free: 10, supply: 0 }])
  })
})

describe('lists', () => {
  test('page through everything once, and refuse a cursor they did not make', async () => {
    const seen: unknown[] = []
    let url: string | undefined = '/api/orders?site=SEA&limit=7'
    while (url !== undefined) {
      const { body }: { body: Record<string, unknown> } = await http.call(admin, 'GET', url)
      seen.push(...(body['rows'] as { number: string }[]).map((row) => row.number))
      url = body['next'] === null ? undefined : `/api/orders?site=SEA&limit=7&cursor=${body['next'] as string}`
    }
    expect(seen.length).toBeGreaterThan(2_500)
    expect(new Set(seen).size).toBe(seen.length)
    for (const cursor of ['x', 'WzFd', Buffer.from('["a"]').toString('base64url'), Buffer.from('[1e300]').toString('base64url')]) {
      for (const list of ['stock', 'exceptions', 'moves', 'availability']) {
        if (cursor === 'WzFd' && list === 'moves') continue
        expect((await http.call(admin, 'GET', `/api/${list}?site=SEA&cursor=${cursor}`)).body).toMatchObject({ code: 'cursor_not_valid' })
      }
    }
    const beyond = Buffer.from(JSON.stringify([9e15, '01890000-0000-7000-8000-000000000000'])).toString('base64url')
    expect((await http.call(admin, 'GET', `/api/exceptions?site=SEA&cursor=${beyond}`)).body).toMatchObject({ code: 'cursor_not_valid' })
  })

  test('what is not there is told so', async () => {
    expect((await http.call(admin, 'GET', '/api/nothing')).body).toMatchObject({ code: 'endpoint_not_known', status: 404 })
    expect((await http.call(admin, 'GET', '/api/orders/SEA-999999')).body).toMatchObject({ code: 'order_not_known', status: 404 })
    expect((await http.call(admin, 'DELETE', '/api/keys/1')).body).toMatchObject({ code: 'key_id_not_known', status: 404 })
    expect(http.faults).toEqual([])
  })
})
