// Count list: what to count next at a site, in the order of a walk, and why; one button makes a count sheet of the lines that are chosen, and goes on to the page
// on which they are counted. It is for who opens sheets: who only counts is told neither what is recorded nor what is believed.

import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/Checkbox.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { read, write, type Answer, type Problem } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { band, chance, day, money, number, tenths, today } from '../ui/format.ts'
import { Facts, Filters, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './count-list.module.css'
import { askedOf, lengths, purposes, sizes, type CountListSearch, type Purpose } from './count-list-search.ts'
import { HowRight } from './record-accuracy.tsx'

type CountList = Answer<'getCountList'>
type Row = CountList['rows'][number]

const route = getRouteApi('/count-list')

export function CountListPage() {
  const site = useSite()
  const may = useMay()
  const asked = askedOf(route.useSearch())
  const navigate = route.useNavigate()
  // Not live: who chooses lines does not want them to change under his hand.
  const query = useQuery<CountList, Problem>({
    queryKey: ['count-list', site, asked],
    queryFn: ({ signal }) => read('/api/count-list', { query: { site, ...asked } }, signal),
    enabled: site !== '',
  })
  const choices = <Choices asked={asked} onChange={(changed) => void navigate({ search: (before) => ({ ...before, ...changed }) })} />
  return (
    <Page title="Count list" about={`What to count next at ${site}: what is most worth the minutes, and some that chance drew`}>
      <Told query={query} rows={8}>
        {(list) =>
          list.rows.length === 0 ? (
            <Panel title="What to count">
              <Empty title="Nothing is worth a count yet">
                What is there is believed from the first receipt, sale or count on; then it is listed here.
              </Empty>
            </Panel>
          ) : (
            <Lines key={`${site} ${list.seed} ${list.rows.map((row) => row.sku).join()}`} list={list} site={site} choices={choices} />
          )
        }
      </Told>
      {may('getRecordAccuracy') && <HowRight site={site} />}
    </Page>
  )
}

interface ChoicesProps {
  readonly asked: ReturnType<typeof askedOf>
  readonly onChange: (changed: CountListSearch) => void
}

const purposeWords: Readonly<Record<Purpose, string>> = { stock_outs: 'Empty shelves', discrepancies: 'Wrong records' }

/** What to look for, how many, and in how many minutes. */
function Choices({ asked, onChange }: ChoicesProps) {
  const data = (values: readonly number[], unit = ''): { value: string; label: string }[] =>
    values.map((value) => ({ value: String(value), label: `${number(value)}${unit}` }))
  return (
    <>
      <NativeSelect
        label="To find"
        value={asked.purpose}
        onChange={(event) => onChange({ purpose: purposes.find((one) => one === event.currentTarget.value)! })}
        data={purposes.map((value) => ({ value, label: purposeWords[value] }))}
      />
      <NativeSelect
        label="Items"
        value={asked.size}
        onChange={(event) => onChange({ size: sizes.find((one) => String(one) === event.currentTarget.value)! })}
        data={data(sizes)}
      />
      <NativeSelect
        label="Within"
        value={asked.minutes ?? ''}
        onChange={(event) => {
          const minutes = lengths.find((one) => String(one) === event.currentTarget.value)
          onChange({ minutes })
        }}
        data={[{ value: '', label: 'Any time' }, ...data(lengths, ' min')]}
      />
    </>
  )
}

function Lines({ list, site, choices }: { readonly list: CountList; readonly site: string; readonly choices: ReactNode }) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const chosen = list.rows.filter((row) => !left.has(row.sku))
  const sum = (of: (row: Row) => number): number => chosen.reduce((all, row) => all + of(row), 0)
  const turn = (sku: string): void =>
    setLeft((before) => (before.has(sku) ? new Set([...before].filter((one) => one !== sku)) : new Set([...before, sku])))
  return (
    <>
      <Making site={site} seed={list.seed} chosen={chosen} choices={choices} />
      <Facts
        facts={[
          ['Chosen', `${number(chosen.length)} of ${number(list.rows.length)}`],
          ['Takes', `${tenths(sum((row) => row.minutes))} min`],
          ['Worth', money(sum((row) => row.worth))],
          ['Probably empty', number(chosen.filter((row) => row.recorded > 0 && row.empty >= 0.5).length)],
        ]}
      />
      <Panel title="What to count, in the order of a walk">
        <ShortTable
          label="What to count"
          columns={['Item', 'Place', 'Recorded', 'Believed', 'There is none', 'Record wrong', 'Worth', 'Minutes']}
          ends={2}
          rows={list.rows.map((row) => ({
            key: row.sku,
            cells: [
              <Item key="item" row={row} isChosen={!left.has(row.sku)} onTurn={() => turn(row.sku)} />,
              row.place ?? 'Nowhere by the record',
              number(row.recorded),
              band(row),
              chance(row.empty),
              chance(row.wrong),
              money(row.worth),
              tenths(row.minutes),
            ],
            more: whyOf(row),
          }))}
        />
        <p className={styles['soft']}>
          {list.rows.some((row) => row.drawn)
            ? `A tenth is drawn by chance, with the seed ${list.seed}: only these say how right the record is where nobody doubts it.`
            : 'All that is here is on the list, so there is nothing left to draw by chance.'}
          {list.rows.some((row) => row.drawn && left.has(row.sku)) && ' One of them is left out: what is drawn and left out makes that figure worse.'}
        </p>
      </Panel>
    </>
  )
}

