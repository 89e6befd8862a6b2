// Mixed commands of customers who change their minds: more, less or none of a line, another day, a line besides, and orders that are called back from
// picking, in whatever state they are.

import { addDays } from '../core/calendar.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { quantity } from '../core/quantity.ts'
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

/** How often each is drawn: once for each time it stands here. */
export const changeMakers: readonly Maker[] = [cancel, change, change, recall]
