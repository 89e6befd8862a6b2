// People: who may sign in, their sessions, and what everybody did.

import { z } from 'zod'
import { roles } from '../core/principal.ts'
import { endpoint } from './endpoint.ts'
import { code, cursor, instantText, LINES_MAX, limit, name, newPassword, page, password, siteCode, toldInstant, userName } from './fields.ts'

const rights = {
  displayName: name,
  role: z.enum(roles),
  sites: z.array(siteCode).max(LINES_MAX).meta({ description: 'Empty means every site' }),
}
const ofUser = z.object({ name: userName })
const user = z
  .object({ name: z.string(), ...rights, active: z.boolean(), version: z.int() })
  .loose()
  .meta({ id: 'User' })
const changed = z.object({ id: z.int(), name: z.string(), role: z.enum(roles) })
const ofSession = z
  .object({
    begunAt: toldInstant,
    usedAt: toldInstant.meta({ description: 'To a minute' }),
    browser: z.string().meta({ description: 'How the browser names itself' }),
    current: z.boolean().meta({ description: 'Whether it is the one that asks' }),
  })
  .meta({ id: 'OpenSession' })
/** What a row of the audit trail was about, as the console has a page of it. */
export const auditedKinds = ['order', 'purchase', 'work_order', 'shipment', 'transfer', 'item', 'user', 'key'] as const
export type AuditedKind = (typeof auditedKinds)[number]
const session = z
  .object({
    user: z.object({ name: z.string(), displayName: z.string(), role: z.enum(roles), sites: z.array(siteCode) }),
    can: z.array(z.string()).meta({ description: 'Names of the endpoints that this user or key may call' }),
  })
  .meta({ id: 'Session' })

export const peopleEndpoints = [
  endpoint({
    name: 'signIn',
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in: the answer sets the cookie of a new session',
    roles: 'public',
    scope: 'none',
    writes: false,
    secret: true,
    guesses: true,
    body: z.strictObject({ name: z.string().max(200), password }),
    output: session,
    status: 201,
  }),
  endpoint({
    name: 'getSession',
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in, and what he may do; nobody is where no session goes on',
    roles: 'everyone',
    anonymous: true,
    scope: 'none',
    writes: false,
    output: session.extend({ user: session.shape.user.nullable() }).meta({ id: 'SessionOrNone' }),
    status: 200,
  }),
  endpoint({
    name: 'signOut',
    method: 'DELETE',
    path: '/api/session',
    summary: 'Sign out: the session is over',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    output: z.object({}),
    status: 200,
  }),
  endpoint({
    name: 'changeOwnPassword',
    method: 'POST',
    path: '/api/session/password',
    summary: 'Change your own password; all of your sessions are over then',
    roles: 'everyone',
    scope: 'none',
    writes: true,
    secret: true,
    guesses: true,
    body: z.strictObject({ password, newPassword }),
    output: changed,
    status: 200,
  }),
  endpoint({
    name: 'listSessions',
    method: 'GET',
    path: '/api/sessions',
    summary: 'Your own sessions that go on, the last used first',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    output: page(ofSession),
    status: 200,
  }),
  endpoint({
    name: 'endOtherSessions',
    method: 'POST',
    path: '/api/sessions/ending',
    summary: 'End all of your sessions but the one that asks',
    roles: 'everyone',
    scope: 'none',
    writes: true,
    output: changed,
    status: 200,
  }),
  endpoint({
    name: 'listUsers',
    method: 'GET',
    path: '/api/users',
    summary: 'Users by name',
    roles: ['auditor'],
    scope: 'every',
    writes: false,
    query: z.object({ cursor, limit }),
    output: page(user),
    status: 200,
  }),
  endpoint({
    name: 'getUser',
    method: 'GET',
    path: '/api/users/{name}',
    summary: 'One user',
    roles: ['auditor'],
    scope: 'every',
    writes: false,
    single: true,
    params: ofUser,
    output: user,
    status: 200,
  }),
  endpoint({
    name: 'createUser',
    method: 'POST',
    path: '/api/users',
    summary: 'Add a user',
    roles: [],
    scope: 'every',
    writes: true,
    secret: true,
    body: z.strictObject({ name: userName, ...rights, sites: rights.sites.default([]), password: newPassword }),
    output: changed,
    status: 201,
  }),
  endpoint({
    name: 'editUser',
    method: 'PUT',
    path: '/api/users/{name}',
    summary: 'Change name shown, role and sites of a user, at once also for open sessions; If-Match guards against edits in between',
    roles: [],
    scope: 'every',
    writes: true,
    params: ofUser,
    body: z.strictObject(rights).partial(),
    output: changed,
    status: 200,
  }),
  endpoint({
    name: 'setPassword',
    method: 'POST',
    path: '/api/users/{name}/password',
    summary: "Set a user's password; all of his sessions are over then",
    roles: [],
    scope: 'every',
    writes: true,
    secret: true,
    params: ofUser,
    body: z.strictObject({ password: newPassword }),
    output: changed,
    status: 200,
  }),
  endpoint({
    name: 'deactivateUser',
    method: 'POST',
    path: '/api/users/{name}/deactivation',
    summary: 'Take the right to sign in; all of his sessions are over at once',
    roles: [],
    scope: 'every',
    writes: true,
    params: ofUser,
    output: changed,
    status: 200,
  }),
  endpoint({
    name: 'activateUser',
    method: 'POST',
    path: '/api/users/{name}/activation',
    summary: 'Give the right to sign in back',
    roles: [],
    scope: 'every',
    writes: true,
    params: ofUser,
    output: changed,
    status: 200,
  }),
  endpoint({
    name: 'listUserSessions',
    method: 'GET',
    path: '/api/users/{name}/sessions',
    summary: "A user's sessions that go on, the last used first",
    roles: ['auditor'],
    scope: 'every',
    writes: false,
    params: ofUser,
    output: page(ofSession),
    status: 200,
  }),
  endpoint({
    name: 'endSessions',
    method: 'POST',
    path: '/api/users/{name}/sessions/ending',
    summary: 'End all sessions of a user; he may sign in again',
    roles: [],
    scope: 'every',
    writes: true,
    params: ofUser,
    output: changed,
    status: 200,
  }),
  endpoint({
    name: 'listAudit',
    method: 'GET',
    path: '/api/audit',
    summary: 'Who did what and with which answer, newest first: every write, sign-in and sign-out of the sites that you may see',
    roles: ['auditor'],
    scope: 'none',
    writes: false,
    query: z.object({
      site: siteCode.optional(),
      actor: code.optional().meta({ description: 'Who did it, as the list tells it', example: 'user:ann' }),
      document: code.optional().meta({ description: 'An order by its number, or anything that the answer names by its id', example: 'SEA-104233' }),
      from: instantText.optional(),
      until: instantText.optional(),
      cursor,
      limit,
    }),
    output: page(
      z.object({
        at: toldInstant,
        site: z.string().nullable().meta({ description: 'null where it concerns every site' }),
        actor: z.string().meta({ example: 'user:ann' }),
        actorName: z.string().nullable().meta({ description: 'The name shown of a user, or what a key is for' }),
        action: z.string().nullable(),
        key: z.string(),
        status: z.int(),
        answer: z.unknown(),
        document: z
          .object({ kind: z.enum(auditedKinds), id: z.string(), site: z.string().nullable() })
          .nullable()
          .meta({ description: 'What it was about, where that can be looked at' }),
      }),
    ),
    status: 200,
  }),
] as const
