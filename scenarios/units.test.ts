// Stories of units of measure (B2), through the public door: what is asked for in a case, a drum or a pound becomes whole base units once, when it is entered;
// whatever happens afterwards, nothing is blocked or left open by a rest of rounding.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { expectVerified } from '../server/test-verify.ts'
import { testWorld } from '../server/test-world.ts'
import { verify } from '../server/verify.ts'
import { askingAs, type Row } from './rig/asking.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'DC'] })
const http = await testHttp(server, world)
const { get, post, done } = askingAs(http, await http.key('admin'))
await done('/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })
const items = [['CUP', 'EA'], ['OIL', 'l'], ['NUT', 'kg'], ['BOLT', 'EA'], ['SET', 'EA'], ['FLOUR', 'g'], ['PIN', 'EA'], ['GAS', 'l']] as const
await done('/api/items', { items: items.map(([sku, unit]) => ({ sku, name: sku, unit, listPrice: 100, standardCost: 50 })) })
await done('/api/kits', { kits: [{ sku: 'SET', components: [{ sku: 'CUP', quantity: 2 }, { sku: 'BOLT', quantity: 1 }] }] })
await done('/api/units', {
  units: [
    { sku: 'CUP', unit: 'case', factor: '12' },
    { sku: 'CUP', unit: 'pallet', of: 'case', factor: '40' },
    { sku: 'OIL', unit: 'drum', factor: '200/3', rounding: 'half_even' },
    { sku: 'GAS', unit: 'drum', factor: '200/3', rounding: 'half_even' },
    { sku: 'OIL', unit: 'barrel', factor: '200/3' },
    { sku: 'NUT', unit: 'lb', factor: '0.45359237', rounding: 'up' },
    { sku: 'SET', unit: 'crate', factor: '3' },
    { sku: 'PIN', unit: 'case', factor: '12' },
    { sku: 'BOLT', unit: 'bag', factor: '7', rounding: 'down' },
  ],
})
world.wait(10_000)
const sea = await world.site('SEA')

const place = (body: object) => ({ site: 'SEA', customer: 'C1', ...body })
const order = (...lines: readonly object[]) => done('/api/orders', place({ lines }))
const refused = async (url: string, body: object) => {
  const { status, body: answer } = await post(url, body)
  return [status, answer['code'], answer['field']]
}
/** And what a clerk reads. */
const saying = async (url: string, body: object) => {
  const { status, body: answer } = await post(url, body)
  return [status, answer['code'], answer['field'], answer['detail']]
}
const refusedOrder = (...lines: readonly object[]) => refused('/api/orders', place({ lines }))
const stock = (sku: string, quantity: number, site = 'SEA') => done('/api/receipts', { site, lines: [{ sku, quantity, place: 'SHELF' }] })
const told = (answer: Row) => get(`/api/orders/${String(answer['number'])}`)
const linesOf = (answer: Row) => answer['lines'] as Row[]
const rowsAt = async (url: string) => ((await get(url)) as Row)['rows'] as Row[]
const act = async (number: unknown, ...actions: readonly string[]) => {
  for (const action of actions) await done(`/api/orders/${String(number)}/${action}`, action === 'delivery' ? { receivedBy: 'Ann' } : {})
}
const verified = () => expectVerified(server, world.sealKey)
const freeOf = async (sku: string) => Number((await rowsAt(`/api/availability?site=SEA&sku=${sku}`))[0]!['free'])

describe('B2: units of an item', () => {
  test('are listed with what one of each is', async () => {
    const rows = await rowsAt('/api/units?sku=CUP')
    expect(rows).toMatchObject([
      { sku: 'CUP', base: 'EA', unit: 'case', of: 'EA', factor: '12', each: '12', rounding: 'exact' },
      { sku: 'CUP', base: 'EA', unit: 'pallet', of: 'case', factor: '40', each: '480', rounding: 'exact' },
    ])
    const page = await get('/api/units?limit=3')
    expect((await rowsAt(`/api/units?limit=3&cursor=${encodeURIComponent(String(page['next']))}`))[0]).toMatchObject({ sku: 'OIL' })
  })

  test('contradict themselves in no cycle: the units are named', async () => {
    const wrong = { units: [{ sku: 'CUP', unit: 'pallet', factor: '479' }] }
    expect(await saying('/api/units', wrong)).toEqual([422, 'unit_contradicts', 'units/1/unit', 'One pallet would be 480 EA by pallet = case = EA, and 479 EA by pallet = EA.'])
    expect(await refused('/api/units', { units: [{ sku: 'NUT', unit: 'kg', of: 'lb', factor: '2.2' }] })).toEqual([422, 'unit_contradicts', expect.any(String)])
    expect(await refused('/api/units', { units: [{ sku: 'NUT', unit: 'lb', of: 'g', factor: '453.59237', rounding: 'down' }] })).toEqual([422, 'unit_contradicts', expect.any(String)])
    // Two that agree may both be said.
    await done('/api/units', { units: [{ sku: 'CUP', unit: 'pallet', factor: '480' }] })
  })

  test('lead to the base unit, also when one of them goes', async () => {
    expect(await saying('/api/units', { units: [{ sku: 'BOLT', unit: 'crate', of: 'box', factor: '6' }] })).toEqual([422, 'unit_unreachable', 'units/1/unit', 'How many EA is one box? Nobody says, so nobody knows how many one crate is.'])
    await done('/api/units', { units: [{ sku: 'BOLT', unit: 'box', factor: '50' }, { sku: 'BOLT', unit: 'crate', of: 'box', factor: '6' }] })
    expect(await refused('/api/units/removal', { units: [{ sku: 'BOLT', unit: 'box' }] })).toEqual([422, 'unit_unreachable', expect.any(String)])
    await done('/api/units/removal', { units: [{ sku: 'BOLT', unit: 'crate' }, { sku: 'BOLT', unit: 'box' }] })
    expect(await refused('/api/units/removal', { units: [{ sku: 'BOLT', unit: 'box' }] })).toEqual([422, 'unit_not_known', 'units/1/unit'])
  })

  test('are edited against what was read, and are a hundred at most', async () => {
    const [row] = await rowsAt('/api/units?sku=SET')
    const crate = { sku: 'SET', unit: 'crate', factor: '3', rounding: 'exact' }
    expect(await refused('/api/units', { units: [{ ...crate, ifMatch: '4/1/exact' }] })).toEqual([412, 'changed_meanwhile', 'units/1/ifMatch'])
    await done('/api/units', { units: [{ ...crate, ifMatch: row!['tag'] }] })
    expect(await refused('/api/units', { units: Array.from({ length: 101 }, (_none, at) => ({ sku: 'SET', unit: `u${at}`, factor: '2' })) })).toEqual([422, 'units_too_many', expect.any(String)])
    expect(await refused('/api/units', { units: [{ sku: 'SET', unit: 'EA', factor: '2' }] })).toEqual([422, 'unit_contradicts', expect.any(String)])
    expect(await refused('/api/units', { units: [{ sku: 'SET', unit: 'dozen', factor: '0' }] })).toEqual([422, 'quantity_not_positive', 'units/1/factor'])
  })
})

describe('B2: what is asked for in a unit becomes whole base units at the door', () => {
  test('and the order tells both, whether it is placed alone or in bulk', async () => {
    await stock('CUP', 600)
    const placed = await order({ sku: 'CUP', quantity: 4, unit: 'case' }, { sku: 'CUP', quantity: 5 }, { sku: 'CUP', quantity: 0.5, unit: 'pallet' })
    expect(linesOf(placed).map((line) => [line['quantity'], line['held'], line['asked']])).toEqual([
      [48, 48, { quantity: 4, unit: 'case', comesTo: 48 }], [5, 5, undefined], [240, 240, { quantity: 0.5, unit: 'pallet', comesTo: 240 }],
    ])
    expect(linesOf(await told(placed)).map((line) => [line['quantity'], line['asked']])).toEqual([
      [48, { quantity: 4, unit: 'case', comesTo: 48 }], [5, null], [240, { quantity: 0.5, unit: 'pallet', comesTo: 240 }],
    ])
    const lines = [{ key: 'b1', ...place({ lines: [{ sku: 'CUP', quantity: 1, unit: 'case' }] }) }, { key: 'b2', ...place({ lines: [{ sku: 'CUP', quantity: 1, unit: 'box' }] }) }]
    const headers = { authorization: `Bearer ${await http.key('sales')}`, 'content-type': 'application/x-ndjson' }
    const bulk = await http.app.inject({ method: 'POST', url: '/api/orders/bulk', headers, payload: lines.map((line) => JSON.stringify(line)).join('\n') })
    const answers = bulk.body.trim().split('\n').map((line) => JSON.parse(line) as { key: string; status: number; answer: Row })
    expect(answers.find((one) => one.key === 'b1')).toMatchObject({ status: 201, answer: { lines: [{ quantity: 12, asked: { quantity: 1, unit: 'case' } }] } })
    expect(answers.find((one) => one.key === 'b2')).toMatchObject({ status: 422, answer: { code: 'unit_not_known', field: 'lines/1/unit', detail: 'CUP has no unit box: it is counted in EA, case, pallet.' } })
    await verified()
  })

  test('exactly, or it is refused with the nearest that are exact', async () => {
    expect(await saying('/api/orders', place({ lines: [{ sku: 'OIL', quantity: 2, unit: 'barrel' }] }))).toEqual([422, 'quantity_finer_than_unit', 'lines/1/quantity', '2 barrel are 133 1/3 l, and only whole l are kept: say 133 or 134 l, or 3 barrel (200 l).'])
    expect(await saying('/api/orders', place({ lines: [{ sku: 'NUT', quantity: 500, unit: 'g' }] }))).toEqual([422, 'quantity_finer_than_unit', 'lines/1/quantity', '500 g are 0.5 kg, and only whole kg are kept: say 1 kg, or 1000 g (1 kg).'])
    expect(linesOf(await order({ sku: 'NUT', quantity: 2_000, unit: 'g' }))).toMatchObject([{ quantity: 2 }])
    expect(linesOf(await order({ sku: 'FLOUR', quantity: 2.5, unit: 'kg' }))).toMatchObject([{ quantity: 2_500, asked: { quantity: 2.5, unit: 'kg' } }])
    expect(linesOf(await order({ sku: 'CUP', quantity: 3, unit: 'EA' }))[0]).not.toHaveProperty('asked')
    for (const quantity of [1.5, 0.3]) expect(await refusedOrder({ sku: 'CUP', quantity })).toEqual([422, 'quantity_finer_than_unit', 'lines/1/quantity'])
    expect(await refusedOrder({ sku: 'CUP', quantity: 1.5, unit: 'EA' })).toEqual([422, 'quantity_finer_than_unit', 'lines/1/quantity'])
    expect(await refusedOrder({ sku: 'FLOUR', quantity: 0.0000001, unit: 'kg' })).toEqual([422, 'quantity_finer_than_unit', 'lines/1/quantity'])
    expect(await refusedOrder({ sku: 'CUP', quantity: 2_000_000_000, unit: 'case' })).toEqual([422, 'quantity_too_large', expect.any(String)])
    expect(await refusedOrder({ sku: 'FLOUR', quantity: 999_999_999, unit: 't' })).toEqual([422, 'quantity_too_large', expect.any(String)])
  })

  test('rounded as the unit says, where it does', async () => {
    const quantities = async (sku: string, unit: string, ...asked: readonly number[]) => linesOf(await order(...asked.map((quantity) => ({ sku, quantity, unit })))).map((line) => line['quantity'])
    expect(await quantities('OIL', 'drum', 1, 2, 3, 0.01)).toEqual([67, 133, 200, 1])
    expect(await quantities('NUT', 'lb', 1, 10)).toEqual([1, 5])
    expect(await quantities('BOLT', 'bag', 1.5, 2)).toEqual([10, 14])
    // What would be none at all is not ordered: half of a litre is even none.
    expect(await refusedOrder({ sku: 'OIL', quantity: 0.0075, unit: 'drum' })).toEqual([422, 'quantity_finer_than_unit', 'lines/1/quantity'])
    expect(await refusedOrder({ sku: 'BOLT', quantity: 0.1, unit: 'bag' })).toEqual([422, 'quantity_finer_than_unit', expect.any(String)])
  })

  test('wherever something is asked: a promise, a basket, a quote, a sale, a change, an exchange', async () => {
    expect(await done('/api/promises', { site: 'SEA', sku: 'CUP', quantity: 2, unit: 'case' })).toMatchObject({ quantity: 24, held: 24, asked: { unit: 'case' } })
    expect(await refused('/api/promises', { site: 'SEA', sku: 'CUP', quantity: 2, unit: 'box' })).toEqual([422, 'unit_not_known', 'unit'])
    expect(linesOf(await done('/api/promises/basket', { site: 'SEA', lines: [{ sku: 'CUP', quantity: 2, unit: 'case' }] }))).toMatchObject([{ quantity: 24, asked: { quantity: 2, unit: 'case', comesTo: 24 } }])
    expect(await done('/api/order-quotes', place({ lines: [{ sku: 'CUP', quantity: 2, unit: 'case' }] }))).toMatchObject({ lines: [{ quantity: 24, unitPrice: 100, net: 2_400, asked: { unit: 'case' } }] })
    const sold = await done('/api/sales', { site: 'SEA', lines: [{ sku: 'CUP', quantity: 1, unit: 'case' }] })
    expect(linesOf(sold)).toMatchObject([{ quantity: 12, asked: { quantity: 1, unit: 'case', comesTo: 12 } }])
    const { number } = await order({ sku: 'CUP', quantity: 2, unit: 'case' })
    const changed = await done(`/api/orders/${String(number)}/change`, { lines: [{ line: 1, quantity: 3, unit: 'case' }], added: [{ sku: 'CUP', quantity: 1, unit: 'case' }] })
    expect(changed).toMatchObject({ lines: [{ after: { quantity: 36, asked: { quantity: 3, unit: 'case' } } }], added: [{ line: 2, quantity: 12, asked: { unit: 'case' } }] })
    expect(linesOf(await told({ number }))).toMatchObject([{ quantity: 36, asked: { quantity: 3, unit: 'case', comesTo: 36 } }, { quantity: 12, asked: { quantity: 1 } }])
    // What is changed in base units is no number of cases any more.
    await done(`/api/orders/${String(number)}/change`, { lines: [{ line: 1, quantity: 30 }, { line: 2, quantity: 0, unit: 'case' }] })
    expect(linesOf(await told({ number }))).toMatchObject([{ quantity: 36, cancelled: 6, asked: null }, { cancelled: 12, asked: null }])
    expect(await refused(`/api/orders/${String(number)}/change`, { lines: [{ line: 9, quantity: 3, unit: 'case' }] })).toEqual([422, 'line_not_known', expect.any(String)])
    expect(await refused(`/api/orders/${String(number)}/change`, { lines: [{ line: 1, quantity: 3, unit: 'box' }] })).toEqual([422, 'unit_not_known', 'lines/1/unit'])
    await verified()
  })

  test('a kit is asked for by the crate, and told as it was', async () => {
    await stock('BOLT', 100)
    const placed = await order({ sku: 'SET', quantity: 2, unit: 'crate' })
    // A crate is three sets, and a set is two cups and a bolt.
    expect(linesOf(placed).map((line) => [line['sku'], line['quantity'], line['asked']])).toEqual([['CUP', 6, { quantity: 2, unit: 'crate', comesTo: 6 }], ['CUP', 6, undefined], ['BOLT', 6, undefined]])
    const toldOrder = await told(placed)
    expect([toldOrder['kits'], linesOf(toldOrder).map((line) => line['asked'])]).toMatchObject([[{ sku: 'SET', quantity: 6, asked: { quantity: 2, unit: 'crate', comesTo: 6 } }], [null, null, null]])
    await verified()
  })

  test('a unit that changes, or goes, changes nothing that stands', async () => {
    await done('/api/units', { units: [{ sku: 'BOLT', unit: 'tub', factor: '20' }] })
    const placed = await order({ sku: 'BOLT', quantity: 1, unit: 'tub' })
    await done('/api/units', { units: [{ sku: 'BOLT', unit: 'tub', factor: '25' }] })
    world.wait(10_000)
    expect(linesOf(await order({ sku: 'BOLT', quantity: 1, unit: 'tub' }))).toMatchObject([{ quantity: 25 }])
    await done('/api/units/removal', { units: [{ sku: 'BOLT', unit: 'tub' }] })
    world.wait(10_000)
    expect(await refusedOrder({ sku: 'BOLT', quantity: 1, unit: 'tub' })).toEqual([422, 'unit_not_known', expect.any(String)])
    expect(linesOf(await told(placed))).toMatchObject([{ quantity: 20, asked: { quantity: 1, unit: 'tub', comesTo: 20 } }])
    await act(placed['number'], 'allocation', 'pick', 'shipment', 'delivery')
    expect(await told(placed)).toMatchObject({ state: 'delivered' })
  })
})

describe('B2: a price for one of a unit is charged to the cent', () => {
  test('also where a base unit has no whole price, and parts of it add up', async () => {
    const asked = { sku: 'CUP', quantity: 4, unit: 'case', priceOfUnit: 1_000 }
    const quote = await done('/api/order-quotes', place({ lines: [asked] }))
    expect(quote).toMatchObject({ totals: { net: 4_000, gross: 4_000 }, lines: [{ unitPrice: 84, goods: 4_032, discount: 32, net: 4_000 }] })
    const placed = await order({ ...asked, discount: { perMillion: 100_000 } }, { sku: 'CUP', quantity: 2, unit: 'case', priceOfUnit: 1_200 }, { sku: 'CUP', quantity: 1, unit: 'case', unitPrice: 90 })
    const lines = linesOf(await told(placed))
    expect(lines.map((line) => [line['unitPrice'], (line['amounts'] as Row)['net']])).toEqual([[84, 3_600], [100, 2_400], [90, 1_080]])
    expect(lines[0]!['steps']).toMatchObject([{ step: 'unit_price', unit: 'case', price: 1_000, unitPrice: 84, quantity: 48, goods: 4_000, off: 32 }, { step: 'line_discount', of: 4_000, off: 400 }])
    // More of it is at the price that was agreed.
    await done(`/api/orders/${String(placed['number'])}/change`, { lines: [{ line: 1, quantity: 5, unit: 'case' }] })
    expect(linesOf(await told(placed))[0]).toMatchObject({ quantity: 60, amounts: { net: 4_500 } })
    await verified()
  })

  test('also of a kit, and of a line that two sites serve', async () => {
    await stock('PIN', 30, 'DC')
    await stock('PIN', 18)
    expect(await told(await order({ sku: 'SET', quantity: 1, unit: 'crate', priceOfUnit: 1_000 }))).toMatchObject({ totals: { net: 1_000 } })
    await done('/api/sourcing', { site: 'DC', prefers: 'date', sourcesMax: 2, splitsLines: true, lanes: [{ from: 'SEA', transitDays: 1 }] })
    world.wait(10_000)
    const split = await done('/api/orders', { site: 'DC', customer: 'C1', lines: [{ sku: 'PIN', quantity: 4, unit: 'case', priceOfUnit: 1_000 }] })
    expect(linesOf(split).map((line) => [line['source'], line['quantity'], line['asked']])).toEqual([['DC', 30, { quantity: 4, unit: 'case', comesTo: 48 }], ['SEA', 18, undefined]])
    expect(await told(split)).toMatchObject({ totals: { net: 4_000 } })
    await verified()
  })

  test('who may say no price says none of a unit either, and nobody says two', async () => {
    const shop = askingAs(http, await http.key('shop'))
    expect((await shop.post('/api/orders', place({ lines: [{ sku: 'CUP', quantity: 1, unit: 'case', priceOfUnit: 1 }] }))).body).toMatchObject({ code: 'role_not_allowed', field: 'lines/1/priceOfUnit' })
    expect(await refusedOrder({ sku: 'CUP', quantity: 1, unit: 'case', priceOfUnit: 1, unitPrice: 1 })).toEqual([422, 'body_not_valid', 'lines/1/priceOfUnit'])
    expect(await refusedOrder({ sku: 'CUP', quantity: 1, priceOfUnit: 1 })).toEqual([422, 'body_not_valid', 'lines/1/priceOfUnit'])
    expect(await refusedOrder({ sku: 'CUP', quantity: 10_000, unit: 'case', priceOfUnit: 1_000_000_000_000 })).toEqual([422, 'quantity_too_large', expect.any(String)])
  })
})

describe('B2: goods are bought, received and counted in units', () => {
  const purchase = (quantity: number, unit: string, sku = 'GAS') => done('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku, quantity, unit, due: '2026-04-01' }] })
  const receive = (id: unknown, line: object) => done('/api/receipts', { site: 'SEA', purchase: id, lines: [{ sku: 'GAS', line: 1, place: 'SHELF', ...line }] })
  const openOf = async (id: unknown) => linesOf(await get(`/api/purchases/${String(id)}?site=SEA`))[0]!

  test('a supplier who sells by the case says so in cases', async () => {
    await done('/api/supplier-items', { offers: [{ supplier: 'S1', sku: 'CUP', unit: 'case', price: 40, leadTimeDays: 3, minimum: 5 }] })
    expect((await rowsAt('/api/supplier-items?sku=CUP'))[0]).toMatchObject({ minimum: 60, multiple: 12 })
    // What is bought in multiples is never rounded: many of them would not be as many as were meant.
    expect(await refused('/api/supplier-items', { offers: [{ supplier: 'S1', sku: 'GAS', unit: 'drum', price: 40, leadTimeDays: 3 }] })).toEqual([422, 'quantity_finer_than_unit', 'offers/1/minimum'])
    const { id } = await purchase(5, 'case', 'CUP')
    expect(await openOf(id)).toMatchObject({ quantity: 60, open: 60, asked: { quantity: 5, unit: 'case', comesTo: 60 } })
  })

  test('odoo #54357: what was ordered is delivered, whatever was rounded: nothing is blocked and nothing is left open', async () => {
    // Bought: two drums are 133 1/3 l, which were rounded once, when they were ordered.
    const { id, lines: [bought] } = (await purchase(2, 'drum')) as unknown as { id: string; lines: [Row] }
    expect(bought).toMatchObject({ quantity: 133, asked: { quantity: 2, unit: 'drum', comesTo: 133 } })
    const received = await receive(id, { quantity: 2, unit: 'drum' })
    expect(linesOf(received)).toMatchObject([{ quantity: 133, asked: { unit: 'drum', quantity: 2 } }])
    expect(await openOf(id)).toMatchObject({ received: 133, open: 0 })

    // In parts: what comes is counted in base units, and the last drum is what is left of the line.
    const parts = await purchase(2, 'drum')
    expect(await saying('/api/receipts', { site: 'SEA', purchase: parts['id'], lines: [{ sku: 'GAS', line: 1, quantity: 1, unit: 'drum' }] })).toEqual([422, 'quantity_finer_than_unit', 'lines/1/quantity', '1 drum are 66 2/3 l, and only whole l are kept: say 66 or 67 l, or 3 drum (200 l).'])
    await receive(parts['id'], { quantity: 67 })
    await receive(parts['id'], { quantity: 1, unit: 'drum' })
    expect(await openOf(parts['id'])).toMatchObject({ received: 133, open: 0 })

    // Sold: allocated, picked, shipped and delivered without a rest.
    const placed = await order({ sku: 'GAS', quantity: 3.5, unit: 'drum' })
    expect(linesOf(placed)).toMatchObject([{ quantity: 233, held: 233, backordered: 0 }])
    await act(placed['number'], 'allocation', 'pick', 'shipment', 'delivery')
    expect(await told(placed)).toMatchObject({ state: 'delivered', lines: [{ quantity: 233, delivered: 233, asked: { quantity: 3.5, unit: 'drum' } }] })
    await verified()
  })

  test('odoo #54357: of any number of any unit', async () => {
    const rounding = fc.constantFrom('up', 'down', 'half_even')
    const unit = fc.record({ numerator: fc.integer({ min: 1, max: 2_000 }), denominator: fc.integer({ min: 1, max: 999 }), rounding })
    let made = 0
    await fc.assert(
      fc.asyncProperty(unit, fc.integer({ min: 1, max: 50_000 }), async ({ numerator, denominator, rounding: how }, thousandths) => {
        const name = `odd${(made += 1)}`
        await done('/api/items', { items: [{ sku: name, name, unit: 'l' }] })
        await done('/api/units', { units: [{ sku: name, unit: name, factor: `${numerator}/${denominator}`, rounding: how }] })
        const line = { sku: name, quantity: thousandths / 1_000, unit: name }
        const bought = await post('/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ ...line, due: '2026-04-01' }] })
        // What is nothing at all is not ordered, so it is not delivered either.
        if (bought.status !== 201) {
          expect(bought.body['code']).toBe('quantity_finer_than_unit')
          return
        }
        await done('/api/receipts', { site: 'SEA', purchase: bought.body['id'], lines: [{ ...line, line: 1, place: 'SHELF' }] })
        expect(await openOf(bought.body['id'])).toMatchObject({ open: 0 })
        const placed = await order(line)
        await act(placed['number'], 'allocation', 'pick', 'shipment', 'delivery')
        expect(await told(placed)).toMatchObject({ state: 'delivered' })
        expect(await freeOf(name)).toBe(0)
      }),
      { numRuns: 25 },
    )
    await verified()
  })

  test('goods that came and are there are counted in units too, and never rounded', async () => {
    const before = await freeOf('BOLT')
    await done('/api/receipts', { site: 'SEA', lines: [{ sku: 'BOLT', quantity: 3, rejected: 1, unit: 'bag', place: 'SHELF' }] })
    expect(await freeOf('BOLT')).toBe(before + 21)
    expect(await refused('/api/receipts', { site: 'SEA', lines: [{ sku: 'BOLT', quantity: 1.5, unit: 'bag' }] })).toEqual([422, 'quantity_finer_than_unit', expect.any(String)])
    expect(await refused('/api/receipts', { site: 'SEA', lines: [{ sku: 'BOLT', quantity: 1, rejected: 1.5, unit: 'bag' }] })).toEqual([422, 'quantity_finer_than_unit', 'lines/1/rejected'])
    await done('/api/counts', { site: 'SEA', sku: 'NUT', counted: 3_000, unit: 'g' })
    expect(await freeOf('NUT')).toBeGreaterThanOrEqual(0)
    expect(await refused('/api/counts', { site: 'SEA', sku: 'NUT', counted: 3_500, unit: 'g' })).toEqual([422, 'quantity_finer_than_unit', 'counted'])
    expect(await refused('/api/counts', { site: 'SEA', sku: 'NUT', counted: 3, unit: 'sack' })).toEqual([422, 'unit_not_known', 'unit'])
    await verified()
  })
})

describe('B2: verify', () => {
  const failing = async () => (await verify(server, { sealKey: world.sealKey, heads: [] })).checks.filter((check) => !check.ok).map((check) => [check.name, check.offending?.table, check.offending?.key])

  test('finds units that contradict each other, and lines that are not what they were asked for', async () => {
    await verified()
    await owner.execute(sql`update item_unit set numerator = 481 where unit = 'pallet' and of_unit = 'EA'`)
    expect(await failing()).toEqual([['units', 'item_unit', 'item CUP, unit pallet']])
    await owner.execute(sql`update item_unit set numerator = 480 where unit = 'pallet' and of_unit = 'EA'`)
    await owner.execute(sql`update asked_in set comes_to = comes_to + 1 where site_id = ${sea} and document_id in (select purchase_id from purchase) and unit = 'case'`)
    expect((await failing()).map(([name]) => name)).toEqual(['asked in units'])
    await owner.execute(sql`update asked_in set comes_to = comes_to - 1 where site_id = ${sea} and document_id in (select purchase_id from purchase) and unit = 'case'`)
    await verified()
  })
})
