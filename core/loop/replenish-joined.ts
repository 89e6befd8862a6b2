// Replenish, joined: what a source's terms make of an order: a supplier's least order in money, and a full load. An order below the least is raised by what its lines
// need next, or waits; a load that is nearly full is filled. Raising equalises cover: whichever line runs out first gets its next pack,
//
//   cover = (position + quantity) / demand a day,
//
// where position is what is there, on its way and not wanted yet, so that all of them are needed again on the same day (the can-order idea of joint
// replenishment; E. Silver, D. Pyke and D. Thomas, Inventory and Production Management in Supply Chains, 4th ed., 10.3). Nothing is raised beyond so many
// days after the order after next, and lines only rise. Pure: the same lines make the same order.

import { lotSize, roomFor } from '../plan/mrp.ts'
import { HOLDING_PER_YEAR, YEAR_DAYS } from '../planning.ts'
import type { SourceTerms } from '../planning.ts'

/** What a supplier, or a site of ours that supplies others, asks of an order. */
export type OrderTerms = Pick<SourceTerms, 'least' | 'loadUnits' | 'loadWeight'>

export interface JoinLine {
  readonly item: number
  readonly quantity: number
  readonly minimum: number
  readonly multiple: number
  /** It is raised to so many at most; null where that is no matter. */
  readonly most: number | null
  /** Of one, minor units. */
  readonly price: number
  /** Of one, milligrams; null where it is not known. */
  readonly weight: number | null
  /** Minor units. */
  readonly risk: number
  /** Units a day that are wanted here and behind, and what is there and on its way to meet it. */
  readonly perDay: number
  readonly position: number
  /** Days until the order after this one is there. */
  readonly days: number
}

type JoinedBy = 'least' | 'load'

export interface JoinedOrder {
  /** Quantities in the order of the lines. */
  readonly quantities: readonly number[]
  /** What they are worth as proposed, and now. */
  readonly proposed: number
  readonly value: number
  readonly raised: JoinedBy | null
  /** Why it waits: bringing goods forward costs more than is at risk, or not even all that may be brought forward makes the least order. */
  readonly waits: 'cost' | 'reach' | null
  /** What it costs to have goods before they are needed, minor units, and what is at risk without the order. */
  readonly cost: number
  readonly risk: number
  /** How many loads it is, to hundredths; null without a load. */
  readonly loads: number | null
}

/** Goods are brought forward by so many days at most. */
const FORWARD_DAYS_MAX = 90
/** A load that is filled so far is filled up. */
const NEARLY_FULL = 0.85
/** Enough to tell one day from another to less than a moment, in days. */
const HALVINGS = 48
const A_MOMENT = 1e-6

export function joinOrder(lines: readonly JoinLine[], terms: OrderTerms): JoinedOrder {
  const first = lines.map((line) => line.quantity)
  const proposed = worth(lines, first)
  const risk = lines.reduce((sum, line) => sum + line.risk, 0)
  const told = { proposed, risk }
  const isBelow = first.some((quantity) => quantity > 0) && proposed < terms.least
  const least = isBelow ? raise(lines, first, (quantities) => worth(lines, quantities) >= terms.least) : first
  const cost = isBelow ? costOf(lines, first, least) : 0
  const waits = !isBelow ? null : worth(lines, least) < terms.least ? 'reach' : risk < cost ? 'cost' : null
  if (waits !== null) return { ...told, quantities: first, value: proposed, raised: null, waits, cost, loads: loadsTold(lines, first, terms) }
  const filled = fill(lines, least, terms)
  const raised = filled !== least ? 'load' : isBelow ? 'least' : null
  return {
    ...told,
    quantities: filled,
    value: worth(lines, filled),
    raised,
    waits: null,
    cost: costOf(lines, first, filled),
    loads: loadsTold(lines, filled, terms),
  }
}

/** Raises lines until it is enough, or nothing may be raised any more: all to one day of cover first, then pack by pack what runs out first. */
function raise(lines: readonly JoinLine[], first: readonly number[], isEnough: (quantities: readonly number[]) => boolean): readonly number[] {
  const quantities = levelBelow(lines, first, isEnough)
  for (const index of byCover(lines, quantities)) {
    if (isEnough(quantities)) break
    quantities[index] = nextPack(lines[index]!, quantities[index]!)
  }
  return quantities
}

