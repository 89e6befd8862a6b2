// Count list, its address: how much of it is asked for. What else the API can be told of a list (for which purpose, for how many minutes) goes here, and into
// `askedOf`.

export const sizes = [5, 10, 20, 30, 50, 100] as const
const USUAL = 10
export type Size = (typeof sizes)[number]

export interface CountListSearch {
  readonly size?: Size
}

export function countListSearch(search: Record<string, unknown>): CountListSearch {
  const size = sizes.find((one) => one === Number(search['size']))
  return size === undefined ? {} : { size }
}

/** What the API is asked. */
export const askedOf = ({ size = USUAL }: CountListSearch): { readonly size: Size } => ({ size })
