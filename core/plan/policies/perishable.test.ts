import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unitsWanted } from '../filter/demand.ts'
import { perish, perishableOrder, type AgedLot } from './perishable.ts'

/** One day after another for one demand of each: the first to expire is sold first. */
function oneRun(lots: readonly AgedLot[], demands: readonly number[]): { expired: number; sold: number; left: number } {
  const rest = lots.map(({ units }) => units)
  const order = lots.map((_lot, at) => at).toSorted((one, other) => lots[one]!.expires - lots[other]!.expires)
  let [expired, sold] = [0, 0]
  for (const [day, demand] of demands.entries()) {
    let wanted = demand
    for (const at of order) {
      if (lots[at]!.arrives > day) continue
      const taken = Math.min(wanted, rest[at]!)
      rest[at]! -= taken
      wanted -= taken
      sold += taken
    }
    for (const at of order) {
      if (lots[at]!.arrives > day || lots[at]!.expires !== day) continue
      expired += rest[at]!
      rest[at] = 0
    }
  }
  return { expired, sold, left: rest.reduce((sum, units, at) => sum + (lots[at]!.arrives < demands.length ? units : 0), 0) }
}

describe('goods that expire', () => {
  const lots = fc.array(fc.record({ units: fc.integer({ min: 0, max: 4 }), expires: fc.integer({ min: 0, max: 4 }) }), { minLength: 1, maxLength: 3 })
    .map((all) => all.toSorted((one, other) => one.expires - other.expires).map((lot, at): AgedLot => ({ ...lot, arrives: at === 0 ? 0 : Math.min(at, lot.expires, 2) })))

  test('equal going through every demand of every day', () => {
    fc.assert(
      fc.property(lots, fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 1, max: 3, noNaN: true }), fc.integer({ min: 1, max: 4 }), (all, mean, dispersion, days) => {
        const most = all.reduce((sum, { units }) => sum + units, 0)
        const pmf = unitsWanted(mean, dispersion, most + 1)
        const tail = 1 - pmf.subarray(0, most).reduce((sum, chance) => sum + chance, 0)
        let [expired, sold, left] = [0, 0, 0]
        const through = (demands: number[], chance: number): void => {
          if (demands.length === days) {
            const run = oneRun(all, demands)
            expired += chance * run.expired
            sold += chance * run.sold
            left += chance * run.left
            return
          }
          for (let units = 0; units <= most; units += 1) through([...demands, units], chance * (units === most ? tail : pmf[units]!))
        }
        if ((most + 1) ** days > 20_000) return
        through([], 1)
        const found = perish({ lots: all, demandPerDay: [mean], dispersion }, days)
        expect(found.expired).toBeCloseTo(expired, 9)
        expect(found.sold).toBeCloseTo(sold, 9)
        expect(found.left).toBeCloseTo(left, 9)
        expect(found.missed).toBeCloseTo(mean * days - sold, 9)
        expect(found.expiredByLot.reduce((sum, one) => sum + one, 0)).toBeCloseTo(expired, 9)
      }),
    )
  })

  test('what is missing of the record is gone from the oldest; what is more is sold first', () => {
    const stock = { lots: [{ units: 5, arrives: 0, expires: 1 }, { units: 5, arrives: 0, expires: 9 }], demandPerDay: [0], dispersion: 1 }
    expect(perish(stock, 3).expired).toBe(5)
    expect(perish({ ...stock, believed: { low: 6, step: 1, chances: [0.5, 0, 0.5], cells: 3 } }, 3).expired).toBeCloseTo(0.5 * 1 + 0.5 * 3, 12)
    expect(perish({ ...stock, believed: { low: 12, step: 1, chances: [1], cells: 1 } }, 3).left).toBeCloseTo(5, 12)
    expect(() => perish({ ...stock, lots: [{ units: 1e6, arrives: 0, expires: 1 }] }, 2)).toThrow(RangeError)
  })

  test('the order that costs least is the first of which one pack more saves nothing', () => {
    const money = fc.double({ min: 0.1, max: 9, noNaN: true })
    const anyOrder = fc.record({ arrives: fc.nat(3), lasts: fc.integer({ min: 4, max: 9 }), pack: fc.integer({ min: 1, max: 5 }) })
    fc.assert(fc.property(lots, fc.double({ min: 0, max: 5, noNaN: true }), anyOrder, fc.tuple(money, money, money), (all, mean, { arrives, lasts, pack }, [missed, expired, left]) => {
      const stock = { lots: all, demandPerDay: [mean], dispersion: 1.5 }
      const order = { arrives, expires: arrives + lasts }
      const costOf = (units: number): number => {
        const found = perish({ ...stock, lots: [...all, { ...order, units }] }, 8)
        return found.missed * missed + found.expired * expired + found.left * left
      }
      let packs = 0
      while (costOf((packs + 1) * pack) < costOf(packs * pack) - 1e-12) packs += 1
      expect(perishableOrder(stock, order, 8, { missed, expired, left }, pack).quantity).toBe(packs * pack)
    }))
  })

  test('the less long goods last, the fewer are ordered', () => {
    const stock = { lots: [{ units: 3, arrives: 0, expires: 1 }], demandPerDay: [2], dispersion: 1.5 }
    const order = (expires: number) => perishableOrder(stock, { arrives: 1, expires }, 14, { missed: 4, expired: 3, left: 0.5 })
    const [soon, late] = [order(2), order(12)]
    expect(soon.quantity).toBeGreaterThan(0)
    expect(soon.quantity).toBeLessThan(late.quantity)
    expect(soon.withOrder.expired).toBeGreaterThan(soon.withoutOrder.expired)
    expect(soon.cost).toBeLessThan(soon.withoutOrder.missed * 4 + soon.withoutOrder.expired * 3 + soon.withoutOrder.left * 0.5)
    expect(perishableOrder(stock, { arrives: 1, expires: 12 }, 14, { missed: 4, expired: 3, left: 0.5 }, 6).quantity % 6).toBe(0)
  })
})
