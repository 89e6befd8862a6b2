// Trace layout: where a lot's family stands in its picture: a column for each level, what went into it to the left and what was made of it to the
// right, each beside those it belongs to. A column that is long ends in a card that says how many more there are.

/** What went into what, by place in the list of lots. */
export interface Family {
  readonly lots: readonly { readonly level: number }[]
  readonly links: readonly { readonly from: number; readonly into: number }[]
}

export interface Card {
  /** Which lots: one, or those for which there was no room. */
  readonly lots: readonly number[]
  readonly x: number
  readonly y: number
}

export interface Line {
  readonly from: Card
  readonly into: Card
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly cards: readonly Card[]
  readonly lines: readonly Line[]
}

export const card = { width: 188, height: 72 } as const
const GAP_ACROSS = 64
const GAP_DOWN = 12
/** Cards in a column, the one that stands for the rest among them. */
export const COLUMN_MAX = 12

/** Cards and the lines between them, from 0 at the upper left; columns are centred beside the longest. */
export function layOut({ lots, links }: Family): Layout {
  const columns = orderedColumns({ lots, links }).map(inCards)
  const height = Math.max(...columns.map(heightOf))
  const cards: Card[] = []
  const cardOf = new Map<number, Card>()
  for (const [column, groups] of columns.entries()) {
    const top = (height - heightOf(groups)) / 2
    for (const [row, group] of groups.entries()) {
      const placed = { lots: group, x: column * (card.width + GAP_ACROSS), y: top + row * (card.height + GAP_DOWN) }
      cards.push(placed)
      for (const lot of group) cardOf.set(lot, placed)
    }
  }
  const lines = new Map<string, Line>()
  for (const link of links) {
    const [from, into] = [cardOf.get(link.from)!, cardOf.get(link.into)!]
    lines.set(`${cards.indexOf(from)} ${cards.indexOf(into)}`, { from, into })
  }
  return { width: columns.length * (card.width + GAP_ACROSS) - GAP_ACROSS, height, cards, lines: [...lines.values()] }
}

const heightOf = (groups: readonly unknown[]): number => groups.length * (card.height + GAP_DOWN) - GAP_DOWN

/** Those of each level, outward from the lot itself each at the height of what it is linked to there. */
function orderedColumns({ lots, links }: Family): readonly (readonly number[])[] {
  const levels = lots.map((one) => one.level)
  const [first, last] = [Math.min(...levels), Math.max(...levels)]
  const neighbours = new Map<number, number[]>()
  for (const { from, into } of links) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), into])
    neighbours.set(into, [...(neighbours.get(into) ?? []), from])
  }
  const heights = new Map<number, number>()
  const columns = new Map<number, readonly number[]>()
  const place = (level: number): void => {
    const inner = (lot: number): number[] =>
      (neighbours.get(lot) ?? []).filter((one) => Math.abs(levels[one]!) < Math.abs(level)).map((one) => heights.get(one) ?? 0)
    const height = (lot: number): number => mean(inner(lot))
    const ordered = lots.flatMap((one, lot) => (one.level === level ? [lot] : [])).toSorted((a, b) => height(a) - height(b) || a - b)
    for (const [row, lot] of ordered.entries()) heights.set(lot, (row + 0.5) / ordered.length)
    columns.set(level, ordered)
  }
  place(0)
  for (let level = 1; level <= last; level += 1) place(level)
  for (let level = -1; level >= first; level -= 1) place(level)
  return Array.from({ length: last - first + 1 }, (_none, index) => columns.get(first + index)!).filter((column) => column.length > 0)
}

function inCards(column: readonly number[]): readonly (readonly number[])[] {
  const shown = column.length > COLUMN_MAX ? COLUMN_MAX - 1 : column.length
  const each = column.slice(0, shown).map((lot) => [lot])
  return shown === column.length ? each : [...each, column.slice(shown)]
}

const mean = (figures: readonly number[]): number => (figures.length === 0 ? 0 : figures.reduce((sum, one) => sum + one, 0) / figures.length)
