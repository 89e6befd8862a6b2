// Master data in the lane: what exists already under the codes that commands name, and the rows they add. A new site gets its standard
// places and its head in the same transaction.

import { textOf } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { ApiKey } from '../../core/api-key.ts'
import type { Party, Site } from '../../core/party.ts'
import type { Item } from '../../core/item.ts'
import type { CarrierService } from '../../core/carrier.ts'
import { standardPlaces, walkOrderOf, type Place } from '../../core/place.ts'
import type { Changes } from '../../core/table.ts'
import { sql, type Statement } from '../db.ts'
import type { Needs } from '../stage.ts'
import { userColumns, writeUsers } from './users.ts'
import { genesis } from './chain.ts'
import { readBills, readOffers, readSiteSources } from './read-supply.ts'
import { readBackorderClasses, writeBackorderClasses } from './backorder-classes.ts'
import { kitsWith, writeKits } from './kits.ts'
import { readSourcings, writeSourcings } from './sourcing.ts'
import { unitsOfItems, writeUnits } from './units.ts'
import { substitutesOf, writeSubstitutes } from './substitutes.ts'
import { putBillLines, putSiteSources, putSupplierItems } from './write-supply.ts'
import type { Into } from './into.ts'
import { writePriceBook } from './price-book.ts'
import { readBacktests, writeBacktests } from './backtests.ts'
import { readPlanning, writePlanning } from './planning.ts'
import { putRecalls, readRecalls } from './recalls.ts'

type Codes = NonNullable<Needs['codes']>

export async function readMaster(into: Into, site: SiteId, codes: readonly Codes[]): Promise<void> {
  /** Asks for what commands name under `key`, if any of them does. */
  const named = <Key extends keyof Codes>(key: Key, ask: (all: NonNullable<Codes[Key]>[number][]) => Promise<void>): Promise<void> => {
    const all = codes.flatMap((one) => (one[key] ?? []) as NonNullable<Codes[Key]>[number][])
    return all.length === 0 ? Promise.resolve() : ask(all)
  }
  await Promise.all([
    named('items', (skus) => into('item', itemsNamed(skus))),
    named('parties', (all) => into('party', sql`select party_id as party, code, name, kind from party where code = any(${all}::text[])`)),
    named('sites', (all) => into('site', sitesNamed(all))),
    named('places', (all) =>
      into(
        'place',
        sql`
        select place_id as place, code, kind, null as position from place where site_id = ${site} and code = any(${all}::text[])`,
      ),
    ),
    named('services', (all) => into('service', sql`${servicesSelected} where code = any(${all}::text[])`)),
    named('keys', (all) => into('apiKey', keysNamed(all))),
    named('users', (all) => into('user', sql`${userColumns} where name = any(${all}::text[])`)),
    named('sessions', (all) => into('session', sessionsNamed(all))),
    named('offers', (offers) => readOffers(into, offers)),
    named('bills', (items) => readBills(into, items)),
    named('siteSources', () => readSiteSources(into)),
    named('recalls', (items) => readRecalls(into, items)),
    named('kits', (items) => into('kitComponent', kitsWith(items))),
    named('substitutes', (items) => into('substitute', substitutesOf(items))),
    named('units', (items) => into('itemUnit', unitsOfItems(items))),
    named('backorderClasses', (classes) => readBackorderClasses(into, classes)),
    named('sourcings', (sites) => readSourcings(into, sites)),
    named('planning', (asked) => readPlanning(into, site, asked)),
    named('backtests', (runs) => readBacktests(into, runs)),
  ])
}

const itemsNamed = (skus: readonly string[]): Statement => sql`
  select item_id as item, sku, name, unit, tracking, standard_cost_minor as "standardCost", list_price_minor as "listPrice", source,
    make_days as "makeDays", weight_mg as weight, valuation, category,
    service_level_e3 as "serviceLevel_e3"
  from item where sku = any(${skus}::text[])`

/** And those that number packages by a prefix of their own, which no two may share. */
const sitesNamed = (codes: readonly string[]): Statement => sql`
  select site_id as site, code, name, owner_id as owner, sscc_prefix as "ssccPrefix", write_off_expired_after_days as "writeOffExpiredAfterDays"
  from site where code = any(${codes}::text[]) or sscc_prefix is not null`

const keysNamed = (keys: readonly number[]): Statement => sql`
  select api_key_id as "apiKey", name, encode(secret_sha256, 'hex') as "secretSha256", role, site_ids as sites, created_at as "createdAt",
    revoked_at as "revokedAt"
  from api_key where api_key_id = any(${keys}::int[])`

const sessionsNamed = (tokens: readonly string[]): Statement => sql`
  select encode(token_sha256, 'hex') as "tokenSha256", user_id as "user", epoch, begun_at as "begunAt", used_at as "usedAt", ended_at as "endedAt", browser
  from web_session where token_sha256 = any(${tokens.map((token) => Buffer.from(token, 'hex'))}::bytea[])`

