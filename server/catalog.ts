// Catalog: master data as the server remembers it: items, sites, parties and places, found by code or by id. What is asked for and not
// known here is looked up once more before it is called unknown, so another process's new item needs no message. What never changes (ids,
// codes, kinds of places) may be remembered for ever; prices and sourcing rules are read again after a named time.
//
// An answer about items is a map of its own: what is forgotten meanwhile is not missing in it. Who asks while a look-up runs is answered by
// the next one together with everybody else, so a thousand orders that name items for the first time are one statement, not a thousand.

import type { Currency } from '../core/currency.ts'
import type { Item, ItemId, SiteId } from '../core/item.ts'
import type { Party, Site } from '../core/party.ts'
import type { PlaceId, PlaceKind } from '../core/place.ts'
import type { Sourcing, SourcingLane, SourcingRule } from '../core/sourcing.ts'
import { unitsOf, type ItemUnit, type Unit } from '../core/unit.ts'
import type { Clock } from './clock.ts'
import { prepared, sql, type Connection, type Database, type Statement } from './db.ts'
import { lanesOf, rulesOf } from './lane/sourcing.ts'
import { unitsOfItems } from './lane/units.ts'

/** Items remembered at most; beyond it the memory starts anew. */
const ITEMS_MAX = 200_000
const PARTIES_MAX = 200_000
const FRESH_MILLISECONDS = 10_000

export class Catalog {
  readonly #database: Database
  readonly #clock: Clock
  readonly #items = new Map<ItemId, Item>()
  readonly #itemBySku = new Map<string, { readonly item: Item; readonly until: number }>()
  readonly #parties = new Map<string, Party>()
  readonly #sites = new Map<SiteId, Site>()
  readonly #siteByCode = new Map<string, Site>()
  readonly #siteCodes = new Map<SiteId, string>()
  readonly #currencies = new Map<SiteId, Currency>()
  readonly #places = new Map<SiteId, Map<PlaceId, PlaceKind>>()
  readonly #walks = new Map<SiteId, ReadonlyMap<PlaceId, number>>()
  readonly #placeByCode = new Map<string, PlaceId>()
  readonly #sourcings = new Map<SiteId, { readonly sourcing: Promise<Sourcing | undefined>; readonly until: number }>()
  readonly #units = new Map<ItemId, { readonly units: ReadonlyMap<string, Unit>; readonly until: number }>()
  #looking: Promise<unknown> = Promise.resolve()
  #nextLook: { readonly skus: Set<string>; readonly found: Promise<ReadonlyMap<string, Item>> } | undefined

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Items by sku; those that do not exist are missing in the answer. */
  async itemsBySku(skus: readonly string[]): Promise<ReadonlyMap<string, Item>> {
    const found = new Map<string, Item>()
    const missing: string[] = []
    const now = this.#clock()
    for (const sku of skus) {
      const known = this.#itemBySku.get(sku)
      if (known !== undefined && known.until > now) found.set(sku, known.item)
      else missing.push(sku)
    }
    if (missing.length === 0) return found
    const looked = await this.#lookUp(missing)
    for (const sku of missing) if (looked.has(sku)) found.set(sku, looked.get(sku)!)
    return found
  }

