// The textbook's functions of one site, by its names, computed by this repository's.

import { exponential, gamma, logNormal, losses, normal, secondLosses, uniform } from '../../core/plan/distributions/continuous.ts'
import {
  geometric,
  negativeBinomial,
  poisson,
  wholeLosses,
  wholeSecondLosses,
  type Losses,
  type WholeDistribution,
} from '../../core/plan/distributions/whole.ts'
import { lotsByEveryOrder } from '../../core/plan/lot-sizing/wagner-whitin.ts'
import { finiteHorizon, myopicBounds, type HorizonPeriod } from '../../core/plan/policies/finite-horizon.ts'
import { jointReplenishment } from '../../core/plan/policies/joint-replenishment.ts'
import {
  leadTimeDemand,
  levelOfMyopicCost,
  myopic,
  myopicCost,
  newsvendor,
  newsvendorProfit,
  newsvendorWhole,
  type MyopicCosts,
  type UnitCosts,
} from '../../core/plan/policies/newsvendor.ts'
import {
  economicOrderQuantity,
  economicProductionQuantity,
  orderQuantityAllUnitsDiscounts,
  orderQuantityIncrementalDiscounts,
  orderQuantityWithBackorders,
  type SteadyDemand,
} from '../../core/plan/policies/order-quantity.ts'
import { bestReorderLevels, powerReorderLevels, reorderLevelsCost } from '../../core/plan/policies/reorder-levels.ts'
import {
  bestWholeReorderQuantity,
  reorderPointFor,
  reorderQuantityByInventoryLevel,
  reorderQuantityByLoss,
  reorderQuantityCost,
  reorderQuantityWithBackorders,
  reorderQuantityWithSafetyStock,
  wholeReorderQuantityCost,
  type ReorderCosts,
  type ReorderQuantity,
} from '../../core/plan/policies/reorder-quantity.ts'
import {
  addedYieldBaseStock,
  disruptedBaseStock,
  disruptedOrderCost,
  disruptedOrderQuantity,
  orderQuantityAddedYield,
  orderQuantityMultipliedYield,
} from '../../core/plan/policies/supply-risk.ts'
import { wholeLevelCost } from '../../core/plan/policies/newsvendor.ts'
import { compare, type Arguments, type TextbookCase, type TextbookResult } from './cases.ts'
import { continuousOf, isWhole, pmfOf, wholeDistributionOf } from './distributions.ts'

type Compute = (args: Arguments) => unknown

const modules = ['eoq', 'newsvendor', 'rq', 'ss', 'wagner_whitin', 'finite_horizon', 'loss_functions', 'supply_uncertainty'] as const

/** Every value of one site's cases. */
export function singleSiteCases(cases: readonly TextbookCase[]): TextbookResult {
  return compare(
    cases.filter(({ module }) => (modules as readonly string[]).includes(module)),
    { ...orderQuantities, ...newsvendors, ...reorderQuantities, ...reorderLevels, ...horizons, ...lossFunctions, ...supplyRisks },
  )
}

const steady = (args: Arguments): SteadyDemand => ({
  fixedCost: args.number('fixed_cost'),
  holding: args.number('holding_cost', 'holding_cost_rate'),
  rate: args.number('demand_rate'),
})
const discounts = (args: Arguments) => ({ from: args.list('breakpoints'), price: args.list('unit_costs') })
const pair = ({ quantity, cost }: { quantity: number; cost: number }): readonly number[] => [quantity, cost]

