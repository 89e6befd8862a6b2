// A server for tests: the whole of HTTP over a test's own database and world, called without a socket.

import { hash, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Endpoint } from '../api/endpoint.ts'
import { controlSite, type SiteId } from '../core/item.ts'
import type { Role } from '../core/principal.ts'
import type { Database } from './db.ts'
import { submitOver } from './flow/reserve-across-sites.ts'
import { httpServer, type HttpOptions } from './http.ts'
import { requestKeyOf, type HttpContext } from './http/call.ts'
import { newSecret } from './http/master.ts'
import { LiveFeed } from './live-feed.ts'
import { hashPassword } from './password.ts'
import { PriceBooks } from './price-books.ts'
import type { TestWorld } from './test-world.ts'

export interface Reply {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

export interface TestHttp {
  readonly app: FastifyInstance
  /** Makes a user and signs him in; the answer is the session's cookie, which `call` takes like a secret. */
  readonly session: (role: Role, sites?: readonly SiteId[], name?: string) => Promise<string>
  /** Makes a key and returns its secret. */
  readonly key: (role: Role, sites?: readonly SiteId[]) => Promise<string>
  /** Sends a request as a browser or a machine does; a write gets a key of its own unless `headers` has one. */
  readonly call: (
    secret: string | undefined,
    method: Endpoint['method'],
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>
  readonly faults: unknown[]
}

/** How HTTP reaches a test's world. */
export const testContext = (database: Database, { catalog, now, newId, lanes, sealKey }: TestWorld): HttpContext => ({
  database,
  catalog,
  priceBooks: new PriceBooks(database, now),
  clock: now,
  newId,
  live: new LiveFeed({ database, catalog }),
  takesPayments: true,
  health: () => ({ preparing: null, draining: false, relays: false, stuck: [] }),
  requestKey: requestKeyOf(sealKey),
  secure: false,
  submit: submitOver(lanes),
})

export const PASSWORD = 'correct horse battery staple'

const credentials = (secret: string): Record<string, string> =>
  secret.startsWith('quartermaster=') ? { cookie: secret, origin: 'http://localhost:80' } : { authorization: `Bearer ${secret}` }

export async function testHttp(
  database: Database,
  world: TestWorld,
  { secure = false, takesPayments = true, ...options }: Partial<HttpOptions & Pick<HttpContext, 'secure' | 'takesPayments'>> = {},
): Promise<TestHttp> {
  const faults: unknown[] = []
  let users = 0
  const app = await httpServer({ ...testContext(database, world), secure, takesPayments }, { onFault: (error) => faults.push(error), ...options })
  return {
    app,
    faults,
    key: async (role, sites = []) => {
      const secret = newSecret()
      await world.send(controlSite, { kind: 'createKey', name: `a ${role}`, role, sites, secretSha256: hash('sha256', secret, 'hex') })
      return secret
    },
    session: async (role, sites = [], name = `user-${(users += 1)}`) => {
      const passwordHash = await hashPassword(PASSWORD)
      await world.send(controlSite, { kind: 'createUser', name, displayName: `a ${role}`, role, sites, passwordHash })
      const reply = await app.inject({ method: 'POST', url: '/api/session', payload: { name, password: PASSWORD } })
      return String(reply.headers['set-cookie']).split(';')[0]!
    },
    call: async (secret, method, url, body, headers = {}) => {
      const reply = await app.inject({
        method,
        url,
        headers: {
          ...(secret === undefined ? {} : credentials(secret)),
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
