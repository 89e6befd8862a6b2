// Belief history: what would have been believed of an item on each evening, worked out by taking its own events in once more, in the order in which they were
// written, through the same filter as today's belief. What the site's items have in common is taken as it is known today, not as it was known then, so the
// last evening is near the belief of today and need not be the same to the last digit.

import { addDays, dayOf, day_ms, instant, laterOf, startOf, type Day, type Instant } from '../calendar.ts'
import type { ItemId } from '../item.ts'
import type { BeliefEvent } from './belief-event.ts'
import type { SiteBeliefs } from './belief-site.ts'

/** A move or a count of the item, in the ledger's order. */
export interface Happened {
  /** What it tells; nothing where it tells nothing of what can be sold. */
  readonly event: BeliefEvent | undefined
  readonly recordedAt: Instant
  /** By how many it changed what the record has. */
  readonly change: number
}

/** Of an evening: what the record had, and what was believed by what was known then. */
export interface BeliefPoint {
  readonly on: Day
  readonly recorded: number
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly empty: number
}

/** A count of all that there was, beside what was believed and recorded just before. */
export interface CountedThen {
  readonly at: Instant
  readonly counted: number
  readonly recorded: number
  readonly expected: number
  readonly low: number
  readonly high: number
}

export interface Replayed {
  readonly beliefs: SiteBeliefs
  readonly item: ItemId
  readonly happened: readonly Happened[]
  /** What the record had before the first of them. */
  readonly recordedFirst: number
  /** The first evening that is told. */
  readonly from: Day
  /** The last is that of this instant's day, as of this instant. */
  readonly now: Instant
}

/** Each evening from the first on which anything was known, and each count of all; one after the other, so that who works them out may rest in between. */
export function* beliefHistory({ beliefs, item, happened, recordedFirst, from, now }: Replayed): Generator<BeliefPoint | CountedThen | undefined> {
  const today = dayOf(now)
  let [recorded, isKnown] = [recordedFirst, false]
  let next: Day | undefined
  const evening = (on: Day): BeliefPoint => {
    const { expected, low, high, empty } = beliefs.believed(item, on === today ? now : instant(startOf(on) + day_ms - 1))
    return { on, recorded, expected, low, high, empty }
  }
  for (const { event, recordedAt, change } of happened) {
    const day = dayOf(recordedAt)
    next ??= laterOf(day, from)
    for (; next < day; next = addDays(next, 1)) if (isKnown) yield evening(next)
    recorded += change
    if (event === undefined) continue
    const counted = event.what === 'counted' && isKnown && day >= from ? countedThen(beliefs, event, recorded) : undefined
    beliefs.take(event)
    // A correction of the record tells nothing of what is there before anything else did.
    isKnown ||= event.what !== 'corrected'
    yield counted && isOfAll(beliefs, event) ? counted : undefined
  }
  if (next === undefined || !isKnown) return
  for (; next <= today; next = addDays(next, 1)) yield evening(next)
}

/** What a count of all says, if it is one, beside what was believed; the move of its difference was before it in the ledger. */
function countedThen(beliefs: SiteBeliefs, event: BeliefEvent & { readonly what: 'counted' }, recorded: number): CountedThen {
  const { expected, low, high } = beliefs.believed(event.item, event.at)
  return { at: event.at, counted: event.sellable, recorded: recorded - (event.counted - event.recorded), expected, low, high }
}

const isOfAll = (beliefs: SiteBeliefs, { item, at }: BeliefEvent): boolean => beliefs.kept(item)!.noted.countedAt === at
