// Cover, the shell: which items are short at a site, how each can be had, and in what order they are netted. What is short is looked for outside
// the lane; what is decided of it there is decided on the rows as they are then.
//
// A command takes so many items at most, so no lane is held up for long. What is made comes before what is bought, so the rest is found when
// the next command looks: it is netted anew, and a run that was cut off is simply started again.

import { byPreference, type SupplierItem } from '../../core/supplier-item.ts'
import type { Day } from '../../core/calendar.ts'
import { coverShortages, type CoverShortages, type CoverSource, type Elsewhere, type Offer } from '../../core/flow/cover.ts'
import type { Component } from '../../core/flow/produce.ts'
import type { ItemId, SiteId, Source } from '../../core/item.ts'
import type { Site } from '../../core/party.ts'
import { lowLevelCodes } from '../../core/plan/mrp.ts'
import { sql, type Connection } from '../db.ts'
import { reliableOf } from '../lane/doubted.ts'
import type { Stage } from '../stage.ts'

const COVER_ITEMS_MAX = 100
/** Demands that wait for its items: each of them is pegged. An item that alone has more is a command by itself. */
const COVER_DEMANDS_MAX = 3_000

export const coverShortagesStage: Stage<CoverShortages> = {
  status: 201,
  needs: ({ lines }) => {
    const items = lines.map((line) => line.item)
    const components = lines.flatMap(({ source }) => (source?.from === 'production' ? source.components.map((one) => one.item) : []))
    return { items: [...new Set([...items, ...components])], plansSupply: true, supply: { items } }
  },
  decide: coverShortages,
}

type Line = CoverShortages['lines'][number]

/** The next command that covers what is short. */
export async function commandToCover(database: Connection, { site, owner }: Pick<Site, 'site' | 'owner'>, day: Day): Promise<CoverShortages> {
  const lines = inOrder(await sourcesOf(database, site, await shortItems(database, site, owner), day))
  const waiting = await demandsWaiting(database, site, lines.slice(0, COVER_ITEMS_MAX))
  const taken = lines.slice(0, cut(lines, waiting))
  return { kind: 'coverShortages', lines: taken, more: taken.length < lines.filter((line) => line.source !== null).length }
}

/** Items of which more is demanded than is there and on its way. */
async function shortItems(database: Connection, site: SiteId, owner: number): Promise<readonly ItemId[]> {
  const rows = await database.query<{ item: ItemId }>(sql`
    select a.item_id as item from availability a
    where a.site_id = ${site} and a.owner_id = ${owner} and a.demand > 0 and a.demand > ${reliableOf} + a.supply order by a.item_id`)
  return rows.map((row) => row.item)
}

/** How many demands of each of these items are neither held nor pegged. */
async function demandsWaiting(database: Connection, site: SiteId, lines: readonly Line[]): Promise<ReadonlyMap<ItemId, number>> {
  const rows = await database.query<{ item: ItemId; demands: number }>(sql`
    select item_id as item, count(*) as demands from planned_move
    where site_id = ${site} and item_id = any(${lines.map((line) => line.item)}::int[]) and planned - posted - cancelled > 0 and direction = 'demand' and held + pegged < planned - posted - cancelled
    group by item_id`)
  return new Map(rows.map((row) => [row.item, row.demands]))
}

/** How each of these items is had, and everything that those which are made are made of, level by level. */
async function sourcesOf(database: Connection, site: SiteId, items: readonly ItemId[], day: Day): Promise<ReadonlyMap<ItemId, Line>> {
  const elsewhere = await elsewhereOf(database, site)
  const lines = new Map<ItemId, Line>()
  for (let level = items; level.length > 0;) {
    for (const line of await sourcesOfLevel(database, elsewhere, level, day)) lines.set(line.item, line)
    const below = level.flatMap((item) => componentsIn(lines.get(item)))
    level = [...new Set(below)].filter((item) => !lines.has(item))
  }
  return lines
}

/** From which site each class of items comes; a class that is missing is bought or made here. */
export async function elsewhereOf(database: Connection, site: SiteId): Promise<ReadonlyMap<Source, Elsewhere>> {
  const rows = await database.query<Omit<Elsewhere, 'from'> & { source: Source }>(sql`
    select s.item_source as source, s.from_site_id as site, f.code, s.transfer_days as "transferDays"
    from site_source s join site f on f.site_id = s.from_site_id where s.site_id = ${site}`)
  return new Map(rows.map(({ source, ...one }) => [source, { from: 'site', ...one }]))
}

