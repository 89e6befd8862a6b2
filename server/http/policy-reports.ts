// Policy reports: what a browser says that our Content-Security-Policy forbade on one of our pages: a page of ours that is broken, or somebody's
// script that was kept out. Anybody can send one, so a report is only ever a line in the log: short, without what stands behind a question mark in
// an address, so many a minute and no more, and never an error of ours whatever is sent.

import type { FastifyInstance } from 'fastify'
import type { Rate } from './guard.ts'

export const POLICY_REPORTS_PATH = '/api/policy-reports'
/** The name under which the policy speaks of that path. */
export const POLICY_REPORTS_GROUP = 'policy'

const BODY_BYTES_MAX = 16_384
/** Browsers send several in one body. */
const REPORTS_MAX = 20
const TEXT_CHARACTERS_MAX = 300
const TYPES = ['application/csp-report', 'application/reports+json', 'application/json']

export interface PolicyReportLimits {
  readonly ofAddress: Rate
  /** Of all addresses together, so that nobody can fill the log. */
  readonly ofAll: Rate
}

export const policyReportLimits: PolicyReportLimits = {
  ofAddress: { max: 20, timeWindow: 60_000 },
  ofAll: { max: 200, timeWindow: 60_000 },
}

/** As `report-uri` sends it, and as `report-to` does. */
const names = {
  page: ['document-uri', 'documentURL'],
  directive: ['effective-directive', 'effectiveDirective'],
  blocked: ['blocked-uri', 'blockedURL'],
  source: ['source-file', 'sourceFile'],
  line: ['line-number', 'lineNumber'],
} as const

/** Must be called once the plugin for limits is there. */
export async function takePolicyReports(app: FastifyInstance, limits: PolicyReportLimits): Promise<void> {
  const ofAddress = app.createRateLimit(limits.ofAddress)
  const ofAll = app.createRateLimit({ ...limits.ofAll, keyGenerator: () => 'all' })
  await app.register(async (room) => {
    room.removeAllContentTypeParsers()
    room.addContentTypeParser(TYPES, { parseAs: 'string', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) => done(null, reportsIn(String(body))))
    // What is too long or of another kind is not taken, and nothing here is a fault.
    room.setErrorHandler((error, _request, reply) => reply.code(Math.min((error as { statusCode?: number }).statusCode ?? 400, 499)).send())
    room.post(POLICY_REPORTS_PATH, { schema: { hide: true } }, async (request, reply) => {
      for (const limit of [ofAddress, ofAll]) {
        const state = await limit(request)
        if (!state.isAllowed && state.isExceeded) return reply.code(429).header('retry-after', String(state.ttlInSeconds)).send()
      }
      for (const report of (request.body as readonly object[] | undefined) ?? []) request.log.warn(report, 'policy report')
      return reply.code(204).send()
    })
  })
}

/** What is worth a line of each report; none where it is no report. */
function reportsIn(text: string): readonly object[] {
  try {
    const sent: unknown = JSON.parse(text)
    return (Array.isArray(sent) ? sent : [sent]).slice(0, REPORTS_MAX).flatMap((one: unknown) => reportOf(one) ?? [])
  } catch {
    return []
  }
}

function reportOf(sent: unknown): object | undefined {
  if (!isObject(sent)) return undefined
  const report = sent['csp-report'] ?? (sent['type'] === 'csp-violation' ? sent['body'] : undefined)
  if (!isObject(report)) return undefined
  return Object.fromEntries(Object.entries(names).map(([name, called]) => [name, shortened(called.map((one) => report[one]).find(isTold))]))
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
const isTold = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

/** Addresses may hold what somebody looked for. */
const shortened = (value: string | number | undefined): string | number | null =>
  typeof value === 'string' ? value.split(/[?#]/, 1)[0]!.slice(0, TEXT_CHARACTERS_MAX) : (value ?? null)
