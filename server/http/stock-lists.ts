// What is there, as lists: stock rows, availability, the ledger, exceptions.

import type { Instant } from '../../core/calendar.ts'
import type { Site } from '../../core/party.ts'
import { maySee } from '../../core/principal.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { virtualPlaces } from '../../core/place.ts'
import { sql, type Statement } from '../db.ts'
import { doubtedBeside } from '../lane/doubted.ts'
import { namesOf } from './audit.ts'
import { itemOf, siteOf, told, type Call, type Readers } from './call.ts'
import { keyIn, pageOf, type Key } from './page.ts'
import { itemsMatching } from './search.ts'

interface Listed {
  readonly site: Site
  readonly after: Key | undefined
  readonly sku: string | null
  readonly limit: number
}

async function listed(call: Call, shape: readonly ('string' | 'number')[]): Promise<Listed | Refusal> {
  const { site: code, sku = null, cursor, limit } = call.query as { site: string; sku?: string; cursor?: string; limit: number }
  const site = await siteOf(call, code)
  if (isRefusal(site)) return site
  const after = keyIn(cursor, shape)
  return after !== undefined && isRefusal(after) ? after : { site, after, sku, limit }
}

interface StockRow {
  readonly itemId: number
  readonly ownerId: number
  readonly condition: string
  readonly placeId: number
  readonly lot: string
  readonly serial: string
  readonly package: string
}

const virtualCodes = JSON.stringify(Object.fromEntries(Object.entries(virtualPlaces).map(([code, place]) => [place, code])))

const ownSum = (of: Statement): Statement => sql`coalesce(sum(${of}) filter (where a.owner_id = s.owner_id), 0)::bigint`

/**
 * Stock rows, from an item on. Of one owner, item by item of those that he ever had there: a supplier's few are not looked for among all that
 * the site has.
 */
const stockOf = ({ site }: Site, owner: string | undefined, from: number): Statement =>
  owner === undefined
    ? sql`stock`
    : sql`(
        select t.* from (
          select v.site_id, v.item_id, v.owner_id from party w join item_value v on v.site_id = ${site} and v.owner_id = w.party_id
          where w.code = ${owner} and v.item_id >= ${from}::int order by v.owner_id, v.item_id) v
        cross join lateral (select * from stock k where k.site_id = v.site_id and k.item_id = v.item_id and k.owner_id = v.owner_id offset 0) t)`

