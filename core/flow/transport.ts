// Transport: goods leave the site. A shipment takes goods of an order to its customer (transport-ship.ts); a transfer takes free stock to another
// site: this site posts shelf -> transit, and the message it leaves in its log makes the other site post transit -> dock.

import type { InTransit } from '../arrival.ts'
import { expectOn, promisesHurt, raiseHurt } from '../disruption.ts'
import { expiryFault, untimely, quantityFault, serialFault } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import type { ItemId, SiteId } from '../item.ts'
import { ageOf, announce, availabilityOf, plan, post, sells, type Draft } from '../ledger.ts'
import { noteLot } from '../lot.ts'
import { add, nothing, type Money } from '../money.ts'
import type { End } from '../move.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import { open, plannedKey, type PlannedKind, type PlannedMove } from '../planned-move.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { recalledSince } from '../recalled-goods.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { endOf, itemKey, lotKey, unallocated, unheld, type Stock } from '../stock.ts'
import { fulfil, settle, soonestToExpire } from '../hold.ts'
import { underWay } from './cover-answer.ts'

export interface SendTransfer {
  readonly kind: 'sendTransfer'
  readonly transfer: string
  readonly to: SiteId
  readonly sentAt: Instant
  readonly lines: readonly { readonly line: number; readonly item: ItemId; readonly quantity: Quantity }[]
}

/** Sends free stock, first expired first out; what is held for orders stays. */
export function sendTransfer(command: SendTransfer, draft: Draft): object | Refusal {
  const { transfer, to, sentAt } = command
  const fault = quantityFault(command.lines) ?? untimely(draft, sentAt, 'sentAt')
  if (fault) return fault
  if (to === draft.state.site) return refuse('same_site', 'to', 'A transfer goes to another site.')
  const goods: InTransit[] = []
  for (const line of command.lines) {
    const atRows = rowsToSend(draft, line.item).reduce((sum, row) => plus(sum, unallocated(row)), none)
    const available = least(unheld(availabilityOf(draft, line.item, draft.state.owner)), atRows)
    if (available < line.quantity) return refuse('not_enough_stock', `lines/${line.line}/quantity`, `${available} are free to send.`)
    goods.push(...leave(draft, command, line))
    plan(draft, movedAtOnce(draft, 'transfer_out', transfer, line))
  }
  announce(draft, { type: 'transfer.sent', subject: transfer, to, occurredAt: sentAt, data: { transfer, from: draft.state.site, sentAt, goods } })
  return { id: transfer, lines: command.lines }
}

/** So many of an item leave for another site, first expired first. */
export function leave(
  draft: Draft,
  { transfer, sentAt }: { readonly transfer: string; readonly sentAt: Instant },
  line: SendTransfer['lines'][number],
): InTransit[] {
  const goods: InTransit[] = []
  let left = line.quantity
  for (const row of rowsToSend(draft, line.item)) {
    const some = least(left, unallocated(row))
    if (some === 0) continue
    const from = endOf(row)
    const value = post(draft, {
      item: line.item,
      quantity: some,
      from,
      to: transitEnd(from),
      cause: 'transfer_out',
      document: transfer,
      line: line.line,
      occurredAt: sentAt,
    })
    const expiresOn = draft.lot.get(lotKey(row.item, row.lot))?.expiresOn ?? null
    goods.push({ line: line.line, item: row.item, quantity: some, lot: row.lot, serial: row.serial, expiresOn, value })
    left = minus(left, some)
  }
  if (left > 0) throw new Error(`${left} of item ${line.item} are to leave beyond what stands anywhere unallocated.`)
  return goods
}

const rowsToSend = (draft: Draft, item: ItemId): Stock[] =>
  draft.stock
    .of(itemKey(item, draft.state.owner))
    .filter((row) => sells(draft.state, row) && unallocated(row) > 0)
    .toSorted(soonestToExpire(draft))

export interface ReceiveTransfer {
  readonly kind: 'receiveTransfer'
  readonly transfer: string
  readonly from: SiteId
  readonly sentAt: Instant
  /** The day they are expected, where they were asked for: until the dock says that they are there, they are on their way. */
  readonly arrivesOn?: Day
  readonly goods: readonly InTransit[]
}

/**
 * The message of a transfer came: its goods stand at the dock, at the value they left with, or are noted as on their way. They left the other
 * site for good, so this is never refused: a message that no lane takes would hold up everything behind it.
 */
export function receiveTransfer(command: ReceiveTransfer, draft: Draft): object {
  const { transfer, from: sender, sentAt, arrivesOn, goods } = command
  if (arrivesOn !== undefined) return expectArrival(draft, { ...command, arrivesOn })
  const lines = arrive(draft, transfer, sentAt, goods)
  announce(draft, { type: 'transfer.received', subject: transfer, data: { from: sender, lines } })
  return { id: transfer }
}

/** Noted as on their way; whoever waits for them is told the day. */
function expectArrival(draft: Draft, { transfer, from, sentAt, arrivesOn, goods }: ReceiveTransfer & { readonly arrivesOn: Day }): object {
  let number = draft.arrival.of(transfer).reduce((most, one) => Math.max(most, one.number), 0)
  for (const one of goods) draft.arrival.put({ ...one, transfer, number: (number += 1), from, sentAt, due: arrivesOn })
  for (const line of new Set(goods.map((one) => one.line))) {
    const row = draft.planned.get(plannedKey({ document: transfer, line, part: 1 }))
    if (row === undefined) continue
    // What has not left yet comes no sooner because a part of it does.
    const due = underWay(draft, row) < open(row) && arrivesOn < row.due ? row.due : arrivesOn
    const hurts = promisesHurt(expectOn(draft, row, due))
    raiseHurt(draft, 'supply_late', row, `Line ${line} of a transfer comes on ${due} and not on ${row.due}`, hurts)
  }
  announce(draft, { type: 'transfer.expected', subject: transfer, data: { from, arrivesOn } })
  return { id: transfer }
}

