// One back-test: how far it is, then what each policy came to, drawn and told with intervals, beside today's rule or beside another run; and the one that is best
// becomes the rule in one step, which can be taken back.

import '@mantine/core/styles/Progress.css'
import { Button, NativeSelect, Progress } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { write, type Answer } from '../client.ts'
import { useMay } from '../session.tsx'
import { day, instant, number, percent } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { AdoptCell, AdoptPart, useAdoption, type Adoption } from './backtest-adopt.tsx'
import { BesideAnother } from './backtest-beside.tsx'
import { PolicyPicture } from './backtest-picture.tsx'
import { figureWords, isSure, shownFigures, toldDifference, toldFigure, toldInterval, toldReach, SAME } from './backtest-words.ts'
import { State } from './backtests.tsx'
import { useBacktest, whereOf, type OneRun, type Result } from './use-backtests.ts'
import styles from './backtest.module.css'

const back = { to: '/backtests', text: 'Back-test' } as const
const route = getRouteApi('/backtests/$id')

export function BacktestPage() {
  const { id } = route.useParams()
  const query = useBacktest(id)
  if (query.data === undefined) return <AwaitedPage title="Back-test" back={back} query={query} />
  return <One key={id} run={query.data} />
}

function One({ run }: { readonly run: OneRun }) {
  return (
    <Page title={`Back-test of ${number(run.days)} days`} back={back} badge={<State run={run} />} about={`Asked for ${instant(run.askedAt)}`}>
      <Facts
        facts={[
          ['Where', whereOf(run)],
          ['Days', `${day(run.from)} to ${day(run.to)}`],
          ['Goes unseen', `${percent(run.shrink)} of what is sold`],
          ['Items lived again', run.items === 0 ? '–' : number(run.items)],
        ]}
      />
      {run.state === 'running' && <Running run={run} />}
      {run.state === 'cancelled' && <Empty title="It was cancelled">Nothing is kept of what was worked out until then.</Empty>}
      {run.state === 'failed' && <Empty title="It could not be worked out">{run.why}</Empty>}
      {run.results !== null && <Results run={run} results={run.results} />}
    </Page>
  )
}

function Running({ run }: { readonly run: OneRun }) {
  const may = useMay()
  const cancel = useWrite<string, Answer<'cancelBacktest'>>((id, key) =>
    write('POST', '/api/backtests/{id}/cancellation', { params: { id }, body: {}, key }),
  )
  const share = run.parts === 0 ? 0 : Math.floor((100 * run.done) / run.parts)
  return (
    <Panel title="It is being worked out">
      <Progress value={share} aria-label="Worked out" />
      <p className={styles['progress']}>
        <span role="status">
          {run.parts === 0
            ? 'It begins as soon as those before it are done.'
            : `${share} % of ${number(run.items)} items, each under ${number(run.policies.length)} policies. It goes on without this page.`}
        </span>
        {may('cancelBacktest') && (
          <Button variant="default" size="compact-sm" loading={cancel.isPending} onClick={() => cancel.mutate(run.id)}>
            Cancel
          </Button>
        )}
      </p>
      {cancel.error !== null && <ProblemBox problem={cancel.error} />}
    </Panel>
  )
}

const shows = { each: 'What each came to', apart: 'How far from the first' } as const

function Results({ run, results }: { readonly run: OneRun; readonly results: readonly Result[] }) {
  const [shown, show] = useState<keyof typeof shows>('each')
  const adoption = useAdoption(run)
  return (
    <>
      <AdoptPart adoption={adoption} run={run} />
      <Panel title="Served at once, against what is tied up in stock">
        <PolicyPicture results={results} />
        <p className={styles['note']}>
          Up and to the left is better; bars hold 95 % of what chance would make of other items like these. A back-test cannot know what customers
          wanted who found nothing, for that is in no ledger; every supplier is on time; and what was not there yet as the days began is left out.
        </p>
      </Panel>
      <Panel
        title="Policies"
        more={
          <NativeSelect
            aria-label="What the table shows"
            size="xs"
            value={shown}
            onChange={(event) => show(event.currentTarget.value === 'apart' ? 'apart' : 'each')}
            data={Object.entries(shows).map(([value, label]) => ({ value, label }))}
          />
        }
      >
        <Table run={run} results={results} adoption={adoption} isApart={shown === 'apart'} />
        {shown === 'apart' && (
          <p
            className={styles['note']}
          >{`Beside “${results[0]!.name}”, item by item, so a difference is surer than the figures. Bold: surely not by chance.`}</p>
        )}
      </Panel>
      <BesideAnother run={run} results={results} />
      <p className={styles['note']}>
        Rules can also be set by hand, at <Link to="/plan">Plan</Link>.
      </p>
    </>
  )
}

interface TableProps {
  readonly run: OneRun
  readonly results: readonly Result[]
  readonly adoption: Adoption
  readonly isApart: boolean
}

function Table({ run, results, adoption, isApart }: TableProps) {
  const may = useMay()
  const cells = ({ figures, fromFirst }: Result, isFirst: boolean) =>
    shownFigures.map((name) => {
      const interval = isApart ? fromFirst[name] : figures[name]
      const told = isApart ? toldDifference(name, interval.value) : toldFigure(name, interval.value)
      const reaches = isApart && !isFirst ? toldReach(name, interval) : isApart ? '' : toldInterval(name, interval)
      return (
        <span key={name} className={styles['figure']}>
          {isApart && isSure(interval) && told !== SAME ? <strong>{told}</strong> : <span>{told}</span>}
          {reaches !== '' && interval.low !== interval.high && <small>{reaches}</small>}
        </span>
      )
    })
  return (
    <ShortTable
      label="Policies"
      columns={['Policy', ...shownFigures.map((name) => figureWords[name].name), 'Adopt']}
      ends={1}
      rows={results.map((result, index) => ({
        key: result.name,
        cells: [
          <span key="name" className={styles['name']}>
            <span className={styles['number']}>{index + 1}</span>
            {result.name}
          </span>,
          ...cells(result, index === 0),
          may('setPlanningRule') ? <AdoptCell key="adopt" policy={run.policies[index]!} adoption={adoption} /> : '',
        ],
      }))}
    />
  )
}
