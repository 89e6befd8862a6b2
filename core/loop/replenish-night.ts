// Replenish, by night: when a plan is made by itself. The hour is the company's own, on the clock of its time zone; a night whose hour is left out when clocks go forward
// begins as much later, and where clocks go back the hour is once. Pure: the instant is an argument.

import { addDays, dayOf, day_ms, instant, startOf, type Day, type Instant } from '../calendar.ts'

export interface NightHour {
  /** 02:00 */
  readonly planAt: string
  /** Of the IANA's data base, as Europe/Zurich. */
  readonly timeZone: string
}

const MINUTE_MILLISECONDS = 60_000
/** Days of the calendar beside that in UTC, of which one has the instant that is looked for. */
const BESIDE = [-2, -1, 0, 1, 2] as const

export function isTimeZone(name: string): boolean {
  try {
    return clockOf(name) !== undefined
  } catch {
    return false
  }
}

/** The last time that the hour struck, now at the latest. */
export const lastNight = (now: Instant, hour: NightHour): Instant => nights(now, hour).findLast((at) => at <= now)!

/** When it strikes next. */
export const nextNight = (now: Instant, hour: NightHour): Instant => nights(now, hour).find((at) => at > now)!

const nights = (now: Instant, hour: NightHour): readonly Instant[] => BESIDE.map((days) => struckOn(addDays(dayOf(now), days), hour))

/** The instant at which the clocks of the zone show the hour on a day. */
function struckOn(day: Day, { planAt, timeZone }: NightHour): Instant {
  const [hours, minutes] = planAt.split(':').map(Number) as [number, number]
  const shown = startOf(day) + (hours * 60 + minutes) * MINUTE_MILLISECONDS
  // A day before, clocks have not gone yet; where the hour is left out, this is as much later.
  const before = shown - aheadAt(shown - day_ms, timeZone)
  const exact = shown - aheadAt(before, timeZone)
  return instant(exact + aheadAt(exact, timeZone) === shown ? exact : before)
}

/** How far the zone's clocks are ahead of UTC, milliseconds. */
function aheadAt(at: number, timeZone: string): number {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const of = (part: Intl.DateTimeFormatPartTypes): number => parts.get(part)!
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour') % 24, of('minute'), of('second'))
  return shown - Math.floor(at / 1_000) * 1_000
}

const clocks = new Map<string, Intl.DateTimeFormat>()
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(timeZone, made)
  return made
}
