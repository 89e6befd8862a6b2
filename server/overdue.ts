// Overdue: supply that was to come by a day that has passed, and orders that were to be collected by one, are raised by themselves. This only looks, once a
// day of the clock, which those are; each site's lane decides what each of them hurts. Several processes may look at once: who comes second raises nothing more.
//
// Both are found by an index by their day, so a look costs what is overdue, not what is open.

import { hash } from 'node:crypto'
import { dayOf, instant, type Day } from '../core/calendar.ts'
import type { RaiseUncollected } from '../core/flow/order-collection.ts'
import type { RaiseOverdue } from '../core/flow/receive-overdue.ts'
import type { SiteId } from '../core/item.ts'
import { sql } from './db.ts'
import type { Lanes } from './lane.ts'

/** Supplies or orders of one command: each is read with all that its pegs lead to, and no lane is held up for long. */
const RAISED_MAX = 50

interface Found {
  readonly site: SiteId
  readonly document: string
  readonly line: number
}

/** One look: every site raises what is overdue and was not raised yet. Returns for how many supplies. */
export async function raiseOverdue(lanes: Lanes): Promise<number> {
  const bySite = Map.groupBy(await overdueOn(lanes, today(lanes)), (one) => one.site)
  const raised = await Promise.all(
    [...bySite].map(([site, found]) =>
      raiseAt(lanes, site, found, (some): RaiseOverdue => ({
        kind: 'raiseOverdue',
        supplies: some.map(({ document, line }) => ({ document, line })),
      })),
    ),
  )
  return raised.reduce((sum, some) => sum + some, 0)
}

/** One look: every site raises the orders that nobody collected and that were not raised yet. Returns how many. */
export async function raiseUncollected(lanes: Lanes): Promise<number> {
  const bySite = Map.groupBy(await uncollectedOn(lanes, today(lanes)), (one) => one.site)
  const sent = [...bySite].map(([site, found]) =>
    raiseAt(lanes, site, found, (some): RaiseUncollected => ({ kind: 'raiseUncollected', orders: some.map((one) => one.order) })),
  )
  return (await Promise.all(sent)).reduce((sum, some) => sum + some, 0)
}

const raiseBoth = async (lanes: Lanes): Promise<void> => {
  await raiseOverdue(lanes)
  await raiseUncollected(lanes)
}

/** Looks when the day of the clock is another than at the last look that came to its end. */
export function overdueDaily(lanes: Lanes, look: (lanes: Lanes) => Promise<unknown> = raiseBoth): () => Promise<void> {
  let looked: Day | undefined
  return async () => {
    const day = today(lanes)
    if (day === looked) return
    await look(lanes)
    looked = day
  }
}

const today = ({ options }: Lanes): Day => dayOf(instant(options.clock()))

/** What nothing is pegged to hurts nobody. */
const overdueOn = ({ options }: Lanes, day: Day): Promise<readonly Found[]> =>
  options.database.query<Found>(sql`
    select p.site_id as site, p.document_id as document, p.line
    from site s -- every site: what is overdue there
    join planned_move p on p.site_id = s.site_id and p.direction = 'supply' and p.planned - p.posted - p.cancelled > 0 and p.due_on < ${day}::date
    where p.pegged > 0 and not exists (
      select from exception e
      where e.site_id = p.site_id and e.document_id = p.document_id and e.line = p.line and e.kind = 'supply_overdue' and e.closed_at is null)
    order by p.site_id, p.due_on, p.document_id, p.line`)

interface Uncollected {
  readonly site: SiteId
  readonly order: string
}

const uncollectedOn = ({ options }: Lanes, day: Day): Promise<readonly Uncollected[]> =>
  options.database.query<Uncollected>(sql`
    select c.site_id as site, c.order_id as "order"
    from site s -- every site: what was not collected there
    join collection c on c.site_id = s.site_id and c.kept_until < ${day}::date
    where not exists (
      select from exception e where e.site_id = c.site_id and e.document_id = c.order_id and e.kind = 'not_collected' and e.closed_at is null)
    order by c.site_id, c.kept_until, c.order_id`)

async function raiseAt<Found>(
  lanes: Lanes,
  site: SiteId,
  found: readonly Found[],
  make: (some: readonly Found[]) => RaiseOverdue | RaiseUncollected,
): Promise<number> {
  let raised = 0
  for (let from = 0; from < found.length; from += RAISED_MAX) {
    const command = make(found.slice(from, from + RAISED_MAX))
    const sha256 = hash('sha256', JSON.stringify(command), 'buffer')
    const answer = await lanes.submit(site, { command, caller: 'system', key: lanes.options.newId(), sha256 })
    if (answer.status !== 200) throw new Error(`Site ${site} could not raise what is overdue: ${answer.status} ${answer.body}`)
    raised += (JSON.parse(answer.body) as { raised: number }).raised
  }
  return raised
}
