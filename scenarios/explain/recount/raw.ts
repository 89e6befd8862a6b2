// Raw: how a recount reads: a statement of its own, and every value as the text that PostgreSQL writes, so that nothing between the rows and the
// recount can be wrong in the same way as the product. This folder imports nothing from outside it; the dependency rule holds it to that.

export type RawRow = Readonly<Record<string, string | null>>
/** Runs a statement as the database's owner; what it selects must be text. */
export type Raw = (text: string, values: readonly (string | number)[]) => Promise<readonly RawRow[]>

export interface Recounted {
  /** Figures, by the names under which they were explained. */
  readonly figure: Readonly<Record<string, number | string | null>>
  /** What is wrong with the rows that were named. */
  readonly faults: readonly string[]
}

/** A page of an explanation, as JSON. */
export type Page = Readonly<Record<string, unknown>>

export const whole = (text: string | null | undefined): bigint => BigInt(text ?? '0')
export const sumOf = <Row>(rows: readonly Row[], of: (row: Row) => bigint): bigint => rows.reduce((sum, row) => sum + of(row), 0n)

/** All rows of a list over all pages. */
export const rowsOf = <Row>(pages: readonly Page[], list: string): readonly Row[] => pages.flatMap((page) => page[list] as readonly Row[])

/** Faults of a list of names against what should be named. */
export function namesOff(what: string, named: readonly string[], should: readonly string[]): readonly string[] {
  const [known, wanted] = [new Set(named), new Set(should)]
  return [
    ...named.filter((one, index) => named.indexOf(one) !== index).map((one) => `${what} ${one} is named twice.`),
    ...[...wanted].filter((one) => !known.has(one)).map((one) => `${what} ${one} belongs to it and is not named.`),
    ...[...known].filter((one) => !wanted.has(one)).map((one) => `${what} ${one} is named and does not belong to it.`),
  ]
}

/**
 * Whether each page adds up alone: its rows and what it carries are the figure, on the first page, and what the page before carried on the others.
 */
export function pagesOff(pages: readonly Page[], sums: Readonly<Record<string, (page: Page) => bigint>>): readonly string[] {
  const faults: string[] = []
  for (const [name, sum] of Object.entries(sums)) {
    let left = BigInt((pages[0]!['figure'] as Readonly<Record<string, number>>)[name]!)
    for (const [index, page] of pages.entries()) {
      const carried = BigInt((page['carried'] as Readonly<Record<string, number>>)[name]!)
      if (sum(page) + carried !== left) faults.push(`${name}: page ${index + 1} comes to ${sum(page)} and carries ${carried}, which is not ${left}.`)
      left = carried
    }
    if (left !== 0n) faults.push(`${name}: the last page carries ${left}.`)
  }
  return faults
}
