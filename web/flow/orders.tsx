// Orders: a site's orders, newest first, by what they have come to and by who asked. The filter stands in the address.

import { Button, NativeSelect } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { orderStates } from '../../core/order.ts'
import { read, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { OrderBadge } from '../ui/badge.tsx'
import { day, instant, moneyIn, number } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { List, type Column } from '../ui/list.tsx'
import { Lookup } from '../ui/lookup.tsx'
import { Filters, Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { findCustomers } from '../ui/find.ts'
import { Empty } from '../ui/tell.tsx'
import { orderStateWords } from '../ui/words.ts'

type Row = RowOf<'listOrders'>

const columns: readonly Column<Row>[] = [
  {
    id: 'number',
    header: 'Order',
    width: 'minmax(110px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/orders/$number" params={{ number: row.number }} data-row>
        {row.number}
      </Link>
    ),
  },
  { id: 'state', header: 'State', width: '128px', role: 'badge', cell: (row) => <OrderBadge state={row.state} /> },
  { id: 'customer', header: 'Customer', width: 'minmax(160px, 2.4fr)', role: 'wide', cell: (row) => `${row.customerName} · ${row.customer}` },
  { id: 'ordered', header: 'Ordered', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.orderedAt) },
  { id: 'promised', header: 'Promised', width: 'minmax(154px, 1fr)', cell: promisedOf },
  { id: 'lines', header: 'Lines', width: '70px', end: true, cell: (row) => number(row.lines) },
  { id: 'value', header: 'Value', width: 'minmax(96px, 1fr)', end: true, cell: (row) => moneyIn(row.value, row.currency) },
]

function promisedOf({ promised, withoutPromise, state }: Row): string {
  if (state === 'cancelled') return ''
  if (withoutPromise > 0) return promised === null ? 'No date yet' : `${day(promised)}, in part`
  return promised === null ? '' : day(promised)
}

const route = getRouteApi('/orders')

export function OrdersPage() {
  const may = useMay()
  const site = useSite()
  const { state, customer } = route.useSearch()
  const navigate = route.useNavigate()
  const query = usePages<Row>(
    ['orders', site, state, customer],
    (page, signal) => read('/api/orders', { query: { site, ...page, ...(state ? { state } : {}), ...(customer ? { customer } : {}) } }, signal),
    site !== '',
  )
  const narrow = (change: { state?: Row['state'] | undefined; customer?: string | undefined }): void =>
    void navigate({ search: (before) => without({ ...before, ...change }) })
  return (
    <Page
      fills
      title="Orders"
      actions={
        may('placeOrder') && (
          <Button renderRoot={(props) => <Link to="/orders/new" {...props} />} leftSection={<Icon name="add" size={16} />}>
            New order
          </Button>
        )
      }
    >
      <Filters>
        <NativeSelect
          label="State"
          value={state ?? ''}
          onChange={(event) => narrow({ state: orderStates.find((one) => one === event.currentTarget.value) })}
          data={[{ value: '', label: 'Any' }, ...orderStates.map((value) => ({ value, label: orderStateWords[value].word }))]}
        />
        <Lookup
          label="Customer"
          placeholder="Anyone"
          value={customer ?? ''}
          onChoose={(code) => narrow({ customer: code || undefined })}
          find={findCustomers}
          name="customers"
        />
        {(state !== undefined || customer !== undefined) && (
          <Button variant="subtle" color="gray" onClick={() => narrow({ state: undefined, customer: undefined })}>
            Show all
          </Button>
        )}
      </Filters>
      <List
        name="orders"
        label="Orders"
        columns={columns}
        query={query}
        keyOf={(row) => row.number}
        empty={
          state === undefined && customer === undefined ? (
            <Empty title="No orders yet" {...(may('placeOrder') ? { action: <Link to="/orders/new">Place the first one</Link> } : {})}>
              They come from tills, machines and people, and stand here as they come.
            </Empty>
          ) : (
            <Empty title="No order is like that">
              No order of {site} {state !== undefined && `is ${orderStateWords[state].word.toLowerCase()}`}{' '}
              {customer !== undefined && `for ${customer}`}.
            </Empty>
          )
        }
      />
    </Page>
  )
}

const without = <Search extends object>(search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Search
