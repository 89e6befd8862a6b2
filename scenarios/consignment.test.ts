// B1: stock is told apart by site, place, lot, serial, condition and owner, and changes by moves only; and goods of a supplier that stand with us: they
// come in and are worth nothing to us, are seen beside our own, are used when our own do not suffice and paid for then, and go back if they are not.

import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { deliverAll } from '../server/relay.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'

interface Row { readonly [name: string]: unknown }

async function shop(items: Readonly<Record<string, number>>) {
  const { server } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA', 'PDX'], items })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const send = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const reply = await http.call(admin, method, url, body)
    return { status: reply.status, body: reply.body as Record<string, never> & Row }
  }
  const post = async (url: string, body: object) => send('POST', url, { site: 'SEA', ...body })
  const done = async (url: string, body: object) => {
    const { status, body: answer } = await post(url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  const refused = async (url: string, body: object) => {
    const { body: answer } = await post(url, body)
    return `${String(answer['code'])} ${String(answer['field'])}`
  }
  const get = async (url: string) => (await send('GET', url)).body
  const rows = async (url: string) => (await get(url))['rows'] as unknown as Row[]
  const parties = [['C1', 'customer'], ['S1', 'supplier'], ['S2', 'supplier']].map(([code, kind]) => ({ code, name: code, kind }))
  await send('POST', '/api/parties', { parties })
  const make = (sku: string, tracking: string) => ({ sku, name: sku, tracking })
  await send('POST', '/api/items', { items: [make('LOT', 'lot'), make('SERIAL', 'serial')] })
  const offer = (supplier: string, sku: string, price: number) => ({ supplier, sku, price, leadTimeDays: 3 })
  await send('POST', '/api/supplier-items', { offers: [offer('S1', 'A', 90), offer('S2', 'A', 95), offer('S1', 'LOT', 40), offer('S1', 'SERIAL', 500)] })
  return {
    server, world, post, done, refused, get, rows,
    order: (...lines: object[]) => done('/api/orders', { customer: 'C1', lines }),
    line: (sku: string, quantity: number) => ({ sku, quantity, unitPrice: 250 }),
    lend: (sku: string, quantity: number, more: object = {}, owner = 'S1') => done('/api/receipts', { owner, lines: [{ sku, quantity, place: 'SHELF', ...more }] }),
    have: async (sku = 'A') => (await rows(`/api/availability?site=SEA&sku=${sku}`))[0]!,
    owned: async (sku = 'A') => (await rows(`/api/stock?site=SEA&sku=${sku}`)).map((row) => `${String(row['quantity'])} ${String(row['condition'])} of ${String(row['owner'])}`),
    worth: async () => Number((await get(`/api/values?site=SEA&on=${world.today()}`))['value']),
    delivered: () => deliverAll({ database: server, lanes: world.lanes }),
    verified: () => expectVerified(server, world.sealKey),
  }
}

describe('B1: goods of a supplier come in and stay his', async () => {
  const { server, done, refused, get, rows, lend, have, owned, worth, post, verified } = await shop({ A: 2, B: 1 })

  test('not without a price at which they may be used, not as a purchase, and not at a value', async () => {
    const receipt = (more: object, lines: object = {}) => refused('/api/receipts', { ...more, lines: [{ sku: 'A', quantity: 1, ...lines }] })
    expect(await refused('/api/receipts', { owner: 'S1', lines: [{ sku: 'B', quantity: 1 }] })).toBe('price_not_agreed lines/1/sku')
    expect(await receipt({ owner: 'S1' }, { value: 90 })).toBe('consigned_not_bought lines/1/value')
    const { id } = await done('/api/purchases', { supplier: 'S1', lines: [{ sku: 'A', quantity: 1, due: '2026-03-09' }] })
    expect(await receipt({ owner: 'S1', purchase: id }, { line: 1 })).toBe('consigned_not_bought purchase')
    await done(`/api/purchases/${String(id)}/cancellation`, {})
    expect([await receipt({ owner: 'NOBODY' }), await receipt({ owner: 'C1' })]).toEqual(['party_not_known owner', 'party_not_known owner'])
  })

  test('they are seen beside our own, by whose they are, and are worth nothing to us', async () => {
    const before = await worth()
    await lend('A', 5)
    await lend('A', 3, { rejected: 1 }, 'S2')
    expect(await worth()).toBe(before)
    expect(await have()).toMatchObject({ sellable: 2, free: 2, demand: 0, consigned: 8 })
    expect(await owned()).toEqual(['2 sellable of COMPANY', '5 sellable of S1', '1 quarantine of S2', '3 sellable of S2'])
    expect(await rows('/api/stock?site=SEA&owner=S2')).toMatchObject([{ sku: 'A', condition: 'quarantine', consigned: true }, { condition: 'sellable', consigned: true }])
    expect(await rows('/api/stock?site=SEA&owner=S2&limit=1')).toHaveLength(1)
    const page = await get('/api/stock?site=SEA&owner=S2&limit=1')
    expect(await rows(`/api/stock?site=SEA&owner=S2&cursor=${String(page['next'])}`)).toMatchObject([{ condition: 'sellable', quantity: 3 }])
    expect(await rows('/api/stock?site=SEA&owner=COMPANY')).toMatchObject([{ sku: 'A', consigned: false }, { sku: 'B' }])
    expect(await rows('/api/items/A/availability')).toMatchObject([{ site: 'PDX', consigned: 0 }, { site: 'SEA', sellable: 2, consigned: 8 }])
    expect((await rows('/api/availability?site=SEA')).map((row) => row['sku'])).toEqual(['A', 'B'])
    expect(await server.query(sql`select distinct value_minor as value from item_value v join party p on p.party_id = v.owner_id where p.kind = 'supplier'`)).toEqual([{ value: 0 }])
  })

  test('what can be promised is explained with them, row by row', async () => {
    const first = await get('/api/explain/availability?site=SEA&sku=A&limit=1')
    expect(first).toMatchObject({ figure: { sellable: 2, consigned: 8, reserved: 0, free: 2, promisable: 10 }, carried: { consigned: 8 }, stock: [{ quantity: 2, consigned: false }] })
    expect(first['says']).toContain('8 more stand there that are suppliers')
    const { stock, days } = await get('/api/explain/availability?site=SEA&sku=A') as { readonly [name: string]: unknown }
    expect(stock).toMatchObject([{ owner: 'COMPANY', quantity: 2 }, { owner: 'S1', quantity: 5, consigned: true }, { owner: 'S2', quantity: 3, consigned: true }])
    expect(days).toMatchObject([{ balance: 10, promisable: 10 }])
    const second = await get(`/api/explain/availability?site=SEA&sku=A&limit=1&cursor=${String(first['next'])}`)
    expect(second).toMatchObject({ stock: [{ owner: 'S1', quantity: 5 }], carried: { sellable: 0, consigned: 3 } })
  })

  test('they are promised as in stock, after our own, and not beyond what is there', async () => {
    const ask = async (quantity: number) => (await post('/api/promises', { sku: 'A', quantity })).body
    expect(await ask(10)).toMatchObject({ held: 10, reason: 'in_stock' })
    expect(await ask(11)).toMatchObject({ held: 10, promised: null, reason: 'no_supply' })
    await verified()
  })
})

describe('B1: goods of a supplier are used', async () => {
  const { world, done, get, rows, order, line, lend, have, owned, worth, verified } = await shop({ A: 2, B: 1 })
  let bought: unknown

  test('an order takes our own first and takes over the rest, cheapest first, and says so; what is owed stands in purchases', async () => {
    await lend('A', 5)
    await lend('A', 3, {}, 'S2')
    const { lines, number } = await order(line('A', 4))
    const because = 'It is in stock. 2 of it are taken over from S1, whose goods stood here.'
    expect(lines).toMatchObject([{ held: 4, backordered: 0, reason: 'in_stock', because }])
    expect((await get(`/api/orders/${String(number)}`))['promises']).toMatchObject([{ because }])
    expect(await have()).toMatchObject({ sellable: 4, reserved: 4, free: 0, consigned: 6 })
    expect(await worth()).toBe(2 * 100 + 2 * 90 + 100)
    const [purchase] = await rows('/api/purchases?site=SEA')
    expect(purchase).toMatchObject({ supplier: 'S1', lines: 1, open: 0, value: 180 })
    bought = purchase!['id']
    expect((await get(`/api/purchases/${String(bought)}?site=SEA`))['lines']).toMatchObject([{ sku: 'A', quantity: 2, received: 2, unitPrice: 90 }])
    expect((await rows('/api/moves?site=SEA&sku=A&from=newest'))[0]).toMatchObject({ cause: 'take_over', from: 'SHELF', to: 'SHELF', fromOwner: 'S1', owner: 'COMPANY', quantity: 2, value: 180 })
  })

  test('from then on they are like any of ours: picked, shipped, and a late bill finds them', async () => {
    await done('/api/costs', { document: bought, kind: 'freight', amount: 20 })
    for (const step of ['allocation', 'pick', 'shipment']) await done('/api/orders/SEA-1/' + step, {})
    expect(await have()).toMatchObject({ sellable: 0, reserved: 0, consigned: 6 })
    expect(await owned()).toEqual(['3 sellable of S1', '3 sellable of S2'])
    await verified()
  })

  test('a till uses them where the shelf has no more of ours, and nothing goes below zero', async () => {
    await done('/api/sales', { lines: [line('A', 4)] })
    expect(await owned()).toEqual(['2 sellable of S2'])
    expect(await rows('/api/exceptions?site=SEA')).toEqual([])
    expect(await worth()).toBe(100)
    await verified()
  })

  test('a late look at yesterday knows what was ours then', async () => {
    const on = world.today()
    world.wait(86_400_000)
    await order(line('A', 2))
    expect(await get(`/api/values?site=SEA&on=${on}`)).toMatchObject({ value: 100, rows: [{ sku: 'A', quantity: 0, value: 0 }, { sku: 'B' }] })
    expect(await get(`/api/values?site=SEA&on=${world.today()}`)).toMatchObject({ value: 290, rows: [{ sku: 'A', quantity: 2, value: 190 }, {}] })
    expect(await get(`/api/items/A/as-of?site=SEA&at=${on}T23:59:59Z`)).toMatchObject({ quantity: 0, value: 0, rows: [] })
  })

  test('who waits is served when such goods come in, and nobody else is promised them', async () => {
    await order(line('A', 3))
    expect(await have()).toMatchObject({ demand: 5, reserved: 2, consigned: 0 })
    await lend('A', 5)
    expect(await have()).toMatchObject({ demand: 5, reserved: 5, consigned: 2 })
    await verified()
  })
})

describe('B1: goods of a supplier cover what is short', async () => {
  const { done, get, post, order, line, lend, have, verified } = await shop({ A: 3 })

  test('our own that were held are lost; his that stand here are the first source, and one step takes them', async () => {
    await lend('A', 2)
    await order(line('A', 3))
    await done('/api/losses', { sku: 'A', quantity: 3, cause: 'breakage' })
    expect(await have()).toMatchObject({ demand: 3, reserved: 0, consigned: 2 })
    const proposed = await get('/api/shortages?site=SEA')
    expect(proposed['lines']).toMatchObject([
      { sku: 'A', source: 'consigned', supplier: 'S1', short: 3, quantity: 2, because: "3 demanded - 0 in stock - 0 coming = 3 short; 2 of S1's goods stand here and are taken over." },
      { sku: 'A', source: 'supplier', supplier: 'S1', short: 1, quantity: 1 },
    ])
    expect(await have()).toMatchObject({ reserved: 0, consigned: 2 })
    expect((await done('/api/shortages/cover', {}))['purchases']).toMatchObject([{ supplier: 'S1', lines: 1 }, { supplier: 'S1', lines: 1 }])
    expect(await have()).toMatchObject({ demand: 3, reserved: 2, supply: 1, consigned: 0 })
    expect((await post('/api/shortages/cover', {})).body['lines']).toEqual([])
    await verified()
  })
})

describe('B1: what is done with goods of a supplier is done with his alone', async () => {
  const { done, refused, rows, lend, have, owned, worth, verified } = await shop({ A: 4 })

  test('counted, lost, held back and moved as his; ours and what they are worth stay as they are', async () => {
    await lend('A', 10)
    expect(await done('/api/counts', { sku: 'A', owner: 'S1', counted: 9 })).toMatchObject({ recorded: 10, difference: -1, value: 0 })
    expect(await done('/api/counts', { sku: 'A', counted: 4 })).toMatchObject({ recorded: 4, difference: 0 })
    expect(await done('/api/losses', { sku: 'A', owner: 'S1', quantity: 1, cause: 'theft' })).toMatchObject({ value: 0 })
    await done('/api/condition-changes', { sku: 'A', owner: 'S1', quantity: 2, from: 'sellable', to: 'damaged' })
    await done('/api/relocations', { sku: 'A', owner: 'S1', quantity: 3, from: 'SHELF', to: 'DOCK' })
    expect(await owned()).toEqual(['4 sellable of COMPANY', '2 damaged of S1', '3 sellable of S1', '3 sellable of S1'])
    expect(await have()).toMatchObject({ sellable: 4, consigned: 6 })
    expect(await worth()).toBe(400)
    expect(await rows('/api/differences?site=SEA&cause=loss')).toMatchObject([{ owner: 'S1', difference: -1, value: 0, cause: 'theft' }])
    expect(await refused('/api/losses', { sku: 'A', owner: 'S2', quantity: 1, cause: 'lost' })).toBe('not_enough_stock quantity')
    await verified()
  })

  test('given back, whatever their condition, and not more than there is', async () => {
    const back = { supplier: 'S1', sku: 'A' }
    await done('/api/consignment-returns', { ...back, quantity: 2, condition: 'damaged' })
    expect(await refused('/api/consignment-returns', { ...back, quantity: 4 })).toBe('not_enough_stock quantity')
    expect(await refused('/api/consignment-returns', { ...back, quantity: 1, place: 'NOWHERE' })).toBe('place_not_known place')
    expect(await refused('/api/consignment-returns', { ...back, quantity: 1, givenAt: '2027-01-01T00:00:00Z' })).toBe('happened_in_future givenAt')
    expect((await rows('/api/moves?site=SEA&from=newest'))[0]).toMatchObject({ cause: 'give_back', to: 'supplier', owner: 'S1', value: 0, quantity: 2 })
  })

  test('what we are to pay for is taken over first, at another price if one was agreed, and lost as ours', async () => {
    const take = { supplier: 'S1', sku: 'A', quantity: 1 }
    expect(await refused('/api/take-overs', { ...take, supplier: 'S2' })).toBe('not_enough_stock quantity')
    expect(await refused('/api/take-overs', { ...take, quantity: 4, place: 'DOCK' })).toBe('not_enough_stock quantity')
    expect(await done('/api/take-overs', { ...take, place: 'DOCK', unitPrice: 70 })).toMatchObject({ supplier: 'S1', quantity: 1, value: 70 })
    expect(await worth()).toBe(470)
    await done('/api/losses', { sku: 'A', quantity: 1, place: 'DOCK', cause: 'lost' })
    expect(await have()).toMatchObject({ sellable: 4, consigned: 5 })
    await verified()
  })

  test('not at a price that nobody named', async () => {
    expect(await refused('/api/take-overs', { supplier: 'S2', sku: 'LOT', quantity: 1 })).toBe('price_not_agreed unitPrice')
  })
})

describe('B1: the last piece is taken over once', async () => {
  const { done, post, lend, have, owned, line, verified } = await shop({ A: 0 })

  test('of two who take it over at the same moment one is told that there is none', async () => {
    for (let round = 0; round < 5; round += 1) {
      await lend('A', 1)
      const asked = Array.from({ length: 4 }, () => post('/api/take-overs', { supplier: 'S1', sku: 'A', quantity: 1 }))
      const answers = (await Promise.all(asked)).map(({ status, body }) => (status === 201 ? 'taken' : String(body['code'])))
      expect(answers.toSorted((a, b) => a.localeCompare(b))).toEqual(['not_enough_stock', 'not_enough_stock', 'not_enough_stock', 'taken'])
      expect(await have()).toMatchObject({ sellable: round + 1, consigned: 0 })
    }
    await done('/api/sales', { lines: [line('A', 5)] })
  })

  test('of two orders that want it one holds it, and the other waits', async () => {
    await lend('A', 1)
    const orders = await Promise.all([1, 2, 3].map(() => post('/api/orders', { customer: 'C1', lines: [line('A', 1)] })))
    const held = orders.map(({ body }) => Number((body['lines'] as unknown as Row[])[0]!['held']))
    expect(held.toSorted((a, b) => a - b)).toEqual([0, 0, 1])
    expect(await owned()).toEqual(['1 sellable of COMPANY'])
    expect(await have()).toMatchObject({ reserved: 1, demand: 3, consigned: 0 })
    await verified()
  })
})

describe('B1: lots and serials of a supplier', async () => {
  const { world, done, refused, rows, order, lend, have, owned, post, delivered, verified } = await shop({ A: 0 })

  test('the lot or piece that a till scans is the one that is taken over', async () => {
    await lend('LOT', 2, { lot: 'L1', expiresOn: '2026-03-20' })
    await lend('LOT', 2, { lot: 'L2', expiresOn: '2026-03-10' })
    await lend('SERIAL', 1, { serial: 'N1' })
    await done('/api/sales', { lines: [{ sku: 'LOT', lot: 'L1', quantity: 1 }, { sku: 'SERIAL', serial: 'N1', quantity: 1 }] })
    expect((await rows('/api/stock?site=SEA&owner=S1')).map((row) => [row['lot'], row['quantity']])).toEqual([['L1', 1], ['L2', 2]])
    expect(await have('SERIAL')).toMatchObject({ sellable: 0, consigned: 0 })
  })

  test('a piece is here once, whoever owns it', async () => {
    await lend('SERIAL', 1, { serial: 'N2' })
    expect(await refused('/api/receipts', { lines: [{ sku: 'SERIAL', serial: 'N2', quantity: 1 }] })).toBe('serial_taken lines/1/serial')
    expect(await done('/api/take-overs', { supplier: 'S1', sku: 'SERIAL', serial: 'N2', quantity: 1 })).toMatchObject({ quantity: 1, value: 500 })
    expect(await refused('/api/receipts', { owner: 'S1', lines: [{ sku: 'SERIAL', serial: 'N2', quantity: 1 }] })).toBe('serial_taken lines/1/serial')
  })

  test('what expires first is used first, and what expired or is recalled is neither promised nor used', async () => {
    await order({ sku: 'LOT', quantity: 1 })
    expect((await rows('/api/stock?site=SEA&sku=LOT')).map((row) => `${String(row['lot'])} ${String(row['owner'])}`)).toEqual(['L2 COMPANY', 'L1 S1', 'L2 S1'])
    world.wait(9 * 86_400_000)
    await lend('LOT', 1, { lot: 'L3', expiresOn: '2026-12-31' })
    // The order's piece expired with its lot; it has another now, of the lot that expires next.
    expect(await owned('LOT')).toEqual(['1 expired of COMPANY', '1 sellable of COMPANY', '1 expired of S1', '1 sellable of S1'])
    expect(await have('LOT')).toMatchObject({ sellable: 1, reserved: 1, consigned: 1 })
    expect(await post('/api/promises', { sku: 'LOT', quantity: 2 })).toMatchObject({ body: { held: 1, reason: 'no_supply' } })
    const { id } = await done('/api/recalls', { site: undefined, sku: 'LOT', lot: 'L3', reason: 'Glass' })
    expect(typeof id).toBe('string')
    await delivered()
    expect(await owned('LOT')).toEqual(['1 expired of COMPANY', '1 sellable of COMPANY', '1 expired of S1', '1 quarantine of S1'])
    await verified()
  })
})

describe('B1: stock is told apart by site, place, lot, serial, condition and owner, and changes by moves only', async () => {
  const { server, done, rows, lend, post, verified } = await shop({ A: 3 })

  test('every piece stands under its full key, and the moves alone give the same', async () => {
    await done('/api/places', { places: [{ code: 'BIN-1', kind: 'bin' }] })
    await done('/api/relocations', { sku: 'A', quantity: 1, from: 'SHELF', to: 'BIN-1' })
    await done('/api/condition-changes', { sku: 'A', quantity: 1, from: 'sellable', to: 'damaged' })
    await done('/api/receipts', { lines: [{ sku: 'LOT', lot: 'L1', quantity: 2, place: 'SHELF' }, { sku: 'LOT', lot: 'L2', quantity: 1, place: 'SHELF' }, { sku: 'SERIAL', serial: 'N1', quantity: 1, place: 'SHELF' }] })
    await lend('LOT', 4, { lot: 'L1' })
    await post('/api/transfers', { to: 'PDX', lines: [{ sku: 'A', quantity: 1 }] })
    const told = async (site: string) =>
      (await rows(`/api/stock?site=${site}`)).map((row) => ['sku', 'owner', 'place', 'lot', 'serial', 'condition', 'quantity'].flatMap((name) => (row[name] === '' ? [] : [row[name]])).join(' '))
    expect(await told('SEA')).toEqual([
      'A COMPANY SHELF damaged 1', 'A COMPANY BIN-1 sellable 1',
      'LOT COMPANY SHELF L1 sellable 2', 'LOT COMPANY SHELF L2 sellable 1', 'LOT S1 SHELF L1 sellable 4', 'SERIAL COMPANY SHELF N1 sellable 1',
    ])
    expect(await told('PDX')).toEqual(['A COMPANY SHELF sellable 3'])
    const replayed = await server.query<{ sum: number }>(sql`
      select sum(case when to_place_id >= 100 then quantity else 0 end - case when from_place_id >= 100 then quantity else 0 end)::bigint as sum from move`)
    const recorded = await server.query<{ sum: number }>(sql`select sum(quantity)::bigint as sum from stock`)
    expect(replayed).toEqual(recorded)
    await verified()
  })

  test('nobody can write it otherwise: the server may add moves and never change or delete one', async () => {
    const [may] = await server.query<Row>(sql`
      select has_table_privilege('move', 'insert') as adds, has_table_privilege('move', 'update') as changes, has_table_privilege('move', 'delete') as deletes`)
    expect(may).toEqual({ adds: true, changes: false, deletes: false })
  })
})
