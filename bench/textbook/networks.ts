// Networks of textbook cases, in the book's names for what they have, as stages and arcs of ours: trees of committed service times, and serial systems, told as
// nodes and edges or by parameters.

import type { Demand } from '../../core/plan/echelon/lead-time-demand.ts'
import { pooledBounds, type Arc, type Stage } from '../../core/plan/echelon/network.ts'
import type { SerialStage } from '../../core/plan/echelon/serial.ts'

export type Arguments = Readonly<Record<string, unknown>>

interface Source {
  readonly type?: string
  readonly mean?: number
  readonly standard_deviation?: number
  readonly lo?: number
  readonly hi?: number
  readonly demand_list?: readonly number[]
  readonly probabilities?: readonly number[]
}

interface Node {
  readonly index: number
  readonly demand_source?: Source
  readonly local_holding_cost?: number
  readonly echelon_holding_cost?: number
  readonly processing_time?: number
  readonly shipment_lead_time?: number
  readonly stockout_cost?: number
  readonly demand_bound_constant?: number
  readonly external_inbound_cst?: number
  readonly external_outbound_cst?: number
}

interface Nodes {
  readonly nodes: readonly Node[]
  readonly edges: readonly (readonly [number, number])[]
}

export function treeCase(args: Arguments): { readonly stages: readonly Stage[]; readonly arcs: readonly Arc[] } {
  const { nodes, edges } = ((args['tree'] ?? args['network']) as Nodes | undefined) ?? lineOfParameters(args)
  const arcs = edges.map(([from, to]) => ({ from: String(from), to: String(to) }))
  const demand = new Map(nodes.flatMap((node) => (hasDemand(node) ? [[String(node.index), deviationOf(node.demand_source!)] as const] : [])))
  const names = nodes.map(({ index }) => String(index))
  const deviations = pooledBounds(names, arcs, demand, 'paths')
  if ('refused' in deviations) throw new Error(deviations.refused)
  const stages = nodes.map((node): Stage => ({
    name: String(node.index),
    time: node.processing_time ?? 0,
    holdingCost: node.local_holding_cost ?? 0,
    bound: (node.demand_bound_constant ?? 1) * deviations.get(String(node.index))!,
    incomingMin: node.external_inbound_cst ?? 0,
    ...(hasDemand(node) ? { outgoingMax: node.external_outbound_cst ?? 0 } : {}),
  }))
  return { stages, arcs }
}

const hasDemand = ({ demand_source: source }: Node): boolean => source?.type !== undefined && source.type !== null

function deviationOf({ type, mean, standard_deviation: deviation, lo, hi, demand_list: values, probabilities }: Source): number {
  if (type === 'N') return deviation!
  if (type === 'P') return Math.sqrt(mean!)
  if (type === 'UC') return (hi! - lo!) / Math.sqrt(12)
  if (type === 'UD') return Math.sqrt(((hi! - lo! + 1) ** 2 - 1) / 12)
  if (type !== 'CD') return 0
  const average = values!.reduce((sum, value, at) => sum + value * probabilities![at]!, 0)
  return Math.sqrt(values!.reduce((sum, value, at) => sum + probabilities![at]! * (value - average) ** 2, 0))
}

/** Of nodes N to 1; lists stand in the order of `node_order_in_lists`, or of the numbers 1 to N. */
function lineOfParameters(args: Arguments): Nodes {
  const count = args['num_nodes'] as number
  const numbers = Array.from({ length: count }, (_, at) => at + 1)
  const of = (name: string, node: number): number => valueOf(args[name], node, numbers) as number
  const nodes = numbers.map((index) => ({
    index,
    processing_time: of('processing_time', index),
    local_holding_cost: of('local_holding_cost', index),
    demand_bound_constant: of('demand_bound_constant', index),
    ...(index === count ? { external_inbound_cst: (args['external_inbound_cst'] as number | undefined) ?? 0 } : {}),
    ...(index === 1 ? { external_outbound_cst: (args['external_outbound_cst'] as number | undefined) ?? 0, demand_source: sourceOf(args) } : {}),
  }))
  return { nodes, edges: numbers.slice(1).map((index) => [index, index - 1] as const) }
}

/** One for all, by node, or a list. */
function valueOf(told: unknown, node: number, order: readonly number[]): unknown {
  if (Array.isArray(told)) return told[order.indexOf(node)]
  return typeof told === 'object' && told !== null ? (told as Record<string, unknown>)[node] : told
}

function sourceOf(args: Arguments): Source {
  const sources = [args['demand_source']].flat() as readonly (Source | null | undefined)[]
  const told = sources.find((source) => source?.type !== undefined)
  return told ?? { type: 'N', mean: args['demand_mean'] as number, standard_deviation: args['demand_standard_deviation'] as number }
}

export interface SerialCase {
  /** From customers upwards, as stages. */
  readonly names: readonly string[]
  readonly stages: readonly SerialStage[]
  readonly shortageCost: number
  readonly demand: Demand
}

export function serialCase(args: Arguments): SerialCase {
  const network = args['network'] as Nodes | undefined
  if (network === undefined) return serialOfParameters(args)
  const supplier = new Map(network.edges.map(([from, to]) => [to, from]))
  const suppliers = new Set(network.edges.map(([from]) => from))
  const nodes: Node[] = []
  let next: number | undefined = network.nodes.find(({ index }) => !suppliers.has(index))!.index
  for (; next !== undefined && nodes.length < network.nodes.length; next = supplier.get(next)) {
    const index: number = next
    nodes.push(network.nodes.find((node) => node.index === index)!)
  }
  return {
    names: nodes.map(({ index }) => String(index)),
    stages: nodes.map((node) => ({ echelonHoldingCost: node.echelon_holding_cost!, leadTime: node.shipment_lead_time ?? 0 })),
    shortageCost: nodes[0]!.stockout_cost!,
    demand: demandOf(nodes[0]!.demand_source!),
  }
}

/** `node_order_in_system` names the furthest first; N to 1 as usual. Lists stand in its order, or in that of `node_order_in_lists`. */
function serialOfParameters(args: Arguments): SerialCase {
  const count = args['num_nodes'] as number
  const system = (args['node_order_in_system'] as readonly number[] | undefined) ?? Array.from({ length: count }, (_, at) => count - at)
  const lists = (args['node_order_in_lists'] as readonly number[] | undefined) ?? system
  const nodes = [...system].reverse()
  const of = (name: string, node: number): number => valueOf(args[name], node, lists) as number
  return {
    names: nodes.map(String),
    stages: nodes.map((node) => ({ echelonHoldingCost: of('echelon_holding_cost', node), leadTime: of('lead_time', node) })),
    shortageCost: of('stockout_cost', nodes[0]!),
    demand: demandOf(sourceOf(args)),
  }
}

function demandOf(source: Source): Demand {
  const { type, mean, standard_deviation: deviation, lo, hi, demand_list: values, probabilities } = source
  switch (type) {
    case 'N':
      return { kind: 'normal', mean: mean!, deviation: deviation! }
    case 'P':
      return { kind: 'poisson', mean: mean! }
    case 'UC':
      return { kind: 'uniform', least: lo!, most: hi! }
    case 'UD':
      return { kind: 'whole', chances: new Map(Array.from({ length: hi! - lo! + 1 }, (_, at) => [lo! + at, 1 / (hi! - lo! + 1)])) }
    case 'CD':
      return { kind: 'whole', chances: new Map(values!.map((value, at) => [value, probabilities![at]!])) }
    default:
      throw new Error(`Demand of a kind that is not known: ${type}`)
  }
}
