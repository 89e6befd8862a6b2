// Sell: a till's sale is an order, a hold, a move and a delivery in one command. The goods are in the customer's hands, so it is never
// refused for stock: what the record does not have goes below zero at the shelf as a visible exception, and what was held for others is
// shorted.

import { dayOf, type Instant } from '../calendar.ts'
import { takeOverSome } from '../consignment.ts'
import { liesAhead, quantityFault, trackingFault } from '../fault.ts'
import { hold, settle, soonestToExpire } from '../hold.ts'
import type { PartyId } from '../item.ts'
import { availabilityOf, plan, post, sells, type Draft } from '../ledger.ts'
import type { End } from '../move.ts'
import { landing } from '../period.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { plannedKey } from '../planned-move.ts'
import { least, minus, none, quantity, type Quantity } from '../quantity.ts'
import { recallFault } from '../recalled-goods.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { endOf, itemKey, lotKey, stockAt, stockKey, unallocated, unheld, type Stock } from '../stock.ts'
import { toldAsked } from '../unit.ts'
import { advance, announceOrder, demandFor, enter, enterLine, orderNumber, type PlaceOrder, type WantedLine } from './order.ts'

export interface SoldLine extends Pick<WantedLine, 'line' | 'item' | 'quantity' | 'unitPrice' | 'priceBasis' | 'price' | 'unitWorth' | 'inUnit'> {
  /** As scanned; empty where the item is not tracked. */
  readonly lot: string
  readonly serial: string
}

export interface Sell {
  readonly kind: 'sell'
  readonly order: string
  readonly customer: PartyId
  readonly reference: string | null
  readonly soldAt: Instant
  readonly terms?: PlaceOrder['terms']
  readonly lines: readonly SoldLine[]
}

export function sell(command: Sell, draft: Draft): object | Refusal {
  const fault =
    quantityFault(command.lines) ??
    liesAhead(draft, command.soldAt, 'soldAt') ??
    trackingFault(draft, command.lines) ??
    soldTwice(draft, command.lines) ??
    soldExpired(draft, command) ??
    soldRecalled(draft, command)
  if (fault) return fault
  const { site, today, siteCode } = draft.state
  const order = enter(draft, { ...command, shipComplete: false, priority: 0, orderedAt: command.soldAt }, 'sale')
  const lines = command.lines.map((line) => {
    const wanted = { ...line, requested: today, source: site }
    enterLine(draft, order.order, wanted, today)
    handOver(draft, command, line)
    advance(draft, order.order, line.line, 'shipped', line.quantity)
    advance(draft, order.order, line.line, 'delivered', line.quantity)
    const asked = line.inUnit === undefined ? {} : { asked: toldAsked(line.inUnit) }
    return { line: line.line, sku: draft.state.items.get(line.item)?.sku ?? String(line.item), quantity: line.quantity, ...asked }
  })
  announceOrder(draft, order, lines)
  return { id: order.order, number: orderNumber(siteCode, order.number), lines }
}

/** A serial that was sold before it was received is missing at the shelf already; nobody buys the same piece again before it came back. */
function soldTwice(draft: Draft, lines: readonly SoldLine[]): Refusal | undefined {
  for (const { line, item, serial } of lines.filter((one) => one.serial !== '')) {
    const rows = draft.stock.of(itemKey(item, draft.state.owner)).filter((row) => row.serial === serial)
    if (rows.some((row) => sells(draft.state, row) && row.quantity > 0) || !rows.some((row) => row.quantity < 0)) continue
    return refuse('serial_taken', `lines/${line}/serial`, `Serial ${serial} was sold already and has not come back.`)
  }
  return undefined
}

/** The one thing a till may not hand over: a lot on or after the day it expires, as of the sale, however late the sale is told, or as of the day it lands on. */
function soldExpired(draft: Draft, { soldAt, lines }: Sell): Refusal | undefined {
  const on = dayOf(landing(soldAt, draft.state.head.closedThrough))
  for (const { line, item, lot } of lines) {
    const expiry = lot === '' ? null : (draft.lot.get(lotKey(item, lot))?.expiresOn ?? null)
    if (expiry !== null && expiry <= on) return refuse('lot_expired', `lines/${line}/lot`, `The lot expired on ${expiry}.`)
  }
  return undefined
}

