// Write: a batch's changed rows, each table once, set by set. First what later decisions read, then what is only recorded: between the two the
// next batch may read ahead. The statements are sent together; an error in one fails the commit.

import type { SiteId } from '../../core/item.ts'
import { textOf } from '../../core/calendar.ts'
import type { Event, State } from '../../core/ledger.ts'
import type { Move } from '../../core/move.ts'
import type { Exception } from '../../core/order.ts'
import { plannedKey, type Peg, type PlannedMove } from '../../core/planned-move.ts'
import { carriedStandsOf, StandingChanges, standsOf, type Standing } from '../../core/standing.ts'
import type { Allocation, Availability, Lot, Stock } from '../../core/stock.ts'
import type { Table } from '../../core/table.ts'
import type { ItemValue } from '../../core/value.ts'
import { joined, sql, type Statement } from '../db.ts'
import { putCollections } from './collections.ts'
import { deleteAccounts, putAccounts } from './credit.ts'
import { insertCountEntries, insertCountPredictions, putCountPositions, putCountSheets, putPositionCounts } from './counts.ts'
import { insertLineSupplies } from './line-supplies.ts'
import { insertLosses } from './losses.ts'
import { writeMaster } from './master.ts'
import { insertOrderTerms, putLinePrices } from './price-book.ts'
import { putPayments, putPaymentSteps } from './payments.ts'
import { putMarks } from './recalls.ts'
import { writeReturns } from './returns.ts'
import { alike, distinct, maybe } from './rows.ts'
import { writeStorage } from './storage.ts'
import { deleteAskedIn, putAskedIn } from './units.ts'
import { writeValuation } from './valuation.ts'
import { deleteArrivals, insertPurchases, putArrivals, putPurchaseLines, putWorkComponents, putWorkOrders } from './write-supply.ts'
import { insertHurts } from './exceptions.ts'
import {
  insertGivenPromises,
  insertLaterPromises,
  insertLines,
  insertOrderKits,
  insertOrders,
  insertShipments,
  putLines,
  putOrderHolds,
  putShipmentLines,
  splitOrders,
  updateShipments,
} from './write-orders.ts'

/** A move with its place in the chain. */
export interface ChainedMove extends Move {
  readonly hash: Buffer
  readonly seal: Buffer
}

/**
 * The statements for what later decisions read of the site: stock, availability and value, what is planned, held and pegged, and credit. Each is made as
 * it is asked for, so that the database works on one while the next is made.
 */
export function* writeProjections(state: State): Generator<Statement> {
  const { site, tables } = state
  yield* writeMaster(state)
  yield* changed(site, tables.planned, insertPlanned, putPlanned)
  yield* changed(site, tables.availability, putAvailability, putAvailability)
  yield* changed(site, tables.stock, putStock, putStock, deleteStock)
  yield* changed(site, tables.allocation, putAllocations, putAllocations, deleteAllocations)
  yield* changed(site, tables.peg, putPegs, putPegs, deletePegs)
  yield* changed(site, tables.lot, insertLots, putMarks)
  yield* changed(site, tables.value, putValues, putValues)
  yield* changed(site, tables.creditAccount, putAccounts, putAccounts, deleteAccounts)
  yield* changed(site, tables.positionCount, putPositionCounts, putPositionCounts)
}

/** What stands at each stage now, counted from where the batch's rows stood before it and stand after it. */
function standings({ tables }: State): readonly Standing[] {
  const changes = new StandingChanges()
  const redated = new Set<string>()
  for (const { before, after } of tables.planned.changedRows()) {
    if (before !== undefined) changes.count(standsOf(before), before, -1)
    if (after !== undefined) changes.count(standsOf(after), after, 1)
    if (before !== undefined && after !== undefined && before.due !== after.due) redated.add(plannedKey(after))
  }
  for (const { before, after } of carriedRows(tables, redated)) {
    const { shipment: id, line, part } = (after ?? before)!
    const [shipped, now] = [tables.shipment.before(id), tables.shipment.get(id)!]
    const key = plannedKey({ document: now.order, line, part })
    const planned = tables.planned.get(key)!
    const was = tables.planned.before(key) ?? planned
    if (before !== undefined && shipped !== undefined) changes.count(carriedStandsOf({ line: before, shipment: shipped }, was), was, -1)
    if (after !== undefined) changes.count(carriedStandsOf({ line: after, shipment: now }, planned), planned, 1)
  }
  return changes.rows
}

