// API key: a machine's way in: a role, and the sites it may see and act on. The secret is kept nowhere, only its hash.

import type { Instant } from './calendar.ts'
import type { SiteId } from './item.ts'
import type { Role } from './principal.ts'

export interface ApiKey {
  readonly apiKey: number
  readonly name: string
  readonly secretSha256: string
  readonly role: Role
  /** Empty means every site. */
  readonly sites: readonly SiteId[]
  readonly createdAt: Instant
  readonly revokedAt: Instant | null
}

export const actorOfKey = (apiKey: number): string => `key:${apiKey}`
