// What is to be picked, packed and shipped at a site, as it is read: bin by bin as one walks, order by order, and one order's own list.

import type { Day, Instant } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { canNow } from '../../core/order-hold.ts'
import { orderState, type OrderAction } from '../../core/order.ts'
import type { PickStage } from '../../core/pick-stage.ts'
import { standardPlaces, type PlaceId } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql, type Database, type Statement } from '../db.ts'
import { itemOf, siteOf, told, type Readers } from './call.ts'
import { orderOf } from './order-of.ts'
import { keyIn, pageOf, type Key } from './page.ts'
import { suggestBin } from './storage.ts'

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** How much of what is set aside is where, of the allocations `a` of one document. */
const picked = sql`
  coalesce(sum(a.quantity) filter (where a.place_id <> ${standardPlaces.packing}), 0)::bigint as "toPick",
  coalesce(sum(a.quantity) filter (where a.place_id = ${standardPlaces.packing} and a.package = ''), 0)::bigint as loose,
  coalesce(sum(a.quantity) filter (where a.place_id = ${standardPlaces.packing} and a.package <> ''), 0)::bigint as packed`

const atStage: Readonly<Record<PickStage, Statement>> = {
  to_pick: sql`bool_or(a.place_id <> ${standardPlaces.packing})`,
  to_pack: sql`bool_and(a.place_id = ${standardPlaces.packing}) and bool_or(a.package = '')`,
  to_ship: sql`bool_and(a.place_id = ${standardPlaces.packing} and a.package <> '')`,
}

const onTheFloor: readonly OrderAction[] = ['pick', 'pack', 'unpack', 'ship']

/** Where an order stands at a site, and what may be done there: the same question that the lane asks (`stateOf` in core/flow/order.ts). */
async function standing(database: Database, site: SiteId, order: string) {
  const [row] = await database.query<Standing>(sql`
    select g."toPick", g.loose, g.packed, m.open, m.held, l.elsewhere, l.shipped, l.delivered, l.came_back as "cameBack", c.is_collected as "isCollected",
      c.is_ready as "isReady"
    from (select ${picked} from allocation a where a.site_id = ${site} and a.document_id = ${order}) g
    cross join (
      select coalesce(sum(planned - posted - cancelled), 0)::bigint as open, coalesce(sum(held), 0)::bigint as held
      from planned_move where site_id = ${site} and document_id = ${order} and hold_expires_at is null) m
    cross join (
      select coalesce(sum(quantity - cancelled - shipped) filter (where source_site_id <> ${site}), 0)::bigint as elsewhere,
        coalesce(sum(shipped), 0)::bigint as shipped, coalesce(sum(delivered), 0)::bigint as delivered, coalesce(sum(came_back), 0)::bigint as came_back
      from order_line where site_id = ${site} and order_id = ${order}) l
    cross join (
      select count(*) > 0 as is_collected, count(ready_at) > 0 as is_ready from collection where site_id = ${site} and order_id = ${order}) c`)
  const { toPick, loose, packed, open, held, elsewhere, shipped, delivered, cameBack, isCollected, isReady } = row!
  const state = orderState(
    [{ shipped: quantity(shipped), delivered: quantity(delivered), cameBack: quantity(cameBack) }],
    {
      open: quantity(open + elsewhere),
      held: quantity(held + elsewhere),
      allocated: quantity(toPick + loose + packed + elsewhere),
      picked: quantity(loose + packed + elsewhere),
      packed: quantity(packed + elsewhere),
    },
    isReady,
  )
  const can = canNow(state, [], isCollected).filter((action) => onTheFloor.includes(action))
  return { can, waiting: open - held, toPick, loose, packed }
}

interface Standing {
  readonly toPick: number
  readonly loose: number
  readonly packed: number
  readonly open: number
  readonly held: number
  readonly elsewhere: number
  readonly shipped: number
  readonly delivered: number
  readonly cameBack: number
  readonly isCollected: boolean
  readonly isReady: boolean
}

interface PickRow {
  readonly walk: number
  readonly placeId: PlaceId
  readonly document: string
  readonly line: number
  readonly part: number
  readonly lot: string
  readonly serial: string
  readonly package: string
  readonly expiresOn: Day | null
}

/** What is set aside and does not stand at packing yet. */
const picksWhere = (condition: Statement): Statement => sql`
  select a.document_id as document, h.code || '-' || o.number as "order", a.line, a.part, i.sku, i.name, p.code as place, p.aisle, p.rack, p.level, a.lot, a.serial,
    a.package, l.expires_on as "expiresOn", a.quantity, p.walk_order as walk, a.place_id as "placeId"
  from allocation a
  join place p on p.site_id = a.site_id and p.place_id = a.place_id
  join planned_move m on m.site_id = a.site_id and m.document_id = a.document_id and m.line = a.line and m.part = a.part
  join item i on i.item_id = a.item_id
  join site h on h.site_id = m.home_site_id
  left join orders o on o.site_id = m.home_site_id and o.order_id = a.document_id
  left join lot l on l.site_id = a.site_id and l.item_id = a.item_id and l.lot = a.lot
  where ${condition}`

const tellPick = ({ walk: _walk, placeId: _place, document: _document, part: _part, ...row }: PickRow): object => row

