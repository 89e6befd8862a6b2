// A server for tests: the whole of HTTP over a test's own database and world, called without a socket.

import { hash, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { controlSite, type SiteId } from '../core/item.ts'
import type { Role } from '../core/api-key.ts'
import type { Database } from './db.ts'
import { httpServer } from './http.ts'
import { newSecret } from './http/master.ts'
import type { TestWorld } from './test-world.ts'

export interface Reply {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

export interface TestHttp {
  readonly app: FastifyInstance
  /** Makes a key and returns its secret. */
  readonly key: (role: Role, sites?: readonly SiteId[]) => Promise<string>
  /** Sends a request; a write gets a key of its own unless `headers` has one. */
  readonly call: (
    secret: string | undefined,
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>
  readonly faults: unknown[]
}

export async function testHttp(database: Database, world: TestWorld): Promise<TestHttp> {
  const faults: unknown[] = []
  const context = { database, catalog: world.catalog, clock: world.now, newId: world.newId, submit: world.lanes.submit.bind(world.lanes) }
  const app = await httpServer(context, (error) => faults.push(error))
  return {
    app,
    faults,
    key: async (role, sites = []) => {
      const secret = newSecret()
      await world.send(controlSite, { kind: 'createKey', name: `a ${role}`, role, sites, secretSha256: hash('sha256', secret, 'hex') })
      return secret
    },
    call: async (secret, method, url, body, headers = {}) => {
      const reply = await app.inject({
        method,
        url,
        headers: {
          ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
          ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
      })
      const text = reply.body
      return {
        status: reply.statusCode,
        text,
        headers: reply.headers,
        body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
      }
    },
  }
}
