// Shrinkage, estimated: what is probably gone since items were counted last, by category: the record, what is accrued, what beliefs say and what counts
// found, side by side. It is worked out for the day in the address, and nothing is posted.

import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { day, money, number, today } from '../ui/format.ts'
import { Facts, Filters, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, Told } from '../ui/tell.tsx'
import styles from './shrinkage.module.css'

type Estimate = Answer<'getShrinkageEstimate'>
type Row = Estimate['rows'][number]

const route = getRouteApi('/shrinkage/estimate')

export function ShrinkageEstimatePage() {
  const site = useSite()
  const { on = today(Date.now()) } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery<Estimate, Problem>({
    queryKey: ['shrinkage', 'estimate', site, on],
    queryFn: ({ signal }) => read('/api/shrinkage/estimate', { query: { site, on } }, signal),
    enabled: site !== '',
    meta: live,
    placeholderData: (before) => before,
  })
  return (
    <Page
      title="Estimated shrinkage"
      about={`What is probably gone at ${site} since items were counted last`}
      back={{ to: '/shrinkage', text: 'Shrinkage' }}
    >
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
      </Filters>
      <Told query={query} rows={4}>
        {(told) =>
          told.learntItems === 0 ? (
            <Empty title="Nothing was counted yet of what was sold">
              Counts teach which share of sales is lost. Until then there is only the record, {money(told.total.book.value)}.
            </Empty>
          ) : (
            <Figures told={told} />
          )
        }
      </Told>
    </Page>
  )
}

function Figures({ told }: { readonly told: Estimate }) {
  const { book, accrual, estimated, counted } = told.total
  return (
    <>
      <Facts
        facts={[
          ['By the record', money(book.value)],
          ['Probably gone', <strong key="accrued">{money(accrual.value.now)}</strong>],
          ['So probably there', money(estimated.value)],
          [`Not found by counts since ${day(told.from)}`, money(counted.value)],
        ]}
      />
      <Panel title="What is probably gone, by category">
        <Picture rows={told.rows} />
      </Panel>
      <Panel title="Side by side">
        <SideBySide told={told} />
      </Panel>
      <Panel title={`Accrued and reversed since ${day(told.from)}`}>
        <Accruals told={told} />
      </Panel>
      <p className={styles['about']}>
        The share of sales that is lost was learnt from {number(told.learntItems)} counted items since {day(told.learntFrom)}. A count of an item
        reverses what was accrued of it, because then what is really gone is in the record.
      </p>
    </>
  )
}

const nameOf = (row: Pick<Row, 'category'>): string => (row.category === '' ? 'No category' : row.category)

/** For each category a bar of what is accrued, a line for its interval, and a mark where beliefs see it; all from one zero. */
function Picture({ rows }: { readonly rows: readonly Row[] }) {
  const gone = rows.map((row) => ({
    row,
    accrued: row.accrual.value.now,
    low: row.interval === null ? null : row.book.value - row.interval.high,
    high: row.interval === null ? null : row.book.value - row.interval.low,
    belief: row.belief === null ? null : row.book.value - row.belief.value,
  }))
  const all = gone.flatMap((one) => [one.accrued, one.low ?? 0, one.high ?? 0, one.belief ?? 0])
  const [least, most] = [Math.min(0, ...all), Math.max(1, ...all)]
  const at = (value: number): number => ((value - least) * 100) / (most - least)
  return (
    <>
      <ul className={styles['estimates']} aria-label="Probably gone, by category">
        {gone.map(({ row, accrued, low, high, belief }) => (
          <li key={`${row.site} ${row.category}`}>
            <span>{nameOf(row)}</span>
            <svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
              <rect x={0} y={0} width={100} height={16} className={styles['trough']} />
              <rect x={at(0)} y={3} width={at(accrued) - at(0)} height={10} className={styles['unexplained']} />
              {low !== null && high !== null && (
                <rect x={at(low)} y={7} width={Math.max(0.3, at(high) - at(low))} height={2} className={styles['reach']} />
              )}
              {belief !== null && <rect x={Math.max(0, at(belief) - 0.4)} y={0} width={0.8} height={16} className={styles['believed']} />}
            </svg>
            <span className={styles['figure']}>{money(accrued)}</span>
          </li>
        ))}
      </ul>
      <p className={`${styles['legend']} ${styles['about']}`}>
        <i className={styles['unexplained']} /> accrued, from what was sold <i className={styles['reach']} /> where it is with 90 %{' '}
        <i className={styles['believed']} /> what beliefs do not expect of the record
      </p>
    </>
  )
}

const between = (some: { readonly low: number; readonly high: number } | null): string =>
  some === null ? '—' : `${money(some.low)} to ${money(some.high)}`

function SideBySide({ told }: { readonly told: Estimate }) {
  return (
    <ShortTable
      label="Record, estimate, beliefs and counts by category"
      columns={['Category', 'Record', 'Estimated', 'With 90 %', 'Beliefs', 'Lost of units sold', 'Lost of sales', 'Not found by counts']}
      ends={1}
      rows={[
        ...told.rows.map((row) => ({
          key: `${row.site} ${row.category}`,
          cells: [
            <span key="name">
              {nameOf(row)} {row.disagrees && <Badge tone="late">Beliefs disagree</Badge>}
            </span>,
            money(row.book.value),
            money(row.estimated.value),
            between(row.interval),
            row.belief === null ? '—' : money(row.belief.value),
            share(row.rates?.units),
            share(row.rates?.value),
            money(row.counted.value),
          ],
        })),
        {
          key: 'total',
          cells: [
            <strong key="name">In all</strong>,
            money(told.total.book.value),
            money(told.total.estimated.value),
            '',
            '',
            '',
            '',
            money(told.total.counted.value),
          ],
        },
      ]}
    />
  )
}

function share(rate: NonNullable<Row['rates']>['units'] | undefined): string {
  if (rate === undefined) return '—'
  return rate.low === null ? `${rate.percent.toFixed(2)} %` : `${rate.percent.toFixed(2)} % (${rate.low.toFixed(2)} to ${rate.high!.toFixed(2)})`
}

function Accruals({ told }: { readonly told: Estimate }) {
  const cells = ({ accrual: { units, value } }: Pick<Row, 'accrual'>) => [
    money(value.before),
    money(value.accrued),
    money(-value.reversed),
    money(value.now),
    number(units.now),
  ]
  return (
    <ShortTable
      label="Accrued and reversed by category"
      columns={['Category', 'Accrued before', 'Accrued since', 'Reversed by counts', 'Accrued now', 'In units']}
      ends={1}
      rows={[
        ...told.rows.map((row) => ({ key: `${row.site} ${row.category}`, cells: [nameOf(row), ...cells(row)] })),
        { key: 'total', cells: [<strong key="name">In all</strong>, ...cells(told.total)] },
      ]}
    />
  )
}
