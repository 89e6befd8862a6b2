// Storage over HTTP: goods to their bins and into packages. What is to be picked is read in picks.ts.

import type { ItemId, SiteId } from '../../core/item.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { ssccPrefixOf } from '../../core/sscc.ts'
import { weight } from '../../core/weight.ts'
import { sql } from '../db.ts'
import { instantOf, itemOf, ownerOf, placeOf, siteOf, type Call, type Sent, type Writers } from './call.ts'
import { about } from './order-of.ts'

interface Goods {
  readonly site: string
  readonly sku: string
  readonly owner?: string | undefined
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
  const whose = await ownerOf(call, site, call.body.owner)
  if (isRefusal(whose)) return whose
  return {
    site: site.site,
    command: {
      kind: 'relocate',
      document: call.context.newId(),
      item: item.item,
      ...whose,
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
export async function suggestBin(
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
