// People: how users come into being and change, and how sessions begin and end, by commands of the control site like all master data. So who
// may sign in is decided in one order: a password that was set, or a user who was deactivated, a moment ago counts.

import type { SiteId } from './item.ts'
import { announce, nextNumber, type Draft } from './ledger.ts'
import type { Role } from './principal.ts'
import { refuse, type Refusal } from './refusal.ts'
import { actorOfUser, type Session, type User } from './user.ts'

export interface CreateUser {
  readonly kind: 'createUser'
  readonly name: string
  readonly displayName: string
  readonly role: Role
  readonly sites: readonly SiteId[]
  readonly passwordHash: string
}

export function createUser({ kind: _kind, ...user }: CreateUser, draft: Draft): object | Refusal {
  if (draft.user.get(user.name)) return refuse('code_taken', 'name', `${user.name} exists already.`)
  const row = { ...user, user: nextNumber(draft), epoch: 1, version: 0, createdAt: draft.state.now, deactivatedAt: null }
  return changed(draft, row, 'created', { role: row.role, sites: row.sites })
}

/** What may be edited of a user; what is left out stays. */
export interface EditUser {
  readonly kind: 'editUser'
  readonly name: string
  readonly displayName?: string
  readonly role?: Role
  readonly sites?: readonly SiteId[]
  /** The version that was edited, where the editor says so. */
  readonly version: number | null
}

export function editUser({ name, displayName, role, sites, version }: EditUser, draft: Draft): object | Refusal {
  const user = draft.user.get(name)
  if (user === undefined) return unknown(name)
  const stale = staleOf(user, version)
  if (stale) return stale
  const row = { ...user, displayName: displayName ?? user.displayName, role: role ?? user.role, sites: sites ?? user.sites }
  return changed(draft, row, 'edited', { role: row.role, sites: row.sites })
}

export interface SetPassword {
  readonly kind: 'setPassword'
  readonly name: string
  readonly passwordHash: string
  /** The hash that the old password was checked against, where it was asked for. */
  readonly checkedHash: string | null
  /** The version that it is meant for, where that is said. */
  readonly version?: number | null
}

export function setPassword({ name, passwordHash, checkedHash, version }: SetPassword, draft: Draft): object | Refusal {
  const user = draft.user.get(name)
  if (user === undefined) return unknown(name)
  const stale = staleOf(user, version)
  if (stale) return stale
  if (checkedHash !== null && checkedHash !== user.passwordHash) return refusedToSignIn()
  const row = { ...user, passwordHash, epoch: user.epoch + 1 }
  return changed(draft, row, 'password_set', {})
}

export interface DeactivateUser {
  readonly kind: 'deactivateUser'
  readonly name: string
  /** The version that it is meant for, where that is said. */
  readonly version?: number | null
}

export function deactivateUser({ name, version }: DeactivateUser, draft: Draft): object | Refusal {
  const user = draft.user.get(name)
  if (user === undefined) return unknown(name)
  const stale = staleOf(user, version)
  if (stale) return stale
  if (user.deactivatedAt !== null) return refuse('nothing_to_do', 'name', `${name} is not active already.`)
  const row = { ...user, deactivatedAt: draft.state.now, epoch: user.epoch + 1 }
  return changed(draft, row, 'deactivated', {})
}

export interface ActivateUser {
  readonly kind: 'activateUser'
  readonly name: string
  /** The version that it is meant for, where that is said. */
  readonly version?: number | null
}

export function activateUser({ name, version }: ActivateUser, draft: Draft): object | Refusal {
  const user = draft.user.get(name)
  if (user === undefined) return unknown(name)
  const stale = staleOf(user, version)
  if (stale) return stale
  if (user.deactivatedAt === null) return refuse('nothing_to_do', 'name', `${name} is active already.`)
  const row = { ...user, deactivatedAt: null }
  return changed(draft, row, 'activated', {})
}

/** Signing in: the password was checked before, against `checkedHash`; null where it did not fit, or there is no such user. */
export interface SignIn {
  readonly kind: 'signIn'
  readonly name: string
  readonly checkedHash: string | null
  /** The password hashed anew, where the parameters of its hash are no longer ours. */
  readonly newHash: string | null
  readonly tokenSha256: string
  /** A session that the same browser had: it ends, so that no token outlives the signing in. */
  readonly replaces: string | null
  /** How the browser names itself. */
  readonly browser: string
}

export function signIn({ name, checkedHash, newHash, tokenSha256, replaces, browser }: SignIn, draft: Draft): object | Refusal {
  const user = draft.user.get(name)
  // Set since it was checked, say: the old password begins no session after the new one was set.
  if (user === undefined || checkedHash === null || user.passwordHash !== checkedHash || user.deactivatedAt !== null) return refusedToSignIn()
  if (newHash !== null) draft.user.put({ ...user, passwordHash: newHash })
  if (replaces !== null) end(draft, replaces)
  const { now } = draft.state
  draft.session.put({ tokenSha256, user: user.user, epoch: user.epoch, begunAt: now, usedAt: now, endedAt: null, browser })
  announce(draft, { type: 'session.begun', subject: actorOfUser(user.user), data: {} })
  return { id: user.user }
}

/** One answer for a name that nobody has, a wrong password and a user who is not active. */
const refusedToSignIn = (): Refusal => refuse('sign_in_refused', '', 'Name and password do not fit, or the user is not active.')

export interface SignOut {
  readonly kind: 'signOut'
  readonly tokenSha256: string
}

export function signOut({ tokenSha256 }: SignOut, draft: Draft): object {
  const session = end(draft, tokenSha256)
  if (session !== undefined) announce(draft, { type: 'session.ended', subject: actorOfUser(session.user), data: {} })
  return {}
}

/** Every session of a user is over, but one that may be kept: his own, where he ends the others. */
export interface EndSessions {
  readonly kind: 'endSessions'
  readonly name: string
  /** By the hash of its token. */
  readonly keeps: string | null
}

/** What is told of the user stays the same, so an edit of him that is under way is not disturbed. */
export function endSessions({ name, keeps }: EndSessions, draft: Draft): object | Refusal {
  const user = draft.user.get(name)
  if (user === undefined) return unknown(name)
  const row = { ...user, epoch: user.epoch + 1 }
  draft.user.put(row)
  const kept = keeps === null ? undefined : draft.session.get(keeps)
  if (kept?.user === user.user && kept.epoch === user.epoch && kept.endedAt === null) draft.session.put({ ...kept, epoch: row.epoch })
  announce(draft, { type: 'user.sessions_ended', subject: actorOfUser(user.user), data: {} })
  return { id: user.user, name, role: user.role }
}

function end(draft: Draft, tokenSha256: string): Session | undefined {
  const session = draft.session.get(tokenSha256)
  if (session?.endedAt !== null) return undefined
  draft.session.put({ ...session, endedAt: draft.state.now })
  return session
}

/** An edit that was made of another version than the one that is there. */
function staleOf({ name, version: now }: User, version: number | null = null): Refusal | undefined {
  if (version === null || version === now) return undefined
  return refuse('changed_meanwhile', 'If-Match', `${name} was changed since it was read: read it again, and then change it.`)
}

function changed(draft: Draft, row: User, what: string, data: object): object {
  const { user, name, role } = row
  draft.user.put({ ...row, version: row.version + 1 })
  announce(draft, { type: `user.${what}`, subject: actorOfUser(user), data })
  return { id: user, name, role }
}

const unknown = (name: string): Refusal => refuse('user_not_known', 'name', `There is no user ${name}.`)
