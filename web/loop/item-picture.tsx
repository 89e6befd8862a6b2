// Item picture: an item at a site behind and ahead in one drawing. What customers took and are forecast to want; what was recorded, believed and counted; what
// would be there with what comes and what is proposed, between the levels by which it is ordered. A day is told in words when it is pointed at or reached by the
// arrow keys. Each part is drawn for those who may see it.

import { NativeSelect } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { outlook } from '../../core/loop/replenish-outlook.ts'
import { factorOn } from '../../core/planning.ts'
import { beliefHistoryQuery, beliefQuery, isBelievedQuery, type BeliefHistory } from '../belief-query.ts'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { band, chance, day, number, roughNumber, tenths } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { StepChart } from '../ui/step-chart.tsx'
import { Empty, Told } from '../ui/tell.tsx'
import { dayAfter, daysFrom, drawn, factorOf, HEIGHT, isEmptied, type Ahead, type Drawn, type Evening, type Pictured } from './item-picture-chart.ts'
import styles from './item-picture.module.css'
import { knownOn } from './item-plan-known.tsx'
import { itemPlanQuery, type ItemPlan } from './item-plan-query.ts'

interface Of {
  readonly sku: string
  readonly site: string
}
type ItemHistory = Answer<'getItemHistory'>

const stretches = [
  [30, 'A month'],
  [90, 'Three months'],
  [365, 'A year'],
] as const
const DAYS_FIRST = 90
const WEEK_DAYS = 7
/** So wide that lines and words are not too small. */
const [WIDTH, WIDTH_PHONE] = [960, 420]
/** So far ahead demand is forecast. */
const AHEAD_WEEKS_MAX = 13

export function BehindAndAhead({ sku, site }: Of) {
  const [days, setDays] = useState<number>(DAYS_FIRST)
  const weeksAhead = Math.min(AHEAD_WEEKS_MAX, Math.ceil(days / WEEK_DAYS))
  const history = useQuery<ItemHistory, Problem>({
    queryKey: ['item', sku, 'history', site, days],
    queryFn: ({ signal }) =>
      read('/api/items/{sku}/history', { params: { sku }, query: { site, behind: days, ahead: weeksAhead * WEEK_DAYS + 1 } }, signal),
    enabled: site !== '',
    meta: live,
    placeholderData: (before) => (before?.sku === sku ? before : undefined),
  })
  const plan = usePlan({ sku, site })
  const belief = useBelief({ sku, site, days })
  const stretch = (
    <NativeSelect
      aria-label="How far back"
      size="xs"
      value={days}
      onChange={(event) => setDays(Number(event.currentTarget.value))}
      data={stretches.map(([value, label]) => ({ value: String(value), label }))}
    />
  )
  return (
    <Panel title={`Behind and ahead at ${site}`} more={stretch}>
      <Told query={history} rows={5}>
        {(moved) => {
          const known = knownOf({ moved, plan, belief })
          if (isNothing(known))
            return <Empty title="Nothing was ever here">What was sold, is there and comes is drawn from the first receipt or sale on.</Empty>
          return <Picture key={`${days} ${known.today}`} known={known} isCut={belief?.isCut === true} />
        }}
      </Told>
    </Panel>
  )
}

function usePlan({ sku, site }: Of): ItemPlan | undefined {
  const may = useMay()
  return useQuery({ ...itemPlanQuery({ sku, site }), enabled: site !== '' && may('getItemPlan') }).data
}

function useBelief({ sku, site, days }: Of & { readonly days: number }): BeliefHistory | undefined {
  const may = useMay()
  const isBelieved = useQuery({ ...isBelievedQuery({ sku, site }), enabled: site !== '' && may('getBelief') })
  const belief = useQuery({ ...beliefQuery({ sku, site }), enabled: (isBelieved.data?.rows.length ?? 0) > 0 })
  const events = belief.data?.events
  return useQuery({ ...beliefHistoryQuery({ sku, site, days, events: events ?? 0 }), enabled: events !== undefined }).data
}

interface Known extends Omit<Pictured, 'levels' | 'known'> {
  readonly known: ItemPlan['known']
  readonly levels: readonly { readonly name: string; readonly units: number }[]
  readonly chances: ReadonlyMap<string, number>
}

interface Told {
  readonly moved: ItemHistory
  readonly plan: ItemPlan | undefined
  readonly belief: BeliefHistory | undefined
}

