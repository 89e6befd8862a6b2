// HTTP: makes routes of the endpoints, and nothing else. A request is: who asks (401), may they (403), is it well formed (400, 413, 422),
// does it make a command (404, 422), and what did the lane answer. Every answer that is not a success is a problem document.

import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Endpoint } from '../api/endpoint.ts'
import { endpoints } from '../api/endpoints.ts'
import { problem as problemSchema } from '../api/fields.ts'
import type { ApiKey } from '../core/api-key.ts'
import { isRefusal, refuse, type Refusal } from '../core/refusal.ts'
import { isTransient } from './db.ts'
import { placeAll } from './http/bulk.ts'
import type { HttpContext, Reader, Writer } from './http/call.ts'
import { KeyRing } from './http/keys.ts'
import { refusalOfIssues } from './http/validation.ts'
import { readers, writers } from './http/handlers.ts'
import { problemOf } from './problem.ts'

export const BODY_BYTES_MAX = 1_000_000
/** As much as Node takes in a request's head; what is too long is then refused by its field. */
const URL_CHARACTERS_MAX = 16_384
const KEY_PATTERN = /^[\x21-\x7e]{1,200}$/

declare module 'fastify' {
  interface FastifyRequest {
    caller: ApiKey
    sha256: Buffer
  }
}

export async function httpServer(context: HttpContext, onFault: (error: unknown) => void): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: URL_CHARACTERS_MAX },
  })
  app.setValidatorCompiler(({ schema }) => validate(schema as z.ZodType))
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => tellError(error, request, reply, onFault))
  app.setNotFoundHandler((request, reply) =>
    tell(reply, refuse('endpoint_not_known', 'path', `There is nothing at ${request.method} ${request.url.split('?')[0]!.slice(0, 200)}.`)),
  )
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store')
    done(null, payload)
  })
  parseBodies(app)
  await describe(app)
  const keys = new KeyRing(context.database, context.clock)
  for (const endpoint of endpoints) addRoute(app, endpoint, context, keys, onFault)
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return app
}

function addRoute(app: FastifyInstance, endpoint: Endpoint, context: HttpContext, keys: KeyRing, onFault: (error: unknown) => void): void {
  const { params, query, body, summary, name } = endpoint
  app.route({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    schema: {
      operationId: name,
      summary,
      security: endpoint.roles === 'public' ? [] : [{ key: [] }],
      ...(params ? { params } : {}),
      ...(query ? { querystring: query } : {}),
      ...(body && !endpoint.streams ? { body } : {}),
      response: { [endpoint.status]: endpoint.output, default: problemSchema },
    },
    ...(endpoint.roles === 'public' ? {} : { onRequest: authorise(endpoint, keys) }),
    handler: endpoint.streams ? bulkHandler(context, onFault) : handlerOf(endpoint, context),
  })
}

function authorise(endpoint: Endpoint, keys: KeyRing) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const key = await keys.keyOf(request.headers.authorization)
    if (isRefusal(key)) return tell(reply, key)
    if (!may(endpoint, key)) return tell(reply, refuse('role_not_allowed', 'Authorization', `The role ${key.role} may not do this with this key.`))
    request.caller = key
    if (!endpoint.writes) return undefined
    const header = request.headers['idempotency-key']
    if (header === undefined)
      return tell(reply, refuse('idempotency_key_missing', 'Idempotency-Key', 'Send an Idempotency-Key, so that sending again is safe.'))
    if (typeof header !== 'string' || !KEY_PATTERN.test(header)) {
      return tell(reply, refuse('idempotency_key_not_valid', 'Idempotency-Key', 'A key is 1 to 200 visible ASCII characters.'))
    }
    return undefined
  }
}

/** What no role but admin may do concerns every site, so a key that is bound to some may not do it either. */
export function may({ roles }: Endpoint, key: Pick<ApiKey, 'role' | 'sites'>): boolean {
  if (roles === 'everyone' || roles === 'public') return true
  if (key.role !== 'admin') return roles.includes(key.role)
  return roles.length > 0 || key.sites.length === 0
}

