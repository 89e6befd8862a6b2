// Replenish, one part of a plan: items of a site are read together, planned one after the other, and written with the mark that the part is done, in one
// transaction on one snapshot. So a part is planned whole or not at all, whoever is killed, and what was on order is told as it was when it was planned.

import { dayOf, type Instant } from '../../core/calendar.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import type { EmptyTime } from '../../core/loop/belief-empty.ts'
import { demandForecast } from '../../core/loop/forecast.ts'
import { horizonDays, nothingBehind, replenish, type Origin, type ReplenishLine } from '../../core/loop/replenish.ts'
import { BELIEF_FORMAT } from '../../core/loop/belief-state.ts'
import type { Believed } from '../../core/plan/counting/count-value.ts'
import { Filter } from '../../core/plan/filter/filter.ts'
import { known, PeriodicReview } from '../../core/plan/policies/review.ts'
import { commit, rollback, sql, type Connection, type Session, type Statement } from '../db.ts'
import { elsewhereOf, offersOf } from '../flow/cover.ts'
import { keptOf, readerOf, siteBeliefs } from './belief-read.ts'
import { knownItems, siteKnown, type SiteKnown } from './forecast-known.ts'
import { analoguesOf, demandHistories, likesOf, siteWeekdays } from './forecast-history.ts'
import { adjustmentsOf, behindOf, itemsOf, openOf, planSiteOf, policiesOf, type KnownItem, type Part } from './replenish-read.ts'

/** Tables that are written over and over; one stands for all parts of a worker. */
export interface PlanTools {
  readonly review: PeriodicReview
  readonly filter: Filter
  /** Low-level codes above 0. */
  readonly codes: ReadonlyMap<ItemId, number>
  /** What days of the week are like, by site: asked once. */
  readonly weekdays: Map<SiteId, Float64Array>
  /** What is known there beforehand. */
  readonly known: Map<SiteId, SiteKnown>
}

const CLASSES = 6
const SERIALIZATION_FAILURE = '40001'
export const planTools = (codes: PlanTools['codes']): PlanTools => ({
  review: new PeriodicReview(),
  filter: new Filter(CLASSES),
  codes,
  weekdays: new Map(),
  known: new Map(),
})

/** Plans a part, unless another has it or has done it; returns how many items it was. */
export async function planPart(session: Session, part: Part, now: Instant, tools: PlanTools): Promise<number | undefined> {
  await session.execute(sql`begin isolation level repeatable read`)
  try {
    const [mine] = await session.query<object>(sql`
      select 1 as one from plan_part
      where site_id = ${part.site} and run_id = ${part.run} and level = ${part.level} and source = ${part.source} and first_item = ${part.firstItem}
        and items is null
      for update skip locked`)
    if (mine === undefined) {
      await session.execute(rollback)
      return undefined
    }
    const lines = await linesOf(session, part, now, tools)
    await session.execute(
      sql`delete from plan_line where site_id = ${part.site} and run_id = ${part.run} and item_id = any(${lines.map((one) => one.item)}::int[])`,
    )
    if (lines.length > 0) await session.execute(insertLines(part, lines))
    await session.execute(sql`
      update plan_part set items = ${lines.length}
      where site_id = ${part.site} and run_id = ${part.run} and level = ${part.level} and source = ${part.source} and first_item = ${part.firstItem}`)
    await commit(session)
    return lines.length
  } catch (error) {
    await session.execute(rollback).catch(() => undefined)
    // Another had it, and was done with it between our snapshot and our lock.
    if ((error as { readonly code?: string }).code === SERIALIZATION_FAILURE) return undefined
    throw error
  }
}

interface Line {
  readonly item: ItemId
  readonly from: 'supplier' | 'site' | 'production' | 'none'
  readonly fromId: number | null
  readonly supply: number
  readonly planned: ReplenishLine
}

interface Way {
  readonly from: Line['from']
  readonly fromId: number | null
  readonly origin: Origin | undefined
}

