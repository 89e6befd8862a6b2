// qm backtest: what would have happened under other rules: the last days of the company's own ledger are lived again by each policy, with intervals, and the one
// that is best can be adopted in the same step. With --log every event is written down, so that anybody can make the figures anew.

import { hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { backtestLimits, testedForecasts, testedStocks, type BacktestOptions, type TestedPolicy } from '../core/backtest.ts'
import { addDays, dayOf, instant, type Day } from '../core/calendar.ts'
import { controlSite, type SiteId } from '../core/item.ts'
import { comparedFigures, sumsOf, type Figures, type Interval, type Sums } from '../core/loop/backtest/figures.ts'
import { ruleOf, usualPolicies, usualPolicy } from '../core/loop/backtest/policies.ts'
import { replayItem, type TestedEvent, type TestedItem } from '../core/loop/backtest/replay.ts'
import type { SetPlanningRule } from '../core/loop/replenish-run.ts'
import { backtestTools } from '../server/loop/backtest-part.ts'
import { lastSoldBefore, openingsOf, testedItems, testedSites } from '../server/loop/backtest-read.ts'
import type { Opened } from '../server/open.ts'
import { rollSales } from '../server/shrinkage.ts'
import { command, wholeNumber } from './command.ts'
import { databaseOptions, withDatabase } from './open.ts'
import { UsageError, type Terminal } from './terminal.ts'

const [DAYS, SHRINK] = [180, 0.02]
const { days_min, days_max, shrink_max, seed_max, count_days_max } = backtestLimits
const REVIEW_DAYS_MAX = 365

export const backtestCommand = command({
  name: 'backtest',
  summary: "Live the last days of the company's own ledger again under other rules, and compare what each would have come to",
  words: '',
  words_max: 0,
  example:
    'qm backtest --days 180 --json\nqm backtest --policies belief-95 --policy service=0.97,count=30,forecast=mean\nqm backtest --site SEA --shrink 0.03 --adopt belief-95',
  options: {
    days: { type: 'string', value: 'N', about: `So many days, which end with the last that has sales (${DAYS})` },
    site: { type: 'string', value: 'SITE', about: 'Of this site alone' },
    shrink: { type: 'string', value: 'SHARE', about: `Units that go unseen for each that is sold (${SHRINK})` },
    seed: { type: 'string', value: 'S', about: 'What thieves and intervals follow from (1)' },
    policies: { type: 'string', value: 'NAMES', about: `Some of ${usualPolicies.map((one) => one.name).join(', ')}; all where no policy is named` },
    policy: {
      type: 'string',
      multiple: true,
      value: 'FIELDS',
      about: `Another: service=0.97,stock=${testedStocks.join('|')},review=7,count=30,forecast=${testedForecasts.join('|')},name=NAME, each if it is another than usual`,
    },
    adopt: { type: 'string', value: 'NAME', about: 'Make this the rule by which the next plan orders' },
    log: { type: 'string', value: 'FILE', about: 'Write every event, one JSON value a line' },
    ...databaseOptions,
  },
  run: async ({ options, terminal }) => {
    const days = wholeNumber('days', options.days, { min: days_min, max: days_max }) ?? DAYS
    const seed = wholeNumber('seed', options.seed, { min: 0, max: seed_max }) ?? 1
    const shrink = shareOf(options.shrink) ?? SHRINK
    const chosen = chosenPolicies(options.policies, options.policy)
    const adopted = options.adopt === undefined ? undefined : [...chosen, ...usualPolicies].find((one) => one.name === options.adopt)
    if (options.adopt !== undefined && adopted === undefined) throw unknownPolicy(options.adopt, [...chosen, ...usualPolicies])
    const rule = adopted && ruleOf(adopted)
    if (typeof rule === 'string') throw new UsageError(`${options.adopt} cannot be adopted. ${rule}`)
    return withDatabase(options, terminal, async (opened) => {
      await rollSales(opened.database)
      const site = options.site === undefined ? undefined : (await opened.catalog.siteByCode(options.site))?.site
      if (options.site !== undefined && (site === undefined || site === controlSite)) throw new UsageError(`There is no site ${options.site}`)
      const today = dayOf(instant(opened.clock()))
      const from = addDays((await lastSoldBefore(opened.database, today)) ?? today, 1 - days)
      const items = await itemsToTest(opened, { from, days }, site)
      if (items.length === 0)
        throw new UsageError(
          `Nothing that was there, or had been sold before, was sold in the ${days} days from ${from} on: there is nothing to live again`,
        )
      const tested = await compare({ items, chosen, options: { from, days, shrink, seed }, log: options.log }, terminal)
      if (rule !== undefined) await adopt(opened, { kind: 'setPlanningRule', site: site ?? controlSite, ...rule })
      const told = { from, days, item_sites: items.length, shrink, seed, policies: tested, adopted: adopted?.name ?? null }
      terminal.tell(told, textOf(told))
      return 0 as const
    })
  },
})

function chosenPolicies(names: string | undefined, described: readonly string[]): readonly TestedPolicy[] {
  const named = names === undefined ? (described.length === 0 ? usualPolicies : []) : names.split(',').map(policyOf)
  const chosen = [...named, ...described.map(describedPolicy)]
  const twice = chosen.find((one, index) => chosen.findIndex((other) => other.name === one.name) !== index)
  if (twice !== undefined) throw new UsageError(`There are two policies ${twice.name}: give one of them another name`)
  return chosen
}

function policyOf(name: string): TestedPolicy {
  const policy = usualPolicies.find((one) => one.name === name)
  if (policy === undefined) throw unknownPolicy(name, usualPolicies)
  return policy
}

const unknownPolicy = (name: string, known: readonly TestedPolicy[]): UsageError =>
  new UsageError(`There is no policy ${name}: choose of ${[...new Set(known.map((one) => one.name))].join(', ')}`)

/** What is not said of it is as usual. Without a name it is called as it was described. */
function describedPolicy(text: string): TestedPolicy {
  const policy = { ...usualPolicy, name: text }
  const said = new Set<string>()
  for (const pair of text.split(',')) {
    const [field = '', value = '', ...more] = pair.split('=')
    if (value === '' || more.length > 0) throw new UsageError(`--policy takes fields like service=0.97, not ${pair}`)
    if (said.has(field)) throw new UsageError(`--policy says ${field} twice`)
    said.add(field)
    Object.assign(policy, describedField(field, value))
  }
  return policy
}

function describedField(field: string, value: string): Partial<TestedPolicy> {
  switch (field) {
    case 'name':
      return { name: value }
    case 'service': {
      const service = Number(value)
      if (!(service >= 0.001 && service <= 0.999)) throw new UsageError(`--policy service takes a number from 0.001 to 0.999, not ${value}`)
      return { service }
    }
    case 'review':
      return { reviewDays: wholeNumber('policy review', value, { min: 1, max: REVIEW_DAYS_MAX })! }
    case 'count':
      return { countDays: wholeNumber('policy count', value, { min: 0, max: count_days_max })! }
    case 'stock':
      return { stock: oneOf('stock', value, testedStocks) }
    case 'forecast':
      return { forecast: oneOf('forecast', value, testedForecasts) }
    default:
      throw new UsageError(`--policy knows no ${field}: it takes name, service, review, count, stock and forecast`)
  }
}

function oneOf<const Some extends string>(field: string, value: string, some: readonly Some[]): Some {
  const found = some.find((one) => one === value)
  if (found === undefined) throw new UsageError(`--policy ${field} is one of ${some.join(', ')}, not ${value}`)
  return found
}

function shareOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const share = Number(text)
  if (text.trim() === '' || !(share >= 0 && share <= shrink_max)) throw new UsageError(`--shrink takes a number from 0 to ${shrink_max}, not ${text}`)
  return share
}