function knownOf({ moved, plan, belief }: Told): Known {
  const today = moved.ahead[0]!.on
  const first = moved.behind[0]!.on
  const believed = (belief?.days ?? []).filter(({ on }) => on >= first).map((one): Evening => ({ ...one, isBelieved: true }))
  const before = moved.behind.filter(({ on }) => believed[0] === undefined || on < believed[0].on)
  const evenings = [
    ...before.map(({ on, onHand }): Evening => ({ on, recorded: onHand, expected: onHand, low: onHand, high: onHand, isBelieved: false })),
    ...believed,
  ]
  const ahead = plan === undefined ? [] : aheadOf(plan, moved, evenings.at(-1))
  return {
    first,
    today,
    days: moved.behind.length + moved.ahead.length - 1,
    sold: plan?.history ?? [],
    emptyDays: plan?.emptyDays ?? [],
    known: plan?.known.filter(({ to }) => to >= first) ?? [],
    forecast: (plan?.forecast ?? [])
      .slice(0, Math.ceil((moved.ahead.length - 1) / WEEK_DAYS))
      .map((week, index) => ({ ...week, adjusted: week.mean * factorOf(today, index, plan!.adjustments) })),
    evenings,
    counts: belief?.counts.filter(({ at }) => at >= first) ?? [],
    ahead,
    levels: levelsOf(plan),
    chances: new Map(belief?.days.map(({ on, empty }) => [on, empty])),
  }
}

/** By which an item is ordered, of a site that supplies no other: of one that does they are levels of all that stands behind it. */
function levelsOf(plan: ItemPlan | undefined): Known['levels'] {
  const basis = plan?.line?.basis
  if (basis === undefined || basis.behind.perDay > 0 || basis.wanted === 0) return []
  return [
    { name: 'order up to', units: basis.orderUpTo },
    { name: 'reorder point', units: basis.reorderPoint },
  ]
}

/** Between where 80 % lie, in standard deviations. */
const WIDTH_80 = 2 * 1.2816

function aheadOf({ forecast, weekdays, adjustments, line }: ItemPlan, { ahead }: ItemHistory, now: Evening | undefined): readonly Ahead[] {
  const tomorrow = dayAfter(ahead[0]!.on, 1)
  const proposed = proposedOf(line, ahead)
  const days = ahead.map(({ on, supply, demand }) => {
    const index = daysFrom(tomorrow, on)
    const week = index < 0 ? undefined : forecast[Math.floor(index / WEEK_DAYS)]
    const factor = factorOn(on, adjustments)
    const mean = week === undefined ? 0 : week.mean * weekdays[index % WEEK_DAYS]! * factor + (line?.basis.behind.perDay ?? 0)
    const variance = week === undefined ? 0 : ((week.high - week.low) / WIDTH_80) ** 2 / WEEK_DAYS
    return { on, forecast: mean, variance, booked: demand, coming: supply, proposed: on === proposed.on ? proposed.units : 0 }
  })
  const then = outlook(
    now ?? { expected: 0, low: 0, high: 0 },
    days.map((one) => ({ ...one, coming: one.coming + one.proposed })),
  )
  return days.map(({ on, coming, proposed: some }, index) => ({ on, coming, proposed: some, ...then[index]! }))
}

/** What of a line is still to be ordered: what came to be on its way since the plan looked is not. */
function proposedOf(line: ItemPlan['line'], ahead: ItemHistory['ahead']): { readonly on: string; readonly units: number } {
  const today = ahead[0]!.on
  if (line === null || line.due === null) return { on: today, units: 0 }
  const since = ahead.reduce((sum, { supply }) => sum + supply, 0) - line.basis.supply
  return { on: line.due < today ? today : line.due, units: Math.max(0, line.quantity - Math.max(0, since)) }
}

const isNothing = ({ sold, forecast, evenings, counts, ahead }: Known): boolean =>
  sold.every((units) => units === 0) &&
  forecast.every((week) => week.mean === 0) &&
  counts.length === 0 &&
  evenings.every((one) => one.recorded === 0 && one.high === 0) &&
  ahead.every((one) => one.coming === 0 && one.proposed === 0)

function Picture({ known, isCut }: { readonly known: Known; readonly isCut: boolean }) {
  const width = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false }) === true ? WIDTH_PHONE : WIDTH
  const picture = drawn({ ...known, levels: known.levels.map((level) => level.units) }, width)
  return (
    <>
      <StepChart
        label="Day"
        width={width}
        height={HEIGHT}
        step={picture.step}
        steps={picture.days.map(({ on, x }) => ({ key: on, x }))}
        first={daysFrom(known.first, known.today)}
        words={(index) => inWords(picture.days[index]!.on, known)}
        legend={<Legend known={known} />}
        className={styles['tall']}
      >
        <Demand of={picture.demand} isShown={known.sold.length + known.forecast.length > 0} />
        <Stock of={picture.stock} />
        <line x1={picture.todayEnd} x2={picture.todayEnd} y1={0} y2={HEIGHT} className={styles['today']} />
      </StepChart>
      {isCut && <p className={styles['soft']}>What was believed is worked out from its newest moves, beginning with what was recorded.</p>}
    </>
  )
}

