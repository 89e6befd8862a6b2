// The audit trail: everything that anybody did, once, newest first, for those who may see it; and what logs say of it, which is less.

import { describe, expect, test } from 'vitest'
import { sql } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { PASSWORD, testHttp } from '../test-http.ts'
import { testWorld } from '../test-world.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 1_000 } })
const lines: string[] = []
const http = await testHttp(server, world, { log: { level: 'info', to: { write: (line) => void lines.push(line) } } })
const [sea, pdx] = [await world.site('SEA'), await world.site('PDX')]
const admin = await http.key('admin')
const auditor = await http.key('auditor')

interface Done { readonly at: string; readonly site: string | null; readonly actor: string; readonly actorName: string | null; readonly action: string; readonly document: object | null; readonly key: string; readonly status: number; readonly answer: Record<string, unknown> }

async function audit(secret = auditor, more = '', limit = 7): Promise<Done[]> {
  const rows: Done[] = []
  for (let next: string | null = ''; next !== null;) {
    const { body }: { body: Record<string, unknown> } = await http.call(secret, 'GET', `/api/audit?limit=${limit}${more}${next === '' ? '' : `&cursor=${next}`}`)
    rows.push(...(body['rows'] as Done[]))
    next = body['next'] as string | null
  }
  return rows
}

const ann = await http.session('sales', [], 'ann')
const sale = (site: string, quantity = 1) => ({ site, lines: [{ sku: 'A', quantity }] })

describe('the audit trail', () => {
  test('has who did what and with which answer: sign-ins, writes, refusals, changes of users and keys', async () => {
    await http.call(undefined, 'POST', '/api/session', { name: 'ann', password: 'a wrong password' })
    await http.call(undefined, 'POST', '/api/session', { name: 'a password typed into the wrong field', password: 'x' })
    await http.call(ann, 'POST', '/api/sales', sale('SEA'), { 'idempotency-key': 'sale-1' })
    await http.call(admin, 'POST', '/api/sales', { ...sale('PDX'), soldAt: '2031-01-01T00:00:00Z' })
    await http.call(admin, 'PUT', '/api/users/ann', { displayName: 'Ann B.' })
    await http.call(admin, 'POST', '/api/keys', { name: 'k', role: 'till' })
    await http.call(ann, 'DELETE', '/api/session')
    const rows = await audit()
    const of = (action: string) => rows.filter((row) => row.action === action)
    expect(of('signIn').map((row) => [row.actor, row.status])).toEqual(expect.arrayContaining([['user:ann', 200], ['user:ann', 401], ['anonymous', 401]]))
    expect(of('sell')).toEqual(expect.arrayContaining([
      expect.objectContaining({ actor: 'user:ann', site: 'SEA', status: 201, key: 'sale-1' }),
      expect.objectContaining({ actor: expect.stringMatching(/^key:\d+$/) as string, site: 'PDX', status: 422, answer: expect.objectContaining({ code: 'happened_in_future' }) as object }),
    ]))
    expect(of('editUser')).toMatchObject([{ site: null, status: 200, answer: { name: 'ann' } }])
    expect(of('signOut')).toMatchObject([{ actor: 'user:ann', status: 200 }])
    expect(of('createKey')[0]).toMatchObject({ status: 201 })
    const all = JSON.stringify(rows)
    for (const secret of [PASSWORD, 'wrong', 'qm_', '$argon2id']) expect(all).not.toContain(secret)
  })

  test('pages through everything once, newest first, many of one moment among it', async () => {
    const key = await http.key('till')
    await Promise.all(Array.from({ length: 40 }, (_one, index) => http.call(key, 'POST', '/api/sales', sale(index % 2 === 0 ? 'SEA' : 'PDX'))))
    const rows = await audit()
    const [count] = await server.query<{ count: number }>(sql`select count(*) as count from idempotency_key where caller <> 'reference' -- every site: all of them`)
    expect(rows).toHaveLength(count!.count)
    expect(new Set(rows.map((row) => JSON.stringify([row.site, row.actor, row.key]))).size).toBe(rows.length)
    expect(rows.map((row) => row.at)).toEqual(rows.map((row) => row.at).toSorted().toReversed())
  })

  test('shows a site to who may see it, and what concerns every site to who may see them all', async () => {
    const bound = await http.key('auditor', [pdx])
    expect(new Set((await audit(bound)).map((row) => row.site))).toEqual(new Set(['PDX']))
    expect(new Set((await audit(auditor, '&site=SEA')).map((row) => row.site))).toEqual(new Set(['SEA']))
    expect((await http.call(bound, 'GET', '/api/audit?site=SEA')).body).toMatchObject({ code: 'site_not_known' })
    expect((await http.call(await http.key('sales'), 'GET', '/api/audit')).body).toMatchObject({ code: 'role_not_allowed' })
    for (const cursor of ['x', Buffer.from('[1]').toString('base64url'), Buffer.from('[9e15,1,"a","b"]').toString('base64url')]) {
      expect((await http.call(auditor, 'GET', `/api/audit?cursor=${cursor}`)).body).toMatchObject({ code: 'cursor_not_valid' })
    }
    expect(sea).not.toBe(pdx)
  })

  test('and the ledger show people by name, though they keep numbers', async () => {
    const bob = await http.session('sales', [], 'bob')
    await http.call(bob, 'POST', '/api/sales', sale('SEA', 3))
    const moves = (await http.call(auditor, 'GET', '/api/moves?site=SEA&limit=1000')).body['rows'] as { actor: string }[]
    expect(moves.at(-1)!.actor).toBe('user:bob')
    const [row] = await server.query<{ actor: string }>(sql`select actor from move where site_id = ${sea} order by sequence desc limit 1`)
    expect(row!.actor).toMatch(/^user:\d+$/)
  })
})

