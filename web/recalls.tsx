// Recalls: what was recalled, newest first: why, at which sites, and whether it still holds.

import { Link } from '@tanstack/react-router'
import { read, type RowOf } from './client.ts'
import { Badge } from './ui/badge.tsx'
import { instant } from './ui/format.ts'
import { List, type Column } from './ui/list.tsx'
import { Page } from './ui/page.tsx'
import { usePages } from './ui/pages-of.ts'
import { Empty } from './ui/tell.tsx'
import { labelWord } from './ui/words.ts'

type Row = RowOf<'listRecalls'>

const columns: readonly Column<Row>[] = [
  {
    id: 'label',
    header: 'Lot or serial',
    width: 'minmax(110px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/items/$sku/trace" params={{ sku: row.sku }} search={row.serial === '' ? { lot: row.lot } : { serial: row.serial }} data-row>
        {labelWord(row)}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: '110px',
    role: 'badge',
    cell: (row) => (row.liftedAt === null ? <Badge tone="late">Recalled</Badge> : <Badge tone="gone">Ended</Badge>),
  },
  { id: 'item', header: 'Item', width: 'minmax(140px, 1.5fr)', cell: (row) => `${row.sku} · ${row.name}` },
  { id: 'recalledAt', header: 'Recalled', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.recalledAt) },
  { id: 'liftedAt', header: 'Ended', width: 'minmax(150px, 1fr)', cell: (row) => (row.liftedAt === null ? '' : instant(row.liftedAt)) },
  { id: 'sites', header: 'Sites told', width: 'minmax(110px, 1fr)', cell: (row) => row.sites.join(', ') },
  { id: 'reason', header: 'Why', width: 'minmax(160px, 2fr)', role: 'wide', cell: (row) => row.reason },
]

export function RecallsPage() {
  const query = usePages<Row>(['recalls'], (page, signal) => read('/api/recalls', { query: page }, signal))
  return (
    <Page fills title="Recalls" about="Lots and serials that were called back, at all sites">
      <List
        name="recalls"
        label="Recalls"
        columns={columns}
        query={query}
        keyOf={(row) => row.id}
        empty={<Empty title="Nothing was ever recalled">A lot is recalled from its trace, which its item's page leads to.</Empty>}
      />
    </Page>
  )
}