async function itemsToTest(
  { database }: Opened,
  days: { readonly from: Day; readonly days: number },
  only: SiteId | undefined,
): Promise<readonly TestedItem[]> {
  const items: TestedItem[] = []
  for (const site of await testedSites(database, only ?? null))
    items.push(...(await testedItems(database, site, await openingsOf(database, site, days), days)))
  return items
}

interface Compared {
  readonly items: readonly TestedItem[]
  readonly chosen: readonly TestedPolicy[]
  readonly options: BacktestOptions
  readonly log: string | undefined
}

/** As `--json` tells them; money in minor units. */
const toldFigures = ({ fillRate, stockoutDays, cash, orders, missedMargin, countHours, stolenUnits }: Figures) => ({
  fill_rate: fillRate,
  stockout_days: stockoutDays,
  cash_minor: cash,
  orders,
  missed_margin_minor: missedMargin,
  count_hours: countHours,
  stolen_units: stolenUnits,
})

type ToldFigures = ReturnType<typeof toldFigures>
type ToldPolicy = TestedPolicy & ToldFigures & { readonly from_first: ToldFigures }

async function compare({ items, chosen, options, log }: Compared, terminal: Terminal): Promise<readonly ToldPolicy[]> {
  const tools = backtestTools()
  const file = log === undefined ? undefined : createWriteStream(log)
  const all: Sums[][] = []
  for (const [number, policy] of chosen.entries()) {
    const sums: Sums[] = []
    for (const [index, item] of items.entries()) {
      const events = replayItem(item, policy, options, tools)
      sums.push(sumsOf(item, options.days, events))
      if (file !== undefined && !file.write(linesOf(policy, item, events))) await once(file, 'drain')
      if (index % 20 === 0) terminal.progress('Items lived again', number * items.length + index, chosen.length * items.length)
    }
    all.push(sums)
  }
  if (file !== undefined) {
    file.end()
    await once(file, 'finish')
  }
  const compared = comparedFigures(all, options.seed)
  return chosen.map((policy, index) => {
    const { figures, fromFirst } = compared[index]!
    return { ...policy, ...toldFigures(figures), from_first: toldFigures(fromFirst) }
  })
}

const linesOf = ({ name }: TestedPolicy, { site, sku, cost, price }: TestedItem, events: readonly TestedEvent[]): string =>
  events.map(({ day, kind, units }) => `${JSON.stringify({ policy: name, site, sku, day, kind, units, cost, price })}\n`).join('')

async function adopt({ lanes, newId }: Opened, command: SetPlanningRule): Promise<void> {
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
