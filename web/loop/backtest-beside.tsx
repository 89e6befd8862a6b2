// Two back-tests side by side: what the same policy came to in another run, e.g. where more goes unseen. Policies are the same by their name.

import { NativeSelect } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { day, percent } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, Told } from '../ui/tell.tsx'
import { figureWords, shownFigures, toldDifference, toldFigure } from './backtest-words.ts'
import { useBacktest, useBacktests, whereOf, type OneRun, type Result, type Run } from './use-backtests.ts'
import styles from './backtest.module.css'

const route = getRouteApi('/backtests/$id')

const nameOf = (run: Run): string => `${percent(run.shrink)} unseen, ${whereOf(run)}, ${day(run.from)} to ${day(run.to)}`

export function BesideAnother({ run, results }: { readonly run: OneRun; readonly results: readonly Result[] }) {
  const { beside = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const others = (useBacktests().data?.rows ?? []).filter((one) => one.state === 'done' && one.id !== run.id)
  const choose = (id: string): void =>
    void navigate({ search: ({ beside: _before, ...more }) => ({ ...more, ...(id === '' ? {} : { beside: id }) }), resetScroll: false })
  if (others.length === 0 && beside === '') return null
  return (
    <Panel title="Beside another back-test">
      <NativeSelect
        aria-label="Another back-test"
        value={beside}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[{ value: '', label: 'Choose one' }, ...others.map((one) => ({ value: one.id, label: nameOf(one) }))]}
      />
      {beside !== '' && <Beside id={beside} results={results} />}
    </Panel>
  )
}

function Beside({ id, results }: { readonly id: string; readonly results: readonly Result[] }) {
  const query = useBacktest(id)
  return (
    <Told query={query} rows={4}>
      {(other) => {
        const there = new Map((other.results ?? []).map((one) => [one.name, one]))
        const both = results.filter((one) => there.has(one.name))
        if (both.length === 0) return <Empty title="No policy is in both" />
        return (
          <ShortTable
            label="Side by side"
            columns={['Policy', ...shownFigures.map((name) => figureWords[name].name)]}
            ends={1}
            rows={both.map(({ name, figures }) => ({
              key: name,
              cells: [
                name,
                ...shownFigures.map((figure) => (
                  <Pair key={figure} figure={figure} here={figures[figure].value} there={there.get(name)!.figures[figure].value} />
                )),
              ],
            }))}
          />
        )
      }}
    </Told>
  )
}

function Pair({ figure, here, there }: { readonly figure: (typeof shownFigures)[number]; readonly here: number; readonly there: number }) {
  return (
    <span className={styles['figure']}>
      <span>{toldDifference(figure, there - here)}</span>
      <small>{`${toldFigure(figure, here)} → ${toldFigure(figure, there)}`}</small>
    </span>
  )
}