const orderQuantities: Readonly<Record<string, Compute>> = {
  'eoq.economic_order_quantity': (args) => pair(economicOrderQuantity(steady(args), args.optional('order_quantity'))),
  'eoq.economic_order_quantity_with_backorders': (args) => {
    const [quantity, backordered] = [args.optional('order_quantity'), args.optional('stockout_fraction')]
    const given = quantity === undefined || backordered === undefined ? undefined : { quantity, backordered }
    const found = orderQuantityWithBackorders(steady(args), args.number('stockout_cost'), given)
    return [found.quantity, found.backordered, found.cost]
  },
  'eoq.economic_order_quantity_with_all_units_discounts': (args) => {
    const found = orderQuantityAllUnitsDiscounts(steady(args), discounts(args), args.optional('order_quantity'))
    return [found.quantity, found.region, found.cost]
  },
  'eoq.economic_order_quantity_with_incremental_discounts': (args) => {
    const found = orderQuantityIncrementalDiscounts(steady(args), discounts(args), args.optional('order_quantity'))
    return [found.quantity, found.region, found.cost]
  },
  'eoq.economic_production_quantity': (args) =>
    pair(economicProductionQuantity(steady(args), args.number('production_rate'), args.optional('order_quantity'))),
  'eoq.joint_replenishment_problem_silver_heuristic': (args) => {
    const [holding, rates] = [args.list('holding_costs'), args.list('demand_rates')]
    const items = args.list('individual_fixed_costs').map((fixedCost, at) => ({ fixedCost, holding: holding[at]!, rate: rates[at]! }))
    const { quantities, interval, multiples, cost } = jointReplenishment(args.number('shared_fixed_cost'), items)
    return [quantities, interval, multiples, cost]
  },
}

const unitCosts = (args: Arguments): UnitCosts => ({ holding: args.optional('holding_cost') ?? 0, shortage: args.optional('stockout_cost') ?? 0 })
const spread = (args: Arguments) => leadTimeDemand(args.number('demand_mean'), args.number('demand_sd'), args.optional('lead_time') ?? 0)
const wholeMean = (args: Arguments): WholeDistribution => poisson(args.number('demand_mean') * ((args.optional('lead_time') ?? 0) + 1))
const levelPair = ({ level, cost }: { level: number; cost: number }): readonly number[] => [level, cost]
const given = (args: Arguments): number | undefined => args.optional('base_stock_level')
const myopicCosts = (args: Arguments): MyopicCosts => ({
  ...unitCosts(args),
  purchase: args.number('purchase_cost'),
  purchaseNext: args.number('purchase_cost_next_per'),
  discount: args.optional('discount_factor') ?? 1,
})
const ofPeriod = (args: Arguments) => normal(args.number('demand_mean'), args.number('demand_sd'))

const newsvendors: Readonly<Record<string, Compute>> = {
  'newsvendor.newsvendor_normal': (args) => levelPair(newsvendor(unitCosts(args), spread(args), given(args))),
  'newsvendor.newsvendor_normal_cost': (args) => newsvendor(unitCosts(args), spread(args), given(args)).cost,
  'newsvendor.newsvendor_poisson': (args) => levelPair(newsvendorWhole(unitCosts(args), wholeMean(args), given(args))),
  'newsvendor.newsvendor_poisson_cost': (args) => newsvendorWhole(unitCosts(args), wholeMean(args), given(args)).cost,
  'newsvendor.newsvendor_continuous': (args) =>
    levelPair(newsvendor(unitCosts(args), continuousOf(args.raw('demand_distrib', 'demand_pdf')), given(args))),
  'newsvendor.newsvendor_discrete': (args) =>
    levelPair(newsvendorWhole(unitCosts(args), wholeDistributionOf(args.raw('demand_distrib', 'demand_pmf')), given(args))),
  'newsvendor.myopic': (args) => levelPair(myopic(myopicCosts(args), ofPeriod(args), given(args))),
  'newsvendor.myopic_cost': (args) => myopicCost(myopicCosts(args), ofPeriod(args), args.number('base_stock_level')),
  'newsvendor.set_myopic_cost_to': (args) =>
    levelOfMyopicCost(myopicCosts(args), ofPeriod(args), args.number('cost'), args.raw('left_half') !== false),
  'newsvendor.newsvendor_normal_explicit': (args) => profitOf(args, spread(args)),
  'newsvendor.newsvendor_continuous_explicit': (args) => profitOf(args, continuousOf(args.raw('demand_distrib', 'demand_pdf'))),
}

function profitOf(args: Arguments, demand: ReturnType<typeof normal>): readonly number[] {
  const [revenue, purchase, salvage] = [args.number('revenue', 'selling_revenue'), args.number('purchase_cost'), args.number('salvage_value')]
  const { level, profit } = newsvendorProfit({ ...unitCosts(args), revenue, purchase, salvage }, demand, given(args))
  return [level, profit]
}

