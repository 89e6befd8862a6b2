// Shipments: what left a site, newest first, and how far it is.

import { NativeSelect } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { shipmentStates } from '../../core/tracking.ts'
import { read, type RowOf } from '../client.ts'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { day, instant, money, shortId, weight } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Filters, Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty } from '../ui/tell.tsx'
import { shipmentStateWords } from '../ui/words.ts'

type Row = RowOf<'listShipments'>

const columns: readonly Column<Row>[] = [
  {
    id: 'id',
    header: 'Shipment',
    width: 'minmax(76px, 0.6fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/shipments/$id" params={{ id: row.id }} data-row>
        {shortId(row.id)}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: '146px',
    role: 'badge',
    cell: (row) => <Badge tone={shipmentStateWords[row.state].tone}>{shipmentStateWords[row.state].word}</Badge>,
  },
  { id: 'order', header: 'Order', width: 'minmax(100px, 1fr)', cell: (row) => row.order },
  {
    id: 'carrier',
    header: 'Carrier',
    width: 'minmax(120px, 2fr)',
    cell: (row) => (row.carrier === null ? 'Our own' : `${row.carrier} · ${row.service}`),
  },
  { id: 'shipped', header: 'Left', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.shippedAt) },
  { id: 'promised', header: 'Promised', width: 'minmax(100px, 0.8fr)', cell: (row) => (row.promised === null ? '' : day(row.promised)) },
  { id: 'estimated', header: 'Expected', width: 'minmax(116px, 0.8fr)', cell: expectedOf },
  { id: 'weight', header: 'Weight', width: '76px', end: true, cell: (row) => (row.weight === null ? '' : weight(row.weight)) },
  { id: 'price', header: 'Freight', width: '72px', end: true, cell: (row) => (row.price === null ? '' : money(row.price)) },
]

function expectedOf({ estimated, promised, deliveredAt }: Row) {
  if (deliveredAt !== null || estimated === null) return ''
  return promised !== null && estimated > promised ? <Badge tone="late">{day(estimated)}</Badge> : day(estimated)
}

const route = getRouteApi('/shipments')

export function ShipmentsPage() {
  const site = useSite()
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const query = usePages<Row>(
    ['shipments', site, state],
    (page, signal) => read('/api/shipments', { query: { site, ...page, ...(state ? { state } : {}) } }, signal),
    site !== '',
  )
  const narrow = (wanted: string): void => {
    const chosen = shipmentStates.find((one) => one === wanted)
    void navigate({ search: ({ state: _before, ...others }) => ({ ...others, ...(chosen ? { state: chosen } : {}) }) })
  }
  return (
    <Page fills title="Shipments" about={`What left ${site}`}>
      <Filters>
        <NativeSelect
          label="State"
          value={state ?? ''}
          onChange={(event) => narrow(event.currentTarget.value)}
          data={[{ value: '', label: 'Any' }, ...shipmentStates.map((value) => ({ value, label: shipmentStateWords[value].word }))]}
        />
      </Filters>
      <List
        name="shipments"
        label="Shipments"
        columns={columns}
        query={query}
        keyOf={(row) => row.id}
        empty={
          <Empty
            title={state === undefined ? 'Nothing was shipped yet' : 'No shipment is like that'}
            action={
              <Link to="/orders" search={{ state: 'packed' }}>
                See what is packed
              </Link>
            }
          >
            An order that is picked or packed can be shipped.
          </Empty>
        }
      />
    </Page>
  )
}
