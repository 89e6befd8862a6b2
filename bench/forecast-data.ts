// Public data that forecasts are measured on, as they lie beside this repository (QUARTERMASTER_SHARED, else ../shared); their licences do not let them live in it.

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chanceOf, type Chance } from '../core/rng.ts'

export const planningFolder = join(resolve(import.meta.dirname, '..', process.env['QUARTERMASTER_SHARED'] ?? '../shared'), 'data/planning')

/** Rows of a file, each a list of cells; undefined where it is not there. These files quote nothing. */
export function rowsOf(name: string): readonly (readonly string[])[] | undefined {
  const file = join(planningFolder, name)
  if (!existsSync(file)) return undefined
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
}

export interface Series {
  readonly kind: string
  readonly frequency: number
  readonly train: Float64Array
  readonly test: Float64Array
}

/** The 3,003 series of the M3 competition; every n-th of them. */
export function m3Series(every: number): readonly Series[] | undefined {
  return rowsOf('m3.csv')
    ?.slice(1)
    .filter((_, index) => index % every === 0)
    .map(([, kind, , frequency, , , , , train, test]) => ({
      kind: kind!,
      frequency: Number(frequency),
      train: numbers(train!),
      test: numbers(test!),
    }))
}

const numbers = (cell: string): Float64Array => Float64Array.from(cell.split(';'), Number)

/** Monthly demand of spare parts, those that were observed throughout. */
export function spareParts(): readonly Float64Array[] | undefined {
  const rows = rowsOf('carparts.csv')
  if (rows === undefined) return undefined
  return rows[0]!
    .slice(1)
    .map((_, part) => Float64Array.from(rows.slice(1), (row) => (row[part + 1] === 'NA' ? Number.NaN : Number(row[part + 1]))))
    .filter((part) => part.every((demand) => !Number.isNaN(demand)))
}

export interface PromotedWeek {
  readonly week: number
  readonly units: number
  readonly price: number
  readonly deal: number
  readonly feature: number
}

/** Weeks of each brand in each store. */
export function orangeJuice(): ReadonlyMap<string, readonly PromotedWeek[]> | undefined {
  const rows = rowsOf('orangejuice_weekly.csv')
  return (
    rows &&
    Map.groupBy(
      rows.slice(1).map((row) => {
        const [store, brand, week, units, price, deal, feature] = row.map(Number) as [number, number, number, number, number, number, number]
        return { key: `${store} ${brand}`, week, units, price, deal, feature }
      }),
      ({ key }) => key,
    )
  )
}

/** Daily sales of products in stores, of 90 days; stock ran out on some. */
export function dailySales(): readonly Float64Array[] | undefined {
  const rows = rowsOf('freshretail_daily_sample.csv')
  if (rows === undefined) return undefined
  const byItem = Map.groupBy(rows.slice(1), ([store, product]) => `${store} ${product}`)
  return [...byItem.values()].map((days) => Float64Array.from(days, ([, , , , sales]) => Number(sales)))
}

const HOURS = 24
const WEEK = 168
const HOURLY_LENGTH = 700
const HOURS_AHEAD = 48

/** Hours with a day and a week in them: quiet, noisy, with noise that lasts, with a level that wanders. */
export function hoursMadeUp(count: number): readonly Series[] {
  const kinds = [
    { noise: 0.1, lasts: 0.5, wanders: 0 },
    { noise: 0.5, lasts: 0.3, wanders: 0 },
    { noise: 0.15, lasts: 0.9, wanders: 0 },
    { noise: 0.1, lasts: 0.5, wanders: 0.03 },
  ]
  return Array.from({ length: count }, (_, index) => {
    const chance = chanceOf(index + 1)
    const hours = Array.from({ length: HOURS }, (_hour, hour) => Math.sin(((hour - 8) * Math.PI) / 12) + 0.3 * normal(chance))
    const days = Array.from({ length: WEEK / HOURS }, (_day, day) => (day > 4 ? -0.8 : 0) + 0.2 * normal(chance))
    const { noise, lasts, wanders } = kinds[index % kinds.length]!
    let [off, level] = [0, 0]
    const values = Float64Array.from({ length: HOURLY_LENGTH + HOURS_AHEAD }, (_value, at) => {
      const day = Math.floor(at / HOURS) % days.length
      off = lasts * off + noise * normal(chance)
      level += wanders * normal(chance)
      return 1_000 * Math.exp(0.4 * (hours[at % HOURS]! * (day > 4 ? 0.5 : 1) + days[day]! + off + level))
    })
    return { kind: 'hourly', frequency: HOURS, train: values.slice(0, HOURLY_LENGTH), test: values.slice(HOURLY_LENGTH) }
  })
}

const normal = (chance: Chance): number => Math.sqrt(-2 * Math.log(1 - chance.fraction())) * Math.cos(2 * Math.PI * chance.fraction())