const reorderCosts = (args: Arguments): ReorderCosts => ({
  ...unitCosts(args),
  fixedCost: args.optional('fixed_cost') ?? 0,
  rate: args.number('demand_mean'),
})
const duringLead = (args: Arguments) =>
  normal(args.number('demand_mean') * args.number('lead_time'), args.number('demand_sd') * Math.sqrt(args.number('lead_time')))
const wholeDuringLead = (args: Arguments): WholeDistribution => poisson(args.number('demand_mean') * args.number('lead_time'))
const both = ({ reorderPoint, quantity }: ReorderQuantity): readonly number[] => [reorderPoint, quantity]
const three = ({ reorderPoint, quantity, cost }: ReorderQuantity): readonly number[] => [reorderPoint, quantity, cost]

const reorderQuantities: Readonly<Record<string, Compute>> = {
  'rq.r_q_cost': (args) => reorderQuantityCost(reorderCosts(args), duringLead(args), args.number('reorder_point'), args.number('order_quantity')),
  'rq.r_q_optimal_r_for_q': (args) => reorderPointFor(unitCosts(args), duringLead(args), args.number('order_quantity')),
  'rq.r_q_eil_approximation': (args) => three(reorderQuantityByInventoryLevel(reorderCosts(args), duringLead(args))),
  'rq.r_q_eoqb_approximation': (args) => both(reorderQuantityWithBackorders(reorderCosts(args), duringLead(args))),
  'rq.r_q_eoqss_approximation': (args) => both(reorderQuantityWithSafetyStock(reorderCosts(args), duringLead(args))),
  'rq.r_q_loss_function_approximation': (args) => both(reorderQuantityByLoss(reorderCosts(args), duringLead(args))),
  'rq.r_q_cost_poisson': (args) =>
    wholeReorderQuantityCost(reorderCosts(args), wholeDuringLead(args), args.number('reorder_point'), args.number('order_quantity')),
  'rq.r_q_poisson_exact': (args) => three(bestWholeReorderQuantity(reorderCosts(args), wholeDuringLead(args))),
}

function ofEachPeriod(args: Arguments) {
  const demand = args.raw('use_poisson') === true ? poisson(args.number('demand_mean')) : pmfOf(args.raw('demand_pmf'))
  const pmf = Float64Array.from({ length: demand.low + demand.chances.length }, (_none, units) => demand.chances[units - demand.low] ?? 0)
  const costs = unitCosts(args)
  return { pmf, cost: (level: number) => wholeLevelCost(costs, demand, level), best: newsvendorWhole(costs, demand).level }
}

const reorderLevels: Readonly<Record<string, Compute>> = {
  'ss.s_s_cost_discrete': (args) => {
    const { pmf, cost } = ofEachPeriod(args)
    return reorderLevelsCost(args.number('fixed_cost'), cost, pmf, args.number('reorder_point'), args.number('order_up_to_level'))
  },
  'ss.s_s_discrete_exact': (args) => {
    const { pmf, cost, best } = ofEachPeriod(args)
    const found = bestReorderLevels(args.number('fixed_cost'), cost, pmf, best)
    return found && [found.reorderPoint, found.orderUpTo, found.cost]
  },
  'ss.s_s_power_approximation': (args) => {
    const [horizonMean, horizonDeviation] = [args.number('demand_mean'), args.number('demand_sd')]
    const found = powerReorderLevels({ ...unitCosts(args), fixedCost: args.number('fixed_cost'), mean: horizonMean, horizonMean, horizonDeviation })
    return [found.reorderPoint, found.orderUpTo]
  },
}

