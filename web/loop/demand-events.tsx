// Demand events: promotions, holidays and closed days, past ones to learn from and those to come, are said here, listed, and taken back.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRef, useState, type SubmitEvent } from 'react'
import { eventKinds, type EventKind } from '../../core/planning.ts'
import { read, write, type Answer, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { findItems } from '../ui/find.ts'
import { typedIn } from '../ui/form.ts'
import { day, today } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Lookup } from '../ui/lookup.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { eventKindWords } from '../ui/words.ts'
import styles from './plan.module.css'

type Row = RowOf<'listDemandEvents'>
type Said = Pick<Row, 'kind' | 'name' | 'from' | 'to' | 'site' | 'sku' | 'category'>

const NAME_CHARACTERS_MAX = 200

const say = (event: Said, key: string) => write('POST', '/api/demand-events', { body: { events: [event] }, key })

export function DemandEventsPage() {
  const site = useSite()
  const may = useMay()
  return (
    <Page
      fills
      title="Events"
      about="Days on which demand is another: what each does is learnt by its name from when it was there before"
      back={{ to: '/plan', text: 'Plan' }}
    >
      {may('createDemandEvents') && <Say key={site} site={site} />}
      <Events site={site} />
    </Page>
  )
}

function Say({ site }: { readonly site: string }) {
  const [sku, setSku] = useState('')
  const form = useRef<HTMLFormElement>(null)
  const create = useWrite<Said, Answer<'createDemandEvents'>>(say, {
    onDone: () => {
      // The same event of another year is said by two dates.
      const fields = form.current!.elements
      for (const name of ['from', 'to']) (fields.namedItem(name) as HTMLInputElement).value = ''
      ;(fields.namedItem('from') as HTMLInputElement).focus()
    },
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const from = text('from')
    create.mutate({
      kind: eventKinds.find((kind) => kind === text('kind')) ?? 'promotion',
      name: text('name'),
      from,
      to: text('to') || from,
      site: text('where') === '' ? null : site,
      sku: sku === '' ? null : sku,
      category: text('category') || null,
    })
  }
  return (
    <Panel title="Say what is known">
      <form ref={form} onSubmit={submit} className={styles['fields']}>
        <NativeSelect name="kind" label="Kind" data={eventKinds.map((value) => ({ value, label: eventKindWords[value] }))} />
        <TextInput name="name" label="Name" maxLength={NAME_CHARACTERS_MAX} required autoComplete="off" placeholder="The same each time" />
        <TextInput name="from" label="From" type="date" required />
        <TextInput name="to" label="To, if more than a day" type="date" />
        <NativeSelect
          name="where"
          label="Where"
          data={[
            { value: '', label: 'Every site' },
            { value: site, label: site },
          ]}
        />
        <Lookup label="Item, if only one" name="items" value={sku} find={findItems} onChoose={setSku} placeholder="SKU or name" />
        <TextInput name="category" label="Or a category" autoComplete="off" />
        <Button type="submit" loading={create.isPending}>
          Add
        </Button>
      </form>
      {create.error !== null && <ProblemBox problem={create.error} />}
      {create.data !== undefined && create.variables !== undefined && create.error === null && !create.isPending && (
        <p role="status" className={styles['soft']}>
          {`${create.variables.name} is noted from ${day(create.variables.from)}. The next plan goes by it; say when it was there before, too, so that it is learnt.`}
        </p>
      )}
    </Panel>
  )
}

export function EventBadge({ kind, to }: { readonly kind: EventKind; readonly to: string }) {
  return <Badge tone={to < today(Date.now()) ? 'plain' : kind === 'closed' ? 'late' : 'busy'}>{eventKindWords[kind]}</Badge>
}

const goodsOf = ({ sku, category }: Row) =>
  sku === null ? (
    (category ?? 'Everything')
  ) : (
    <Link to="/items/$sku" params={{ sku }}>
      {sku}
    </Link>
  )

const columns: readonly Column<Row>[] = [
  { id: 'name', header: 'Event', width: 'minmax(116px, 2fr)', role: 'title', cell: (row) => row.name },
  { id: 'kind', header: 'Kind', width: '116px', role: 'badge', cell: (row) => <EventBadge {...row} /> },
  { id: 'from', header: 'From', width: 'minmax(100px, 1fr)', cell: (row) => day(row.from) },
  { id: 'to', header: 'To', width: 'minmax(100px, 1fr)', cell: (row) => day(row.to) },
  { id: 'where', header: 'Where', width: '88px', cell: (row) => row.site ?? 'Every site' },
  { id: 'goods', header: 'Of', width: 'minmax(96px, 1.5fr)', cell: goodsOf },
  { id: 'maker', header: 'By', width: 'minmax(80px, 1fr)', cell: (row) => row.maker },
]

function Events({ site }: { readonly site: string }) {
  const may = useMay()
  const query = usePages<Row>(
    ['demand-events', site],
    (page, signal) => read('/api/demand-events', { query: { site, ...page } }, signal),
    site !== '',
  )
  const undo = useWrite<Row, Answer<'undoDemandEvent'>>(({ id }, key) =>
    write('POST', '/api/demand-events/{id}/reversal', { params: { id }, body: {}, key }),
  )
  const again = useWrite<Said, Answer<'createDemandEvents'>>(say, { onDone: () => undo.reset() })
  const undone = undo.error === null && !undo.isPending && undo.data !== undefined ? undo.variables : undefined
  const undoing: Column<Row> = {
    id: 'undo',
    header: 'Take back',
    width: '108px',
    end: true,
    cell: (row) => (
      <Button
        variant="default"
        size="compact-sm"
        loading={undo.isPending && undo.variables.id === row.id}
        onClick={() => undo.mutate(row)}
        aria-label={`Take back ${row.name} of ${day(row.from)}`}
      >
        Take back
      </Button>
    ),
  }
  return (
    <>
      {undo.error !== null && <ProblemBox problem={undo.error} />}
      {again.error !== null && <ProblemBox problem={again.error} />}
      {undone !== undefined && (
        <p role="status" className={styles['approve']}>
          <span>{`${undone.name} of ${day(undone.from)} is taken back.`}</span>
          <Button
            variant="default"
            size="compact-sm"
            loading={again.isPending}
            onClick={() => {
              const { kind, name, from, to, site: where, sku, category } = undone
              again.mutate({ kind, name, from, to, site: where, sku, category })
            }}
          >
            Say it again
          </Button>
        </p>
      )}
      <List
        name="demand-events"
        label="Events"
        columns={may('undoDemandEvent') ? [...columns, undoing] : columns}
        query={query}
        keyOf={(row) => row.id}
        empty={
          <Empty title="No events yet">
            Say when a promotion, a holiday or a closed day was, and when it comes again: the plan learns from the first what the second will do.
          </Empty>
        }
      />
    </>
  )
}