/** The reason without what stands in columns of its own. */
const whyOf = ({ reason }: Row): string => reason.replace(/^worth [^:]*: /, '')

function Item({ row, isChosen, onTurn }: { readonly row: Row; readonly isChosen: boolean; readonly onTurn: () => void }) {
  return (
    <span className={styles['item']}>
      <Checkbox checked={isChosen} onChange={onTurn} aria-label={`Count ${row.sku}`} />
      <span>
        <Link to="/items/$sku" params={{ sku: row.sku }}>
          {row.sku}
        </Link>{' '}
        <span className={styles['soft']}>{row.name}</span>
      </span>
      {row.drawn && <Badge tone="busy">By chance</Badge>}
    </span>
  )
}

interface Made {
  readonly lines: readonly { readonly sku: string; readonly drawn: boolean }[]
  readonly units: number | undefined
}

interface MakingProps {
  readonly site: string
  readonly seed: number
  readonly chosen: readonly Row[]
  readonly choices: ReactNode
}

/** Makes a sheet of what is chosen and goes on to count it, or to look at it where one does not count. */
function Making({ site, seed, chosen, choices }: MakingProps) {
  const may = useMay()
  const navigate = useNavigate()
  const [units, setUnits] = useState('')
  const make = useWrite<Made, Answer<'openCountSheet'>>(
    ({ lines, units: off }, key) =>
      write('POST', '/api/count-sheets', {
        body: {
          site,
          kind: 'cycle',
          note: `Count list, ${day(today(Date.now()))}`,
          tolerance: off === undefined ? {} : { units: off },
          list: { seed, lines: [...lines] },
        },
        key,
      }),
    {
      onDone: (sheet) =>
        void navigate({ to: may('enterCounts') ? '/count-sheets/$id/count' : '/count-sheets/$id', params: { id: String(sheet['id']) } }),
    },
  )
  const send = (): void =>
    make.mutate({ lines: chosen.map(({ sku, drawn }) => ({ sku, drawn })), units: units === '' ? undefined : Math.max(0, Number(units)) })
  return (
    <>
      <Filters>
        {choices}
        <TextInput label="Tolerance in pieces" type="number" min={0} value={units} onChange={(event) => setUnits(event.currentTarget.value)} />
        <Button className={styles['make']} onClick={send} loading={make.isPending} disabled={chosen.length === 0}>
          {`Make a count sheet of ${number(chosen.length)}`}
        </Button>
      </Filters>
      {make.error !== null && <ProblemBox problem={make.error} />}
    </>
  )
}
