// Master data, keys and the feed over HTTP.

import { hash, randomBytes } from 'node:crypto'
import type { Instant } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { maySee } from '../../core/principal.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { weight } from '../../core/weight.ts'
import { sql } from '../db.ts'
import { siteOf, toControl, told, type Asked, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { itemsMatching, partiesMatching } from './search.ts'

/** So many are told; a company that has more names them in search of items. */
const CATEGORIES_MAX = 1_000

export const masterWriters = {
  createItems: async ({ body }) =>
    toControl({
      kind: 'createItems',
      items: body.items.map(({ serviceLevel, ...item }) => ({
        ...item,
        standardCost: money(item.standardCost),
        listPrice: money(item.listPrice),
        weight: item.weight === null ? null : weight(item.weight),
        serviceLevel_e3: thousandths(serviceLevel),
      })),
    }),
  setItemSupply: async ({ params, body }) => toControl({ kind: 'setItemSupply', sku: params.sku, ...body }),
  setItemCategory: async ({ params, body }) => toControl({ kind: 'setItemCategory', sku: params.sku, ...body }),
  setServiceLevel: async ({ params, body }) => toControl({ kind: 'setServiceLevel', sku: params.sku, level_e3: thousandths(body.serviceLevel) }),
  createParties: async ({ body }) => toControl({ kind: 'createParties', parties: body.parties }),
  createSite: async ({ body }) => toControl({ kind: 'createSite', code: body.code, name: body.name, ssccPrefix: body.ssccPrefix }),
  setExpiryWriteOff: async (call) => {
    const site = await siteOf(call, call.body.site)
    return isRefusal(site) ? site : toControl({ kind: 'setExpiryWriteOff', site: site.code, afterDays: call.body.afterDays })
  },
  createPlaces: async (call) => {
    const site = await siteOf(call, call.body.site)
    return isRefusal(site) ? site : { site: site.site, command: { kind: 'createPlaces', places: call.body.places } }
  },
  createKey: async (call) => {
    const sites = await siteIdsOf(call, call.body.sites)
    if (isRefusal(sites)) return sites
    const secret = newSecret()
    const { name, role } = call.body
    return { ...toControl({ kind: 'createKey', name, role, sites, secretSha256: hash('sha256', secret, 'hex') }), once: { secret } }
  },
  revokeKey: async ({ params }) => toControl({ kind: 'revokeKey', apiKey: params.id }),
} satisfies Partial<Writers>

const thousandths = (level: number | null): number | null => (level === null ? null : Math.round(level * 1000))

/** The sites that a key or a user is bound to, or the first that is not known. */
export async function siteIdsOf(call: Asked, codes: readonly string[]): Promise<readonly SiteId[] | Refusal> {
  const sites = new Set<SiteId>()
  for (const [index, code] of codes.entries()) {
    const site = await siteOf(call, code, `sites/${index + 1}`)
    if (isRefusal(site)) return site
    sites.add(site.site)
  }
  return [...sites]
}

export const newSecret = (): string => `qm_${randomBytes(32).toString('base64url')}`

export const masterReaders = {
  listItems: async (call) => {
    const { sku = null, category = null, search, cursor, limit } = call.query
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<{ sku: string }>(sql`
      select sku, name, unit, tracking, standard_cost_minor as "standardCost", list_price_minor as "listPrice", weight_mg as weight, category,
        service_level_e3 / 1000.0::float8 as "serviceLevel"
      from item where sku collate "C" > ${after?.[0] ?? ''} and (${sku}::text is null or sku = ${sku})
        and ${category === null ? sql`true` : category === '' ? sql`category is null` : sql`category = ${category}`}
        and ${search === undefined ? sql`true` : sql`item_id in ${itemsMatching(search)}`}
      order by sku collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.sku])
  },
  listCategories: async ({ context }) => {
    const rows = await context.database.query<{ category: string; items: number }>(sql`
      select category, count(*) as items from item where category is not null group by category order by category collate "C" limit ${CATEGORIES_MAX}`)
    return { rows }
  },
  listParties: async (call) => {
    const { code = null, kind = null, search, cursor, limit } = call.query
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<{ code: string }>(sql`
      select code, name, kind from party where code collate "C" > ${after?.[0] ?? ''} and (${code}::text is null or code = ${code})
        and (${kind}::text is null or kind = ${kind}) and ${search === undefined ? sql`true` : sql`party_id in ${partiesMatching(search)}`}
      order by code collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.code])
  },
  listSites: async ({ context, principal }) => {
    const sites = (await context.catalog.sites()).filter((one) => one.site !== controlSite && maySee(principal, one.site))
    const settings = await context.database.query<{ code: string; days: number | null }>(
      sql`select code, write_off_expired_after_days as days from site`,
    )
    const days = new Map(settings.map((one) => [one.code, one.days]))
    const rows = sites.map(({ code, name }) => ({ code, name, writeOffExpiredAfterDays: days.get(code) ?? null }))
    return { rows: rows.toSorted((a, b) => (a.code < b.code ? -1 : 1)), next: null }
  },
  listPlaces: async (call) => {
    const { site: wanted, kind = null, code = null, by, cursor, limit } = call.query
    const site = await siteOf(call, wanted)
    if (isRefusal(site)) return site
    const walks = by === 'walk'
    const after = keyIn(cursor, walks ? ['number', 'number'] : ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const further = walks
      ? sql`(p.walk_order, p.place_id) > (${Number(after?.[0] ?? -1)}::bigint, ${Number(after?.[1] ?? 0)}::int)`
      : sql`p.code collate "C" > ${String(after?.[0] ?? '')}`
    const rows = await call.context.database.query<{ code: string; walk: number; placeId: number }>(sql`
      select p.code, p.kind, p.aisle, p.rack, p.level, s."stockRows", s.items, s.quantity, p.walk_order as walk, p.place_id as "placeId"
      from (
        select * from place p
        where p.site_id = ${site.site} and ${further} and (${kind}::text is null or p.kind = ${kind}) and (${code}::text is null or p.code = ${code})
        order by ${walks ? sql`p.walk_order, p.place_id` : sql`p.code collate "C"`} limit ${limit + 1}) p
      cross join lateral (
        select count(*) as "stockRows", count(distinct item_id) as items, coalesce(sum(quantity), 0)::bigint as quantity
        from stock where site_id = ${site.site} and place_id = p.place_id and quantity <> 0) s
      order by ${walks ? sql`p.walk_order, p.place_id` : sql`p.code collate "C"`}`)
    return pageOf(
      rows,
      limit,
      (row) => (walks ? [row.walk, row.placeId] : [row.code]),
      ({ walk: _walk, placeId: _place, ...row }) => row,
    )
  },
  listKeys: async ({ context, query: { cursor, limit } }) => {
    const after = keyIn(cursor, ['number'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await context.database.query<{ id: number; createdAt: Instant; revokedAt: Instant | null }>(sql`
      select k.api_key_id as id, k.name, k.role, array(select s.code from site s where s.site_id = any(k.site_ids) order by s.code) as sites,
        k.created_at as "createdAt", k.revoked_at as "revokedAt"
      from api_key k where k.api_key_id > ${after?.[0] ?? 0}::bigint order by k.api_key_id limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.id],
      (row) => told(row, ['createdAt', 'revokedAt']),
    )
  },
} satisfies Partial<Readers>
