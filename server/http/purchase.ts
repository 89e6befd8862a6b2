// Purchases over HTTP: what suppliers sell, what is ordered of them, and when the rest is expected.

import { addDays, dayOf, type Day, type Instant } from '../../core/calendar.ts'
import type { ItemId, PartyId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import type { Site } from '../../core/party.ts'
import { virtualPlaces } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { tagOfOffer, type SupplierItem } from '../../core/supplier-item.ts'
import { sql, type Statement } from '../db.ts'
import { instantOf, itemLines, partyOf, siteOf, toControl, told, type Call, type Readers, type Sent, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { askedColumn, askedLines, countedIn } from './units.ts'
import type { Command } from '../stages.ts'

/** A command about a purchase or work order of a site. */
export async function aboutDocument(
  call: Call<{ readonly site: string }, unknown, { readonly id: string }>,
  make: (id: string) => Command,
): Promise<Sent | Refusal> {
  const site = await siteOf(call, call.body.site)
  return isRefusal(site) ? site : { site: site.site, command: make(call.params.id) }
}

/** What a supplier offers of these items. */
export async function offersBy(
  { context }: Pick<Call, 'context'>,
  supplier: PartyId,
  items: readonly ItemId[],
): Promise<ReadonlyMap<ItemId, SupplierItem>> {
  const rows = await context.database.query<SupplierItem>(sql`
    select item_id as item, supplier_id as supplier, price_minor as price, lead_time_days as "leadTimeDays", order_minimum as minimum,
      order_multiple as multiple, preferred
    from supplier_item where supplier_id = ${supplier} and item_id = any(${items}::int[])`)
  return new Map(rows.map((row) => [row.item, row]))
}

export const purchaseWriters = {
  setSupplierItems: async (call) => {
    const asked = await itemLines(call, call.body.offers)
    if (isRefusal(asked)) return { ...asked, subject: asked.subject.replace('lines', 'offers') }
    const offers: SupplierItem[] = []
    for (const { line, item, asked: offer } of asked) {
      const supplier = await partyOf(call, offer.supplier, 'supplier', `offers/${line}/supplier`)
      if (isRefusal(supplier)) return supplier
      const { leadTimeDays } = offer
      if (leadTimeDays === undefined) {
        return refuse('lead_time_missing', `offers/${line}/leadTimeDays`, `How many days does ${supplier.code} take for ${item.sku}?`)
      }
      const path = `offers/${line}`
      const minimum = await countedIn(call, item, offer.minimum, { unit: offer.unit, path, field: 'minimum' })
      if (isRefusal(minimum)) return minimum
      const multiple = await countedIn(call, item, offer.multiple, { unit: offer.unit, path, field: 'multiple' })
      if (isRefusal(multiple)) return multiple
      offers.push({
        item: item.item,
        supplier: supplier.party,
        price: money(offer.price),
        leadTimeDays,
        minimum,
        multiple,
        preferred: offer.preferred,
      })
    }
    return toControl({ kind: 'setSupplierItems', offers, ifMatch: call.body.offers.map((offer) => offer.ifMatch ?? null) })
  },
  purchase: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const asked = await askedLines(call, call.body.lines)
    if (isRefusal(asked)) return asked
    const supplier = await partyOf(call, call.body.supplier, 'supplier', 'supplier')
    if (isRefusal(supplier)) return supplier
    const offers = await offersBy(
      call,
      supplier.party,
      asked.map((line) => line.item.item),
    )
    const orderedAt = instantOf(call, call.body.orderedAt)
    const lines = []
    for (const { line, item, asked: wanted, inUnit } of asked) {
      const offer = offers.get(item.item)
      const due = (wanted.due as Day | undefined) ?? (offer && addDays(dayOf(orderedAt), offer.leadTimeDays))
      if (due === undefined)
        return refuse('lead_time_missing', `lines/${line}/due`, `When is it due? ${supplier.code} has no lead time for ${item.sku}.`)
      const unitPrice = wanted.unitPrice === undefined ? (offer?.price ?? item.standardCost) : money(wanted.unitPrice)
      lines.push({ line, item: item.item, quantity: quantity(wanted.quantity), unitPrice, due, ...(inUnit && { inUnit }) })
    }
    return { site: site.site, command: { kind: 'purchase', purchase: call.context.newId(), supplier: supplier.party, orderedAt, lines } }
  },
  redatePurchase: (call) =>
    aboutDocument(call, (purchase) => ({
      kind: 'redatePurchase',
      purchase,
      lines: call.body.lines.map(({ line, due }) => ({ line, due: due as Day })),
    })),
  cancelPurchase: (call) =>
    aboutDocument(call, (purchase) => ({ kind: 'cancelPurchase', purchase, lines: call.body.lines?.map((line) => ({ line })) ?? null })),
} satisfies Partial<Writers>

interface PurchaseRow {
  readonly id: string
  readonly orderedAt: Instant
  readonly recordedAt: Instant
}

const purchasesWhere = (condition: Statement): Statement => sql`
  select o.purchase_id as id, p.code as supplier, p.name as "supplierName", o.ordered_at as "orderedAt", o.recorded_at as "recordedAt", l.lines, l.value,
    m.open, m.expected
  from purchase o join party p on p.party_id = o.supplier_id
  cross join lateral (
    select count(*) as lines, coalesce(sum((a.quantity - a.cancelled) * a.unit_price_minor), 0)::bigint as value
    from purchase_line a where a.site_id = o.site_id and a.purchase_id = o.purchase_id) l
  cross join lateral (
    select coalesce(sum(b.planned - b.posted - b.cancelled), 0)::bigint as open,
      min(b.due_on) filter (where b.planned - b.posted - b.cancelled > 0) as expected
    from planned_move b where b.site_id = o.site_id and b.document_id = o.purchase_id) m
  where ${condition}`

/** A page of a site's documents, newest first; `rowsWhere` reads those that come after the cursor. */
export async function newestFirst<Row extends { readonly id: string; readonly recordedAt: Instant }>(
  call: Call,
  rowsWhere: (after: { readonly site: Site; readonly at: string; readonly id: string; readonly limit: number }) => Statement,
  tell: (site: Site, row: Row) => object,
): Promise<object | Refusal> {
  const { site: code, cursor, limit } = call.query as { site: string; cursor?: string; limit: number }
  const site = await siteOf(call, code)
  if (isRefusal(site)) return site
  const after = keyIn(cursor, ['number', 'string'])
  if (after !== undefined && isRefusal(after)) return after
  const at = after === undefined ? 'infinity' : new Date(Number(after[0])).toISOString()
  const rows = await call.context.database.query<Row>(rowsWhere({ site, at, id: String(after?.[1] ?? LAST_ID), limit: limit + 1 }))
  return pageOf(
    rows,
    limit,
    (row) => [row.recordedAt, row.id],
    (row) => tell(site, row),
  )
}

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

export const purchaseReaders = {
  listSupplierItems: async (call) => {
    const { sku = null, cursor, limit } = call.query as { sku?: string; cursor?: string; limit: number }
    const after = keyIn(cursor, ['number', 'number'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<Omit<SupplierItem, 'item' | 'supplier'> & { itemId: number; supplierId: number }>(sql`
      select i.sku, p.code as supplier, s.price_minor as price, s.lead_time_days as "leadTimeDays", s.order_minimum as minimum,
        s.order_multiple as multiple, s.preferred, s.item_id as "itemId", s.supplier_id as "supplierId"
      from supplier_item s join item i on i.item_id = s.item_id join party p on p.party_id = s.supplier_id
      where (${sku}::text is null or s.item_id = (select item_id from item where sku = ${sku}))
        and (s.item_id, s.supplier_id) > (${after?.[0] ?? 0}::int, ${after?.[1] ?? 0}::int)
      order by s.item_id, s.supplier_id limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.itemId, row.supplierId],
      ({ itemId: _item, supplierId: _supplier, ...row }) => ({ ...row, tag: tagOfOffer(row) }),
    )
  },
  listPurchases: (call) =>
    newestFirst<PurchaseRow>(
      call,
      ({ site, at, id, limit }) =>
        purchasesWhere(sql`o.site_id = ${site.site} and (o.recorded_at, o.purchase_id) < (${at}::timestamptz, ${id}::uuid)
          order by o.recorded_at desc, o.purchase_id desc limit ${limit}`),
      tellPurchase,
    ),
  getPurchase: async (call) => {
    const { id } = call.params
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { database } = call.context
    const [[row], lines] = await Promise.all([
      database.query<PurchaseRow>(purchasesWhere(sql`o.site_id = ${site.site} and o.purchase_id = ${id}`)),
      database.query(sql`
        select l.line, i.sku, i.name, l.quantity, l.unit_price_minor as "unitPrice", l.due_on as due, m.due_on as expected, l.received, l.rejected, l.cancelled,
          m.planned - m.posted - m.cancelled as open, m.pegged, ${site.code}::text || '-' || o.number as "order", l.order_line as "orderLine",
          m.to_place_id = ${virtualPlaces.customer} as direct, ${askedColumn}
        from purchase_line l join item i on i.item_id = l.item_id
        join planned_move m on m.site_id = l.site_id and m.document_id = l.purchase_id and m.line = l.line
        left join orders o on o.site_id = l.site_id and o.order_id = l.order_id
        left join asked_in u on u.site_id = l.site_id and u.document_id = l.purchase_id and u.line = l.line
        where l.site_id = ${site.site} and l.purchase_id = ${id} order by l.line`),
    ])
    return row === undefined ? refuse('purchase_not_known', 'id', 'The site has no such purchase.') : { ...tellPurchase(site, row), lines }
  },
} satisfies Partial<Readers>

const tellPurchase = (site: Site, row: PurchaseRow): object => ({ ...told(row, ['orderedAt', 'recordedAt']), site: site.code })
