// Transfers: what this site asked others for and what others asked of it, newest first; goods are asked for here.

import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import '@mantine/core/styles/FloatingIndicator.css'
import '@mantine/core/styles/SegmentedControl.css'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { transferStates } from '../../core/transfer.ts'
import { read, write, type Answer, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite, useSites } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { findItems } from '../ui/find.ts'
import { typedIn } from '../ui/form.ts'
import { day, instant, number, shortId, today } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Lookup } from '../ui/lookup.tsx'
import { Filters, Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { transferStateWords } from '../ui/words.ts'
import styles from './documents.module.css'

type Row = RowOf<'listTransfers'>

export const TransferBadge = ({ state }: Pick<Row, 'state'>) => <Badge tone={transferStateWords[state].tone}>{transferStateWords[state].word}</Badge>

const columns: readonly Column<Row>[] = [
  {
    id: 'id',
    header: 'Transfer',
    width: 'minmax(92px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/transfers/$id" params={{ id: row.id }} data-row>
        {shortId(row.id)}
      </Link>
    ),
  },
  { id: 'state', header: 'State', width: '138px', role: 'badge', cell: (row) => <TransferBadge state={row.state} /> },
  {
    id: 'way',
    header: 'Way',
    width: 'minmax(150px, 1.4fr)',
    role: 'wide',
    cell: ({ direction, site, other }) => (direction === 'in' ? `${other ?? '?'} → ${site}` : `${site} → ${other ?? '?'}`),
  },
  { id: 'toldAt', header: 'Asked', width: 'minmax(150px, 1fr)', cell: (row) => (row.toldAt === null ? '' : instant(row.toldAt)) },
  {
    id: 'due',
    header: 'Due',
    width: 'minmax(110px, 1fr)',
    cell: ({ due }) => (due === null ? '' : due < today(Date.now()) ? <Badge tone="late">{day(due)}</Badge> : day(due)),
  },
  { id: 'lines', header: 'Lines', width: '70px', end: true, cell: (row) => number(row.lines) },
  { id: 'quantity', header: 'Asked for', width: '84px', end: true, cell: (row) => number(row.quantity) },
  { id: 'held', header: 'Held', width: '70px', end: true, cell: (row) => (row.direction === 'out' && row.held > 0 ? number(row.held) : '') },
  { id: 'underWay', header: 'On its way', width: '90px', end: true, cell: (row) => (row.underWay > 0 ? number(row.underWay) : '') },
  { id: 'moved', header: 'Moved', width: '76px', end: true, cell: (row) => (row.moved > 0 ? number(row.moved) : '') },
]

const route = getRouteApi('/transfers')

export function TransfersPage() {
  const site = useSite()
  const may = useMay()
  const { state, direction } = route.useSearch()
  const navigate = route.useNavigate()
  const [isAsking, setAsking] = useState(false)
  const query = usePages<Row>(
    ['transfers', site, state, direction],
    (page, signal) => read('/api/transfers', { query: { site, ...page, ...(state ? { state } : {}), ...(direction ? { direction } : {}) } }, signal),
    site !== '',
  )
  const inState = (wanted: string): void => {
    const chosen = transferStates.find((one) => one === wanted)
    void navigate({ search: ({ state: _before, ...others }) => ({ ...others, ...(chosen ? { state: chosen } : {}) }) })
  }
  const inDirection = (wanted: string): void => {
    const chosen = (['in', 'out'] as const).find((one) => one === wanted)
    void navigate({ search: ({ direction: _before, ...others }) => ({ ...others, ...(chosen ? { direction: chosen } : {}) }) })
  }
  return (
    <Page
      fills
      title="Transfers"
      about={`Between ${site} and the other sites`}
      actions={may('requestTransfer') && <Button onClick={() => setAsking(true)}>Ask for goods</Button>}
    >
      <Filters>
        <SegmentedControl
          aria-label="Direction"
          value={direction ?? ''}
          onChange={inDirection}
          data={[
            { value: '', label: 'Both' },
            { value: 'in', label: 'To here' },
            { value: 'out', label: 'From here' },
          ]}
        />
        <NativeSelect
          label="State"
          value={state ?? ''}
          onChange={(event) => inState(event.currentTarget.value)}
          data={[{ value: '', label: 'Any' }, ...transferStates.map((value) => ({ value, label: transferStateWords[value].word }))]}
        />
      </Filters>
      <List
        name="transfers"
        label="Transfers"
        columns={columns}
        query={query}
        keyOf={(row) => row.id}
        empty={
          <Empty
            title={state === undefined && direction === undefined ? 'Nothing was asked for yet' : 'No transfer is like that'}
            action={<Link to="/shortages">See what is short</Link>}
          >
            Covering what is short asks the site that supplies this one; goods can be asked for by hand too.
          </Empty>
        }
      />
      {isAsking && <AskDialog site={site} onClose={() => setAsking(false)} />}
    </Page>
  )
}

interface AskedLine {
  readonly id: number
  readonly sku: string
}

function AskDialog({ site, onClose }: { readonly site: string; readonly onClose: () => void }) {
  const navigate = useNavigate()
  const { data: sites = [] } = useSites()
  const [lines, setLines] = useState<readonly AskedLine[]>([{ id: 1, sku: '' }])
  const ask = useWrite<
    { readonly from: string; readonly due: string; readonly lines: readonly { readonly sku: string; readonly quantity: number }[] },
    Answer<'requestTransfer'>
  >(
    ({ from, due, lines: wanted }, key) =>
      write('POST', '/api/transfer-requests', { body: { site, from, ...(due === '' ? {} : { due }), lines: [...wanted] }, key }),
    { onDone: ({ id }) => void navigate({ to: '/transfers/$id', params: { id } }) },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const wanted = lines.map(({ id, sku }) => ({ sku, quantity: Number(typedIn(form, `quantity-${id}`)) }))
    ask.mutate({ from: typedIn(form, 'from'), due: typedIn(form, 'due'), lines: wanted })
  }
  return (
    <Dialog title={`Ask for goods: to ${site}`} onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <NativeSelect
          name="from"
          label="From"
          data={sites.filter((one) => one.code !== site).map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }))}
        />
        {lines.map(({ id, sku }, index) => (
          <div key={id} className={styles['pair']}>
            <Lookup
              label={lines.length === 1 ? 'Item' : `Item ${index + 1}`}
              name="items"
              required
              value={sku}
              find={findItems}
              onChoose={(chosen) => setLines(lines.map((one) => (one.id === id ? { id, sku: chosen } : one)))}
            />
            <TextInput
              name={`quantity-${id}`}
              label="Quantity"
              aria-label={lines.length === 1 ? 'Quantity' : `Quantity of item ${index + 1}`}
              type="number"
              inputMode="numeric"
              min={1}
              required
            />
          </div>
        ))}
        <TextInput name="due" label="Wanted on" type="date" defaultValue={today(Date.now())} />
        {ask.error !== null && <ProblemBox problem={ask.error} />}
        <div className={styles['buttons']}>
          <Button variant="default" onClick={() => setLines([...lines, { id: lines.length + 1, sku: '' }])}>
            Another item
          </Button>
          <Button type="submit" loading={ask.isPending}>
            Ask for it
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