/** Lines of shipments that changed, and those that stand by another day because what they are part of was given one. */
function* carriedRows({ shipmentLine, shipment }: State['tables'], redated: ReadonlySet<string>) {
  const changed = [...shipmentLine.changedRows()]
  yield* changed
  if (redated.size === 0) return
  const told = new Set(changed.map(({ before, after }) => after ?? before))
  for (const row of shipmentLine.rows()) {
    const isTold = told.has(row) || !redated.has(plannedKey({ ...row, document: shipment.get(row.shipment)!.order }))
    if (!isTold) yield { before: row, after: row }
  }
}

/** The statements for what is recorded besides: orders and their shipments, moves, the log, purchases and work orders. */
export function* writeRecords(state: State, moves: readonly ChainedMove[]): Generator<Statement> {
  const { site, tables } = state
  yield* some(site, standings(state), addStandings)
  yield* changed(site, tables.line, insertLines, putLines)
  yield* some(site, tables.orderKit.changes().inserted, insertOrderKits)
  yield* some(site, tables.promise.changes().inserted, insertGivenPromises)
  yield* changed(site, tables.linePrice, putLinePrices, putLinePrices)
  yield* changed(site, tables.askedIn, putAskedIn, putAskedIn, deleteAskedIn)
  yield* some(site, tables.orderTerms.changes().inserted, insertOrderTerms)
  yield* changed(site, tables.order, insertOrders, splitOrders)
  yield* changed(site, tables.orderHold, putOrderHolds, putOrderHolds)
  yield* changed(site, tables.collection, putCollections, putCollections)
  yield* some(site, tables.lineSupply.changes().inserted, insertLineSupplies)
  yield* changed(site, tables.payment, putPayments, putPayments)
  yield* changed(site, tables.paymentStep, putPaymentSteps, putPaymentSteps)
  yield* some(site, state.events, (_site, rows) => insertEvents(state, rows))
  yield* some(site, moves, insertMoves)
  yield* writeValuation(state)
  yield* changed(site, tables.shipment, insertShipments, updateShipments)
  yield* changed(site, tables.shipmentLine, putShipmentLines, putShipmentLines)
  yield* some(site, tables.purchaseOrder.changes().inserted, insertPurchases)
  yield* changed(site, tables.purchaseLine, putPurchaseLines, putPurchaseLines)
  yield* changed(site, tables.workOrder, putWorkOrders, putWorkOrders)
  yield* changed(site, tables.workComponent, putWorkComponents, putWorkComponents)
  yield* changed(site, tables.arrival, putArrivals, putArrivals, deleteArrivals)
  // Exceptions that are closed first: of a supply that is overdue again there is one open at most.
  yield* writeStorage(state)
  yield* changed(site, tables.countSheet, putCountSheets, putCountSheets)
  yield* changed(site, tables.countPosition, putCountPositions, putCountPositions)
  yield* some(site, tables.countEntry.changes().inserted, insertCountEntries)
  yield* some(site, tables.countPrediction.changes().inserted, insertCountPredictions)
  yield* writeReturns(state)
  yield* some(site, tables.loss.changes().inserted, insertLosses)
  yield* some(site, tables.exception.changes().inserted, insertExceptions)
  yield* some(site, tables.hurt.changes().inserted, insertHurts)
  yield* some(site, tables.laterPromise.changes().inserted, insertLaterPromises)
}

/** Makes the statement of some rows, or one for each group of rows that are alike. */
type Make<Row> = (site: SiteId, rows: readonly Row[]) => Statement | Statement[]

