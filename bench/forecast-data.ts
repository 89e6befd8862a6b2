// Public data that forecasts are measured on, as they lie beside this repository (QUARTERMASTER_SHARED, else ../shared); their licences do not let them live in it.

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = join(resolve(import.meta.dirname, '..', process.env['QUARTERMASTER_SHARED'] ?? '../shared'), 'data/planning')

/** Rows of a file, each a list of cells; undefined where it is not there. These files quote nothing. */
function rowsOf(name: string): readonly (readonly string[])[] | undefined {
  const file = join(folder, name)
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

/** Daily sales of products in stores, without days on which stock ran out for long: those were not observed. */
export function dailySales(): readonly Float64Array[] | undefined {
  const rows = rowsOf('freshretail_daily_sample.csv')
  if (rows === undefined) return undefined
  const byItem = Map.groupBy(rows.slice(1), ([store, product]) => `${store} ${product}`)
  return [...byItem.values()].map((days) => Float64Array.from(days, ([, , , , sales]) => Number(sales)))
}
