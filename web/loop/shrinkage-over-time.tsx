// Shrinkage over time, drawn: columns of value, a line of per cent of sales; a stretch is told in words below when it is pointed at or reached by the
// arrow keys.

import type { Answer } from '../client.ts'
import { day, money, roughMoney } from '../ui/format.ts'
import { StepChart } from '../ui/step-chart.tsx'
import { beginnings, chart, chartOf, type DrawnStretch, type Stretch } from './shrinkage-chart.ts'
import styles from './shrinkage.module.css'

export interface OverTimeProps {
  readonly from: string
  readonly to: string
  readonly by: Stretch
  readonly rows: Answer<'getShrinkage'>['rows']
}

export function ShrinkageOverTime({ from, to, by, rows }: OverTimeProps) {
  const drawn = chartOf(rows, beginnings(from, to, by))
  return (
    <StepChart
      label={by === 'day' ? 'Day' : by === 'week' ? 'Week' : 'Month'}
      {...chart}
      step={drawn.step}
      steps={drawn.stretches.map(({ on, x }) => ({ key: on, x }))}
      words={(index) => inWords(drawn.stretches[index]!, by)}
      legend={
        <>
          <i className={styles['known']} /> with a cause <i className={styles['unexplained']} /> unexplained, up to {roughMoney(drawn.most)};{' '}
          <i className={styles['line']} /> per cent of sales, up to {drawn.mostPercent.toFixed(2)} %
        </>
      }
      className={styles['tall']}
    >
      {drawn.stretches.map((row) => (
        <g key={row.on}>
          <Bar x={row.x} width={drawn.step} from={drawn.zero} to={row.knownTop} tone="known" />
          <Bar x={row.x} width={drawn.step} from={row.knownTop} to={row.top} tone={row.unexplainedValue < 0 ? 'found' : 'unexplained'} />
        </g>
      ))}
      <line x1={0} x2={chart.width} y1={drawn.zero} y2={drawn.zero} className={styles['zero']} />
      <path d={drawn.percents} className={styles['line']} />
    </StepChart>
  )
}

function Bar({
  x,
  width,
  from,
  to,
  tone,
}: {
  readonly x: number
  readonly width: number
  readonly from: number
  readonly to: number
  readonly tone: string
}) {
  if (from === to) return null
  return <rect x={x + 1} y={Math.min(from, to)} width={Math.max(width - 2, 1)} height={Math.abs(from - to)} className={styles[tone]} />
}

function inWords({ on, value, unexplainedValue, percent }: DrawnStretch, by: Stretch): string {
  const when = by === 'day' ? day(on) : by === 'week' ? `Week of ${day(on)}` : on.slice(0, 7)
  const ofSales = percent === null ? 'nothing was sold' : `${percent.toFixed(2)} % of sales`
  return `${when}: ${money(value)} lost, ${money(unexplainedValue)} of it unexplained; ${ofSales}`
}
