// Belief, empty times: when there was probably nothing to buy, remembered for who forecasts demand: nobody can buy from an empty shelf.

/** A time at whose end goods came, or none were counted, and before which there was probably nothing for so many days. Days since 1970. */
export type EmptyTime = readonly [until: number, days: number]

/** Shorter ones are within what a forecast is off by. */
const EMPTY_DAYS_LEAST = 0.25
/** So many are remembered, and so long: two years and a week, farther back no forecast looks. */
const EMPTY_TIMES_MAX = 200
const REMEMBERED_DAYS = 735

/** With one more, to a hundredth of a day; those that are long past are forgotten. */
export function withEmpty(times: readonly EmptyTime[], until: number, days: number): readonly EmptyTime[] {
  const latest = times.filter(([end]) => end > until - REMEMBERED_DAYS)
  if (!(days >= EMPTY_DAYS_LEAST)) return latest.length === times.length ? times : latest
  return [...latest, [hundredths(until), hundredths(days)] as const].slice(-EMPTY_TIMES_MAX)
}

const hundredths = (days: number): number => Math.round(days * 100) / 100
