// Material requirements planning, on plain numbers: how many are short, how many are ordered for it, and in which order items are planned.
//
// Items are planned in the order of their low-level code, the deepest level at which a bill has them: when an item's turn comes, all demand
// for it is known, so it is netted once and lot sizes apply once to the whole need (J. Orlicky, Material Requirements Planning, 1975, ch. 4).

export interface Net {
  readonly demand: number
  readonly stock: number
  readonly supply: number
}

/** short = max(0, demand - stock - supply). Stock below zero is missing too. */
export const shortage = ({ demand, stock, supply }: Net): number => Math.max(0, demand - stock - supply)

/** The least that covers `short`, is at least `minimum` and a multiple of `multiple`; nothing for nothing. */
export function lotSize(short: number, minimum: number, multiple: number): number {
  if (short <= 0) return 0
  return Math.ceil(Math.max(short, minimum) / multiple) * multiple
}

/** The most whole lots of what one may have; none where that is less than the minimum. */
export function roomFor(most: number, { minimum, multiple }: { readonly minimum: number; readonly multiple: number }): number {
  const lots = Math.floor(most / multiple) * multiple
  return lots < minimum || lots <= 0 ? 0 : lots
}

/** Low-level codes: 0 for what is in nothing else, else one more than the highest of its parents. The bills must have no circle. */
export function lowLevelCodes<Item>(items: Iterable<Item>, componentsOf: (parent: Item) => readonly Item[]): ReadonlyMap<Item, number> {
  const parents = new Map<Item, number>()
  const all = [...items]
  for (const item of all) for (const component of new Set(componentsOf(item))) parents.set(component, (parents.get(component) ?? 0) + 1)
  const codes = new Map<Item, number>(all.map((item) => [item, 0]))
  const ready = all.filter((item) => !parents.has(item))
  let done = 0
  for (let item = ready.pop(); item !== undefined; item = ready.pop()) {
    done += 1
    for (const component of new Set(componentsOf(item))) {
      codes.set(component, Math.max(codes.get(component) ?? 0, codes.get(item)! + 1))
      const left = parents.get(component)! - 1
      parents.set(component, left)
      if (left === 0) ready.push(component)
    }
  }
  if (done < codes.size) throw new RangeError('Something is made of itself; such bills have no levels.')
  return codes
}
