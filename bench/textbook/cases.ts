// Textbook cases: values of inventory theory as a textbook's own software computes them (Snyder and Shen, Fundamentals of Supply Chain Theory), shared beside this
// repository. How a case is read and compared; what computes it is in single-site.ts.

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface TextbookCase {
  readonly module: string
  readonly case: string
  readonly calls: readonly { readonly function: string; readonly args: Readonly<Record<string, unknown>> }[]
  readonly expect: readonly Expected[]
}

export interface Expected {
  /** Of the calls, and where in what it gives. */
  readonly call: number
  readonly path: readonly (string | number)[]
  readonly quantity: string
  readonly expected: unknown
  /** Decimal places to which the source asks for it. */
  readonly places?: number
}

export interface Missed {
  readonly case: string
  readonly quantity: string
  readonly expected: unknown
  readonly got: unknown
}

export interface TextbookResult {
  /** Values that are the same to RELATIVE. */
  readonly reached: number
  /** Those that are not, but to as many decimal places as the source asks for: its own value is an integral or a search cut short. */
  readonly toPlaces: readonly Missed[]
  readonly missed: readonly Missed[]
  /** Functions that nothing here computes, with how many values. */
  readonly notCovered: readonly string[]
}

/** Of what is expected; of 0, absolutely. */
const RELATIVE = 1e-6

/** All cases; undefined where the file is not there. */
export function textbookCases(): readonly TextbookCase[] | undefined {
  const shared = resolve(import.meta.dirname, '../..', process.env['QUARTERMASTER_SHARED'] ?? '../shared')
  const file = join(shared, 'data/planning/textbook_cases_stockpyl.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly TextbookCase[]) : undefined
}

/** Each value of these cases beside what `computes` of its function gives. */
export function compare(cases: readonly TextbookCase[], computes: Readonly<Record<string, (args: Arguments) => unknown>>): TextbookResult {
  const [toPlaces, missed, uncovered]: [Missed[], Missed[], Map<string, number>] = [[], [], new Map()]
  let reached = 0
  for (const one of cases) {
    for (const expected of one.expect) {
      const call = one.calls[expected.call]!
      const compute = computes[call.function]
      if (compute === undefined) {
        uncovered.set(call.function, (uncovered.get(call.function) ?? 0) + 1)
        continue
      }
      const got = at(
        attempt(() => compute(new Arguments(call.args))),
        expected.path,
      )
      if (isNear(got, expected.expected, RELATIVE, 0)) reached += 1
      else {
        const as = { case: `${one.module}: ${one.case}`, quantity: expected.quantity, expected: expected.expected, got }
        if (expected.places !== undefined && isNear(got, expected.expected, 0, 0.5 * 10 ** -expected.places)) toPlaces.push(as)
        else missed.push(as)
      }
    }
  }
  return { reached, toPlaces, missed, notCovered: [...uncovered].map(([name, values]) => `${name} (${values})`) }
}

function attempt(compute: () => unknown): unknown {
  try {
    return compute()
  } catch (error) {
    return String(error)
  }
}

/** Where in a list or map; a map of numbers has their words as keys. */
function at(value: unknown, path: readonly (string | number)[]): unknown {
  let now = value
  for (const key of path)
    now = typeof now === 'function' ? (now as (key: number) => unknown)(Number(key)) : (now as Record<string, unknown> | undefined)?.[key]
  return now
}

function isNear(got: unknown, expected: unknown, relative: number, absolute: number): boolean {
  if (Array.isArray(expected)) {
    const all = got as ArrayLike<unknown> | undefined
    return (
      all !== undefined &&
      all !== null &&
      all.length === expected.length &&
      expected.every((one, at_one) => isNear(all[at_one], one, relative, absolute))
    )
  }
  if (typeof expected !== 'number' || typeof got !== 'number') return expected === got || (expected === null && got === undefined)
  return Math.abs(got - expected) <= Math.max(relative * Math.abs(expected), absolute, expected === 0 ? relative : 0)
}

/** What a function is called with: what is not given is undefined. */
export class Arguments {
  readonly #args: Readonly<Record<string, unknown>>

  constructor(args: Readonly<Record<string, unknown>>) {
    this.#args = args
  }

  /** The first of these names that is given. */
  raw(...names: readonly string[]): unknown {
    for (const name of names) if (this.#args[name] !== undefined && this.#args[name] !== null) return this.#args[name]
    return undefined
  }

  optional(...names: readonly string[]): number | undefined {
    const value = this.raw(...names)
    return value === undefined ? undefined : Number(value)
  }

  number(...names: readonly string[]): number {
    const value = this.optional(...names)
    if (value === undefined) throw new RangeError(`${names.join(' or ')} is not given`)
    return value
  }

  list(...names: readonly string[]): readonly number[] {
    return (this.raw(...names) as readonly number[] | undefined) ?? []
  }

  /** One for each period: a number for all, a list of as many, or one more whose first is left out. */
  periods(name: string, count: number, usual?: number): readonly number[] {
    const value = this.raw(name) ?? usual
    if (typeof value === 'number') return Array.from({ length: count }, () => value)
    const all = value as readonly number[]
    return all.length > count ? all.slice(1) : all
  }
}
