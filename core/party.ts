// Party: who we deal with: customers and suppliers, and the companies of ours that own stock. Site: a house of a company: a warehouse, a shop,
// a plant; its stock belongs to that company unless a move says otherwise.

import type { PartyId, SiteId } from './item.ts'

export type PartyKind = 'company' | 'customer' | 'supplier'

export interface Party {
  readonly party: PartyId
  readonly code: string
  readonly name: string
  readonly kind: PartyKind
}

export interface Site {
  readonly site: SiteId
  readonly code: string
  readonly name: string
  readonly owner: PartyId
  /** How the SSCCs of its packages begin (core/sscc.ts). */
  readonly ssccPrefix: string | null
  /** So many days after goods expired they are written off by themselves; null where a person does it. As far as it was asked. */
  readonly writeOffExpiredAfterDays?: number | null
}
