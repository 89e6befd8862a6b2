// qm backtest: what would have happened under other rules: the last days of the company's own ledger are lived again by each policy, with intervals, and the one
// that is best can be adopted in the same step. With --log every event is written down, so that anybody can make the figures anew.

import { hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { addDays, dayOf, instant, type Day } from '../core/calendar.ts'
import { controlSite } from '../core/item.ts'
import { Filter } from '../core/plan/filter/filter.ts'
import { PeriodicReview } from '../core/plan/policies/review.ts'
import type { SetPlanningRule } from '../core/loop/replenish-run.ts'
import type { Opened } from '../server/open.ts'
import { rollSales } from '../server/shrinkage.ts'
import { replayItem, type TestedEvent, type TestedItem, type TestedPolicy } from '../sim/backtest/backtest.ts'
import { figuresOf, sumsOf, type Figures, type Interval } from '../sim/backtest/figures.ts'
import { lastSoldOn, testedItems } from '../sim/backtest/read.ts'
import { command, wholeNumber } from './command.ts'
import { databaseOptions, withDatabase } from './open.ts'
import { UsageError, type Terminal } from './terminal.ts'

const [DAYS, DAYS_MAX, SHRINK] = [180, 1_000, 0.02]
const CLASSES = 6
const week = { reviewDays: 7, countDays: 180 } as const

/** What is compared: the record and the belief at two services, more counts, and, as what can be reached at most, the truth. */
const policies: readonly TestedPolicy[] = [
  { name: 'record-95', service: 0.95, stock: 'record', ...week },
  { name: 'record-99', service: 0.99, stock: 'record', ...week },
  { name: 'belief-90', service: 0.9, stock: 'belief', ...week },
  { name: 'belief-95', service: 0.95, stock: 'belief', ...week },
  { name: 'belief-99', service: 0.99, stock: 'belief', ...week },
  { name: 'belief-95-counted-monthly', service: 0.95, stock: 'belief', reviewDays: 7, countDays: 30 },
  { name: 'truth-95', service: 0.95, stock: 'truth', ...week },
]
/** Nobody can order from the truth, nor keep a count plan by a rule. */
const adoptable = (policy: TestedPolicy): boolean => policy.stock !== 'truth'

export const backtestCommand = command({
  name: 'backtest',
  summary: "Live the last days of the company's own ledger again under other rules, and compare what each would have come to",
  words: '',
  words_max: 0,
  example: 'qm backtest --days 180 --json\nqm backtest --site SEA --shrink 0.03 --adopt belief-95',
  options: {
    days: { type: 'string', value: 'N', about: `So many days, which end with the last that has sales (${DAYS})` },
    site: { type: 'string', value: 'SITE', about: 'Of this site alone' },
    shrink: { type: 'string', value: 'SHARE', about: `Units that go unseen for each that is sold (${SHRINK})` },
    seed: { type: 'string', value: 'S', about: 'What thieves and intervals follow from (1)' },
    policies: { type: 'string', value: 'NAMES', about: `Some of ${policies.map((one) => one.name).join(', ')}` },
    adopt: { type: 'string', value: 'NAME', about: 'Make this the rule by which the next plan orders' },
    log: { type: 'string', value: 'FILE', about: 'Write every event, one JSON value a line' },
    ...databaseOptions,
  },
  run: async ({ options, terminal }) => {
    const days = wholeNumber('days', options.days, { min: 14, max: DAYS_MAX }) ?? DAYS
    const seed = wholeNumber('seed', options.seed, { min: 0, max: 2_147_483_647 }) ?? 1
    const shrink = shareOf(options.shrink) ?? SHRINK
    const chosen = options.policies === undefined ? policies : options.policies.split(',').map(policyOf)
    const adopted = options.adopt === undefined ? undefined : policyOf(options.adopt)
    if (adopted !== undefined && !adoptable(adopted)) throw new UsageError(`${adopted.name} cannot be adopted: nobody knows the truth`)
    return withDatabase(options, terminal, async (opened) => {
      await rollSales(opened.database)
      const site = options.site === undefined ? undefined : (await opened.catalog.siteByCode(options.site))?.site
      if (options.site !== undefined && site === undefined) throw new UsageError(`There is no site ${options.site}`)
      const last = (await lastSoldOn(opened.database)) ?? dayOf(instant(opened.clock()))
      const from = addDays(last, 1 - days)
      const items = await testedItems(opened.database, { from, days }, site)
      if (items.length === 0) throw new UsageError(`Nothing was sold in the ${days} days from ${from} on: there is nothing to live again`)
      const tested = await compare({ items, chosen, from, days, shrink, seed, log: options.log }, terminal)
      if (adopted !== undefined) await adopt(opened, adopted, site ?? controlSite)
      const told = { from, days, item_sites: items.length, shrink, seed, policies: tested, adopted: adopted?.name ?? null }
      terminal.tell(told, textOf(told))
      return 0 as const
    })
  },
})

function policyOf(name: string): TestedPolicy {
  const policy = policies.find((one) => one.name === name)
  if (policy === undefined) throw new UsageError(`There is no policy ${name}: choose of ${policies.map((one) => one.name).join(', ')}`)
  return policy
}

function shareOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const share = Number(text)
  if (text.trim() === '' || !(share >= 0 && share <= 0.5)) throw new UsageError(`--shrink takes a number from 0 to 0.5, not ${text}`)
  return share
}

