// Web: the built console as files, and the headers that bind browsers. Pages may load what is ours and nothing else, and run nothing that stands
// in them; a page that styles itself with elements of its own gives them the nonce of its answer, which the build leaves room for.
//
// Assets carry the hash of their content in their name and never change; the page that names them is never kept.

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { HttpContext } from './call.ts'
import { POLICY_REPORTS_GROUP, POLICY_REPORTS_PATH } from './policy-reports.ts'

/** What the build writes where the nonce belongs (`html.cspNonce` of Vite). */
const NONCE_PLACEHOLDER = 'CSP_NONCE'
const NONCE_BYTES = 16
const HSTS_SECONDS = 31_536_000
const ASSET_CACHING = 'public, max-age=31536000, immutable'

/** Over plain HTTP browsers report to an address alone; over TLS to a group of them, which `Reporting-Endpoints` names. */
const policyOf = (secure: boolean, nonce?: string): string =>
  [
    "default-src 'self'",
    ...(nonce === undefined ? [] : [`style-src 'self' 'nonce-${nonce}'`]),
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    `report-uri ${POLICY_REPORTS_PATH}`,
    ...(secure ? [`report-to ${POLICY_REPORTS_GROUP}`] : []),
  ].join('; ')

export function addSecurityHeaders(app: FastifyInstance, { secure }: HttpContext): void {
  const policy = policyOf(secure)
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin')
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', policy)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    if (secure) reply.header('reporting-endpoints', `${POLICY_REPORTS_GROUP}="${POLICY_REPORTS_PATH}"`)
    if (secure) reply.header('strict-transport-security', `max-age=${HSTS_SECONDS}; includeSubDomains`)
    done(null, payload)
  })
}

/** Answers a request for a page, which is the console's own matter whatever its path; undefined for what is no page. */
export type Page = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined

/** Serves the console that was built into `folder`. */
export async function servePages(app: FastifyInstance, folder: string | undefined, { secure }: Pick<HttpContext, 'secure'>): Promise<Page> {
  const index = folder === undefined ? undefined : await readFile(join(folder, 'index.html'), 'utf8').catch(notBuilt)
  if (folder === undefined || index === undefined) return (request, reply) => (isPage(request) ? tellPage(reply, NOT_BUILT) : undefined)
  const assets = join(folder, 'assets', '/')
  // One route a file, known at the start; every page, also `/`, is the not-found handler's, which knows the nonce.
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    globIgnore: ['index.html'],
    cacheControl: false,
    setHeaders: (reply, path) => void reply.header('cache-control', path.startsWith(assets) ? ASSET_CACHING : 'no-cache'),
  })
  return (request, reply) => {
    if (!isPage(request)) return undefined
    const nonce = randomBytes(NONCE_BYTES).toString('base64')
    return tellPage(reply.header('content-security-policy', policyOf(secure, nonce)), index.replaceAll(NONCE_PLACEHOLDER, nonce))
  }
}

function isPage({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split('?')[0]!
  const ours = path === '/api' || path.startsWith('/api/') || path.startsWith('/assets/')
  return (method === 'GET' || method === 'HEAD') && !ours && (headers.accept?.includes('text/html') ?? false)
}

const tellPage = (reply: FastifyReply, page: string): FastifyReply => reply.code(200).type('text/html; charset=utf-8').send(page)

function notBuilt(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Quartermaster</title></head>
<body>
<h1>Quartermaster runs</h1>
<p>Its console is not built yet: run <code>npm run build:web</code> and start the server again.</p>
<p>The API is here: <a href="/api/docs">/api/docs</a>.</p>
</body></html>
`
