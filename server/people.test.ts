// People: signing in and out over HTTP, and what ends a session: a deactivation, a new password, time, signing out. Whatever a stolen cookie or a
// foreign page sends is refused.

import { describe, expect, test } from 'vitest'
import { instant } from '../core/calendar.ts'
import { SESSION_IDLE_MILLISECONDS_MAX, SESSION_MILLISECONDS_MAX } from '../core/user.ts'
import { sql } from './db.ts'
import { requestLimits } from './http/guard.ts'
import { forgetSessions } from './http/principals.ts'
import { hashPassword, isOutdated, isPassword, passwordParameters } from './password.ts'
import { testDatabase } from './test-database.ts'
import { PASSWORD, testHttp } from './test-http.ts'
import { testWorld } from './test-world.ts'

const often = { max: 10_000, timeWindow: 60_000 }
const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 1_000 } })
const http = await testHttp(server, world, { limits: { ...requestLimits, guessesOfName: often, guessesOfAddress: often } })
const admin = await http.key('admin')
const sea = await world.site('SEA')
const origin = 'http://localhost:80'
let people = 0

async function person(more: object = {}): Promise<string> {
  const name = `ann-${(people += 1)}`
  const body = { name, displayName: 'Ann Andrews', role: 'sales', sites: [], password: PASSWORD, ...more }
  expect(await http.call(admin, 'POST', '/api/users', body)).toMatchObject({ status: 201, body: { name } })
  return name
}

const tryIn = (name: string, password = PASSWORD, headers: Record<string, string> = {}) => http.call(undefined, 'POST', '/api/session', { name, password }, headers)
const cookieOf = (reply: { readonly headers: Readonly<Record<string, unknown>> }): string => String(reply.headers['set-cookie']).split(';')[0]!

async function signedIn(name: string): Promise<string> {
  const reply = await tryIn(name)
  expect(reply.status).toBe(201)
  return cookieOf(reply)
}

const whoIs = async (cookie: string) => (await http.call(cookie, 'GET', '/api/session')).body
const isOver = async (cookie: string) => {
  expect(await http.call(cookie, 'GET', '/api/sites')).toMatchObject({ status: 401, body: { code: 'session_expired' } })
  expect(await http.call(cookie, 'GET', '/api/session')).toMatchObject({ status: 200, body: { user: null } })
}

