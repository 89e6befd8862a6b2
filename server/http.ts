// HTTP: makes routes of the endpoints, and nothing else. A request is: who asks (401), may they (403), is it well formed (400, 413, 422),
// does it make a command (404, 422), and what did the lane answer. Every answer that is not a success is a problem document.

import { createHmac, hash } from 'node:crypto'
import { Readable } from 'node:stream'
import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteHandlerMethod } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Endpoint } from '../api/endpoint.ts'
import { endpoints } from '../api/endpoints.ts'
import { problem as problemSchema } from '../api/fields.ts'
import type { Principal } from '../core/principal.ts'
import { isRefusal, refuse, type Refusal } from '../core/refusal.ts'
import { isTransient } from './db.ts'
import { placeAll } from './http/bulk.ts'
import type { Call, Direct, HttpContext, Reader, Writer } from './http/call.ts'
import { Streams, type StreamLimits } from './http/feed.ts'
import { guardOf, isPerson, requestLimits, type Guard, type RequestLimits } from './http/guard.ts'
import { directs, readers, writers } from './http/handlers.ts'
import { loggingOf, logRequests, type LogOptions } from './http/log.ts'
import { policyReportLimits, takePolicyReports, type PolicyReportLimits } from './http/policy-reports.ts'
import { cookieName, Principals, sessionOf } from './http/principals.ts'
import { tell, tellAnswer, tellText } from './http/reply.ts'
import type { Telemetry } from './telemetry.ts'
import { refusalOfIssues } from './http/validation.ts'
import { addSecurityHeaders, servePages } from './http/web.ts'

export const BODY_BYTES_MAX = 1_000_000
/** As much as Node takes in a request's head; what is too long is then refused by its field. */
const URL_CHARACTERS_MAX = 16_384
const ETAG_CHARACTERS = 22

declare module 'fastify' {
  interface FastifyRequest {
    /** Unset where anybody may ask, and where nobody is signed in and that is an answer. */
    caller: Principal
    sha256: Buffer
  }
  interface FastifyContextConfig {
    /** Whether a password is sent. */
    secret?: boolean
  }
}

export interface HttpOptions {
  readonly onFault: (error: unknown) => void
  readonly limits?: RequestLimits
  readonly streamLimits?: StreamLimits
  readonly reportLimits?: PolicyReportLimits
  /** The origin under which browsers reach us, e.g. `https://orders.example.com`, where a proxy stands before us. */
  readonly origin?: string | undefined
  /** How many proxies stand before us: so many of the last addresses a request names are theirs. */
  readonly proxies?: number
  /** A log of requests and faults; without it there is none. */
  readonly log?: LogOptions | undefined
  readonly telemetry?: Telemetry | undefined
  /** Where the built console is; without it a page says how to build it. */
  readonly pages?: string | undefined
}

export async function httpServer(context: HttpContext, options: HttpOptions): Promise<FastifyInstance> {
  const { onFault, limits = requestLimits, origin, proxies = 0, pages, log, telemetry } = options
  const app = fastify({
    ...loggingOf(log),
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: URL_CHARACTERS_MAX },
    trustProxy: (_address, hop) => hop < proxies,
  })
  app.setValidatorCompiler(({ schema }) => validate(schema as z.ZodType))
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => tellError(error, request, reply, onFault))
  addSecurityHeaders(app, context)
  if (log !== undefined) logRequests(app)
  telemetry?.traceRequests(app)
  parseBodies(app, context)
  await describe(app, context)
  const principals = new Principals(context.database, context.clock, context)
  const guard = await guardOf(app, principals, { limits, origin })
  await takePolicyReports(app, options.reportLimits ?? policyReportLimits)
  const streams = new Streams({ principals, onFault, ...(options.streamLimits === undefined ? {} : { limits: options.streamLimits }) })
  app.addHook('preClose', () => streams.close())
  const handlerOf = handlers(context, streams, onFault)
  for (const endpoint of endpoints) addRoute(app, endpoint, guard, handlerOf(endpoint))
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  const page = await servePages(app, pages, context)
  app.setNotFoundHandler((request, reply) => page(request, reply) ?? tell(reply, nothingAt(request)))
  return app
}

const nothingAt = ({ method, url }: FastifyRequest): Refusal =>
  refuse('endpoint_not_known', 'path', `There is nothing at ${method} ${url.split('?')[0]!.slice(0, 200)}.`)

function addRoute(app: FastifyInstance, endpoint: Endpoint, guard: Guard, handler: RouteHandlerMethod): void {
  const { params, query, body, summary, name } = endpoint
  app.route({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    schema: {
      operationId: name,
      summary,
      security: endpoint.roles === 'public' ? [] : [{ key: [] }, { session: [] }, ...(endpoint.anonymous ? [{}] : [])],
      ...(params ? { params } : {}),
      ...(query ? { querystring: query } : {}),
      ...(body && !endpoint.streams ? { body } : {}),
      response: { [endpoint.status]: endpoint.output, default: problemSchema },
    },
    config: { secret: endpoint.secret ?? false },
    onRequest: guard.onRequest(endpoint),
    ...(endpoint.guesses ? { preHandler: guard.guesses } : {}),
    handler,
  })
}

