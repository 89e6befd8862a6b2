// Endpoint: one way into the product, as data: method, path, who may, what goes in and comes out. The server makes routes and OpenAPI of
// it, the client its calls, and a test its matrix of roles; nothing about an endpoint stands anywhere else.

import type { z } from 'zod'
import type { Principal, Role } from '../core/principal.ts'

/**
 * How a caller's sites matter: one is named in the request, none is, or the request concerns every site, so that who is bound to some may not
 * make it.
 */
export type Scope = 'site' | 'none' | 'every'

export interface Endpoint {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With parameters in braces, e.g. `/api/orders/{number}`. */
  readonly path: string
  readonly summary: string
  /** Who may besides admin; `everyone` who is known, or `public` to who is not. */
  readonly roles: readonly Role[] | 'everyone' | 'public'
  /** Set where it is answered, and truly, also to a browser that nobody is signed in with. */
  readonly anonymous?: true
  readonly scope: Scope
  /** Whether it changes something and so needs an Idempotency-Key. */
  readonly writes: boolean
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly output: z.ZodType
  readonly status: number
  /** Set where body and answer are one JSON value a line. */
  readonly streams?: true
  /** Set where a password is sent: no hash of the request may be kept from which it could be guessed. */
  readonly secret?: true
  /** Set where a password is checked, so that guessing must be slowed. */
  readonly guesses?: true
  /** Set where one thing is told, so that its ETag says which version. */
  readonly single?: true
}

/** Whether a principal may make requests of this kind at all; which sites they may name is asked of each request. */
export function may({ roles, scope }: Pick<Endpoint, 'roles' | 'scope'>, { role, sites }: Pick<Principal, 'role' | 'sites'>): boolean {
  if (roles === 'public') return true
  if (scope === 'every' && sites.length > 0) return false
  return roles === 'everyone' || role === 'admin' || roles.includes(role)
}

/** Keeps the literal types of an endpoint while checking its shape. */
export const endpoint = <const E extends Endpoint>(one: E): E => one
