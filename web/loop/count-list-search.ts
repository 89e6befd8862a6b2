// Count list, its address: what for, how much of it is asked for, in how many minutes, and by which seed chance draws, so that one list can be shown to
// another person.

export const sizes = [5, 10, 20, 30, 50, 100] as const
const USUAL = 10
/** As many as the API takes. */
const SEEDS = 2 ** 31
export type Size = (typeof sizes)[number]
export const purposes = ['stock_outs', 'discrepancies'] as const
export type Purpose = (typeof purposes)[number]
/** How long a tour may take; without it, as long as it takes. */
export const lengths = [10, 20, 30, 60, 120, 240] as const
export type Length = (typeof lengths)[number]

export interface CountListSearch {
  readonly size?: Size
  readonly purpose?: Purpose
  readonly minutes?: Length | undefined
  readonly seed?: number
}

export function countListSearch(search: Record<string, unknown>): CountListSearch {
  const size = sizes.find((one) => one === Number(search['size']))
  const purpose = purposes.find((one) => one === search['purpose'])
  const minutes = lengths.find((one) => one === Number(search['minutes']))
  const seed = Number(search['seed'])
  const isSeed = search['seed'] !== undefined && Number.isInteger(seed) && seed >= 0 && seed < SEEDS
  return {
    ...(size !== undefined && { size }),
    ...(purpose !== undefined && { purpose }),
    ...(minutes !== undefined && { minutes }),
    ...(isSeed && { seed }),
  }
}

/** What the API is asked. */
export const askedOf = ({
  size = USUAL,
  purpose = 'stock_outs',
  ...rest
}: CountListSearch): CountListSearch & {
  readonly size: Size
  readonly purpose: Purpose
} => ({ size, purpose, ...rest })
