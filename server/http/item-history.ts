// Item history over HTTP: one look at the moves since the first day that is asked for, and one at what is planned.

import { addDays, startOf, textOf } from '../../core/calendar.ts'
import { daysAhead, daysBehind, type MovedOn, type PlannedOn } from '../../core/item-history.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import { directionFor, firstRecorded } from '../lane/as-of.ts'
import { itemOf, siteOf, todayOf, type Readers } from './call.ts'

export const itemHistoryReaders = {
  getItemHistory: async (call) => {
    const { behind, ahead } = call.query
    const at = await siteOf(call, call.query.site)
    if (isRefusal(at)) return at
    const known = await itemOf(call, call.params.sku)
    if (isRefusal(known)) return known
    const { site, owner } = at
    const { item, sku } = known
    const today = todayOf(call)
    const since = startOf(addDays(today, 1 - behind))
    const { database } = call.context
    const [[there], moved, planned] = await Promise.all([
      database.query<{ quantity: number }>(sql`
        select quantity from item_value where site_id = ${site} and item_id = ${item} and owner_id = ${owner}`),
      database.query<MovedOn>(sql`
        select least((m.occurred_at at time zone 'UTC')::date, ${today}::date) as "on",
          coalesce(sum(m.quantity) filter (where ${directionFor(owner)} > 0), 0)::bigint as came, coalesce(sum(m.quantity) filter (where ${directionFor(owner)} < 0), 0)::bigint as went
        from move m
        where m.site_id = ${site} and m.item_id = ${item} and m.sequence >= ${firstRecorded(site, since)} and m.occurred_at >= ${textOf(since)}::timestamptz
        group by 1`),
      database.query<PlannedOn>(sql`
        select due_on as "on", coalesce(sum(planned - posted - cancelled) filter (where direction = 'supply'), 0)::bigint as supply,
          coalesce(sum(planned - posted - cancelled) filter (where direction = 'demand'), 0)::bigint as demand
        from planned_move
        where site_id = ${site} and item_id = ${item} and owner_id = ${owner} and planned - posted - cancelled > 0 and status <> 'proposed'
          and due_on < ${addDays(today, ahead)}::date
        group by due_on`),
    ])
    const onHand = there?.quantity ?? 0
    return { sku, onHand, behind: daysBehind(today, behind, onHand, moved), ahead: daysAhead(today, ahead, onHand, planned) }
  },
} satisfies Partial<Readers>
