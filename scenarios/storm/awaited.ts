// Awaited: goods that nobody has. Orders for them count on purchases, so that somebody is hurt each time one of these comes later still, and something
// can be done about it.

import { addDays, dayOf, instant, type Day } from '../../core/calendar.ts'
import type { Chance } from '../chance.ts'
import { CUSTOMER, SUPPLIER } from '../rig/company.ts'
import type { Attempt, Ground } from './ground.ts'
import { lookInto } from './look.ts'

/** So many that seldom two purchases of one item are under way to a site, and who orders it waits for the one that is meant. */
export const STORM_AWAITED = Array.from({ length: 200 }, (_none, index) => `AWAITED-${index + 1}`)
const BOUGHT_MAX = 6
const LATER_DAYS_MAX = 5
/** One in so many purchases that come on another day is any. */
const OTHERS_LATE = 4
/** So often a purchase that somebody waits for is put off, about, before it comes. */
const PUT_OFF = 3

const today = (): Day => dayOf(instant(Date.now()))
const later = (day: Day, chance: Chance): Day => addDays(day, 1 + chance.below(LATER_DAYS_MAX))

export function buyAwaited(ground: Ground, chance: Chance, site: string): Attempt {
  const lines = [{ sku: chance.oneOf(STORM_AWAITED), quantity: 1 + chance.below(BOUGHT_MAX) }]
  const due = later(today(), chance)
  const accepted: Attempt['accepted'] = ({ id }) => ground.awaited.put({ id: String(id), site, lines, due })
  return { path: '/api/purchases', body: { site, supplier: SUPPLIER, lines: lines.map((line) => ({ ...line, due })) }, accepted }
}

/** A customer orders all that was bought, and waits for it. */
export function orderAwaited(ground: Ground, chance: Chance): Attempt | undefined {
  const one = ground.awaited.take(chance)
  if (one === undefined) return undefined
  const { site, lines } = one
  const body = { site, customer: CUSTOMER, priority: chance.below(10), lines: lines.map((line) => ({ ...line, source: site })) }
  return { path: '/api/orders', body, accepted: () => ground.hopedFor.put(one) }
}

/** A purchase comes on another day, mostly one that somebody waits for, and later still. One that came or was called off is forgotten. */
export function putOff(ground: Ground, chance: Chance): Attempt | undefined {
  const hopedFor = chance.once(OTHERS_LATE) ? undefined : ground.hopedFor.take(chance)
  const one = hopedFor ?? ground.bought.any(chance)
  const due = later(hopedFor?.due ?? today(), chance)
  const goOn = (): void => {
    if (hopedFor === undefined) return
    if (chance.once(PUT_OFF)) ground.bought.put(hopedFor)
    else ground.hopedFor.put({ ...hopedFor, due })
  }
  const accepted: Attempt['accepted'] = async ({ exceptions }) => {
    const remedies = await Promise.all((exceptions as readonly string[]).map((exception) => lookInto(ground, chance, one!.site, exception)))
    const [remedy] = remedies.filter((some) => some !== undefined)
    // Nobody puts it off again, or receives it, before that is answered.
    if (remedy === undefined) goOn()
    else ground.remedies.put({ ...remedy, goOn })
  }
  return one && { path: `/api/purchases/${one.id}/due-date`, body: { site: one.site, lines: [{ line: 1, due }] }, accepted }
}