function bulkHandler(context: HttpContext, onFault: (error: unknown) => void) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { body, caller } = request
    if (!(body instanceof Readable)) return tell(reply, refuse('body_not_json', '', 'Send one JSON value a line, as application/x-ndjson.'))
    return reply.type('application/x-ndjson').send(Readable.from(placeAll({ context, principal: caller }, body, onFault)))
  }
}

/** What answers an endpoint. */
function handlers(context: HttpContext, { listEvents }: Streams, onFault: (error: unknown) => void): (endpoint: Endpoint) => RouteHandlerMethod {
  const direct: Readonly<Record<string, Direct>> = { ...directs, listEvents }
  return (endpoint) => {
    const { name } = endpoint
    if (endpoint.streams) return bulkHandler(context, onFault)
    if (direct[name] !== undefined) return (request, reply) => direct[name]!(request, reply, context)
    return endpoint.writes ? writeHandler(writers[name]!, context) : readHandler(readers[name]!, endpoint, context)
  }
}

const callOf = (context: HttpContext, request: FastifyRequest): Call => ({
  context,
  principal: request.caller,
  body: request.body,
  query: request.query,
  params: request.params,
  session: isPerson(request) ? sessionOf(request, context.secure) : undefined,
  ifMatch: request.headers['if-match'],
})

function writeHandler(writer: Writer, context: HttpContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const sent = await writer(callOf(context, request))
    if (isRefusal(sent)) return tell(reply, sent)
    const { site, command, reference = null, once } = sent
    const key = request.headers['idempotency-key'] as string
    const sha256 = request.sha256 ?? hashOf(request, '')
    return tellAnswer(reply, await context.submit(site, { command, caller: request.caller.actor, key, sha256, reference }), once)
  }
}

function readHandler(reader: Reader, endpoint: Endpoint, context: HttpContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const answer = await reader(callOf(context, request))
    if (isRefusal(answer)) return tell(reply, answer)
    const text = JSON.stringify(answer)
    if (!endpoint.single) return tellText(reply, text)
    const etag = etagOf(answer, text)
    reply.header('etag', etag)
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : tellText(reply, text)
  }
}

/** What counts its own versions is told apart by them, and an edit can name one; everything else by what was told. */
const etagOf = (answer: object, text: string): string =>
  'version' in answer ? `"${String(answer.version)}"` : `"${hash('sha256', text, 'base64url').slice(0, ETAG_CHARACTERS)}"`

/** The request's hash covers what was asked and where, so a key cannot be used for something else. */
const hashOf = (request: FastifyRequest, body: Buffer | string): Buffer => hash('sha256', hashed(request, body), 'buffer')
/** A password is guessed from a hash of it by trying, unless the hash needs a key that the database does not have. */
const keyedHashOf = (request: FastifyRequest, body: Buffer, key: Buffer): Buffer => createHmac('sha256', key).update(hashed(request, body)).digest()
const hashed = ({ method, url }: FastifyRequest, body: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from(`${method} ${url}\n`), Buffer.from(body)])

function parseBodies(app: FastifyInstance, { requestKey }: HttpContext): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    request.sha256 = request.routeOptions.config.secret ? keyedHashOf(request, body, requestKey) : hashOf(request, body)
    try {
      done(null, body.length === 0 ? undefined : JSON.parse(body.toString('utf8')))
    } catch {
      done(Object.assign(new Error('not JSON'), { refusal: refuse('body_not_json', '', 'The body is not JSON.') }))
    }
  })
  app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload))
}

function tellError(error: unknown, request: FastifyRequest, reply: FastifyReply, onFault: (error: unknown) => void): FastifyReply {
  const { refusal, errors, code } = error as { refusal?: Refusal; errors?: readonly object[]; code?: string }
  const { cursor } = (request.query ?? {}) as { cursor?: unknown }
  if (refusal) return tell(reply, refusal, errors)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return tell(reply, refuse('body_too_large', '', `A body has at most ${BODY_BYTES_MAX} bytes; send more as NDJSON.`))
  if (typeof code === 'string' && code.startsWith('FST_ERR_CTP'))
    return tell(reply, refuse('body_not_json', '', 'Send the body as application/json.'))
  if (typeof code === 'string' && code.startsWith('FST_ERR')) return tell(reply, refuse('body_not_valid', '', 'The request is not well formed.'))
  // A cursor that was made up may hold what no column can: the database says so in its class 22.
  if (cursor !== undefined && (error instanceof RangeError || code?.startsWith('22') === true)) {
    return tell(reply, refuse('cursor_not_valid', 'cursor', 'This cursor was not made by this list; begin again without one.'))
  }
  request.log.error({ err: error }, 'fault')
  if (!isTransient(error)) onFault(error)
  return tell(reply.header('retry-after', '1'), refuse('not_available', '', 'The server cannot answer now; try again with the same key.'))
}

/** A validator that keeps the schema's issues, so that a refusal can name code and field. */
const validate = (schema: z.ZodType) => (data: unknown) => {
  const parsed = schema.safeParse(data)
  return parsed.success ? { value: parsed.data } : { error: Object.assign(new Error('not valid'), refusalOfIssues(parsed.error.issues)) }
}

async function describe(app: FastifyInstance, { secure }: HttpContext): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Quartermaster',
        version: '1',
        description: "Orders, and stock that is honest. Amounts are in minor units, quantities in the item's unit.",
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: cookieName(secure) },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(fastifySwaggerUi, { routePrefix: '/api/docs' })
}
