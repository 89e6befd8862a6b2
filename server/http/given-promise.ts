// Given promises of an order, as they are told: those that are kept as rows, and for every other line the plain one that its row says; and the kits that
// were sold in it.

import type { Day, Instant } from '../../core/calendar.ts'
import type { Confidence, PromiseReason } from '../../core/given-promise.ts'
import type { Site } from '../../core/party.ts'
import type { Quantity } from '../../core/quantity.ts'
import { sql, type Connection, type Database } from '../db.ts'
import { askedColumn } from './units.ts'

export interface ToldPromise {
  readonly line: number
  readonly givenAt: Instant
  readonly quantity: Quantity
  readonly promised: Day | null
  readonly source: string
  readonly reason: PromiseReason
  readonly confidence: Confidence
  readonly insteadOf: string | null
  readonly because: string | null
}

/** In the order of the lines; what was promised anew comes after what was promised before. */
export const promisesOf = (database: Connection, { site }: Site, order: string): Promise<ToldPromise[]> =>
  database.query<ToldPromise>(sql`
    select l.line, coalesce(p.given_at, o.recorded_at) as "givenAt", coalesce(p.quantity, l.quantity) as quantity,
      case when p.line is null then l.promised_on else p.promised_on end as promised, s.code as source,
      coalesce(p.reason, case when l.promised_on is null then 'no_supply' else 'in_stock' end) as reason,
      coalesce(p.confidence, case when l.promised_on is null then 'none' else 'high' end) as confidence, a.sku as "insteadOf", p.because
    from order_line l
    join orders o on o.site_id = l.site_id and o.order_id = l.order_id
    left join promise p on p.site_id = l.site_id and p.order_id = l.order_id and p.line = l.line
    left join item a on a.item_id = p.asked_item_id
    join site s on s.site_id = coalesce(p.source_site_id, l.source_site_id)
    where l.site_id = ${site} and l.order_id = ${order}
    order by l.line, p.number`)

export const kitsOf = (database: Database, { site }: Site, order: string): Promise<object[]> =>
  database.query<object>(sql`
    select k.kit, i.sku, i.name, k.quantity, k.unit_price_minor as "unitPrice", ${askedColumn}
    from order_kit k
    join item i on i.item_id = k.item_id
    left join asked_in u on u.site_id = k.site_id and u.document_id = k.order_id and u.line = k.kit
    where k.site_id = ${site} and k.order_id = ${order} order by k.kit`)
