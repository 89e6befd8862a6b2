// Principal: who asks: a person who signed in, or a machine with a key. Both have a role and the sites they may see and act on, and from
// there on nothing asks which of the two it is.

import type { SiteId } from './item.ts'

export const roles = ['admin', 'sales', 'buyer', 'planner', 'warehouse', 'driver', 'till', 'shop', 'auditor'] as const
export type Role = (typeof roles)[number]

export interface Principal {
  /** `key:1002` or `user:1003`: the first part of its idempotency keys' names, and the actor of its moves. */
  readonly actor: string
  /** As people know it: a sign-in name, or what the key is for. */
  readonly name: string
  readonly displayName: string
  readonly role: Role
  /** Empty means every site. */
  readonly sites: readonly SiteId[]
}

export const maySee = ({ sites }: Pick<Principal, 'sites'>, site: SiteId): boolean => sites.length === 0 || sites.includes(site)

/** Who may say himself what an order costs. A web shop places orders, and what it says of prices comes from a browser. */
export const mayPrice = ({ role }: Pick<Principal, 'role'>): boolean => role !== 'shop'
