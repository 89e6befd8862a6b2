// Counted: what people found of the items of a sample, from a file with the columns `sku` and `counted`. An estimate stands on every item of the sample and on no
// other, so a file that has too many or too few is as wrong as one with a letter for a number; nothing is left out quietly.

import type { Cells, Fault, Layout } from '../../core/format/csv.ts'
import type { Quantity } from '../../core/quantity.ts'
import { rowsOf } from './rows.ts'
import { headerOf, nounOf } from './staging.ts'

interface Counted {
  readonly sku: string
  readonly counted: Quantity
}

export interface CountedFault extends Fault {
  /** Row 1 is the header; null where it is the whole file's. */
  readonly row: number | null
}

export interface CountedItems {
  /** By SKU. */
  readonly counts: ReadonlyMap<string, Quantity>
  /** The first of them; without any, `counts` has all that was asked for. */
  readonly faults: readonly CountedFault[]
}

const countedLayout: Layout<Counted> = {
  columns: [['sku', 'counted']],
  read: (cells: Cells) => ({ sku: cells.code('sku'), counted: cells.quantity('counted', 0) }),
}
const FAULTS_MAX = 100
const SHOWN_MAX = 10

/** Reads what was counted of the items that were `drawn`; `isKnown` says whether there is such an item at all. */
export async function readCounted(file: string, drawn: ReadonlySet<string>, isKnown: (sku: string) => Promise<boolean>): Promise<CountedItems> {
  const counts = new Map<string, Quantity>()
  const faults: CountedFault[] = []
  let columns: ReadonlyMap<string, number> | undefined
  for await (const some of rowsOf(file)) {
    let rows = some
    if (columns === undefined && rows.length > 0) {
      const header = headerOf(rows[0]!, countedLayout)
      if ('faults' in header) return { counts, faults: header.faults }
      columns = header.columns
      rows = rows.slice(1)
    }
    for (const one of rows) {
      const { noun, found } = nounOf(one, columns!, countedLayout)
      const fault = found[0] ?? (await strange(noun!, { counts, drawn, isKnown }))
      if (fault === undefined) counts.set(noun!.sku, noun!.counted)
      else faults.push({ ...fault, row: one.row })
      if (faults.length === FAULTS_MAX) return { counts, faults }
    }
  }
  if (columns === undefined) faults.push({ row: 1, column: '', code: 'body_not_valid', detail: 'The file is empty: it has no header.' })
  else if (faults.length === 0 && counts.size < drawn.size) faults.push(missing(drawn, counts))
  return { counts, faults }
}

interface Asked {
  readonly counts: ReadonlyMap<string, Quantity>
  readonly drawn: ReadonlySet<string>
  readonly isKnown: (sku: string) => Promise<boolean>
}

/** What is wrong with an item that reads well. */
async function strange({ sku }: Counted, { counts, drawn, isKnown }: Asked): Promise<Fault | undefined> {
  if (counts.has(sku))
    return { column: 'sku', code: 'body_not_valid', detail: `${sku} is there twice: an item is counted once, at all its places together.` }
  if (drawn.has(sku)) return undefined
  if (!(await isKnown(sku))) return { column: 'sku', code: 'item_not_known', detail: `There is no item ${sku}.` }
  return {
    column: 'sku',
    code: 'body_not_valid',
    detail: `${sku} is not in the sample: name the site, size, seed and sequence with which it was drawn.`,
  }
}

function missing(drawn: ReadonlySet<string>, counts: ReadonlyMap<string, Quantity>): CountedFault {
  const left = [...drawn].filter((sku) => !counts.has(sku))
  const more = left.length > SHOWN_MAX ? ` and ${left.length - SHOWN_MAX} more` : ''
  const detail = `${left.length} of the ${drawn.size} items of the sample are not counted: ${left.slice(0, SHOWN_MAX).join(', ')}${more}.`
  return { row: null, column: 'sku', code: 'body_not_valid', detail }
}