export const pickReaders = {
  suggestBin: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.query.sku)
    return isRefusal(item) ? item : suggestBin(call, site.site, item.item)
  },
  listPicks: async (call) => {
    const { site: code, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['number', 'number', 'uuid', 'number', 'number', 'string', 'string', 'string'])
    if (after !== undefined && isRefusal(after)) return after
    const [walk, place, document, line, part, lot, serial, sscc] = after ?? [-1, 0, '00000000-0000-0000-0000-000000000000', 0, 0, '', '', '']
    const rows = await call.context.database.query<PickRow>(
      picksWhere(sql`p.site_id = ${site.site} and a.site_id = ${site.site} and p.kind <> 'packing' and p.walk_order >= ${walk}::bigint
      and (p.walk_order, p.place_id, a.document_id, a.line, a.part, a.lot, a.serial, a.package)
        > (${walk}::bigint, ${place}::int, ${document}::uuid, ${line}::int, ${part}::int, ${lot}::text, ${serial}::text, ${sscc}::text)
      order by p.walk_order, p.place_id, a.document_id, a.line, a.part, a.lot, a.serial, a.package
      limit ${limit + 1}`),
    )
    const keyOf = (row: PickRow): Key => [row.walk, row.placeId, row.document, row.line, row.part, row.lot, row.serial, row.package]
    return pageOf(rows, limit, keyOf, tellPick)
  },
  listPickLists: async (call) => {
    const { site: code, stage, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<{ id: string }>(sql`
      select t.id, h.code || '-' || o.number as "order", c.name as customer, m.due, m.priority, t.lines, w.code as first, t."toPick", t.loose, t.packed
      from (
        select a.document_id as id, count(distinct a.line) as lines, ${picked}
        from allocation a
        where a.site_id = ${site.site} and a.document_id > ${String(after?.[0] ?? FIRST_ID)}::uuid
        group by a.document_id having ${stage === undefined ? sql`true` : atStage[stage]}
        order by a.document_id limit ${limit + 1}) t
      cross join lateral (
        select min(p.due_on) as due, min(p.priority) as priority, min(p.home_site_id) as home_id
        from planned_move p where p.site_id = ${site.site} and p.document_id = t.id and p.planned - p.posted - p.cancelled > 0) m
      join site h on h.site_id = m.home_id
      join orders o on o.site_id = m.home_id and o.order_id = t.id
      join party c on c.party_id = o.customer_id
      left join lateral (
        select p.code from allocation b join place p on p.site_id = b.site_id and p.place_id = b.place_id
        where b.site_id = ${site.site} and b.document_id = t.id and b.place_id <> ${standardPlaces.packing}
        order by p.walk_order, p.place_id limit 1) w on true
      order by t.id`)
    return pageOf(
      rows,
      limit,
      (row) => [row.id],
      ({ id: _id, ...row }) => row,
    )
  },
  listPutBacks: async (call) => {
    const { site: code, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['number', 'number', 'string', 'string', 'string'])
    if (after !== undefined && isRefusal(after)) return after
    const [item, owner, lot, serial, sscc] = after ?? [0, 0, '', '', '']
    const rows = await call.context.database.query<{ itemId: number; owner: number; lot: string; serial: string; package: string }>(sql`
      select i.sku, i.name, s.lot, s.serial, s.package, h.code || '-' || o.number as "order", s.quantity - s.allocated as quantity, s.item_id as "itemId",
        s.owner_id as owner
      from stock s
      join item i on i.item_id = s.item_id
      left join package g on g.site_id = s.site_id and g.sscc = s.package
      left join lateral (
        select p.home_site_id from planned_move p where p.site_id = ${site.site} and p.document_id = g.order_id limit 1) m on true
      left join site h on h.site_id = m.home_site_id
      left join orders o on o.site_id = m.home_site_id and o.order_id = g.order_id
      where s.site_id = ${site.site} and s.place_id = ${standardPlaces.packing} and s.condition = 'sellable' and s.quantity > s.allocated
        and (s.item_id, s.owner_id, s.lot, s.serial, s.package) > (${item}::int, ${owner}::int, ${lot}::text, ${serial}::text, ${sscc}::text)
      order by s.item_id, s.owner_id, s.lot, s.serial, s.package limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.itemId, row.owner, row.lot, row.serial, row.package],
      ({ itemId: _item, owner: _owner, ...row }) => row,
    )
  },
  listOrderPicks: async (call) => {
    const found = await orderOf(call, call.query.site)
    if (isRefusal(found)) return found
    const { database, catalog } = call.context
    const [rows, stands, packages, { code }] = await Promise.all([
      database.query<PickRow>(
        picksWhere(sql`a.site_id = ${found.site} and p.site_id = ${found.site} and a.document_id = ${found.order} and p.kind <> 'packing'
        order by p.walk_order, p.place_id, a.line, a.part, a.lot, a.serial, a.package`),
      ),
      standing(database, found.site, found.order),
      database.query<{ packedAt: Instant }>(sql`
        select g.sscc, g.packed_at as "packedAt", coalesce(g.weighed_mg, g.carton_mg + n.weight) as weight, n.quantity
        from package g
        cross join lateral (
          select coalesce(sum(a.quantity), 0)::bigint as quantity,
            case when bool_and(i.weight_mg is not null) then sum(a.quantity * i.weight_mg)::bigint end as weight
          from allocation a join item i on i.item_id = a.item_id
          where a.site_id = g.site_id and a.document_id = g.order_id and a.package = g.sscc) n
        where g.site_id = ${found.site} and g.order_id = ${found.order} and g.opened_at is null and g.shipment_id is null
        order by g.number`),
      catalog.site(found.site),
    ])
    return {
      order: call.params.number,
      site: code,
      ...stands,
      can: stands.can.filter((action) => action !== 'unpack' || packages.length > 0),
      rows: rows.map(tellPick),
      packages: packages.map((one) => told(one, ['packedAt'])),
    }
  },
} satisfies Partial<Readers>
