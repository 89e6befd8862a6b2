// Unit of measure: in what an item is counted besides its base unit. The ledger knows whole numbers of base units and nothing else; a unit is a name for
// an exact rational number of them. Units and the edges between them ("a pallet is 40 cases") are a graph in which every way leads to the same
// number: a cycle that says otherwise is refused. Measures whose size is a matter of physics are known to every item that is kept in one of them.
//
// Invariants: what is converted and converted back is what it was; nothing is rounded unless the unit says how, and then once, at the door.

import type { ItemId } from './item.ts'
import { divideHalfEven } from './money.ts'
import { quantity, type Quantity } from './quantity.ts'

/** A positive fraction in lowest terms. */
export interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** What becomes of what is no whole number of base units: it is refused, or rounded as the unit says. */
export const roundings = ['exact', 'up', 'down', 'half_even'] as const
export type Rounding = (typeof roundings)[number]

/** One `unit` is so many of another. */
export interface UnitEdge {
  readonly unit: string
  readonly of: string
  /** In lowest terms, at most 10^15 each. */
  readonly numerator: number
  readonly denominator: number
}

export interface ItemUnit extends UnitEdge {
  readonly item: ItemId
  readonly rounding: Rounding
}

/** Names of units have no line ends. */
export const itemUnitKey = ({ item, unit, of }: Pick<ItemUnit, 'item' | 'unit' | 'of'>): string => [item, unit, of].join('\n')

/** Tells one state of a unit from another, so that a change can say which it was made of. */
export const tagOfUnit = ({ numerator, denominator, rounding }: Pick<ItemUnit, 'numerator' | 'denominator' | 'rounding'>): string =>
  [numerator, denominator, rounding].join('/')

/** A quantity as it was asked for, in millionths of its unit, and the base units that it came to. */
export interface InUnit {
  readonly unit: string
  readonly quantity_e6: number
  readonly comesTo: Quantity
}

/** The same beside the line of an order or purchase in which it was asked. */
export interface AskedIn extends InUnit {
  readonly document: string
  readonly line: number
}

export interface ToldAsked {
  readonly quantity: number
  readonly unit: string
  readonly comesTo: Quantity
}

/** As documents tell it: `4 case`, which come to 48. */
export const toldAsked = ({ unit, quantity_e6, comesTo }: InUnit): ToldAsked => ({ quantity: quantity_e6 / MILLION, unit, comesTo })

export const MILLION = 1_000_000

export function ratio(numerator: bigint, denominator: bigint): Ratio {
  if (numerator <= 0n || denominator <= 0n) throw new RangeError(`${numerator}/${denominator} is not above nothing`)
  const common = greatestCommonDivisor(numerator, denominator)
  return { numerator: numerator / common, denominator: denominator / common }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}

const product = (a: Ratio, b: Ratio): Ratio => ratio(a.numerator * b.numerator, a.denominator * b.denominator)
const inverse = ({ numerator, denominator }: Ratio): Ratio => ({ numerator: denominator, denominator: numerator })
const equal = (a: Ratio, b: Ratio): boolean => a.numerator === b.numerator && a.denominator === b.denominator

const TERM_MAX = 10n ** 15n
const FRACTION_DIGITS_MAX = 9

/** Reads `12`, `0.45359237` or `200/3`, exactly. Undefined for what is none of these, is nothing, or has more than 15 digits. */
export function parseRatio(text: string): Ratio | undefined {
  const match = /^(\d{1,15})(?:\.(\d{1,9})|\/(\d{1,15}))?$/.exec(text)
  if (!match) return undefined
  const fraction = match[2] ?? ''
  const [numerator, denominator] = [BigInt(`${match[1]!}${fraction}`), BigInt(match[3] ?? 1) * 10n ** BigInt(fraction.length)]
  if (numerator === 0n || denominator === 0n) return undefined
  const parsed = ratio(numerator, denominator)
  return parsed.numerator <= TERM_MAX && parsed.denominator <= TERM_MAX ? parsed : undefined
}