describe('signing in', () => {
  test('says who it is and what he may do, and sets a cookie that no script reads', async () => {
    const name = await person({ sites: ['SEA'] })
    const reply = await tryIn(` ${name.toUpperCase()} `)
    expect(reply).toMatchObject({ status: 201, body: { user: { name, displayName: 'Ann Andrews', role: 'sales', sites: ['SEA'] } } })
    expect(reply.headers['set-cookie']).toMatch(/^quartermaster=[\w-]{43}; Max-Age=57600; Path=\/; HttpOnly; SameSite=Strict$/)
    const session = await whoIs(cookieOf(reply))
    expect(session).toEqual(reply.body)
    expect(session['can']).toEqual(expect.arrayContaining(['placeOrder', 'getSession', 'signOut']))
    for (const other of ['createUser', 'createItems', 'count', 'listMoves']) expect(session['can']).not.toContain(other)
  })

  test('keeps neither password nor token', async () => {
    const token = (await signedIn(await person())).split('=')[1]!
    const rows = await server.query<{ row: string }>(sql`
      select row_to_json(u)::text as row from users u union all select row_to_json(s)::text from web_session s
      union all select row_to_json(k)::text from idempotency_key k where site_id = 0 union all select row_to_json(o)::text from outbox o where site_id = 0`)
    const all = rows.map((one) => one.row).join('\n')
    expect(all).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(all).not.toContain(token)
    expect(all).not.toContain(PASSWORD)
  })

  test('tells a name that nobody has, a wrong password and a user who is not active the same', async () => {
    const [ann, bob] = [await person(), await person()]
    expect((await http.call(admin, 'POST', `/api/users/${bob}/deactivation`)).status).toBe(200)
    const refused = await Promise.all([tryIn('nobody-at-all'), tryIn(ann, 'a wrong password'), tryIn(bob), tryIn('not a name\0')])
    for (const one of refused) expect(one).toMatchObject({ status: 401, text: refused[0].text, body: { code: 'sign_in_refused' } })
    expect(refused.every((one) => one.headers['set-cookie'] === undefined)).toBe(true)
  })

  test('takes as long for a name that nobody has', async () => {
    const ann = await person()
    const shortest = async (name: string): Promise<number> => {
      const times: number[] = []
      for (let round = 0; round < 8; round += 1) {
        const began = performance.now()
        await tryIn(name, 'a wrong password')
        times.push(performance.now() - began)
      }
      return Math.min(...times)
    }
    await shortest('nobody-at-all')
    const [known, unknown] = [await shortest(ann), await shortest('nobody-at-all')]
    // Without the hash of nobody it would be a tenth; what else the machine does is no matter of names.
    expect(unknown).toBeGreaterThan(known / 2)
    expect(known).toBeGreaterThan(unknown / 2)
  })

  test('gives a new token whatever cookie came along, and ends the session it replaces', async () => {
    const ann = await person()
    const planted = 'quartermaster=planted_by_somebody_else'
    const first = cookieOf(await tryIn(ann, PASSWORD, { cookie: planted }))
    expect(first).not.toBe(planted)
    await isOver(planted)
    const second = cookieOf(await tryIn(ann, PASSWORD, { cookie: first }))
    await isOver(first)
    expect((await whoIs(second))['user']).toMatchObject({ name: ann })
  })

  test('many at once are each a session of their own', async () => {
    const ann = await person()
    const cookies = await Promise.all(Array.from({ length: 20 }, () => signedIn(ann)))
    expect(new Set(cookies).size).toBe(20)
    expect((await http.call(cookies[0], 'DELETE', '/api/session')).status).toBe(200)
    for (const cookie of cookies.slice(1)) expect((await whoIs(cookie))['user']).toMatchObject({ name: ann })
  })

  test('hashes a password anew when its parameters are no longer ours', async () => {
    const passwordHash = await hashPassword(PASSWORD, { ...passwordParameters, passes: 1 })
    expect(isOutdated(passwordHash)).toBe(true)
    await world.send(0 as typeof sea, { kind: 'createUser', name: 'old', displayName: 'Old', role: 'till', sites: [], passwordHash })
    await signedIn('old')
    const [row] = await server.query<{ hash: string }>(sql`select password_hash as hash from users where name = 'old'`)
    expect(row!.hash).not.toBe(passwordHash)
    expect(isOutdated(row!.hash)).toBe(false)
    expect(await isPassword(PASSWORD, row!.hash)).toBe(true)
    await signedIn('old')
  })
})

