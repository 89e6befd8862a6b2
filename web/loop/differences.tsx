// Differences: where the record of a site was corrected lately, in pieces and in value; counts and losses show the same list.

import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { read, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { Badge } from '../ui/badge.tsx'
import { instant, money, number } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty } from '../ui/tell.tsx'
import { lossCauseWord } from '../ui/words.ts'
import { UndoLoss } from './undo-loss.tsx'

type Row = RowOf<'listDifferences'>

const signed = (text: string, some: number): string => (some > 0 ? `+${text}` : text)
export const signedNumber = (some: number): string => signed(number(some), some)
export const signedMoney = (some: number): string => signed(money(some), some)

const columns: readonly Column<Row>[] = [
  {
    id: 'sku',
    header: 'SKU',
    width: 'minmax(100px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/items/$sku" params={{ sku: row.sku }} data-row>
        {row.sku}
      </Link>
    ),
  },
  {
    id: 'cause',
    header: 'Cause',
    width: '124px',
    role: 'badge',
    cell: (row) => <Badge tone={row.difference > 0 ? 'good' : 'short'}>{lossCauseWord(row.cause)}</Badge>,
  },
  { id: 'name', header: 'Name', width: 'minmax(110px, 2fr)', role: 'wide', cell: (row) => row.name },
  { id: 'place', header: 'Place', width: 'minmax(70px, 1fr)', cell: (row) => row.place ?? '' },
  { id: 'lot', header: 'Lot', width: 'minmax(56px, 1fr)', cell: (row) => row.lot },
  { id: 'difference', header: 'Pieces', width: '64px', end: true, cell: (row) => signedNumber(row.difference) },
  { id: 'value', header: 'Value', width: 'minmax(84px, 1fr)', end: true, cell: (row) => signedMoney(row.value) },
  { id: 'when', header: 'When', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.occurredAt) },
  { id: 'actor', header: 'By', width: 'minmax(80px, 1fr)', cell: (row) => row.actor },
]

const spoken: readonly Column<Row>[] = [
  { id: 'note', header: 'Reason', width: 'minmax(120px, 2fr)', role: 'wide', cell: (row) => row.note },
  { id: 'evidence', header: 'Evidence', width: 'minmax(80px, 1fr)', cell: (row) => row.evidence },
]

/** Counts need no reason, and what was entered as a loss can be undone by whoever may. */
export function useDifferenceColumns(site: string, cause: 'count' | 'loss'): readonly Column<Row>[] {
  const may = useMay()
  const mayUndo = may('undoLoss')
  return useMemo(() => {
    if (cause === 'count') return columns
    const undo: Column<Row> = { id: 'undo', header: 'Undo', width: '92px', cell: (row) => <UndoLoss site={site} row={row} mayUndo={mayUndo} /> }
    return [...columns.slice(0, 2), undo, ...columns.slice(2), ...spoken]
  }, [site, cause, mayUndo])
}

export function Differences({ site, cause }: { readonly site: string; readonly cause: 'count' | 'loss' }) {
  const columns = useDifferenceColumns(site, cause)
  const query = usePages<Row>(
    ['differences', site, cause],
    (page, signal) => read('/api/differences', { query: { site, cause, ...page } }, signal),
    site !== '',
  )
  return (
    <List
      name={`differences-${cause}`}
      label={cause === 'count' ? 'What counts found' : 'What was lost'}
      columns={columns}
      query={query}
      keyOf={(row) => String(row.sequence)}
      empty={
        cause === 'count' ? (
          <Empty title="No count has differed yet">A count that finds what is recorded changes nothing, and is not listed.</Empty>
        ) : (
          <Empty title="Nothing was lost yet">What is stolen, broken or expired is entered where it is noticed.</Empty>
        )
      }
    />
  )
}
