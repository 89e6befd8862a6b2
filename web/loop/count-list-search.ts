// Count list, its address: how much of it is asked for, and by which seed chance draws, so that one list can be shown to another person. What else the API can be told of a list (for which purpose, for how many minutes) goes here, and into
// `askedOf`.

export const sizes = [5, 10, 20, 30, 50, 100] as const
const USUAL = 10
/** As many as the API takes. */
const SEEDS = 2 ** 31
export type Size = (typeof sizes)[number]

export interface CountListSearch {
  readonly size?: Size
  readonly seed?: number
}

export function countListSearch(search: Record<string, unknown>): CountListSearch {
  const size = sizes.find((one) => one === Number(search['size']))
  const seed = Number(search['seed'])
  const isSeed = search['seed'] !== undefined && Number.isInteger(seed) && seed >= 0 && seed < SEEDS
  return { ...(size !== undefined && { size }), ...(isSeed && { seed }) }
}

/** What the API is asked. */
export const askedOf = ({ size = USUAL, seed }: CountListSearch): CountListSearch & { readonly size: Size } => ({
  size,
  ...(seed !== undefined && { seed }),
})