async function sourcesOfLevel(
  database: Connection,
  elsewhere: ReadonlyMap<Source, Elsewhere>,
  items: readonly ItemId[],
  day: Day,
): Promise<readonly Line[]> {
  const [known, offers, recipes] = await Promise.all([
    database.query<{ item: ItemId; source: Source; makeDays: number }>(sql`
      select item_id as item, source, make_days as "makeDays" from item where item_id = any(${items}::int[])`),
    offersOf(database, items),
    billsOf(database, items, day),
  ])
  return known.map(({ item, source, makeDays }) => {
    const site = elsewhere.get(source)
    if (site !== undefined) return { item, source: site }
    const components = recipes.get(item)
    if (source === 'make') return { item, source: components === undefined ? null : { from: 'production', makeDays, components } }
    return { item, source: offers.get(item) ?? null }
  })
}

/** The offer that is taken for each item that a supplier sells. */
export async function offersOf(database: Connection, items: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Offer>> {
  const rows = await database.query<SupplierItem & { code: string }>(sql`
    select s.item_id as item, s.supplier_id as supplier, p.code, s.price_minor as price, s.lead_time_days as "leadTimeDays", s.order_minimum as minimum,
      s.order_multiple as multiple, s.preferred
    from supplier_item s join party p on p.party_id = s.supplier_id
    where s.item_id = any(${items}::int[])`)
  const offers = new Map<ItemId, Offer>()
  for (const { item, preferred: _preferred, ...offer } of rows.toSorted(byPreference))
    if (!offers.has(item)) offers.set(item, { from: 'supplier', ...offer })
  return offers
}

/** What each item is made of on a day; an item without components is missing. */
export async function billsOf(database: Connection, items: readonly ItemId[], day: Day): Promise<ReadonlyMap<ItemId, readonly Component[]>> {
  const rows = await database.query<Omit<Component, 'line'> & { parent: ItemId }>(sql`
    select parent_id as parent, component_id as item, quantity, batch, scrap_per_million as "scrapPerMillion"
    from bill_line
    where parent_id = any(${items}::int[]) and valid_from <= ${day}::date and (valid_to is null or valid_to >= ${day}::date)
    order by parent_id, component_id`)
  const bills = new Map<ItemId, Component[]>()
  for (const { parent, ...component } of rows) {
    const bill = bills.get(parent) ?? []
    bill.push({ ...component, line: bill.length + 1 })
    bills.set(parent, bill)
  }
  return bills
}

const componentsIn = (line: Line | undefined): readonly ItemId[] =>
  line?.source?.from === 'production' ? line.source.components.map((one) => one.item) : []

/** What is made by low-level code, then what other sites supply, then what is bought supplier by supplier, then what cannot be had. */
function inOrder(lines: ReadonlyMap<ItemId, Line>): readonly Line[] {
  const codes = lowLevelCodes(lines.keys(), (item) => componentsIn(lines.get(item)))
  const group = (source: CoverSource): number => (source === null ? 3 : { production: 0, site: 1, supplier: 2 }[source.from])
  const within = ({ item, source }: Line): number =>
    source?.from === 'supplier' ? source.supplier : source?.from === 'site' ? source.site : codes.get(item)!
  return [...lines.values()].toSorted((a, b) => group(a.source) - group(b.source) || within(a) - within(b) || a.item - b.item)
}

/** Where a command ends: between two suppliers if it can, so that each gets one purchase. */
function cut(lines: readonly Line[], waiting: ReadonlyMap<ItemId, number>): number {
  let [end, demands] = [0, 0]
  for (const { item } of lines.slice(0, COVER_ITEMS_MAX)) {
    demands += waiting.get(item) ?? 0
    if (end > 0 && demands > COVER_DEMANDS_MAX) break
    end += 1
  }
  const supplierAt = (index: number): number | undefined => {
    const source = lines[index]?.source
    return source?.from === 'supplier' ? source.supplier : undefined
  }
  let between = end
  while (between > 0 && supplierAt(between) !== undefined && supplierAt(between) === supplierAt(between - 1)) between -= 1
  return between === 0 ? end : between
}