export const stockReaders = {
  listStock: async (call) => {
    const list = await listed(call, ['number', 'number', 'string', 'number', 'string', 'string', 'string'])
    if (isRefusal(list)) return list
    const [item, owner, condition, place, lot, serial, sscc] = list.after ?? [0, 0, '', 0, '', '', '']
    const rows = await call.context.database.query<StockRow>(sql`
      select i.sku, i.name, o.code as owner, s.owner_id <> ${list.site.owner} as consigned, p.code as place, s.lot, s.serial, s.package, s.condition, s.quantity,
        s.allocated, s.item_id as "itemId", s.owner_id as "ownerId", s.place_id as "placeId"
      from ${stockOf(list.site, call.query.owner, Number(item))} s
      join item i on i.item_id = s.item_id join place p on p.site_id = s.site_id and p.place_id = s.place_id join party o on o.party_id = s.owner_id
      where s.site_id = ${list.site.site} and (${list.sku}::text is null or s.item_id = (select item_id from item where sku = ${list.sku}))
        and ${call.query.search === undefined ? sql`true` : sql`s.item_id in ${itemsMatching(call.query.search)}`}
        and ${call.query.place === undefined ? sql`true` : sql`p.code = ${call.query.place}`}
        and (s.item_id, s.owner_id, s.condition, s.place_id, s.lot, s.serial, s.package)
          > (${item}::int, ${owner}::int, ${condition}::text, ${place}::int, ${lot}::text, ${serial}::text, ${sscc}::text)
      order by s.item_id, s.owner_id, s.condition, s.place_id, s.lot, s.serial, s.package
      limit ${list.limit + 1}`)
    const keyOf = (row: StockRow): Key => [row.itemId, row.ownerId, row.condition, row.placeId, row.lot, row.serial, row.package]
    return pageOf(rows, list.limit, keyOf, ({ itemId: _item, ownerId: _owner, placeId: _place, ...row }) => row)
  },
  listAvailability: async (call) => {
    const list = await listed(call, ['number', 'number'])
    if (isRefusal(list)) return list
    const rows = await call.context.database.query<{ itemId: number; owner: number }>(sql`
      select i.sku, i.name, a.sellable, a.reserved, ${doubtedBeside} as doubted, greatest(a.sellable - a.reserved - ${doubtedBeside}, 0) as free, a.demand, a.supply,
        coalesce(c.sellable, 0)::bigint as consigned, a.next_expiry as "nextExpiry", a.item_id as "itemId", a.owner_id as owner
      from availability a join item i on i.item_id = a.item_id
      left join lateral (
        select sum(greatest(t.sellable, 0))::bigint as sellable from availability t
        where t.site_id = a.site_id and t.item_id = a.item_id and t.owner_id <> ${list.site.owner}) c on true
      where a.site_id = ${list.site.site} and a.owner_id = ${list.site.owner} and (${list.sku}::text is null or a.item_id = (select item_id from item where sku = ${list.sku}))
        and ${call.query.search === undefined ? sql`true` : sql`a.item_id in ${itemsMatching(call.query.search)}`}
        and (a.item_id, a.owner_id) > (${list.after?.[0] ?? 0}::int, ${list.after?.[1] ?? 0}::int)
      order by a.item_id, a.owner_id
      limit ${list.limit + 1}`)
    return pageOf(
      rows,
      list.limit,
      (row) => [row.itemId, row.owner],
      ({ itemId: _item, owner: _owner, ...row }) => row,
    )
  },
  listItemAvailability: async (call) => {
    const item = await itemOf(call, call.params.sku)
    if (isRefusal(item)) return item
    const seen = (await call.context.catalog.sites()).filter((one) => maySee(call.principal, one.site)).map((one) => one.site)
    const rows = await call.context.database.query<object>(sql`
      select s.code as site, s.name as "siteName", ${ownSum(sql`a.sellable`)} as sellable, ${ownSum(sql`a.reserved`)} as reserved,
        ${ownSum(doubtedBeside)} as doubted,
        ${ownSum(sql`greatest(a.sellable - a.reserved - ${doubtedBeside}, 0)`)} as free, ${ownSum(sql`a.demand`)} as demand, ${ownSum(sql`a.supply`)} as supply,
        coalesce(sum(greatest(a.sellable, 0)) filter (where a.owner_id <> s.owner_id), 0)::bigint as consigned,
        min(a.next_expiry) filter (where a.owner_id = s.owner_id) as "nextExpiry"
      from availability a join site s on s.site_id = a.site_id
      where a.site_id = any(${seen}::int[]) and a.item_id = ${item.item} -- every site: that the caller may see
      group by s.code, s.name order by s.code`)
    return { rows, next: null }
  },
  listMoves: async (call) => {
    const list = await listed(call, ['number'])
    if (isRefusal(list)) return list
    const newest = call.query.from === 'newest'
    const rows = await call.context.database.query<{ sequence: number; actor: string; occurredAt: Instant; recordedAt: Instant }>(sql`
      select m.sequence, i.sku, m.quantity, coalesce(f.code, ${virtualCodes}::json ->> m.from_place_id::text) as "from",
        coalesce(t.code, ${virtualCodes}::json ->> m.to_place_id::text) as "to", o.code as owner, b.code as "fromOwner", m.from_condition as "fromCondition", m.to_condition as "toCondition",
        m.to_lot as lot, m.to_serial as serial, m.cause, m.document_id as document, m.line, m.actor, m.value_minor as value,
        m.occurred_at as "occurredAt", m.recorded_at as "recordedAt", encode(m.hash, 'hex') as hash
      from move m
      join item i on i.item_id = m.item_id
      join party o on o.party_id = m.to_owner_id
      join party b on b.party_id = m.from_owner_id
      left join place f on f.site_id = m.site_id and f.place_id = m.from_place_id
      left join place t on t.site_id = m.site_id and t.place_id = m.to_place_id
      where m.site_id = ${list.site.site} and ${newest ? sql`m.sequence < ${list.after?.[0] ?? Number.MAX_SAFE_INTEGER}` : sql`m.sequence > ${list.after?.[0] ?? 0}`}
        and (${list.sku}::text is null or m.item_id = (select item_id from item where sku = ${list.sku}))
      order by m.sequence ${newest ? sql`desc` : sql`asc`}
      limit ${list.limit + 1}`)
    const names = await namesOf(call.context.database, rows)
    return pageOf(
      rows,
      list.limit,
      (row) => [row.sequence],
      (row) => told({ ...row, actor: names.get(row.actor) ?? row.actor }, ['occurredAt', 'recordedAt']),
    )
  },
} satisfies Partial<Readers>
