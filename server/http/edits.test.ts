// Edits: what was changed by somebody else since it was read is not overwritten by who says what his edit was made of.

import { expect, test } from 'vitest'
import { testDatabase } from '../test-database.ts'
import { PASSWORD, testHttp } from '../test-http.ts'
import { testWorld } from '../test-world.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX', 'SLC'], items: { A: 1, B: 0 } })
const http = await testHttp(server, world)
const admin = await http.key('admin')
await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'S1', name: 'Parts', kind: 'supplier' }] })

const offer = { supplier: 'S1', sku: 'A', price: 100, leadTimeDays: 3, minimum: 1, multiple: 1, preferred: false }
const line = { parent: 'B', component: 'A', quantity: 2, validFrom: '2026-01-01' }
const source = { site: 'SEA', source: 'buy', from: 'PDX', transferDays: 2 }

test.each<[string, string, string, object, object]>([
  ["a supplier's offer",    '/api/supplier-items', 'offers',  offer,  { price: 120 }],
  ['a line of a bill',      '/api/bills',          'lines',   line,   { quantity: 3 }],
  ['where a site gets it',  '/api/site-sources',   'sources', source, { from: 'SLC' }],
])('%s that another changed is not overwritten', async (_story, path, name, row, change) => {
  const send = (more: object, first: object = row) => http.call(admin, 'POST', path, { [name]: [{ ...first, ...more }] })
  const told = async () => ((await http.call(admin, 'GET', path)).body['rows'] as { tag: string }[])[0]!
  expect((await send({ ifMatch: 'of nothing' })).body).toMatchObject({ status: 412, code: 'changed_meanwhile', field: `${name}/1/ifMatch` })
  expect((await send({})).status).toBe(200)
  const { tag } = await told()
  expect((await send({ ...change, ifMatch: tag })).status).toBe(200)
  const changed = await told()
  expect(changed).toMatchObject(change)
  expect(changed.tag).not.toBe(tag)
  expect((await send({ ifMatch: tag })).body).toMatchObject({ status: 412, code: 'changed_meanwhile', field: `${name}/1/ifMatch` })
  expect(await told()).toEqual(changed)
  // Who does not say what his edit was made of means whatever is there.
  expect((await send({})).status).toBe(200)
  expect((await told()).tag).toBe(tag)
})

test('of many rows, one that another changed stops them all', async () => {
  const other = { ...offer, sku: 'B' }
  expect((await http.call(admin, 'POST', '/api/supplier-items', { offers: [other] })).status).toBe(200)
  const rows = async () => (await http.call(admin, 'GET', '/api/supplier-items')).body['rows'] as { sku: string; tag: string; price: number }[]
  const before = await rows()
  const offers = before.map(({ tag: ifMatch, ...row }) => ({ ...row, price: 7, ifMatch: row.sku === 'B' ? 'another' : ifMatch }))
  expect((await http.call(admin, 'POST', '/api/supplier-items', { offers })).body).toMatchObject({ status: 412, field: 'offers/2/ifMatch' })
  expect(await rows()).toEqual(before)
  const good = before.map(({ tag: ifMatch, ...row }) => ({ ...row, price: 7, ifMatch }))
  expect((await http.call(admin, 'POST', '/api/supplier-items', { offers: good })).status).toBe(200)
  expect((await rows()).map((row) => row.price)).toEqual([7, 7])
})

test.each([['password', { password: PASSWORD }], ['deactivation', undefined], ['activation', undefined]] as const)('the %s of a user is of the version that is named', async (action, body) => {
  const name = `ann-${action}`
  await http.call(admin, 'POST', '/api/users', { name, displayName: 'Ann', role: 'sales', password: PASSWORD })
  if (action === 'activation') await http.call(admin, 'POST', `/api/users/${name}/deactivation`)
  const { etag } = (await http.call(admin, 'GET', `/api/users/${name}`)).headers as { etag: string }
  await http.call(admin, 'PUT', `/api/users/${name}`, { displayName: 'Ann B.' })
  const act = (ifMatch: string) => http.call(admin, 'POST', `/api/users/${name}/${action}`, body, { 'if-match': ifMatch })
  for (const stale of [etag, '"x"']) expect((await act(stale)).body).toMatchObject({ status: 412, code: 'changed_meanwhile', field: 'If-Match' })
  const { etag: now } = (await http.call(admin, 'GET', `/api/users/${name}`)).headers as { etag: string }
  expect((await act(now)).status).toBe(200)
})

test('nothing was a fault', () => {
  expect(http.faults).toEqual([])
})
