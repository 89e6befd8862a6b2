// Ledger: the working copy of a site that a lane's batch decides on, and the only two facts that change stock: a move and a planned move.
//
// `post` writes a move and with it stock, availability and value; `plan` writes a planned move and with it what is reserved, demanded and
// supplied. Nothing else touches those projections, so they cannot drift from their facts. A command works on a draft; when it is refused
// the draft is dropped, and when it is kept every row it changed must be sound, or the command is a fault.

import { backtestShapes, type BacktestRows } from './backtest.ts'
import { dayOf, type Day, type Instant } from './calendar.ts'
import { ofReceipt, type Correction, type Mark } from './correction.ts'
import type { Item, ItemId, PartyId, SiteId } from './item.ts'
import { nothing, type Money } from './money.ts'
import type { End, Move, Posting } from './move.ts'
import { sellsFrom, isVirtual, type Place, type PlaceId, type PlaceKind } from './place.ts'
import type { ApiKey } from './api-key.ts'
import { commercialShapes, type CommercialRows } from './commercial.ts'
import { countingShapes, type CountingRows } from './counting.ts'
import { undoneByCounts } from './position-count.ts'
import type { Arrival } from './arrival.ts'
import type { CarrierService } from './carrier.ts'
import { groupsOfException } from './exception-groups.ts'
import type { Package } from './package.ts'
import { landing } from './period.ts'
import { planningShapes, type PlanningRows } from './planning.ts'
import type { TrackingEvent } from './tracking.ts'
import type { Party, Site } from './party.ts'
import type { Session, User } from './user.ts'
import type { BillLine } from './bill.ts'
import type { Exception, ExceptionHurt, LaterPromise, Order, OrderLine, Shipment, ShipmentLine, ToldLine } from './order.ts'
import { boughtFor, type PurchaseLine, type PurchaseOrder } from './purchase-order.ts'
import type { Recall } from './recall.ts'
import type { SiteSource } from './site-source.ts'
import type { Consigned, SupplierItem } from './supplier-item.ts'
import type { WorkComponent, WorkOrder } from './work-order.ts'
import { counted, isSound, plannedKey, type Peg, type PlannedMove } from './planned-move.ts'
import { minus, none, plus, quantity, type Quantity } from './quantity.ts'
import {
  anyOwner,
  emptyAvailability,
  isSoundAvailability,
  isSoundStock,
  itemKey,
  labelKey,
  lotKey,
  stockAt,
  stockKey,
  withQuantity,
  type Allocation,
  type Availability,
  type Lot,
  type Schedule,
  type Stock,
} from './stock.ts'
import { Overlay, Table, type Shape } from './table.ts'
import { unvalued, valuedAt, valueIn, valueOfSome, valueOut, type ItemValue, type Valued } from './value.ts'
import { valuingShapes, type ValuingRows } from './valuing.ts'

export interface Rows extends BacktestRows, CommercialRows, CountingRows, PlanningRows, ValuingRows {
  availability: Availability
  stock: Stock
  schedule: Schedule
  planned: PlannedMove
  peg: Peg
  allocation: Allocation
  lot: Lot
  order: Order
  line: OrderLine
  shipment: Shipment
  shipmentLine: ShipmentLine
  purchaseOrder: PurchaseOrder
  purchaseLine: PurchaseLine
  workOrder: WorkOrder
  workComponent: WorkComponent
  arrival: Arrival
  exception: Exception
  hurt: ExceptionHurt
  laterPromise: LaterPromise
  toldLine: ToldLine
  package: Package
  tracking: TrackingEvent
  item: Item
  supplierItem: SupplierItem
  consigned: Consigned
  siteSource: SiteSource
  recall: Recall
  billLine: BillLine
  party: Party
  site: Site
  place: Place
  service: CarrierService
  apiKey: ApiKey
  user: User
  session: Session
}
type Tables = { readonly [Name in keyof Rows]: Table<Rows[Name]> }
type Overlays = { readonly [Name in keyof Rows]: Overlay<Rows[Name]> }

