// Item history: an item's stock at a site day by day: what came in, what went out and what was there in the evening, reckoned back from what there is; and
// ahead, what is planned to come and go and what would be there then.

import { addDays, type Day } from './calendar.ts'

/** Base units that moved on a day: in from elsewhere, out to elsewhere. */
export interface MovedOn {
  readonly on: Day
  readonly came: number
  readonly went: number
}

export interface DayBehind extends MovedOn {
  /** In the evening; today, as it is now. */
  readonly onHand: number
}

/** Open planned moves that are due on a day; what is overdue counts today. */
export interface PlannedOn {
  readonly on: Day
  readonly supply: number
  readonly demand: number
}

export interface DayAhead extends PlannedOn {
  /** If everything comes and goes as planned; below 0 is what would lack. */
  readonly expected: number
}

/** The last `days` days, today the last of them, none left out. */
export function daysBehind(today: Day, days: number, onHand: number, moved: readonly MovedOn[]): readonly DayBehind[] {
  const known = new Map(moved.map((one) => [one.on, one]))
  const rows: DayBehind[] = []
  let evening = onHand
  for (let back = 0; back < days; back += 1) {
    const on = addDays(today, -back)
    const { came, went } = known.get(on) ?? { came: 0, went: 0 }
    rows.push({ on, came, went, onHand: evening })
    evening -= came - went
  }
  return rows.toReversed()
}

/** From today on so many days, none left out. */
export function daysAhead(today: Day, days: number, onHand: number, planned: readonly PlannedOn[]): readonly DayAhead[] {
  const known = new Map<Day, { supply: number; demand: number }>()
  for (const { on, supply, demand } of planned) {
    const day = on < today ? today : on
    const sum = known.get(day) ?? { supply: 0, demand: 0 }
    known.set(day, { supply: sum.supply + supply, demand: sum.demand + demand })
  }
  let expected = onHand
  return Array.from({ length: days }, (_none, index) => {
    const on = addDays(today, index)
    const { supply, demand } = known.get(on) ?? { supply: 0, demand: 0 }
    expected += supply - demand
    return { on, supply, demand, expected }
  })
}
