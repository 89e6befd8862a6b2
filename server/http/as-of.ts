// As of, over HTTP: stock and value as they were, by what is known now or was known then, and the periods that are closed.

import { addDays, instant, startOf, textOf, type Day, type Instant } from '../../core/calendar.ts'
import type { ItemId } from '../../core/item.ts'
import type { Site } from '../../core/party.ts'
import { isRefusal } from '../../core/refusal.ts'
import { asOf } from '../as-of.ts'
import { sql, type Statement } from '../db.ts'
import { directionFor, firstRecorded, valueOn } from '../lane/as-of.ts'
import { instantOf, itemOf, siteOf, told, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

export const periodWriters = {
  closePeriod: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    return { site: site.site, command: { kind: 'closePeriod', document: call.context.newId(), through: call.body.through as Day } }
  },
} satisfies Partial<Writers>

export const asOfReaders = {
  listValues: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const after = keyIn(call.query.cursor, ['number'])
    if (after !== undefined && isRefusal(after)) return after
    const on = call.query.on as Day
    const { database } = call.context
    const [rows, [total]] = await Promise.all([
      database.query<{ itemId: ItemId }>(valuesOn(site, on, Number(after?.[0] ?? 0), call.query.limit)),
      database.query<{ value: string; closed: boolean }>(sql`
        select ${valueOn(site.site, on)}::text as value, coalesce(h.closed_through >= ${on}::date, false) as closed from site_head h where h.site_id = ${site.site}`),
    ])
    const listed = pageOf(
      rows,
      call.query.limit,
      (row) => [row.itemId],
      ({ itemId: _item, ...row }) => row,
    )
    return { ...listed, on, value: Number(total!.value), closed: total!.closed }
  },
  getStockAsOf: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.params.sku)
    if (isRefusal(item)) return item
    const { sequence, knownAt } = call.query
    const at = instantOf(call, call.query.at)
    const known = { sequence, at: knownAt === undefined ? undefined : instant(Date.parse(knownAt)) }
    return { sku: item.sku, at: textOf(at), ...(await asOf(call.context.database, { site, item: item.item, at, known })) }
  },
  listPeriods: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const before = keyIn(call.query.cursor, ['string'])
    if (before !== undefined && isRefusal(before)) return before
    const rows = await call.context.database.query<{ through: Day; value: string; closedAt: Instant }>(sql`
      select closed_through as through, value_minor::text as value, move_sequence as sequence, closed_at as "closedAt", document_id as document
      from period
      where site_id = ${site.site} and closed_through < ${String(before?.[0] ?? 'infinity')}::date
      order by closed_through desc limit ${call.query.limit + 1}`)
    return pageOf(
      rows,
      call.query.limit,
      (row) => [row.through],
      (row) => told({ ...row, value: Number(row.value) }, ['closedAt']),
    )
  },
} satisfies Partial<Readers>

/** Items that a site ever had, a page at a time, with what came after the day taken off again. */
function valuesOn({ site, owner }: Site, on: Day, after: number, limit: number): Statement {
  const next = startOf(addDays(on, 1))
  return sql`
    with late (sequence) as materialized (select ${firstRecorded(site, next)})
    select i.sku, i.name, v.method, v.quantity - coalesce(m.quantity, 0) as quantity, v.value_minor - coalesce(m.value_minor, 0) - coalesce(c.amount_minor, 0) as value,
      v.item_id as "itemId"
    from (
      select * from item_value where site_id = ${site} and owner_id = ${owner} and item_id > ${after}::int order by item_id limit ${limit + 1}
    ) v
    join item i on i.item_id = v.item_id
    left join lateral (
      select sum(m.quantity * ${directionFor(owner)})::bigint as quantity, sum(m.value_minor * ${directionFor(owner)})::bigint as value_minor
      from move m
      where m.site_id = v.site_id and m.item_id = v.item_id and m.sequence >= (select sequence from late) and m.occurred_at >= ${textOf(next)}::timestamptz
    ) m on true
    left join lateral (
      select sum(c.amount_minor)::bigint as amount_minor from value_correction c
      where c.site_id = v.site_id and c.item_id = v.item_id and c.owner_id = v.owner_id and c.counts_on > ${on}::date
    ) c on true
    order by v.item_id`
}