const some = <Row>(site: SiteId, rows: readonly Row[], make: Make<Row>): Statement[] => (rows.length === 0 ? [] : [make(site, rows)].flat())

/** Deletions first: a row may leave and another come with the same serial. */
function changed<Row>(site: SiteId, table: Table<Row>, insert: Make<Row>, update: Make<Row>, remove?: Make<Row>): Statement[] {
  const { inserted, updated, deleted } = table.changes()
  return [...(remove === undefined ? [] : some(site, deleted, remove)), ...some(site, updated, update), ...some(site, inserted, insert)]
}

const likenessOfPlanned = (row: PlannedMove): readonly unknown[] => [
  row.kind,
  row.direction,
  row.status,
  row.owner,
  row.from,
  row.to,
  row.homeSite,
  row.part,
  row.priority,
  row.cancelled,
  row.pegged,
  row.allocated,
  row.holdExpiresAt,
  row.bound ?? null,
]

const insertPlanned = (site: SiteId, rows: readonly PlannedMove[]): Statement[] =>
  alike(rows, likenessOfPlanned).map((group) => {
    const one = group[0]!
    return sql`
      insert into planned_move (site_id, document_id, line, part, kind, direction, status, item_id, owner_id, from_place_id, to_place_id,
        home_site_id, due_on, priority, age, unit_price_minor, planned, posted, cancelled, held, pegged, allocated, hold_expires_at, bound)
      select ${site}, t.document_id, t.line, ${one.part}, ${one.kind}, ${one.direction}, ${one.status}, t.item_id, ${one.owner}, ${one.from},
        ${one.to}, ${one.homeSite}, t.due_on, ${one.priority}, t.age, t.unit_price_minor, t.planned, t.posted, ${one.cancelled}, t.held, ${one.pegged},
        ${one.allocated}, ${one.holdExpiresAt === null ? null : textOf(one.holdExpiresAt)}, ${one.bound ?? null}::boolean
      from unnest(
        ${group.map((row) => row.document)}::uuid[], ${group.map((row) => row.line)}::int[], ${group.map((row) => row.item)}::int[],
        ${group.map((row) => row.due)}::date[], ${group.map((row) => row.age)}::bigint[], ${group.map((row) => row.unitPrice)}::bigint[], ${group.map((row) => row.planned)}::bigint[],
        ${group.map((row) => row.posted)}::bigint[], ${group.map((row) => row.held)}::bigint[]
      ) t (document_id, line, item_id, due_on, age, unit_price_minor, planned, posted, held)`
  })

/**
 * Rows are put, not updated from a join: a conflict is found by the index, whatever the planner believes about a table that was empty a minute
 * ago. (A receipt may settle thousands of planned moves; a join in the wrong order then takes seconds.)
 */
function putPlanned(site: SiteId, rows: readonly PlannedMove[]): Statement {
  return sql`
    insert into planned_move (site_id, document_id, line, part, kind, direction, status, item_id, owner_id, from_place_id, to_place_id,
      home_site_id, due_on, priority, age, unit_price_minor, planned, posted, cancelled, held, pegged, allocated, hold_expires_at, bound)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.part)}::int[],
      ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.direction)}::text[], ${rows.map((row) => row.status)}::text[],
      ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.from)}::int[],
      ${rows.map((row) => row.to)}::int[], ${rows.map((row) => row.homeSite)}::int[], ${rows.map((row) => row.due)}::date[],
      ${rows.map((row) => row.priority)}::int[], ${rows.map((row) => row.age)}::bigint[], ${rows.map((row) => row.unitPrice)}::bigint[],
      ${rows.map((row) => row.planned)}::bigint[],
      ${rows.map((row) => row.posted)}::bigint[], ${rows.map((row) => row.cancelled)}::bigint[], ${rows.map((row) => row.held)}::bigint[],
      ${rows.map((row) => row.pegged)}::bigint[], ${rows.map((row) => row.allocated)}::bigint[],
      ${rows.map((row) => (row.holdExpiresAt === null ? null : textOf(row.holdExpiresAt)))}::timestamptz[], ${rows.map((row) => row.bound ?? null)}::boolean[]) t
    on conflict (site_id, document_id, line, part)
    do update set status = excluded.status, due_on = excluded.due_on, age = excluded.age, planned = excluded.planned, posted = excluded.posted,
      cancelled = excluded.cancelled, held = excluded.held, pegged = excluded.pegged, allocated = excluded.allocated, hold_expires_at = excluded.hold_expires_at, bound = excluded.bound`
}

