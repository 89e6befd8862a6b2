// Belief, what is probably there of an item at a site: what is recorded and what is believed side by side, in words, and drawn evening by evening with the
// counts that said how it was. An evening is told in words below the picture when it is pointed at or reached by the arrow keys.

import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { chart, chartOf, type DrawnBelief } from './belief-chart.ts'
import styles from './belief.module.css'
import { read, type Answer, type Problem } from './client.ts'
import { live } from './live.ts'
import { itemPlanQuery } from './loop/item-plan-query.ts'
import { ServiceLevel } from './service-level.tsx'
import { useMay } from './session.tsx'
import { Badge } from './ui/badge.tsx'
import { band, chance, day, instant, money, number, roughNumber, tenths } from './ui/format.ts'
import { Panel } from './ui/page.tsx'
import { StepChart } from './ui/step-chart.tsx'
import { Empty, Told } from './ui/tell.tsx'

type Belief = Answer<'getBelief'>
type BeliefHistory = Answer<'getBeliefHistory'>
interface Of {
  readonly sku: string
  readonly site: string
}

export function ProbablyThere({ sku, site }: Of) {
  // Asked of the list first, which answers also of an item of which nothing is believed.
  const query = useQuery<Answer<'listBeliefs'>, Problem>({
    queryKey: ['item', sku, 'is-believed', site],
    queryFn: ({ signal }) => read('/api/beliefs', { query: { site, sku, limit: 1 } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title={`What is probably there at ${site}`}>
      <Told query={query} rows={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Nothing is believed yet">What is probably there is worked out from the first receipt, sale or count on.</Empty>
          ) : (
            <Known sku={sku} site={site} />
          )
        }
      </Told>
    </Panel>
  )
}

function Known({ sku, site }: Of) {
  const query = useQuery<Belief, Problem>({
    queryKey: ['item', sku, 'belief', site],
    queryFn: ({ signal }) => read('/api/items/{sku}/belief', { params: { sku }, query: { site } }, signal),
    meta: live,
  })
  return (
    <Told query={query} rows={3}>
      {(belief) => (
        <>
          <Verdict belief={belief} sku={sku} />
          <Figures belief={belief} sku={sku} />
          <OverTime sku={sku} site={site} events={belief.events} />
        </>
      )}
    </Told>
  )
}

function Verdict({ belief, sku }: { readonly belief: Belief; readonly sku: string }) {
  const may = useMay()
  const { word, tone, text } = verdictOf(belief)
  return (
    <div className={styles['verdict']}>
      <p>
        <Badge tone={tone}>{word}</Badge> {text}
      </p>
      {tone !== 'good' && may('count') && (
        <Button component={Link} to={`/counts?sku=${encodeURIComponent(sku)}`} variant="default">
          Count it
        </Button>
      )}
    </div>
  )
}

function verdictOf({ phantom, recorded, low, high, empty }: Belief): {
  readonly word: string
  readonly tone: 'good' | 'short' | 'late'
  readonly text: string
} {
  const has = `The record has ${number(recorded)}`
  const band = low === high ? number(low) : `${number(low)} to ${number(high)}`
  if (phantom)
    return { word: 'Phantom', tone: 'late', text: `${has}, and most likely there is none: it is not ordered again, and nobody can buy any.` }
  if (recorded > high) return { word: 'Fewer', tone: 'short', text: `${has}; most likely there are fewer: ${band}.` }
  if (recorded < low) return { word: 'More', tone: 'short', text: `${has}; most likely there are more: ${band}.` }
  const none = recorded > 0 && empty >= DOUBTED ? ` That there is none has a chance of ${chance(empty)}.` : ''
  return { word: 'As recorded', tone: 'good', text: `${has}, and nothing speaks against it.${none}` }
}

/** From this probability of none on it is worth a word. */
const DOUBTED = 0.1

function Figures({ belief, sku }: { readonly belief: Belief; readonly sku: string }) {
  const { recorded, expected, low, high, empty, safe, serviceLevel, lossPerDay, unitsPerDay, counted, countedAt, worth, minutes } = belief
  const facts = [
    ['Recorded', number(recorded)],
    ['Believed', band({ expected, low, high })],
    ['There is none', chance(empty)],
    ['Safe to promise', number(safe)],
    ['Promised', <ServiceLevel key="promised" sku={sku} level={serviceLevel} />],
    ['Goes unseen a day', lossPerDay.toPrecision(2)],
    ['Wanted a day', tenths(unitsPerDay)],
    ['Counted last', countedAt === null || counted === null ? 'Never' : `${number(counted)}, ${instant(countedAt)}`],
    ['A count is worth', `${money(worth)}, in ${tenths(minutes)} min`],
  ] as const
  return (
    <dl className={styles['figures']}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const stretches = [
  [30, 'A month'],
  [90, 'Three months'],
  [365, 'A year'],
  [730, 'Two years'],
] as const
const DAYS_FIRST = 90

/** Worked out anew when the item's events are others, not whenever anything happens anywhere. */
function OverTime({ sku, site, events }: Of & { readonly events: number }) {
  const [days, setDays] = useState<number>(DAYS_FIRST)
  const query = useQuery<BeliefHistory, Problem>({
    queryKey: ['item', sku, 'belief-history', site, days, events],
    queryFn: ({ signal }) => read('/api/items/{sku}/belief/history', { params: { sku }, query: { site, days } }, signal),
    placeholderData: (before) => (before?.sku === sku ? before : undefined),
  })
  const levels = useLevels({ sku, site })
  return (
    <>
      <NativeSelect
        className={styles['stretch']}
        label="Time"
        value={days}
        onChange={(event) => setDays(Number(event.currentTarget.value))}
        data={stretches.map(([value, label]) => ({ value: String(value), label }))}
      />
      <Told query={query} rows={4}>
        {(history) => <Chart key={`${history.days.length} ${history.asOf}`} history={history} levels={levels} />}
      </Told>
    </>
  )
}

/** By which an item is ordered, of a site that supplies no other: of one that does they are levels of all that stands behind it. */
function useLevels({ sku, site }: Of): readonly Level[] {
  const may = useMay()
  const { data } = useQuery({ ...itemPlanQuery({ sku, site }), enabled: may('getItemPlan') })
  const basis = data?.line?.basis
  if (basis === undefined || basis.behind.perDay > 0 || basis.wanted === 0) return []
  return [
    { name: 'order up to', units: basis.orderUpTo },
    { name: 'reorder point', units: basis.reorderPoint },
  ]
}

interface Level {
  readonly name: string
  readonly units: number
}

function Chart({ history: { days, counts, isCut, events }, levels }: { readonly history: BeliefHistory; readonly levels: readonly Level[] }) {
  const drawn = chartOf(
    days,
    counts,
    levels.map((level) => level.units),
  )
  return (
    <>
      <StepChart
        label="Evening"
        {...chart}
        step={drawn.step}
        steps={drawn.evenings.map(({ on, x }) => ({ key: on, x }))}
        words={(index) => inWords(drawn.evenings[index]!, counts)}
        legend={
          <>
            <i className={styles['recorded']} /> recorded <i className={styles['expected']} /> believed <i className={styles['band']} /> with 90 %{' '}
            <i className={styles['dot']} /> counted
            {levels.length > 0 && (
              <>
                {' '}
                <i className={styles['level']} /> {levels.map(({ name, units }) => `${name} ${tenths(units)}`).join(', ')}
              </>
            )}
          </>
        }
        className={styles['tall']}
      >
        <Lines drawn={drawn} />
      </StepChart>
      <p className={styles['soft']}>
        Worked out from the item’s own moves and counts with what the items of this site teach today
        {isCut && `; of more than ${number(events)} the newest, beginning with what was recorded`}.
      </p>
    </>
  )
}

const Lines = ({ drawn }: { readonly drawn: DrawnBelief }) => (
  <g>
    <path d={drawn.band} className={styles['band']} />
    <line x1={0} x2={chart.width} y1={drawn.zero} y2={drawn.zero} className={styles['zero']} />
    {drawn.levels.map((y, level) => (
      <line key={String(level)} x1={0} x2={chart.width} y1={y} y2={y} className={styles['level']} />
    ))}
    <path d={drawn.recorded} className={styles['recorded']} />
    <path d={drawn.expected} className={styles['expected']} />
    {drawn.dots.map((dot) => (
      <circle key={dot.at} cx={dot.x} cy={dot.y} r={6} className={styles['dot']} />
    ))}
    <text x={4} y={12} className={styles['label']}>
      {roughNumber(drawn.most)}
    </text>
  </g>
)

function inWords({ on, recorded, expected, low, high, empty }: BeliefHistory['days'][number], counts: BeliefHistory['counts']): string {
  const counted = counts.filter((one) => one.at.startsWith(on)).map((one) => `; ${number(one.counted)} counted`)
  return `${day(on)}: ${number(recorded)} recorded, ${band({ expected, low, high })} believed, none with ${chance(empty)}${counted.join('')}`
}