describe('a session is over', () => {
  test('when it is signed out, also for who copied its cookie', async () => {
    const cookie = await signedIn(await person())
    const reply = await http.call(cookie, 'DELETE', '/api/session')
    expect(reply.headers['set-cookie']).toMatch(/^quartermaster=; Max-Age=0;/)
    await isOver(cookie)
  })

  test('at once when its user is deactivated, and stays so when he is activated again', async () => {
    const ann = await person()
    const cookie = await signedIn(ann)
    await http.call(admin, 'POST', `/api/users/${ann}/deactivation`)
    await isOver(cookie)
    expect((await http.call(admin, 'POST', `/api/users/${ann}/deactivation`)).body).toMatchObject({ code: 'nothing_to_do' })
    expect((await http.call(admin, 'POST', `/api/users/${ann}/activation`)).status).toBe(200)
    await isOver(cookie)
    await signedIn(ann)
  })

  test('at once when a password is set, by himself or by an admin', async () => {
    const ann = await person()
    const [first, other] = [await signedIn(ann), await signedIn(ann)]
    const newPassword = 'another horse entirely'
    expect((await http.call(first, 'POST', '/api/session/password', { password: 'not the old one', newPassword })).body).toMatchObject({ code: 'sign_in_refused' })
    expect((await http.call(first, 'POST', '/api/session/password', { password: PASSWORD, newPassword })).status).toBe(200)
    await Promise.all([isOver(first), isOver(other)])
    expect((await tryIn(ann)).status).toBe(401)
    const third = cookieOf(await tryIn(ann, newPassword))
    expect((await http.call(admin, 'POST', `/api/users/${ann}/password`, { password: PASSWORD })).status).toBe(200)
    await isOver(third)
    await signedIn(ann)
  })

  test('but the one that ends the others, which sees them all beforehand', async () => {
    const ann = await person()
    const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux) Ünïcode\u0007 Firefox/140.0' }
    const [mine, other] = [cookieOf(await tryIn(ann, PASSWORD, browser)), await signedIn(ann)]
    const sessions = async () => ((await http.call(mine, 'GET', '/api/sessions')).body['rows'] as { current: boolean; browser: string }[]).toSorted((a, b) => Number(b.current) - Number(a.current))
    expect(await sessions()).toMatchObject([{ current: true, browser: 'Mozilla/5.0 (X11; Linux) ncode Firefox/140.0' }, { current: false }])
    expect((await http.call(mine, 'POST', '/api/sessions/ending')).status).toBe(200)
    await isOver(other)
    expect(await sessions()).toMatchObject([{ current: true }])
    const { version } = (await http.call(admin, 'GET', `/api/users/${ann}`)).body
    expect(version).toBe(1)
    expect((await http.call(admin, 'GET', '/api/sessions')).body['rows']).toEqual([])
    expect((await http.call(admin, 'POST', '/api/sessions/ending')).body).toMatchObject({ status: 409, code: 'nothing_to_do' })
  })

  test('when an admin ends them all, and he may sign in again', async () => {
    const ann = await person()
    const [first, second] = [await signedIn(ann), await signedIn(ann)]
    const sessions = async () => (await http.call(admin, 'GET', `/api/users/${ann}/sessions`)).body['rows']
    expect(await sessions()).toMatchObject([{ current: false }, { current: false }])
    expect((await http.call(admin, 'POST', `/api/users/${ann}/sessions/ending`)).status).toBe(200)
    await Promise.all([isOver(first), isOver(second)])
    expect(await sessions()).toEqual([])
    await signedIn(ann)
    expect(await sessions()).toHaveLength(1)
    for (const [method, path] of [['GET', '/sessions'], ['POST', '/sessions/ending']] as const) {
      expect((await http.call(admin, method, `/api/users/nobody${path}`)).body).toMatchObject({ status: 404, code: 'user_not_known' })
    }
  })

  test('when nobody used it for long, and at last however much it is used', async () => {
    const cookie = await signedIn(await person())
    world.wait(SESSION_IDLE_MILLISECONDS_MAX - 1)
    expect((await whoIs(cookie))['user']).toBeDefined()
    const used = await signedIn(await person())
    world.wait(SESSION_IDLE_MILLISECONDS_MAX - 60_000)
    expect((await whoIs(cookie))['user']).toBeDefined()
    world.wait(60_000)
    await isOver(used)
    for (let time = 3 * SESSION_IDLE_MILLISECONDS_MAX; time < SESSION_MILLISECONDS_MAX; time += SESSION_IDLE_MILLISECONDS_MAX / 2) {
      await whoIs(cookie)
      world.wait(SESSION_IDLE_MILLISECONDS_MAX / 2)
    }
    world.wait(SESSION_IDLE_MILLISECONDS_MAX / 2)
    await isOver(cookie)
    world.wait(SESSION_MILLISECONDS_MAX)
    const before = await signedIn(await person())
    expect(await forgetSessions(server, instant(world.now()))).toBeGreaterThan(0)
    expect((await whoIs(before))['user']).toBeDefined()
  })
})

describe('a change of role and sites', () => {
  test('counts for the next request of an open session', async () => {
    const ann = await person({ sites: ['SEA'] })
    const cookie = await signedIn(ann)
    const sold = (site: string) => http.call(cookie, 'POST', '/api/sales', { site, lines: [{ sku: 'A', quantity: 1 }] })
    expect((await sold('SEA')).status).toBe(201)
    expect((await sold('PDX')).body).toMatchObject({ code: 'site_not_known' })
    await http.call(admin, 'PUT', `/api/users/${ann}`, { sites: ['PDX'] })
    expect((await sold('SEA')).body).toMatchObject({ code: 'site_not_known' })
    expect((await sold('PDX')).status).toBe(201)
    await http.call(admin, 'PUT', `/api/users/${ann}`, { role: 'auditor' })
    expect((await sold('PDX')).body).toMatchObject({ code: 'role_not_allowed' })
  })

  test('that is made of an old version is refused', async () => {
    const ann = await person()
    const { etag } = (await http.call(admin, 'GET', `/api/users/${ann}`)).headers as { etag: string }
    expect(etag).toBe('"1"')
    expect((await http.call(admin, 'GET', `/api/users/${ann}`, undefined, { 'if-none-match': etag })).status).toBe(304)
    const edit = (displayName: string, ifMatch: string) => http.call(admin, 'PUT', `/api/users/${ann}`, { displayName }, { 'if-match': ifMatch })
    expect((await edit('Ann Baker', etag)).status).toBe(200)
    for (const stale of [etag, '"7"', 'W/"2"', '"x"']) expect(await edit('Ann Clark', stale)).toMatchObject({ status: 412, body: { code: 'changed_meanwhile' } })
    expect((await edit('Ann Davis', '*')).status).toBe(200)
    expect((await http.call(admin, 'GET', `/api/users/${ann}`)).body).toMatchObject({ displayName: 'Ann Davis', version: 3, active: true, role: 'sales' })
  })
})

