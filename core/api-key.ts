// API key: who a machine or a person is to the product: a role, and the sites it may see and act on. The secret is kept nowhere, only its
// hash.

import type { Instant } from './calendar.ts'
import type { SiteId } from './item.ts'

export const roles = ['admin', 'sales', 'buyer', 'planner', 'warehouse', 'driver', 'till', 'auditor'] as const
export type Role = (typeof roles)[number]

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
