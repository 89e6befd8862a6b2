// Principals: who a request comes from: the key in its `Authorization` header, else the session in its cookie. A key's secret and a session's
// token are known by their hashes only. What was looked up of a key is remembered for a second, so a revoked key stops at all servers within that
// time; a session is looked up for each request, so what is changed of its user counts for the very next.

import { hash, randomBytes } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import { instant, textOf, type Instant } from '../../core/calendar.ts'
import type { Principal } from '../../core/principal.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { hasExpired, SESSION_MILLISECONDS_MAX } from '../../core/user.ts'
import type { Clock } from '../clock.ts'
import { sql, type Database } from '../db.ts'

const FRESH_MILLISECONDS = 1_000
/** Unknown secrets are remembered too, up to so many entries in all. */
const REMEMBERED_MAX = 10_000
/** That a session is used is noted no more often than this: it is no more exact than an idle limit of hours needs. */
const NOTED_MILLISECONDS = 60_000
const TOKEN_BYTES = 32

export class Principals {
  readonly #database: Database
  readonly #clock: Clock
  readonly #cookie: string
  readonly #known = new Map<string, { readonly key: Principal | undefined; readonly until: number }>()

  constructor(database: Database, clock: Clock, { secure }: { readonly secure: boolean }) {
    this.#database = database
    this.#clock = clock
    this.#cookie = cookieName(secure)
  }

  async of(request: Pick<FastifyRequest, 'headers'>): Promise<Principal | Refusal> {
    return this.#of(request, false)
  }

  /**
   * Whether who watches may go on: whatever is remembered, and without noting that the session is used, because a page that is only open keeps
   * none alive.
   */
  async again(request: Pick<FastifyRequest, 'headers'>): Promise<Principal | Refusal> {
    return this.#of(request, true)
  }

  async #of({ headers }: Pick<FastifyRequest, 'headers'>, anew: boolean): Promise<Principal | Refusal> {
    const { authorization, cookie } = headers
    if (authorization !== undefined || cookie === undefined) return this.#ofKey(authorization, anew)
    const session = sessionIn(cookie, this.#cookie)
    return session === undefined ? this.#ofKey(undefined, anew) : this.#ofSession(session, anew)
  }

  async #ofKey(authorization: string | undefined, anew: boolean): Promise<Principal | Refusal> {
    if (authorization === undefined || !authorization.startsWith('Bearer ')) {
      return refuse('key_missing', 'Authorization', 'Sign in, or send your API key: Authorization: Bearer qm_...')
    }
    const digest = hash('sha256', authorization.slice('Bearer '.length), 'hex')
    const known = this.#known.get(digest)
    const key = !anew && known !== undefined && known.until > this.#clock() ? known.key : await this.#lookUp(digest)
    return key ?? refuse('key_not_known', 'Authorization', 'This API key is not known, or was revoked.')
  }

  async #lookUp(digest: string): Promise<Principal | undefined> {
    const [key] = await this.#database.query<Principal>(sql`
      select 'key:' || api_key_id as actor, 'key:' || api_key_id as name, name as "displayName", role, site_ids as sites
      from api_key where secret_sha256 = decode(${digest}, 'hex') and revoked_at is null`)
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear()
    this.#known.set(digest, { key, until: this.#clock() + FRESH_MILLISECONDS })
    return key
  }

  async #ofSession(tokenSha256: string, anew: boolean): Promise<Principal | Refusal> {
    const [row] = await this.#database.query<Principal & { readonly begunAt: Instant; readonly usedAt: Instant }>(sql`
      select 'user:' || u.user_id as actor, u.name, u.display_name as "displayName", u.role, u.site_ids as sites, s.begun_at as "begunAt",
        s.used_at as "usedAt"
      from web_session s join users u on u.user_id = s.user_id
      where s.token_sha256 = decode(${tokenSha256}, 'hex') and s.ended_at is null and s.epoch = u.epoch and u.deactivated_at is null`)
    const now = instant(this.#clock())
    if (row === undefined || hasExpired(row, now)) return refuse('session_expired', 'Cookie', 'Your session is over: sign in again.')
    if (!anew && now - row.usedAt >= NOTED_MILLISECONDS) await this.#noteUsed(tokenSha256, now)
    const { begunAt: _begun, usedAt: _used, ...principal } = row
    return principal
  }

  async #noteUsed(tokenSha256: string, now: Instant): Promise<void> {
    await this.#database.execute(sql`
      update web_session set used_at = ${textOf(now)} where token_sha256 = decode(${tokenSha256}, 'hex') and used_at < ${textOf(now)}`)
  }
}

/** A browser keeps a cookie of the first name to this host alone, and takes it over TLS only. */
export const cookieName = (secure: boolean): string => (secure ? '__Host-quartermaster' : 'quartermaster')

/** The hash of the session's token that a `Cookie` header has. */
function sessionIn(header: string, name: string): string | undefined {
  const token = parseCookie(header)[name]
  return token === undefined || token === '' ? undefined : hash('sha256', token, 'hex')
}

export const sessionOf = ({ headers }: Pick<FastifyRequest, 'headers'>, secure: boolean): string | undefined =>
  headers.cookie === undefined ? undefined : sessionIn(headers.cookie, cookieName(secure))

/** A new token and its cookie: the token is known to the browser alone, the server keeps `tokenSha256`. */
export function newSession(secure: boolean): { readonly tokenSha256: string; readonly cookie: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  return { tokenSha256: hash('sha256', token, 'hex'), cookie: cookieOf(token, secure, SESSION_MILLISECONDS_MAX / 1_000) }
}

export const endedCookie = (secure: boolean): string => cookieOf('', secure, 0)

const cookieOf = (value: string, secure: boolean, maxAge: number): string =>
  stringifySetCookie({ name: cookieName(secure), value, path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge })

/** Sessions that are over for sure are forgotten, so that there are no more of them than were begun in a day. */
export const forgetSessions = (database: Database, now: Instant): Promise<number> =>
  database.execute(sql`delete from web_session where begun_at < ${textOf(instant(now - SESSION_MILLISECONDS_MAX))}`)
