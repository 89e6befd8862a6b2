// Client: the API as the console calls it, typed by api/'s endpoints (only their types come here; nothing of the server is in the bundle).
//
// Every write carries an Idempotency-Key, so sending it again is safe: after a lost connection, and after a session that ended in the middle of a
// form. A request that is told 401 waits until somebody has signed in again and is then sent once more, the same key with it; the form
// that sent it never notices.

import type { z } from 'zod'
import type { Endpoint } from '../api/endpoint.ts'
import type { endpoints } from '../api/endpoints.ts'
import type { RefusalCode } from '../core/refusal.ts'

type Known = (typeof endpoints)[number]
type Part<Of, Key extends string> = Of extends { readonly [K in Key]: infer Schema extends z.ZodType }
  ? { readonly [K in Key]: z.input<Schema> }
  : { readonly [K in Key]?: undefined }
type QueryOf<Of> = Of extends { readonly query: infer Schema extends z.ZodType }
  ? { readonly query?: Partial<z.input<Schema>> }
  : { readonly query?: undefined }
/**
 * What is sent and answered, by method and path: worked out once for an endpoint. Picked from the union of all at each call instead, the
 * console took three minutes of a processor to check.
 */
type Calls = {
  readonly [Method in Known['method']]: {
    readonly [One in Extract<Known, { readonly method: Method }> as One['path']]: {
      readonly read: Part<One, 'params'> & QueryOf<One>
      readonly write: Part<One, 'params'> & Part<One, 'body'> & { readonly key?: string; readonly version?: number }
      readonly output: OutputOf<One>
    }
  }
}
export type OutputOf<Of> = Of extends { readonly output: infer Schema extends z.ZodType } ? z.output<Schema> : never
/** The answer of an endpoint by its name, e.g. `Answer<'getOrder'>`. */
export type Answer<Name extends Known['name']> = OutputOf<Extract<Known, { readonly name: Name }>>
export type RowOf<Name extends Known['name']> = Answer<Name> extends { readonly rows: readonly (infer Row)[] } ? Row : never
export type EndpointName = Known['name']

/** What went wrong with a request, as its problem document says it, or why no answer came. */
export class Problem extends Error {
  readonly code: RefusalCode | 'offline' | 'unknown'
  readonly status: number
  readonly field: string
  readonly errors: readonly { readonly field: string; readonly detail: string }[]

  constructor({ code, status = 0, field = '', detail, errors = [] }: Partial<Omit<Problem, 'message'>> & { readonly detail: string }) {
    super(detail)
    this.name = 'Problem'
    this.code = code ?? 'unknown'
    this.status = status
    this.field = field
    this.errors = errors
  }
}

/** Whether the same request may succeed when it is sent again. */
export const mayPass = ({ code, status }: Problem): boolean => code === 'offline' || status === 429 || status >= 500

export const newKey = (): string => crypto.randomUUID()

export function read<Path extends keyof Calls['GET']>(
  path: Path,
  request: Calls['GET'][Path]['read'],
  signal?: AbortSignal,
): Promise<Calls['GET'][Path]['output']> {
  return send('GET', path, { ...request, ...(signal ? { signal } : {}) })
}

/** Sends a write. Give the same `key` to send the same thing again, and the `version` that an edit was made of. */
export function write<Method extends 'POST' | 'PUT' | 'DELETE', Path extends keyof Calls[Method] & string>(
  method: Method,
  path: Path,
  request: WriteOf<Calls[Method][Path]>,
): Promise<AnsweredBy<Calls[Method][Path]>> {
  const sent = request as Sent
  return send(method, path, { ...sent, key: sent.key ?? newKey() })
}

type WriteOf<Call> = Call extends { readonly write: infer Request } ? Request : never
type AnsweredBy<Call> = Call extends { readonly output: infer Output } ? Output : never

interface Sent {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly key?: string
  readonly version?: number
  readonly signal?: AbortSignal
}

async function send<Output>(method: Endpoint['method'], path: string, sent: Sent): Promise<Output> {
  for (;;) {
    const reply = await fetched(method, path, sent)
    if (reply.ok) return (await reply.json()) as Output
    const problem = await problemOf(reply)
    // A password that is wrong is told as 401 too, and is no reason to sign in again.
    if (path === SESSION_PATH || (problem.code !== 'session_expired' && problem.code !== 'key_missing')) throw problem
    await signedInAgain()
  }
}

export const SESSION_PATH = '/api/session'

async function fetched(method: Endpoint['method'], path: string, { params, query, body, key, version, signal }: Sent): Promise<Response> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String((params as Record<string, unknown>)[name])))
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined && value !== '') asked.set(name, String(value))
  try {
    const reply = await fetch(asked.size > 0 ? `${filled}?${asked}` : filled, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    tellReached(true)
    return reply
  } catch (error) {
    if (signal?.aborted) throw error
    tellReached(false)
    throw new Problem({ code: 'offline', detail: 'The server cannot be reached. What you entered is kept; it can be sent again safely.' })
  }
}

async function problemOf(reply: Response): Promise<Problem> {
  const told = (await reply.json().catch(() => ({}))) as Partial<Problem> & { detail?: string }
  return new Problem({ ...told, status: reply.status, detail: told.detail ?? `The server answered ${reply.status}.` })
}

let isReached = true
const listeners = new Set<() => void>()

/** Whether the server answered the last request, for `useSyncExternalStore`. */
export const reached = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  now: (): boolean => isReached,
}

function tellReached(now: boolean): void {
  if (now === isReached) return
  isReached = now
  for (const listener of listeners) listener()
}

let ended: { readonly again: Promise<void>; readonly resolve: () => void } | undefined
let tellEnded: () => void = () => undefined

/** Says who opens the dialog in which one signs in again. */
export function onSessionEnded(listener: () => void): void {
  tellEnded = listener
}

function signedInAgain(): Promise<void> {
  if (ended === undefined) {
    const { promise, resolve } = Promise.withResolvers<void>()
    ended = { again: promise, resolve }
    tellEnded()
  }
  return ended.again
}

/** Lets every request that waited go on. */
export function goOn(): void {
  ended?.resolve()
  ended = undefined
}
