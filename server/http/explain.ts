// Explain, quantity: how much of an item there is or was, and the moves that made it so. The figure is reckoned back from stock, as everywhere; its moves
// are read beside it in the same snapshot, newest first, and what those that are not on a page come to is told with it. So the first page
// of an item that moved a million times costs what one that moved twice does.

import { day_ms, instant, startOf, textOf, type Day, type Instant } from '../../core/calendar.ts'
import { formulas, quantityInWords } from '../../core/explanation.ts'
import type { Item, PartyId } from '../../core/item.ts'
import type { Condition } from '../../core/move.ts'
import type { Site } from '../../core/party.ts'
import type { PlaceId } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { knownThen, lastKnown, unknownThen, type AsOf } from '../as-of.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { inSnapshot } from '../snapshot.ts'
import { instantOf, itemOf, partyOf, placeOf, siteOf, told, type Call, type Readers } from './call.ts'
import { withDocuments } from './explain-documents.ts'
import { keyIn, pageOf, type Key } from './page.ts'
import { placeCodes } from './valuation.ts'

interface AsOfQuery {
  readonly site: string
  readonly sku: string
  readonly at?: string | undefined
  readonly on?: string | undefined
  readonly sequence?: number | undefined
  readonly knownAt?: string | undefined
  readonly cursor?: string | undefined
}

export interface Asked {
  readonly site: Site
  readonly item: Item
  /** The cursor's parts; undefined for the first page. */
  readonly after: Key | undefined
}

/** What is asked for by site and item, and where a page begins. */
export async function askedOf(call: Call, shape: Parameters<typeof keyIn>[1]): Promise<Asked | Refusal> {
  const query = call.query as AsOfQuery
  const site = await siteOf(call, query.site)
  if (isRefusal(site)) return site
  const item = await itemOf(call, query.sku)
  if (isRefusal(item)) return item
  const after = keyIn(query.cursor, shape)
  return after !== undefined && isRefusal(after) ? after : { site, item, after }
}

/** As of when: further pages are of the same moment and the same knowledge as the first, whatever was told since. */
export async function momentOf(session: Connection, call: Call, { site, item, after }: Asked): Promise<AsOf> {
  const { at, on, sequence, knownAt } = call.query as AsOfQuery
  if (after !== undefined) return { site, item: item.item, at: instant(Number(after[0])), known: Number(after[1]) }
  const known = await lastKnown(session, site, { sequence, at: knownAt === undefined ? undefined : instant(Date.parse(knownAt)) })
  return { site, item: item.item, at: on === undefined ? instantOf(call, at) : endOf(on as Day), known }
}

const endOf = (day: Day): Instant => instant(startOf(day) + day_ms - 1)

/** What of an item is meant; what is left out is not looked at. */
interface Part {
  readonly owner: PartyId
  readonly place?: PlaceId
  readonly lot?: string | undefined
  readonly serial?: string | undefined
  readonly package?: string | undefined
  readonly condition?: Condition | undefined
}

type Columns = Readonly<Record<keyof Part, Statement>>
const stocked: Columns = {
  owner: sql`s.owner_id`,
  place: sql`s.place_id`,
  lot: sql`s.lot`,
  serial: sql`s.serial`,
  package: sql`s.package`,
  condition: sql`s.condition`,
}
const to: Columns = {
  owner: sql`m.to_owner_id`,
  place: sql`m.to_place_id`,
  lot: sql`m.to_lot`,
  serial: sql`m.to_serial`,
  package: sql`m.to_package`,
  condition: sql`m.to_condition`,
}
const from: Columns = {
  owner: sql`m.from_owner_id`,
  place: sql`m.from_place_id`,
  lot: sql`m.from_lot`,
  serial: sql`m.from_serial`,
  package: sql`m.from_package`,
  condition: sql`m.from_condition`,
}

const isOf = (columns: Columns, part: Part): Statement =>
  (Object.keys(columns) as (keyof Part)[]).reduce(
    (before, name) => (part[name] === undefined ? before : sql`${before} and ${columns[name]} = ${part[name]}`),
    sql`${columns.place} >= 100`,
  )
const cameIn = (part: Part): Statement => sql`(case when ${isOf(to, part)} then m.quantity else 0 end)`
const wentOut = (part: Part): Statement => sql`(case when ${isOf(from, part)} then m.quantity else 0 end)`

