// Forecast, known: what is known beforehand of an item's days. A promotion, a holiday or another price changes what is wanted by so many times, learnt by its name from
// when it was there before, of the item itself and of others at its site (core/plan/forecasting/effects.ts). Past weeks are forecast from as if it had not been there,
// and days ahead are multiplied. On a day that is closed nothing is wanted, and nothing was.

import { addDays, day_ms, startOf, type Day } from '../calendar.ts'
import { cleanedWeeks, dayFactor, effectsOf, type DrivenWeeks, type KnownDay, type PooledEffects } from '../plan/forecasting/effects.ts'
import { eventGroup as keyOf, type EventKind } from '../planning.ts'
import { WEEK_DAYS } from './forecast.ts'

/** An event of an item at a site. */
export interface ItemEvent {
  readonly kind: EventKind
  readonly name: string
  readonly from: Day
  readonly to: Day
}

/** Days, from the first to the last, on which the price is not the usual one: by so many times. */
export interface PriceTime {
  readonly from: Day
  readonly to: Day
  readonly times: number
}

const PRICE = 'price'
/** What a price does is drawn to others' as an event's is: so many times the logarithm, since demand seldom follows a price by less than its square. */
const PRICE_SCALE = 2
const valueOf = (times: number): number => PRICE_SCALE * Math.log(times)

/** All that is known of an item's days, behind and ahead. */
export interface Known {
  /** What may have an effect, each by its key; closed days have none to learn. */
  readonly keys: readonly string[]
  readonly events: readonly ItemEvent[]
  readonly prices: readonly PriceTime[]
  /** Days that are not plain, counted since 1970. */
  readonly days: ReadonlyMap<number, KnownDay>
}

const dayNumber = (day: Day): number => startOf(day) / day_ms

/** Puts together what is known; undefined where nothing is. */
export function knownOf(events: readonly ItemEvent[], prices: readonly PriceTime[] = []): Known | undefined {
  if (events.length === 0 && prices.length === 0) return undefined
  const open = events.filter(({ kind }) => kind !== 'closed')
  const keys = [...new Set([...open.map(keyOf), ...(prices.length > 0 ? [PRICE] : [])])].sort()
  const days = new Map<number, { by: number[]; values: number[]; closed: boolean }>()
  const put = (from: Day, to: Day, change: (day: { by: number[]; values: number[]; closed: boolean }) => void): void => {
    for (let at = dayNumber(from); at <= dayNumber(to); at += 1) {
      const day = days.get(at) ?? { by: [], values: [], closed: false }
      change(day)
      days.set(at, day)
    }
  }
  for (const event of events) {
    const number = keys.indexOf(keyOf(event))
    put(event.from, event.to, (day) => {
      if (event.kind === 'closed') day.closed = true
      // Two of one name on one day, of the item and of all, say the same.
      else if (!day.by.includes(number))
        [day.by, day.values] = [
          [...day.by, number],
          [...day.values, 1],
        ]
    })
  }
  for (const { from, to, times } of prices) {
    put(
      from,
      to,
      (day) =>
        ([day.by, day.values] = [
          [...day.by, keys.indexOf(PRICE)],
          [...day.values, valueOf(times)],
        ]),
    )
  }
  return { keys, events, prices, days }
}

/** An item's weeks, the last of which ended yesterday, with what is known of their days. */
export function drivenWeeks({ days, keys }: Known, weeks: Float64Array, weekdays: ArrayLike<number>, today: Day): DrivenWeeks {
  const begin = dayNumber(today) - weeks.length * WEEK_DAYS
  return {
    weeks,
    regressors: keys.length,
    // The shares begin with tomorrow's weekday, and a week with today's.
    shares: Float64Array.from({ length: WEEK_DAYS }, (_none, day) => weekdays[(day + WEEK_DAYS - 1) % WEEK_DAYS]!),
    days: Array.from(weeks, (_units, week) => {
      const known = Array.from({ length: WEEK_DAYS }, (_none, day) => days.get(begin + week * WEEK_DAYS + day))
      return known.some((day) => day !== undefined) ? known : undefined
    }),
  }
}

/** What items of a site show of each key together. */
export interface KnownPool extends PooledEffects {
  readonly numbers: ReadonlyMap<string, number>
}

export const emptyPool: KnownPool = { numbers: new Map(), effects: new Float64Array(), items: new Int32Array() }

/** What an event or a price ahead is taken to do, and by what it was learnt. */
export interface KnownEffect {
  readonly kind: EventKind | 'price'
  readonly name: string
  readonly from: Day
  readonly to: Day
  /** So many times what is wanted without it. */
  readonly factor: number
  /** How often it was there before while the item sold, and how many items of the site tell of it besides; with none of both it changes nothing yet. */
  readonly occurrences: number
  readonly items: number
}

export interface KnownDemand {
  /** Of the day so many days after tomorrow. */
  readonly factor: (ahead: number) => number
  readonly effects: readonly KnownEffect[]
}

/** An item's weeks without what was known of them, and what is known of the days ahead. */
export function withKnown(
  known: Known,
  weeks: Float64Array,
  weekdays: ArrayLike<number>,
  today: Day,
  pool: KnownPool,
): KnownDemand & { readonly weeks: Float64Array } {
  const driven = drivenWeeks(known, weeks, weekdays, today)
  const pooled = Float64Array.from(known.keys, (key) => pool.effects[pool.numbers.get(key) ?? -1] ?? 0)
  const { effects, information } = effectsOf(driven, pooled)
  const tomorrow = dayNumber(today) + 1
  const first = addDays(today, -weeks.length * WEEK_DAYS)
  const tell = ({ kind, name, from, to }: Omit<KnownEffect, 'factor' | 'occurrences' | 'items'>, key: string, value: number): KnownEffect => {
    const number = known.keys.indexOf(key)
    const factor = kind === 'closed' ? 0 : dayFactor({ by: [number], values: [value], closed: false }, effects)
    const before = (kind === PRICE ? known.prices : known.events.filter((event) => keyOf(event) === key)).filter(
      (one) => first <= one.to && one.from < today,
    )
    const occurrences = kind !== 'closed' && information[number]! > 0 ? before.length : 0
    return { kind, name, from, to, factor, occurrences, items: pool.items[pool.numbers.get(key) ?? -1] ?? 0 }
  }
  return {
    weeks: driven.days.some((days) => days !== undefined) ? cleanedWeeks(driven, effects) : weeks,
    factor: (ahead) => dayFactor(known.days.get(tomorrow + ahead), effects),
    effects: [
      ...known.events.map((event) => tell(event, keyOf(event), 1)),
      ...known.prices.map(({ from, to, times }) => tell({ kind: PRICE, name: '', from, to }, PRICE, valueOf(times))),
    ],
  }
}
