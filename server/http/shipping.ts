// Shipping over HTTP: services and their offers, shipments and what is told of them.

import type { Day, Instant } from '../../core/calendar.ts'
import { offersFor, type CarrierService } from '../../core/carrier.ts'
import type { SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { weightOf } from '../../core/package.ts'
import { standardPlaces } from '../../core/place.ts'
import { quantity, type Quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { sumOfWeights, weight, weightTimes, type Weight } from '../../core/weight.ts'
import { sql, type Database, type Statement } from '../db.ts'
import { servicesSelected } from '../lane/master.ts'
import { instantOf, siteOf, toControl, todayOf, told, type Call, type Readers, type Writers } from './call.ts'
import { about, orderOf } from './order-of.ts'
import { keyIn, pageOf } from './page.ts'

/** The order of a shipment that left this site. */
async function shipmentOrder(call: Call, site: SiteId, shipment: string): Promise<string | Refusal> {
  const [row] = await call.context.database.query<{ order: string }>(sql`
    select order_id as "order" from shipment where site_id = ${site} and shipment_id = ${shipment}`)
  return row?.order ?? refuse('shipment_not_known', 'id', `There is no shipment ${shipment} from this site.`)
}

export const shippingWriters = {
  createServices: async ({ body }) =>
    toControl({ kind: 'createServices', services: body.services.map((one) => ({ ...one, minimum: money(one.minimum), rate: money(one.rate) })) }),
  trackShipment: async (call) => {
    const { event, occurredAt, estimated = null, note } = call.body
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const shipment = call.params.id
    const order = await shipmentOrder(call, site.site, shipment)
    if (isRefusal(order)) return order
    const command = {
      kind: 'track' as const,
      order,
      shipment,
      event,
      occurredAt: instantOf(call, occurredAt),
      estimated: estimated as Day | null,
      note,
    }
    return { site: site.site, command }
  },
  failDelivery: (call) =>
    about(call, call.body.site, (order) => {
      const { shipment = null, failedAt, reason, nextAttempt = null } = call.body
      return { kind: 'failDelivery', order, shipment, failedAt: instantOf(call, failedAt), reason, nextAttempt: nextAttempt as Day | null }
    }),
  bringBack: (call) =>
    about(call, call.body.site, (order) => {
      const { shipment, broughtAt, lines } = call.body
      const brought = lines?.map((line) => ({ ...line, quantity: quantity(line.quantity) })) ?? null
      return { kind: 'bringBack', order, shipment, broughtAt: instantOf(call, broughtAt), lines: brought }
    }),
  loseShipment: (call) =>
    about(call, call.body.site, (order) => {
      const { shipment, lostAt, note, lines } = call.body
      const lost = lines?.map((line) => ({ ...line, quantity: quantity(line.quantity) })) ?? null
      return { kind: 'loseShipment', order, shipment, lostAt: instantOf(call, lostAt), note, lines: lost }
    }),
} satisfies Partial<Writers>

interface PickedRow {
  readonly sscc: string
  readonly each: Weight | null
  readonly quantity: Quantity
  readonly carton: Weight | null
  readonly weighed: Weight | null
}

/** What the goods that are picked for an order weigh, in packages and loose: as a shipment of all of them would. */
async function weightPicked(database: Database, site: SiteId, order: string): Promise<Weight | null | Refusal> {
  const rows = await database.query<PickedRow>(sql`
    select a.package as sscc, i.weight_mg as each, a.quantity, g.carton_mg as carton, g.weighed_mg as weighed
    from allocation a join item i on i.item_id = a.item_id
    left join package g on g.site_id = a.site_id and g.sscc = a.package
    where a.site_id = ${site} and a.document_id = ${order} and a.place_id = ${standardPlaces.packing}`)
  if (rows.length === 0) return refuse('nothing_to_do', 'number', 'Nothing is picked for this order.')
  const packages = Map.groupBy(rows, (row) => row.sscc)
  return sumOfWeights(
    [...packages].flatMap(([sscc, content]) => {
      const { carton, weighed } = content[0]!
      return sscc === '' || carton === null ? content.map((one) => weightTimes(one.each, one.quantity)) : [weightOf({ carton, weighed }, content)]
    }),
  )
}

interface ShipmentRow {
  readonly id: string
  readonly shippedAt: Instant
  readonly deliveredAt: Instant | null
}

const shipmentsWhere = (condition: Statement): Statement => sql`
  select s.shipment_id as id, h.code || '-' || o.number as "order", s.state, s.shipped_at as "shippedAt", s.delivered_at as "deliveredAt",
    s.received_by as "receivedBy", c.code as service, c.carrier, s.weight_mg as weight, s.price_minor as price, s.promised_on as promised,
    s.estimated_on as estimated, s.delivery_note as note, s.latitude_e6, s.longitude_e6
  from shipment s
  join site h on h.site_id = s.home_site_id
  join orders o on o.site_id = s.home_site_id and o.order_id = s.order_id
  left join carrier_service c on c.service_id = s.service_id
  where ${condition}`

const FIRST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

export const shippingReaders = {
  listServices: async (call) => {
    const { cursor, limit } = call.query
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<CarrierService>(sql`
      ${servicesSelected} where code collate "C" > ${after?.[0] ?? ''} order by code collate "C" limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.code],
      ({ service: _service, ...row }) => row,
    )
  },
  rateOrder: async (call) => {
    const found = await orderOf(call, call.query.site)
    if (isRefusal(found)) return found
    const { database } = call.context
    const known = call.query.weight === undefined ? await weightPicked(database, found.site, found.order) : weight(call.query.weight)
    if (known !== null && isRefusal(known)) return known
    if (known === null) return refuse('weight_not_known', 'weight', 'The weight of some item is not known: weigh the packages, or say the weight.')
    const offers = offersFor(await database.query<CarrierService>(servicesSelected), known, todayOf(call))
    const rows = offers.map(({ service: { code, carrier, name, transitDays }, price, promised }) => ({
      code,
      carrier,
      name,
      price,
      transitDays,
      promised,
    }))
    return { weight: known, rows }
  },
  listShipments: async (call) => {
    const { site: code, state, cursor, limit } = call.query
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const before = after?.[0] ?? FIRST_UUID
    const rows = await call.context.database.query<ShipmentRow>(
      state === undefined
        ? shipmentsWhere(sql`s.site_id = ${site.site} and s.shipment_id < ${before}::uuid order by s.shipment_id desc limit ${limit + 1}`)
        : shipmentsWhere(sql`s.site_id = ${site.site} and s.state = ${state} and s.shipment_id < ${before}::uuid
          order by s.shipment_id desc limit ${limit + 1}`),
    )
    return pageOf(
      rows,
      limit,
      (row) => [row.id],
      (row) => told(row, ['shippedAt', 'deliveredAt']),
    )
  },
  getShipment: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { id } = call.params
    const order = await shipmentOrder(call, site.site, id)
    if (isRefusal(order)) return order
    const { database } = call.context
    const [[row], lines, packages, tracking] = await Promise.all([
      database.query<ShipmentRow>(shipmentsWhere(sql`s.site_id = ${site.site} and s.shipment_id = ${id}`)),
      database.query<object>(sql`
        select l.line, l.part, i.sku, l.quantity, l.delivered, l.came_back as "cameBack", l.lost
        from shipment_line l
        join planned_move p on p.site_id = l.site_id and p.document_id = ${order} and p.line = l.line and p.part = l.part
        join item i on i.item_id = p.item_id
        where l.site_id = ${site.site} and l.shipment_id = ${id} order by l.line, l.part`),
      database.query<object>(sql`
        select g.sscc, g.weight_mg as weight, g.weighed_mg is not null as weighed,
          (select json_agg(json_build_object('line', m.line, 'sku', i.sku, 'lot', m.from_lot, 'serial', m.from_serial, 'quantity', m.quantity)
              order by m.sequence)
            from move m join item i on i.item_id = m.item_id
            where m.site_id = ${site.site} and m.document_id = ${order} and m.cause = 'shipment' and m.from_package = g.sscc) as content
        from package g where g.site_id = ${site.site} and g.order_id = ${order} and g.shipment_id = ${id} order by g.number`),
      database.query<{ occurredAt: Instant; recordedAt: Instant }>(sql`
        select kind as event, occurred_at as "occurredAt", recorded_at as "recordedAt", estimated_on as estimated, note
        from tracking_event where site_id = ${site.site} and shipment_id = ${id} order by sequence`),
    ])
    return {
      ...told(row!, ['shippedAt', 'deliveredAt']),
      site: site.code,
      lines,
      packages,
      tracking: tracking.map((one) => told(one, ['occurredAt', 'recordedAt'])),
    }
  },
} satisfies Partial<Readers>
