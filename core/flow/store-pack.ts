// Store, packing: picked goods go into packages, each of one order; the goods carry the package's number from then on. An order may have many,
// and some of its goods in none. Opening a package puts its goods back beside it.

import { untimely } from '../fault.ts'
import type { Instant } from '../calendar.ts'
import { announce, everyPackage, post, type Draft } from '../ledger.ts'
import { isClosed, weightOf, type Package } from '../package.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { isRefusal, refuse, type Refusal } from '../refusal.ts'
import { ssccOf } from '../sscc.ts'
import { allocationEnd, endOf, itemKey, unallocated, type Allocation } from '../stock.ts'
import type { Weight } from '../weight.ts'
import { carry } from '../hold.ts'
import { forbids, isPicked } from './order.ts'
import { allocationsOf } from './store-pick.ts'

export interface Pack {
  readonly kind: 'pack'
  readonly order: string
  /** How the site's SSCCs begin. */
  readonly ssccPrefix: string
  readonly carton: Weight
  /** What the scale says, carton and all. */
  readonly weighed: Weight | null
  readonly packedAt: Instant
  /** Without lines, everything that is picked and in no package yet. */
  readonly lines: readonly { readonly line: number; readonly quantity: Quantity; readonly lot: string; readonly serial: string }[] | null
}

export function pack(command: Pack, draft: Draft): object | Refusal {
  const { order, ssccPrefix, carton, weighed, packedAt, lines } = command
  const refusal = forbids(draft, order, 'pack') ?? untimely(draft, packedAt, 'packedAt')
  if (refusal) return refusal
  const loose = allocationsOf(draft, order).filter((one) => isPicked(one) && one.package === '')
  if (loose.length === 0) return refuse('nothing_to_do', 'order', 'Nothing is picked for this order that is not in a package already.')
  const chosen = lines === null ? loose.map((one) => [one, one.quantity] as const) : choose(loose, lines)
  if (isRefusal(chosen)) return chosen
  const number = 1 + Math.max(0, ...draft.package.of(everyPackage).map((one) => one.number))
  const sscc = ssccOf(ssccPrefix, number)
  for (const [one, some] of chosen) {
    const { document, line, part } = one
    carry(draft, one, some, { ...allocationEnd(one), package: sscc }, { cause: 'pack', document, line, part, occurredAt: packedAt })
  }
  const packed: Package = { sscc, number, order, packedAt, carton, weighed, weight: null, shipment: null, openedAt: null }
  draft.package.put(packed)
  const told = chosen.map(([one, some]) => ({ line: one.line, quantity: some }))
  announce(draft, { type: 'order.packed', subject: order, occurredAt: packedAt, data: { package: sscc, lines: told } })
  const content = contentOf(draft, allocationsOf(draft, order), sscc)
  return { id: order, package: sscc, weight: weightOf(packed, content), lines: told }
}

type Chosen = readonly (readonly [Allocation, Quantity])[]

/** What of the loose goods goes in; the same goods are not taken for two lines of the request. */
function choose(loose: readonly Allocation[], lines: NonNullable<Pack['lines']>): Chosen | Refusal {
  const left = new Map(loose.map((one) => [one, one.quantity]))
  for (const [index, { line, quantity: wanted, lot, serial }] of lines.entries()) {
    const path = `lines/${index + 1}/quantity`
    if (wanted <= 0) return refuse('quantity_not_positive', path, `A quantity of ${wanted} cannot be packed.`)
    let missing = wanted
    for (const one of loose) {
      if (one.line !== line || (lot !== '' && one.lot !== lot) || (serial !== '' && one.serial !== serial)) continue
      const some = least(missing, left.get(one)!)
      left.set(one, minus(left.get(one)!, some))
      missing = minus(missing, some)
    }
    if (missing > 0) return refuse('more_than_picked', path, `${minus(wanted, missing)} of line ${line} are picked and in no package.`)
  }
  return loose.map((one) => [one, minus(one.quantity, left.get(one)!)] as const).filter(([, some]) => some > 0)
}

/** What a package of the order has in it, each with what one weighs. */
export const contentOf = (draft: Draft, allocations: readonly Allocation[], sscc: string) =>
  allocations
    .filter((one) => isPicked(one) && one.package === sscc)
    .map((one) => ({ each: draft.state.items.get(one.item)?.weight ?? null, quantity: one.quantity }))

export interface Unpack {
  readonly kind: 'unpack'
  readonly order: string
  readonly package: string
  readonly unpackedAt: Instant
}

export function unpack({ order, package: sscc, unpackedAt }: Unpack, draft: Draft): object | Refusal {
  const refusal = forbids(draft, order, 'unpack') ?? packageFault(draft, order, sscc, 'package') ?? untimely(draft, unpackedAt, 'unpackedAt')
  if (refusal) return refusal
  let unpacked = none
  for (const one of allocationsOf(draft, order).filter((at) => at.package === sscc)) {
    const { document, line, part } = one
    carry(draft, one, one.quantity, { ...allocationEnd(one), package: '' }, { cause: 'unpack', document, line, part, occurredAt: unpackedAt })
    unpacked = plus(unpacked, one.quantity)
  }
  unpacked = plus(unpacked, takeOutRest(draft, order, sscc, unpackedAt))
  draft.package.put({ ...draft.package.get(sscc)!, openedAt: draft.state.now })
  announce(draft, { type: 'order.unpacked', subject: order, occurredAt: unpackedAt, data: { package: sscc } })
  return { id: order, package: sscc, unpacked }
}

/** What is in a package and no longer spoken for by its order stays here: it is taken out. */
export function takeOutRest(draft: Draft, order: string, sscc: string, occurredAt: Instant): Quantity {
  let taken = none
  const items = new Set(draft.planned.of(order).map((row) => itemKey(row.item, row.owner)))
  for (const row of [...items].flatMap((item) => draft.stock.of(item)).filter((one) => one.package === sscc)) {
    const some = unallocated(row)
    if (some === 0) continue
    post(draft, {
      item: row.item,
      quantity: some,
      from: endOf(row),
      to: { ...endOf(row), package: '' },
      cause: 'unpack',
      document: order,
      line: 1,
      occurredAt,
    })
    taken = plus(taken, some)
  }
  return taken
}

/** Refuses a package that is not this order's, or is shipped or opened. */
export function packageFault(draft: Draft, order: string, sscc: string, path: string): Refusal | undefined {
  const known = draft.package.get(sscc)
  if (known === undefined || known.order !== order) return refuse('package_not_known', path, 'The order has no such package at this site.')
  return isClosed(known) ? refuse('package_closed', path, 'The package is shipped or opened already.') : undefined
}
