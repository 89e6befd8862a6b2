// Price books: the price book as the server remembers it, so that pricing an order asks the database for nothing that it knew a moment ago. What is
// few (lists, discounts, rates) is read whole once in a named time; prices and customers' terms are looked up as they are asked for, and
// remembered as long. Who asks while a look-up runs is answered by the next one together with everybody else.
//
// Where the book is empty that is all there is to know, and an order costs one look at a variable.

import { emptyPriceBook, type PriceBook } from '../core/flow/order-price.ts'
import type { ItemId, PartyId } from '../core/item.ts'
import { closeness, otherItems, type CustomerTerms, type Price } from '../core/price-book.ts'
import type { Clock } from './clock.ts'
import { sql, type Database } from './db.ts'

const FRESH_MILLISECONDS = 10_000
/** Rows of one kind remembered at most; beyond it the memory starts anew. */
const REMEMBERED_MAX = 200_000

/** What is few, and whether there is any of what is many. */
interface Rules extends Pick<PriceBook, 'lists' | 'discounts' | 'taxRates' | 'rates' | 'paymentTerms'> {
  readonly hasTerms: boolean
  readonly hasItemTaxes: boolean
  readonly until: number
}

export class PriceBooks {
  readonly #database: Database
  readonly #clock: Clock
  #rules: Promise<Rules> | undefined
  readonly #terms: LookUp<PartyId, CustomerTerms>
  readonly #taxes: LookUp<ItemId, string>
  readonly #prices: LookUp<ItemId, readonly Price[]>

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
    this.#terms = new LookUp(clock, (customers) => readTerms(database, customers))
    this.#taxes = new LookUp(clock, (items) => readItemTaxes(database, items))
    this.#prices = new LookUp(clock, (items) => readPrices(database, items))
  }

  /** As much of the book as an order of these items by this customer is priced with. */
  async bookFor(customer: PartyId, items: readonly ItemId[]): Promise<PriceBook> {
    const rules = await this.#freshRules()
    const { lists, discounts, taxRates, rates, paymentTerms, hasTerms, hasItemTaxes } = rules
    if (!hasTerms && lists.length + discounts.length + taxRates.length + rates.length === 0) return emptyPriceBook
    const terms = hasTerms ? (await this.#terms.of([customer])).get(customer) : undefined
    const own = lists.filter((list) => closeness(list, customer, terms?.group ?? null) !== undefined)
    const [prices, itemTaxes] = await Promise.all([
      own.length === 0 ? emptyPriceBook.prices : this.#prices.of(items),
      hasItemTaxes ? this.#taxes.of([...items, otherItems]) : emptyPriceBook.itemTaxes,
    ])
    return { lists: own, prices, discounts, taxRates, itemTaxes, rates, paymentTerms, terms }
  }

  async #freshRules(): Promise<Rules> {
    const known = await this.#rules
    if (known !== undefined && known.until > this.#clock()) return known
    const reading = readRules(this.#database, this.#clock() + FRESH_MILLISECONDS)
    this.#rules = reading
    // One that fails is told to who asked, and the next one reads anew.
    reading.catch(() => {
      this.#rules = undefined
    })
    return reading
  }
}

/** Rows by key, remembered for a while, those that are not there too. */
class LookUp<Key, Row> {
  readonly #clock: Clock
  readonly #read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>
  readonly #known = new Map<Key, { readonly row: Row | undefined; readonly until: number }>()
  #looking: Promise<unknown> = Promise.resolve()
  #next: { readonly keys: Set<Key>; readonly found: Promise<ReadonlyMap<Key, Row>> } | undefined

  constructor(clock: Clock, read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>) {
    this.#clock = clock
    this.#read = read
  }

  async of(keys: readonly Key[]): Promise<ReadonlyMap<Key, Row>> {
    const found = new Map<Key, Row>()
    const missing: Key[] = []
    const now = this.#clock()
    for (const key of keys) {
      const known = this.#known.get(key)
      if (known === undefined || known.until <= now) missing.push(key)
      else if (known.row !== undefined) found.set(key, known.row)
    }
    if (missing.length === 0) return found
    const looked = await this.#lookUp(missing)
    for (const key of missing) if (looked.has(key)) found.set(key, looked.get(key)!)
    return found
  }

  #lookUp(keys: readonly Key[]): Promise<ReadonlyMap<Key, Row>> {
    this.#next ??= { keys: new Set(), found: this.#looking.then(() => this.#look()) }
    for (const key of keys) this.#next.keys.add(key)
    return this.#next.found
  }

  async #look(): Promise<ReadonlyMap<Key, Row>> {
    const keys = [...this.#next!.keys]
    this.#next = undefined
    const reading = this.#read(keys)
    this.#looking = reading.catch(() => undefined)
    const rows = await reading
    if (this.#known.size + keys.length > REMEMBERED_MAX) this.#known.clear()
    const until = this.#clock() + FRESH_MILLISECONDS
    for (const key of keys) this.#known.set(key, { row: rows.get(key), until })
    return rows
  }
}

async function readRules(database: Database, until: number): Promise<Rules> {
  const [lists, discounts, taxRates, rates, paymentTerms, there] = await Promise.all([
    database.query<Rules['lists'][number]>(sql`
      select code, name, currency, customer_id as customer, customer_group as "group", valid_from as "validFrom", valid_to as "validTo"
      from price_list order by code`),
    database.query<Rules['discounts'][number]>(sql`
      select code, level, customer_id as customer, customer_group as "group", item_id as item, per_million as "perMillion", amount_minor as amount,
        currency, minimum, minimum_minor as "minimumAmount", valid_from as "validFrom", valid_to as "validTo"
      from discount order by code`),
    database.query<Rules['taxRates'][number]>(sql`select code, valid_from as "validFrom", per_million as "perMillion" from tax_rate`),
    database.query<Rules['rates'][number]>(sql`select currency, valid_from as "validFrom", rate_e9 from exchange_rate`),
    database.query<Rules['paymentTerms'][number]>(sql`
      select code, name, net_days as "netDays", discount_days as "discountDays", discount_per_million as "discountPerMillion" from payment_term`),
    database.query<{ terms: boolean; taxes: boolean }>(sql`
      select exists (select from customer_terms) as terms, exists (select from item_tax) as taxes`),
  ])
  return { lists, discounts, taxRates, rates, paymentTerms, hasTerms: there[0]!.terms, hasItemTaxes: there[0]!.taxes, until }
}

async function readTerms(database: Database, customers: readonly PartyId[]): Promise<ReadonlyMap<PartyId, CustomerTerms>> {
  const rows = await database.query<CustomerTerms>(sql`
    select customer_id as customer, customer_group as "group", currency, tax_code as "taxCode", payment_term as "paymentTerm",
      minimum_life_days as "minimumLifeDays"
    from customer_terms where customer_id = any(${customers}::int[])`)
  return new Map(rows.map((row) => [row.customer, row]))
}

async function readItemTaxes(database: Database, items: readonly ItemId[]): Promise<ReadonlyMap<ItemId, string>> {
  const rows = await database.query<{ item: ItemId; code: string }>(sql`
    select item_id as item, code from item_tax where item_id = any(${items}::int[])`)
  return new Map(rows.map((row) => [row.item, row.code]))
}

/** All prices of these items; few lists have an item, customers' own among them. */
async function readPrices(database: Database, items: readonly ItemId[]): Promise<ReadonlyMap<ItemId, readonly Price[]>> {
  const rows = await database.query<Price>(sql`
    select list_code as list, item_id as item, minimum, valid_from as "validFrom", valid_to as "validTo", unit_price_minor as "unitPrice"
    from price where item_id = any(${items}::int[])`)
  return Map.groupBy(rows, (row) => row.item)
}
