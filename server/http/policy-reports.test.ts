// Policy reports: each is a short line in the log, whoever sends what, and no more of them than a log can bear.

import { expect, test } from 'vitest'
import { testDatabase } from '../test-database.ts'
import { testHttp } from '../test-http.ts'
import { testWorld } from '../test-world.ts'
import { policyReportLimits } from './policy-reports.ts'

const { server } = await testDatabase()
const world = await testWorld(server, {})
const lines: string[] = []
const log = { level: 'info', to: { write: (line: string) => void lines.push(line) } } as const
const often = { max: 10_000, timeWindow: 60_000 }
const http = await testHttp(server, world, { log, reportLimits: { ofAddress: often, ofAll: often } })

const post = async (payload: string, type = 'application/csp-report', app = http.app) =>
  (await app.inject({ method: 'POST', url: '/api/policy-reports', headers: { 'content-type': type, origin: 'null' }, payload })).statusCode
const reported = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['msg'] === 'policy report')

const told = { page: 'http://x/orders', directive: 'script-src-elem', blocked: 'https://evil.example/x.js', source: 'http://x/main.js', line: 7 }

test.each<[string, string, unknown]>([
  ['an address', 'application/csp-report', { 'csp-report': { 'document-uri': 'http://x/orders?customer=Ann', 'effective-directive': 'script-src-elem', 'blocked-uri': 'https://evil.example/x.js?token=1', 'source-file': 'http://x/main.js', 'line-number': 7 } }],
  ['a group', 'application/reports+json', [{ type: 'csp-violation', body: { documentURL: 'http://x/orders#a', effectiveDirective: 'script-src-elem', blockedURL: 'https://evil.example/x.js', sourceFile: 'http://x/main.js', lineNumber: 7 } }]],
])('what is reported to %s is a line in the log, without what was looked for', async (_story, type, sent) => {
  lines.length = 0
  expect(await post(JSON.stringify(sent), type)).toBe(204)
  expect(reported()).toMatchObject([{ level: 40, ...told }])
  expect(lines.join('')).not.toMatch(/Ann|token/)
})

test.each<[string, string, string, number]>([
  ['no JSON',               '{"csp-report":',                                        'application/csp-report', 204],
  ['nothing',               '',                                                      'application/csp-report', 204],
  ['null',                  'null',                                                  'application/csp-report', 204],
  ['another report',        '[{"type": "deprecation", "body": {}}, 7, null]',        'application/reports+json', 204],
  ['a report of nothing',   '{"csp-report": null}',                                  'application/csp-report', 204],
  ['far too much',          `{"csp-report": {"x": "${'x'.repeat(20_000)}"}}`,        'application/csp-report', 413],
  ['another kind of thing', '<report/>',                                             'text/xml', 415],
])('%s is no fault and no line', async (_story, payload, type, status) => {
  lines.length = 0
  expect(await post(payload, type)).toBe(status)
  expect(reported()).toEqual([])
  expect(http.faults).toEqual([])
})

test('many in one body, and long ones, are cut', async () => {
  lines.length = 0
  const report = { type: 'csp-violation', body: { blockedURL: 'x'.repeat(400), lineNumber: { deep: [] } } }
  expect(await post(JSON.stringify(Array.from({ length: 25 }, () => report)), 'application/reports+json')).toBe(204)
  expect(reported()).toHaveLength(20)
  expect(reported()[0]).toMatchObject({ blocked: 'x'.repeat(300), line: null, page: null })
})

test('no more of them are taken than a log can bear', async () => {
  const report = JSON.stringify({ 'csp-report': {} })
  const few = { max: 3, timeWindow: 60_000 }
  for (const reportLimits of [{ ...policyReportLimits, ofAddress: few }, { ...policyReportLimits, ofAll: few }]) {
    lines.length = 0
    const { app } = await testHttp(server, world, { log, reportLimits })
    const statuses = []
    for (let tries = 1; tries <= 5; tries += 1) statuses.push(await post(report, 'application/csp-report', app))
    expect(statuses).toEqual([204, 204, 204, 429, 429])
    expect(reported()).toHaveLength(3)
  }
})