function putAvailability(site: SiteId, rows: readonly Availability[]): Statement {
  return sql`
    insert into availability (site_id, item_id, owner_id, sellable, reserved, demand, supply, next_expiry)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.sellable)}::bigint[],
      ${rows.map((row) => row.reserved)}::bigint[], ${rows.map((row) => row.demand)}::bigint[], ${rows.map((row) => row.supply)}::bigint[],
      ${rows.map((row) => row.nextExpiry)}::date[]) t
    on conflict (site_id, item_id, owner_id)
    do update set sellable = excluded.sellable, reserved = excluded.reserved, demand = excluded.demand, supply = excluded.supply,
      next_expiry = excluded.next_expiry`
}

/** The sum is made by a join, not where it conflicts: a change may be negative, and no row that is tried may be. */
const addStandings = (site: SiteId, rows: readonly Standing[]): Statement => sql`
  insert into flow_standing (site_id, stage, due_on, lines, value_minor)
  select ${site}, t.stage, t.due_on, coalesce(s.lines, 0) + t.lines, coalesce(s.value_minor, 0) + t.value_minor
  from unnest(
    ${rows.map((row) => row.stage)}::text[], ${rows.map((row) => row.due)}::date[], ${rows.map((row) => row.lines)}::bigint[],
    ${rows.map((row) => String(row.value))}::numeric[]) t (stage, due_on, lines, value_minor)
  left join flow_standing s on s.site_id = ${site} and s.stage = t.stage and s.due_on = t.due_on
  on conflict (site_id, stage, due_on) do update set lines = excluded.lines, value_minor = excluded.value_minor`

function insertMoves(site: SiteId, rows: readonly ChainedMove[]): Statement {
  return sql`
    insert into move (site_id, sequence, item_id, quantity,
      from_place_id, from_package, from_lot, from_serial, from_condition, from_owner_id,
      to_place_id, to_package, to_lot, to_serial, to_condition, to_owner_id,
      cause, document_id, line, part, actor, value_minor, occurred_at, recorded_at, hash, seal)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.sequence)}::bigint[], ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.quantity)}::bigint[],
      ${rows.map((row) => row.from.place)}::int[], ${rows.map((row) => row.from.package)}::text[], ${rows.map((row) => row.from.lot)}::text[],
      ${rows.map((row) => row.from.serial)}::text[], ${rows.map((row) => row.from.condition)}::text[], ${rows.map((row) => row.from.owner)}::int[],
      ${rows.map((row) => row.to.place)}::int[], ${rows.map((row) => row.to.package)}::text[], ${rows.map((row) => row.to.lot)}::text[],
      ${rows.map((row) => row.to.serial)}::text[], ${rows.map((row) => row.to.condition)}::text[], ${rows.map((row) => row.to.owner)}::int[],
      ${rows.map((row) => row.cause)}::text[], ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.line)}::int[],
      ${rows.map((row) => row.part)}::int[], ${rows.map((row) => row.actor)}::text[], ${rows.map((row) => row.value)}::bigint[],
      ${rows.map((row) => textOf(row.occurredAt))}::timestamptz[], ${rows.map((row) => textOf(row.recordedAt))}::timestamptz[],
      ${rows.map((row) => row.hash)}::bytea[], ${rows.map((row) => row.seal)}::bytea[]) t`
}

