// User: a person who may sign in, with a role and sites, and the sessions that signing in begins. Passwords are known by their hash only,
// tokens by theirs. A session lives while it is used, up to a limit, and only in the epoch of its user that it began in: a new password or a
// deactivation begins the next epoch, so every open session is over in the same moment.
//
// Names stay out of the log and the ledger: actors are `user:` and a number, because personal data can be erased and a ledger cannot.

import type { Instant } from './calendar.ts'
import type { SiteId } from './item.ts'
import type { Role } from './principal.ts'

export interface User {
  readonly user: number
  /** What is typed to sign in. */
  readonly name: string
  readonly displayName: string
  readonly role: Role
  /** Empty means every site. */
  readonly sites: readonly SiteId[]
  /** Argon2id with its parameters and salt, as the PHC string format writes it. */
  readonly passwordHash: string
  /** Counts what ended all of the user's sessions. */
  readonly epoch: number
  /** Counts changes, so that an edit can say what it was made of. */
  readonly version: number
  readonly createdAt: Instant
  readonly deactivatedAt: Instant | null
}

export interface Session {
  /** Hexadecimal; the token itself is known to the browser alone. */
  readonly tokenSha256: string
  readonly user: number
  readonly epoch: number
  readonly begunAt: Instant
  readonly usedAt: Instant
  readonly endedAt: Instant | null
  /** How the browser that began it names itself, so that a person can tell his sessions apart; empty where it did not say. */
  readonly browser: string
}

/** A session that nobody uses for so long is over. */
export const SESSION_IDLE_MILLISECONDS_MAX = 2 * 3_600_000
/** A session is over after so long, however much it is used: a working day with its breaks. */
export const SESSION_MILLISECONDS_MAX = 16 * 3_600_000

/** Of how a browser names itself so much is kept. */
export const BROWSER_CHARACTERS_MAX = 300

export const hasExpired = ({ begunAt, usedAt }: Pick<Session, 'begunAt' | 'usedAt'>, now: Instant): boolean =>
  now - usedAt >= SESSION_IDLE_MILLISECONDS_MAX || now - begunAt >= SESSION_MILLISECONDS_MAX

export const actorOfUser = (user: number): string => `user:${user}`
