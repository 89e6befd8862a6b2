// qm demo: the demonstration company goes on: so many days of customers, tills, purchases, work and transfers on a simulated clock, which follow from a
// seed. An empty database is given the company's whole history first, which takes minutes; any other goes on from where its record ends,
// also beside a running server.

import { randomInt } from 'node:crypto'
import { addDays, dayOf, instant } from '../core/calendar.ts'
import { systemClock } from '../server/clock.ts'
import { openServer } from '../server/open.ts'
import { isRelayed } from '../server/relay.ts'
import { demonstrate, type Demonstrated } from '../sim/demo.ts'
import { beforeAll, live } from '../sim/replay.ts'
import { command, wholeNumber } from './command.ts'
import { databaseOf, databaseOptions, isEmpty } from './open.ts'

const DAYS_MAX = 3_650
const DEFAULT_DAYS = 30
const SEED_MAX = 2_147_483_647
const ORDERS_MAX = 1_000_000

export const demoCommand = command({
  name: 'demo',
  summary: 'Let the demonstration company live on for some days of seeded customers, tills and hidden losses',
  words: '',
  words_max: 0,
  example: 'qm demo --days 30 --seed 7\nqm demo --folder history --days 1',
  options: {
    days: { type: 'string', value: 'N', about: `So many days (${DEFAULT_DAYS})` },
    seed: { type: 'string', value: 'S', about: 'What chance follows from; without it one is drawn and printed' },
    orders: { type: 'string', value: 'N', about: 'Of the history of an empty database only the first N orders' },
    ...databaseOptions,
  },
  run: async ({ options, terminal }) => {
    const days = wholeNumber('days', options.days, { min: 0, max: DAYS_MAX }) ?? DEFAULT_DAYS
    const seed = wholeNumber('seed', options.seed, { min: 0, max: SEED_MAX }) ?? randomInt(SEED_MAX)
    const orders_max = wholeNumber('orders', options.orders, { min: 1, max: ORDERS_MAX })
    const clock = beforeAll()
    const progress = (what: string, done: number, total?: number): void => terminal.progress(what, done, total)
    terminal.note(`Seed ${seed}`)
    const opened = await openServer({ ...databaseOf(options, terminal), clock: () => clock.now })
    try {
      if (await isEmpty(opened)) {
        terminal.note('The database is empty: first the history of the company, 25,164 real orders, which takes minutes ...')
        // Moved so that what is lived after it ends yesterday; the first orders alone stay where they were.
        const until = addDays(dayOf(instant(systemClock())), -1 - days)
        await live(opened, clock, { orders_max, lately: orders_max === undefined ? { until } : undefined, progress })
      }
      const from = (await isRelayed(opened.database)) ? dayOf(instant(systemClock())) : undefined
      const told = await demonstrate(opened, clock, { days, seed, from, progress })
      terminal.tell(told, textOf(told))
      return 0
    } finally {
      await opened.close()
    }
  },
})

function textOf(told: Demonstrated): string {
  const n = (count: number): string => count.toLocaleString('en')
  const { seed, days, first_day, last_day, orders, till_lines, endless_aisle_lines, missed_lines, hidden_units, seconds } = told
  return [
    `Seed ${seed}: ${n(days)} days, ${first_day} to ${last_day}, ${seconds} s`,
    `${n(orders)} customers: ${n(till_lines)} lines sold at tills, ${n(endless_aisle_lines)} asked for there and shipped, ${n(missed_lines)} not found on the shelf`,
    `${n(hidden_units)} units were stolen, broken or lost, and no record knows`,
  ].join('\n')
}
