import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sql } from './db.ts'
import { testDatabase } from './test-database.ts'
import { testHttp } from './test-http.ts'
import { testWorld } from './test-world.ts'

// The Big List of Naughty Strings through every text field of every endpoint: a string is refused with a code, or it comes back unchanged.

const naughty = [...new Set(JSON.parse(readFileSync(join(import.meta.dirname, '../data/security/blns.json'), 'utf8')) as string[])]
// The list has no half of a surrogate pair, no NUL and no blank edges of its own.
const worst = ['a\0b', '\ud800', 'x\u0001y', ' edge ', '\u202Eabc', 'line\nbreak', '="1"', 'é', 'e\u0301']

/** Each field gets the worst and every fourth of the list, its neighbours the others: all of the list through each takes minutes. */
const SHARES = 4
const stringsFor = (field: number): string[] => [...worst, ...naughty.filter((_text, index) => index % SHARES === field % SHARES)]

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { A: 1_000_000 } })
const http = await testHttp(server, world)
const admin = await http.key('admin')
await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })
await http.call(admin, 'POST', '/api/items', { items: [{ sku: 'LOT', name: 'By lot', tracking: 'lot' }, { sku: 'SERIAL', name: 'By serial', tracking: 'serial' }] })

interface Written { readonly status: number; readonly code: unknown; readonly back: unknown }
const post = async (url: string, body: unknown) => http.call(admin, 'POST', url, body)
const rows = async (url: string) => ((await http.call(admin, 'GET', url)).body['rows'] ?? []) as Record<string, unknown>[]
const q = encodeURIComponent
let made = 0
const next = (): number => (made += 1)

