// qm forecast --sums: series whose names are paths, SEA/Food/CO-800, with the sums of all that begin alike, SEA/Food and SEA, and of all.

import { summedHistory, type Branch } from '../core/plan/forecasting/sums.ts'
import type { InputSeries } from './forecast-input.ts'
import { InputError } from './terminal.ts'

const SEPARATOR = '/'
/** What the sum of all is called; no series may be. */
const ALL = '(all)'

/** All series end with the latest period of any: what one says nothing of was not observed of it. */
export function treeOf(series: readonly InputSeries[]): Branch {
  const last = series.reduce((latest, one) => Math.max(latest, one.last), -Infinity)
  const byName = new Map(series.map((one) => [one.name, endingWith(one, last)]))
  return branch(
    ALL,
    [...byName.keys()].map((name) => name.split(SEPARATOR)),
    0,
    byName,
  )
}

function branch(name: string, paths: readonly (readonly string[])[], depth: number, histories: ReadonlyMap<string, Float64Array>): Branch {
  const parts = [...Map.groupBy(paths, (path) => path[depth]!)].map(([, some]): Branch => {
    const own = some[0]!.slice(0, depth + 1).join(SEPARATOR)
    const history = histories.get(own)
    if (history === undefined) return branch(own, some, depth + 1, histories)
    if (some.length > 1)
      throw new InputError('body_not_valid', `${own} is a series, and the sum of others, e.g. of ${deeper(some, depth)}. (body_not_valid)`)
    return { name: own, history, parts: [] }
  })
  return { name, history: summedHistory(parts.map((part) => part.history)), parts }
}

const deeper = (paths: readonly (readonly string[])[], depth: number): string => paths.find((path) => path.length > depth + 1)!.join(SEPARATOR)

function endingWith({ history, last: own }: InputSeries, last: number): Float64Array {
  const longer = new Float64Array(history.length + last - own).fill(Number.NaN)
  longer.set(history)
  return longer
}
