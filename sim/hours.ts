// Hours: when each step of a simulated day is taken. An order arrives during its day; what is held is released, picked and shipped the next morning,
// what comes later on the morning it came, and each shipment is delivered two to five days later, as the digits of its number say.

import { addDays, instant, startOf, type Day, type Instant } from '../core/calendar.ts'

const HOUR_MILLISECONDS = 3_600_000
const DELIVERY_DAYS_MIN = 2
const DELIVERY_DAYS_MAX = 5

export const hours = {
  receive: 4,
  produce: 5,
  allocate: 6,
  pick: 7,
  ship: 8,
  firstOrder: 9,
  lastOrder: 18,
  cover: 19,
  deliver: 20,
  night: 22,
} as const

export const at = (day: Day, hour: number): Instant => instant(startOf(day) + Math.round(hour * HOUR_MILLISECONDS))

/** When the order arrives that is number `index` of `count` on its day. */
export const arrival = (day: Day, index: number, count: number): Instant =>
  at(day, hours.firstOrder + ((hours.lastOrder - hours.firstOrder) * index) / count)

/** Carriers take two to five days; which, the order's number decides, so that every replay is the same. */
export function deliveryDay(number: string, shippedOn: Day): Day {
  const digits = Number(number.replaceAll(/\D/g, '').slice(-9))
  return addDays(shippedOn, DELIVERY_DAYS_MIN + (digits % (DELIVERY_DAYS_MAX - DELIVERY_DAYS_MIN + 1)))
}
