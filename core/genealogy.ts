// Genealogy: what went into a lot and what was made of it, level by level. A work order ties them: what was issued to it went into whatever came out of
// it afterwards. Which piece of a component went into which piece of the output nobody records, so all that may have is taken: a recall that holds too
// much can be lifted, one that held too little cannot be made good.

import type { SiteId } from './item.ts'
import { labelKey, labelOf, type Labelled } from './stock.ts'

/** Goods of one label that went into a work order's production, or came out of it. */
export interface Passage extends Labelled {
  readonly site: SiteId
  readonly workOrder: string
  readonly quantity: number
  /** The first and the last move of it, by the site's sequence. */
  readonly first: number
  readonly last: number
}

/** Some of `from` went into `into`, by a work order. */
export interface Link {
  readonly site: SiteId
  readonly workOrder: string
  readonly from: Labelled
  readonly into: Labelled
  /** So many of `from` went into the work order. */
  readonly quantity: number
}

/** Ties what was issued to what came out of the same work order, unless all of it came out before. */
export function linksOf(issues: readonly Passage[], outputs: readonly Passage[]): Link[] {
  const byWorkOrder = Map.groupBy(outputs, workOrderKey)
  return issues.flatMap((issue) =>
    (byWorkOrder.get(workOrderKey(issue)) ?? [])
      .filter((output) => output.last > issue.first)
      .map((output) => ({ site: issue.site, workOrder: issue.workOrder, from: labelled(issue), into: labelled(output), quantity: issue.quantity })),
  )
}

const workOrderKey = ({ site, workOrder }: Passage): string => `${site}/${workOrder}`
const labelled = ({ item, lot, serial }: Passage): Labelled => ({ item, lot, serial })

/** A lot or piece of a genealogy. */
export interface Relative extends Labelled {
  /** 0 is the one that is asked about; so many levels of production before it, below zero, or after it. */
  readonly level: number
}

/** Those at the far ends of links that nobody met before; what has no label cannot be told apart, and is followed no further. */
export function nextLevel(known: ReadonlyMap<string, Relative>, links: readonly Link[], level: number): Relative[] {
  const next = new Map<string, Relative>()
  for (const { from, into } of links) {
    const far = level < 0 ? from : into
    if (!known.has(labelKey(far))) next.set(labelKey(far), { ...far, level })
  }
  return [...next.values()]
}

/** Whether goods can be told from others of their item. */
export const isTold = (goods: Labelled): boolean => labelOf(goods) !== ''
