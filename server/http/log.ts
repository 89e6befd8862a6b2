// Log: one line of JSON a request, for whoever asks for it, and one a fault. Nothing personal and no secret is in it: of a request the endpoint's
// pattern, not its address, who by number, and how it ended; what else an error may carry is struck out.

import { randomBytes } from 'node:crypto'
import { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogOptions {
  readonly level: LogLevel
  readonly to: { write(line: string): void }
}

/** Tells the processes apart in which requests are counted. */
const PROCESS_BYTES = 4
const ID_PATTERN = /^[\w.-]{1,100}$/

/** Wherever they turn up: what proves who somebody is, and what PostgreSQL tells of the row that broke a rule. */
const struckOut = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'newPassword',
  'displayName',
  'receivedBy',
  'detail',
  'where',
  'parameters',
  'values',
]
const redact = {
  paths: struckOut.flatMap((name) => (name.startsWith('[') ? [name, `*${name}`, `*.*${name}`] : [name, `*.${name}`, `*.*.${name}`])),
  censor: '-',
}

/** A request keeps the id that a proxy gave it, so that their logs can be read together; without one it gets the next. */
export function loggingOf(log: LogOptions | undefined): Pick<FastifyServerOptions, 'logger' | 'logController' | 'genReqId'> {
  const process = randomBytes(PROCESS_BYTES).toString('hex')
  let requests = 0
  return {
    logger: log === undefined ? false : { level: log.level, redact, stream: log.to, base: null },
    // Ours is one line a request, and has no address in it.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: ({ headers }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && ID_PATTERN.test(given) ? given : `${process}-${(requests += 1).toString(36)}`
    },
  }
}

export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions, caller } = request
    const { statusCode: status, elapsedTime } = reply
    const told = { method, endpoint: routeOptions.url ?? null, status, milliseconds: Math.round(elapsedTime * 10) / 10, actor: caller?.actor ?? null }
    request.log[status >= 500 ? 'warn' : 'info'](told, 'request')
    done()
  })
}