const Demand = ({
  of: { zero, most, bars, empty, known, mean, fan, adjusted },
  isShown,
}: {
  readonly of: Drawn['demand']
  readonly isShown: boolean
}) =>
  isShown && (
    <g>
      {bars.map((bar) => (
        <rect key={bar.x} {...bar} className={styles['sold']} />
      ))}
      {empty.map((strip) => (
        <rect key={strip.x} {...strip} className={styles['empty']} />
      ))}
      {known.map((strip) => (
        <rect key={`${strip.x} ${strip.width}`} {...strip} className={styles['known']} />
      ))}
      <path d={fan} className={styles['band']} />
      <line x1={0} x2="100%" y1={zero} y2={zero} className={styles['zero']} />
      <path d={mean} className={styles['expected']} />
      <path d={adjusted} className={styles['adjusted']} />
      <text x={4} y={12} className={styles['label']}>
        {roughNumber(most)} a week
      </text>
    </g>
  )

const Stock = ({ of }: { readonly of: Drawn['stock'] }) => (
  <g>
    <path d={of.band} className={styles['band']} />
    <path d={of.aheadBand} className={styles['band']} />
    {of.comes.map(({ isProposed, ...bar }) => (
      <rect key={`${bar.x} ${isProposed}`} {...bar} className={styles[isProposed ? 'proposed' : 'comes']} />
    ))}
    <line x1={0} x2="100%" y1={of.zero} y2={of.zero} className={styles['zero']} />
    {of.levels.map((y, level) => (
      <line key={String(level)} x1={0} x2="100%" y1={y} y2={y} className={styles['level']} />
    ))}
    <path d={of.recorded} className={styles['recorded']} />
    <path d={of.expected} className={styles['expected']} />
    <path d={of.ahead} className={`${styles['expected']} ${styles['dashed']}`} />
    {of.dots.map((dot) => (
      <circle key={dot.at} cx={dot.x} cy={dot.y} r={6} className={styles['dot']} />
    ))}
    <text x={4} y={188} className={styles['label']}>
      {roughNumber(of.most)} there
    </text>
  </g>
)

function Legend({ known: { sold, emptyDays, forecast, known, evenings, counts, ahead, levels } }: { readonly known: Known }) {
  const isBelieved = evenings.some((one) => one.isBelieved)
  const items = [
    sold.length > 0 && ['sold', 'sold'],
    emptyDays.some(isEmptied) && ['empty', 'probably none to sell'],
    known.length > 0 && ['known', 'event or price'],
    forecast.some((week) => week.adjusted !== week.mean) && ['adjusted', 'adjusted'],
    ['recorded', 'recorded'],
    isBelieved && ['expected', 'believed, ahead as forecast'],
    isBelieved && ['band', 'with 90 %, ahead 80 %'],
    counts.length > 0 && ['dot', 'counted'],
    ahead.some((one) => one.coming > 0) && ['comes', 'on its way'],
    ahead.some((one) => one.proposed > 0) && ['proposed', 'proposed'],
    levels.length > 0 && ['level', levels.map(({ name, units }) => `${name} ${tenths(units)}`).join(', ')],
  ].filter((item) => item !== false)
  return (
    <>
      {items.map(([name, words]) => (
        <span key={name} className={styles['named']}>
          <i className={styles[name!]} /> {words}
        </span>
      ))}
    </>
  )
}

function inWords(on: string, known: Known): string {
  const parts = [...(on > known.today ? wordsAhead(on, known) : wordsBehind(on, known)), ...knownOn(known.known, on)]
  return `${day(on)}: ${parts.length === 0 ? 'nothing is known' : parts.join('; ')}`
}

function wordsBehind(on: string, { today, evenings, chances, counts, sold, emptyDays }: Known): readonly string[] {
  const evening = evenings.find((one) => one.on === on)
  const believed = evening?.isBelieved === true ? `, ${band(evening)} believed, none with ${chance(chances.get(on) ?? 0)}` : ''
  const week = sold.length + Math.floor(daysFrom(today, on) / WEEK_DAYS)
  const none = isEmptied(emptyDays[week] ?? 0) ? `, probably none to sell on ${tenths(emptyDays[week]!)} days` : ''
  return [
    ...(evening === undefined ? [] : [`${number(evening.recorded)} recorded${believed}`]),
    ...counts.filter((one) => one.at.startsWith(on)).map((one) => `${number(one.counted)} counted`),
    ...(on < today && sold[week] !== undefined ? [`${number(sold[week])} sold in its week${none}`] : []),
  ]
}

function wordsAhead(on: string, { today, forecast, ahead }: Known): readonly string[] {
  const week = forecast[Math.floor((daysFrom(today, on) - 1) / WEEK_DAYS)]
  const then = ahead.find((one) => one.on === on)
  const adjusted = week === undefined || week.adjusted === week.mean ? '' : `, adjusted to ${tenths(week.adjusted)}`
  return [
    ...(week === undefined ? [] : [`${tenths(week.mean)} forecast in its week, ${tenths(week.low)} to ${tenths(week.high)} with 80 %${adjusted}`]),
    ...(then !== undefined && then.coming > 0 ? [`${number(then.coming)} to come`] : []),
    ...(then !== undefined && then.proposed > 0 ? [`${number(then.proposed)} proposed would come`] : []),
    ...(then === undefined ? [] : [`${tenths(then.expected)} (${tenths(then.low)} to ${tenths(then.high)}) would be there`]),
  ]
}
