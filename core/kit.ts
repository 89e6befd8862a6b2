// Kit: an item that is sold as a bundle of others and never stands on a shelf itself. An order line of a kit becomes a line for each component, so that
// it is promised, held, picked, shipped and returned by what really moves; the order keeps the kit as it was sold beside them.
// Invariants: the prices of a kit's lines add up to the kit's price exactly; its lines are for the same number of kits.

import type { ItemId } from './item.ts'
import { money, type Money } from './money.ts'
import { least, minus, quantity, type Quantity } from './quantity.ts'

export interface KitComponent {
  readonly kit: ItemId
  readonly component: ItemId
  /** How many of it are in one kit. */
  readonly quantity: Quantity
}

/** A kit as it was sold, and which of its order's lines are of it says each line. */
export interface OrderKit {
  readonly order: string
  /** The line in which it was asked for. */
  readonly kit: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly unitPrice: Money
}

/** What of a kit goes in one line. */
export interface KitShare {
  readonly item: ItemId
  /** How many pieces are in one kit. */
  readonly each: Quantity
  /** Of one piece. */
  readonly unitPrice: Money
}

/**
 * Shares a kit's price out over its pieces by what they cost alone. What whole minor units cannot share evenly goes to the first pieces, one each,
 * so a component may come in two lines of different prices.
 */
export function shareKit(
  price: Money,
  components: readonly (Pick<KitComponent, 'component' | 'quantity'> & { readonly listPrice: Money })[],
): KitShare[] {
  const isFree = components.every((one) => one.listPrice === 0)
  const weightOf = (one: (typeof components)[number]): bigint => (isFree ? 1n : BigInt(one.listPrice))
  const whole = components.reduce((sum, one) => sum + weightOf(one) * BigInt(one.quantity), 0n)
  const prices = components.map((one) => money(Number((BigInt(price) * weightOf(one)) / whole)))
  let left = quantity(components.reduce((sum, one, index) => sum - one.quantity * prices[index]!, price as number))
  return components.flatMap(({ component: item, quantity: each }, index) => {
    const dearer = least(left, each)
    left = minus(left, dearer)
    const unitPrice = prices[index]!
    const shares = [
      { item, each: dearer, unitPrice: money(unitPrice + 1) },
      { item, each: minus(each, dearer), unitPrice },
    ]
    return shares.filter((share) => share.each > 0)
  })
}
