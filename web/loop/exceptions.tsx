// Exceptions: where the record and the world disagreed and a person must look, oldest first.

import { Link } from '@tanstack/react-router'
import { read, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { instant, money, number } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty } from '../ui/tell.tsx'
import { exceptionWord } from '../ui/words.ts'

type Row = RowOf<'listExceptions'>

const columns: readonly Column<Row>[] = [
  { id: 'kind', header: 'What', width: 'minmax(150px, 1fr)', role: 'title', cell: (row) => <What row={row} /> },
  { id: 'raised', header: 'Since', width: 'minmax(140px, 1fr)', cell: (row) => instant(row.raisedAt) },
  {
    id: 'order',
    header: 'Order',
    width: 'minmax(100px, 1fr)',
    cell: (row) =>
      row.order !== null && (
        <Link to="/orders/$number" params={{ number: row.order }}>
          {row.order}
        </Link>
      ),
  },
  {
    id: 'sku',
    header: 'Item',
    width: 'minmax(120px, 1fr)',
    cell: (row) =>
      row.sku !== null && (
        <Link to="/items/$sku" params={{ sku: row.sku }}>
          {row.sku}
        </Link>
      ),
  },
  { id: 'lines', header: 'Lines hurt', width: '84px', end: true, cell: (row) => (row.hurtLines === 0 ? '' : number(row.hurtLines)) },
  { id: 'value', header: 'At risk', width: '124px', end: true, cell: (row) => atRisk(row) },
  { id: 'quantity', header: 'Quantity', width: '84px', end: true, cell: (row) => number(row.quantity) },
  { id: 'detail', header: 'In words', width: 'minmax(200px, 3fr)', role: 'wide', cell: (row) => row.detail },
]

const atRisk = ({ hurtLines, hurtValue, phantom }: Row): string => {
  if (phantom !== null) return `${money(phantom.lostPerDay)} a day`
  return hurtLines === 0 ? '' : money(hurtValue)
}

/** Leads to whom it hurts and what can be done, for who may see that. */
function What({ row }: { readonly row: Row }) {
  const may = useMay()
  const badge = <Badge tone="short">{exceptionWord(row.kind)}</Badge>
  if (!may('getException')) return badge
  return (
    <Link to="/exceptions/$id" params={{ id: row.id }}>
      {badge}
    </Link>
  )
}

export function ExceptionsPage() {
  const site = useSite()
  const query = usePages<Row>(['exceptions', site], (page, signal) => read('/api/exceptions', { query: { site, ...page } }, signal), site !== '')
  return (
    <Page fills title="Exceptions" about={`What a person of ${site} must look at, oldest first`}>
      <List
        name="exceptions"
        label="Exceptions"
        columns={columns}
        query={query}
        keyOf={(row) => row.id}
        empty={<Empty title="Nothing needs a person">When stock that was held is gone, or a count differs, it stands here.</Empty>}
      />
    </Page>
  )
}
