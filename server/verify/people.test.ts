// Users and sessions that the database's owner slipped in are found and named.

import { expect, test } from 'vitest'
import { sql, type Statement } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { testHttp } from '../test-http.ts'
import { expectVerified } from '../test-verify.ts'
import { testWorld } from '../test-world.ts'
import { verify } from '../verify.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'] })
const http = await testHttp(server, world)
await http.session('sales', [], 'ann')
await http.call(await http.session('sales', [], 'bob'), 'DELETE', '/api/session')

const offending = async (name: string) =>
  (await verify(owner, { sealKey: world.sealKey })).checks.filter((check) => !check.ok).map((check) => [check.name, check.offending?.table, check.offending?.key === name])

test('who came by commands is no offence', async () => {
  expect((await expectVerified(server, world.sealKey)).checks.map((check) => check.name)).toEqual(expect.arrayContaining(['users', 'sessions']))
})

test.each<[string, Statement, Statement, readonly [string, string, string]]>([
  ['a user whom no command made',
    sql`insert into users select 1, 'eve', 'Eve', 'admin', '{}', password_hash, 1, 1, created_at, null from users where name = 'ann'`,
    sql`delete from users where name = 'eve'`, ['users', 'users', 'user eve']],
  ['a session that no sign-in began',
    sql`insert into web_session select sha256('x'), user_id, epoch, begun_at, used_at, null from web_session where ended_at is null`,
    sql`delete from web_session where token_sha256 = sha256('x')`, ['sessions', 'web_session', 'user ann']],
  ['a session that outlives its user\'s next password',
    sql`update web_session set epoch = epoch + 1 where ended_at is null`,
    sql`update web_session set epoch = epoch - 1 where ended_at is null`, ['sessions', 'web_session', 'user ann']],
])('%s is named', async (_story, tamper, back, [check, table, key]) => {
  expect(await owner.execute(tamper)).toBe(1)
  try {
    expect(await offending(key)).toEqual([[check, table, true]])
  } finally {
    await owner.execute(back)
  }
})

test.each<[string, Statement]>([
  ['a role that there is not', sql`update users set role = 'king'`],
  ['a name that cannot be typed', sql`update users set name = 'Ann B' where name = 'ann'`],
  ['a password as it was typed', sql`update users set password_hash = 'correct horse'`],
  ['a token that is no hash', sql`insert into web_session select 'x', user_id, epoch, begun_at, used_at, null from web_session where ended_at is null`],
  ['a session of nobody', sql`update web_session set user_id = 0`],
  ['a key with a role that there is not', sql`insert into api_key values (1, 'k', 'x', 'king', '{}', '2026-03-02', null)`],
])('the database itself refuses %s', async (_story, statement) => {
  await expect(owner.execute(statement)).rejects.toThrow(/violates/)
})
