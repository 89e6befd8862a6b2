// Bill of material: what an item is made of. A line says how many of a component go into a batch of the parent, as a pair of whole numbers
// so that a third is a third, which part of it is lost on the way, and on which days it holds. Bills have no circle: nothing is made of itself.

import type { Day } from './calendar.ts'
import type { ItemId } from './item.ts'
import { quantity, type Quantity } from './quantity.ts'

/** So many of a component for each batch of the parent, of which so many in a million are lost. */
export interface Per {
  readonly quantity: Quantity
  readonly batch: Quantity
  readonly scrapPerMillion: number
}

export interface BillLine extends Per {
  readonly parent: ItemId
  readonly component: ItemId
  readonly validFrom: Day
  /** The last day on which it holds; null while nobody knows of an end. */
  readonly validTo: Day | null
}

/** Tells one state of a line from another, so that a change can say which it was made of. */
export const tagOfLine = ({ quantity: some, batch, scrapPerMillion, validTo }: Omit<BillLine, 'parent' | 'component' | 'validFrom'>): string =>
  [some, batch, scrapPerMillion, validTo ?? ''].join('/')

export const scrap_per_million_max = 999_999
const MILLION = 1_000_000n

/** How many of the component must go in for `output` of the parent: exact, rounded up once at the end. */
export function required(per: Per, output: Quantity): Quantity {
  const numerator = BigInt(output) * BigInt(per.quantity) * MILLION
  const denominator = BigInt(per.batch) * (MILLION - BigInt(per.scrapPerMillion))
  return quantity(Number((numerator + denominator - 1n) / denominator))
}

/** Whether two lines of one parent and component hold on a common day. */
export const overlaps = (a: BillLine, b: BillLine): boolean =>
  (a.validTo === null || b.validFrom <= a.validTo) && (b.validTo === null || a.validFrom <= b.validTo)

/** Whether `target` is somewhere in what `from` is made of, whatever the day. */
export function isMadeOf(from: ItemId, target: ItemId, componentsOf: (parent: ItemId) => readonly ItemId[]): boolean {
  const seen = new Set<ItemId>()
  const ahead = [from]
  for (let item = ahead.pop(); item !== undefined; item = ahead.pop()) {
    if (item === target) return true
    if (seen.has(item)) continue
    seen.add(item)
    ahead.push(...componentsOf(item))
  }
  return false
}