function bulkHandler(context: HttpContext, onFault: (error: unknown) => void) {
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { body, caller } = request
    if (!(body instanceof Readable)) return tell(reply, refuse('body_not_json', '', 'Send one JSON value a line, as application/x-ndjson.'))
    return reply.type('application/x-ndjson').send(Readable.from(placeAll({ context, key: caller }, body, onFault)))
  }
}

const handlerOf = (endpoint: Endpoint, context: HttpContext) =>
  endpoint.writes ? writeHandler(writers[endpoint.name]!, context) : readHandler(readers[endpoint.name]!, context)

function writeHandler(writer: Writer, context: HttpContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { body, query, params, caller } = request
    const sent = await writer({ context, key: caller, body, query, params })
    if (isRefusal(sent)) return tell(reply, sent)
    const { site, command, reference = null, once } = sent
    const key = request.headers['idempotency-key'] as string
    const answer = await context.submit(site, {
      command,
      caller: `key:${caller.apiKey}`,
      key,
      sha256: request.sha256 ?? bodyless(request),
      reference,
    })
    if (answer.replayed) reply.header('idempotent-replayed', 'true')
    if (answer.status === 429 || answer.status === 503) reply.header('retry-after', '1')
    const told =
      once !== undefined && !answer.replayed && answer.status < 300
        ? JSON.stringify({ ...(JSON.parse(answer.body) as object), ...once })
        : answer.body
    return reply
      .code(answer.status)
      .type(answer.status < 300 ? 'application/json; charset=utf-8' : 'application/problem+json')
      .serializer(asIs)
      .send(told)
  }
}

function readHandler(reader: Reader, context: HttpContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { body, query, params, caller } = request
    const answer = await reader({ context, key: caller, body, query, params })
    if (isRefusal(answer)) return tell(reply, answer)
    return reply.type('application/json; charset=utf-8').serializer(asIs).send(JSON.stringify(answer))
  }
}

const asIs = (payload: unknown): string => payload as string

/** The request's hash covers what was asked and where, so a key cannot be used for something else. */
const hashOf = (request: FastifyRequest, body: Buffer | string): Buffer =>
  hash('sha256', Buffer.concat([Buffer.from(`${request.method} ${request.url}\n`), Buffer.from(body)]), 'buffer')
const bodyless = (request: FastifyRequest): Buffer => hashOf(request, '')

function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    request.sha256 = hashOf(request, body)
    try {
      done(null, body.length === 0 ? undefined : JSON.parse(body.toString('utf8')))
    } catch {
      done(Object.assign(new Error('not JSON'), { refusal: refuse('body_not_json', '', 'The body is not JSON.') }))
    }
  })
  app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload))
}

function tell(reply: FastifyReply, refusal: Refusal, errors?: readonly object[]): FastifyReply {
  const problem = problemOf(refusal)
  const told = errors === undefined || errors.length < 2 ? problem : { ...problem, errors }
  return reply.code(problem.status).type('application/problem+json').serializer(asIs).send(JSON.stringify(told))
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
  if (!isTransient(error)) onFault(error)
  return tell(reply.header('retry-after', '1'), refuse('not_available', '', 'The server cannot answer now; try again with the same key.'))
}

/** A validator that keeps the schema's issues, so that a refusal can name code and field. */
const validate = (schema: z.ZodType) => (data: unknown) => {
  const parsed = schema.safeParse(data)
  return parsed.success ? { value: parsed.data } : { error: Object.assign(new Error('not valid'), refusalOfIssues(parsed.error.issues)) }
}

async function describe(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Quartermaster',
        version: '1',
        description: "Orders, and stock that is honest. Amounts are in minor units, quantities in the item's unit.",
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(fastifySwaggerUi, { routePrefix: '/api/docs' })
}