/** Nor goods that were recalled by then. */
function soldRecalled(draft: Draft, { soldAt, lines }: Sell): Refusal | undefined {
  for (const sold of lines) {
    const fault = recallFault(draft, sold, 'sellable', `lines/${sold.line}/`, soldAt)
    if (fault) return fault
  }
  return undefined
}

function handOver(draft: Draft, { order, soldAt }: Sell, line: SoldLine): void {
  const { owner, site, today } = draft.state
  const wanted = { ...line, requested: today, source: site }
  const row = demandFor(draft, { order, home: site, priority: 0 }, wanted, today)
  useConsigned(draft, line, order, soldAt)
  plan(draft, row)
  // Held first, like any order: what nobody holds is taken first, doubted or not, and only the rest takes from others.
  hold(draft, row, least(line.quantity, unheld(availabilityOf(draft, line.item, owner))))
  const now = draft.planned.get(plannedKey(row))!
  plan(draft, { ...now, held: none, posted: line.quantity })
  for (const [from, some] of takeFrom(draft, line)) {
    const to: End = { ...from, place: virtualPlaces.customer, package: '' }
    post(draft, { item: line.item, quantity: some, from, to, cause: 'sale', document: order, line: line.line, occurredAt: soldAt })
  }
  noteNegative(draft, line, order)
  settle(draft, line.item, owner)
}

/** What we lack of what was sold, or of its lot, was a supplier's that stood here: it is taken over before others' holds are touched. */
function useConsigned(draft: Draft, line: SoldLine, order: string, soldAt: Instant): void {
  if (draft.state.tables.consigned.size === 0) return
  const { item, quantity: sold, lot, serial } = line
  const own = availabilityOf(draft, item, draft.state.owner)
  const named = draft.stock.of(itemKey(item, draft.state.owner)).filter((row) => sells(draft.state, row) && row.lot === lot && row.serial === serial)
  const there = named.reduce((sum, row) => sum + Math.max(row.quantity, 0), 0)
  const lacking = Math.max(sold + own.reserved - own.sellable, lot === '' && serial === '' ? 0 : sold - there)
  if (lacking > 0) takeOverSome(draft, item, least(sold, quantity(lacking)), order, { lot, serial }, soldAt)
}

/** Where a till's goods come from: unallocated stock first, soonest to expire first, then allocated stock, then the shelf's record below zero. */
function takeFrom(draft: Draft, { item, quantity: sold, lot, serial }: SoldLine): readonly (readonly [End, Quantity])[] {
  const { owner } = draft.state
  const rows = draft.stock
    .of(itemKey(item, owner))
    .filter((row) => sells(draft.state, row) && row.quantity > 0 && (lot === '' || row.lot === lot) && (serial === '' || row.serial === serial))
    .toSorted(soonestToExpire(draft))
  const taken: (readonly [End, Quantity])[] = []
  let left = sold
  for (const amount of [unallocated, (row: Stock) => row.allocated]) {
    for (const row of rows) {
      const some = least(left, amount(row))
      if (some === 0) continue
      taken.push([endOf(row), some])
      left = minus(left, some)
    }
  }
  const shelf: End = { place: standardPlaces.shelf, package: '', lot, serial, condition: 'sellable', owner }
  return left > 0 ? [...taken, [shelf, left]] : taken
}

function noteNegative(draft: Draft, { item, line, lot, serial }: SoldLine, order: string): void {
  const shelf = stockAt(item, { place: standardPlaces.shelf, package: '', lot, serial, condition: 'sellable', owner: draft.state.owner })
  const row = draft.stock.get(stockKey(shelf))
  if (row === undefined || row.quantity >= 0) return
  draft.exception.put({
    exception: draft.state.newId(),
    kind: 'negative_stock',
    item,
    document: order,
    line,
    quantity: quantity(-row.quantity),
    detail: `The record of the shelf is ${row.quantity}: more was sold than was recorded.`,
    raisedAt: draft.state.now,
  })
}
