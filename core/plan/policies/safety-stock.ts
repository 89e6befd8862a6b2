// Safety stock: what is held beyond the mean demand of the time until an order helps, because demand and lead time are uncertain (E. Silver, D. Pyke and
// D. Thomas, Inventory and Production Management in Supply Chains, ch. 6 and 7).

import { normalLoss, normalQuantile } from '../distributions/normal.ts'

export interface Spread {
  readonly mean: number
  readonly deviation: number
}

/**
 * Demand of a random lead time and the time between reviews: mean d (L + R), variance (L + R) s^2 + d^2 sL^2, with d and s those of a day's demand, L and sL of
 * the lead time in days, R the days between reviews, 0 where stock is watched all the time (Hadley and Whitin, 1963, 3-6).
 */
export function leadTimeSpread(day: Spread, leadTime: Spread, reviewDays = 0): Spread {
  const days = leadTime.mean + reviewDays
  return { mean: day.mean * days, deviation: Math.sqrt(days * day.deviation ** 2 + day.mean ** 2 * leadTime.deviation ** 2) }
}

/** Units beyond the mean so that none are short in a cycle with this probability, above 0 and below 1: z s. */
export const safetyStockForService = ({ deviation }: Spread, service: number): number => deviation * normalQuantile(service)

/** Of costs of a unit held and of one short for the same time: z at p / (p + h). */
export const safetyStockForCost = (spread: Spread, holding: number, shortage: number): number =>
  safetyStockForService(spread, shortage / (shortage + holding))

/** So that this share of what is wanted is served at once, when `quantity` are ordered at a time: s L(z) = (1 - fill) Q. Below 0 where lots alone are enough. */
export function safetyStockForFill({ deviation }: Spread, fill: number, quantity: number): number {
  if (!(deviation > 0)) return 0
  const loss = ((1 - fill) * quantity) / deviation
  let [low, high] = [-loss - 1, 1]
  while (normalLoss(high) > loss && high < 40) high += 1
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (normalLoss(middle) > loss) low = middle
    else high = middle
  }
  return deviation * high
}

/** The cycle service and the fill rate of a safety stock, as a check of the others. */
export function fillOf({ deviation }: Spread, safetyStock: number, quantity: number): number {
  return deviation > 0 ? 1 - (deviation * normalLoss(safetyStock / deviation)) / quantity : safetyStock >= 0 ? 1 : 1 + safetyStock / quantity
}
