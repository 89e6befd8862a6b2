// Calendar: instants and days. An instant is whole milliseconds since 1970 in UTC; a day is text, `2026-11-23`, so that days compare as
// text does. Where a command needs the time it is given it: nothing in core reads a clock.

declare const brand: unique symbol
export type Instant = number & { readonly [brand]: 'instant' }
export type Day = string & { readonly [brand]: 'day' }

export const day_ms = 86_400_000
/** The last instant that four digits of a year can tell. */
export const instant_ms_max = 253_402_300_799_999

/** Throws RangeError for what is not a whole number of milliseconds between the years 1 and 9999. */
export function instant(milliseconds: number): Instant {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < -62_135_596_800_000 || milliseconds > instant_ms_max) {
    throw new RangeError(`${milliseconds} is not an instant`)
  }
  return milliseconds as Instant
}

/** The instant that was told last: what happens together bears one instant, and a batch tells it hundreds of times. */
let told: { readonly at: Instant; readonly text: string } = { at: 0 as Instant, text: '1970-01-01T00:00:00.000Z' }

export function textOf(at: Instant): string {
  if (told.at !== at) told = { at, text: new Date(at).toISOString() }
  return told.text
}

export const dayOf = (at: Instant): Day => textOf(at).slice(0, 10) as Day
export const startOf = (day: Day): Instant => instant(Date.parse(`${day}T00:00:00.000Z`))
export const addDays = (day: Day, days: number): Day => dayOf(instant(startOf(day) + days * day_ms))

export const laterOf = (a: Day, b: Day): Day => (a > b ? a : b)

/** Reads `2026-11-23`; undefined for an impossible date such as 2026-02-30. */
export function parseDay(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001-01-01') return undefined
  const milliseconds = Date.parse(`${text}T00:00:00.000Z`)
  return Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text ? undefined : (text as Day)
}