/** The group of planned moves whose hold expires unless it is confirmed. */
export const expiring = 'expiring'

/** The group of all packages that were read: the last one given out is among them. */
export const everyPackage = 'every'

/** The group of sites that number packages with a prefix of their own. */
export const numbering = 'numbering'

const shapes: { readonly [Name in keyof Rows]: Shape<Rows[Name]> } = {
  availability: { key: (row) => itemKey(row.item, row.owner) },
  stock: { key: stockKey, groups: (row) => [itemKey(row.item, row.owner), anyOwner(row.item)] },
  schedule: { key: (row) => `${row.item}/${row.owner}/${row.due}`, groups: (row) => [itemKey(row.item, row.owner)] },
  planned: {
    key: plannedKey,
    groups: (row) => [row.document, itemKey(row.item, row.owner), ...(row.holdExpiresAt === null ? [] : [expiring])],
  },
  peg: { key: (row) => `${row.supply}>${row.demand}`, groups: (row) => [`supply ${row.supply}`, `demand ${row.demand}`] },
  allocation: {
    key: (row) => `${plannedKey(row)} ${row.place} ${JSON.stringify([row.lot, row.serial, row.package])}`,
    groups: (row) => [plannedKey(row)],
  },
  lot: { key: (row) => lotKey(row.item, row.lot) },
  order: { key: (row) => row.order },
  line: { key: (row) => `${row.order}/${row.line}`, groups: (row) => [row.order] },
  shipment: { key: (row) => row.shipment, groups: (row) => [row.order] },
  shipmentLine: { key: (row) => `${row.shipment}/${row.line}/${row.part}`, groups: (row) => [row.shipment] },
  purchaseOrder: { key: (row) => row.purchase },
  purchaseLine: {
    key: (row) => `${row.purchase}/${row.line}`,
    groups: (row) => [row.purchase, ...(row.order ? [boughtFor(row.order)] : [])],
  },
  workOrder: { key: (row) => row.workOrder },
  workComponent: { key: (row) => `${row.workOrder}/${row.line}`, groups: (row) => [row.workOrder] },
  arrival: { key: (row) => `${row.transfer}/${row.number}`, groups: (row) => [row.transfer] },
  exception: { key: (row) => row.exception, groups: groupsOfException },
  hurt: { key: (row) => `${row.exception}/${row.order}/${row.line}`, groups: (row) => [row.exception] },
  toldLine: { key: (row) => `${row.order}/${row.line}` },
  laterPromise: { key: (row) => `${row.order}/${row.line}/${row.number}`, groups: (row) => [`${row.order}/${row.line}`] },
  package: { key: (row) => row.sscc, groups: (row) => [row.order, everyPackage] },
  tracking: { key: (row) => `${row.shipment}/${row.sequence}`, groups: (row) => [row.shipment] },
  item: { key: (row) => row.sku },
  supplierItem: { key: (row) => `${row.item}/${row.supplier}` },
  consigned: { key: (row) => itemKey(row.item, row.owner), groups: (row) => [anyOwner(row.item)] },
  siteSource: { key: (row) => `${row.site}/${row.source}` },
  recall: { key: (row) => row.recall, groups: (row) => [labelKey(row)] },
  billLine: { key: (row) => `${row.parent}/${row.component}/${row.validFrom}`, groups: (row) => [String(row.parent)] },
  party: { key: (row) => row.code },
  site: { key: (row) => row.code, groups: (row) => (row.ssccPrefix === null ? [] : [numbering]) },
  place: { key: (row) => row.code },
  service: { key: (row) => row.code },
  apiKey: { key: (row) => String(row.apiKey) },
  user: { key: (row) => row.name },
  session: { key: (row) => row.tokenSha256 },
  ...backtestShapes,
  ...commercialShapes,
  ...countingShapes,
  ...planningShapes,
  ...valuingShapes,
}

