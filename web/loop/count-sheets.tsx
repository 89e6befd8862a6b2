// Count sheets: what is to be counted at a site, and what was, newest first; a planner opens a sheet here.

import { Button, NativeSelect, SegmentedControl, Switch, TextInput } from '@mantine/core'
import '@mantine/core/styles/FloatingIndicator.css'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/SegmentedControl.css'
import '@mantine/core/styles/Switch.css'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { countKinds, countStates, type CountState } from '../../core/count-sheet.ts'
import { read, write, type Answer, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { instant, money, number, share, shortId } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Filters, Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { countKindWords, countStateWords } from '../ui/words.ts'
import styles from './loop.module.css'

type Row = RowOf<'listCountSheets'>

export const SheetBadge = ({ state }: { readonly state: CountState }) => (
  <Badge tone={countStateWords[state].tone}>{countStateWords[state].word}</Badge>
)

const columns: readonly Column<Row>[] = [
  {
    id: 'sheet',
    header: 'Sheet',
    width: 'minmax(130px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/count-sheets/$id" params={{ id: row.id }} data-row>
        {row.note === '' ? shortId(row.id) : row.note}
      </Link>
    ),
  },
  { id: 'state', header: 'State', width: '136px', role: 'badge', cell: (row) => <SheetBadge state={row.state} /> },
  { id: 'kind', header: 'Kind', width: 'minmax(90px, 1fr)', cell: (row) => countKindWords[row.kind] },
  { id: 'positions', header: 'Positions', width: '84px', end: true, cell: (row) => number(row.positions) },
  { id: 'toCount', header: 'To count', width: '84px', end: true, cell: (row) => (row.toCount === 0 ? '' : number(row.toCount)) },
  {
    id: 'within',
    header: 'Accurate',
    width: 'minmax(84px, 1fr)',
    end: true,
    cell: (row) => (row.accuracy === null ? '' : share(row.accuracy.withinPerMillion)),
  },
  { id: 'off', header: 'Off by', width: 'minmax(84px, 1fr)', end: true, cell: (row) => (row.accuracy === null ? '' : money(row.accuracy.valueOff)) },
  { id: 'opened', header: 'Opened', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.openedAt) },
  { id: 'by', header: 'By', width: 'minmax(90px, 1fr)', cell: (row) => row.openedBy },
]

const route = getRouteApi('/count-sheets')

export function CountSheetsPage() {
  const site = useSite()
  const may = useMay()
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const query = usePages<Row>(
    ['count-sheets', site, state],
    (page, signal) => read('/api/count-sheets', { query: { site, ...page, ...(state ? { state } : {}) } }, signal),
    site !== '',
  )
  const narrow = (wanted: string): void => {
    const chosen = countStates.find((one) => one === wanted)
    void navigate({ search: ({ state: _before, ...others }) => ({ ...others, ...(chosen ? { state: chosen } : {}) }) })
  }
  return (
    <Page
      fills
      title="Count sheets"
      about={`What is to be counted at ${site}, and how right the record was`}
      actions={may('openCountSheet') && <Opening site={site} />}
    >
      <Filters>
        <SegmentedControl
          aria-label="State"
          value={state ?? ''}
          onChange={narrow}
          data={[{ value: '', label: 'All' }, ...countStates.map((value) => ({ value, label: countStateWords[value].word }))]}
        />
      </Filters>
      <List
        name="count-sheets"
        label="Count sheets"
        columns={columns}
        query={query}
        keyOf={(row) => row.id}
        empty={
          <Empty title={state === undefined ? 'No count sheet was opened yet' : `No sheet is ${countStateWords[state].word.toLowerCase()}`}>
            A sheet says what is to be counted; people count it while goods come and go.
          </Empty>
        }
      />
    </Page>
  )
}

interface Opened {
  readonly kind: (typeof countKinds)[number]
  readonly note: string
  readonly places: readonly string[]
  readonly skus: readonly string[]
  readonly isBlind: boolean
  readonly units: number | undefined
}

/** Codes as people write them one after the other. */
const codesIn = (text: string): string[] => text.split(/[\s,;]+/).filter((code) => code !== '')

function Opening({ site }: { readonly site: string }) {
  const [isOpen, setOpen] = useState(false)
  const navigate = useNavigate()
  const open = useWrite<Opened, Answer<'openCountSheet'>>(
    ({ kind, note, places, skus, isBlind, units }, key) =>
      write('POST', '/api/count-sheets', {
        body: {
          site,
          kind,
          note,
          isBlind,
          tolerance: units === undefined ? {} : { units },
          ...(places.length === 0 ? {} : { places: [...places] }),
          ...(skus.length === 0 ? {} : { skus: [...skus] }),
        },
        key,
      }),
    { onDone: (sheet) => void navigate({ to: '/count-sheets/$id', params: { id: String(sheet['id']) } }) },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    open.mutate({
      kind: countKinds.find((one) => one === text('kind')) ?? 'cycle',
      note: text('note'),
      places: codesIn(text('places')),
      skus: codesIn(text('skus')),
      isBlind: text('seen') === '',
      units: text('units') === '' ? undefined : Number(text('units')),
    })
  }
  return (
    <>
      <Button
        onClick={() => {
          open.reset()
          setOpen(true)
        }}
      >
        Open a sheet
      </Button>
      {isOpen && (
        <Dialog title={`Open a count sheet at ${site}`} onClose={() => setOpen(false)}>
          <form onSubmit={submit} className={styles['asked']}>
            <TextInput name="note" label="What it is called" placeholder="Aisle 1" autoComplete="off" data-autofocus />
            <NativeSelect name="kind" label="Kind" defaultValue="cycle" data={countKinds.map((value) => ({ value, label: countKindWords[value] }))} />
            <TextInput name="places" label="Places" description="All places where none is named" autoComplete="off" />
            <TextInput name="skus" label="Items" description="All items where none is named" autoComplete="off" />
            <TextInput
              name="units"
              label="Tolerance in pieces"
              description="Without one only an exact count is posted unseen"
              type="number"
              min={0}
            />
            <Switch name="seen" value="yes" label="Who counts sees what is recorded" />
            {open.error !== null && <ProblemBox problem={open.error} />}
            <div className={styles['buttons']}>
              <Button type="submit" loading={open.isPending}>
                Open
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  )
}
