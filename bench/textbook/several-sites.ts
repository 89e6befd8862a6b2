// Textbook answers on several echelons (L. Snyder and Z.-J. Shen, Fundamentals of supply chain theory), as recorded from the tests of stockpyl: what we reckon beside
// what is expected. A case says functions and arguments in the book's names; here stands what each is with us. Stages are known by numbers, told as text.

import { leastOfAll, levelsOf } from '../../core/plan/echelon/enumeration.ts'
import type { Demand } from '../../core/plan/echelon/lead-time-demand.ts'
import { costOfServiceTimes, incomingOf, networkOf, outgoingByName, safetyStocks, type Network } from '../../core/plan/echelon/network.ts'
import { newsvendorBounds, newsvendorLevels, type Rounding } from '../../core/plan/echelon/serial-newsvendor.ts'
import { echelonOfLocal, serialPolicy, USUAL_GRID, type SerialGrid } from '../../core/plan/echelon/serial.ts'
import { placeInTree } from '../../core/plan/echelon/tree.ts'
import { serialCase, treeCase, type Arguments, type SerialCase } from './networks.ts'
import type { TextbookCase } from './cases.ts'

export interface TextbookScore {
  reached: number
  readonly missed: { readonly case: string; readonly quantity: string; readonly expected: unknown; readonly got: unknown }[]
  /** Functions of several echelons that nothing here answers, with their cases. */
  readonly notCovered: string[]
}

const MODULES = /^(gsm|ssm|meio)_/
const EXACT = 1e-6
/** Where levels stand on a grid. */
const ON_GRID = 1e-4

export function echelonCases(cases: readonly TextbookCase[]): TextbookScore {
  const score: TextbookScore = { reached: 0, missed: [], notCovered: [] }
  for (const one of cases.filter(({ module }) => MODULES.test(module))) {
    const answers = new Map<number, unknown>()
    for (const { call, path, quantity, expected } of one.expect) {
      const { function: name, args } = one.calls[call]!
      const answer = answersOf[name]
      if (answer === undefined) {
        score.notCovered.push(`${one.case}: ${name}`)
        continue
      }
      if (!answers.has(call)) answers.set(call, answer(args))
      const got = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], answers.get(call))
      const tolerance = /^(ssm_serial\.(optimize|expected)|meio_)/.test(name) ? ON_GRID : EXACT
      if (isEqual(got, expected, tolerance)) score.reached += 1
      else score.missed.push({ case: one.case, quantity, expected, got })
    }
  }
  return score
}

function isEqual(got: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof expected === 'number') return typeof got === 'number' && Math.abs(got - expected) <= tolerance * Math.max(Math.abs(expected), tolerance)
  if (typeof expected !== 'object' || expected === null || typeof got !== 'object' || got === null) return got === expected
  const [ours, theirs] = [got as Record<string, unknown>, expected as Record<string, unknown>]
  const keys = Object.keys(theirs)
  return keys.length === Object.keys(ours).length && keys.every((key) => isEqual(ours[key], theirs[key], tolerance))
}

const answersOf: Readonly<Record<string, (args: Arguments) => unknown>> = {
  'gsm_tree.optimize_committed_service_times': bestServiceTimes,
  'gsm_serial.optimize_committed_service_times': bestServiceTimes,
  'gsm_helpers.solution_cost_from_cst': (args) => costOfServiceTimes(network(args), timesOf(args)),
  'gsm_helpers.inbound_cst': (args) => ofStages(args, incomingOf(network(args), timesOf(args))),
  'gsm_helpers.net_lead_time': (args) => ofStages(args, netTimes(network(args), timesOf(args))),
  'gsm_helpers.cst_to_ss_levels': (args) => ofStages(args, safetyStocks(network(args), timesOf(args))),
  'ssm_serial.optimize_base_stock_levels': (args) => serialAnswer(args, undefined),
  'ssm_serial.expected_cost': (args) => serialAnswer(args, args['echelon_S'] as Readonly<Record<string, number>>)[1],
  'ssm_serial.expected_holding_cost': (args) => serialAnswer(args, args['echelon_S'] as Readonly<Record<string, number>>, 0)[1],
  'ssm_serial.newsvendor_heuristic': newsvendorAnswer,
  'meio_general.truncate_and_discretize': gridAnswer,
  'meio_general.meio_by_enumeration': enumeratedAnswer,
}

function network(args: Arguments): Network {
  const { stages, arcs } = treeCase(args)
  const made = networkOf(stages, arcs)
  if ('refused' in made) throw new Error(`${made.refused}: ${made.stage}`)
  return made
}

const timesOf = ({ cst, tree }: Arguments): Int32Array => outgoingByName(network({ tree }), cst as Readonly<Record<string, number>>)

