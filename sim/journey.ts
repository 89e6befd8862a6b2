// Journey: one order on its way through the replay, and the rule of when each step is taken. An order arrives during its day; what is held
// for it is released, picked and shipped the next morning, what comes later on the morning it came, and each shipment is delivered two to five days later, as the digits of its number say.

import { addDays, instant, startOf, type Day, type Instant } from '../core/calendar.ts'
import type { StagedOrder } from '../server/import/write.ts'

const HOUR_MILLISECONDS = 3_600_000
const DELIVERY_DAYS_MIN = 2
const DELIVERY_DAYS_MAX = 5

export const hours = { receive: 4, produce: 5, allocate: 6, pick: 7, ship: 8, firstOrder: 9, lastOrder: 18, cover: 19, deliver: 20 } as const

export const at = (day: Day, hour: number): Instant => instant(startOf(day) + Math.round(hour * HOUR_MILLISECONDS))

/** When the order arrives that is number `index` of `count` on its day. */
export const arrival = (day: Day, index: number, count: number): Instant =>
  at(day, hours.firstOrder + ((hours.lastOrder - hours.firstOrder) * index) / count)

/** Carriers take two to five days; which, the order's number decides, so that every replay is the same. */
export function deliveryDay(number: string, shippedOn: Day): Day {
  const digits = Number(number.replaceAll(/\D/g, '').slice(-9))
  return addDays(shippedOn, DELIVERY_DAYS_MIN + (digits % (DELIVERY_DAYS_MAX - DELIVERY_DAYS_MIN + 1)))
}

export interface Journey {
  readonly staged: StagedOrder
  /** Its id. */
  readonly order: string
  /** How far each line is, by number. */
  readonly lines: Map<number, { readonly ordered: number; held: number; shipped: number; delivered: number }>
}

export const begin = (staged: StagedOrder, order: string): Journey => ({
  staged,
  order,
  lines: new Map(staged.lines.map(({ line, quantity }) => [line, { ordered: quantity, held: 0, shipped: 0, delivered: 0 }])),
})

export interface Totals {
  readonly orders: number
  readonly lines: number
  /** Lines of which all, some and nothing was delivered. */
  readonly delivered: number
  readonly partly: number
  readonly backordered: number
  readonly units: number
  readonly unitsDelivered: number
  readonly unitsBackordered: number
}

export const noTotals: Totals = {
  orders: 0,
  lines: 0,
  delivered: 0,
  partly: 0,
  backordered: 0,
  units: 0,
  unitsDelivered: 0,
  unitsBackordered: 0,
}

export function addJourney(totals: Totals, { lines }: Journey): Totals {
  const all = [...lines.values()]
  const count = (of: (line: (typeof all)[number]) => boolean): number => all.filter(of).length
  const sum = (of: (line: (typeof all)[number]) => number): number => all.reduce((total, line) => total + of(line), 0)
  return {
    orders: totals.orders + 1,
    lines: totals.lines + all.length,
    delivered: totals.delivered + count((line) => line.delivered === line.ordered),
    partly: totals.partly + count((line) => line.delivered > 0 && line.delivered < line.ordered),
    backordered: totals.backordered + count((line) => line.delivered === 0),
    units: totals.units + sum((line) => line.ordered),
    unitsDelivered: totals.unitsDelivered + sum((line) => line.delivered),
    unitsBackordered: totals.unitsBackordered + sum((line) => line.ordered - line.shipped),
  }
}
