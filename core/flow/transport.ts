// Transport: goods leave the site. A shipment takes goods of an order to its customer (transport-ship.ts); a transfer takes free stock to another
// site: this site posts shelf -> transit, and the message it leaves in its log makes the other site post transit -> dock.

import { expiryFault, liesAhead, quantityFault, serialFault } from '../fault.ts'
import type { Day, Instant } from '../calendar.ts'
import type { ItemId, SiteId } from '../item.ts'
import { ageOf, announce, availabilityOf, noteLot, plan, post, sells, type Draft } from '../ledger.ts'
import { add, nothing, type Money } from '../money.ts'
import type { End } from '../move.ts'
import { standardPlaces, virtualPlaces } from '../place.ts'
import type { PlannedKind, PlannedMove } from '../planned-move.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { endOf, free, itemKey, lotKey, unallocated, type Stock } from '../stock.ts'
import { settle, soonestToExpire } from '../hold.ts'

export interface SendTransfer {
  readonly kind: 'sendTransfer'
  readonly transfer: string
  readonly to: SiteId
  readonly sentAt: Instant
  readonly lines: readonly { readonly line: number; readonly item: ItemId; readonly quantity: Quantity }[]
}

/** Goods on their way between two sites, as the message tells of them. */
export interface InTransit {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly lot: string
  readonly serial: string
  readonly expiresOn: Day | null
  readonly value: Money
}

/** Sends free stock, first expired first out; what is held for orders stays. */
export function sendTransfer(command: SendTransfer, draft: Draft): object | Refusal {
  const { transfer, to, sentAt } = command
  const fault = quantityFault(command.lines) ?? liesAhead(draft, sentAt, 'sentAt')
  if (fault) return fault
  if (to === draft.state.site) return refuse('same_site', 'to', 'A transfer goes to another site.')
  const goods: InTransit[] = []
  for (const line of command.lines) {
    const atRows = rowsToSend(draft, line.item).reduce((sum, row) => plus(sum, unallocated(row)), none)
    const available = least(free(availabilityOf(draft, line.item, draft.state.owner)), atRows)
    if (available < line.quantity) return refuse('not_enough_stock', `lines/${line.line}/quantity`, `${available} are free to send.`)
    goods.push(...sendLine(draft, command, line))
  }
  announce(draft, { type: 'transfer.sent', subject: transfer, to, occurredAt: sentAt, data: { transfer, from: draft.state.site, sentAt, goods } })
  return { id: transfer, lines: command.lines }
}

function sendLine(draft: Draft, { transfer, sentAt }: SendTransfer, line: SendTransfer['lines'][number]): InTransit[] {
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
  plan(draft, movedAtOnce(draft, 'transfer_out', transfer, line))
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
  readonly goods: readonly InTransit[]
}

/**
 * The message of a transfer came: its goods stand at the dock, at the value they left with. They left the other site for good, so this is
 * never refused: a message that no lane takes would hold up everything behind it.
 */
export function receiveTransfer(command: ReceiveTransfer, draft: Draft): object {
  const { transfer, from: sender, sentAt, goods } = command
  const lines = new Map<number, { line: number; item: ItemId; quantity: Quantity; value: Money }>()
  for (const one of goods) {
    noteLot(draft, one)
    const sent: End = { place: standardPlaces.dock, package: '', lot: one.lot, serial: one.serial, condition: 'sellable', owner: draft.state.owner }
    // What expired on the way arrives as expired.
    const to: End = expiryFault(draft, one.item, one.lot, one.expiresOn, 'sellable', 'lot') ? { ...sent, condition: 'expired' } : sent
    const isDoubled = serialFault(draft, one.item, one.serial, 'serial') !== undefined
    post(draft, {
      item: one.item,
      quantity: one.quantity,
      from: transitEnd(sent),
      to,
      cause: 'transfer_in',
      document: transfer,
      line: one.line,
      occurredAt: sentAt,
      value: one.value,
    })
    if (isDoubled) writeOff(draft, one, to, command)
    const before = lines.get(one.line)
    lines.set(one.line, {
      line: one.line,
      item: one.item,
      quantity: plus(before?.quantity ?? none, one.quantity),
      value: add(before?.value ?? nothing, one.value),
    })
  }
  for (const line of lines.values()) {
    plan(draft, movedAtOnce(draft, 'transfer_in', transfer, line))
    settle(draft, line.item, draft.state.owner)
  }
  announce(draft, { type: 'transfer.received', subject: transfer, data: { from: sender, lines: [...lines.values()] } })
  return { id: transfer }
}

/** A piece that is recorded here already came all the same: it is written off where it arrived, and a person sees it. */
function writeOff(draft: Draft, one: InTransit, at: End, { transfer, sentAt }: ReceiveTransfer): void {
  const to: End = { ...at, place: virtualPlaces['loss.unexplained'] }
  const { item, quantity, line } = one
  post(draft, { item, quantity, from: at, to, cause: 'loss', document: transfer, line, occurredAt: sentAt })
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
    planned: quantity,
    posted: quantity,
    cancelled: none,
    held: none,
    pegged: none,
    allocated: none,
    holdExpiresAt: null,
  }
}
