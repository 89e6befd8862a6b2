// Work orders: what a site makes, newest first: how much of it, how far it is and when it is expected.

import { Link } from '@tanstack/react-router'
import { read, type RowOf } from '../client.ts'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { day, number, shortId, today } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty } from '../ui/tell.tsx'
import { workOrderStateWords } from '../ui/words.ts'

type Row = RowOf<'listWorkOrders'>

const columns: readonly Column<Row>[] = [
  {
    id: 'id',
    header: 'Work order',
    width: 'minmax(100px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/work-orders/$id" params={{ id: row.id }} data-row>
        {shortId(row.id)}
      </Link>
    ),
  },
  { id: 'state', header: 'State', width: '116px', role: 'badge', cell: (row) => <WorkOrderBadge {...row} /> },
  { id: 'item', header: 'Item', width: 'minmax(180px, 3fr)', role: 'wide', cell: (row) => `${row.sku} · ${row.name}` },
  { id: 'expected', header: 'Expected', width: 'minmax(116px, 1fr)', cell: (row) => (isOpen(row) ? day(row.expected) : '') },
  { id: 'quantity', header: 'Quantity', width: '90px', end: true, cell: (row) => number(row.quantity) },
  { id: 'made', header: 'Made', width: '90px', end: true, cell: (row) => number(row.made) },
  { id: 'pegged', header: 'For orders', width: '96px', end: true, cell: (row) => number(row.pegged) },
]

const isOpen = ({ state }: Pick<Row, 'state'>): boolean => state === 'planned' || state === 'released'

export function WorkOrderBadge({ state, expected }: Pick<Row, 'state' | 'expected'>) {
  if (isOpen({ state }) && expected < today(Date.now())) return <Badge tone="late">Late</Badge>
  const { word, tone } = workOrderStateWords[state]
  return <Badge tone={tone}>{word}</Badge>
}

export function WorkOrdersPage() {
  const site = useSite()
  const query = usePages<Row>(['work-orders', site], (page, signal) => read('/api/work-orders', { query: { site, ...page } }, signal), site !== '')
  return (
    <Page fills title="Work orders" about={`What ${site} makes`}>
      <List
        name="work-orders"
        label="Work orders"
        columns={columns}
        query={query}
        keyOf={(row) => row.id}
        empty={
          <Empty title="Nothing is made yet" action={<Link to="/shortages">See what is short</Link>}>
            Covering what is short makes work orders for what has a bill of material.
          </Empty>
        }
      />
    </Page>
  )
}
