// Consignment over HTTP: what is taken over of goods that suppliers left with us, and what goes back to them.

import type { Item, PartyId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import type { Site } from '../../core/party.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { instantOf, itemOf, partyOf, placeOf, siteOf, type Call, type Writers } from './call.ts'

type Named = Call<{ readonly site: string; readonly supplier: string; readonly sku: string }>

async function goodsOf(call: Named): Promise<{ readonly site: Site; readonly owner: PartyId; readonly item: Item } | Refusal> {
  const site = await siteOf(call, call.body.site)
  if (isRefusal(site)) return site
  const supplier = await partyOf(call, call.body.supplier, 'supplier', 'supplier')
  if (isRefusal(supplier)) return supplier
  const item = await itemOf(call, call.body.sku)
  return isRefusal(item) ? item : { site, owner: supplier.party, item }
}

export const consignmentWriters = {
  takeOver: async (call) => {
    const found = await goodsOf(call)
    if (isRefusal(found)) return found
    const { quantity: some, place: code, lot, serial, unitPrice, takenAt } = call.body
    const place = code === undefined ? null : await placeOf(call, found.site.site, code, 'place')
    if (place !== null && isRefusal(place)) return place
    return {
      site: found.site.site,
      command: {
        kind: 'takeOver',
        owner: found.owner,
        item: found.item.item,
        quantity: quantity(some),
        place,
        lot,
        serial,
        unitPrice: unitPrice === undefined ? null : money(unitPrice),
        takenAt: instantOf(call, takenAt),
      },
    }
  },
  giveBack: async (call) => {
    const found = await goodsOf(call)
    if (isRefusal(found)) return found
    const { quantity: some, lot, serial, condition, givenAt } = call.body
    const place = await placeOf(call, found.site.site, call.body.place, 'place')
    if (isRefusal(place)) return place
    return {
      site: found.site.site,
      command: {
        kind: 'giveBack',
        document: call.context.newId(),
        owner: found.owner,
        item: found.item.item,
        quantity: quantity(some),
        place,
        lot,
        serial,
        condition,
        givenAt: instantOf(call, givenAt),
      },
    }
  },
} satisfies Partial<Writers>