async function placed(more: object): Promise<{ readonly status: number; readonly code: unknown; readonly at: string }> {
  const reply = await post('/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'A', quantity: 1 }], ...more })
  return { status: reply.status, code: reply.body['code'], at: `/api/orders/${String(reply.body['number'])}` }
}

/** Writes a string into a field and reads it back. */
const fields: Record<string, (text: string) => Promise<Written>> = {
  'item sku': async (text) => {
    const { status, body } = await post('/api/items', { items: [{ sku: text, name: 'Name' }] })
    return { status, code: body['code'], back: status < 300 ? (await rows(`/api/items?sku=${q(text)}`))[0]?.['sku'] : undefined }
  },
  'item name': async (text) => {
    const sku = `N${next()}`
    const { status, body } = await post('/api/items', { items: [{ sku, name: text }] })
    return { status, code: body['code'], back: (await rows(`/api/items?sku=${sku}`))[0]?.['name'] }
  },
  'item unit': async (text) => {
    const sku = `U${next()}`
    const { status, body } = await post('/api/items', { items: [{ sku, name: 'Name', unit: text }] })
    return { status, code: body['code'], back: (await rows(`/api/items?sku=${sku}`))[0]?.['unit'] }
  },
  'unit of measure': async (text) => {
    const sku = `UM${next()}`
    await post('/api/items', { items: [{ sku, name: 'Name' }] })
    const { status, body } = await post('/api/units', { units: [{ sku, unit: text, factor: '12' }] })
    if (status >= 300) return { status, code: body['code'], back: undefined }
    const { at } = await placed({ lines: [{ sku, quantity: 1, unit: text }] })
    const [line] = (await http.call(admin, 'GET', at)).body['lines'] as { asked: { unit: string } }[]
    return { status, code: body['code'], back: line!.asked.unit }
  },
  'party code': async (text) => {
    const { status, body } = await post('/api/parties', { parties: [{ code: text, name: 'Name', kind: 'customer' }] })
    return { status, code: body['code'], back: status < 300 ? (await rows(`/api/parties?code=${q(text)}`))[0]?.['code'] : undefined }
  },
  'party name': async (text) => {
    const code = `P${next()}`
    const { status, body } = await post('/api/parties', { parties: [{ code, name: text, kind: 'customer' }] })
    return { status, code: body['code'], back: (await rows(`/api/parties?code=${code}`))[0]?.['name'] }
  },
  'site name': async (text) => {
    const code = `S${next()}`
    const { status, body } = await post('/api/sites', { code, name: text })
    return { status, code: body['code'], back: (await rows('/api/sites')).find((one) => one['code'] === code)?.['name'] }
  },
  'place code': async (text) => {
    const { status, body } = await post('/api/places', { site: 'SEA', places: [{ code: text, kind: 'bin' }] })
    return { status, code: body['code'], back: (await rows('/api/places?site=SEA&limit=1000')).find((one) => one['code'] === text)?.['code'] }
  },
  'key name': async (text) => {
    const { status, body } = await post('/api/keys', { name: text, role: 'auditor' })
    return { status, code: body['code'], back: (await rows('/api/keys?limit=1000')).find((one) => one['id'] === body['id'])?.['name'] }
  },
  'display name of a user': async (text) => {
    const name = `u${next()}`
    const { status, body } = await post('/api/users', { name, displayName: text, role: 'auditor', password: 'correct horse battery staple' })
    return { status, code: body['code'], back: status < 300 ? (await http.call(admin, 'GET', `/api/users/${name}`)).body['displayName'] : undefined }
  },
  'late cost, note': async (text) => {
    const sku = `K${next()}`
    await post('/api/items', { items: [{ sku, name: 'Name' }] })
    const receipt = await post('/api/receipts', { site: 'SEA', lines: [{ sku, quantity: 1, value: 100 }] })
    const { status, body } = await post('/api/costs', { site: 'SEA', document: receipt.body['id'], kind: 'freight', amount: 1, note: text })
    const told = (await http.call(admin, 'GET', `/api/items/${sku}/value?site=SEA`)).body['lateCosts'] as { note: string }[]
    return { status, code: body['code'], back: told[0]?.note }
  },
  'backorder class code': async (text) => {
    const { status, body } = await post('/api/backorder-classes', { classes: [{ code: text, name: 'Name', strategy: 'win', customers: [] }] })
    return { status, code: body['code'], back: (await rows('/api/backorder-classes')).find((one) => one['code'] === text)?.['code'] }
  },
  'backorder class name': async (text) => {
    const code = `B${next()}`
    const { status, body } = await post('/api/backorder-classes', { classes: [{ code, name: text, strategy: 'win', customers: [] }] })
    return { status, code: body['code'], back: (await rows('/api/backorder-classes')).find((one) => one['code'] === code)?.['name'] }
  },
  'order reference': async (text) => {
    const { status, code, at } = await placed({ reference: text })
    return { status, code, back: (await http.call(admin, 'GET', at)).body['reference'] }
  },
  'delivery, received by': async (text) => {
    const { at } = await placed({})
    for (const action of ['allocation', 'pick', 'shipment']) await post(`${at}/${action}`, {})
    const { status, body } = await post(`${at}/delivery`, { receivedBy: text })
    return { status, code: body['code'], back: ((await http.call(admin, 'GET', at)).body['shipments'] as { receivedBy: string }[])[0]!.receivedBy }
  },
  'delivery, note': async (text) => {
    const { at } = await placed({})
    for (const action of ['allocation', 'pick', 'shipment']) await post(`${at}/${action}`, {})
    const { status, body } = await post(`${at}/delivery`, { receivedBy: 'Ann', note: text })
    const [shipment] = (await http.call(admin, 'GET', at)).body['shipments'] as { shipment: string }[]
    return { status, code: body['code'], back: (await http.call(admin, 'GET', `/api/shipments/${shipment!.shipment}?site=SEA`)).body['note'] }
  },
  'tracking, note': async (text) => {
    const { at } = await placed({})
    for (const action of ['allocation', 'pick', 'shipment']) await post(`${at}/${action}`, {})
    const [shipment] = (await http.call(admin, 'GET', at)).body['shipments'] as { shipment: string }[]
    const url = `/api/shipments/${shipment!.shipment}`
    const { status, body } = await post(`${url}/tracking`, { site: 'SEA', event: 'exception', note: text })
    const told = (await http.call(admin, 'GET', `${url}?site=SEA`)).body['tracking'] as { note: string }[]
    return { status, code: body['code'], back: told[0]?.note }
  },
  'failed attempt, reason': async (text) => {
    const { at } = await placed({})
    for (const action of ['allocation', 'pick', 'shipment']) await post(`${at}/${action}`, {})
    const { status, body } = await post(`${at}/delivery-failure`, { reason: text })
    const [shipment] = (await http.call(admin, 'GET', at)).body['shipments'] as { shipment: string }[]
    const told = (await http.call(admin, 'GET', `/api/shipments/${shipment!.shipment}?site=SEA`)).body['tracking'] as { note: string }[]
    return { status, code: body['code'], back: told[0]?.note }
  },
  'return, note': async (text) => {
    const { at } = await placed({})
    for (const action of ['allocation', 'pick', 'shipment']) await post(`${at}/${action}`, {})
    const { status, body } = await post(`${at}/returns`, { lines: [{ orderLine: 1, quantity: 1, reason: 'other', note: text }] })
    const told = (await http.call(admin, 'GET', `/api/returns/${String(body['id'])}?site=SEA`)).body['lines'] as { note: string }[] | undefined
    return { status, code: body['code'], back: told?.[0]!.note }
  },
  'inspection, note': async (text) => {
    const { at } = await placed({})
    for (const action of ['allocation', 'pick', 'shipment']) await post(`${at}/${action}`, {})
    await post(`${at}/delivery`, { receivedBy: 'Ann' })
    const { body: returned } = await post(`${at}/return`, { lines: [{ line: 1, quantity: 1 }] })
    const line = { line: 1, quantity: 1, found: 'as_new', disposition: 'scrap', note: text }
    const { status, body } = await post(`/api/returns/${String(returned['rma'])}/disposition`, { site: 'SEA', lines: [line] })
    const events = (await http.call(admin, 'GET', `${at}/events`)).body['rows'] as { type: string; data: { lines: { note: string }[] } }[]
    return { status, code: body['code'], back: events.find((event) => event.type === 'return.inspected')?.data.lines[0]!.note }
  },
  'service code': async (text) => {
    const { status, body } = await post('/api/services', { services: [{ code: text, carrier: 'C', name: 'N', rate: 1, rateUnit: 'KG' }] })
    return { status, code: body['code'], back: status < 300 ? (await rows('/api/services?limit=1000')).find((one) => one['code'] === text)?.['code'] : undefined }
  },
  'service carrier': async (text) => {
    const code = `SV${next()}`
    const { status, body } = await post('/api/services', { services: [{ code, carrier: text, name: 'N', rate: 1, rateUnit: 'KG' }] })
    return { status, code: body['code'], back: (await rows('/api/services?limit=1000')).find((one) => one['code'] === code)?.['carrier'] }
  },
  'service name': async (text) => {
    const code = `SN${next()}`
    const { status, body } = await post('/api/services', { services: [{ code, carrier: 'C', name: text, rate: 1, rateUnit: 'KG' }] })
    return { status, code: body['code'], back: (await rows('/api/services?limit=1000')).find((one) => one['code'] === code)?.['name'] }
  },
  'price list code': async (text) => {
    const { status, body } = await post('/api/price-lists', { lists: [{ code: text, name: 'N', currency: 'USD', validFrom: '2026-01-01', validTo: '2026-01-02' }] })
    return { status, code: body['code'], back: status < 300 ? (await server.query<{ back: string }>(sql`select code as back from price_list where code = ${text}`))[0]?.back : undefined }
  },
  'price list name': async (text) => {
    const code = `PL${next()}`
    const { status, body } = await post('/api/price-lists', { lists: [{ code, name: text, currency: 'USD', validFrom: '2026-01-01', validTo: '2026-01-02' }] })
    return { status, code: body['code'], back: (await server.query<{ back: string }>(sql`select name as back from price_list where code = ${code}`))[0]?.back }
  },
  'customer group': async (text) => {
    const customer = `CG${next()}`
    await post('/api/parties', { parties: [{ code: customer, name: 'Name', kind: 'customer' }] })
    const { status, body } = await post('/api/customer-terms', { customers: [{ customer, group: text }] })
    return { status, code: body['code'], back: (await rows(`/api/customer-terms?customer=${customer}`))[0]?.['group'] }
  },
  'discount code': async (text) => {
    const { status, body } = await post('/api/discounts', { discounts: [{ code: text, level: 'line', perMillion: 1, validFrom: '2026-01-01', validTo: '2026-01-02' }] })
    return { status, code: body['code'], back: status < 300 ? (await server.query<{ back: string }>(sql`select code as back from discount where code = ${text}`))[0]?.back : undefined }
  },
  'tax code': async (text) => {
    const { status, body } = await post('/api/tax-codes', { codes: [{ code: text, name: 'N' }] })
    return { status, code: body['code'], back: status < 300 ? (await server.query<{ back: string }>(sql`select code as back from tax_code where code = ${text}`))[0]?.back : undefined }
  },
  'tax code, name': async (text) => {
    const code = `TX${next()}`
    const { status, body } = await post('/api/tax-codes', { codes: [{ code, name: text }] })
    return { status, code: body['code'], back: (await server.query<{ back: string }>(sql`select name as back from tax_code where code = ${code}`))[0]?.back }
  },
  'payment terms': async (text) => {
    const { status, body } = await post('/api/payment-terms', { terms: [{ code: text, name: 'N', netDays: 30 }] })
    return { status, code: body['code'], back: status < 300 ? (await server.query<{ back: string }>(sql`select code as back from payment_term where code = ${text}`))[0]?.back : undefined }
  },
  'payment terms, name': async (text) => {
    const code = `PT${next()}`
    const { status, body } = await post('/api/payment-terms', { terms: [{ code, name: text, netDays: 30 }] })
    return { status, code: body['code'], back: (await server.query<{ back: string }>(sql`select name as back from payment_term where code = ${code}`))[0]?.back }
  },
  'reason of a hold': async (text) => {
    const { at } = await placed({})
    const { status, body } = await post(`${at}/holds`, { reason: text })
    return { status, code: body['code'], back: ((await http.call(admin, 'GET', at)).body['holds'] as { reason: string }[])[0]?.reason }
  },
  'note of a hold taken off': async (text) => {
    const { at } = await placed({})
    const { hold } = (await post(`${at}/holds`, { reason: 'Ask first' })).body
    const { status, body } = await post(`${at}/holds/${String(hold)}/release`, { note: text })
    return { status, code: body['code'], back: ((await http.call(admin, 'GET', at)).body['holds'] as { note: string | null }[])[0]?.note }
  },
  'carrier and number of a drop shipment': async (text) => {
    await post('/api/supplier-items', { offers: [{ sku: 'A', supplier: 'S1', price: 1, leadTimeDays: 1 }] })
    const { at } = await placed({ lines: [{ sku: 'A', quantity: 1, supply: 'drop_ship' }] })
    const [bought] = (await http.call(admin, 'GET', at)).body['bought'] as { purchase: string }[]
    const { status, body } = await post(`/api/purchases/${bought!.purchase}/shipment`, { site: 'SEA', carrier: text, trackingNumber: text, lines: [{ line: 1, quantity: 1 }] })
    const [shipment] = (await http.call(admin, 'GET', at)).body['shipments'] as { carrier: string | null; trackingNumber: string | null }[]
    return { status, code: body['code'], back: shipment?.carrier === shipment?.trackingNumber ? (shipment?.carrier ?? '') : undefined }
  },
  'who collects, and his proof': async (text) => {
    const { body: order } = await post('/api/orders', { site: 'SEA', customer: 'C1', collect: {}, lines: [{ sku: 'A', quantity: 1 }] })
    const at = `/api/orders/${String(order['number'])}`
    for (const step of ['allocation', 'pick', 'readiness']) await post(`${at}/${step}`, {})
    const { status, body } = await post(`${at}/collection`, { collectedBy: text, proof: text })
    const [row] = await server.query<{ by: string; proof: string }>(sql`
      select received_by as by, delivery_note as proof from shipment where shipment_id = ${status < 300 ? String(body['shipment']) : '00000000-0000-7000-8000-000000000000'}`)
    return { status, code: body['code'], back: row?.by === row?.proof ? row?.by : undefined }
  },
  'lot': async (text) => {
    const { status, body } = await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'LOT', quantity: 1, lot: text }] })
    return { status, code: body['code'], back: (await rows('/api/stock?site=SEA&sku=LOT&limit=1000')).find((one) => one['lot'] === text)?.['lot'] }
  },
  'reason of a recall': async (text) => {
    const lot = `R${next()}`
    await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'LOT', quantity: 1, lot }] })
    const { status, body } = await post('/api/recalls', { sku: 'LOT', lot, reason: text })
    return { status, code: body['code'], back: (await rows('/api/recalls?limit=1000')).find((one) => one['lot'] === lot)?.['reason'] }
  },
  'serial': async (text) => {
    const { status, body } = await post('/api/receipts', { site: 'SEA', lines: [{ sku: 'SERIAL', quantity: 1, serial: text }] })
    return { status, code: body['code'], back: (await rows('/api/stock?site=SEA&sku=SERIAL&limit=1000')).find((one) => one['serial'] === text)?.['serial'] }
  },
  'note of a loss': async (text) => {
    const { status, body } = await post('/api/losses', { site: 'SEA', sku: 'A', quantity: 1, cause: 'lost', note: text })
    const [event] = await server.query<{ note: string }>(sql`
      select data ->> 'note' as note from outbox where site_id = ${await world.site('SEA')} and type = 'stock.lost' and subject = ${String(body['id'])}`)
    return { status, code: body['code'], back: event?.note }
  },
}