/** As it is read: a decimal number where it is one of few digits, else a fraction. */
export function ratioText({ numerator, denominator }: Ratio): string {
  if (denominator === 1n) return String(numerator)
  for (let digits = 1; digits <= FRACTION_DIGITS_MAX; digits += 1) {
    const scaled = numerator * 10n ** BigInt(digits)
    if (scaled % denominator !== 0n) continue
    const text = String(scaled / denominator).padStart(digits + 1, '0')
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`
  }
  return `${numerator}/${denominator}`
}

export const ratioOf = ({ numerator, denominator }: UnitEdge): Ratio => ratio(BigInt(numerator), BigInt(denominator))

/** Measures that are the same everywhere. An item that is kept in one of them can be asked for in the others of its kind. */
const measures: readonly UnitEdge[] = [
  ['kg', 'g', 1_000],
  ['g', 'mg', 1_000],
  ['t', 'kg', 1_000],
  ['lb', 'g', 45_359_237, 100_000],
  ['lb', 'oz', 16],
  ['l', 'ml', 1_000],
  ['hl', 'l', 100],
  ['m', 'cm', 100],
  ['cm', 'mm', 10],
  // As people write them on labels and in lists of codes.
  ['KG', 'kg', 1],
  ['G', 'g', 1],
  ['LB', 'lb', 1],
  ['L', 'l', 1],
].map(([unit, of, numerator, denominator = 1]) => ({ unit, of, numerator, denominator }) as UnitEdge)

/** How many base units one of a unit is, how a rest is rounded, and over which units that is known. */
export interface Unit {
  readonly unit: string
  readonly each: Ratio
  readonly rounding: Rounding
  /** From the unit to the base unit. */
  readonly way: readonly string[]
}

/** Two ways from a unit to the base unit that do not agree, or units from which no way leads there. */
export type UnitFault =
  | { readonly fault: 'contradicts'; readonly edge: UnitEdge; readonly detail: string }
  | { readonly fault: 'unreachable'; readonly edge: UnitEdge; readonly detail: string }

/** All units of an item by name, its base unit among them; or what is wrong with how they are said. */
export function unitsOf(base: string, rows: readonly (UnitEdge & { readonly rounding: Rounding })[]): ReadonlyMap<string, Unit> | UnitFault {
  const unequal = rows.find((row) => rows.some((other) => other.unit === row.unit && other.rounding !== row.rounding))
  if (unequal) return { fault: 'contradicts', edge: unequal, detail: `What is no whole number of ${unequal.unit} is rounded in two ways: say one.` }
  const edges = [...rows, ...measures]
  const known = reach(base, edges, new Map(rows.map((row) => [row.unit, row.rounding])))
  for (const edge of edges) {
    const [unit, of] = [known.get(edge.unit), known.get(edge.of)]
    // Measures of another kind than the base unit's are no units of the item.
    if (unit === undefined || of === undefined) {
      if (!rows.includes(edge as (typeof rows)[number])) continue
      return { fault: 'unreachable', edge, detail: `How many ${base} is one ${edge.of}? Nobody says, so nobody knows how many one ${edge.unit} is.` }
    }
    const said = product(ratioOf(edge), of.each)
    if (equal(said, unit.each)) continue
    const detail = `One ${edge.unit} would be ${ratioText(said)} ${base} by ${[edge.unit, ...of.way].join(' = ')}, and ${ratioText(unit.each)} ${base} by ${unit.way.join(' = ')}.`
    return { fault: 'contradicts', edge, detail }
  }
  return known
}

/** Walks from the base unit along the edges, both ways, the nearest units first. */
function reach(base: string, edges: readonly UnitEdge[], roundingOf: ReadonlyMap<string, Rounding>): Map<string, Unit> {
  const neighbours = new Map<string, { readonly unit: string; readonly of: string; readonly each: Ratio }[]>()
  const link = (of: string, unit: string, each: Ratio): void => void neighbours.set(of, [...(neighbours.get(of) ?? []), { unit, of, each }])
  for (const edge of edges) {
    link(edge.of, edge.unit, ratioOf(edge))
    link(edge.unit, edge.of, inverse(ratioOf(edge)))
  }
  const known = new Map<string, Unit>([[base, { unit: base, each: ratio(1n, 1n), rounding: 'exact', way: [base] }]])
  // A map that grows while it is walked: what was found last is walked last.
  for (const { unit: of, each, way } of known.values()) {
    for (const next of neighbours.get(of) ?? []) {
      if (known.has(next.unit)) continue
      known.set(next.unit, {
        unit: next.unit,
        each: product(next.each, each),
        rounding: roundingOf.get(next.unit) ?? 'exact',
        way: [next.unit, ...way],
      })
    }
  }
  return known
}

/** Millionths of a unit, or undefined for what is finer than that. What a decimal number of up to 15 digits says is found exactly. */
export function millionths(some: number): number | undefined {
  const whole = Math.round(some * MILLION)
  return Number.isSafeInteger(whole) && whole / MILLION === some ? whole : undefined
}

/** So many of a unit as base units, exactly. */
export const exactly = (quantity_e6: number, { each }: Pick<Unit, 'each'>): Ratio | undefined =>
  quantity_e6 === 0 ? undefined : ratio(BigInt(quantity_e6) * each.numerator, BigInt(MILLION) * each.denominator)

/** A whole number of base units, rounded as it is said; undefined where it may not be rounded and is no whole number. */
export function whole({ numerator, denominator }: Ratio, rounding: Rounding): bigint | undefined {
  const below = numerator / denominator
  if (denominator === 1n) return below
  switch (rounding) {
    case 'exact':
      return undefined
    case 'up':
      return below + 1n
    case 'down':
      return below
    case 'half_even':
      return divideHalfEven(numerator, denominator)
  }
}

/** So many base units as a number of a unit, exactly. */
export const inUnit = (some: Quantity, { each }: Pick<Unit, 'each'>): Ratio => product(ratio(BigInt(some), 1n), inverse(each))

/** Whether goods that were counted in a unit are what is still expected of them, but for less than one base unit. */
export function isRest({ numerator, denominator }: Ratio, open: Quantity): boolean {
  const off = numerator - BigInt(open) * denominator
  return open > 0 && (off < 0n ? -off : off) < denominator
}

/** The nearest quantities that come to whole base units, for a clerk: `133 or 134 l, or 3 drum (200 l)`. */
export function nearest(exact: Ratio, base: string, { unit, each }: Pick<Unit, 'unit' | 'each'>, asked_e6: number): string {
  const below = exact.numerator / exact.denominator
  const inBase = below === 0n ? `${below + 1n} ${base}` : `${below} or ${below + 1n} ${base}`
  // Whole numbers of the unit that are multiples of its denominator come to whole base units.
  const step = each.denominator
  const asked = BigInt(asked_e6) / BigInt(MILLION)
  const fewer = (asked / step) * step
  const more = fewer + step
  const some = fewer === 0n ? [more] : [fewer, more]
  const bases = some.map((one) => (one * each.numerator) / step)
  return `${inBase}, or ${some.map((one, index) => `${one} ${unit} (${bases[index]!} ${base})`).join(' or ')}`
}

/** `133 1/3`, for a clerk. */
export function mixedText({ numerator, denominator }: Ratio): string {
  const text = ratioText({ numerator, denominator })
  const below = numerator / denominator
  return text.includes('/') && below > 0n ? `${below} ${numerator % denominator}/${denominator}` : text
}

/**
 * Makes a price for one of a unit a price for one base unit: the least whole number of minor units at which the line is not worth less, and what
 * comes off so that it is worth exactly what was asked. Undefined beyond what can be kept exactly.
 */
export function priceEach(
  price: number,
  { quantity_e6, comesTo }: InUnit,
): { readonly goods: number; readonly each: number; readonly off: number } | undefined {
  const goods = divideHalfEven(BigInt(price) * BigInt(quantity_e6), BigInt(MILLION))
  const each = (goods + BigInt(comesTo) - 1n) / BigInt(comesTo)
  const all = each * BigInt(comesTo)
  if (all > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  return { goods: Number(goods), each: Number(each), off: quantity(Number(all - goods)) }
}
