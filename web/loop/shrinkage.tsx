// Shrinkage: what was lost in a time, by cause and over time, in units, in value and in per cent of what was sold; each figure leads to the moves that
// it is made of. The time and what it is told by stand in the address.

import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useSite } from '../site.ts'
import { day, money, number, today } from '../ui/format.ts'
import { Facts, Filters, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, Told } from '../ui/tell.tsx'
import { lossCauseWord, lossOriginWords } from '../ui/words.ts'
import { ShrinkageOverTime } from './shrinkage-over-time.tsx'
import { groupings, type Grouping, type MovesSearch } from './shrinkage-search.ts'
import { stretchOf } from './shrinkage-chart.ts'
import styles from './shrinkage.module.css'

type Shrinkage = Answer<'getShrinkage'>
type Row = Shrinkage['rows'][number]

const PERIOD_DAYS = 28
const ROWS_SHOWN = 100
const DAY_MILLISECONDS = 86_400_000

const groupingWords: Readonly<Record<Grouping, string>> = {
  cause: 'Cause',
  origin: 'Where it was lost',
  item: 'Item',
  category: 'Category',
  supplier: 'Supplier',
  site: 'Site',
  day: 'Day',
  week: 'Week',
  month: 'Month',
}

const percent = (some: number | null): string => (some === null ? '—' : `${some.toFixed(2)} %`)

const route = getRouteApi('/shrinkage')

/** What of a time is asked, with the live answer. Of all sites where it is told by site. */
function useShrinkage(period: { readonly from: string; readonly to: string }, by: Grouping) {
  const site = useSite()
  return useQuery<Shrinkage, Problem>({
    queryKey: ['shrinkage', site, period.from, period.to, by],
    queryFn: ({ signal }) => read('/api/shrinkage', { query: { ...(by !== 'site' && { site }), ...period, by, limit: ROWS_SHOWN } }, signal),
    enabled: site !== '',
    meta: live,
    placeholderData: (before) => (before?.by === by ? before : undefined),
  })
}

export function ShrinkagePage() {
  const site = useSite()
  const { to = today(Date.now()), from = today(Date.parse(to) - (PERIOD_DAYS - 1) * DAY_MILLISECONDS), by = 'cause' } = route.useSearch()
  const period = from <= to ? { from, to } : { from: to, to: from }
  const causes = useShrinkage(period, 'cause')
  const stretch = stretchOf(period.from, period.to)
  const times = useShrinkage(period, stretch)
  return (
    <Page
      title="Shrinkage"
      about={`What is gone at ${site}, why, and how much of what was sold that is`}
      actions={<Link to="/shrinkage/estimate">Estimated since the last counts</Link>}
    >
      <Choices {...period} by={by} />
      <Told query={causes} rows={4}>
        {(told) =>
          told.rows.length === 0 ? (
            <Empty title="Nothing was lost in this time">
              Losses are entered on the page Losses where they are noticed; what nobody saw, a count finds.
            </Empty>
          ) : (
            <>
              <Sums {...told} />
              <Panel title="By cause">
                <Causes told={told} />
              </Panel>
              <Panel title="Over time">
                <Told query={times} rows={4}>
                  {({ rows }) => <ShrinkageOverTime key={stretch} {...period} by={stretch} rows={rows} />}
                </Told>
              </Panel>
              <Panel title={`In figures, by ${groupingWords[by].toLowerCase()}`}>
                <Table period={period} by={by} />
              </Panel>
            </>
          )
        }
      </Told>
    </Page>
  )
}

function Choices({ from, to, by }: { readonly from: string; readonly to: string; readonly by: Grouping }) {
  const navigate = route.useNavigate()
  const choose = (chosen: object): void => void navigate({ search: (before) => ({ ...before, ...chosen }), replace: true })
  const dated = (name: 'from' | 'to', label: string, value: string) => (
    <TextInput
      label={label}
      type="date"
      value={value}
      max={today(Date.now())}
      onChange={(event) => {
        const chosen = event.currentTarget.value
        if (chosen !== '') choose({ [name]: chosen })
      }}
    />
  )
  return (
    <Filters>
      {dated('from', 'From', from)}
      {dated('to', 'Through', to)}
      <NativeSelect
        label="Table by"
        value={by}
        onChange={(event) => choose({ by: event.currentTarget.value })}
        data={groupings.map((value) => ({ value, label: groupingWords[value] }))}
      />
    </Filters>
  )
}

const Sums = ({ total }: Shrinkage) => (
  <Facts
    facts={[
      ['Lost', <strong key="value">{money(total.value)}</strong>],
      ['Of sales', percent(total.percentOfSales)],
      ['Units', number(total.units)],
      ['With a cause', money(total.knownValue)],
      ['Unexplained', money(total.unexplainedValue)],
      ['Sold', money(total.sales)],
    ]}
  />
)