describe('the audit trail leads to what was done', () => {
  test('and names who did it as people know them', async () => {
    await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }, { code: 'S1', name: 'Parts', kind: 'supplier' }] })
    const cara = await http.session('admin', [], 'cara')
    const done = async (method: 'POST' | 'PUT', path: string, body: object) => {
      world.wait(1)
      return (await http.call(cara, method, path, body)).body as { number: string; id: string }
    }
    const { number } = await done('POST', '/api/orders', { site: 'SEA', customer: 'C1', lines: [{ sku: 'A', quantity: 2 }] })
    for (const action of ['allocation', 'pick']) await done('POST', `/api/orders/${number}/${action}`, {})
    const { id } = await done('POST', '/api/purchases', { site: 'SEA', supplier: 'S1', lines: [{ sku: 'A', quantity: 1, due: '2026-05-01' }] })
    await done('POST', '/api/counts', { site: 'SEA', sku: 'A', counted: 900 })
    await done('PUT', '/api/users/ann', { displayName: 'Ann C.' })
    await done('POST', `/api/orders/${number}/cancellation`, {})
    const order = { kind: 'order', id: number, site: 'SEA' }
    const rows = await audit(auditor, '&actor=user:cara')
    expect(rows.map((row) => [row.action, row.document]).toReversed()).toEqual([
      ['signIn', null], ['placeOrder', order], ['allocate', order], ['pick', order], ['purchase', { kind: 'purchase', id, site: 'SEA' }],
      ['count', { kind: 'item', id: 'A', site: 'SEA' }], ['editUser', { kind: 'user', id: 'ann', site: null }], ['cancelOrder', order],
    ])
    expect(new Set(rows.map((row) => `${row.actor} ${row.actorName}`))).toEqual(new Set(['user:cara a admin']))
    expect((await audit(auditor, `&document=${number}`)).map((row) => row.action)).toEqual(['cancelOrder', 'pick', 'allocate', 'placeOrder'])
    expect((await audit(auditor, `&document=${id}`)).map((row) => row.action)).toEqual(['purchase'])
    expect((await audit(auditor, '&document=ann')).map((row) => row.action)).toContain('editUser')
    const bound = await http.key('auditor', [pdx])
    expect(await audit(bound, `&document=${number}`)).toEqual([])
  })

  test('narrowed to who did it and to when, it finds all of that and nothing else', async () => {
    const before = await audit()
    const machine = before.find((row) => row.actor.startsWith('key:') && row.action === 'sell')!.actor
    expect(await audit(auditor, `&actor=${machine}`)).toEqual(before.filter((row) => row.actor === machine))
    expect(await audit(auditor, '&actor=user:ann&site=SEA')).toEqual(before.filter((row) => row.actor === 'user:ann' && row.site === 'SEA'))
    expect(await audit(auditor, '&actor=user:nobody-at-all')).toEqual([])
    world.wait(3_600_000)
    const later = new Date(world.now() - 60_000).toISOString()
    await http.call(admin, 'POST', '/api/sales', sale('PDX'))
    expect((await audit(auditor, `&from=${later}`)).map((row) => row.action)).toEqual(['sell'])
    expect(await audit(auditor, `&until=${later}`)).toEqual(before)
    expect((await http.call(auditor, 'GET', '/api/audit?from=yesterday')).body).toMatchObject({ code: 'date_not_valid', field: 'from' })
  })

  test('looks at so many rows a page, and says where to go on when none of them fits', async () => {
    await server.execute(sql`
      insert into idempotency_key (site_id, caller, key, request_sha256, status, answer, command, recorded_at)
      select ${sea}, 'key:999999', 'bulk-' || n, sha256('x'), 201, '{"id":"00000000-0000-7000-8000-000000000000"}', 'sell', '2026-03-03'::timestamptz + n * interval '1 s'
      from generate_series(1, 12000) n`)
    const { body } = await http.call(auditor, 'GET', '/api/audit?actor=key:1&limit=5')
    expect(body).toMatchObject({ rows: [], next: expect.any(String) as string })
    const ofAnn = await audit(auditor, '&actor=user:ann')
    expect(ofAnn.length).toBeGreaterThan(2)
    const [first] = (await http.call(auditor, 'GET', '/api/audit?actor=user:ann&limit=1')).body['rows'] as Done[]
    expect(first).toEqual(ofAnn[0])
    const admins = ofAnn.length + (await audit(auditor, '&actor=key:999999', 500)).length
    expect(admins).toBe(ofAnn.length + 12_000)
    await server.execute(sql`delete from idempotency_key where site_id = ${sea} and caller = 'key:999999'`)
  })
})

