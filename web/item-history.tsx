// Item history: what came and went each day and what was there in the evening, drawn; and ahead what is planned, and what would be there then. A day is
// told in words below the picture when it is pointed at or reached by the arrow keys.

import { useQuery } from '@tanstack/react-query'
import { read, type Answer, type Problem } from './client.ts'
import styles from './item-history.module.css'
import { chartOf, chart, type Drawn } from './item-history-chart.ts'
import { live } from './live.ts'
import { day, number, roughNumber } from './ui/format.ts'
import { Panel } from './ui/page.tsx'
import { StepChart } from './ui/step-chart.tsx'
import { Empty, Told } from './ui/tell.tsx'

type ItemHistory = Answer<'getItemHistory'>

export function History({ sku, site }: { readonly sku: string; readonly site: string }) {
  const query = useQuery<ItemHistory, Problem>({
    queryKey: ['item', sku, 'history', site],
    queryFn: ({ signal }) => read('/api/items/{sku}/history', { params: { sku }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title={`In and out at ${site}`}>
      <Told query={query} rows={3}>
        {(history) => (isStill(history) ? <Empty title="Nothing has moved, and nothing is planned" /> : <Chart history={history} />)}
      </Told>
    </Panel>
  )
}

const isStill = ({ onHand, behind, ahead }: ItemHistory): boolean =>
  onHand === 0 && behind.every((one) => one.came === 0 && one.went === 0) && ahead.every((one) => one.supply === 0 && one.demand === 0)

function Chart({ history }: { readonly history: ItemHistory }) {
  const drawn = chartOf(history)
  return (
    <StepChart
      label="Day"
      {...chart}
      step={drawn.step}
      steps={drawn.days.map(({ on, isAhead, x }) => ({ key: `${on} ${isAhead}`, x }))}
      first={history.behind.length - 1}
      words={(index) => inWords(drawn.days[index]!)}
      legend={
        <>
          <i className={styles['in']} /> in <i className={styles['out']} /> out <i className={styles['line']} /> on hand; lighter and broken: as
          planned
        </>
      }
    >
      <Axis drawn={drawn} />
      {drawn.days.map((row) => (
        <g key={`${row.on} ${row.isAhead}`} className={row.isAhead ? styles['ahead'] : ''}>
          {row.came > 0 && (
            <rect x={row.x + 1} y={row.cameTop} width={Math.max(drawn.step - 2, 1)} height={drawn.zero - row.cameTop} className={styles['in']} />
          )}
          {row.went > 0 && (
            <rect x={row.x + 1} y={drawn.zero} width={Math.max(drawn.step - 2, 1)} height={row.wentBottom - drawn.zero} className={styles['out']} />
          )}
        </g>
      ))}
      <path d={drawn.behindLine} className={styles['line']} />
      <path d={drawn.aheadLine} className={`${styles['line']} ${styles['dashed']}`} />
    </StepChart>
  )
}

const Axis = ({ drawn }: { readonly drawn: Drawn }) => (
  <g>
    <line x1={0} x2={chart.width} y1={drawn.zero} y2={drawn.zero} className={styles['zero']} />
    <line x1={drawn.today} x2={drawn.today} y1={0} y2={chart.height} className={styles['today']} />
    <text x={drawn.today - 6} y={12} textAnchor="end" className={styles['label']}>
      today
    </text>
    <text x={4} y={12} className={styles['label']}>
      {roughNumber(drawn.most)}
    </text>
  </g>
)

function inWords({ on, came, went, there, isAhead }: Drawn['days'][number]): string {
  const parts = isAhead
    ? [`${number(came)} to come`, `${number(went)} to go`, there < 0 ? `${number(-there)} would lack` : `${number(there)} would be there`]
    : [`${number(came)} in`, `${number(went)} out`, `${number(there)} on hand`]
  return `${day(on)}: ${parts.join(', ')}`
}