interface Arrived {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly value: Money
}

/** Goods of a transfer as they were found when they came off the truck: as many as left, unless somebody counted. */
export interface Unloaded extends InTransit {
  readonly found?: Quantity
}

/** Goods of a transfer stand at the dock: what was asked for is fulfilled, and what waits gets the rest. */
export function arrive(draft: Draft, transfer: string, occurredAt: Instant, goods: readonly Unloaded[]): readonly Arrived[] {
  const lines = new Map<number, Arrived>()
  for (const one of goods) {
    unload(draft, transfer, occurredAt, one)
    const before = lines.get(one.line)
    lines.set(one.line, {
      line: one.line,
      item: one.item,
      quantity: plus(before?.quantity ?? none, one.quantity),
      value: add(before?.value ?? nothing, one.value),
    })
  }
  for (const line of lines.values()) {
    const asked = draft.planned.get(plannedKey({ document: transfer, line: line.line, part: 1 }))
    if (asked === undefined) plan(draft, movedAtOnce(draft, 'transfer_in', transfer, line))
    else fulfil(draft, asked, line.quantity)
    settle(draft, line.item, draft.state.owner)
  }
  return [...lines.values()]
}

/** What left arrives in the books whatever was found: a difference is lost or found at this dock, where a person saw it. */
function unload(draft: Draft, transfer: string, occurredAt: Instant, one: Unloaded): void {
  noteLot(draft, one)
  const sent: End = { place: standardPlaces.dock, package: '', lot: one.lot, serial: one.serial, condition: 'sellable', owner: draft.state.owner }
  // What expired on the way arrives as expired, what was recalled meanwhile in quarantine.
  const isExpired = expiryFault(draft, one.item, one.lot, one.expiresOn, 'sellable', 'lot') !== undefined
  const to: End = isExpired ? { ...sent, condition: 'expired' } : recalledSince(draft, one) !== null ? { ...sent, condition: 'quarantine' } : sent
  const isDoubled = serialFault(draft, one.item, one.serial, 'serial') !== undefined
  const move = { item: one.item, document: transfer, line: one.line, occurredAt }
  post(draft, { ...move, quantity: one.quantity, from: transitEnd(sent), to, cause: 'transfer_in', value: one.value })
  if (isDoubled) writeOff(draft, one, to, transfer, occurredAt)
  else if (one.found !== undefined && one.found < one.quantity) {
    const lost: End = { ...to, place: virtualPlaces['loss.transit'] }
    post(draft, { ...move, quantity: minus(one.quantity, one.found), from: to, to: lost, cause: 'loss' })
    raiseDifference(draft, transfer, one, one.found)
  } else if (one.found !== undefined && one.found > one.quantity) {
    const extra: End = { ...to, place: virtualPlaces['gain.found'] }
    post(draft, { ...move, quantity: minus(one.found, one.quantity), from: extra, to, cause: 'count' })
    raiseDifference(draft, transfer, one, one.found)
  }
}

function raiseDifference(draft: Draft, transfer: string, { item, line, quantity }: InTransit, found: Quantity): void {
  draft.exception.put({
    exception: draft.state.newId(),
    kind: 'count_difference',
    item,
    document: transfer,
    line,
    quantity: found < quantity ? minus(quantity, found) : minus(found, quantity),
    detail: `${quantity} left for line ${line} of a transfer, and ${found} were found at the dock.`,
    raisedAt: draft.state.now,
  })
}

/** A piece that is recorded here already came all the same: it is written off where it arrived, and a person sees it. */
function writeOff(draft: Draft, one: InTransit, at: End, transfer: string, occurredAt: Instant): void {
  const to: End = { ...at, place: virtualPlaces['loss.unexplained'] }
  const { item, quantity, line } = one
  post(draft, { item, quantity, from: at, to, cause: 'loss', document: transfer, line, occurredAt })
  draft.exception.put({
    exception: draft.state.newId(),
    kind: 'serial_doubled',
    item,
    document: transfer,
    line,
    quantity,
    detail: `Serial ${one.serial} came with a transfer and is recorded here already; what came is written off.`,
    raisedAt: draft.state.now,
  })
}

const transitEnd = (end: End): End => ({ ...end, place: virtualPlaces.transit, package: '' })

/** The planned move of a transfer's end, posted in the moment it is planned. */
function movedAtOnce(
  draft: Draft,
  kind: Extract<PlannedKind, 'transfer_in' | 'transfer_out'>,
  transfer: string,
  { line, item, quantity }: { readonly line: number; readonly item: ItemId; readonly quantity: Quantity },
): PlannedMove {
  const [from, to] = kind === 'transfer_out' ? [standardPlaces.shelf, virtualPlaces.transit] : [virtualPlaces.transit, standardPlaces.dock]
  return {
    document: transfer,
    line,
    part: 1,
    kind,
    direction: kind === 'transfer_out' ? 'demand' : 'supply',
    status: 'released',
    item,
    owner: draft.state.owner,
    from,
    to,
    homeSite: draft.state.site,
    due: draft.state.today,
    priority: 0,
    age: ageOf(draft),
    unitPrice: nothing,
    planned: quantity,
    posted: quantity,
    cancelled: none,
    held: none,
    pegged: none,
    allocated: none,
    holdExpiresAt: null,
  }
}
