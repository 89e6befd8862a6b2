// qm plan: works out what to order, everywhere and now, with as many threads as there are processors, and says what comes of it. A run that was cut off goes on
// where it ended; beside a running server both work on it.

import { availableParallelism } from 'node:os'
import type { Day } from '../core/calendar.ts'
import { controlSite } from '../core/item.ts'
import { sql } from '../server/db.ts'
import { ordersWhere, type OrderRow } from '../server/http/plan.ts'
import { lookAtBeliefs } from '../server/loop/belief.ts'
import { money } from '../core/money.ts'
import { planNow } from '../server/loop/replenish-planner.ts'
import type { PlanProgress } from '../server/loop/replenish-run.ts'
import type { Opened } from '../server/open.ts'
import { command, wholeNumber } from './command.ts'
import { databaseOptions, withDatabase } from './open.ts'
import { UsageError } from './terminal.ts'

const WORKERS_MAX = 64

export const planCommand = command({
  name: 'plan',
  summary: 'Work out what to buy, make and move next, at every site, and show what has the most at risk',
  words: '',
  words_max: 0,
  example: 'qm plan\nqm plan --budget 5000000 --json',
  options: {
    budget: { type: 'string', value: 'N', about: 'At most so much, in minor units: what has the most at risk for its price goes first' },
    workers: { type: 'string', value: 'N', about: 'So many threads (one a processor)' },
    ...databaseOptions,
  },
  run: async ({ options, terminal }) => {
    const budget = wholeNumber('budget', options.budget, { min: 0, max: Number.MAX_SAFE_INTEGER })
    const workers = wholeNumber('workers', options.workers, { min: 1, max: WORKERS_MAX }) ?? availableParallelism()
    return withDatabase(options, terminal, async (opened) => {
      const { database, clock } = opened
      terminal.note('Reading what is believed ...')
      await lookAtBeliefs({ database, clock })
      const onPart = ({ done, parts }: PlanProgress): void => terminal.progress('Parts planned', done, parts)
      const run = await planNow(opened, { budget: budget === undefined ? null : money(budget), workers, onPart })
      const told = await tellPlan(opened, run)
      terminal.tell(told, textOf(told))
      return 0 as const
    })
  },
})

interface ToldPlan {
  readonly run: string
  readonly planned_on: Day
  readonly items: number
  readonly lines: number
  readonly orders: number
  readonly value_minor: number
  readonly risk_minor: number
  readonly messages: number
  readonly seconds: number
  readonly first: readonly {
    readonly site: string
    readonly from: string
    readonly code: string
    readonly lines: number
    readonly value_minor: number
    readonly risk_minor: number
  }[]
}

const SHOWN = 10

async function tellPlan({ database }: Opened, run: string): Promise<ToldPlan> {
  const [row] = await database.query<Omit<ToldPlan, 'first'> & { readonly state: string }>(sql`
    select r.run_id as run, r.planned_on, r.state, r.seconds, coalesce(l.items, 0) as items, coalesce(l.lines, 0) as lines, coalesce(l.messages, 0) as messages,
      coalesce(o.orders, 0) as orders, coalesce(o.value, 0) as value_minor, coalesce(o.risk, 0) as risk_minor
    from plan_run r
    cross join (
      select count(*)::int as items, (count(*) filter (where quantity > 0))::int as lines, count(message)::int as messages
      from plan_line where run_id = ${run}) l -- every site: one run
    cross join (
      select count(*)::int as orders, sum(value_minor)::bigint as value, sum(risk_minor)::bigint as risk from plan_order where run_id = ${run}) o
    where r.site_id = ${controlSite} and r.run_id = ${run}`)
  const { state, ...plan } = row!
  if (state !== 'done') throw new UsageError('Somebody cancelled the run: the plan before it stays.')
  const orders = await database.query<OrderRow>(sql`
    ${ordersWhere(sql`o.run_id = ${run}`)} order by o.risk_minor desc, o.plan_order_id limit ${SHOWN} -- every site: one run`)
  const first = orders.map(({ site, from, code, lines, value, risk }) => ({ site, from, code, lines, value_minor: value, risk_minor: risk }))
  return { ...plan, first }
}

function textOf({ items, lines, orders, value_minor, risk_minor, messages, seconds, first }: ToldPlan): string {
  const n = (count: number): string => count.toLocaleString('en')
  const amount = (minor: number): string => (minor / 100).toLocaleString('en', { minimumFractionDigits: 2 })
  return [
    `${n(items)} items at their sites in ${seconds} s: ${n(lines)} lines of ${n(orders)} orders, worth ${amount(value_minor)}; ${amount(risk_minor)} at risk without them`,
    `${n(messages)} open orders come too late or are not needed`,
    ...first.map(
      (one) => `  ${one.site}: ${one.lines} lines from ${one.from} ${one.code}, worth ${amount(one.value_minor)}, ${amount(one.risk_minor)} at risk`,
    ),
  ].join('\n')
}
