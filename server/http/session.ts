// Session over HTTP: signing in and out, which set cookies and so answer by themselves, and who is signed in. A sign-in is a command like any
// other, refused ones too, so the audit trail shows both; what it is told says nothing about which names exist, and takes as long.

import { randomUUID } from 'node:crypto'
import { may } from '../../api/endpoint.ts'
import { endpoints } from '../../api/endpoints.ts'
import { userName } from '../../api/fields.ts'
import { controlSite } from '../../core/item.ts'
import type { Principal } from '../../core/principal.ts'
import { refuse } from '../../core/refusal.ts'
import { actorOfUser, type User } from '../../core/user.ts'
import { sql, type Database } from '../db.ts'
import { userColumns } from '../lane/users.ts'
import { hashPassword, isOutdated, isPassword } from '../password.ts'
import type { Direct, HttpContext, Reader } from './call.ts'
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
    },
    ...onceFor(user === undefined ? ANONYMOUS : actorOfUser(user.user)),
  })
  if (answer.status >= 300) return tellAnswer(reply, answer)
  const told = await toldOf(context, { actor: actorOfUser(user!.user), ...user! })
  return tellText(reply.header('set-cookie', cookie).code(201), JSON.stringify(told))
}

export const signOut: Direct = async (request, reply, context) => {
  const { actor } = request.caller
  const tokenSha256 = sessionOf(request, context.secure)
  if (tokenSha256 === undefined || !actor.startsWith('user:')) return tell(reply, refuse('nothing_to_do', 'Cookie', 'A key has no session to end.'))
  const answer = await context.submit(controlSite, { command: { kind: 'signOut', tokenSha256 }, ...onceFor(actor) })
  if (answer.status >= 300) return tellAnswer(reply, answer)
  return tellText(reply.header('set-cookie', endedCookie(context.secure)), '{}')
}

export const getSession: Reader = ({ context, principal }) => toldOf(context, principal)

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
