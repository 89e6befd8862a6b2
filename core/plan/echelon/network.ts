// A network of stages that each promise a service time: the guaranteed-service model of safety stock (K. Simpson 1958; S. Graves and S. Willems, Optimizing
// strategic safety stock placement in supply chains, M&SOM 2(1) 2000; L. Snyder and Z.-J. Shen, Fundamentals of supply chain theory, chapter 6).
//
//   min  sum of  holding cost x stock(SI + T - S)        S of a supplier <= SI of whom it supplies,   0 <= S <= SI + T,   S <= what is promised outside
//
// T is what the stage itself takes, SI the longest service time of its suppliers, S its own; stock(t) = bound x sqrt(t) where nothing else is said: what demand
// of t periods exceeds its mean by, pooled over everything downstream. Times are whole periods. A stage's suppliers are pooled by stage, not by item.
//
// Always holds: stages stand in an order in which suppliers come first; a network in a circle is refused by name.

export interface Stage {
  readonly name: string
  /** Periods, whole; the longest where a lead time is random (lead-time.ts). */
  readonly time: number
  /** Money for holding a unit for a period. */
  readonly holdingCost: number
  /** Units of safety stock for one period: z times the standard deviation of pooled demand (`pooledBounds`). */
  readonly bound: number
  /** Units of safety stock by net replenishment time 0, 1, 2 ..; must not fall. The default is bound x sqrt(time). */
  readonly stockOf?: (netTime: number) => number
  /** Least incoming service time: what suppliers outside the network take. 0 as usual. */
  readonly incomingMin?: number
  /** Longest outgoing service time: what customers outside are promised. 0 as usual where a stage supplies nobody, else no limit. */
  readonly outgoingMax?: number
}

export interface Arc {
  readonly from: string
  readonly to: string
  /** Units of the supplier in one unit of whom it supplies; 1 as usual. Only `pooledBounds` reads it. */
  readonly units?: number
}

export type NetworkRefusal =
  | {
      readonly refused: 'a stage twice' | 'an unknown stage' | 'a time that is not whole' | 'a negative amount' | 'an arc twice'
      readonly stage: string
    }
  | { readonly refused: 'a circle'; readonly stage: string }
  | { readonly refused: 'times too long'; readonly stage: string }

/** Stages by number, suppliers first. */
export interface Network {
  readonly stages: readonly Stage[]
  /** Arcs by their two stages. */
  readonly from: Int32Array
  readonly to: Int32Array
  /** Numbers of the arcs that come into, and go out of, each stage. */
  readonly arcsIn: readonly Int32Array[]
  readonly arcsOut: readonly Int32Array[]
  readonly incomingMin: Int32Array
  /** What incoming and outgoing service times may at most be. */
  readonly incomingMax: Int32Array
  readonly outgoingMax: Int32Array
  /** Cost by net replenishment time: 0 to incomingMax + time. */
  readonly costs: readonly Float64Array[]
}

/** Periods; beyond, a coarser period should be chosen. */
const TIME_MAX = 20_000

export function networkOf(stages: readonly Stage[], arcs: readonly Arc[]): Network | NetworkRefusal {
  const numberOf = new Map<string, number>()
  for (const stage of stages) {
    if (numberOf.has(stage.name)) return { refused: 'a stage twice', stage: stage.name }
    numberOf.set(stage.name, numberOf.size)
    const refused = refusalOfStage(stage)
    if (refused !== undefined) return { refused, stage: stage.name }
  }
  const seen = new Set<string>()
  for (const { from, to, units } of arcs) {
    for (const stage of [from, to]) if (!numberOf.has(stage)) return { refused: 'an unknown stage', stage }
    if ((units ?? 1) < 0 || Number.isNaN(units)) return { refused: 'a negative amount', stage: from }
    const key = JSON.stringify([from, to])
    if (seen.has(key)) return { refused: 'an arc twice', stage: from }
    seen.add(key)
  }
  const order = suppliersFirst(stages.length, arcs, numberOf)
  if (order.length < stages.length) return { refused: 'a circle', stage: stages.find((_, stage) => !order.includes(stage))!.name }
  return numbered(
    order.map((stage) => stages[stage]!),
    arcs,
  )
}

