// Back-test, words: policies as people say them, and figures as the page shows them.

import type { testedForecasts, testedStocks } from '../../core/backtest.ts'
import type { figureNames, Interval } from '../../core/loop/backtest/figures.ts'
import { ruleOf } from '../../core/loop/backtest/policies.ts'
import type { RowOf } from '../client.ts'
import { money, number, percent, tenths } from '../ui/format.ts'

export type Policy = RowOf<'listBacktests'>['policies'][number]
export type Rule = Omit<RowOf<'listPlanningRules'>, 'site'>

/** The first policy of a run that is asked for here. */
export const TODAY = "Today's rule"

export const stockWords: Readonly<Record<(typeof testedStocks)[number], string>> = { belief: 'Belief', record: 'Record', truth: 'Truth' }
export const forecastWords: Readonly<Record<(typeof testedForecasts)[number], string>> = {
  automatic: 'As a plan does',
  mean: 'Mean of 26 weeks',
  'seasonal-naive': 'As a year ago',
}

const USUAL = { reviewDays: 7, countDays: 180 } as const

/** What tells it from others; what is as usual is not said. */
export function policyName({ serviceLevel, reviewDays, stock, countDays, forecast }: Omit<Policy, 'name'>): string {
  const counted = countDays === 0 ? 'never counted' : `counted every ${countDays} days`
  return [
    // The same whoever asks, in whatever language: by their names policies are found in other runs.
    `${stockWords[stock]} ${Math.round(serviceLevel * 1_000) / 10} %`,
    ...(reviewDays === USUAL.reviewDays ? [] : [`ordered every ${reviewDays} days`]),
    ...(countDays === USUAL.countDays ? [] : [counted]),
    ...(forecast === 'automatic' ? [] : [forecastWords[forecast].toLowerCase()]),
  ].join(', ')
}

/** The rule that a plan would follow, or why it cannot. */
export function planningRuleOf({ serviceLevel, ...policy }: Policy): Rule | string {
  const rule = ruleOf({ ...policy, service: serviceLevel })
  return typeof rule === 'string' ? rule : { serviceLevel: rule.service_e3 / 1_000, reviewDays: rule.reviewDays, stock: rule.stock }
}

export const isSameRule = (one: Rule, other: Rule): boolean =>
  one.stock === other.stock && one.reviewDays === other.reviewDays && Math.round(1_000 * one.serviceLevel) === Math.round(1_000 * other.serviceLevel)

type FigureName = (typeof figureNames)[number]

interface FigureWords {
  readonly name: string
  readonly tell: (value: number) => string
  /** A difference, without its sign. */
  readonly apart: (value: number) => string
  /** What that is in, where it is not what the figure is in. */
  readonly unit?: string
}

const MINOR_UNITS = 100
const SMALL_MINOR = 10_000
/** Of larger sums nobody asks for the cents. */
const amountOf = (minor: number): string => (minor < SMALL_MINOR ? money(minor) : number(minor / MINOR_UNITS))
const units = { tell: number, apart: number }
const amount = { tell: amountOf, apart: amountOf }

export const figureWords: Readonly<Record<FigureName, FigureWords>> = {
  fillRate: { name: 'Served at once', tell: percent, apart: (value) => tenths(100 * value), unit: ' points' },
  stockoutDays: { name: 'Days short', ...units },
  cash: { name: 'Tied up in stock', ...amount },
  orders: { name: 'Orders', ...units },
  missedMargin: { name: 'Margin missed', ...amount },
  countHours: { name: 'Hours of counts', tell: tenths, apart: tenths },
  stolenUnits: { name: 'Gone unseen', ...units },
}
/** What the tables show, in this order. */
export const shownFigures = ['fillRate', 'stockoutDays', 'cash', 'orders', 'missedMargin', 'countHours'] as const satisfies readonly FigureName[]

export const toldFigure = (name: FigureName, value: number): string => figureWords[name].tell(value)
export const toldInterval = (name: FigureName, { low, high }: Interval): string => `${toldFigure(name, low)} to ${toldFigure(name, high)}`

function signed(name: FigureName, value: number): string {
  const told = figureWords[name].apart(Math.abs(value))
  return told === figureWords[name].apart(0) ? '0' : `${value > 0 ? '+' : '−'}${told}`
}

/** What a difference is told as that is none. */
export const SAME = 'the same'

/** A difference with its sign; none is none. */
export function toldDifference(name: FigureName, value: number): string {
  const told = signed(name, value)
  return told === '0' ? SAME : `${told}${figureWords[name].unit ?? ''}`
}

/** Between which a difference lies. */
export const toldReach = (name: FigureName, { low, high }: Interval): string => `${signed(name, low)} to ${signed(name, high)}`

/** Whether the whole interval lies on one side of nothing. */
export const isSure = ({ low, high }: Interval): boolean => low > 0 || high < 0
