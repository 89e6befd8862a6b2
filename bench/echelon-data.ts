// The chains of S. Willems (Data set: Real-world multiechelon supply chains used for inventory optimization, M&SOM 10(1) 2008) as networks, by the conventions that
// docs/echelon.md says: mean stage times rounded, halves up; the cost of holding a unit of a stage is what it and all its suppliers add to it, path by path; bounds
// are z sd of demand, pooled over the ends that are reached; ends promise at most their rounded longest service time, 0 where there is none.

import { networkOf, pooledBounds, type Arc, type Network } from '../core/plan/echelon/network.ts'
import { normalQuantile } from '../core/plan/distributions/normal.ts'
import { rowsOf } from './forecast-data.ts'

export interface Chain {
  readonly chain: number
  readonly network: Network
}

interface Row {
  readonly name: string
  readonly cost: number
  readonly time: number
  /** z times the standard deviation of a period's demand; undefined where nobody outside asks. */
  readonly demand: number | undefined
  readonly outgoingMax: number
}

/** Undefined where the data are not there. */
export function willemsChains(): readonly Chain[] | undefined {
  const stages = rowsOf('willems2008_stages.csv')?.slice(1)
  const arcs = rowsOf('willems2008_arcs.csv')?.slice(1)
  if (stages === undefined || arcs === undefined) return undefined
  const arcsOf = Map.groupBy(arcs, ([chain]) => Number(chain))
  return [...Map.groupBy(stages, ([chain]) => Number(chain))].map(([chain, rows]) => ({
    chain,
    network: chainOf(
      rows.map(stageOf),
      (arcsOf.get(chain) ?? []).map(([, from, to]) => ({ from: from!, to: to! })),
    ),
  }))
}

function stageOf([, name, cost, , , mean, deviation, outgoingMax, serviceLevel, time]: readonly string[]): Row {
  const demand = mean === '' ? undefined : normalQuantile(Number(serviceLevel)) * Number(deviation)
  return { name: name!, cost: Number(cost), time: Math.round(Number(time)), demand, outgoingMax: Math.round(Number(outgoingMax)) }
}

function chainOf(rows: readonly Row[], arcs: readonly Arc[]): Network {
  const demand = new Map(rows.flatMap((row) => (row.demand === undefined ? [] : [[row.name, row.demand] as const])))
  const bounds = pooledBounds(
    rows.map(({ name }) => name),
    arcs,
    demand,
    'reach',
  )
  if ('refused' in bounds) throw new Error(`${bounds.refused}: ${bounds.stage}`)
  const costs = addedUp(rows, arcs)
  const network = networkOf(
    rows.map(({ name, time, outgoingMax, demand: asked }) => ({
      name,
      time,
      holdingCost: costs.get(name)!,
      bound: bounds.get(name)!,
      ...(asked === undefined ? {} : { outgoingMax }),
    })),
    arcs,
  )
  if ('refused' in network) throw new Error(`${network.refused}: ${network.stage}`)
  return network
}

/** What a unit has cost when it leaves a stage. The network has no circle, else bounds were refused. */
function addedUp(rows: readonly Row[], arcs: readonly Arc[]): ReadonlyMap<string, number> {
  const own = new Map(rows.map(({ name, cost }) => [name, cost]))
  const suppliers = Map.groupBy(arcs, ({ to }) => to)
  const costs = new Map<string, number>()
  const costOf = (name: string): number => {
    const known = costs.get(name)
    if (known !== undefined) return known
    const cost = (suppliers.get(name) ?? []).reduce((sum, { from }) => sum + costOf(from), own.get(name)!)
    costs.set(name, cost)
    return cost
  }
  for (const { name } of rows) costOf(name)
  return costs
}

/** Optimal costs that others found, by chain. */
export function knownOptima(): ReadonlyMap<number, { readonly optimal: number; readonly decoupled: number }> | undefined {
  const rows = rowsOf('willems2008_gsm_optima.csv')?.slice(1)
  return rows && new Map(rows.map(([chain, , , , optimal, decoupled]) => [Number(chain), { optimal: Number(optimal), decoupled: Number(decoupled) }]))
}
