// Replenish, outlook: how many would be there on each of the days ahead, if customers come as forecast and all that is on its way or proposed comes when it is due.

/** Units: on average, and where it lies with a probability of 80 %. */
export interface Outlook {
  readonly expected: number
  readonly low: number
  readonly high: number
}

export interface DayAhead {
  /** What is wanted by the forecast, units, and its variance. */
  readonly forecast: number
  readonly variance: number
  /** What is wanted for certain; it is of what was forecast, and more than that only where it is more in all. */
  readonly booked: number
  readonly coming: number
}

/** From the middle to where 10 % lie beyond, and to where 5 % do, in standard deviations. */
const [OUTER_10, OUTER_5] = [1.2816, 1.6449]

/** Day by day, in the evening. What is there now lies between `low` and `high` with 90 %. What is booked is owed until it comes; who only looks and finds none goes away. */
export function outlook(now: Outlook, days: readonly DayAhead[]): readonly Outlook[] {
  let [there, variance] = [Math.max(0, now.expected), ((now.high - now.low) / (2 * OUTER_5)) ** 2]
  let [forecast, booked, wanted, owed] = [0, 0, 0, 0]
  return days.map((day) => {
    forecast += day.forecast
    booked += day.booked
    variance += day.variance
    const before = wanted
    wanted = Math.max(wanted, forecast, booked)
    owed += day.booked
    const served = Math.min(owed, there + day.coming)
    owed -= served
    there = Math.max(0, there + day.coming - served - Math.max(0, wanted - before - day.booked))
    const reach = OUTER_10 * Math.sqrt(variance)
    return { expected: there, low: Math.max(0, there - reach), high: there + reach }
  })
}
