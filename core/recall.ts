// Recall: a lot or piece that must not reach anybody any more, with all that was made of it. It is a dated row of the control site; each site that
// had any marks its goods (core/stock.ts) and holds them wherever they turn up, until the recall is lifted.

import type { Instant } from './calendar.ts'
import type { SiteId } from './item.ts'
import type { Labelled } from './stock.ts'

export interface Recall extends Labelled {
  readonly recall: string
  readonly reason: string
  /** The sites that were told. */
  readonly sites: readonly SiteId[]
  readonly recalledAt: Instant
  readonly liftedAt: Instant | null
}