/** What readers of the site's log will see; `to` addresses it to another site's lane. */
export interface Event {
  readonly type: string
  readonly subject: string
  readonly to?: SiteId
  readonly occurredAt: Instant
  readonly data: object
}

export interface State {
  readonly site: SiteId
  readonly siteCode: string
  /** Codes of the sites that commands may name, for people. */
  readonly siteCodes: ReadonlyMap<SiteId, string>
  /** The company that owns stock unless a command says otherwise. */
  readonly owner: PartyId
  readonly tables: Tables
  readonly items: ReadonlyMap<ItemId, Item>
  readonly places: ReadonlyMap<PlaceId, PlaceKind>
  /** Where each place comes on a walk through the site. */
  readonly walks: ReadonlyMap<PlaceId, number>
  /** The batch's one reading of the clock. */
  readonly now: Instant
  readonly today: Day
  /** Whether the batch may plan supply: then every item's schedule was read and is kept. */
  readonly plansSupply: boolean
  /** Whether what is to come was read: a batch that promises nothing does without. */
  readonly countsOnSupply: boolean
  readonly head: { moves: number; events: number; numbers: number; closedThrough: Day | null }
  readonly newId: () => string
  readonly moves: Move[]
  readonly corrections: Correction[]
  /** Items whose costs changed backwards in time. */
  readonly marks: Mark[]
  readonly events: Event[]
}

/** One command's changes. */
export interface Draft extends Overlays {
  readonly state: State
  readonly actor: string
  readonly moves: Move[]
  readonly corrections: Correction[]
  readonly marks: Mark[]
  readonly events: Event[]
  numbersTaken: number
}

export const newTables = (): Tables => eachTable((name) => new Table(shapes[name] as Shape<unknown>)) as unknown as Tables

/** Begins a command's draft. There is one at a time on a state: beginning the next forgets what was not kept of the last. */
export function draftOn(state: State, actor: string): Draft {
  let overlays = overlaysOf.get(state.tables)
  if (overlays === undefined) {
    overlays = eachTable((name) => new Overlay(state.tables[name] as Table<unknown>)) as unknown as Overlays
    overlaysOf.set(state.tables, overlays)
  }
  for (const name of tableNames) overlays[name].clear()
  return { ...overlays, state, actor, moves: [], corrections: [], marks: [], events: [], numbersTaken: 0 }
}

/** The overlays of a working copy: made once, since a batch has hundreds of drafts and each would need one a table. */
const overlaysOf = new WeakMap<Tables, Overlays>()

/** Keeps a draft: the next command of the batch sees it. Throws when a row of it is unsound, which is a fault of ours. */
export function keep(draft: Draft): void {
  assertSound(draft)
  const { state } = draft
  for (const name of tableNames) {
    const { changed } = draft[name] as Overlay<unknown>
    if (changed.size > 0) (state.tables[name] as Table<unknown>).keep(changed)
  }
  state.moves.push(...draft.moves)
  state.corrections.push(...draft.corrections)
  state.marks.push(...draft.marks)
  state.events.push(...draft.events)
  state.head.moves += draft.moves.length
  state.head.events += draft.events.length
  state.head.numbers += draft.numbersTaken
  for (const row of draft.period.changed.values()) state.head.closedThrough = row?.through ?? state.head.closedThrough
}

export function announce(draft: Draft, event: Omit<Event, 'occurredAt'> & { readonly occurredAt?: Instant }): void {
  draft.events.push({ occurredAt: draft.state.now, ...event })
}

/** The next of the site's own numbers: orders at a site, master data at the control site. */
export function nextNumber(draft: Draft): number {
  draft.numbersTaken += 1
  return draft.state.head.numbers + draft.numbersTaken
}

