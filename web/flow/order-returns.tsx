// Order returns: what of an order comes back or came back, each with how far it is. Asked for only where something has left.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { moneyIn, number } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import styles from './order.module.css'
import { ReturnBadge } from './returns.tsx'

type Order = Answer<'getOrder'>
type Row = Answer<'listReturns'>['rows'][number]

export function Returns({ order }: { readonly order: Order }) {
  const { site, number: wanted } = order
  const { data } = useQuery<Answer<'listReturns'>, Problem>({
    queryKey: ['returns', site, 'of', wanted],
    queryFn: ({ signal }) => read('/api/returns', { query: { site, order: wanted } }, signal),
    enabled: order.lines.some((line) => line.shipped > 0),
    meta: live,
  })
  const rows = data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <Panel title="Returns">
      <ul className={styles['goods']}>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to="/returns/$id" params={{ id: row.id }} search={{ site }}>
              {row.number}
            </Link>
            <ReturnBadge state={row.state} />
            <span className={styles['soft']}>{inWords(row)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function inWords({ toCome, toInspect, refund, currency }: Row): string {
  return [
    ...(toCome > 0 ? [`${number(toCome)} to come`] : []),
    ...(toInspect > 0 ? [`${number(toInspect)} to inspect`] : []),
    ...(refund > 0 ? [`${moneyIn(refund, currency)} due to the customer`] : []),
  ].join(' · ')
}