function refusalOfStage(stage: Stage): 'a time that is not whole' | 'a negative amount' | undefined {
  const times = [stage.time, stage.incomingMin ?? 0, stage.outgoingMax ?? 0]
  if ([...times, stage.holdingCost, stage.bound].some((amount) => !(amount >= 0))) return 'a negative amount'
  return times.every(Number.isInteger) ? undefined : 'a time that is not whole'
}

/** Kahn's order; stages of a circle, and those behind it, are missing. */
function suppliersFirst(count: number, arcs: readonly Arc[], numberOf: ReadonlyMap<string, number>): readonly number[] {
  const waiting = new Int32Array(count)
  const supplied: number[][] = Array.from({ length: count }, () => [])
  for (const { from, to } of arcs) {
    waiting[numberOf.get(to)!]! += 1
    supplied[numberOf.get(from)!]!.push(numberOf.get(to)!)
  }
  const order: number[] = []
  for (let stage = 0; stage < count; stage += 1) if (waiting[stage] === 0) order.push(stage)
  for (let at = 0; at < order.length; at += 1) {
    for (const stage of supplied[order[at]!]!) {
      waiting[stage]! -= 1
      if (waiting[stage] === 0) order.push(stage)
    }
  }
  return order
}

function numbered(stages: readonly Stage[], arcs: readonly Arc[]): Network | NetworkRefusal {
  const numberOf = new Map(stages.map(({ name }, stage) => [name, stage]))
  const from = Int32Array.from(arcs, (arc) => numberOf.get(arc.from)!)
  const to = Int32Array.from(arcs, (arc) => numberOf.get(arc.to)!)
  const arcsIn: number[][] = stages.map(() => [])
  const arcsOut: number[][] = stages.map(() => [])
  for (let arc = 0; arc < arcs.length; arc += 1) {
    arcsOut[from[arc]!]!.push(arc)
    arcsIn[to[arc]!]!.push(arc)
  }
  const incomingMin = Int32Array.from(stages, ({ incomingMin: least }) => least ?? 0)
  const incomingMax = Int32Array.from(incomingMin)
  const outgoingMax = new Int32Array(stages.length)
  for (const [stage, { name, time, outgoingMax: most }] of stages.entries()) {
    for (const arc of arcsIn[stage]!) incomingMax[stage] = Math.max(incomingMax[stage]!, outgoingMax[from[arc]!]!)
    const longest = incomingMax[stage]! + time
    if (longest > TIME_MAX) return { refused: 'times too long', stage: name }
    outgoingMax[stage] = Math.min(longest, most ?? (arcsOut[stage]!.length === 0 ? 0 : longest))
  }
  return {
    stages,
    from,
    to,
    arcsIn: arcsIn.map((list) => Int32Array.from(list)),
    arcsOut: arcsOut.map((list) => Int32Array.from(list)),
    incomingMin,
    incomingMax,
    outgoingMax,
    costs: stages.map((stage, at) => costsOf(stage, incomingMax[at]!)),
  }
}

function costsOf({ time, holdingCost, bound, stockOf }: Stage, incomingMax: number): Float64Array {
  const stock = stockOf ?? ((netTime: number): number => bound * Math.sqrt(netTime))
  return Float64Array.from({ length: incomingMax + time + 1 }, (_, netTime) => holdingCost * stock(netTime))
}

/** Service times by the number of the stage. */
export interface ServiceTimes {
  readonly incoming: Int32Array
  readonly outgoing: Int32Array
}