function putStock(site: SiteId, rows: readonly Stock[]): Statement {
  return sql`
    insert into stock (site_id, item_id, owner_id, condition, place_id, lot, serial, package, quantity, allocated)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.condition)}::text[],
      ${rows.map((row) => row.place)}::int[], ${rows.map((row) => row.lot)}::text[], ${rows.map((row) => row.serial)}::text[],
      ${rows.map((row) => row.package)}::text[], ${rows.map((row) => row.quantity)}::bigint[], ${rows.map((row) => row.allocated)}::bigint[]) t
    on conflict (site_id, item_id, owner_id, condition, place_id, lot, serial, package)
    do update set quantity = excluded.quantity, allocated = excluded.allocated`
}

/**
 * Rows to delete are found among those of the few that the list names, each looked up in a hash of the keys: `is true` keeps it from becoming a join, which
 * lays hundreds of keys beside thousands of rows whenever statistics know of few.
 */
function deleteStock(site: SiteId, rows: readonly Stock[]): Statement {
  return sql`
    delete from stock
    where site_id = ${site} and item_id = any(${distinct(rows.map((row) => row.item))}::int[])
      and ((item_id, owner_id, condition, place_id, lot, serial, package) in (select t.* from unnest(
        ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.condition)}::text[],
        ${rows.map((row) => row.place)}::int[], ${rows.map((row) => row.lot)}::text[], ${rows.map((row) => row.serial)}::text[],
        ${rows.map((row) => row.package)}::text[]) t)) is true`
}

function putAllocations(site: SiteId, rows: readonly Allocation[]): Statement {
  return sql`
    insert into allocation (site_id, document_id, line, part, item_id, owner_id, place_id, lot, serial, package, quantity)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.part)}::int[],
      ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.place)}::int[],
      ${rows.map((row) => row.lot)}::text[], ${rows.map((row) => row.serial)}::text[], ${rows.map((row) => row.package)}::text[],
      ${rows.map((row) => row.quantity)}::bigint[]) t
    on conflict (site_id, document_id, line, part, place_id, lot, serial, package) do update set quantity = excluded.quantity`
}

function deleteAllocations(site: SiteId, rows: readonly Allocation[]): Statement {
  return sql`
    delete from allocation
    where site_id = ${site} and document_id = any(${distinct(rows.map((row) => row.document))}::uuid[])
      and ((document_id, line, part, place_id, lot, serial, package) in (select t.* from unnest(
        ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.part)}::int[],
        ${rows.map((row) => row.place)}::int[], ${rows.map((row) => row.lot)}::text[], ${rows.map((row) => row.serial)}::text[],
        ${rows.map((row) => row.package)}::text[]) t)) is true`
}

/** A planned move's key, `document/line/part`, as three columns. */
const split = (keys: readonly string[]): readonly [readonly string[], readonly number[], readonly number[]] => {
  const parts = keys.map((key) => key.split('/'))
  return [parts.map((one) => one[0]!), parts.map((one) => Number(one[1])), parts.map((one) => Number(one[2]))]
}

function putPegs(site: SiteId, rows: readonly Peg[]): Statement {
  const [supply, demand] = [split(rows.map((row) => row.supply)), split(rows.map((row) => row.demand))]
  return sql`
    insert into peg (site_id, supply_document_id, supply_line, supply_part, demand_document_id, demand_line, demand_part, quantity)
    select ${site}, t.* from unnest(${supply[0]}::uuid[], ${supply[1]}::int[], ${supply[2]}::int[], ${demand[0]}::uuid[], ${demand[1]}::int[],
      ${demand[2]}::int[], ${rows.map((row) => row.quantity)}::bigint[]) t
    on conflict (site_id, supply_document_id, supply_line, supply_part, demand_document_id, demand_line, demand_part)
    do update set quantity = excluded.quantity`
}

function deletePegs(site: SiteId, rows: readonly Peg[]): Statement {
  const [supply, demand] = [split(rows.map((row) => row.supply)), split(rows.map((row) => row.demand))]
  return sql`
    delete from peg
    where site_id = ${site} and supply_document_id = any(${distinct(supply[0])}::uuid[])
      and ((supply_document_id, supply_line, supply_part, demand_document_id, demand_line, demand_part) in (select t.* from unnest(
        ${supply[0]}::uuid[], ${supply[1]}::int[], ${supply[2]}::int[], ${demand[0]}::uuid[], ${demand[1]}::int[], ${demand[2]}::int[]) t)) is true`
}