const netTimes = (of: Network, outgoing: Int32Array): Int32Array =>
  incomingOf(of, outgoing).map((incoming, stage) => incoming + of.stages[stage]!.time - outgoing[stage]!)

/** By stage, or of one where one is asked. */
function ofStages(args: Arguments, amounts: ArrayLike<number>): unknown {
  const all = Object.fromEntries(network(args).stages.map(({ name }, stage) => [name, amounts[stage]!]))
  const asked = args['node_indices'] ?? args['n']
  if (typeof asked === 'number') return all[asked]
  return Array.isArray(asked) ? Object.fromEntries(asked.map((name: number) => [name, all[name]])) : all
}

function bestServiceTimes(args: Arguments): unknown {
  const tree = network(args)
  const placement = placeInTree(tree)
  if ('refused' in placement) throw new Error(placement.refused)
  return [Object.fromEntries(tree.stages.map(({ name }, stage) => [name, placement.outgoing[stage]!])), placement.cost]
}

function gridOf(args: Arguments): SerialGrid {
  const told = (name: string, usual: number): number => (args[name] as number | undefined) ?? usual
  return {
    levels: told('x_num', USUAL_GRID.levels),
    demands: told('d_num', USUAL_GRID.demands),
    lowerTail: told('ltd_lower_tail_prob', USUAL_GRID.lowerTail),
    upperTail: told('ltd_upper_tail_prob', USUAL_GRID.upperTail),
    lowerTailOfAll: told('sum_ltd_lower_tail_prob', USUAL_GRID.lowerTailOfAll),
    upperTailOfAll: told('sum_ltd_upper_tail_prob', USUAL_GRID.upperTailOfAll),
  }
}

function serialAnswer(args: Arguments, given: Readonly<Record<string, number>> | undefined, shortageCost?: number): readonly [unknown, number] {
  const serial = serialCase(args)
  const levels = given && serial.names.map((name) => given[name]!)
  const policy = serialPolicy(serial.stages, shortageCost ?? serial.shortageCost, serial.demand, gridOf(args), levels)
  if ('refused' in policy) throw new Error(policy.refused)
  return [byName(serial, policy.levels), policy.cost]
}

const byName = ({ names }: SerialCase, amounts: ArrayLike<number>): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name, stage) => [name, amounts[stage]!]))

function newsvendorAnswer(args: Arguments): unknown {
  const serial = serialCase(args)
  const bounds = newsvendorBounds(serial.stages, serial.shortageCost, serial.demand)
  if ('refused' in bounds) throw new Error(bounds.refused)
  return byName(
    serial,
    newsvendorLevels(bounds, (args['weight'] as number | undefined) ?? 0.5, (args['round_type'] as Rounding | null | undefined) ?? undefined),
  )
}

/** Values that are given, or from 0 to 100 in steps of 1 where nothing else is said; `discretization_num` is a number of steps. */
function gridAnswer(args: Arguments): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    (args['node_indices'] as readonly number[]).map((node) => {
      const of = (name: string): unknown => {
        const told = args[name]
        return typeof told === 'object' && told !== null && !Array.isArray(told) ? (told as Record<string, unknown>)[node] : told
      }
      const values = (of('values') ?? of('base_stock_levels')) as readonly number[] | null | undefined
      if (values !== undefined && values !== null) return [node, values]
      const [least, most] = [(of('truncation_lo') as number | undefined) ?? 0, (of('truncation_hi') as number | undefined) ?? 100]
      const count = of('discretization_num') as number | undefined
      const step = (of('discretization_step') as number | undefined) ?? (count === undefined || count === null ? 1 : (most - least) / count)
      return [node, [...levelsOf({ least, most, step })]]
    }),
  )
}

/** What the objective function of the source was, its values did not come with the case: the serial system's expected cost, of local levels, on a coarse grid. */
const COARSE: SerialGrid = { ...USUAL_GRID, levels: 100, demands: 10 }

function enumeratedAnswer(args: Arguments): unknown {
  const serial = serialCase(args)
  const grids = gridAnswer({ ...args, node_indices: serial.names.map(Number) })
  const costOf = costOfLocal(serial, serial.demand)
  const best = leastOfAll(
    serial.names.map((name) => Float64Array.from(grids[name]!)),
    costOf,
  )
  return best && [byName(serial, best.levels), best.cost]
}

function costOfLocal({ stages, shortageCost }: SerialCase, demand: Demand): (levels: Float64Array) => number {
  return (levels) => {
    const policy = serialPolicy(stages, shortageCost, demand, COARSE, echelonOfLocal([...levels]))
    if ('refused' in policy) throw new Error(policy.refused)
    return policy.cost
  }
}
