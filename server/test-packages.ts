// A story of packages for tests of verification: every kind of row that storage and shipping leave is there afterwards.

import type { Day } from '../core/calendar.ts'
import { controlSite, type ItemId, type SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { weight } from '../core/weight.ts'
import { sql, type Database, type Statement } from './db.ts'
import type { Command } from './stages.ts'
import { orderOf, type TestWorld } from './test-world.ts'

/** One package goes with a carrier, is tried in vain, taken in part, and the rest comes back; another stands at packing. */
export async function tellOfPackages(
  world: TestWorld,
  owner: Database,
  sea: SiteId,
  send: (site: SiteId, command: Command) => Promise<void>,
  receive: (item: ItemId) => Command,
): Promise<void> {
  await send(controlSite, {
    kind: 'createItems',
    items: [{ sku: 'P', name: 'P', unit: 'EA', tracking: 'none', standardCost: money(100), listPrice: money(250), weight: weight(700_000) }],
  })
  const service = { code: 'GROUND', carrier: 'XRQ', name: 'Ground', minimum: money(100), rate: money(99), rateUnit: 'LB' as const, transitDays: 5 }
  await send(controlSite, { kind: 'createServices', services: [service] })
  const [{ id }] = (await owner.query<{ id: number }>(sql`select service_id as id from carrier_service`)) as [{ id: number }]
  const p = await world.item('P')
  await send(sea, receive(p))
  const packed = orderOf(world, sea, [[p, 5]])
  const { order: number } = packed
  await send(sea, packed)
  await send(sea, { kind: 'allocate', order: number })
  await send(sea, { kind: 'pick', order: number, pickedAt: world.now() })
  const pack = (some: number, weighed: number | null) =>
    ({
      kind: 'pack',
      order: number,
      ssccPrefix: '0614141',
      carton: weight(250_000),
      weighed: weighed === null ? null : weight(weighed),
      packedAt: world.now(),
      lines: [{ line: 1, quantity: quantity(some), lot: '', serial: '' }],
    }) as const
  await send(sea, pack(2, null))
  await send(sea, pack(1, 800_000))
  const [first] = await owner.query<{ sscc: string }>(sql`select sscc from package where site_id = ${sea} order by number`)
  const shipment = world.newId()
  await send(sea, { kind: 'ship', order: number, shipment, shippedAt: world.now(), packages: [first!.sscc], service: { ...service, service: id } })
  await send(sea, { kind: 'track', order: number, shipment, event: 'in_transit', occurredAt: world.now(), estimated: '2026-03-09' as Day, note: '' })
  await send(sea, { kind: 'failDelivery', order: number, shipment, failedAt: world.now(), reason: 'closed', nextAttempt: null })
  await send(sea, {
    kind: 'deliver',
    order: number,
    shipment,
    deliveredAt: world.now(),
    receivedBy: 'Ann',
    accepted: [{ line: 1, quantity: quantity(1) }],
  })
  await send(sea, { kind: 'bringBack', order: number, shipment, broughtAt: world.now(), lines: null })
  await send(sea, {
    kind: 'relocate',
    document: world.newId(),
    item: p,
    quantity: quantity(2),
    from: standardPlaces.dock,
    to: standardPlaces.shelf,
    toCode: 'SHELF',
    lot: '',
    serial: '',
    condition: 'sellable',
    movedAt: world.now(),
  })
}

/** What somebody might do to those rows by hand, and the check that finds it; `elsewhere` is a document of another kind. */
export const packagesTampered = (elsewhere: string): readonly (readonly [what: string, check: string, statement: Statement])[] =>
  (
    [
      ['brought back', 'brought back', `update shipment_line set came_back = came_back - 1 where came_back > 0`],
      ['came back', 'came back', `update order_line set came_back = 0 where came_back > 0`],
      ['accepted', 'delivered', `update shipment_line set delivered = delivered + 1, came_back = came_back - 1 where came_back > 0`],
      ['package gone', 'packed goods', `delete from package where shipment_id is null`],
      ['package opened', 'packed goods', `update package set opened_at = packed_at where shipment_id is null`],
      [
        'package shipped',
        'packed goods',
        `update package set shipment_id = (select shipment_id from shipment where weight_mg is not null), weight_mg = 800000 where shipment_id is null`,
      ],
      ['first package gone', 'packages', `delete from package where number = 1`],
      ['number of a package', 'packages', `update package set number = 7 where number = 2`],
      ['check digit', 'packages', `update package set sscc = substr(sscc, 1, 17) || ((substr(sscc, 18)::int + 1) % 10) where number = 1`],
      ['order of a package', 'packages', `update package set order_id = '${elsewhere}' where number = 2`],
      ['package weight', 'package weights', `update package set weight_mg = weight_mg + 1 where number = 1`],
      ['carton', 'package weights', `update package set carton_mg = carton_mg - 1 where number = 1`],
      ['shipment weight', 'shipment weights', `update shipment set weight_mg = weight_mg - 1 where service_id is not null`],
      ['price', 'shipment prices', `update shipment set price_minor = price_minor - 1 where service_id is not null`],
      ['promised day', 'shipment prices', `update shipment set promised_on = promised_on + 1 where service_id is not null`],
      ['service', 'shipment prices', `update shipment set service_id = 1 where service_id is not null`],
      ['state of a shipment', 'tracking', `update shipment set state = 'in_transit' where service_id is not null`],
      ['estimate', 'tracking', `update shipment set estimated_on = estimated_on + 1 where service_id is not null`],
      ['an event gone', 'tracking', `delete from tracking_event where kind = 'attempt_failed'`],
      ['an event edited', 'tracking', `update tracking_event set kind = 'exception' where kind = 'delivered'`],
      [
        'an event of nothing',
        'tracking',
        `insert into tracking_event select site_id, '${elsewhere}', 1, kind, occurred_at, recorded_at, estimated_on, note from tracking_event where sequence = 1 limit 1`,
      ],
    ] as const
  ).map(([what, check, text]) => [what, check, { text, values: [] }] as const)