/** A bar a cause, each leading to its moves; what was found besides the record is drawn from the same zero, in another tone. */
function Causes({ told: { from, to, rows } }: { readonly told: Shrinkage }) {
  const most = Math.max(1, ...rows.map((row) => Math.abs(row.value)))
  return (
    <ul className={styles['bars']} aria-label="Shrinkage by cause">
      {rows.map((row) => (
        <li key={row.key}>
          <Link to="/shrinkage/moves" search={{ from, to, ...filterOf('cause', row.key) }}>
            <span className={styles['name']}>{lossCauseWord(row.key)}</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect x={0} y={0} width={100} height={10} className={styles['trough']} />
              <rect x={0} y={0} width={(Math.abs(row.value) * 100) / most} height={10} className={styles[toneOf(row)]} />
            </svg>
            <span className={styles['figure']}>{money(row.value)}</span>
            <span className={styles['percent']}>{percent(row.percentOfSales)}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

const toneOf = ({ key, value }: Row): string => (value < 0 ? 'found' : key === 'unexplained' ? 'unexplained' : 'known')

function Table({ period, by }: { readonly period: { readonly from: string; readonly to: string }; readonly by: Grouping }) {
  const query = useShrinkage(period, by)
  return (
    <Told query={query} rows={4}>
      {(told) => (
        <>
          <ShortTable
            label={`Shrinkage by ${groupingWords[by].toLowerCase()}`}
            columns={[groupingWords[by], 'Units', 'Value', 'Of sales', 'With a cause', 'Unexplained', 'Sold']}
            ends={1}
            rows={[
              ...told.rows.map((row) => ({ key: row.key, cells: [<Name key="name" told={told} row={row} />, ...figures(row)] })),
              ...(told.rest === null ? [] : [{ key: 'rest', cells: [`${number(told.rest.rows)} more`, ...figures(told.rest)] }]),
              { key: 'total', cells: [<strong key="name">In all</strong>, ...figures(told.total)] },
            ]}
          />
          {told.total.corrected !== 0 && (
            <p className={styles['about']}>
              {money(told.total.corrected)} of it was told after the moves, by late bills and receipts: no move has it, the value does.
            </p>
          )}
          {told.leftOut.length > 0 && (
            <p className={styles['about']}>
              {told.leftOut.join(', ')} count in another currency than {told.currency} and are left out.
            </p>
          )}
        </>
      )}
    </Told>
  )
}

const figures = (row: Shrinkage['total']): readonly ReactNode[] => [
  number(row.units),
  money(row.value),
  percent(row.percentOfSales),
  money(row.knownValue),
  money(row.unexplainedValue),
  money(row.sales),
]

/** What a row is called, leading to what it is made of: its moves, or another site's causes. */
function Name({ told: { by, from, to }, row }: { readonly told: Shrinkage; readonly row: Row }) {
  if (by === 'site')
    return (
      <Link to="/shrinkage" search={{ site: row.key, from, to }}>
        {row.key} <span className={styles['soft']}>{row.name}</span>
      </Link>
    )
  return (
    <Link to="/shrinkage/moves" search={{ from, to, ...filterOf(by, row.key, to) }}>
      {wordOf(by, row.key)} {row.name !== '' && <span className={styles['soft']}>{row.name}</span>}
    </Link>
  )
}

function wordOf(by: Grouping, key: string): string {
  if (by === 'cause') return lossCauseWord(key)
  if (by === 'origin') return (lossOriginWords as Readonly<Record<string, string>>)[key] ?? key
  if (by === 'supplier') return key === '' ? 'No supplier' : key
  if (by === 'category') return key === '' ? 'No category' : key
  if (by === 'week') return `Week of ${day(key)}`
  if (by === 'month') return key.slice(0, 7)
  return by === 'day' ? day(key) : key
}

/** The moves that a row is of. A stretch of time ends with itself, or with the period. */
function filterOf(by: Grouping, key: string, to = ''): MovesSearch {
  if (by === 'cause') return { cause: key as NonNullable<MovesSearch['cause']> }
  if (by === 'origin') return { origin: key as NonNullable<MovesSearch['origin']> }
  if (by === 'item') return { sku: key }
  if (by === 'supplier') return { supplier: key }
  if (by === 'category') return { category: key }
  const end = by === 'day' ? key : by === 'week' ? today(Date.parse(key) + 6 * DAY_MILLISECONDS) : endOfMonth(key)
  return { from: key, to: end < to ? end : to }
}

const endOfMonth = (first: string): string => {
  const at = new Date(`${first}T00:00:00Z`)
  return today(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0))
}
