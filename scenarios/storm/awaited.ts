// Awaited: goods that nobody has. Orders for them count on purchases, so that somebody is hurt each time one of these comes later still, and something
// can be done about it.

import { addDays, dayOf, instant, type Day } from '../../core/calendar.ts'
import type { Chance } from '../chance.ts'
import { CUSTOMER, SUPPLIER } from '../rig/company.ts'
import type { Attempt, Awaited, Ground } from './ground.ts'
import { lookInto } from './look.ts'

export const STORM_AWAITED = Array.from({ length: 4 }, (_none, index) => `AWAITED-${index + 1}`)
/** Pieces of a purchase, about as many as are ordered meanwhile: what is left over would serve the next orders at once. */
const BOUGHT_MAX = 6
const ORDERED_MAX = 3
const LATER_DAYS_MAX = 5
/** One in so many purchases that come on another day is any. */
const OTHERS_LATE = 4

const today = (): Day => dayOf(instant(Date.now()))
const later = (day: Day, chance: Chance): Day => addDays(day, 1 + chance.below(LATER_DAYS_MAX))

export function buyAwaited(ground: Ground, chance: Chance, site: string): Attempt {
  const lines = [{ sku: chance.oneOf(STORM_AWAITED), quantity: 1 + chance.below(BOUGHT_MAX) }]
  const due = later(today(), chance)
  const accepted: Attempt['accepted'] = (answer) => {
    const bought = { id: String(answer['id']), site, lines }
    ground.bought.put(bought)
    ground.awaited.put({ ...bought, due })
  }
  return { path: '/api/purchases', body: { site, supplier: SUPPLIER, lines: lines.map((line) => ({ ...line, due })) }, accepted }
}

/** A customer waits for what was bought. */
export function orderAwaited(ground: Ground, chance: Chance, { site, lines }: Awaited): Attempt {
  const ordered = [{ sku: lines[0]!.sku, quantity: 1 + chance.below(ORDERED_MAX) }]
  const body = { site, customer: CUSTOMER, priority: chance.below(10), lines: ordered.map((line) => ({ ...line, source: site })) }
  const accepted: Attempt['accepted'] = ({ number }) => ground.placed.put({ number: String(number), site, lines: ordered })
  return { path: '/api/orders', body, accepted }
}

/** A purchase comes on another day, mostly one that somebody waits for, and later still. One that came or was called off is forgotten. */
export function putOff(ground: Ground, chance: Chance): Attempt | undefined {
  const awaited = chance.once(OTHERS_LATE) ? undefined : ground.awaited.take(chance)
  const one = awaited ?? ground.bought.any(chance)
  const due = later(awaited?.due ?? today(), chance)
  const accepted: Attempt['accepted'] = async ({ exceptions }) => {
    for (const exception of exceptions as readonly string[]) await lookInto(ground, chance, one!.site, exception)
    // Nobody puts it off again before that is answered.
    if (awaited !== undefined) ground.awaited.put({ ...awaited, due })
  }
  return one && { path: `/api/purchases/${one.id}/due-date`, body: { site: one.site, lines: [{ line: 1, due }] }, accepted }
}
