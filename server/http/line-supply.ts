// Order lines that are bought, over HTTP: of whom and at what price, what was bought for them, and what a supplier shipped to the customer.

import type { Day } from '../../core/calendar.ts'
import type { BoughtWay } from '../../core/line-supply.ts'
import type { Item, ItemId, PartyId, SiteId } from '../../core/item.ts'
import type { WantedLine } from '../../core/flow/order.ts'
import type { Money } from '../../core/money.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { sql, type Database } from '../db.ts'
import { offersOf } from '../flow/cover.ts'
import { instantOf, partyOf, siteOf, type Asked, type Writers } from './call.ts'
import { offersBy } from './purchase.ts'
import { orderOf } from './order-of.ts'

interface AskedSupply {
  readonly supply?: 'stock' | BoughtWay | undefined
  readonly supplier?: string | undefined
  readonly quantity: number
}

/** Of whom a line is bought: who was named or is preferred, at the price and in the time he offers; undefined where it is served from stock. */
export async function supplyOf(call: Asked, line: number, item: Item, asked: AskedSupply): Promise<WantedLine['supply'] | Refusal> {
  const { supply: how, supplier: named } = asked
  const path = `lines/${line}`
  if (how === undefined || how === 'stock')
    return named === undefined
      ? undefined
      : refuse('supply_not_possible', `${path}/supplier`, 'A line from stock is bought of nobody: say how it is supplied.')
  if (item.isKit === true) return refuse('supply_not_possible', `${path}/supply`, 'A kit goes out whole, from stock.')
  const offer = await offerFor(call, item, named, path)
  if (isRefusal(offer)) return offer
  const { minimum, multiple } = offer
  if (asked.quantity < minimum || asked.quantity % multiple !== 0) {
    const detail = `${offer.supplierCode} sells at least ${minimum} of ${item.sku}, in multiples of ${multiple}: it cannot be bought for this line alone.`
    return refuse('supply_not_possible', `${path}/quantity`, detail)
  }
  return { how, supplier: offer.supplier, supplierCode: offer.supplierCode, unitCost: offer.price, leadTimeDays: offer.leadTimeDays }
}

async function offerFor(call: Asked, item: Item, named: string | undefined, path: string) {
  const none = (who: string): Refusal =>
    refuse('offer_not_known', `${path}/supplier`, `${who} offers ${item.sku}: enter the offer, or name another supplier.`)
  if (named === undefined) {
    const offer = (await offersOf(call.context.database, [item.item])).get(item.item)
    return offer === undefined ? none('Nobody') : { ...offer, supplierCode: offer.code }
  }
  const party = await partyOf(call, named, 'supplier', `${path}/supplier`)
  if (isRefusal(party)) return party
  const offer = (await offersBy(call, party.party, [item.item])).get(item.item)
  return offer === undefined ? none(`Not ${named}`) : { ...offer, supplierCode: named }
}

/** What was bought for an order's lines, as people know its suppliers. */
export const boughtFor = (database: Database, site: SiteId, order: string): Promise<readonly object[]> =>
  database.query<object>(sql`
    select l.purchase_id as purchase, l.order_line as line, p.code as supplier, l.quantity, l.received, l.cancelled, coalesce(m.bound, false) as bound
    from purchase_line l
    join purchase o on o.site_id = l.site_id and o.purchase_id = l.purchase_id
    join party p on p.party_id = o.supplier_id
    join planned_move m on m.site_id = l.site_id and m.document_id = l.purchase_id and m.line = l.line and m.part = 1
    where l.site_id = ${site} and l.order_id = ${order} order by l.order_line, o.recorded_at, l.purchase_id`)

export interface ToldSupply {
  readonly line: number
  readonly how: BoughtWay
  readonly supplier: string
  readonly unitCost: number
  readonly leadTimeDays: number
}

export const suppliesOf = (database: Database, site: SiteId, order: string): Promise<readonly ToldSupply[]> =>
  database.query<ToldSupply>(sql`
    select s.line, s.how, p.code as supplier, s.unit_cost_minor as "unitCost", s.lead_time_days as "leadTimeDays"
    from line_supply s join party p on p.party_id = s.supplier_id where s.site_id = ${site} and s.order_id = ${order}`)

export const lineSupplyWriters = {
  buyForOrder: async (call) => {
    const found = await orderOf(call)
    if (isRefusal(found)) return found
    const lines = await call.context.database.query<{ line: number; item: ItemId }>(sql`
      select line, item_id as item from order_line where site_id = ${found.site} and order_id = ${found.order}`)
    const items = await call.context.catalog.itemsWith(lines.map((one) => one.item))
    const instead: { line: number; supplier: PartyId; unitCost: Money; leadTimeDays: number }[] = []
    for (const [index, { line, supplier }] of call.body.lines.entries()) {
      const known = lines.find((one) => one.line === line)
      if (known === undefined) return refuse('line_not_known', `lines/${index + 1}/line`, `The order has no line ${line}.`)
      const offer = await offerFor(call, items.get(known.item)!, supplier, `lines/${index + 1}`)
      if (isRefusal(offer)) return offer
      instead.push({ line, supplier: offer.supplier, unitCost: offer.price, leadTimeDays: offer.leadTimeDays })
    }
    return { site: found.site, command: { kind: 'buyForOrder', order: found.order, instead } }
  },
  shipDirect: async (call) => {
    const { site: code, shippedAt, carrier, trackingNumber, estimated, lines } = call.body
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const { id: purchase } = call.params
    const [row] = await call.context.database.query<{ order: string | null }>(sql`
      select max(order_id::text)::uuid as "order" from purchase_line where site_id = ${site.site} and purchase_id = ${purchase}`)
    return {
      site: site.site,
      command: {
        kind: 'shipDirect',
        purchase,
        order: row?.order ?? null,
        shipment: call.context.newId(),
        shippedAt: instantOf(call, shippedAt),
        carrier: carrier === '' ? null : carrier,
        trackingNumber: trackingNumber === '' ? null : trackingNumber,
        estimated: (estimated as Day | undefined) ?? null,
        lines: lines.map((line) => ({ ...line, quantity: quantity(line.quantity) })),
      },
    }
  },
} satisfies Partial<Writers>
