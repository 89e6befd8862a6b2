// Mixed commands of customers who change their minds: more, less or none of a line, another day, a line besides, orders that are called back from
// picking, and goods that come back, in whatever state they are.

import { addDays } from '../core/calendar.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { dispositions, findings, returnReasons } from '../core/rma.ts'
import type { Command } from '../server/stages.ts'
import type { TestWorld } from '../server/test-world.ts'

/** What these commands need of the cast and of what was told. */
interface Cast {
  readonly world: TestWorld
  readonly chance: { below(count: number): number; once(times: number): boolean; oneOf<T>(list: readonly T[]): T }
  readonly plain: readonly ItemId[]
}
interface Known {
  readonly id: string
  readonly lines: readonly { readonly line: number }[]
}
interface Told {
  readonly site: SiteId
  readonly orders: readonly Known[]
  readonly returns: { readonly order: string; readonly rma: string }[]
}

type Maker = (cast: Cast, told: Told) => Command

/** An order that was placed here, or one that never was. */
const orderIn = ({ world, chance }: Cast, { orders }: Told): Known => (orders.length > 0 ? chance.oneOf(orders) : { id: world.newId(), lines: [] })

const change: Maker = (cast, told) => {
  const { world, chance } = cast
  const { id, lines } = orderIn(cast, told)
  const further = { item: chance.oneOf(cast.plain), quantity: quantity(1 + chance.below(3)), unitPrice: money(250), requested: world.today() }
  return {
    kind: 'changeOrder',
    order: id,
    lines: lines.slice(0, 1 + chance.below(2)).map(({ line }) => ({
      line,
      quantity: chance.once(4) ? null : quantity(chance.below(8)),
      requested: chance.once(3) ? addDays(world.today(), chance.below(6)) : null,
      was: null,
    })),
    added: chance.once(4) ? [further] : [],
  }
}

const cancel: Maker = (cast, told) => {
  const { id, lines } = orderIn(cast, told)
  return { kind: 'cancelOrder', order: id, lines: lines.length > 0 && cast.chance.once(2) ? [cast.chance.oneOf(lines).line] : null }
}

const recall: Maker = (cast, told) => ({ kind: 'recall', order: orderIn(cast, told).id })

const REMEMBERED_MAX = 12

const authoriseReturn: Maker = (cast, told) => {
  const { world, chance } = cast
  const [{ id: order }, rma] = [orderIn(cast, told), world.newId()]
  told.returns.push({ order, rma })
  if (told.returns.length > REMEMBERED_MAX) told.returns.shift()
  const line = { line: 1, orderLine: 1 + chance.below(2), quantity: quantity(1 + chance.below(2)), reason: chance.oneOf(returnReasons), note: '' }
  return { kind: 'authoriseReturn', order, rma, authorisedAt: world.now(), lines: [line] }
}
const returnIn = ({ world, chance }: Cast, { returns }: Told) =>
  returns.length > 0 ? chance.oneOf(returns) : { order: world.newId(), rma: world.newId() }
/** Goods that are told apart by lot or serial are refused here: nobody named them. */
const receiveReturn: Maker = (cast, told) => ({ kind: 'receiveReturn', ...returnIn(cast, told), receivedAt: cast.world.now(), lines: null })
const disposeReturn: Maker = (cast, told) => {
  const { world, chance } = cast
  const piece = { line: 1, quantity: quantity(1), lot: '', serial: '', refurbished: chance.once(4), place: standardPlaces.dock, note: '' }
  const said = { found: chance.oneOf(findings), disposition: chance.oneOf(dispositions), deduction: money(chance.once(3) ? chance.below(300) : 0) }
  return { kind: 'disposeReturn', ...returnIn(cast, told), disposedAt: world.now(), lines: [{ ...piece, ...said }] }
}
const cancelReturn: Maker = (cast, told) => ({ kind: 'cancelReturn', ...returnIn(cast, told) })

/** How often each is drawn: once for each time it stands here. */
export const changeMakers: readonly Maker[] = [
  cancel,
  change,
  change,
  recall,
  authoriseReturn,
  authoriseReturn,
  receiveReturn,
  receiveReturn,
  disposeReturn,
  disposeReturn,
  cancelReturn,
]
