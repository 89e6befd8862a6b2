// Site source: from which of our own sites another is supplied, and how long the way takes. It is said for a class of items, what is bought and
// what is made: a shop has both of its distribution centre, and that has what is made of the plant.

import type { SiteId, Source } from './item.ts'

export interface SiteSource {
  readonly site: SiteId
  /** The class of items: those that are bought, or those that are made. */
  readonly source: Source
  readonly from: SiteId
  readonly transferDays: number
}

/** Tells one state of it from another, so that a change can say which it was made of. */
export const tagOfSource = ({ from, transferDays }: Pick<SiteSource, 'from' | 'transferDays'>): string => [from, transferDays].join('/')

/** Whether `from` would, over however many sites, be supplied with this class by `site`: then the two would wait for each other. */
export function isSuppliedBy(from: SiteId, site: SiteId, supplierOf: (site: SiteId) => SiteId | undefined): boolean {
  const seen = new Set<SiteId>()
  for (let at: SiteId | undefined = from; at !== undefined && !seen.has(at); at = supplierOf(at)) {
    if (at === site) return true
    seen.add(at)
  }
  return false
}