/** Reference tables are written first: on a cluster they must be (distributed databases lock them on every node). */
export function writeMaster(state: State): Statement[] {
  const { site, now, tables } = state
  const [items, parties, sites, services, places, keys] = [
    tables.item.changes(),
    tables.party.changes().inserted,
    tables.site.changes(),
    tables.service.changes().inserted,
    tables.place.changes().inserted,
    tables.apiKey.changes(),
  ]
  const [offers, bills, sources, recalls] = [
    written(tables.supplierItem.changes()),
    written(tables.billLine.changes()),
    written(tables.siteSource.changes()),
    written(tables.recall.changes()),
  ]
  return [
    ...(items.inserted.length === 0 ? [] : [insertItems(items.inserted)]),
    ...items.updated.map(updateItem),
    ...(parties.length === 0 ? [] : [insertParties(parties)]),
    ...sites.inserted.flatMap((one) => insertSite(one, now)),
    ...sites.updated.map(updateSite),
    ...(services.length === 0 ? [] : [insertServices(services)]),
    ...(offers.length === 0 ? [] : [putSupplierItems(offers)]),
    ...(bills.length === 0 ? [] : [putBillLines(bills)]),
    ...(sources.length === 0 ? [] : [putSiteSources(sources)]),
    ...writePriceBook(state),
    ...(recalls.length === 0 ? [] : [putRecalls(recalls)]),
    ...writeKits(tables),
    ...writeBackorderClasses(tables),
    ...writeSubstitutes(tables),
    ...writeSourcings(tables),
    ...writeUnits(tables),
    ...(places.length === 0 ? [] : [insertPlaces(site, places)]),
    ...keys.inserted.map(insertKey),
    ...keys.updated.map(revokeKey),
    ...writePlanning(state),
    ...writeBacktests(state),
    ...writeUsers(tables),
  ]
}

const written = <Row>({ inserted, updated }: Changes<Row>): readonly Row[] => [...updated, ...inserted]

const insertItems = (rows: readonly Item[]): Statement => sql`
  insert into item (item_id, sku, name, unit, tracking, standard_cost_minor, list_price_minor, source, make_days, weight_mg, valuation, category,
    service_level_e3)
  select * from unnest(
    ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.sku)}::text[], ${rows.map((row) => row.name)}::text[],
    ${rows.map((row) => row.unit)}::text[], ${rows.map((row) => row.tracking)}::text[], ${rows.map((row) => row.standardCost)}::bigint[],
    ${rows.map((row) => row.listPrice)}::bigint[], ${rows.map((row) => row.source)}::text[], ${rows.map((row) => row.makeDays)}::int[],
    ${rows.map((row) => row.weight)}::bigint[], ${rows.map((row) => row.valuation)}::text[],
    ${rows.map((row) => row.category)}::text[], ${rows.map((row) => row.serviceLevel_e3)}::int[])`

const updateItem = (row: Item): Statement => sql`
  update item set source = ${row.source}, make_days = ${row.makeDays}, category = ${row.category},
    service_level_e3 = ${row.serviceLevel_e3} where item_id = ${row.item}`

const insertParties = (rows: readonly Party[]): Statement => sql`
  insert into party (party_id, code, name, kind)
  select * from unnest(
    ${rows.map((row) => row.party)}::int[], ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.name)}::text[],
    ${rows.map((row) => row.kind)}::text[])`

const insertSite = (row: Site, now: State['now']): Statement[] => [
  sql`
    insert into site (site_id, code, name, owner_id, sscc_prefix, write_off_expired_after_days)
    values (${row.site}, ${row.code}, ${row.name}, ${row.owner}, ${row.ssccPrefix}, ${row.writeOffExpiredAfterDays ?? null})`,
  sql`
    insert into site_head (site_id, move_sequence, move_hash, outbox_sequence, last_number, recorded_at, seal)
    values (${row.site}, 0, ${genesis}, 0, 0, ${textOf(now)}, ${Buffer.alloc(0)})`,
  insertPlaces(
    row.site,
    Object.entries(standardPlaces).map(([kind, place]) => ({ place, code: kind.toUpperCase(), kind: kind as Place['kind'], position: null })),
  ),
]

const updateSite = (row: Site): Statement => sql`
  update site set write_off_expired_after_days = ${row.writeOffExpiredAfterDays ?? null} where site_id = ${row.site}`

const insertPlaces = (site: SiteId, rows: readonly Place[]): Statement => sql`
  insert into place (site_id, place_id, code, kind, aisle, rack, level, walk_order)
  select ${site}, t.* from unnest(
    ${rows.map((row) => row.place)}::int[], ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.kind)}::text[],
    ${rows.map((row) => row.position?.aisle ?? null)}::int[], ${rows.map((row) => row.position?.rack ?? null)}::int[],
    ${rows.map((row) => row.position?.level ?? null)}::int[], ${rows.map((row) => walkOrderOf(row.position))}::bigint[]) t`

export const servicesSelected = sql`
  select service_id as service, code, carrier, name, minimum_minor as minimum, rate_minor as rate, rate_unit as "rateUnit",
    transit_days as "transitDays"
  from carrier_service`

const insertServices = (rows: readonly CarrierService[]): Statement => sql`
  insert into carrier_service (service_id, code, carrier, name, minimum_minor, rate_minor, rate_unit, transit_days)
  select * from unnest(
    ${rows.map((row) => row.service)}::int[], ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.carrier)}::text[],
    ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.minimum)}::bigint[], ${rows.map((row) => row.rate)}::bigint[],
    ${rows.map((row) => row.rateUnit)}::text[], ${rows.map((row) => row.transitDays)}::int[])`

const insertKey = (row: ApiKey): Statement => sql`
  insert into api_key (api_key_id, name, secret_sha256, role, site_ids, created_at)
  values (${row.apiKey}, ${row.name}, decode(${row.secretSha256}, 'hex'), ${row.role}, ${row.sites}::int[], ${textOf(row.createdAt)})`

const revokeKey = (row: ApiKey): Statement => sql`
  update api_key set revoked_at = ${row.revokedAt === null ? null : textOf(row.revokedAt)} where api_key_id = ${row.apiKey}`
