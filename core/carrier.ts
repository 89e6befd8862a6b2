// Carrier service: a way to send a shipment, at a rate for its weight but for no less than its minimum. A price is computed exactly and rounded
// up to the next whole minor unit, once; a promise is a number of days after the goods left.

import { addDays, type Day } from './calendar.ts'
import { money, type Money } from './money.ts'
import { hundredths, type Weight } from './weight.ts'

export interface CarrierService {
  readonly service: number
  readonly code: string
  readonly carrier: string
  readonly name: string
  readonly minimum: Money
  /** For each `rateUnit` of weight, in proportion. */
  readonly rate: Money
  readonly rateUnit: 'LB' | 'KG'
  /** Null where the carrier promises no day. */
  readonly transitDays: number | null
}

/** What a shipment of this weight costs: never less than the minimum. */
export function priceOf({ minimum, rate, rateUnit }: CarrierService, weight: Weight): Money {
  const [cost, unit] = [BigInt(rate) * BigInt(weight) * 100n, hundredths[rateUnit]]
  const byWeight = money(Number((cost + unit - 1n) / unit))
  return byWeight > minimum ? byWeight : minimum
}

export const promisedBy = ({ transitDays }: CarrierService, shippedOn: Day): Day | null =>
  transitDays === null ? null : addDays(shippedOn, transitDays)

export interface Offer {
  readonly service: CarrierService
  readonly price: Money
  readonly promised: Day | null
}

/** All services for a weight: the cheapest first, then the fastest; one without a promise is the slowest. */
export function offersFor(services: readonly CarrierService[], weight: Weight, shippedOn: Day): Offer[] {
  const offers = services.map((service) => ({ service, price: priceOf(service, weight), promised: promisedBy(service, shippedOn) }))
  const day = ({ promised }: Offer): string => promised ?? '9999-12-31'
  return offers.toSorted((a, b) => a.price - b.price || (day(a) < day(b) ? -1 : day(a) > day(b) ? 1 : a.service.service - b.service.service))
}
