// Draw: which items of each stratum are counted. They follow from the seed, the items in their order and the size, and from nothing else, so an auditor who
// is given these three draws the same.

import { chanceOf } from '../../rng.ts'
import type { PlannedStratum } from './allocation.ts'
import type { Stratum } from './strata.ts'

export interface DrawnStratum extends Stratum {
  /** Positions of the items that are counted, ascending. */
  readonly drawn: readonly number[]
}

/** Without putting back, every set of as many items as likely as any other (R. Fisher and F. Yates's shuffle, as far as is needed). */
export function draw(planned: readonly PlannedStratum[], seed: number): readonly DrawnStratum[] {
  const chance = chanceOf(seed)
  return planned.map(({ size, ...stratum }) => {
    const order = [...stratum.items]
    for (let at = 0; at < size; at += 1) {
      const other = at + chance.below(order.length - at)
      ;[order[at], order[other]] = [order[other]!, order[at]!]
    }
    return { ...stratum, drawn: order.slice(0, size).toSorted((a, b) => a - b) }
  })
}
