// Purchases: what a site has ordered from suppliers, newest first: what is still to come and when.

import { Link } from '@tanstack/react-router'
import { read, type RowOf } from '../client.ts'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { day, instant, money, number, shortId, today } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty } from '../ui/tell.tsx'

type Row = RowOf<'listPurchases'>

const columns: readonly Column<Row>[] = [
  {
    id: 'id',
    header: 'Purchase',
    width: 'minmax(100px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/purchases/$id" params={{ id: row.id }} data-row>
        {shortId(row.id)}
      </Link>
    ),
  },
  { id: 'state', header: 'State', width: '116px', role: 'badge', cell: (row) => <PurchaseBadge {...row} /> },
  { id: 'supplier', header: 'Supplier', width: 'minmax(170px, 2.4fr)', role: 'wide', cell: (row) => `${row.supplierName} · ${row.supplier}` },
  { id: 'ordered', header: 'Ordered', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.orderedAt) },
  { id: 'expected', header: 'Next expected', width: 'minmax(116px, 1fr)', cell: (row) => (row.expected === null ? '' : day(row.expected)) },
  { id: 'lines', header: 'Lines', width: '70px', end: true, cell: (row) => number(row.lines) },
  { id: 'open', header: 'To come', width: '84px', end: true, cell: (row) => number(row.open) },
  { id: 'value', header: 'Value', width: 'minmax(96px, 1fr)', end: true, cell: (row) => money(row.value) },
]

export function PurchaseBadge({ open, expected }: Pick<Row, 'open' | 'expected'>) {
  if (open === 0) return <Badge tone="good">Closed</Badge>
  return expected !== null && expected < today(Date.now()) ? <Badge tone="late">Late</Badge> : <Badge tone="busy">To come</Badge>
}

export function PurchasesPage() {
  const site = useSite()
  const query = usePages<Row>(['purchases', site], (page, signal) => read('/api/purchases', { query: { site, ...page } }, signal), site !== '')
  return (
    <Page fills title="Purchase orders" about={`What ${site} has ordered from suppliers`}>
      <List
        name="purchases"
        label="Purchase orders"
        columns={columns}
        query={query}
        keyOf={(row) => row.id}
        empty={
          <Empty title="Nothing was ordered yet" action={<Link to="/shortages">See what is short</Link>}>
            Covering what is short makes purchase orders, one a supplier.
          </Empty>
        }
      />
    </Page>
  )
}
