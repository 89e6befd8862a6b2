// Events of demand as a file has them: one row each time that one comes.

import { eventKinds, type DemandEvent } from '../planning.ts'
import type { Cells, Layout } from './csv.ts'

export interface ImportedEvent extends Pick<DemandEvent, 'kind' | 'name' | 'from' | 'to' | 'category'> {
  /** Null of every site, and of any item. */
  readonly site: string | null
  readonly sku: string | null
}

const codeOrNone = (cells: Cells, column: string): string | null => (cells.has(column) && !cells.isEmpty(column) ? cells.code(column) : null)

export const eventLayout: Layout<ImportedEvent> = {
  columns: [['kind', 'name', 'from', 'to']],
  read: (cells) => ({
    kind: cells.choice('kind', eventKinds),
    name: cells.code('name'),
    from: cells.day('from'),
    to: cells.day('to'),
    site: codeOrNone(cells, 'site'),
    sku: codeOrNone(cells, 'sku'),
    category: codeOrNone(cells, 'category'),
  }),
}
