// Ready: who balances load is told when to send requests elsewhere, and everybody what is behind or stuck.

import { describe, expect, test } from 'vitest'
import { openDatabase, sql } from '../db.ts'
import { httpServer } from '../http.ts'
import { testDatabase } from '../test-database.ts'
import { testContext } from '../test-http.ts'
import { orderOf, testWorld } from '../test-world.ts'
import type { HttpContext } from './call.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { A: 10 } })
const sea = await world.site('SEA')
await world.send(sea, orderOf(world, sea, [[await world.item('A'), 1]]))

async function asked(changed: Partial<HttpContext> = {}, url = '/api/ready'): Promise<readonly [number, Record<string, unknown>]> {
  const app = await httpServer({ ...testContext(server, world), ...changed }, { onFault: () => undefined })
  const reply = await app.inject({ url })
  return [reply.statusCode, reply.json<Record<string, unknown>>()]
}

describe('ready', () => {
  test('says yes, how far the feed is behind, and what is stuck', async () => {
    const stuck = { site: sea, sequence: 7, type: 'transfer.sent', target: sea, tries: 3, detail: 'Site 2 did not take it: {"name":"Ann"}' }
    const [status, body] = await asked({ health: () => ({ preparing: null, draining: false, relays: true, stuck: [stuck] }) })
    const { detail: _detail, ...told } = stuck
    expect([status, body]).toEqual([200, {
      ready: true, database: true, migrationsCurrent: true, preparing: null, draining: false, relay: { relays: true, eventsBehind: expect.any(Number) as number, stuck: [told] },
    }])
    const [heads] = await server.query<{ events: number }>(sql`select sum(outbox_sequence)::bigint as events from site_head -- every site: all of their logs`)
    expect((body['relay'] as { eventsBehind: number }).eventsBehind).toBe(heads!.events)
  })

  test('says no while the server goes down', async () => {
    expect(await asked({ health: () => ({ preparing: null, draining: true, relays: false, stuck: [] }) })).toMatchObject([503, { ready: false, draining: true }])
  })

  test('says no, and why, while what comes first is not done', async () => {
    const preparing = 'The demonstration company is being imported.'
    expect(await asked({ health: () => ({ preparing, draining: false, relays: true, stuck: [] }) })).toMatchObject([503, { ready: false, database: true, preparing }])
  })

  test('says no where the database does not answer, and the server is alive all the same', async () => {
    const database = openDatabase({ host: '127.0.0.1', port: 1 })
    expect(await asked({ database })).toMatchObject([503, { ready: false, database: false, migrationsCurrent: false }])
    expect(await asked({ database }, '/api/health')).toEqual([200, { ok: true }])
    await database.close()
  })

  test('says no where the database is not at the version that the code knows', async () => {
    await owner.execute(sql`delete from migration where number = (select max(number) from migration)`)
    expect(await asked()).toMatchObject([503, { ready: false, database: true, migrationsCurrent: false }])
  })
})