function horizonOf(args: Arguments): readonly [periods: readonly HorizonPeriod[], end: UnitCosts] {
  const count = args.number('num_periods')
  const names = ['holding_cost', 'stockout_cost', 'purchase_cost', 'fixed_cost', 'demand_mean', 'demand_sd'] as const
  const [holding, shortage, purchase, fixedCost, mean, deviation] = names.map((name) => args.periods(name, count, 0))
  const discount = args.periods('discount_factor', count, 1)
  const periods = Array.from({ length: count }, (_none, at) => ({
    holding: holding![at]!,
    shortage: shortage![at]!,
    purchase: purchase![at]!,
    fixedCost: fixedCost![at]!,
    mean: mean![at]!,
    deviation: deviation![at]!,
    discount: discount[at]!,
  }))
  return [periods, { holding: args.number('terminal_holding_cost'), shortage: args.number('terminal_stockout_cost') }]
}

const horizons: Readonly<Record<string, Compute>> = {
  'finite_horizon.finite_horizon_dp': (args) => {
    const [periods, end] = horizonOf(args)
    const reach = { demand: args.optional('d_spread') ?? 4, levels: args.optional('s_spread') ?? 5 }
    const { reorderPoints, orderUpTo, cost, low, costs, levels } = finiteHorizon(periods, end, args.optional('initial_inventory_level') ?? 0, reach)
    const stocks = Array.from(costs[0]!, (_none, cell) => low + cell)
    return [[0, ...reorderPoints], [0, ...orderUpTo], cost, [undefined, ...costs], [undefined, ...levels], stocks]
  },
  'finite_horizon.myopic_bounds': (args) => {
    const bounds = myopicBounds(...horizonOf(args))
    return [bounds.levelLow, bounds.levelHigh, bounds.pointLow, bounds.pointHigh].map((all) => [0, ...all])
  },
  'wagner_whitin.wagner_whitin': (args) => {
    const count = args.number('num_periods')
    const [holding, fixedCost, demand, purchase] = (['holding_cost', 'fixed_cost', 'demand', 'purchase_cost'] as const).map((name) =>
      args.periods(name, count, 0),
    )
    // The book's software holds all goods of an order at the cost of the period in which it was made.
    const { costs, next } = lotsByEveryOrder(
      demand!,
      (period) => fixedCost![period]!,
      (ordered, used) => purchase![ordered]! + holding![ordered]! * (used - ordered),
    )
    const lots = Array.from({ length: count }, () => 0)
    for (let period = 0; period < count; period = next[period]!) lots[period] = demand!.slice(period, next[period]).reduce((sum, one) => sum + one, 0)
    return [[0, ...lots], costs[0], [0, ...costs], [0, ...Array.from(next, (then) => then + 1)]]
  },
}

const ofLosses = ({ short, over }: Losses): readonly number[] => [short, over]
const x = (args: Arguments): number => args.number('x')

function negativeBinomialOf(args: Arguments): WholeDistribution {
  const [r, p] = [args.optional('r'), args.optional('p')]
  if (r !== undefined && p !== undefined) return negativeBinomial(r, p)
  const [mean, variance] = [args.number('mean'), args.number('sd') ** 2]
  return negativeBinomial(mean ** 2 / (variance - mean), mean / variance)
}