describe('what a browser sends with the cookie', () => {
  const sale = { site: 'SEA', lines: [{ sku: 'A', quantity: 1 }] }

  test.each<[string, Record<string, string>, number]>([
    ['one of our pages',                 { origin, 'sec-fetch-site': 'same-origin' },                 201],
    ['one of our pages, older browser',  { origin },                                                  201],
    ['a foreign page',                   { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of a neighbour',            { origin: 'http://shop.localhost', 'sec-fetch-site': 'same-site' }, 403],
    ['our host over another scheme',     { origin: 'https://localhost:80' },                          403],
    ['a sandboxed frame',                { origin: 'null', 'sec-fetch-site': 'cross-site' },          403],
    ['nobody who says so',               {},                                                          403],
  ])('from %s', async (_story, headers, status) => {
    const cookie = await signedIn(await person())
    const reply = await http.app.inject({ method: 'POST', url: '/api/sales', headers: { cookie, 'idempotency-key': `sale-${(people += 1)}`, ...headers }, payload: sale })
    expect([reply.statusCode, reply.json<{ code?: string }>().code]).toEqual([status, status === 201 ? undefined : 'origin_not_allowed'])
  })

  test('needs an Idempotency-Key like any write', async () => {
    const cookie = await signedIn(await person())
    const reply = await http.app.inject({ method: 'POST', url: '/api/sales', headers: { cookie, origin }, payload: sale })
    expect(reply.json()).toMatchObject({ code: 'idempotency_key_missing' })
  })

  test('may sign nobody in or out from a foreign page', async () => {
    const ann = await person()
    expect((await tryIn(ann, PASSWORD, { origin: 'https://evil.example' })).body).toMatchObject({ code: 'origin_not_allowed' })
    const cookie = await signedIn(ann)
    expect((await http.call(cookie, 'DELETE', '/api/session', undefined, { origin: 'https://evil.example' })).body).toMatchObject({ code: 'origin_not_allowed' })
    expect((await whoIs(cookie))['user']).toBeDefined()
  })

  test('with a key beside it is the key\'s, which no browser sends by itself', async () => {
    const cookie = await signedIn(await person({ role: 'auditor' }))
    const reply = await http.app.inject({
      method: 'POST', url: '/api/sales', payload: sale,
      headers: { cookie, authorization: `Bearer ${admin}`, 'idempotency-key': 'both', origin: 'https://evil.example' },
    })
    expect(reply.statusCode).toBe(201)
  })
})

describe('a user', () => {
  test.each<[string, object, string, string]>([
    ['with a name in capitals',          { name: 'Ann' },                                 'body_not_valid',    'name'],
    ['with a blank in the name',         { name: 'ann b' },                               'body_not_valid',    'name'],
    ['with a short password',            { password: 'too short' },                       'password_too_weak', 'password'],
    ['with one letter for a password',   { password: 'aaaaaaaaaaaaaaaa' },                'password_too_weak', 'password'],
    ['with half a pair in the password', { password: `${PASSWORD}\ud800` },               'text_not_storable', 'password'],
    ['with a role that there is not',    { role: 'king' },                                'body_not_valid',    'role'],
    ['with a site that there is not',    { sites: ['SEA', 'NOSITE'] },                    'site_not_known',    'sites/2'],
    ['with a field too many',            { epoch: 7 },                                    'body_not_valid',    ''],
  ])('%s is refused', async (_story, wrong, code, field) => {
    const body = { name: `x-${(people += 1)}`, displayName: 'X', role: 'till', password: PASSWORD, ...wrong }
    expect((await http.call(admin, 'POST', '/api/users', body)).body).toMatchObject({ code, field })
  })

  test('has a name of his own, and one that nobody has is told so', async () => {
    const ann = await person()
    expect((await http.call(admin, 'POST', '/api/users', { name: ann, displayName: 'X', role: 'till', password: PASSWORD })).body).toMatchObject({ code: 'code_taken', field: 'name' })
    for (const [method, path] of [['GET', ''], ['POST', '/activation'], ['POST', '/deactivation']] as const) {
      expect((await http.call(admin, method, `/api/users/nobody${path}`)).body).toMatchObject({ status: 404, code: 'user_not_known' })
    }
  })

  test('acts under a number in the ledger, since a name can be erased', async () => {
    const ann = await person()
    const cookie = await signedIn(ann)
    await http.call(cookie, 'POST', '/api/sales', { site: 'SEA', lines: [{ sku: 'A', quantity: 1 }] })
    const [move] = await server.query<{ actor: string }>(sql`select actor from move where site_id = ${sea} order by sequence desc limit 1`)
    expect(move!.actor).toMatch(/^user:\d+$/)
  })

  test('list pages through every one once', async () => {
    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const { body }: { body: Record<string, unknown> } = await http.call(admin, 'GET', `/api/users?limit=7${next === '' ? '' : `&cursor=${next}`}`)
      seen.push(...(body['rows'] as { name: string }[]).map((row) => row.name))
      next = body['next'] as string | null
    }
    expect(seen.length).toBeGreaterThan(people / 2)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(seen.toSorted((one, other) => (one < other ? -1 : 1)))
  })
})

describe('what is tried too often', () => {
  const few = { max: 3, timeWindow: 60_000 }

  test('waits: passwords for a name, whoever has it or nobody', async () => {
    const { call } = await testHttp(server, world, { limits: { ...requestLimits, guessesOfName: few } })
    for (const name of [await person(), 'nobody-at-all']) {
      const replies = []
      for (let tries = 1; tries <= 4; tries += 1) replies.push(await call(undefined, 'POST', '/api/session', { name, password: 'a guess' }))
      expect(replies.map((one) => one.status)).toEqual([401, 401, 401, 429])
      expect(replies[3]).toMatchObject({ body: { code: 'too_many_requests' }, headers: { 'retry-after': '60' } })
    }
    const cookie = await signedIn(await person())
    const change = { password: 'a guess', newPassword: 'another horse entirely' }
    const guesses = []
    for (let tries = 1; tries <= 4; tries += 1) guesses.push((await call(cookie, 'POST', '/api/session/password', change)).status)
    expect(guesses).toEqual([401, 401, 401, 429])
  })

  test('waits: passwords from an address, and requests of a user or a key', async () => {
    const { call } = await testHttp(server, world, { limits: { guessesOfName: few, guessesOfAddress: few, requestsOfUser: few, requestsOfKey: few } })
    const statuses: number[] = []
    for (const name of ['a', 'b', 'c', 'd']) statuses.push((await call(undefined, 'POST', '/api/session', { name, password: 'a guess' })).status)
    expect(statuses).toEqual([401, 401, 401, 429])
    for (const secret of [await signedIn(await person()), await http.key('auditor')]) {
      const asked: number[] = []
      for (let tries = 1; tries <= 4; tries += 1) asked.push((await call(secret, 'GET', '/api/session')).status)
      expect(asked).toEqual([200, 200, 200, 429])
    }
  })
})

describe('behind TLS', () => {
  test('the cookie is bound to the host, and the origin is the one that browsers know', async () => {
    const secure = await testHttp(server, { ...world }, { origin: 'https://orders.example.com', secure: true })
    const reply = await secure.call(undefined, 'POST', '/api/session', { name: await person(), password: PASSWORD }, { origin: 'https://orders.example.com' })
    expect(reply.headers['set-cookie']).toMatch(/^__Host-quartermaster=[\w-]{43}; Max-Age=57600; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    expect(reply.headers['strict-transport-security']).toMatch(/^max-age=31536000/)
    const cookie = cookieOf(reply)
    const sale = (headers: Record<string, string>) =>
      secure.app.inject({ method: 'POST', url: '/api/sales', headers: { cookie, 'idempotency-key': `tls-${(people += 1)}`, ...headers }, payload: { site: 'SEA', lines: [{ sku: 'A', quantity: 1 }] } })
    expect((await sale({ origin: 'https://orders.example.com' })).statusCode).toBe(201)
    expect((await sale({ origin: 'http://localhost:80' })).statusCode).toBe(403)
    expect((await secure.app.inject({ url: '/api/sites', headers: { cookie: cookie.replace('__Host-', '') } })).json()).toMatchObject({ code: 'key_missing' })
  })
})

test('nothing was a fault', () => {
  expect(http.faults).toEqual([])
})
