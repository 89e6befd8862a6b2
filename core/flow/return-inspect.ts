// Return, inspection: somebody looks at what came back and says, piece by piece, what it is and what becomes of it: sold again, made good, thrown away,
// or sent to whom we bought it from. Only that makes a piece sellable, and only once; what is being made good is looked at again. What the customer
// is due follows from what he paid, less what the inspector deducts, and is a fact of the log: who pays it reads it there.

import { expiryFault, labelFault, quantityFault, untimely } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { settle } from '../hold.ts'
import { announce, post, type Draft } from '../ledger.ts'
import { add, nothing, subtract, type Money } from '../money.ts'
import type { Cause, End } from '../move.ts'
import { standardPlaces, virtualPlaces, type PlaceId } from '../place.ts'
import { minus, none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { paidFor, toInspect, type Disposition, type Finding, type Rma, type RmaLine } from '../rma.ts'
import { stockAt, stockKey } from '../stock.ts'
import { numberOf, permitted } from './return.ts'

export interface Disposed {
  /** Of the return. */
  readonly line: number
  readonly quantity: Quantity
  readonly lot: string
  readonly serial: string
  /** Whether it comes from being made good, and not from quarantine. */
  readonly refurbished: boolean
  readonly found: Finding
  readonly disposition: Disposition
  /** Where it is put to be sold again. */
  readonly place: PlaceId
  /** What is kept of its price. */
  readonly deduction: Money
  readonly note: string
}

export interface DisposeReturn {
  readonly kind: 'disposeReturn'
  readonly order: string
  readonly rma: string
  readonly disposedAt: Instant
  readonly lines: readonly Disposed[]
}

export function disposeReturn({ order, rma, disposedAt, lines }: DisposeReturn, draft: Draft): object | Refusal {
  const row = permitted(draft, rma, 'dispose')
  if (isRefusal(row)) return row
  const fault = quantityFault(lines) ?? untimely(draft, disposedAt, 'disposedAt')
  if (fault) return fault
  let due = nothing
  const told = []
  for (const [index, one] of lines.entries()) {
    const refund = disposePiece(draft, row, one, disposedAt, `lines/${index + 1}`)
    if (isRefusal(refund)) return refund
    due = add(due, refund)
    const { line, quantity, found, disposition, refurbished, note } = one
    told.push({ line, quantity, found, disposition, refurbished, note, refund })
  }
  announce(draft, { type: 'return.inspected', subject: order, occurredAt: disposedAt, data: { rma, number: row.number, lines: told } })
  if (due > 0) announce(draft, { type: 'return.refund_due', subject: order, occurredAt: disposedAt, data: { rma, number: row.number, amount: due } })
  return { id: rma, order, number: numberOf(draft, row), refund: due, lines: told }
}

/** Moves the goods to where they are good for something; returns what the customer is due for them. */
function disposePiece(draft: Draft, { rma }: Rma, piece: Disposed, occurredAt: Instant, path: string): Money | Refusal {
  const one = draft.rmaLine.get(`${rma}/${piece.line}`)
  if (one === undefined) return refuse('line_not_known', `${path}/line`, `The return has no line ${piece.line}.`)
  const fault = pieceFault(draft, one, piece, path)
  if (fault) return fault
  const { line, quantity, lot, refurbished, disposition, deduction } = piece
  const from = standsAt(draft, piece)
  const there = draft.stock.get(stockKey(stockAt(one.item, from)))?.quantity ?? none
  if (there < quantity) return refuse('not_enough_stock', `${path}/quantity`, `${there} of it are recorded at inspection.`)
  const before = minus(one.received, toInspect(one))
  const price = refurbished ? nothing : subtract(paidFor(one, plus(before, quantity)), paidFor(one, before))
  if (deduction > price)
    return refuse('deduction_too_large', `${path}/deduction`, 'No more is kept than was paid, and of what was made good nothing.')
  const { cause, to } = ways[disposition](from, piece)
  const expired = expiryFault(draft, one.item, lot, null, to.condition, `${path}/lot`)
  if (expired) return expired
  post(draft, { item: one.item, quantity, from, to, cause, document: rma, line, occurredAt })
  const refund = subtract(price, deduction)
  draft.rmaLine.put(counted(one, piece, refund))
  if (disposition === 'restock') settle(draft, one.item, draft.state.owner)
  return refund
}

function pieceFault(draft: Draft, line: RmaLine, { quantity, lot, serial, refurbished, disposition }: Disposed, path: string): Refusal | undefined {
  const most = refurbished ? line.refurbishing : toInspect(line)
  if (quantity > most) {
    const what = refurbished ? 'being made good' : 'to be inspected'
    return refuse('more_than_received', `${path}/quantity`, `${most} of line ${line.line} are ${what}.`)
  }
  if (refurbished && disposition === 'refurbish') return refuse('nothing_to_do', `${path}/disposition`, 'It is being made good already.')
  return labelFault(draft, { item: line.item, quantity, lot, serial }, `${path}/`)
}

/** Quarantine is what nobody looked at yet; what is being made good is damaged goods. Both stand at inspection. */
const standsAt = (draft: Draft, { lot, serial, refurbished }: Disposed): End => ({
  place: standardPlaces.inspection,
  package: '',
  lot,
  serial,
  condition: refurbished ? 'damaged' : 'quarantine',
  owner: draft.state.owner,
})

const ways: Readonly<Record<Disposition, (from: End, piece: Disposed) => { readonly cause: Cause; readonly to: End }>> = {
  restock: (from, { place }) => ({ cause: 'restock', to: { ...from, place, condition: 'sellable' } }),
  refurbish: (from) => ({ cause: 'refurbish', to: { ...from, condition: 'damaged' } }),
  scrap: (from) => ({ cause: 'scrap', to: { ...from, place: virtualPlaces['loss.breakage'] } }),
  vendor: (from) => ({ cause: 'vendor_return', to: { ...from, place: virtualPlaces.supplier } }),
}

const countedAs = { restock: 'restocked', refurbish: 'refurbishing', scrap: 'scrapped', vendor: 'toVendor' } as const

function counted(line: RmaLine, { quantity, disposition, refurbished }: Disposed, refund: Money): RmaLine {
  const taken = refurbished ? { ...line, refurbishing: minus(line.refurbishing, quantity) } : line
  const as = countedAs[disposition]
  return { ...taken, [as]: plus(taken[as], quantity), refund: add(taken.refund, refund) }
}
