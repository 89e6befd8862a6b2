// Back-tests: asks what the company's own last days would have come to under other rules, and lists what was asked lately. Runs go on in the background.

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { read, write, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { Badge } from '../ui/badge.tsx'
import { day, instant, number, percent } from '../ui/format.ts'
import { Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { backtestStateWords } from '../ui/words.ts'
import { BacktestForm, type Wanted } from './backtest-form.tsx'
import { useBacktests, whereOf, type Run } from './use-backtests.ts'
import styles from './backtest.module.css'

export function BacktestsPage() {
  const may = useMay()
  const query = useBacktests()
  return (
    <Page title="Back-test" about="What your own last days would have come to under other rules" back={{ to: '/plan', text: 'Plan' }}>
      {may('requestBacktest') && <Asking />}
      <Panel title="Back-tests so far">
        <Told query={query} rows={3}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty title="No back-test yet">
                A back-test lets the customers of your own ledger come again, lets goods vanish unseen, and orders by each rule: so you see what a
                rule is worth before you plan by it.
              </Empty>
            ) : (
              <Runs rows={rows} />
            )
          }
        </Told>
      </Panel>
    </Page>
  )
}

function Asking() {
  const navigate = useNavigate()
  const ask = useWrite<Wanted, Answer<'requestBacktest'>>((body, key) => write('POST', '/api/backtests', { body, key }), {
    onDone: ({ id }) => void navigate({ to: '/backtests/$id', params: { id } }),
  })
  const rules = useQuery<Answer<'listPlanningRules'>, Problem>({
    queryKey: ['planning-rules'],
    queryFn: ({ signal }) => read('/api/planning-rules', {}, signal),
    meta: live,
  })
  return (
    <Panel title="Compare rules">
      <Told query={rows(rules)} rows={8}>
        {(known) => <BacktestForm rules={known} isBusy={ask.isPending} problem={ask.error} onAsk={(wanted) => ask.mutate(wanted)} />}
      </Told>
    </Panel>
  )
}

const rows = <Row,>(query: {
  readonly data: { readonly rows: readonly Row[] } | undefined
  readonly error: Error | null
  readonly refetch: () => unknown
}) => ({ data: query.data?.rows, error: query.error, refetch: query.refetch })

function Runs({ rows: runs }: { readonly rows: readonly Run[] }) {
  return (
    <ShortTable
      label="Back-tests so far"
      columns={['Asked', 'State', 'Where', 'Days', 'Goes unseen', 'Policies']}
      ends={4}
      rows={runs.map((run) => ({
        key: run.id,
        cells: [
          <span key="asked" className={styles['named']}>
            <Link to="/backtests/$id" params={{ id: run.id }}>
              {instant(run.askedAt)}
            </Link>
          </span>,
          <State key="state" run={run} />,
          whereOf(run),
          `${day(run.from)} to ${day(run.to)}`,
          percent(run.shrink),
          number(run.policies.length),
        ],
      }))}
    />
  )
}

export function State({ run }: { readonly run: Run }) {
  const { word, tone } = backtestStateWords[run.state]
  const share = run.state === 'running' && run.parts > 0 ? `, ${percent(Math.floor((100 * run.done) / run.parts) / 100)}` : ''
  return <Badge tone={tone}>{`${word}${share}`}</Badge>
}
