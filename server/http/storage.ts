// Storage over HTTP: goods to their bins, pick lists, packages.

import type { Day } from '../../core/calendar.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import type { PlaceId } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { ssccPrefixOf } from '../../core/sscc.ts'
import { weight } from '../../core/weight.ts'
import { sql, type Statement } from '../db.ts'
import { instantOf, itemOf, placeOf, siteOf, type Call, type Readers, type Sent, type Writers } from './call.ts'
import { about, orderOf } from './order.ts'
import { keyIn, pageOf, type Key } from './page.ts'

interface Goods {
  readonly site: string
  readonly sku: string
  readonly quantity: number
  readonly from: string
  readonly to?: string | undefined
  readonly lot: string
  readonly serial: string
  readonly condition: 'sellable' | 'quarantine' | 'damaged' | 'expired'
  readonly movedAt?: string | undefined
}

async function relocation(call: Call<Goods>): Promise<Sent | Refusal> {
  const { sku, from: fromCode, to: wanted, lot, serial, condition, movedAt } = call.body
  const site = await siteOf(call, call.body.site)
  if (isRefusal(site)) return site
  const item = await itemOf(call, sku)
  if (isRefusal(item)) return item
  const from = await placeOf(call, site.site, fromCode, 'from')
  if (isRefusal(from)) return from
  const suggested = wanted === undefined ? await suggestBin(call, site.site, item.item) : { place: wanted }
  if (isRefusal(suggested)) return suggested
  const to = await placeOf(call, site.site, suggested.place, 'to')
  if (isRefusal(to)) return to
  return {
    site: site.site,
    command: {
      kind: 'relocate',
      document: call.context.newId(),
      item: item.item,
      quantity: quantity(call.body.quantity),
      from,
      to,
      toCode: suggested.place,
      lot,
      serial,
      condition,
      movedAt: instantOf(call, movedAt),
    },
  }
}

/** As the site is at this moment: two who ask at once may be sent to the same empty bin, which does no harm. */
async function suggestBin(
  { context }: Pick<Call, 'context'>,
  site: SiteId,
  item: ItemId,
): Promise<{ readonly place: string; readonly reason: 'same_item' | 'empty' } | Refusal> {
  const [same] = await context.database.query<{ place: string }>(sql`
    select p.code as place from stock s join place p on p.site_id = s.site_id and p.place_id = s.place_id
    where s.site_id = ${site} and s.item_id = ${item} and s.quantity > 0 and p.kind = 'bin'
    order by p.walk_order, p.place_id limit 1`)
  if (same) return { place: same.place, reason: 'same_item' }
  const [empty] = await context.database.query<{ place: string }>(sql`
    select p.code as place from place p
    where p.site_id = ${site} and p.kind = 'bin' and not exists (select from stock s where s.site_id = ${site} and s.place_id = p.place_id)
    order by p.walk_order, p.place_id limit 1`)
  return empty ? { place: empty.place, reason: 'empty' } : refuse('no_bin_free', 'to', 'The item stands in no bin, and no bin is empty.')
}

const cut = <Line extends { readonly quantity: number }>(lines: readonly Line[]) =>
  lines.map((line) => ({ ...line, quantity: quantity(line.quantity) }))

export const storageWriters = {
  putAway: (call) => relocation(call),
  relocate: (call) => relocation(call),
  packOrder: async (call) => {
    const { carton, weighed, packedAt, lines } = call.body
    const sent = await about(call, call.body.site, (order) => ({
      kind: 'pack',
      order,
      ssccPrefix: '',
      carton: weight(carton),
      weighed: weighed === undefined ? null : weight(weighed),
      packedAt: instantOf(call, packedAt),
      lines: lines === undefined ? null : cut(lines),
    }))
    if (isRefusal(sent) || sent.command.kind !== 'pack') return sent
    const { site, ssccPrefix } = await call.context.catalog.site(sent.site)
    return { ...sent, command: { ...sent.command, ssccPrefix: ssccPrefixOf(site, ssccPrefix) } }
  },
  unpackOrder: (call) =>
    about(call, call.body.site, (order) => ({
      kind: 'unpack',
      order,
      package: call.body.package,
      unpackedAt: instantOf(call, call.body.unpackedAt),
    })),
} satisfies Partial<Writers>

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
  select a.document_id as document, h.code || '-' || o.number as "order", a.line, a.part, i.sku, p.code as place, p.aisle, p.rack, p.level, a.lot, a.serial,
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

export const storageReaders = {
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
      picksWhere(sql`p.site_id = ${site.site} and a.site_id = ${site.site} and p.kind <> 'packing'
      and (p.walk_order, p.place_id, a.document_id, a.line, a.part, a.lot, a.serial, a.package)
        > (${walk}::bigint, ${place}::int, ${document}::uuid, ${line}::int, ${part}::int, ${lot}::text, ${serial}::text, ${sscc}::text)
      order by p.walk_order, p.place_id, a.document_id, a.line, a.part, a.lot, a.serial, a.package
      limit ${limit + 1}`),
    )
    const keyOf = (row: PickRow): Key => [row.walk, row.placeId, row.document, row.line, row.part, row.lot, row.serial, row.package]
    return pageOf(rows, limit, keyOf, tellPick)
  },
  listOrderPicks: async (call) => {
    const found = await orderOf(call, call.query.site)
    if (isRefusal(found)) return found
    const rows = await call.context.database.query<PickRow>(
      picksWhere(sql`a.site_id = ${found.site} and p.site_id = ${found.site} and a.document_id = ${found.order} and p.kind <> 'packing'
      order by p.walk_order, p.place_id, a.line, a.part, a.lot, a.serial, a.package`),
    )
    return { rows: rows.map(tellPick) }
  },
} satisfies Partial<Readers>
