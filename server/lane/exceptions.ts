// Exceptions in the lane: one that somebody answers, with whom it hurts; and whom those hurt that are raised now.

import type { SiteId } from '../../core/item.ts'
import type { ExceptionHurt } from '../../core/order.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'
import { alike } from './rows.ts'

/** Exceptions by their ids, whom they hurt, and what those were promised later. */
export async function readExceptions(into: Into, site: SiteId, exceptions: readonly string[]): Promise<void> {
  if (exceptions.length === 0) return
  await Promise.all([
    into(
      'exception',
      sql`
      select ${exceptionColumns} from exception where site_id = ${site} and exception_id = any(${exceptions}::uuid[])`,
    ),
    into(
      'hurt',
      sql`
      select exception_id as exception, order_id as "order", line, quantity, promised_on as promised, estimated_on as estimate
      from exception_hurt where site_id = ${site} and exception_id = any(${exceptions}::uuid[])`,
    ),
    into(
      'laterPromise',
      promisesWhere(sql`site_id = ${site} and order_id = any(array(
      select order_id from exception_hurt where site_id = ${site} and exception_id = any(${exceptions}::uuid[])))`),
    ),
  ])
}

/** A row as core/order.ts has it. */
export const exceptionColumns: Statement = sql`
  exception_id as exception, kind, item_id as item, document_id as document, line, quantity, detail, raised_at as "raisedAt", place_id as place,
  closed_at as "closedAt"`

export const promisesWhere = (condition: Statement): Statement => sql`
  select order_id as "order", line, number, promised_on as promised, promised_at as "promisedAt", exception_id as exception
  from later_promise where ${condition} order by number`

/** Thousands at once, of one exception and mostly expected on one day. */
export const insertHurts = (site: SiteId, rows: readonly ExceptionHurt[]): Statement[] =>
  alike(rows, (row) => [row.exception, row.estimate]).map((group) => {
    const { exception, estimate } = group[0]!
    return sql`
      insert into exception_hurt (site_id, exception_id, order_id, line, quantity, promised_on, estimated_on)
      select ${site}, ${exception}, t.*, ${estimate}::date from unnest(
        ${group.map((row) => row.order)}::uuid[], ${group.map((row) => row.line)}::int[], ${group.map((row) => row.quantity)}::bigint[],
        ${group.map((row) => row.promised)}::date[]) t`
  })
