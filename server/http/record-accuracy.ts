// Record accuracy over HTTP: the items that chance put on sheets which are posted, each with what is known by now of how far off its record was.

import { addDays, startOf, textOf, type Day } from '../../core/calendar.ts'
import { recordAccuracy, type CountedRecord } from '../../core/plan/sampling/record-accuracy.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import { siteOf, todayOf, type Readers } from './call.ts'

const DAYS_BEHIND = 364
/** More are never drawn in years; beyond, the newest are told of. */
const ITEMS_MAX = 100_000

interface Row extends CountedRecord {
  readonly stretch: Day
  readonly isWhole: boolean
}

export const recordAccuracyReaders = {
  getRecordAccuracy: async (call) => {
    const at = await siteOf(call, call.query.site)
    if (isRefusal(at)) return at
    const { by, tolerancePerMillion, to = todayOf(call) } = call.query
    const from = call.query.from ?? addDays(to as Day, -DAYS_BEHIND)
    const rows = await call.context.database.query<Row>(sql`
      select date_trunc(${by}, h.posted_at at time zone 'UTC')::date as stretch, coalesce(bool_and(p.counted is not null), false) as "isWhole",
        coalesce(sum(p.counted - coalesce(c.difference, p.difference)), 0)::bigint as recorded,
        coalesce(sum(abs(coalesce(c.difference, p.difference))), 0)::bigint as off, e.unit_value_minor as "unitValue"
      from count_sheet h
      join count_prediction e on e.site_id = ${at.site} and e.sheet_id = h.sheet_id and e.drawn_by is not null
      left join count_position p on p.site_id = ${at.site} and p.sheet_id = h.sheet_id and p.item_id = e.item_id and p.owner_id = ${at.owner} and p.condition = 'sellable'
      left join position_count c on c.site_id = ${at.site} and c.document_id = p.sheet_id and c.line = p.line
      where h.site_id = ${at.site} and h.state = 'posted' and h.posted_at >= ${textOf(startOf(from as Day))}::timestamptz
        and h.posted_at < ${textOf(startOf(addDays(to as Day, 1)))}::timestamptz
      group by h.sheet_id, h.posted_at, e.item_id, e.unit_value_minor
      order by h.posted_at desc, h.sheet_id, e.item_id limit ${ITEMS_MAX}`)
    const whole = rows.filter((row) => row.isWhole)
    const stretches = [...Map.groupBy(whole, (row) => row.stretch)].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return {
      from,
      to,
      tolerancePerMillion,
      leftOut: rows.length - whole.length,
      ...recordAccuracy(whole, tolerancePerMillion),
      over: stretches.map(([stretch, some]) => ({ from: stretch, ...recordAccuracy(some, tolerancePerMillion) })),
    }
  },
} satisfies Partial<Readers>
