// Catalog: master data as the server remembers it: items, sites, parties and places, found by code or by id. What is asked for and not
// known here is looked up once more before it is called unknown, so another process's new item needs no message. What never changes (ids,
// codes, kinds of places) may be remembered for ever; prices are read again after a named time.

import type { Item, ItemId, SiteId } from '../core/item.ts'
import type { Party, Site } from '../core/master.ts'
import type { PlaceId, PlaceKind } from '../core/place.ts'
import type { Clock } from './clock.ts'
import { sql, type Connection, type Database, type Statement } from './db.ts'

/** Items remembered at most; beyond it the memory starts anew. */
const ITEMS_MAX = 200_000
const PARTIES_MAX = 200_000
const FRESH_MILLISECONDS = 10_000

export class Catalog {
  readonly #database: Database
  readonly #clock: Clock
  readonly #items = new Map<ItemId, Item>()
  readonly #itemBySku = new Map<string, Item>()
  readonly #parties = new Map<string, Party>()
  readonly #sites = new Map<SiteId, Site>()
  readonly #siteByCode = new Map<string, Site>()
  readonly #siteCodes = new Map<SiteId, string>()
  readonly #places = new Map<SiteId, Map<PlaceId, PlaceKind>>()
  readonly #placeByCode = new Map<string, PlaceId>()
  #forgetAt = 0

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Items by sku; those that do not exist are missing in the answer. */
  async itemsBySku(skus: readonly string[]): Promise<ReadonlyMap<string, Item>> {
    this.#forgetOld()
    const missing = skus.filter((sku) => !this.#itemBySku.has(sku))
    if (missing.length > 0) await this.#loadItems(sql`${itemColumns} where sku = any(${missing}::text[])`)
    return this.#itemBySku
  }

  /** All remembered items, these among them. */
  async itemsWith(items: readonly ItemId[], on: Connection = this.#database): Promise<ReadonlyMap<ItemId, Item>> {
    const missing = [...new Set(items)].filter((item) => !this.#items.has(item))
    if (missing.length > 0) await this.#loadItems(sql`${itemColumns} where item_id = any(${missing}::int[])`, on)
    return this.#items
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

  async placeByCode(site: SiteId, code: string): Promise<PlaceId | undefined> {
    const name = `${site}/${code}`
    if (!this.#placeByCode.has(name)) await this.#loadPlaces(site)
    return this.#placeByCode.get(name)
  }

  /** Places were added, or may have been by another process. */
  forgetPlaces(site: SiteId): void {
    this.#places.delete(site)
  }

  #forgetOld(): void {
    if (this.#clock() < this.#forgetAt) return
    this.#forgetAt = this.#clock() + FRESH_MILLISECONDS
    this.#itemBySku.clear()
    if (this.#items.size > ITEMS_MAX) this.#items.clear()
  }

  async #loadItems(statement: Statement, on: Connection = this.#database): Promise<void> {
    for (const row of await on.query<Item>(statement)) {
      this.#items.set(row.item, row)
      this.#itemBySku.set(row.sku, row)
    }
  }

  async #loadSites(on: Connection = this.#database): Promise<void> {
    const rows = await on.query<Site>(sql`select site_id as site, code, name, owner_id as owner from site`)
    for (const row of rows) {
      this.#sites.set(row.site, row)
      this.#siteByCode.set(row.code, row)
      this.#siteCodes.set(row.site, row.code)
    }
  }

  async #loadPlaces(site: SiteId, on: Connection = this.#database): Promise<void> {
    const rows = await on.query<{ place: PlaceId; code: string; kind: PlaceKind }>(sql`
      select place_id as place, code, kind from place where site_id = ${site}`)
    this.#places.set(site, new Map(rows.map((row) => [row.place, row.kind])))
    for (const row of rows) this.#placeByCode.set(`${site}/${row.code}`, row.place)
  }
}

const itemColumns = sql`
  select item_id as item, sku, name, unit, tracking, standard_cost_minor as "standardCost", list_price_minor as "listPrice" from item`
