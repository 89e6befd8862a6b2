// Count sheets over HTTP. What an answer may tell of the record is decided here and nowhere else: nothing before the sheet is posted to a role that counts.

import { instant, type Instant } from '../../core/calendar.ts'
import { positions_max, type CountSheet } from '../../core/count-sheet.ts'
import type { EnteredCount, EnterCounts } from '../../core/loop/count-sheet.ts'
import { money } from '../../core/money.ts'
import type { Condition } from '../../core/move.ts'
import type { Site } from '../../core/party.ts'
import type { StockPosition } from '../../core/position-count.ts'
import type { Principal } from '../../core/principal.ts'
import { none, quantity, type Quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { sql, type Statement } from '../db.ts'
import { sheetsWhere } from '../lane/counts.ts'
import { namesOf } from './audit.ts'
import { predictedAndFound, predictionsOf, positionsOfList } from './count-prediction.ts'
import { nowOf, ownerOf, placeOf, siteOf, told, type Asked, type CallOf, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { aboutDocument } from './purchase.ts'
import { countedIn } from './units.ts'

export const countSheetWriters = {
  openCountSheet: async (call) => {
    const { kind: of, isBlind, note, tolerance, list } = call.body
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const positions = await (list === undefined ? positionsToCount(call, site) : positionsOfList(call, site, list))
    if (isRefusal(positions)) return positions
    if (positions.length > positions_max) return tooLarge
    const predicted = await predictionsOf(call.context.database, site, { positions, list, now: nowOf(call) })
    const { units, perMillion = null, value } = tolerance
    const limits = { units: units === undefined ? null : quantity(units), perMillion, value: value === undefined ? null : money(value) }
    const sheet = call.context.newId()
    return { site: site.site, command: { kind: 'openCountSheet', sheet, of, isBlind, note, tolerance: limits, positions, predicted } }
  },
  enterCounts: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const entries: EnteredCount[] = []
    const refused: EnterCounts['refused'][number][] = []
    for (const [at, sent] of call.body.entries.entries()) {
      const index = at + 1
      const taken = await entered(call, site, sent, index)
      if (isRefusal(taken)) refused.push({ index, entry: sent.entry, refusal: taken })
      else entries.push(taken)
    }
    return { site: site.site, command: { kind: 'enterCounts', sheet: call.params.id, entries, refused } }
  },
  closeCountSheet: (call) => aboutDocument(call, (sheet) => ({ kind: 'closeCountSheet', sheet, leavesUncounted: call.body.leavesUncounted })),
  approveCountSheet: (call) => aboutDocument(call, (sheet) => ({ kind: 'approveCountSheet', sheet })),
  cancelCountSheet: (call) => aboutDocument(call, (sheet) => ({ kind: 'cancelCountSheet', sheet, reason: call.body.reason })),
} satisfies Partial<Writers>

const tooLarge = refuse('count_sheet_too_large', 'places', `A sheet has at most ${positions_max} positions: name places, and open one for the rest.`)

interface SentPosition {
  readonly sku: string
  readonly place: string
  readonly lot: string
  readonly serial: string
  readonly condition: Condition
  readonly owner?: string | undefined
}

/** A position as it is named; `path` is what stands before the name of a field. */
async function positionNamed(call: Asked, site: Site, sent: SentPosition, path: string): Promise<StockPosition | Refusal> {
  const item = (await call.context.catalog.itemsBySku([sent.sku])).get(sent.sku)
  if (item === undefined) return refuse('item_not_known', `${path}sku`, `There is no item ${sent.sku}.`)
  const place = await placeOf(call, site.site, sent.place, `${path}place`)
  if (isRefusal(place)) return place
  const whose = await ownerOf(call, site, sent.owner, `${path}owner`)
  if (isRefusal(whose)) return whose
  const { lot, serial, condition } = sent
  return { item: item.item, owner: whose.owner ?? site.owner, place, lot, serial, condition }
}

type SentEntry = CallOf<'enterCounts'>['body']['entries'][number]

async function entered(call: Asked, site: Site, sent: SentEntry, index: number): Promise<EnteredCount | Refusal> {
  const path = `entries/${index}`
  const position = await positionNamed(call, site, sent, `${path}/`)
  if (isRefusal(position)) return position
  const item = (await call.context.catalog.itemsBySku([sent.sku])).get(sent.sku)!
  const counted = await countedIn(call, item, sent.counted, { unit: sent.unit, path, field: 'counted' })
  if (isRefusal(counted)) return counted
  const { entry, part, isSure, isRecount } = sent
  return { index, entry, ...position, part, counted, countedAt: instant(Date.parse(sent.countedAt)), isSure, isRecount }
}

/** The positions that are named, or those that are recorded where and of what is named; all of the site where nothing is. Packed goods are not counted. */
async function positionsToCount(call: CallOf<'openCountSheet'>, site: Site): Promise<readonly StockPosition[] | Refusal> {
  const { kind, positions: named, places, skus } = call.body
  if (named !== undefined) {
    const positions: StockPosition[] = []
    for (const [at, sent] of named.entries()) {
      const position = await positionNamed(call, site, sent, `positions/${at + 1}/`)
      if (isRefusal(position)) return position
      positions.push(position)
    }
    return positions
  }
  if (kind === 'ad_hoc' && places === undefined && skus === undefined) return []
  const at: number[] = []
  for (const [index, code] of (places ?? []).entries()) {
    const place = await placeOf(call, site.site, code, `places/${index + 1}`)
    if (isRefusal(place)) return place
    at.push(place)
  }
  const items = await call.context.catalog.itemsBySku(skus ?? [])
  const unknown = (skus ?? []).findIndex((sku) => !items.has(sku))
  if (unknown >= 0) return refuse('item_not_known', `skus/${unknown + 1}`, `There is no item ${skus![unknown]}.`)
  const ofItems = skus === undefined ? sql`` : sql`and s.item_id = any(${[...items.values()].map((item) => item.item)}::int[])`
  const atPlaces = places === undefined ? sql`` : sql`and s.place_id = any(${at}::int[])`
  const rows = await call.context.database.query<StockPosition>(sql`
    select s.item_id as item, s.owner_id as owner, s.place_id as place, s.lot, s.serial, s.condition
    from stock s join place p on p.site_id = s.site_id and p.place_id = s.place_id
    where s.site_id = ${site.site} and s.package = '' and s.quantity <> 0 ${atPlaces} ${ofItems}
    order by p.walk_order, p.code, s.item_id, s.lot, s.serial, s.condition, s.owner_id limit ${positions_max + 1}`)
  return rows
}

interface Head extends CountSheet {
  readonly positions: number
  readonly toCount: number
  readonly within: number
  readonly countedPositions: number
  readonly unitsOff: Quantity
  readonly valueOff: number
  readonly value: number
}

/** Sheets with what their positions come to. */
const headsWhere = (at: Site, condition: Statement): Statement => sql`
  select h.*, p.* from (${sheetsWhere(sql`site_id = ${at.site} and ${condition}`)}) h
  cross join lateral (
    select count(*) as positions, count(*) filter (where ${isToCount(at)}) as "toCount", count(*) filter (where p.verdict = 'within') as within,
      count(p.counted) as "countedPositions", coalesce(sum(abs(coalesce(c.difference, p.difference))), 0)::bigint as "unitsOff",
      coalesce(sum(abs(p.value_minor)), 0)::bigint as "valueOff", coalesce(sum(p.value_minor), 0)::bigint as value
    from count_position p
    left join position_count c on c.site_id = p.site_id and c.document_id = p.sheet_id and c.line = p.line
    where p.site_id = ${at.site} and p.sheet_id = h.sheet) p
  order by h."openedAt" desc, h.sheet desc`

/** Of a position `p`: nobody has entered anything of it in its round. */
const isToCount = ({ site }: Site): Statement => sql`
  not exists (select from count_entry e where e.site_id = ${site} and e.sheet_id = p.sheet_id and e.line = p.line and e.round = p.round)`

const instants = ['openedAt', 'closedAt', 'postedAt', 'cancelledAt'] as const

function tellHead(row: Head, names: ReadonlyMap<string, string>): object {
  const { sheet: id, kind, state, isBlind, note, reason, positions, toCount, within, countedPositions, unitsOff, valueOff, value } = row
  const known = (actor: string | null): string | null => (actor === null ? null : (names.get(actor) ?? actor))
  const { openedAt, closedAt, postedAt, cancelledAt } = row
  const withinPerMillion = countedPositions === 0 ? 1_000_000 : Math.floor((within * 1_000_000) / countedPositions)
  return {
    id,
    kind,
    state,
    isBlind,
    note,
    reason,
    ...told({ openedAt, closedAt, postedAt, cancelledAt }, instants),
    openedBy: known(row.openedBy),
    approvedBy: known(row.approvedBy),
    cancelledBy: known(row.cancelledBy),
    positions,
    toCount: state === 'open' || state === 'recount' ? toCount : 0,
    accuracy: state === 'posted' ? { positions: countedPositions, within, withinPerMillion, unitsOff, valueOff, value } : null,
  }
}

const actorsOf = (rows: readonly CountSheet[]): { readonly actor: string }[] =>
  rows.flatMap(({ openedBy, approvedBy, cancelledBy }) => [openedBy, approvedBy, cancelledBy].flatMap((actor) => (actor === null ? [] : [{ actor }])))

/** Roles that see what a closed sheet found before it is posted; the others count. */
const seeing: readonly Principal['role'][] = ['admin', 'planner', 'auditor']

interface Line {
  readonly line: number
  readonly isToCount: boolean
  readonly recordedNow: Quantity | null
  readonly recorded: Quantity | null
  readonly counted: Quantity | null
  readonly countedAt: Instant | null
  readonly difference: Quantity | null
  readonly differenceNow: Quantity | null
  readonly value: number | null
  readonly verdict: string | null
}

interface Entry {
  readonly line: number
  readonly countedAt: Instant
  readonly counter: string
}

export const countSheetReaders = {
  listCountSheets: async (call) => {
    const { state, limit } = call.query
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const after = keyIn(call.query.cursor, ['number', 'uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const { database } = call.context
    const behind =
      after === undefined ? sql`` : sql`and (opened_at, sheet_id) < (${new Date(Number(after[0]))}::timestamptz, ${String(after[1])}::uuid)`
    const inState = state === undefined ? sql`` : sql`and state = ${state}`
    const rows = await database.query<Head>(
      headsWhere(site, sql`true ${inState} ${behind} order by opened_at desc, sheet_id desc limit ${limit + 1}`),
    )
    const names = await namesOf(database, actorsOf(rows))
    return pageOf(
      rows,
      limit,
      (row) => [row.openedAt, row.sheet],
      (row) => tellHead(row, names),
    )
  },
  getCountSheet: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { database } = call.context
    const { id } = call.params
    const [[head], lines, entries] = await Promise.all([
      database.query<Head>(headsWhere(site, sql`sheet_id = ${id}`)),
      database.query<Line>(linesOf(site, id)),
      database.query<Entry>(sql`
        select line, entry, part, round, counted, counted_at as "countedAt", counter, is_absurd as "isAbsurd"
        from count_entry where site_id = ${site.site} and sheet_id = ${id} order by number`),
    ])
    if (head === undefined) return refuse('count_sheet_not_known', 'id', 'There is no such count sheet at this site.')
    const names = await namesOf(database, [...actorsOf([head]), ...entries.map((one) => ({ actor: one.counter }))])
    const byLine = Map.groupBy(entries, (one) => one.line)
    const sees = head.state === 'posted' || (seeing.includes(call.principal.role) && head.closedAt !== null)
    const tellEntry = ({ line: _line, ...one }: Entry): object => ({ ...told(one, ['countedAt']), counter: names.get(one.counter) ?? one.counter })
    return {
      ...tellHead(head, names),
      tolerance: head.tolerance,
      predicted: sees ? await predictedAndFound(database, site, id) : null,
      lines: lines.map((one) => ({ ...tellLine(one, head, sees), entries: sees ? (byLine.get(one.line) ?? []).map(tellEntry) : [] })),
    }
  },
} satisfies Partial<Readers>

const linesOf = (at: Site, id: string): Statement => sql`
  select p.line, i.sku, i.name, w.code as owner, l.code as place, p.lot, p.serial, p.condition, not p.is_listed as "isFind", p.round, ${isToCount(at)} as "isToCount",
    p.verdict, p.counted, p.counted_at as "countedAt", p.recorded, p.difference, c.difference as "differenceNow", p.value_minor as value,
    s.quantity as "recordedNow"
  from count_position p
  join item i on i.item_id = p.item_id
  join party w on w.party_id = p.owner_id
  join place l on l.site_id = p.site_id and l.place_id = p.place_id
  left join position_count c on c.site_id = p.site_id and c.document_id = p.sheet_id and c.line = p.line
  left join stock s on s.site_id = p.site_id and s.item_id = p.item_id and s.owner_id = p.owner_id and s.condition = p.condition and s.place_id = p.place_id
    and s.lot = p.lot and s.serial = p.serial and s.package = ''
  where p.site_id = ${at.site} and p.sheet_id = ${id} order by p.line`

/** What is not to be seen is null. */
function tellLine(row: Line, { state, isBlind }: CountSheet, sees: boolean): object {
  const { recordedNow, differenceNow, ...line } = row
  const isOpen = state === 'open' || state === 'recount'
  const isToCount = isOpen && row.isToCount
  const unseen = { recorded: isOpen && !isBlind ? (recordedNow ?? none) : null, counted: null, difference: null, value: null, verdict: null }
  if (!sees) return { ...line, isToCount, ...unseen, countedAt: null, undone: null }
  const undone = differenceNow === null || row.difference === null ? null : row.difference - differenceNow
  return { ...told(line, ['countedAt']), isToCount, undone }
}