  /** Items by id. */
  async itemsWith(items: readonly ItemId[], on: Connection = this.#database): Promise<ReadonlyMap<ItemId, Item>> {
    const found = new Map<ItemId, Item>()
    const missing = new Set<ItemId>()
    for (const item of items) {
      const known = this.#items.get(item)
      if (known === undefined) missing.add(item)
      else found.set(item, known)
    }
    if (missing.size === 0) return found
    for (const row of await this.#loadItems(sql`${itemColumns} where item_id = any(${[...missing]}::int[])`, on)) found.set(row.item, row)
    return found
  }

  async party(code: string): Promise<Party | undefined> {
    if (!this.#parties.has(code)) {
      if (this.#parties.size > PARTIES_MAX) this.#parties.clear()
      const rows = await this.#database.query<Party>(sql`select party_id as party, code, name, kind from party where code = ${code}`)
      if (rows[0]) this.#parties.set(code, rows[0])
    }
    return this.#parties.get(code)
  }

  async site(site: SiteId, on: Connection = this.#database): Promise<Site> {
    if (!this.#sites.has(site)) await this.#loadSites(on)
    const known = this.#sites.get(site)
    if (known === undefined) throw new Error(`There is no site ${site}.`)
    return known
  }

  async siteByCode(code: string): Promise<Site | undefined> {
    if (!this.#siteByCode.has(code)) await this.#loadSites()
    return this.#siteByCode.get(code)
  }

  /** In which the company that owns a site keeps its books. */
  async currencyOf(site: SiteId): Promise<Currency> {
    await this.site(site)
    return this.#currencies.get(site)!
  }

  /** Codes of all sites that were met so far. */
  get siteCodes(): ReadonlyMap<SiteId, string> {
    return this.#siteCodes
  }

  async sites(): Promise<readonly Site[]> {
    await this.#loadSites()
    return [...this.#sites.values()]
  }

  /** Kinds of a site's places, these among them. */
  async placesWith(site: SiteId, places: readonly PlaceId[], on: Connection = this.#database): Promise<ReadonlyMap<PlaceId, PlaceKind>> {
    const known = this.#places.get(site)
    if (known === undefined || places.some((place) => !known.has(place))) await this.#loadPlaces(site, on)
    return this.#places.get(site)!
  }

  /** Where each place comes on a walk, of a site whose places were asked for. */
  walksOf(site: SiteId): ReadonlyMap<PlaceId, number> {
    return this.#walks.get(site)!
  }

  async placeByCode(site: SiteId, code: string): Promise<PlaceId | undefined> {
    const name = `${site}/${code}`
    if (!this.#placeByCode.has(name)) await this.#loadPlaces(site)
    return this.#placeByCode.get(name)
  }

  /** By which rule a site's orders are sourced; undefined where it serves them itself. */
  sourcingOf(site: SiteId): Promise<Sourcing | undefined> {
    const known = this.#sourcings.get(site)
    if (known !== undefined && known.until > this.#clock()) return known.sourcing
    const sourcing = this.#loadSourcing(site)
    this.#sourcings.set(site, { sourcing, until: this.#clock() + FRESH_MILLISECONDS })
    // One that fails is told to those who asked, and remembered for nobody else.
    sourcing.catch(() => this.#sourcings.delete(site))
    return sourcing
  }

  /** All units of these items by name. Who names none asks nothing; a name that is not known here is looked up once more. */
  async unitsOf(named: readonly { readonly item: Item; readonly unit: string }[]): Promise<ReadonlyMap<ItemId, ReadonlyMap<string, Unit>>> {
    const now = this.#clock()
    const found = new Map<ItemId, ReadonlyMap<string, Unit>>()
    const missing = new Map<ItemId, Item>()
    for (const { item, unit } of named) {
      const known = this.#units.get(item.item)
      if (known !== undefined && known.until > now && known.units.has(unit)) found.set(item.item, known.units)
      else missing.set(item.item, item)
    }
    if (missing.size > 0) for (const [item, units] of await this.#loadUnits(missing)) found.set(item, units)
    return found
  }

  /** Places were added, or may have been by another process. */
  forgetPlaces(site: SiteId): void {
    this.#places.delete(site)
  }

  #lookUp(skus: readonly string[]): Promise<ReadonlyMap<string, Item>> {
    this.#nextLook ??= { skus: new Set(), found: this.#looking.then(() => this.#look()) }
    for (const sku of skus) this.#nextLook.skus.add(sku)
    return this.#nextLook.found
  }

  async #look(): Promise<ReadonlyMap<string, Item>> {
    const skus = [...this.#nextLook!.skus]
    this.#nextLook = undefined
    const rows = this.#loadItems(prepared(sql`${itemColumns} where sku = any(${skus}::text[])`))
    // One that fails is told to those who asked, and holds up nobody else.
    this.#looking = rows.catch(() => undefined)
    return new Map((await rows).map((row) => [row.sku, row]))
  }

  async #loadItems(statement: Statement, on: Connection = this.#database): Promise<readonly Item[]> {
    const rows = await on.query<Item>(statement)
    if (this.#items.size > ITEMS_MAX) {
      this.#items.clear()
      this.#itemBySku.clear()
    }
    const until = this.#clock() + FRESH_MILLISECONDS
    for (const row of rows) {
      this.#items.set(row.item, row)
      this.#itemBySku.set(row.sku, { item: row, until })
    }
    return rows
  }

  async #loadSites(on: Connection = this.#database): Promise<void> {
    const rows = await on.query<Site & { readonly currency: Currency }>(sql`
      select s.site_id as site, s.code, s.name, s.owner_id as owner, s.sscc_prefix as "ssccPrefix", p.currency
      from site s join party p on p.party_id = s.owner_id`)
    for (const { currency, ...row } of rows) {
      this.#currencies.set(row.site, currency)
      this.#sites.set(row.site, row)
      this.#siteByCode.set(row.code, row)
      this.#siteCodes.set(row.site, row.code)
    }
  }

  async #loadSourcing(site: SiteId): Promise<Sourcing | undefined> {
    const [rules, lanes] = await Promise.all([
      this.#database.query<SourcingRule>(rulesOf([site])),
      this.#database.query<SourcingLane>(lanesOf([site])),
    ])
    return rules[0] === undefined || lanes.length === 0 ? undefined : { ...rules[0], lanes }
  }

  async #loadUnits(items: ReadonlyMap<ItemId, Item>): Promise<ReadonlyMap<ItemId, ReadonlyMap<string, Unit>>> {
    const rows = Map.groupBy(await this.#database.query<ItemUnit>(unitsOfItems([...items.keys()])), (row) => row.item)
    if (this.#units.size > ITEMS_MAX) this.#units.clear()
    const until = this.#clock() + FRESH_MILLISECONDS
    const loaded = new Map<ItemId, ReadonlyMap<string, Unit>>()
    for (const [item, { sku, unit }] of items) {
      const units = unitsOf(unit, rows.get(item) ?? [])
      if ('fault' in units) throw new Error(`Units of ${sku} are not sound: ${units.detail}`)
      loaded.set(item, units)
      this.#units.set(item, { units, until })
    }
    return loaded
  }

  async #loadPlaces(site: SiteId, on: Connection = this.#database): Promise<void> {
    const rows = await on.query<{ place: PlaceId; code: string; kind: PlaceKind; walk: number }>(sql`
      select place_id as place, code, kind, walk_order as walk from place where site_id = ${site}`)
    this.#places.set(site, new Map(rows.map((row) => [row.place, row.kind])))
    this.#walks.set(site, new Map(rows.map((row) => [row.place, row.walk])))
    for (const row of rows) this.#placeByCode.set(`${site}/${row.code}`, row.place)
  }
}

const itemColumns = sql`
  select item_id as item, sku, name, unit, tracking, standard_cost_minor as "standardCost", list_price_minor as "listPrice",
    source, make_days as "makeDays", weight_mg as weight, valuation, category,
    service_level_e3 as "serviceLevel_e3",
    exists (select 1 from kit_component k where k.kit_id = item.item_id) as "isKit",
    exists (select 1 from substitute s where s.item_id = item.item_id) as "hasSubstitutes"
  from item`
