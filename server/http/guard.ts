// Guard: what is asked of a request before its handler runs: who asks (401), not too often (429), may they (403), does a browser send it for one
// of our own pages (403), and has a write its key (400). People and machines are asked the same.

import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may, type Endpoint } from '../../api/endpoint.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { nameFrom } from './session.ts'
import type { Principals } from './principals.ts'
import { tell } from './reply.ts'

const KEY_PATTERN = /^[\x21-\x7e]{1,200}$/

/** How often, in a window of so many milliseconds. */
export interface Rate {
  readonly max: number
  readonly timeWindow: number
}

export interface RequestLimits {
  /** Passwords tried for a name. */
  readonly guessesOfName: Rate
  /** Passwords tried from an address: an office has many people behind one. */
  readonly guessesOfAddress: Rate
  readonly requestsOfUser: Rate
  /** A machine may send what the lanes take, and those say when they are full; this only stops one that runs in a circle. */
  readonly requestsOfKey: Rate
}

const MINUTE = 60_000
export const requestLimits: RequestLimits = {
  guessesOfName: { max: 10, timeWindow: 15 * MINUTE },
  guessesOfAddress: { max: 100, timeWindow: 15 * MINUTE },
  requestsOfUser: { max: 1_200, timeWindow: MINUTE },
  requestsOfKey: { max: 200_000, timeWindow: MINUTE / 6 },
}
/** Names, addresses or principals that are counted at once; beyond it the ones not seen for longest are forgotten. */
const COUNTED_MAX = 100_000

type Check = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

export interface Guard {
  /** Before the body is read. */
  readonly onRequest: (endpoint: Endpoint) => Check
  /** Once it is: where a password is checked, how often that was tried. */
  readonly guesses: Check
}

export interface GuardOptions {
  readonly limits: RequestLimits
  /** The origin of our pages as browsers see it; without it the one that the request names as its host. */
  readonly origin: string | undefined
}

export async function guardOf(app: FastifyInstance, principals: Principals, { limits, origin }: GuardOptions): Promise<Guard> {
  await app.register(rateLimit, { global: false })
  const limited = (rate: Rate, keyGenerator?: (request: FastifyRequest) => string): ReturnType<FastifyInstance['createRateLimit']> => {
    // `cache` is read, though the plugin's types do not know it here.
    const settings = { ...rate, cache: COUNTED_MAX, ...(keyGenerator === undefined ? {} : { keyGenerator }) }
    return app.createRateLimit(settings)
  }
  const ofUser = limited(limits.requestsOfUser, (request) => request.caller.actor)
  const ofKey = limited(limits.requestsOfKey, (request) => request.caller.actor)
  const ofName = limited(limits.guessesOfName, nameGuessed)
  const ofAddress = limited(limits.guessesOfAddress)
  const within = async (limit: typeof ofUser, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const state = await limit(request)
    if (state.isAllowed || !state.isExceeded) return undefined
    reply.header('retry-after', String(state.ttlInSeconds))
    return tell(reply, refuse('too_many_requests', '', `This was tried too often: wait ${state.ttlInSeconds} seconds.`))
  }
  const known = async (endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const principal = await principals.of(request)
    if (isRefusal(principal)) return endpoint.anonymous && isNobody(principal) ? undefined : tell(reply, principal)
    request.caller = principal
    const stopped = await within(isPerson(request) ? ofUser : ofKey, request, reply)
    if (stopped !== undefined) return stopped
    if (may(endpoint, principal)) return undefined
    return tell(reply, refuse('role_not_allowed', 'Authorization', `The role ${principal.role} may not do this, or not for these sites.`))
  }
  return {
    onRequest: (endpoint) => async (request, reply) => {
      if (endpoint.roles !== 'public') {
        const stopped = await known(endpoint, request, reply)
        if (stopped !== undefined) return stopped
      }
      const refused = refusedOrigin(endpoint, request, origin) ?? (endpoint.writes ? refusedKey(request) : undefined)
      return refused === undefined ? undefined : tell(reply, refused)
    },
    guesses: async (request, reply) => (await within(ofAddress, request, reply)) ?? within(ofName, request, reply),
  }
}

export const isPerson = ({ caller }: Pick<FastifyRequest, 'caller'>): boolean => caller?.actor.startsWith('user:') ?? false

/** Nobody came, or his session is over; who came with a key that is none is told so wherever he asks. */
const isNobody = ({ refused }: Refusal): boolean => refused === 'key_missing' || refused === 'session_expired'

const nameGuessed = ({ caller, body }: FastifyRequest): string => caller?.name ?? nameFrom((body as { readonly name: string }).name)

/**
 * A browser sends our cookie along wherever the request comes from, so what changes something must come from one of our own pages. Browsers say
 * where from; who says nothing is none, and may only sign in.
 */
function refusedOrigin({ method, roles }: Endpoint, { headers, caller, protocol }: FastifyRequest, origin: string | undefined): Refusal | undefined {
  if (method === 'GET' || (roles !== 'public' && caller.actor.startsWith('key:'))) return undefined
  const [from, site] = [headers.origin, headers['sec-fetch-site']]
  const says = from !== undefined || site !== undefined
  const ours = (from === undefined || from === (origin ?? `${protocol}://${headers.host}`)) && (site === undefined || site === 'same-origin')
  if (ours && (says || roles === 'public')) return undefined
  return refuse('origin_not_allowed', 'Origin', 'With a cookie, only our own pages may change something: send an API key instead.')
}

function refusedKey({ headers }: FastifyRequest): Refusal | undefined {
  const header = headers['idempotency-key']
  if (header === undefined) {
    return refuse('idempotency_key_missing', 'Idempotency-Key', 'Send an Idempotency-Key, so that sending again is safe.')
  }
  if (typeof header === 'string' && KEY_PATTERN.test(header)) return undefined
  return refuse('idempotency_key_not_valid', 'Idempotency-Key', 'A key is 1 to 200 visible ASCII characters.')
}