describe.each(Object.keys(fields).map((field, index) => [field, stringsFor(index)] as const))('%s', (field, strings) => {
  test('is refused with a code, or comes back unchanged', async () => {
    let unchanged = 0
    const written = await Promise.all(strings.map(async (text) => ({ text, ...(await fields[field]!(text)) })))
    for (const { text, status, code, back } of written) {
      if (status < 300) {
        expect([field, text, back]).toEqual([field, text, text])
        unchanged += 1
      } else {
        expect([field, text, status, code]).toEqual([field, text, expect.toBeOneOf([409, 422]), expect.toBeOneOf(['body_not_valid', 'text_not_storable', 'lot_missing', 'serial_missing', 'code_taken'])])
      }
    }
    expect(unchanged).toBeGreaterThan(strings.length / 2)
  })
})

test('a string where a number, a site, a cursor or a key should be is refused, never a fault', async () => {
  for (const text of [...worst, ...naughty]) {
    const replies = [
      await http.call(admin, 'GET', `/api/orders/${q(text.toWellFormed())}`), await http.call(admin, 'GET', `/api/stock?site=${q(text.toWellFormed())}`),
      await http.call(admin, 'GET', `/api/moves?site=SEA&cursor=${q(text.toWellFormed())}`), await post('/api/orders', { site: text, customer: text, lines: text }),
    ]
    for (const { status } of replies) expect([text, status]).toEqual([text, expect.toBeOneOf([200, 400, 404, 422])])
  }
  expect(http.faults).toEqual([])
})