const lossFunctions: Readonly<Record<string, Compute>> = {
  'loss_functions.standard_normal_loss': (args) => ofLosses(losses(normal(0, 1), args.number('z'))),
  'loss_functions.standard_normal_second_loss': (args) => ofLosses(secondLosses(normal(0, 1), args.number('z'))),
  'loss_functions.standard_normal_loss_dict': (args) => (z: number) => {
    const { short, over } = losses(normal(0, 1), z)
    return args.raw('complementary') === true ? over : short
  },
  'loss_functions.standard_normal_second_loss_dict': (args) => (z: number) => {
    const { short, over } = secondLosses(normal(0, 1), z)
    return args.raw('complementary') === true ? over : short
  },
  'loss_functions.normal_loss': (args) => ofLosses(losses(normal(args.number('mean'), args.number('sd')), x(args))),
  'loss_functions.normal_second_loss': (args) => ofLosses(secondLosses(normal(args.number('mean'), args.number('sd')), x(args))),
  'loss_functions.lognormal_loss': (args) => ofLosses(losses(logNormal(args.number('mu'), args.number('sigma')), x(args))),
  'loss_functions.exponential_loss': (args) => ofLosses(losses(exponential(1 / args.number('mu')), x(args))),
  'loss_functions.exponential_second_loss': (args) => ofLosses(secondLosses(exponential(1 / args.number('mu')), x(args))),
  'loss_functions.gamma_loss': (args) => ofLosses(losses(gamma(args.number('a'), args.number('b')), x(args))),
  'loss_functions.gamma_second_loss': (args) => ofLosses(secondLosses(gamma(args.number('a'), args.number('b')), x(args))),
  'loss_functions.uniform_loss': (args) => ofLosses(losses(uniform(args.number('a'), args.number('b')), x(args))),
  'loss_functions.uniform_second_loss': (args) => ofLosses(secondLosses(uniform(args.number('a'), args.number('b')), x(args))),
  'loss_functions.continuous_loss': (args) => ofLosses(losses(continuousOf(args.raw('distrib')), x(args))),
  'loss_functions.continuous_second_loss': (args) => ofLosses(secondLosses(continuousOf(args.raw('distrib')), x(args))),
  'loss_functions.poisson_loss': (args) => ofLosses(wholeLosses(poisson(args.number('mean')), x(args))),
  'loss_functions.poisson_second_loss': (args) => ofLosses(wholeSecondLosses(poisson(args.number('mean')), x(args))),
  'loss_functions.geometric_loss': (args) => ofLosses(wholeLosses(geometric(args.number('p')), x(args))),
  'loss_functions.geometric_second_loss': (args) => ofLosses(wholeSecondLosses(geometric(args.number('p')), x(args))),
  'loss_functions.negative_binomial_loss': (args) => ofLosses(wholeLosses(negativeBinomialOf(args), x(args))),
  'loss_functions.negative_binomial_second_loss': (args) => ofLosses(wholeSecondLosses(negativeBinomialOf(args), x(args))),
  'loss_functions.discrete_loss': (args) => ofLosses(wholeLosses(wholeDistributionOf(args.raw('distrib', 'pmf')), x(args))),
  'loss_functions.discrete_second_loss': (args) => ofLosses(wholeSecondLosses(wholeDistributionOf(args.raw('distrib', 'pmf')), x(args))),
}

const risk = (args: Arguments) => ({
  failureRate: args.number('disruption_rate'),
  recoveryRate: args.number('recovery_rate'),
  shortage: args.number('stockout_cost'),
})
const yieldOf = (args: Arguments) => ({ mean: args.number('yield_mean'), deviation: args.number('yield_sd') })

const supplyRisks: Readonly<Record<string, Compute>> = {
  'supply_uncertainty.eoq_with_disruptions': (args) => pair(disruptedOrderQuantity(steady(args), risk(args), args.raw('approximate') === true)),
  'supply_uncertainty.eoq_with_disruptions_cost': (args) =>
    disruptedOrderCost(steady(args), risk(args), args.number('order_quantity'), args.raw('approximate') === true),
  'supply_uncertainty.eoq_with_additive_yield_uncertainty': (args) =>
    pair(orderQuantityAddedYield(steady(args), yieldOf(args), args.optional('order_quantity'))),
  'supply_uncertainty.eoq_with_multiplicative_yield_uncertainty': (args) =>
    pair(orderQuantityMultipliedYield(steady(args), yieldOf(args), args.optional('order_quantity'))),
  'supply_uncertainty.newsvendor_with_disruptions': (args) => {
    const chances = { failure: args.number('disruption_prob'), recovery: args.number('recovery_prob') }
    return levelPair(disruptedBaseStock(args.number('holding_cost'), args.number('stockout_cost'), args.number('demand'), chances, given(args)))
  },
  'supply_uncertainty.newsvendor_with_additive_yield_uncertainty': (args) => {
    const distribution = args.raw('yield_distribution')
    const isNormal = args.optional('yield_mean') !== undefined && args.optional('yield_sd') !== undefined
    const added = isNormal
      ? normal(args.number('yield_mean'), args.number('yield_sd'))
      : isWhole(distribution)
        ? wholeDistributionOf(distribution)
        : continuousOf(distribution)
    return levelPair(addedYieldBaseStock(args.number('holding_cost'), args.number('stockout_cost'), args.number('demand'), added, given(args)))
  },
}
