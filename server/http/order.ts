// Orders over HTTP: requests become commands for the order's home site, which its number names.

import type { z } from 'zod'
import type { bulkOrder, newOrder } from '../../api/order.ts'
import type { Day, Instant } from '../../core/calendar.ts'
import type { Picked } from '../../core/flow/store-pick.ts'
import type { PricedOrder } from '../../core/flow/order-price.ts'
import type { PartyId, SiteId } from '../../core/item.ts'
import type { Site } from '../../core/party.ts'
import { addAmounts, amountsOf, noAmounts, type LinePrice, type OrderTerms, type PriceStep } from '../../core/order-price.ts'
import { canNow, type OrderHold } from '../../core/order-hold.ts'
import { orderState, type Order, type OrderLine, type Progress, type Shipment } from '../../core/order.ts'
import { standardPlaces } from '../../core/place.ts'
import { minus, quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { sql, type Statement } from '../db.ts'
import { estimatesOf } from './estimate.ts'
import type { Command } from '../stages.ts'
import { instantOf, nowOf, partyOf, placeOf, siteOf, todayOf, told, type Asked, type Call, type Readers, type Sent, type Writers } from './call.ts'
import { serviceOf } from './carrier.ts'
import { about, orderOf } from './order-of.ts'
import { readCollection } from './collection.ts'
import { boughtFor, suppliesOf, type ToldSupply } from './line-supply.ts'
import { readPayment } from './payment.ts'
import { kitsOf, promisesOf } from './given-promise.ts'
import { priceOfLine, pricesOf } from './price.ts'
import { askedColumn, askedLines, changedQuantities } from './units.ts'
import { orderedLines } from './wanted-lines.ts'

type NewOrder = z.output<typeof newOrder> | z.output<typeof bulkOrder>

export async function placeOrderFrom(call: Asked, body: NewOrder): Promise<Sent | Refusal> {
  const home = await siteOf(call, body.site)
  if (isRefusal(home)) return home
  if (body.payment !== undefined && !call.context.takesPayments)
    return refuse('payment_not_taken', 'payment', 'This server has no payment provider: leave the payment to the terms.')
  const customer = await partyOf(call, body.customer, 'customer', 'customer')
  if (isRefusal(customer)) return customer
  const { reference = null, priority, shipComplete, currency, discount } = body
  const orderedAt = instantOf(call, body.orderedAt)
  const wanted = await orderedLines(
    call,
    { site: home, customer: customer.party, at: orderedAt, currency, discount },
    body.lines,
    body.collect !== undefined,
  )
  if (isRefusal(wanted)) return wanted
  const command: Command = {
    kind: 'placeOrder',
    order: call.context.newId(),
    customer: customer.party,
    reference,
    shipComplete,
    priority,
    orderedAt,
    terms: wanted.terms,
    collect: body.collect,
    payment: body.payment && { token: body.payment.token, currency: wanted.currency, hold: call.context.newId() },
    lines: wanted.lines,
    heldElsewhere: [],
  }
  return { site: home.site, command, reference }
}

/** Lines that come to an order are priced as of now, in its own currency. */
export async function pricesOfAdded(
  call: Call,
  { order, site }: { readonly order: string; readonly site: SiteId },
  lines: Parameters<typeof pricesOf>[1]['lines'],
): Promise<PricedOrder | Refusal> {
  const { database, catalog } = call.context
  const [row] = await database.query<{ customer: PartyId; currency: string | null }>(sql`
    select o.customer_id as customer, t.currency from orders o left join order_terms t on t.site_id = o.site_id and t.order_id = o.order_id
    where o.site_id = ${site} and o.order_id = ${order}`)
  const currency = row!.currency ?? (await catalog.currencyOf(site))
  return pricesOf(call, { site: await catalog.site(site), customer: row!.customer, at: nowOf(call), currency, discount: undefined, lines })
}

export const orderWriters = {
  placeOrder: (call) => placeOrderFrom(call, call.body),
  allocateOrder: (call) => about(call, call.body.site, (order) => ({ kind: 'allocate', order })),
  pickOrder: async (call) => {
    const { picks, pickedAt } = call.body
    const sent = await about(call, call.body.site, (order) => ({ kind: 'pick', order, pickedAt: instantOf(call, pickedAt) }))
    if (isRefusal(sent) || sent.command.kind !== 'pick' || picks === undefined) return sent
    const picked: Picked[] = []
    for (const [index, { place: code, ...one }] of picks.entries()) {
      const place = code === undefined ? null : await placeOf(call, sent.site, code, `picks/${index + 1}/place`)
      if (isRefusal(place)) return place
      picked.push({ ...one, place, quantity: quantity(one.quantity) })
    }
    return { ...sent, command: { ...sent.command, picks: picked } }
  },
  shipOrder: async (call) => {
    const { packages, service: code, shippedAt } = call.body
    const service = code === undefined ? undefined : await serviceOf(call, code)
    if (isRefusal(service)) return service
    return about(call, call.body.site, (order) => ({
      kind: 'ship',
      order,
      shipment: call.context.newId(),
      shippedAt: instantOf(call, shippedAt),
      ...(packages && { packages }),
      ...(service && { service }),
    }))
  },
  deliverOrder: (call) =>
    about(call, call.body.site, (order) => {
      const { shipment = null, receivedBy, deliveredAt, note, position, accepted } = call.body
      const taken = accepted?.map((line) => ({ ...line, quantity: quantity(line.quantity) }))
      const proof = { receivedBy, deliveredAt: instantOf(call, deliveredAt), note, ...(position && { position }), ...(taken && { accepted: taken }) }
      return { kind: 'deliver', order, shipment, ...proof }
    }),
  changeOrder: async (call) => {
    const { lines, added } = call.body
    const items = await askedLines(call, added, 'added')
    if (isRefusal(items)) return items
    const found = await orderOf(call)
    if (isRefusal(found)) return found
    const priced = await pricesOfAdded(call, found, items)
    if (isRefusal(priced)) return { ...priced, subject: priced.subject.replace(/^lines/, 'added') }
    const quantities = await changedQuantities(call, found, lines)
    if (isRefusal(quantities)) return quantities
    const today = todayOf(call)
    const command: Command = {
      kind: 'changeOrder',
      order: found.order,
      lines: lines.map(({ line, requested, was }, index) => ({
        line,
        ...quantities[index]!,
        requested: (requested as Day | undefined) ?? null,
        was: was === undefined ? null : quantity(was),
      })),
      added: items.map(({ item, asked, inUnit }, index) => ({
        item: item.item,
        quantity: quantity(asked.quantity),
        ...priceOfLine(priced, index),
        ...(inUnit && { inUnit }),
        requested: (asked.requested as Day | undefined) ?? today,
      })),
    }
    return { site: found.site, command }
  },
  recallOrder: (call) => about(call, call.body.site, (order) => ({ kind: 'recall', order })),
  cancelOrder: (call) =>
    about(call, undefined, (order) => ({ kind: 'cancelOrder', order, lines: call.body.lines ?? null, callsOff: call.body.callsOff })),
  askPayment: (call) => about(call, undefined, (order) => ({ kind: 'askAuthorisation', order, token: call.body.token ?? null })),
  sell: async (call) => {
    const { site: code, reference = null, soldAt, lines, customer: wanted, discount } = call.body
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    // A till's customer without a name is the company itself.
    const customer = wanted === undefined ? { party: site.owner } : await partyOf(call, wanted, 'customer', 'customer')
    if (isRefusal(customer)) return customer
    const asked = await askedLines(call, lines)
    if (isRefusal(asked)) return asked
    const at = instantOf(call, soldAt)
    const priced = await pricesOf(call, { site, customer: customer.party, at, currency: undefined, discount, lines: asked })
    if (isRefusal(priced)) return priced
    const sold = asked.map(({ line, item, asked: { quantity: some, lot, serial }, inUnit }, index) => ({
      line,
      item: item.item,
      quantity: quantity(some),
      ...priceOfLine(priced, index),
      ...(inUnit && { inUnit }),
      lot,
      serial,
    }))
    const command: Command = {
      kind: 'sell',
      order: call.context.newId(),
      customer: customer.party,
      reference,
      soldAt: at,
      terms: priced.terms,
      lines: sold,
    }
    return { site: site.site, command, reference }
  },
} satisfies Partial<Writers>

interface OrderRow extends Order {
  readonly customerCode: string
  readonly currency: string | null
  readonly terms: Omit<OrderTerms, 'order' | 'currency'> | null
}

const ordersWhere = (condition: Statement): Statement => sql`
      select o.order_id as "order", o.number, o.kind, p.code as "customerCode", o.reference, o.ship_complete as "shipComplete", o.priority,
        o.ordered_at as "orderedAt", o.recorded_at as "recordedAt", t.currency,
        case when t.order_id is not null then json_build_object('rate_e9', t.rate_e9, 'paymentTerm', t.payment_term, 'netDays', t.net_days,
          'discountDays', t.discount_days, 'discountPerMillion', t.discount_per_million) end as terms
      from orders o
      join party p on p.party_id = o.customer_id
      left join order_terms t on t.site_id = o.site_id and t.order_id = o.order_id
      where ${condition}`

export const orderReaders = {
  getOrder: async (call) => {
    const found = await orderOf(call)
    if (isRefusal(found)) return found
    const site = await call.context.catalog.site(found.site)
    return readOrder(call, site, found.order)
  },
} satisfies Partial<Readers>

const tellOrder = (site: Site, { order, number, customerCode, ...row }: OrderRow): object => ({
  id: order,
  ...told(row, ['orderedAt', 'recordedAt']),
  number: `${site.code}-${number}`,
  site: site.code,
  customer: customerCode,
})

interface LineRow extends OrderLine, Pick<LinePrice, 'discount' | 'orderDiscount' | 'tax'> {
  readonly sku: string
  readonly taxCode: string | null
  readonly steps: readonly PriceStep[] | null
}

/** A line as it is told: what it comes to, and how that came about. */
function tellLine({ discount, orderDiscount, tax, steps, priceBasis, ...line }: LineRow, currency: string): object {
  const came = steps ?? (priceBasis === null ? [] : [{ step: priceBasis, currency, unitPrice: line.unitPrice }])
  return { ...line, amounts: amountsOf(line, { discount, orderDiscount, tax }), steps: came }
}

/** How a line is supplied. */
function toldOf(supplies: readonly ToldSupply[], line: number): { readonly supply: Omit<ToldSupply, 'line'> | null } {
  const found = supplies.find((one) => one.line === line)
  if (found === undefined) return { supply: null }
  const { line: _line, ...supply } = found
  return { supply }
}

/** Who did something, as people know him. */
const actorName = (actor: Statement): Statement => sql`
  coalesce(
    (select u.display_name from users u where ${actor} = 'user:' || u.user_id),
    (select k.name from api_key k where ${actor} = 'key:' || k.api_key_id), ${actor})`

const packagesOf = (site: Site, order: string): Statement => sql`
  select g.sscc, s.code as site, g.packed_at as "packedAt", g.shipment_id as shipment
  from package g join site s on s.site_id = g.site_id
  where g.order_id = ${order} and g.opened_at is null -- every site: an order's lines may be served by any of those named
    and g.site_id in (select l.source_site_id from order_line l where l.site_id = ${site.site} and l.order_id = ${order})
  order by g.packed_at, g.sscc`

const holdsOf = (site: Site, order: string): Statement => sql`
  select h.hold_id as hold, h.kind, h.reason, h.placed_at as "placedAt", ${actorName(sql`h.placed_by`)} as "placedBy", h.taken_off_at as "takenOffAt",
    ${actorName(sql`h.taken_off_by`)} as "takenOffBy", h.note
  from order_hold h where h.site_id = ${site.site} and h.order_id = ${order} order by h.placed_at, h.hold_id`

const shipmentsOf = (site: Site, order: string): Statement => sql`
  select h.shipment_id as shipment, s.code as site, h.shipped_at as "shippedAt", h.delivered_at as "deliveredAt", h.received_by as "receivedBy",
    h.state, h.promised_on as promised, h.estimated_on as estimated, h.weight_mg as weight, h.price_minor as price, h.carrier,
    h.tracking_number as "trackingNumber", (
      select p.code from purchase b join party p on p.party_id = b.supplier_id where b.site_id = h.site_id and b.purchase_id = h.purchase_id) as supplier
  from shipment h join site s on s.site_id = h.site_id
  where h.order_id = ${order} -- every site: an order's lines may be served by any of those named
    and h.site_id in (select l.source_site_id from order_line l where l.site_id = ${site.site} and l.order_id = ${order})
  order by h.shipped_at, h.shipment_id`

async function readOrder(call: Call, site: Site, order: string): Promise<object> {
  const { database, catalog } = call.context
  const companyCurrency = await catalog.currencyOf(site.site)
  const [kits, promises, supplies, bought, estimates, [row], holds, payment, collection, lines, planned, pegs, picked, shipments, packages] =
    await Promise.all([
      kitsOf(database, site, order),
      promisesOf(database, site, order),
      suppliesOf(database, site.site, order),
      boughtFor(database, site.site, order),
      estimatesOf(database, site.site, order, todayOf(call)),
      database.query<OrderRow>(ordersWhere(sql`o.site_id = ${site.site} and o.order_id = ${order}`)),
      database.query<OrderHold>(holdsOf(site, order)),
      readPayment(database, site.site, order),
      readCollection(database, site.site, order),
      database.query<LineRow>(sql`
      select l.line, i.sku, i.name, s.code as source, l.quantity, l.unit_price_minor as "unitPrice", l.requested_on as requested, l.promised_on as promised,
        l.cancelled, l.shipped, l.delivered, l.returned, l.came_back as "cameBack", l.lost, l.price_basis as "priceBasis", l.kit,
        coalesce(r.discount_minor, 0) as discount, coalesce(r.order_discount_minor, 0) as "orderDiscount", coalesce(r.tax_minor, 0) as tax,
        r.tax_code as "taxCode", r.steps, ${askedColumn}
      from order_line l
      join item i on i.item_id = l.item_id
      join site s on s.site_id = l.source_site_id
      left join line_price r on r.site_id = l.site_id and r.order_id = l.order_id and r.line = l.line
      left join asked_in u on u.site_id = l.site_id and u.document_id = l.order_id and u.line = l.line and l.kit is null
      where l.site_id = ${site.site} and l.order_id = ${order} order by l.line`),
      database.query<{ site: string; line: number; planned: number; posted: number; cancelled: number; held: number; allocated: number }>(sql`
      select s.code as site, p.line, p.due_on as due, p.planned, p.posted, p.cancelled, p.held, p.pegged, p.allocated
      from planned_move p join site s on s.site_id = p.site_id
      where p.document_id = ${order} -- every site: an order's lines may be served by any of them
        and p.site_id in (select l.source_site_id from order_line l where l.site_id = ${site.site} and l.order_id = ${order})
      order by p.line, s.code, p.part`),
      database.query<object>(sql`
      select s.code as site, g.demand_line as line, sum(g.quantity)::bigint as quantity, p.kind, g.supply_document_id as supply, p.due_on as due
      from peg g
      join planned_move p on p.site_id = g.site_id and p.document_id = g.supply_document_id and p.line = g.supply_line and p.part = g.supply_part
      join site s on s.site_id = g.site_id
      where g.demand_document_id = ${order} -- every site: as above
        and g.site_id in (select l.source_site_id from order_line l where l.site_id = ${site.site} and l.order_id = ${order})
      group by s.code, g.demand_line, p.kind, g.supply_document_id, p.due_on order by g.demand_line, p.due_on, g.supply_document_id`),
      database.query<{ quantity: number; package: string }>(sql`
      select a.quantity, a.package from allocation a
      where a.document_id = ${order} and a.place_id = ${standardPlaces.packing} -- every site: as above
        and a.site_id in (select l.source_site_id from order_line l where l.site_id = ${site.site} and l.order_id = ${order})`),
      database.query<Shipment>(shipmentsOf(site, order)),
      database.query<{ packedAt: Instant }>(packagesOf(site, order)),
    ])
  const progress = progressOf(planned, picked)
  const state = orderState(lines, progress, (collection?.readyAt ?? null) !== null)
  const currency = row!.currency ?? companyCurrency
  return {
    ...tellOrder(site, row!),
    currency,
    state,
    totals: lines.map((line) => amountsOf(line, line, minus(line.quantity, line.cancelled))).reduce(addAmounts, noAmounts),
    can: canNow(state, holds, collection !== undefined),
    collection: collection === undefined ? null : told(collection, ['readyAt']),
    payment,
    holds: holds.map((one) => told(one, ['placedAt', 'takenOffAt'])),
    lines: lines.map((line) => ({ ...tellLine(line, currency), ...toldOf(supplies, line.line), estimate: estimates.get(line.line) ?? null })),
    planned,
    kits,
    bought,
    promises: promises.map((one) => told(one, ['givenAt'])),
    pegs,
    picked: progress.picked,
    packed: progress.packed,
    shipments: shipments.map((one) => told(one, ['shippedAt', 'deliveredAt'])),
    packages: packages.map((one) => told(one, ['packedAt'])),
  }
}

function progressOf(
  rows: readonly { planned: number; posted: number; cancelled: number; held: number; allocated: number }[],
  picked: readonly { quantity: number; package: string }[],
): Progress {
  const sum = <Row>(of: readonly Row[], some: (row: Row) => number) => quantity(of.reduce((total, row) => total + some(row), 0))
  const packed = picked.filter((one) => one.package !== '')
  return {
    open: sum(rows, (row) => row.planned - row.posted - row.cancelled),
    held: sum(rows, (row) => row.held),
    allocated: sum(rows, (row) => row.allocated),
    picked: sum(picked, (one) => one.quantity),
    packed: sum(packed, (one) => one.quantity),
  }
}
