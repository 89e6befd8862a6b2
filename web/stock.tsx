// Stock: what is there at a site, live: by item as it can be promised, or by the place, lot and condition it is in.

import { SegmentedControl } from '@mantine/core'
import '@mantine/core/styles/FloatingIndicator.css'
import '@mantine/core/styles/SegmentedControl.css'
import { getRouteApi, Link } from '@tanstack/react-router'
import { read, type RowOf } from './client.ts'
import { useSite } from './site.ts'
import { Badge } from './ui/badge.tsx'
import { day, number } from './ui/format.ts'
import { List, type Column } from './ui/list.tsx'
import { Filters, Page } from './ui/page.tsx'
import { usePages } from './ui/pages-of.ts'
import { SearchField } from './ui/search-field.tsx'
import { Empty } from './ui/tell.tsx'
import { sentence } from './ui/words.ts'

type Available = RowOf<'listAvailability'>
type Piece = RowOf<'listStock'>

const sku = {
  id: 'sku',
  header: 'SKU',
  width: 'minmax(130px, 1fr)',
  role: 'title',
  cell: (row: { readonly sku: string }) => (
    <Link to="/items/$sku" params={{ sku: row.sku }} data-row>
      {row.sku}
    </Link>
  ),
} as const
const name = { id: 'name', header: 'Name', width: 'minmax(170px, 2.6fr)', role: 'wide', cell: (row: { readonly name: string }) => row.name } as const
const figure = <Row,>(id: string, header: string, of: (row: Row) => number): Column<Row> => ({
  id,
  header,
  width: 'minmax(84px, 1fr)',
  end: true,
  cell: (row) => number(of(row)),
})

const byItem: readonly Column<Available>[] = [
  sku,
  name,
  { id: 'how', header: 'How it stands', width: '112px', role: 'badge', cell: standingOf },
  figure('sellable', 'On hand', (row) => row.sellable),
  figure('reserved', 'Reserved', (row) => row.reserved),
  { id: 'doubted', header: 'Doubted', width: 'minmax(84px, 1fr)', end: true, cell: (row) => (row.doubted === 0 ? '' : number(row.doubted)) },
  figure('free', 'Free', (row) => row.free),
  figure('demand', 'Demand', (row) => row.demand),
  figure('supply', 'Incoming', (row) => row.supply),
  { id: 'consigned', header: 'Consigned', width: 'minmax(84px, 1fr)', end: true, cell: (row) => (row.consigned === 0 ? '' : number(row.consigned)) },
  { id: 'expiry', header: 'Next expiry', width: 'minmax(100px, 1fr)', cell: (row) => (row.nextExpiry === null ? '' : day(row.nextExpiry)) },
]

const byPlace: readonly Column<Piece>[] = [
  sku,
  name,
  {
    id: 'condition',
    header: 'Condition',
    width: '112px',
    role: 'badge',
    cell: (row) => <Badge tone={row.condition === 'sellable' ? 'good' : 'short'}>{sentence(row.condition)}</Badge>,
  },
  { id: 'owner', header: 'Owner', width: 'minmax(90px, 1fr)', cell: ownerOf },
  { id: 'place', header: 'Place', width: 'minmax(90px, 1fr)', cell: (row) => row.place },
  { id: 'lot', header: 'Lot', width: 'minmax(80px, 1fr)', cell: (row) => row.lot },
  { id: 'serial', header: 'Serial', width: 'minmax(80px, 1fr)', cell: (row) => row.serial },
  figure('quantity', 'Quantity', (row) => row.quantity),
  figure('allocated', 'In picking', (row) => row.allocated),
]

/** Whose goods they are: our own need no word, a supplier's do. */
export function ownerOf({ owner, consigned }: Pick<Piece, 'owner' | 'consigned'>) {
  return consigned ? <Badge tone="busy">{owner}</Badge> : owner
}

/** What is free after everything that is asked, and what is coming. */
export function standingOf({ sellable, demand, supply }: Pick<Available, 'sellable' | 'demand' | 'supply'>) {
  if (sellable < 0) return <Badge tone="late">Negative</Badge>
  if (demand > sellable + supply) return <Badge tone="short">Short</Badge>
  if (demand > sellable) return <Badge tone="busy">Coming</Badge>
  return sellable > 0 ? <Badge tone="good">In stock</Badge> : <Badge tone="gone">None</Badge>
}

const route = getRouteApi('/stock')

export function StockPage() {
  const site = useSite()
  const { search, by = 'item' } = route.useSearch()
  const navigate = route.useNavigate()
  const narrowed = search ? { search } : {}
  const asked = ['stock', site, search] as const
  const available = usePages<Available>(
    [...asked, 'item'],
    (page, signal) => read('/api/availability', { query: { site, ...page, ...narrowed } }, signal),
    by === 'item' && site !== '',
  )
  const pieces = usePages<Piece>(
    [...asked, 'place'],
    (page, signal) => read('/api/stock', { query: { site, ...page, ...narrowed } }, signal),
    by === 'place' && site !== '',
  )
  const empty =
    search === undefined ? (
      <Empty title="Nothing was ever here">Stock appears when goods are received, or with opening balances.</Empty>
    ) : (
      <Empty title={`Nothing here is called “${search}”`}>A SKU is found by its beginning, a name by the beginnings of its words.</Empty>
    )
  const change = (next: { search?: string; by?: 'place' }) => (before: { site?: string }) => ({
    ...(before.site ? { site: before.site } : {}),
    ...next,
  })
  return (
    <Page fills title="Stock" about={`Recorded at ${site}, as it is now`}>
      <Filters>
        <SearchField
          value={search ?? ''}
          onSearch={(wanted) =>
            void navigate({ search: change({ ...(wanted === '' ? {} : { search: wanted }), ...(by === 'place' ? { by } : {}) }), replace: true })
          }
        />
        <SegmentedControl
          aria-label="Stock by"
          value={by}
          onChange={(chosen) => void navigate({ search: change({ ...narrowed, ...(chosen === 'place' ? { by: 'place' as const } : {}) }) })}
          data={[
            { value: 'item', label: 'By item' },
            { value: 'place', label: 'By place and lot' },
          ]}
        />
      </Filters>
      {by === 'item' ? (
        <List name="availability" label="Stock by item" columns={byItem} query={available} keyOf={(row) => row.sku} empty={empty} />
      ) : (
        <List name="stock" label="Stock by place and lot" columns={byPlace} query={pieces} keyOf={pieceKey} empty={empty} />
      )}
    </Page>
  )
}

const pieceKey = (row: Piece): string => [row.sku, row.owner, row.condition, row.place, row.lot, row.serial, row.package].join('|')
