// Users and their sessions over HTTP. A password comes in over the wire and is hashed before it becomes part of a command.

import { siteIdsOf } from './master.ts'
import type { Instant } from '../../core/calendar.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { hasExpired } from '../../core/user.ts'
import { sql, type Statement } from '../db.ts'
import { hashPassword, isPassword } from '../password.ts'
import { nowOf, toControl, told, type Call, type Readers, type Sent, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { userNamed } from './session.ts'

export const peopleWriters = {
  createUser: async (call) => {
    const { name, displayName, role, password } = call.body
    const sites = await siteIdsOf(call, call.body.sites)
    if (isRefusal(sites)) return sites
    return toControl({ kind: 'createUser', name, displayName, role, sites, passwordHash: await hashPassword(password) })
  },
  editUser: async (call) => {
    const { displayName, role, sites: codes } = call.body
    const sites = codes === undefined ? undefined : await siteIdsOf(call, codes)
    if (sites !== undefined && isRefusal(sites)) return sites
    const version = versionIn(call.ifMatch)
    if (version !== null && isRefusal(version)) return version
    return toControl({
      kind: 'editUser',
      name: call.params.name,
      ...(displayName === undefined ? {} : { displayName }),
      ...(role === undefined ? {} : { role }),
      ...(sites === undefined ? {} : { sites }),
      version,
    })
  },
  setPassword: async ({ body, params, ifMatch }) => {
    const version = versionIn(ifMatch)
    return version !== null && isRefusal(version) ? version : passwordSet(params.name, body.password, null, version)
  },
  changeOwnPassword: async ({ body, context, principal }) => {
    const user = principal.actor.startsWith('user:') ? await userNamed(context.database, principal.name) : undefined
    if (!(await isPassword(body.password, user?.passwordHash))) return refuse('sign_in_refused', 'password', 'This is not your password.')
    return passwordSet(principal.name, body.newPassword, user!.passwordHash)
  },
  deactivateUser: async ({ params, ifMatch }) => {
    const version = versionIn(ifMatch)
    return version !== null && isRefusal(version) ? version : toControl({ kind: 'deactivateUser', name: params.name, version })
  },
  activateUser: async ({ params, ifMatch }) => {
    const version = versionIn(ifMatch)
    return version !== null && isRefusal(version) ? version : toControl({ kind: 'activateUser', name: params.name, version })
  },
  endSessions: async ({ params }) => toControl({ kind: 'endSessions', name: params.name, keeps: null }),
  endOtherSessions: async ({ principal, session }) =>
    session === undefined
      ? refuse('nothing_to_do', 'Cookie', 'A key has no sessions to end.')
      : toControl({ kind: 'endSessions', name: principal.name, keeps: session }),
} satisfies Partial<Writers>

const passwordSet = async (name: string, password: string, checkedHash: string | null, version: number | null = null): Promise<Sent> =>
  toControl({ kind: 'setPassword', name, passwordHash: await hashPassword(password), checkedHash, version })

/** The version that an ETag of a user names. One that no version has is of one that is gone. */
function versionIn(ifMatch: string | undefined): number | null | Refusal {
  if (ifMatch === undefined || ifMatch === '*') return null
  const [, version] = /^"(\d{1,9})"$/.exec(ifMatch) ?? []
  return version === undefined
    ? refuse('changed_meanwhile', 'If-Match', 'No version of this is called so: read it again, and then change it.')
    : Number(version)
}

const unknown = (name: string): Refusal => refuse('user_not_known', 'name', `There is no user ${name}.`)

interface UserRow {
  readonly name: string
  readonly createdAt: Instant
}

const userRows = (condition: Statement): Statement => sql`
  select u.name, u.display_name as "displayName", u.role, array(select s.code from site s where s.site_id = any(u.site_ids) order by s.code) as sites,
    u.deactivated_at is null as active, u.version, u.created_at as "createdAt"
  from users u where ${condition}`

interface SessionRow {
  readonly token: string
  readonly begunAt: Instant
  readonly usedAt: Instant
  readonly browser: string
}

/** A user's sessions that go on. There are no more of them than he began in a day. */
async function sessionsOf(call: Call, name: string): Promise<object> {
  const now = nowOf(call)
  const rows = await call.context.database.query<SessionRow>(sql`
    select encode(s.token_sha256, 'hex') as token, s.begun_at as "begunAt", s.used_at as "usedAt", s.browser
    from users u join web_session s on s.user_id = u.user_id and s.epoch = u.epoch and s.ended_at is null
    where u.name = ${name} and u.deactivated_at is null
    order by s.used_at desc, s.begun_at desc`)
  const open = rows.filter((row) => !hasExpired(row, now))
  return { rows: open.map(({ token, ...row }) => ({ ...told(row, ['begunAt', 'usedAt']), current: token === call.session })), next: null }
}

export const peopleReaders = {
  listSessions: (call) => sessionsOf(call, call.principal.name),
  listUserSessions: async (call) => {
    const { name } = call.params
    return (await userNamed(call.context.database, name)) === undefined ? unknown(name) : sessionsOf(call, name)
  },
  listUsers: async ({ context, query }) => {
    const { cursor, limit } = query
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await context.database.query<UserRow>(
      userRows(sql`u.name collate "C" > ${after?.[0] ?? ''} order by u.name collate "C" limit ${limit + 1}`),
    )
    return pageOf(
      rows,
      limit,
      (row) => [row.name],
      (row) => told(row, ['createdAt']),
    )
  },
  getUser: async ({ context, params }) => {
    const [row] = await context.database.query<UserRow>(userRows(sql`u.name = ${params.name}`))
    return row === undefined ? unknown(params.name) : told(row, ['createdAt'])
  },
} satisfies Partial<Readers>