/** The place in line of what is planned now. */
export const ageOf = (draft: Draft): number => draft.state.head.events + draft.events.length + 1

/** Posts a move: writes it, and with it stock, availability and value. Returns the value of the moved goods. What a count saw already, that count undoes. */
export function post(draft: Draft, asked: Posting): Money {
  const value = write(draft, asked)
  if (draft.state.tables.positionCount.size > 0) for (const undone of undoneByCounts(draft.positionCount, asked)) write(draft, undone)
  return value
}

function write(draft: Draft, asked: Posting): Money {
  const posting = { ...asked, occurredAt: landing(asked.occurredAt, draft.state.head.closedThrough) }
  const { item, from, to } = posting
  if (posting.quantity <= 0) throw new RangeError(`A move of ${posting.quantity} is none.`)
  changeStock(draft, item, from, quantity(-posting.quantity))
  changeStock(draft, item, to, posting.quantity)
  const sequence = draft.state.head.moves + draft.moves.length + 1
  const value = changeValue(draft, posting, sequence)
  draft.moves.push({
    sequence,
    item,
    quantity: posting.quantity,
    from,
    to,
    cause: posting.cause,
    document: posting.document,
    line: posting.line,
    part: posting.part ?? 1,
    actor: draft.actor,
    value,
    occurredAt: posting.occurredAt,
    recordedAt: draft.state.now,
  })
  return value
}

/** Writes a planned move, and with it what is reserved, demanded and supplied. */
export function plan(draft: Draft, next: PlannedMove): void {
  const key = plannedKey(next)
  const before = draft.planned.get(key)
  draft.planned.put(next, key)
  const change = minus(counted(next), before === undefined ? none : counted(before))
  const held = minus(next.held, before?.held ?? none)
  if (change === 0 && held === 0) return
  const item = itemKey(next.item, next.owner)
  const row = draft.availability.get(item) ?? emptyAvailability(next.item, next.owner)
  const [supply, demand] = next.direction === 'supply' ? [change, none] : [none, change]
  const after = { ...row, reserved: plus(row.reserved, held), supply: plus(row.supply, supply), demand: plus(row.demand, demand) }
  draft.availability.put(after, item)
  // Where nothing is supplied all demand counts against stock, whatever its day: the schedule is neither read nor asked for.
  if (row.supply > 0 || after.supply > 0 || draft.state.plansSupply) schedule(draft, next, supply, demand)
}

/** Moves a planned move to another day. */
export function redate(draft: Draft, row: PlannedMove, due: Day): void {
  if (row.due === due) return
  draft.planned.put({ ...row, due })
  if (counted(row) === none) return
  const [supply, demand] = row.direction === 'supply' ? [counted(row), none] : [none, counted(row)]
  schedule(draft, row, minus(none, supply), minus(none, demand))
  schedule(draft, { ...row, due }, supply, demand)
}

function schedule(draft: Draft, next: PlannedMove, supply: Quantity, demand: Quantity): void {
  const day = { item: next.item, owner: next.owner, due: next.due, supply: none, demand: none }
  const scheduled = draft.schedule.get(shapes.schedule.key(day)) ?? day
  draft.schedule.put({ ...scheduled, supply: plus(scheduled.supply, supply), demand: plus(scheduled.demand, demand) })
}

export const availabilityOf = (draft: Draft, item: ItemId, owner: PartyId): Availability =>
  draft.availability.get(itemKey(item, owner)) ?? emptyAvailability(item, owner)

/** Goods of others are counted like ours, and worth nothing to us. */
export const valueOf = (draft: Draft, item: ItemId, owner: PartyId): ItemValue =>
  draft.value.get(itemKey(item, owner)) ?? firstValue(item, owner, owner === draft.state.owner ? draft.state.items.get(item) : undefined)

const firstValue = (item: ItemId, owner: PartyId, known: Item | undefined): ItemValue =>
  unvalued(item, owner, known?.standardCost ?? nothing, known?.valuation)

