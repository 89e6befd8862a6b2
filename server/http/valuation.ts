// Valuation over HTTP: late costs, methods, and what an item's stock is worth.

import { valuePlaces } from '../../core/correction.ts'
import type { Instant } from '../../core/calendar.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { virtualPlaces } from '../../core/place.ts'
import { isRefusal } from '../../core/refusal.ts'
import { unvalued, type ItemValue } from '../../core/value.ts'
import { sql, type Database } from '../db.ts'
import { valueColumns } from '../lane/rows.ts'
import { itemOf, siteOf, told, type Readers, type Writers } from './call.ts'

/** How far back an item's page looks. */
const ROWS_MAX = 100

/** Codes of virtual places by their number, those of value among them, as JSON. */
export const placeCodes = JSON.stringify(
  Object.fromEntries(Object.entries({ ...virtualPlaces, ...valuePlaces }).map(([code, place]) => [place, code])),
)

export const valuationWriters = {
  addCost: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const { document: came, line = null, kind: cost, amount, by, note } = call.body
    const command = { kind: 'addCost', document: call.context.newId(), came, owner: site.owner, line, cost, amount: money(amount), by, note } as const
    return { site: site.site, command }
  },
  setValuation: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.body.sku)
    if (isRefusal(item)) return item
    const { method, standardCost } = call.body
    const cost = standardCost === undefined ? null : money(standardCost)
    return { site: site.site, command: { kind: 'setValuation', document: call.context.newId(), item: item.item, method, standardCost: cost } }
  },
} satisfies Partial<Writers>

export const valuationReaders = {
  getItemValue: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.params.sku)
    if (isRefusal(item)) return item
    const { database } = call.context
    const key = { site: site.site, item: item.item }
    const [rows, pending, lateCosts, corrections] = await Promise.all([
      database.query<ItemValue>(sql`
        select ${valueColumns} from item_value where site_id = ${key.site} and item_id = ${key.item} and owner_id = ${site.owner}`),
      database.query<{ from: string }>(sql`
        select from_on as "from" from revaluation where site_id = ${key.site} and item_id = ${key.item} and owner_id = ${site.owner}`),
      lateCostsOf(database, key),
      correctionsOf(database, key),
    ])
    const { method, quantity, value, lastValue, lastQuantity, layers } = rows[0] ?? unvalued(item.item, site.owner, item.standardCost, item.valuation)
    const lastCost = { value: lastValue, quantity: lastQuantity }
    return { sku: item.sku, method, quantity, value, lastCost, layers, pendingFrom: pending[0]?.from ?? null, lateCosts, corrections }
  },
} satisfies Partial<Readers>

interface Key {
  readonly site: SiteId
  readonly item: ItemId
}

async function lateCostsOf(database: Database, { site, item }: Key): Promise<readonly object[]> {
  const rows = await database.query<{ recordedAt: Instant }>(sql`
    select document_id as document, kind, note, sum(amount_minor)::bigint as amount, min(counts_on) as "countsOn", min(recorded_at) as "recordedAt"
    from cost_addition where site_id = ${site} and item_id = ${item}
    group by document_id, kind, note order by min(recorded_at) desc, document_id limit ${ROWS_MAX}`)
  return rows.map((row) => told(row, ['recordedAt']))
}

async function correctionsOf(database: Database, { site, item }: Key): Promise<readonly object[]> {
  const rows = await database.query<{ recordedAt: Instant }>(sql`
    select counts_on as "countsOn", amount_minor as amount, ${placeCodes}::json ->> place_id::text as against, reason, document_id as document,
      recorded_at as "recordedAt"
    from value_correction where site_id = ${site} and item_id = ${item}
    order by recorded_at desc, counts_on desc, correction_id limit ${ROWS_MAX}`)
  return rows.map((row) => told(row, ['recordedAt']))
}