/** The usual lot is not recalled, and is written without a word of it. */
function insertLots(site: SiteId, rows: readonly Lot[]): Statement[] {
  const marked = rows.filter((row) => row.recalls.length > 0)
  const unmarked = rows.filter((row) => row.recalls.length === 0)
  return [...(unmarked.length === 0 ? [] : [insertUnmarked(site, unmarked)]), ...(marked.length === 0 ? [] : [putMarks(site, marked)])]
}

function insertUnmarked(site: SiteId, rows: readonly Lot[]): Statement {
  return sql`
    insert into lot (site_id, item_id, lot, expires_on)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.lot)}::text[], ${rows.map((row) => row.expiresOn)}::date[]) t`
}

function putValues(site: SiteId, rows: readonly ItemValue[]): Statement {
  return sql`
    insert into item_value (site_id, item_id, owner_id, quantity, value_minor, last_value_minor, last_quantity, method, layers, moved_at, came_at)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.item)}::int[], ${rows.map((row) => row.owner)}::int[], ${rows.map((row) => row.quantity)}::bigint[],
      ${rows.map((row) => row.value)}::bigint[], ${rows.map((row) => row.lastValue)}::bigint[], ${rows.map((row) => row.lastQuantity)}::bigint[],
      ${rows.map((row) => row.method)}::text[], ${rows.map((row) => (row.method === 'fifo' ? JSON.stringify(row.layers) : null))}::jsonb[],
      ${rows.map((row) => maybe(row.movedAt))}::timestamptz[], ${rows.map((row) => maybe(row.cameAt))}::timestamptz[]) t
    on conflict (site_id, item_id, owner_id)
    do update set quantity = excluded.quantity, value_minor = excluded.value_minor, last_value_minor = excluded.last_value_minor,
      last_quantity = excluded.last_quantity, method = excluded.method, layers = excluded.layers, moved_at = excluded.moved_at, came_at = excluded.came_at`
}

function insertExceptions(site: SiteId, rows: readonly Exception[]): Statement {
  return sql`
    insert into exception (site_id, exception_id, kind, item_id, document_id, line, quantity, detail, raised_at, place_id, closed_at, hurt_lines,
      hurt_value_minor)
    select ${site}, t.* from unnest(
      ${rows.map((row) => row.exception)}::uuid[], ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.item)}::int[],
      ${rows.map((row) => row.document)}::uuid[], ${rows.map((row) => row.line)}::int[], ${rows.map((row) => row.quantity)}::bigint[],
      ${rows.map((row) => row.detail)}::text[], ${rows.map((row) => textOf(row.raisedAt))}::timestamptz[],
      ${rows.map((row) => row.place ?? null)}::int[], ${rows.map((row) => (row.closedAt ? textOf(row.closedAt) : null))}::timestamptz[],
      ${rows.map((row) => row.hurtLines ?? 0)}::int[], ${rows.map((row) => row.hurtValue ?? 0)}::bigint[]) t`
}

function insertEvents({ site, head, now }: State, rows: readonly Event[]): Statement {
  const first = head.events - rows.length + 1
  return sql`
    insert into outbox (site_id, sequence, type, version, subject, to_site_id, occurred_at, recorded_at, data)
    select ${site}, t.sequence, t.type, 1, t.subject, t.to_site_id, t.occurred_at, ${textOf(now)}, t.data from unnest(
      ${rows.map((_row, index) => first + index)}::bigint[], ${rows.map((row) => row.type)}::text[], ${rows.map((row) => row.subject)}::text[],
      ${rows.map((row) => row.to ?? null)}::int[], ${rows.map((row) => textOf(row.occurredAt))}::timestamptz[],
      string_to_array(${joined(rows.map((row) => JSON.stringify(row.data)))}, chr(30))::json[]
    ) t (sequence, type, subject, to_site_id, occurred_at, data)`
}