/** Whether stock in this condition at this place can be sold. */
export const sells = (state: State, end: Pick<End, 'place' | 'condition'>): boolean => {
  const kind = state.places.get(end.place)
  return end.condition === 'sellable' && kind !== undefined && sellsFrom(kind)
}

function changeStock(draft: Draft, item: ItemId, end: End, change: Quantity): void {
  if (isVirtual(end.place)) return
  const empty = stockAt(item, end)
  const row = withQuantity(draft.stock.get(stockKey(empty)) ?? empty, change)
  if (row.quantity === 0 && row.allocated === 0) draft.stock.remove(row)
  else draft.stock.put(row)
  if (!sells(draft.state, end)) return
  const availability = availabilityOf(draft, item, end.owner)
  const expiry = change > 0 && end.lot !== '' ? (draft.lot.get(lotKey(item, end.lot))?.expiresOn ?? null) : null
  draft.availability.put({ ...availability, sellable: plus(availability.sellable, change), nextExpiry: earliest(availability.nextExpiry, expiry) })
}

export const earliest = (a: Day | null, b: Day | null): Day | null => (a === null || (b !== null && b < a) ? b : a)

/** Goods change value when they come into the site or leave it. Those that are taken over from others come in where they stand. */
function changeValue(draft: Draft, posting: Posting, move: number): Money {
  const { item, quantity: moved, from, to, value } = posting
  const [outside, inside] = [isVirtual(from.place), !isVirtual(to.place)]
  const at = valuedAt(posting.occurredAt, draft.state.now)
  const passes = from.owner !== to.owner
  if (passes && (outside || !inside || to.owner !== draft.state.owner)) throw new Error('Goods change owner only where they stand, and become ours.')
  let worth = to.owner === draft.state.owner ? (value ?? valueOfSome(valueOf(draft, item, from.owner), moved)) : nothing
  if (!outside && (!inside || passes)) {
    const taken = keepValue(draft, valueOut(valueOf(draft, item, from.owner), moved, at), posting, move)
    if (!passes) worth = taken
  }
  if (inside && (outside || passes)) keepValue(draft, valueIn(valueOf(draft, item, to.owner), moved, worth, at), posting, move)
  return worth
}

function keepValue(draft: Draft, { next, value, correction, isLate }: Valued, { document, occurredAt }: Posting, move: number): Money {
  const { item, owner, method } = next
  const { newId, now } = draft.state
  const countsOn = dayOf(occurredAt)
  draft.value.put(next)
  // What can be promised is listed by what is ours, so our own row stands beside that of goods of others, be it of nothing.
  if (owner !== draft.state.owner && draft.availability.get(itemKey(item, draft.state.owner)) === undefined)
    draft.availability.put(emptyAvailability(item, draft.state.owner))
  const side = { item, owner, document, countsOn, recordedAt: now }
  if (correction !== 0) draft.corrections.push({ ...side, ...ofReceipt(method), correction: newId(), move, amount: correction })
  if (isLate && owner === draft.state.owner) draft.marks.push({ item, owner, from: countsOn, document, mark: newId() })
  return value
}

function assertSound(draft: Draft): void {
  for (const row of draft.planned.changed.values()) if (row && !isSound(row)) broken('planned move', row)
  for (const row of draft.stock.changed.values()) if (row && !isSoundStock(row)) broken('stock row', row)
  for (const row of draft.availability.changed.values()) if (row && !isSoundAvailability(row)) broken('availability', row)
}

function broken(noun: string, row: object): never {
  throw new Error(`An invariant of this ${noun} does not hold: ${JSON.stringify(row)}`)
}

const tableNames = Object.keys(shapes) as readonly (keyof Rows)[]

const eachTable = (make: (name: keyof Rows) => unknown): Record<string, unknown> => Object.fromEntries(tableNames.map((name) => [name, make(name)]))