/** The least incoming times that outgoing ones allow. */
export function incomingOf({ stages, from, arcsIn, incomingMin }: Network, outgoing: Int32Array): Int32Array {
  const incoming = Int32Array.from(incomingMin)
  for (let stage = 0; stage < stages.length; stage += 1) {
    for (const arc of arcsIn[stage]!) incoming[stage] = Math.max(incoming[stage]!, outgoing[from[arc]!]!)
  }
  return incoming
}

/** The same with no promise longer than the stage then can keep: where it waits no longer than it must, it needs no more stock for that. */
export function keptPromises({ stages, from, arcsIn, incomingMin }: Network, outgoing: Int32Array): Int32Array {
  const kept = Int32Array.from(outgoing)
  for (let stage = 0; stage < stages.length; stage += 1) {
    let wait = incomingMin[stage]!
    for (const arc of arcsIn[stage]!) wait = Math.max(wait, kept[from[arc]!]!)
    kept[stage] = Math.min(kept[stage]!, wait + stages[stage]!.time)
  }
  return kept
}

/** What the stock of service times costs a period; infinite where a stage promises more than it can or may. */
export function costOfServiceTimes(network: Network, outgoing: Int32Array): number {
  const incoming = incomingOf(network, outgoing)
  let cost = 0
  for (let stage = 0; stage < network.stages.length; stage += 1) {
    const isAllowed = outgoing[stage]! >= 0 && outgoing[stage]! <= network.outgoingMax[stage]!
    cost += isAllowed ? costOfStage(network, stage, incoming[stage]!, outgoing[stage]!) : Infinity
  }
  return cost
}

export function costOfStage({ stages, costs }: Network, stage: number, incoming: number, outgoing: number): number {
  const netTime = incoming + stages[stage]!.time - outgoing
  return costs[stage]![netTime] ?? Infinity
}

/** Units of safety stock of each stage. */
export function safetyStocks(network: Network, outgoing: Int32Array): Float64Array {
  const incoming = incomingOf(network, outgoing)
  return Float64Array.from(network.stages, ({ time, bound, stockOf }, stage) => {
    const netTime = incoming[stage]! + time - outgoing[stage]!
    return stockOf?.(netTime) ?? bound * Math.sqrt(netTime)
  })
}

/** Outgoing times by name, a missing one 0, as numbers of the network. */
export function outgoingByName({ stages }: Network, times: Readonly<Record<string, number>>): Int32Array {
  return Int32Array.from(stages, ({ name }) => times[name] ?? 0)
}

/**
 * Bounds of stages from those of demand outside: the root of the sum of squares over all that a stage supplies, in the end.
 * `paths`: a unit asked for counts as often as the stage is in it (units of arcs, over all paths). `reach`: once, however it is reached and whatever arcs say.
 */
export function pooledBounds(
  names: readonly string[],
  arcs: readonly Arc[],
  demand: ReadonlyMap<string, number>,
  pooling: 'paths' | 'reach',
): ReadonlyMap<string, number> | NetworkRefusal {
  const network = networkOf(
    names.map((name) => ({ name, time: 0, holdingCost: 0, bound: 0 })),
    arcs,
  )
  if ('refused' in network) return network
  const { stages, arcsOut, to } = network
  const within = stages.map(() => new Map<number, number>())
  for (let stage = stages.length - 1; stage >= 0; stage -= 1) {
    const mine = within[stage]!
    if (demand.has(stages[stage]!.name)) mine.set(stage, 1)
    for (const arc of arcsOut[stage]!) {
      for (const [end, units] of within[to[arc]!]!) {
        mine.set(end, pooling === 'reach' ? 1 : (mine.get(end) ?? 0) + units * (arcs[arc]!.units ?? 1))
      }
    }
  }
  return new Map(
    stages.map(({ name }, stage) => {
      let squares = 0
      for (const [end, units] of within[stage]!) squares += (units * demand.get(stages[end]!.name)!) ** 2
      return [name, Math.sqrt(squares)]
    }),
  )
}
