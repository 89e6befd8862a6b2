// Lately: of the company's staged data only the last days, moved so that they end on a given day, for who wants to see it at work in seconds and not in
// minutes. What the orders before them took is taken off the opening stock, so bicycles are as sold out as they were, and must be built.

import type { Day } from '../core/calendar.ts'
import { sql, type Session } from '../server/db.ts'

export interface Lately {
  /** All of them where it is left out. */
  readonly days?: number
  /** The day that the last of the data's days becomes. */
  readonly until: Day
}

export async function keepLately(session: Session, { days, until }: Lately): Promise<void> {
  const [row] = await session.query<{ last: Day }>(sql`select max(ordered_on) as last from import_order`)
  const { last } = row!
  if (days !== undefined) await leaveOut(session, last, days)
  await session.execute(sql`update import_order set ordered_on = ordered_on + (${until}::date - ${last}::date)`)
  await session.execute(sql`update import_line set ordered_on = ordered_on + (${until}::date - ${last}::date)`)
}

async function leaveOut(session: Session, last: Day, days: number): Promise<void> {
  // Bin by bin, as each row has so many of those that stand before and in it.
  await session.execute(sql`
    update import_stock s set quantity = greatest(least(s.quantity, t.upto - t.taken), 0)
    from (
      select n.row, sum(n.quantity) over (partition by n.sku order by n.row)::bigint as upto, o.taken
      from import_stock n
      join (
        select l.sku, sum(l.quantity)::bigint as taken from import_line l where l.ordered_on <= ${last}::date - ${days}::int group by l.sku
      ) o on o.sku = n.sku
    ) t
    where t.row = s.row`)
  await session.execute(sql`delete from import_stock where quantity = 0`)
  await session.execute(sql`delete from import_order where ordered_on <= ${last}::date - ${days}::int`)
  await session.execute(sql`delete from import_line where ordered_on <= ${last}::date - ${days}::int`)
}
