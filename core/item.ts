// Item: what is kept, counted and sold. Its unit says what one of it is; tracking says whether each lot or each piece is told apart.

import type { Money } from './money.ts'
import type { Weight } from './weight.ts'

declare const brand: unique symbol
export type ItemId = number & { readonly [brand]: 'item' }
export type SiteId = number & { readonly [brand]: 'site' }
export type PartyId = number & { readonly [brand]: 'party' }

export type Tracking = 'none' | 'lot' | 'serial'
/** Whether what is short of it is bought or made. */
export type Source = 'buy' | 'make'

/** How stock is valued: at the average of what it cost, at what the oldest of it cost, or at a cost that was set. */
export type Method = 'average' | 'fifo' | 'standard'
export const methods: readonly Method[] = ['average', 'fifo', 'standard']

export interface Item {
  readonly item: ItemId
  readonly sku: string
  readonly name: string
  readonly unit: string
  readonly tracking: Tracking
  readonly standardCost: Money
  readonly listPrice: Money
  /** Null where nobody weighed it. */
  readonly weight: Weight | null
  readonly source: Source
  /** How long making it takes once all components are there. */
  readonly makeDays: number
  /** How what a site has of it is valued, until the site decides otherwise. */
  readonly valuation: Method
  /** What it is a kind of, in the company's words; null where nobody said. */
  readonly category: string | null
  /** Thousandths: how surely what is promised from stock is to be there, by what is believed. 0: the record alone counts. Null: as usual. */
  readonly serviceLevel_e3: number | null
  /** Whether it is sold as a bundle of others, as far as it was asked. */
  readonly isKit?: boolean
  /** Whether others may be sent instead of it, as far as it was asked. */
  readonly hasSubstitutes?: boolean
}

/** The site for commands about items, sites, parties and keys. */
export const controlSite = 0 as SiteId