async function linesOf(connection: Connection, part: Part, now: Instant, tools: PlanTools): Promise<readonly Line[]> {
  const today = dayOf(now)
  const site = await planSiteOf(connection, part.site)
  const items = (await itemsOf(connection, part, site.owner)).filter(({ item }) => (tools.codes.get(item) ?? 0) === part.lowLevelCode)
  if (items.length === 0) return []
  const ids = items.map((one) => one.item)
  const analogues = await analoguesOf(connection, part)
  const stocks = await stocksOf(connection, site.site, [...new Set([...ids, ...likesOf(analogues)])], now, tools.filter)
  const weekdays = tools.weekdays.get(site.site) ?? (await siteWeekdays(connection, site.site, today))
  tools.weekdays.set(site.site, weekdays)
  const emptiedOf = async (some: readonly ItemId[]) => emptiedIn(await stocksOf(connection, site.site, some, now, tools.filter))
  const ofSite = tools.known.get(site.site) ?? (await siteKnown(connection, site.site, now, { weekdays, emptiedOf }))
  tools.known.set(site.site, ofSite)
  const knownOf = await knownItems(connection, ofSite, [...ids, ...likesOf(analogues)])
  const [historyOf, open, adjustments, behind, ways, policies] = [
    await demandHistories(connection, part, today, { weekdays, analogues, emptiedOf: emptiedIn(stocks), knownOf, pool: ofSite.pool }),
    await openOf(connection, part, site.owner),
    await adjustmentsOf(connection, part, today),
    await behindOf(connection, part, today),
    await waysOf(connection, part, items),
    await policiesOf(connection, part, site.owner),
  ]
  return items.map(({ item, recorded, supply, price, cost }): Line => {
    const { origin, ...way } = ways(item)
    const more = behind.get(item) ?? nothingBehind
    const history = historyOf(item)
    const days = horizonDays(origin?.leadDays ?? 0, site.rule, more)
    const opened = open.get(item) ?? []
    const believed = site.rule.stock === 'belief' ? stocks.get(item) : undefined
    const { stock, lossPerDay } = believed ?? { stock: known(Math.max(0, recorded)), lossPerDay: 0 }
    const planned = replenish(
      {
        today,
        rule: site.rule,
        stock,
        recorded,
        lossPerDay,
        behind: more,
        origin,
        demand: demandForecast(history.seen, today, days, adjustments.get(item) ?? [], history.weekdays, history.known),
        supplies: opened.filter((row) => row.direction === 'supply'),
        demands: opened.filter((row) => row.direction === 'demand'),
        salePrice: price > 0 ? price : cost,
        ...policies.get(item),
      },
      tools.review,
    )
    return { item, ...way, supply, planned }
  })
}

interface KnownStock {
  readonly stock: Believed
  readonly lossPerDay: number
  readonly emptied: readonly EmptyTime[]
}

/** When there was probably none of an item. */
export const emptiedIn =
  (stocks: ReadonlyMap<ItemId, KnownStock>) =>
  (item: ItemId): readonly EmptyTime[] =>
    stocks.get(item)?.emptied ?? []

/** What is believed of each item; nothing where nobody believes anything yet. */
export async function stocksOf(
  connection: Connection,
  site: SiteId,
  items: readonly ItemId[],
  now: Instant,
  filter?: Filter,
): Promise<ReadonlyMap<ItemId, KnownStock>> {
  const reader = await readerOf(connection, site)
  // What was kept in another form is about to be worked out anew; until then the record counts.
  if (reader === undefined || reader.shared.format !== BELIEF_FORMAT) return new Map()
  const kept = await keptOf(connection, site, items)
  const beliefs = await siteBeliefs(
    connection,
    kept.map((one) => one.item),
    kept,
    reader.shared,
    filter,
  )
  return new Map(
    kept.map(({ item }) => {
      const { chances, from, step, lossPerDay, emptied } = beliefs.believed(item, now)
      return [item, { stock: { low: from, step, chances, cells: chances.length }, lossPerDay, emptied }]
    }),
  )
}

/** How each item is had here: of another site of ours, made, or bought of the preferred supplier. */
async function waysOf(connection: Connection, { site, source }: Part, items: readonly KnownItem[]): Promise<(item: ItemId) => Way> {
  const elsewhere = (await elsewhereOf(connection, site)).get(source)
  const offers = await offersOf(
    connection,
    items.map((one) => one.item),
  )
  const byItem = new Map(items.map((one) => [one.item, one]))
  return (item) => {
    const { cost, makeDays } = byItem.get(item)!
    const plain = { minimum: 1, multiple: 1, price: cost }
    if (elsewhere !== undefined) return { from: 'site', fromId: elsewhere.site, origin: { ...plain, leadDays: elsewhere.transferDays } }
    if (source === 'make') return { from: 'production', fromId: item, origin: { ...plain, leadDays: makeDays } }
    const offer = offers.get(item)
    if (offer === undefined) return { from: 'none', fromId: null, origin: undefined }
    return { from: 'supplier', fromId: offer.supplier, origin: { ...offer, leadDays: offer.leadTimeDays } }
  }
}

const insertLines = ({ site, run }: Part, lines: readonly Line[]): Statement => {
  const of = <Value>(read: (line: Line) => Value): Value[] => lines.map(read)
  return sql`
    insert into plan_line (site_id, run_id, item_id, source, source_id, quantity, due_on, value_minor, risk_minor, supply, message, message_quantity,
      demand_per_day, variance_per_day, position, behind_days, basis)
    select ${site}, ${run}::uuid, t.* from unnest(
      ${of((line) => line.item)}::int[], ${of((line) => line.from)}::text[], ${of((line) => line.fromId)}::int[],
      ${of(({ planned }) => planned.quantity)}::bigint[], ${of(({ planned }) => planned.due)}::date[], ${of(({ planned }) => planned.value)}::bigint[],
      ${of(({ planned }) => planned.risk)}::bigint[], ${of((line) => line.supply)}::bigint[], ${of(({ planned }) => planned.message?.kind ?? null)}::text[],
      ${of(({ planned }) => planned.message?.quantity ?? null)}::bigint[], ${of(({ planned }) => planned.told.perDay)}::float8[],
      ${of(({ planned }) => planned.told.variancePerDay)}::float8[], ${of(({ planned }) => planned.told.position)}::float8[],
      ${of(({ planned }) => planned.told.days)}::float8[], ${of(({ planned }) => JSON.stringify(planned.basis))}::json[]) t`
}
