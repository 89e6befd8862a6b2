// Master data, keys and the feed over HTTP.

import { hash, randomBytes } from 'node:crypto'
import type { Instant } from '../../core/calendar.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { maySee } from '../../core/principal.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { weight } from '../../core/weight.ts'
import { sql } from '../db.ts'
import { siteOf, toControl, told, type Asked, type Call, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { itemsMatching, partiesMatching } from './search.ts'

export const masterWriters = {
  createItems: async ({ body }) =>
    toControl({
      kind: 'createItems',
      items: body.items.map((item) => ({
        ...item,
        standardCost: money(item.standardCost),
        listPrice: money(item.listPrice),
        weight: item.weight === null ? null : weight(item.weight),
      })),
    }),
  setItemSupply: async ({ params, body }) => toControl({ kind: 'setItemSupply', sku: params.sku, ...body }),
  createParties: async ({ body }) => toControl({ kind: 'createParties', parties: body.parties }),
  createSite: async ({ body }) => toControl({ kind: 'createSite', code: body.code, name: body.name, ssccPrefix: body.ssccPrefix }),
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
    const { sku = null, search, cursor, limit } = call.query
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<{ sku: string }>(sql`
      select sku, name, unit, tracking, standard_cost_minor as "standardCost", list_price_minor as "listPrice", weight_mg as weight
      from item where sku collate "C" > ${after?.[0] ?? ''} and (${sku}::text is null or sku = ${sku})
        and ${search === undefined ? sql`true` : sql`item_id in ${itemsMatching(search)}`}
      order by sku collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.sku])
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
    return { rows: sites.map(({ code, name }) => ({ code, name })).toSorted((a, b) => (a.code < b.code ? -1 : 1)), next: null }
  },
  listPlaces: async (call) => {
    const { site: wanted, kind = null, cursor, limit } = call.query as { site: string; kind?: string; cursor?: string; limit: number }
    const site = await siteOf(call, wanted)
    if (isRefusal(site)) return site
    const after = keyIn(cursor, ['string'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<{ code: string }>(sql`
      select p.code, p.kind, p.aisle, p.rack, p.level,
        (select count(*) from stock s where s.site_id = ${site.site} and s.place_id = p.place_id and s.quantity <> 0) as "stockRows"
      from place p
      where p.site_id = ${site.site} and p.code collate "C" > ${after?.[0] ?? ''} and (${kind}::text is null or p.kind = ${kind})
      order by p.code collate "C" limit ${limit + 1}`)
    return pageOf(rows, limit, (row) => [row.code])
  },
  listKeys: async ({ context }: Call) => {
    const rows = await context.database.query<{ createdAt: Instant; revokedAt: Instant | null }>(sql`
      select k.api_key_id as id, k.name, k.role, array(select s.code from site s where s.site_id = any(k.site_ids) order by s.code) as sites,
        k.created_at as "createdAt", k.revoked_at as "revokedAt"
      from api_key k order by k.api_key_id`)
    return { rows: rows.map((row) => told(row, ['createdAt', 'revokedAt'])), next: null }
  },
} satisfies Partial<Readers>
