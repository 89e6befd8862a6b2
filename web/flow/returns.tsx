// Returns: what customers send back, newest first, and the desk where one begins: an order's number is all that it takes.

import { Button, SegmentedControl, TextInput } from '@mantine/core'
import '@mantine/core/styles/FloatingIndicator.css'
import '@mantine/core/styles/SegmentedControl.css'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { SubmitEvent } from 'react'
import { rmaStates, type RmaState } from '../../core/rma.ts'
import { read, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { typedIn } from '../ui/form.ts'
import { instant, moneyIn, number } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Filters, Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty } from '../ui/tell.tsx'
import { returnStateWords } from '../ui/words.ts'
import styles from './returns.module.css'

type Row = RowOf<'listReturns'>

export const ReturnBadge = ({ state }: { readonly state: RmaState }) => (
  <Badge tone={returnStateWords[state].tone}>{returnStateWords[state].word}</Badge>
)

const figure = (some: number): string => (some === 0 ? '' : number(some))

const columns: readonly Column<Row>[] = [
  {
    id: 'number',
    header: 'Return',
    width: 'minmax(130px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/returns/$id" params={{ id: row.id }} data-row>
        {row.number}
      </Link>
    ),
  },
  { id: 'state', header: 'State', width: '124px', role: 'badge', cell: (row) => <ReturnBadge state={row.state} /> },
  { id: 'customer', header: 'Customer', width: 'minmax(160px, 2fr)', role: 'wide', cell: (row) => `${row.customerName} · ${row.customer}` },
  { id: 'authorised', header: 'Authorised', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.authorisedAt) },
  { id: 'toCome', header: 'To come', width: '84px', end: true, cell: (row) => figure(row.toCome) },
  { id: 'toInspect', header: 'To inspect', width: '92px', end: true, cell: (row) => figure(row.toInspect) },
  {
    id: 'refund',
    header: 'Refund',
    width: 'minmax(90px, 1fr)',
    end: true,
    cell: (row) => (row.refund === 0 ? '' : moneyIn(row.refund, row.currency)),
  },
]

const route = getRouteApi('/returns')

export function ReturnsPage() {
  const site = useSite()
  const may = useMay()
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const query = usePages<Row>(
    ['returns', site, state],
    (page, signal) => read('/api/returns', { query: { site, ...page, ...(state ? { state } : {}) } }, signal),
    site !== '',
  )
  const narrow = (wanted: string): void => {
    const chosen = rmaStates.find((one) => one === wanted)
    void navigate({ search: ({ state: _before, ...others }) => ({ ...others, ...(chosen ? { state: chosen } : {}) }) })
  }
  return (
    <Page fills title="Returns" about={`What customers send back to ${site}`} actions={may('authoriseReturn') && <FindOrder site={site} />}>
      <Filters>
        <SegmentedControl
          aria-label="State"
          value={state ?? ''}
          onChange={narrow}
          data={[{ value: '', label: 'All' }, ...rmaStates.map((value) => ({ value, label: returnStateWords[value].word }))]}
        />
      </Filters>
      <List
        name="returns"
        label="Returns"
        columns={columns}
        query={query}
        keyOf={(row) => row.id}
        empty={
          <Empty title={state === undefined ? 'Nothing comes back' : `Nothing is ${returnStateWords[state].word.toLowerCase()}`}>
            A return begins with the number of the order that it is of.
          </Empty>
        }
      />
    </Page>
  )
}

/** The desk: the order's number, as it stands on the note, with or without its site. */
function FindOrder({ site }: { readonly site: string }) {
  const navigate = useNavigate()
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const typed = typedIn(event.currentTarget, 'order').trim().toUpperCase()
    if (typed !== '') void navigate({ to: '/returns/new', search: { order: /^\d+$/.test(typed) ? `${site}-${typed}` : typed } })
  }
  return (
    <form onSubmit={submit} className={styles['desk']}>
      <TextInput name="order" aria-label="Number of the order that comes back" placeholder="Order number" autoComplete="off" autoFocus />
      <Button type="submit">Take a return</Button>
    </form>
  )
}