describe('the log', () => {
  test('has a line a request, with its id and nothing secret or personal', async () => {
    const reply = await http.call(undefined, 'POST', '/api/session', { name: 'bob', password: PASSWORD }, { 'x-request-id': 'from-the-proxy-7' })
    expect(reply.headers['x-request-id']).toBe('from-the-proxy-7')
    await http.call(admin, 'GET', '/api/users/bob?x=canary')
    const odd = await http.call(admin, 'GET', '/api/sites', undefined, { 'x-request-id': 'two words' })
    expect(odd.headers['x-request-id']).toMatch(/^[\da-f]{8}-\w+$/)
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(logged.find((line) => line['reqId'] === 'from-the-proxy-7')).toMatchObject({ method: 'POST', endpoint: '/api/session', status: 201, msg: 'request' })
    expect(logged.find((line) => line['endpoint'] === '/api/users/:name')).toMatchObject({ status: 200, actor: expect.stringMatching(/^key:\d+$/) as string })
    const cookie = String(reply.headers['set-cookie']).split(/[=;]/)[1]!
    for (const canary of [PASSWORD, cookie, admin, auditor, 'canary', '/bob', 'Ann B.', 'a wrong password']) expect(lines.join('')).not.toContain(canary)
  })

  test('strikes out of a fault what proves or tells who somebody is', async () => {
    const before = lines.length
    http.app.log.error({ err: Object.assign(new Error('broken'), { detail: 'Key (name)=(canary-1)' }), req: { headers: { authorization: 'canary-2', cookie: 'canary-3' } }, body: { password: 'canary-4' } })
    expect(lines.length).toBe(before + 1)
    expect(lines.at(-1)).toContain('broken')
    expect(lines.at(-1)).not.toMatch(/canary-\d/)
  })
})

test('nothing was a fault', () => {
  expect(http.faults).toEqual([])
})