interface MoveRow {
  readonly sequence: number
  readonly document: string
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  readonly in: number
  readonly out: number
}

/** What there was, and how much of it came with moves that are on earlier pages. */
const quantityOf = (of: AsOf, part: Part, before: number): Statement => sql`
  select coalesce((
      select sum(s.quantity)::bigint from stock s where s.site_id = ${of.site.site} and s.item_id = ${of.item} and ${isOf(stocked, part)}), 0)
    - coalesce((
      select sum(${cameIn(part)} - ${wentOut(part)})::bigint from move m where m.site_id = ${of.site.site} and ${unknownThen(of)}), 0) as quantity,
    coalesce((
      select sum(${cameIn(part)} - ${wentOut(part)})::bigint from move m
      where m.site_id = ${of.site.site} and ${knownThen(of)} and m.sequence >= ${before}), 0) as newer`

const movesOf = (of: AsOf, part: Part, before: number, limit: number): Statement => sql`
  select m.sequence, m.occurred_at as "occurredAt", m.recorded_at as "recordedAt", m.cause, m.document_id as document, m.line,
    coalesce(f.code, ${placeCodes}::json ->> m.from_place_id::text) as "from", coalesce(t.code, ${placeCodes}::json ->> m.to_place_id::text) as "to",
    m.to_lot as lot, m.to_serial as serial, ${cameIn(part)} as "in", ${wentOut(part)} as out
  from move m
  left join place f on f.site_id = m.site_id and f.place_id = m.from_place_id
  left join place t on t.site_id = m.site_id and t.place_id = m.to_place_id
  where m.site_id = ${of.site.site} and ${knownThen(of)} and m.sequence < ${before} and ${cameIn(part)} <> ${wentOut(part)}
  order by m.sequence desc limit ${limit}`

export const explainQuantity: Readers['explainQuantity'] = async (call) => {
  const asked = await askedOf(call, ['number', 'number', 'number'])
  if (isRefusal(asked)) return asked
  const part = await partOf(call, asked.site)
  if (isRefusal(part)) return part
  const { site, item } = asked
  const { limit } = call.query
  return inSnapshot(call.context.database, async (session) => {
    const of = await momentOf(session, call, asked)
    const before = Number(asked.after?.[2] ?? of.known + 1)
    const [[found], moves] = await Promise.all([
      session.query<{ quantity: number; newer: number }>(quantityOf(of, part, before)),
      session.query<MoveRow>(movesOf(of, part, before, limit + 1)),
    ])
    let left = found!.quantity - found!.newer
    const summed = (await withDocuments(session, site.site, moves)).map((row) => {
      const sum = left
      left -= row.in - row.out
      return { ...row, sum, left }
    })
    const { rows, next } = pageOf(
      summed,
      limit,
      (row) => [of.at, of.known, row.sequence],
      ({ left: _left, ...row }) => told(row, ['occurredAt', 'recordedAt']),
    )
    const last = summed[Math.min(limit, summed.length) - 1]
    const narrowed = [part.place, part.lot, part.serial, part.package, part.condition].some((one) => one !== undefined)
    return {
      sku: item.sku,
      name: item.name,
      site: site.code,
      at: textOf(of.at),
      sequence: of.known,
      figure: { quantity: found!.quantity },
      formulas: formulas.quantity,
      says: quantityInWords(quantity(found!.quantity), narrowed, { sku: item.sku, site: site.code, at: of.at, sequence: of.known }),
      rows,
      carried: { quantity: last === undefined ? found!.quantity - found!.newer : last.left },
      next,
    }
  })
}

async function partOf(call: Parameters<Readers['explainQuantity']>[0], site: Site): Promise<Part | Refusal> {
  const { place: code, owner: company, lot, serial, package: sscc, condition } = call.query
  const place = code === undefined ? undefined : await placeOf(call, site.site, code, 'place')
  if (place !== undefined && isRefusal(place)) return place
  const owner = company === undefined ? undefined : await partyOf(call, company, 'company', 'owner')
  if (owner !== undefined && isRefusal(owner)) return owner
  return { owner: owner?.party ?? site.owner, ...(place !== undefined && { place }), lot, serial, package: sscc, condition }
}
