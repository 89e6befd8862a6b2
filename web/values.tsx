// Values: what the stock of a site was worth at the end of a day, in all and by item, and the periods that are closed, in which it stays so.

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { read, write, type Answer, type Problem, type RowOf } from './client.ts'
import { live } from './live.ts'
import styles from './loop/loop.module.css'
import { useMay } from './session.tsx'
import { useSite } from './site.ts'
import { Badge } from './ui/badge.tsx'
import { typedIn } from './ui/form.ts'
import { day, instant, money, number, today } from './ui/format.ts'
import { List, type Column } from './ui/list.tsx'
import { Filters, Page, Panel } from './ui/page.tsx'
import { usePages } from './ui/pages-of.ts'
import { ShortTable } from './ui/short-table.tsx'
import { Empty, ProblemBox, Told } from './ui/tell.tsx'
import { useWrite } from './ui/use-write.ts'

type Row = RowOf<'listValues'>

const PERIODS_SHOWN = 24
const methodNames = { average: 'Average', fifo: 'First in, first out', standard: 'Standard' } as const

const columns: readonly Column<Row>[] = [
  {
    id: 'sku',
    header: 'SKU',
    width: 'minmax(130px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/items/$sku" params={{ sku: row.sku }} data-row>
        {row.sku}
      </Link>
    ),
  },
  { id: 'name', header: 'Name', width: 'minmax(170px, 2.6fr)', role: 'wide', cell: (row) => row.name },
  { id: 'method', header: 'Valued by', width: 'minmax(120px, 1fr)', cell: (row) => methodNames[row.method] },
  { id: 'quantity', header: 'Quantity', width: 'minmax(84px, 1fr)', end: true, cell: (row) => number(row.quantity) },
  { id: 'value', header: 'Value', width: 'minmax(110px, 1fr)', end: true, cell: (row) => money(row.value) },
]

const route = getRouteApi('/values')

export function ValuesPage() {
  const site = useSite()
  const may = useMay()
  const { on = today(Date.now()) } = route.useSearch()
  const navigate = route.useNavigate()
  const total = useQuery<Answer<'listValues'>, Problem>({
    queryKey: ['values', site, on, 'total'],
    queryFn: ({ signal }) => read('/api/values', { query: { site, on, limit: 1 } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const rows = usePages<Row>(['values', site, on], (page, signal) => read('/api/values', { query: { site, on, ...page } }, signal), site !== '')
  return (
    <Page fills title="Inventory value" about={`What the stock of ${site} was worth at the end of a day`}>
      <Filters>
        <TextInput
          label="At the end of"
          type="date"
          value={on}
          max={today(Date.now())}
          onChange={(event) => {
            const chosen = event.currentTarget.value
            if (chosen !== '') void navigate({ search: (before) => ({ ...before, on: chosen }), replace: true })
          }}
        />
        <Told query={total} rows={1}>
          {({ value, closed }) => (
            <p role="status">
              <strong>{money(value)}</strong> in all {closed ? <Badge tone="good">Closed</Badge> : <Badge tone="busy">Open</Badge>}
            </p>
          )}
        </Told>
      </Filters>
      <List
        name="values"
        label="Inventory value by item"
        columns={columns}
        query={rows}
        keyOf={(row) => row.sku}
        empty={<Empty title="Nothing was ever here">Stock appears when goods are received, or with opening balances.</Empty>}
      />
      <Periods site={site} mayClose={may('closePeriod')} />
    </Page>
  )
}

function Periods({ site, mayClose }: { readonly site: string; readonly mayClose: boolean }) {
  const query = useQuery<Answer<'listPeriods'>, Problem>({
    queryKey: ['periods', site],
    queryFn: ({ signal }) => read('/api/periods', { query: { site, limit: PERIODS_SHOWN } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title="Closed periods">
      {mayClose && <CloseForm key={site} site={site} />}
      <Told query={query} rows={1}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="None is closed">What happened late is still recorded on its own day, whichever that is.</Empty>
          ) : (
            <ShortTable
              label="Closed periods, newest first"
              columns={['Through', 'Closed', 'Last move', 'Value']}
              ends={2}
              rows={rows.map((row) => ({
                key: row.through,
                cells: [day(row.through), instant(row.closedAt), number(row.sequence), money(row.value)],
              }))}
            />
          )
        }
      </Told>
    </Panel>
  )
}

function CloseForm({ site }: { readonly site: string }) {
  const [closed, setClosed] = useState<string>()
  const close = useWrite<string, unknown>((through, key) => write('POST', '/api/periods', { body: { site, through }, key }), {
    onDone: () => undefined,
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const through = typedIn(event.currentTarget, 'through')
    setClosed(through)
    close.mutate(through)
  }
  return (
    <form onSubmit={submit} className={styles['fields']}>
      <TextInput name="through" label="Close all days through" type="date" required max={today(Date.now())} />
      <Button type="submit" loading={close.isPending}>
        Close for good
      </Button>
      {close.error !== null && <ProblemBox problem={close.error} />}
      {close.isSuccess && closed !== undefined && (
        <p role="status" className={styles['told']} data-tone="good">
          All days through {day(closed)} are closed: nothing in them changes any more.
        </p>
      )}
    </form>
  )
}
