// Belief prior: what is thought of a category before its items tell anything.

/** What is known of a category before its items tell more. */
export interface BeliefPrior {
  /** Units that go unseen for each unit that is wanted, on average over items. */
  readonly lossShare: number
  /** How unequal items are in it (`rateClasses`). */
  readonly shape: number
  /** Of these losses, the share that goes by the case, and how many are in one. */
  readonly cases?: { readonly share: number; readonly units: number }
  /** The share of sales that are entered as another item's. */
  readonly misread: number
  /** The share of counts that are off, and by how many units on average. */
  readonly countError: { readonly share: number; readonly spread: number }
  /** Of the time that there are some, the share in which customers do not find them: what stands in the backroom. */
  readonly hidden: number
  /** The chance a day that from then on nobody wants an item any more. Else all that is out of fashion would seem to be stolen. */
  readonly ends: number
}

export const usualPrior: BeliefPrior = { lossShare: 0.02, shape: 1, misread: 0, countError: { share: 0, spread: 1 }, hidden: 0, ends: 1 / 700 }

/** Of more items a sample tells as much. */
const LEARNT_FROM_MAX = 20_000
/** So many-th items are looked at, of so many, to learn what all have in common. */
export const learntFromEvery = (items: number): number => Math.max(1, Math.floor(items / LEARNT_FROM_MAX))
