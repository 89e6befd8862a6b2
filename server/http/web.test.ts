// The console as it is served: every page is the one page, assets are kept for ever, and nothing but ours may run.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../test-database.ts'
import { testHttp } from '../test-http.ts'
import { testWorld } from '../test-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'quartermaster-web-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Console</title><script nonce="CSP_NONCE" src="/assets/main-abc123.js"></script>')
writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'console.log(1)')
writeFileSync(join(folder, 'favicon.svg'), '<svg/>')

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'] })
const { app } = await testHttp(server, world, { pages: folder })
const html = { accept: 'text/html,application/xhtml+xml' }
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

describe('the console', () => {
  test('is one page, whatever the path, with a nonce that is never the same', async () => {
    const nonces = new Set<string>()
    for (const url of ['/', '/orders/SEA-1?tab=pegs', '/index.html']) {
      const reply = await get(url, html)
      const [, nonce] = /script nonce="([\w+/=]+)"/.exec(reply.body) ?? []
      expect([reply.statusCode, reply.headers['content-type'], reply.headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-store'])
      expect(reply.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`)
      nonces.add(nonce!)
    }
    expect(nonces.size).toBe(3)
  })

  test('has assets that are kept for ever, other files that are asked for again, and nothing that was not built', async () => {
    const asset = await get('/assets/main-abc123.js')
    expect([asset.statusCode, asset.body, asset.headers['cache-control']]).toEqual([200, 'console.log(1)', 'public, max-age=31536000, immutable'])
    const icon = await get('/favicon.svg')
    expect([icon.statusCode, icon.headers['cache-control'], typeof icon.headers['etag']]).toEqual([200, 'no-cache', 'string'])
    for (const url of ['/../package.json', '/assets/..%2f..%2fpackage.json', '/assets/main-old.js', '/assets/', '/assets']) {
      const reply = await get(url)
      expect([url, reply.statusCode, reply.json<{ code: string }>().code]).toEqual([url, 404, 'endpoint_not_known'])
    }
  })

  test('leaves what is not a page to the API', async () => {
    for (const [url, headers] of [['/api/nothing', html], ['/api', html], ['/orders', { accept: 'application/json' }], ['/assets/none.js', html]] as const) {
      expect([url, (await get(url, headers)).json<{ code: string }>().code]).toEqual([url, 'endpoint_not_known'])
    }
    expect((await app.inject({ method: 'POST', url: '/orders', headers: { ...html, 'idempotency-key': 'x' } })).statusCode).toBe(404)
  })

  test('that is not built says how to build it', async () => {
    for (const pages of [undefined, join(folder, 'nowhere')]) {
      const { app: other } = await testHttp(server, world, { pages })
      const reply = await other.inject({ url: '/', headers: html })
      expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(reply.body).toContain('not built yet')
    }
  })
})

test.each(['/', '/api/health', '/api/docs/', '/api/orders', '/assets/main-abc123.js'])('%s binds the browser', async (url) => {
  const { headers } = await get(url, html)
  const policy = String(headers['content-security-policy'])
  for (const rule of ["default-src 'self'", 'report-uri /api/policy-reports', "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"]) expect(policy).toContain(rule)
  expect(policy).not.toMatch(/unsafe|\*|http:/)
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' })
  expect([headers['strict-transport-security'], headers['reporting-endpoints']]).toEqual([undefined, undefined])
})

test('over TLS the policy reports to a group, and the group is named', async () => {
  const { app: secure } = await testHttp(server, world, { pages: folder, origin: 'https://orders.example.com', secure: true })
  for (const url of ['/', '/api/health']) {
    const { headers } = await secure.inject({ url, headers: html })
    expect(headers['content-security-policy']).toContain('report-uri /api/policy-reports; report-to policy')
    expect(headers['reporting-endpoints']).toBe('policy="/api/policy-reports"')
  }
})