interface Compared {
  readonly items: readonly TestedItem[]
  readonly chosen: readonly TestedPolicy[]
  readonly from: Day
  readonly days: number
  readonly shrink: number
  readonly seed: number
  readonly log: string | undefined
}

type ToldPolicy = TestedPolicy & Figures

async function compare({ items, chosen, from, days, shrink, seed, log }: Compared, terminal: Terminal): Promise<readonly ToldPolicy[]> {
  const tools = { review: new PeriodicReview(), filter: new Filter(CLASSES) }
  const file = log === undefined ? undefined : createWriteStream(log)
  const told: ToldPolicy[] = []
  for (const [number, policy] of chosen.entries()) {
    const sums = []
    for (const [index, item] of items.entries()) {
      const events = replayItem(item, index, policy, { from, shrink, seed }, tools)
      sums.push(sumsOf(item, days, events))
      if (file !== undefined && !file.write(linesOf(policy, item, events))) await once(file, 'drain')
      if (index % 20 === 0) terminal.progress('Items lived again', number * items.length + index, chosen.length * items.length)
    }
    told.push({ ...policy, ...figuresOf(sums, seed) })
  }
  if (file !== undefined) {
    file.end()
    await once(file, 'finish')
  }
  return told
}

const linesOf = ({ name }: TestedPolicy, { site, sku, cost, price }: TestedItem, events: readonly TestedEvent[]): string =>
  events.map(({ day, kind, units }) => `${JSON.stringify({ policy: name, site, sku, day, kind, units, cost, price })}\n`).join('')

async function adopt({ lanes, newId }: Opened, { service, reviewDays, stock }: TestedPolicy, site: SetPlanningRule['site']): Promise<void> {
  const command: SetPlanningRule = {
    kind: 'setPlanningRule',
    site,
    service_e3: Math.round(service * 1_000),
    reviewDays,
    stock: stock === 'record' ? 'record' : 'belief',
  }
  const key = newId()
  const answer = await lanes.submit(controlSite, { command, caller: 'qm backtest', key, sha256: hash('sha256', key, 'buffer') })
  if (answer.status !== 200) throw new UsageError(`It could not be adopted: ${answer.body}`)
}

interface ToldBacktest {
  readonly from: Day
  readonly days: number
  readonly item_sites: number
  readonly shrink: number
  readonly policies: readonly ToldPolicy[]
  readonly adopted: string | null
}

function textOf({ from, days, item_sites, shrink, policies: compared, adopted }: ToldBacktest): string {
  const cells = (of: Interval, told: (value: number) => string): string => `${told(of.value)} (${told(of.low)} to ${told(of.high)})`
  const percent = (value: number): string => `${(value * 100).toFixed(1)} %`
  const whole = (value: number): string => Math.round(value).toLocaleString('en')
  const amount = (minor: number): string => Math.round(minor / 100).toLocaleString('en')
  const rows = compared.map((one) => [
    one.name,
    cells(one.fill_rate, percent),
    cells(one.stockout_days, whole),
    cells(one.cash_minor, amount),
    cells(one.orders, whole),
    cells(one.missed_margin_minor, amount),
    cells(one.count_hours, whole),
  ])
  const head = ['policy', 'served at once', 'days short', 'cash in stock', 'orders', 'margin missed', 'hours of counts']
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()
  return [
    `${item_sites} items at their sites, ${days} days from ${from} on, ${percent(shrink)} of what is sold goes unseen; in brackets where it lies with 95 %`,
    line(head),
    ...rows.map(line),
    ...(adopted === null ? [] : [`The next plan orders by ${adopted}.`]),
  ].join('\n')
}
