// Pick lists: orders whose goods are between their bins and the door, oldest first, and what comes next for each.

import { SegmentedControl } from '@mantine/core'
import '@mantine/core/styles/FloatingIndicator.css'
import '@mantine/core/styles/SegmentedControl.css'
import { getRouteApi, Link } from '@tanstack/react-router'
import { pickStages } from '../../core/pick-stage.ts'
import { read, type RowOf } from '../client.ts'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { day, number, today } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Filters, Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty } from '../ui/tell.tsx'
import { PutBacks } from './put-backs.tsx'

type Row = RowOf<'listPickLists'>

const stageWords = { to_pick: 'To pick', to_pack: 'To pack', to_ship: 'To ship' } as const

export function PickBadge({ toPick, loose, packed }: Pick<Row, 'toPick' | 'loose' | 'packed'>) {
  if (toPick > 0) return <Badge tone={loose + packed > 0 ? 'busy' : 'plain'}>To pick</Badge>
  return loose > 0 ? <Badge tone="busy">To pack</Badge> : <Badge tone="good">To ship</Badge>
}

const columns: readonly Column<Row>[] = [
  {
    id: 'order',
    header: 'Order',
    width: 'minmax(110px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/picks/$number" params={{ number: row.order }} data-row>
        {row.order}
      </Link>
    ),
  },
  { id: 'stage', header: 'Next', width: '112px', role: 'badge', cell: (row) => <PickBadge {...row} /> },
  { id: 'customer', header: 'Customer', width: 'minmax(150px, 2fr)', role: 'wide', cell: (row) => row.customer },
  { id: 'first', header: 'Begins at', width: 'minmax(90px, 1fr)', cell: (row) => row.first ?? '' },
  {
    id: 'due',
    header: 'Due',
    width: 'minmax(110px, 1fr)',
    cell: (row) => (row.due < today(Date.now()) ? <Badge tone="late">{day(row.due)}</Badge> : day(row.due)),
  },
  { id: 'lines', header: 'Lines', width: '70px', end: true, cell: (row) => number(row.lines) },
  { id: 'toPick', header: 'In bins', width: '80px', end: true, cell: (row) => number(row.toPick) },
  { id: 'loose', header: 'Picked', width: '80px', end: true, cell: (row) => number(row.loose) },
  { id: 'packed', header: 'Packed', width: '80px', end: true, cell: (row) => number(row.packed) },
]

const route = getRouteApi('/picks')

export function PicksPage() {
  const site = useSite()
  const { stage } = route.useSearch()
  const navigate = route.useNavigate()
  const query = usePages<Row>(
    ['pick-lists', site, stage],
    (page, signal) => read('/api/pick-lists', { query: { site, ...page, ...(stage ? { stage } : {}) } }, signal),
    site !== '',
  )
  const narrow = (wanted: string): void => {
    const chosen = pickStages.find((one) => one === wanted)
    void navigate({ search: ({ stage: _before, ...others }) => ({ ...others, ...(chosen ? { stage: chosen } : {}) }) })
  }
  return (
    <Page fills title="Pick lists" about={`What ${site} picks, packs and ships, oldest first`} actions={<PutBacks site={site} />}>
      <Filters>
        <SegmentedControl
          aria-label="What comes next"
          value={stage ?? ''}
          onChange={narrow}
          data={[{ value: '', label: 'All' }, ...pickStages.map((value) => ({ value, label: stageWords[value] }))]}
        />
      </Filters>
      <List
        name="pick-lists"
        label="Pick lists"
        columns={columns}
        query={query}
        keyOf={(row) => row.order}
        empty={
          <Empty
            title={stage === undefined ? 'Nothing is in picking' : `Nothing is ${stageWords[stage].toLowerCase()}`}
            action={
              stage === 'to_ship' || stage === undefined ? (
                <Link to="/orders" search={{ state: 'held' }}>
                  See what can be released
                </Link>
              ) : undefined
            }
          >
            An order that is released is picked here; what was shipped stands under Shipments.
          </Empty>
        }
      />
    </Page>
  )
}
