// Endpoint: one way into the product, as data: method, path, who may, what goes in and comes out. The server makes routes and OpenAPI of
// it, the client its calls, and a test its matrix of roles; nothing about an endpoint stands anywhere else.

import type { z } from 'zod'
import type { Role } from '../core/api-key.ts'

/** How a caller's sites matter: named in the request, or not at all. */
export type Scope = 'site' | 'none'

export interface Endpoint {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With parameters in braces, e.g. `/api/orders/{number}`. */
  readonly path: string
  readonly summary: string
  /** Who may besides admin; `everyone` with a key, or `public` without one. */
  readonly roles: readonly Role[] | 'everyone' | 'public'
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
}

/** Keeps the literal types of an endpoint while checking its shape. */
export const endpoint = <const E extends Endpoint>(one: E): E => one
