// Sourcing rule: which sites may serve the orders of a site, and which of them is taken. It is rows that people read and change: what is preferred,
// over how many sites one order may go, and for each site that may help what sending from it costs, how far away it is, and how much of what
// it has it keeps for its own customers. A site without such rows serves its orders itself.

import type { SiteId } from './item.ts'
import type { Money } from './money.ts'

/** What decides first; the others follow in this order, and what still is even goes to the site that stands first. */
export const preferences = ['date', 'cost', 'sources'] as const
export type Preference = (typeof preferences)[number]

export interface SourcingRule {
  /** The site whose orders it is for. */
  readonly site: SiteId
  readonly prefers: Preference
  /** Over how many sites one order may go. */
  readonly sourcesMax: number
  /** Whether one line may come from several sites. */
  readonly splitsLines: boolean
  /** What it costs to send one order from the site itself. */
  readonly ownCost: Money
}

export interface SourcingLane {
  readonly site: SiteId
  readonly from: SiteId
  /** Which of the others is looked at first. */
  readonly position: number
  /** What it costs to send one order from there. */
  readonly cost: Money
  readonly transitDays: number
  /** So much of each item's free stock stays there. */
  readonly keepPercent: number
}

/** Both, as whoever sources an order wants them. */
export interface Sourcing extends SourcingRule {
  readonly lanes: readonly SourcingLane[]
}

/** Tells one state of a rule from another, so that a change can say which it was made of. */
export const tagOfSourcing = ({ prefers, sourcesMax, splitsLines, ownCost, lanes }: Omit<Sourcing, 'site'>): string =>
  [prefers, sourcesMax, splitsLines, ownCost, ...lanes.map((one) => [one.from, one.cost, one.transitDays, one.keepPercent].join('-'))].join('/')

const words: Readonly<Record<Preference, string>> = { date: 'the earliest day', cost: 'the least cost', sources: 'the fewest sites' }
const after: Readonly<Record<Preference, readonly Preference[]>> = {
  date: ['date', 'sources', 'cost'],
  cost: ['cost', 'date', 'sources'],
  sources: ['sources', 'date', 'cost'],
}

/** What decides, in the order in which it does. */
export const orderOfPreference = (prefers: Preference): readonly Preference[] => after[prefers]

/** The rule as a sentence. */
export const sourcingInWords = ({ prefers, sourcesMax, splitsLines }: Pick<SourcingRule, 'prefers' | 'sourcesMax' | 'splitsLines'>): string =>
  `${after[prefers].map((one) => words[one]).join(', then ')}; ${sourcesMax === 1 ? 'one site' : `at most ${sourcesMax} sites`} an order, ` +
  `${splitsLines ? 'a line may be split' : 'a line stays whole'}`