/** The highest day of cover for all that is not enough yet. */
function levelBelow(lines: readonly JoinLine[], first: readonly number[], isEnough: (quantities: readonly number[]) => boolean): number[] {
  let low = lines.reduce((least, line, index) => (line.perDay > 0 ? Math.min(least, coverOf(line, first[index]!)) : least), 0) - 1
  let high = lines.reduce((most, line) => Math.max(most, line.days + FORWARD_DAYS_MAX), 0)
  const at = (days: number): number[] => lines.map((line, index) => coverTo(line, first[index]!, Math.min(days, line.days + FORWARD_DAYS_MAX)))
  if (!isEnough(at(high))) return at(high)
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2
    if (isEnough(at(middle))) high = middle
    else low = middle
  }
  return at(low)
}

/** Fills a load that is nearly full, with what runs out first and still fits. */
function fill(all: readonly JoinLine[], first: readonly number[], terms: OrderTerms): readonly number[] {
  const loads = loadsOf(all, first, terms)
  if (loads === null || loads === 0) return first
  const full = Math.ceil(loads)
  if (loads === full || loads - (full - 1) < NEARLY_FULL) return first
  // Of what weighs nobody knows how much, nobody knows whether more fits.
  const lines = all.map((line) => (terms.loadWeight !== null && line.weight === null ? { ...line, perDay: 0 } : line))
  const isOver = (quantities: readonly number[]): boolean => loadsOf(lines, quantities, terms)! > full
  const quantities = levelBelow(lines, first, isOver)
  for (const index of byCover(lines, quantities)) {
    const before = quantities[index]!
    quantities[index] = nextPack(lines[index]!, before)
    if (isOver(quantities)) quantities[index] = before
  }
  return quantities.some((quantity, index) => quantity > first[index]!) ? quantities : first
}

export const coverOf = ({ position, perDay }: Pick<JoinLine, 'position' | 'perDay'>, quantity: number): number => (position + quantity) / perDay

/** Lines that may have another pack, what runs out first before the others. */
function byCover(lines: readonly JoinLine[], quantities: readonly number[]): readonly number[] {
  return lines
    .map((line, index) => ({ index, line, cover: coverOf(line, quantities[index]!) }))
    .filter(
      ({ index, line, cover }) =>
        line.perDay > 0 && cover < line.days + FORWARD_DAYS_MAX - A_MOMENT && nextPack(line, quantities[index]!) <= mostOf(line),
    )
    .toSorted((a, b) => a.cover - b.cover || a.line.item - b.line.item)
    .map(({ index }) => index)
}

const nextPack = ({ minimum, multiple }: JoinLine, quantity: number): number => lotSize(quantity + 1, minimum, multiple)

/** The least that covers so many days; never less than was wanted. */
function coverTo(line: JoinLine, quantity: number, days: number): number {
  if (!(line.perDay > 0)) return quantity
  return Math.max(quantity, within(lotSize(Math.ceil(line.perDay * days - line.position), line.minimum, line.multiple), line))
}

const mostOf = ({ most }: JoinLine): number => most ?? Infinity

/** Whole packs that are not too many; none where not even the minimum is few enough. */
function within(quantity: number, line: JoinLine): number {
  return quantity <= mostOf(line) ? quantity : roomFor(mostOf(line), line)
}

const worth = (lines: readonly JoinLine[], quantities: readonly number[]): number =>
  lines.reduce((sum, line, index) => sum + line.price * quantities[index]!, 0)

/** What is brought forward lies until it is needed: half of the days from the order after next on, on average. */
function costOf(lines: readonly JoinLine[], before: readonly number[], after: readonly number[]): number {
  const cost = lines.reduce((sum, line, index) => {
    const more = after[index]! - before[index]!
    if (more === 0) return sum
    const lies = Math.max(0, coverOf(line, after[index]!) - line.days) + Math.max(0, coverOf(line, before[index]!) - line.days)
    return sum + (more * line.price * HOLDING_PER_YEAR * (lies / 2)) / YEAR_DAYS
  }, 0)
  return Math.round(cost)
}

/** How full it is, by what it has more of. What weighs nobody knows what counts as nothing. */
function loadsOf(lines: readonly JoinLine[], quantities: readonly number[], { loadUnits, loadWeight }: OrderTerms): number | null {
  if (loadUnits === null && loadWeight === null) return null
  const sum = (of: (line: JoinLine) => number): number => lines.reduce((total, line, index) => total + of(line) * quantities[index]!, 0)
  const units = loadUnits === null ? 0 : sum(() => 1) / loadUnits
  return Math.max(units, loadWeight === null ? 0 : sum((line) => line.weight ?? 0) / loadWeight)
}

function loadsTold(lines: readonly JoinLine[], quantities: readonly number[], terms: OrderTerms): number | null {
  const loads = loadsOf(lines, quantities, terms)
  return loads === null ? null : Math.round(loads * 100) / 100
}
