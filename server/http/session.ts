// Session over HTTP: signing in and out, which set cookies and so answer by themselves, and who is signed in. A sign-in is a command like any
// other, refused ones too, so the audit trail shows both; what it is told says nothing about which names exist, and takes as long.

import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { may, type Endpoint } from '../../api/endpoint.ts'
import { endpoints } from '../../api/endpoints.ts'
import { userName } from '../../api/fields.ts'
import { controlSite } from '../../core/item.ts'
import type { Principal } from '../../core/principal.ts'
import { refuse } from '../../core/refusal.ts'
import { actorOfUser, BROWSER_CHARACTERS_MAX, type User } from '../../core/user.ts'
import { sql, type Database } from '../db.ts'
import { userColumns } from '../lane/users.ts'
import { hashPassword, isOutdated, isPassword } from '../password.ts'
import type { Direct, HttpContext } from './call.ts'
import { endedCookie, newSession, sessionOf } from './principals.ts'
import { tell, tellAnswer, tellText } from './reply.ts'

/** Whose sign-ins those are that name nobody. */
const ANONYMOUS = 'anonymous'

export const signIn: Direct = async (request, reply, context) => {
  const { name: typed, password } = request.body as { readonly name: string; readonly password: string }
  const name = nameFrom(typed)
  const user = await userNamed(context.database, name)
  const fits = await isPassword(password, user?.passwordHash)
  const { tokenSha256, cookie } = newSession(context.secure)
  const answer = await context.submit(controlSite, {
    command: {
      kind: 'signIn',
      name,
      checkedHash: fits ? user!.passwordHash : null,
      newHash: fits && isOutdated(user!.passwordHash) ? await hashPassword(password) : null,
      tokenSha256,
      replaces: sessionOf(request, context.secure) ?? null,
      browser: browserOf(request),
    },
    ...onceFor(user === undefined ? ANONYMOUS : actorOfUser(user.user)),
  })
  if (answer.status >= 300) return tellAnswer(reply, answer)
  const told = await toldOf(context, { actor: actorOfUser(user!.user), ...user! })
  return tellText(reply.header('set-cookie', cookie).code(201), JSON.stringify(told))
}

/** How a browser names itself, without what the database could not keep. */
const browserOf = ({ headers }: FastifyRequest): string =>
  (headers['user-agent'] ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, BROWSER_CHARACTERS_MAX)

export const signOut: Direct = async (request, reply, context) => {
  const { actor } = request.caller
  const tokenSha256 = sessionOf(request, context.secure)
  if (tokenSha256 === undefined || !actor.startsWith('user:')) return tell(reply, refuse('nothing_to_do', 'Cookie', 'A key has no session to end.'))
  const answer = await context.submit(controlSite, { command: { kind: 'signOut', tokenSha256 }, ...onceFor(actor) })
  if (answer.status >= 300) return tellAnswer(reply, answer)
  return tellText(reply.header('set-cookie', endedCookie(context.secure)), '{}')
}

/** What is told where nobody is signed in: who that is, and what anybody may. */
const nobody = { user: null, can: endpoints.filter((one: Endpoint) => one.roles === 'public').map((one) => one.name) }

export const getSession: Direct = async (request, reply, context) => {
  const caller = request.caller as Principal | undefined
  return tellText(reply, JSON.stringify(caller === undefined ? nobody : await toldOf(context, caller)))
}

/** Who it is, and the endpoints that he may call at all. */
async function toldOf({ catalog }: HttpContext, principal: Principal): Promise<object> {
  const { name, displayName, role } = principal
  const codes = new Map((await catalog.sites()).map(({ site, code }) => [site, code]))
  const sites = principal.sites.map((site) => codes.get(site)!)
  return { user: { name, displayName, role, sites }, can: endpoints.filter((one) => may(one, principal)).map((one) => one.name) }
}

/** The name that was typed, as it is kept; empty where nobody can have it. */
export function nameFrom(typed: string): string {
  const name = typed.trim().toLowerCase()
  return userName.safeParse(name).success ? name : ''
}

export async function userNamed(database: Database, name: string): Promise<User | undefined> {
  const [user] = await database.query<User>(sql`${userColumns} where name = ${name}`)
  return user
}

/** Each of these commands is meant once: nobody sends it again under its key. */
const onceFor = (caller: string): { readonly caller: string; readonly key: string; readonly sha256: Buffer } => ({
  caller,
  key: randomUUID(),
  sha256: Buffer.alloc(32),
})
