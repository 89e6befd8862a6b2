// Flow: the whole of a site as one living picture, the newest orders and what needs a person. Everything in it leads to the list it counts.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { OrderBadge } from '../ui/badge.tsx'
import { ago, instant, money } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Empty, ProblemBox, Told } from '../ui/tell.tsx'
import { exceptionWord } from '../ui/words.ts'
import styles from './flow.module.css'
import { Picture } from './picture.tsx'

const FEW = 7
const COUNT_AGAIN_MILLISECONDS = 10_000

export function FlowPage() {
  const may = useMay()
  const site = useSite()
  const {
    data: picture,
    error,
    refetch,
  } = useQuery<Answer<'getFlow'>, Problem>({
    queryKey: ['flow', site],
    queryFn: ({ signal }) => read('/api/flow', { query: { site } }, signal),
    enabled: site !== '',
    meta: live,
    // A count is shared and may be some seconds old when the last event has been told.
    refetchInterval: COUNT_AGAIN_MILLISECONDS,
  })
  return (
    <Page
      title="Overview"
      about={
        picture === undefined ? 'What stands at each stage' : `What stands at each stage of ${picture.site}, counted ${instant(picture.countedAt)}`
      }
      actions={
        may('placeOrder') && (
          <Button renderRoot={(props) => <Link to="/orders/new" {...props} />} leftSection={<Icon name="add" size={16} />}>
            New order
          </Button>
        )
      }
    >
      {error !== null && picture === undefined ? <ProblemBox problem={error} retry={() => void refetch()} /> : <Picture picture={picture} />}
      <div className={styles['below']}>
        <NewestOrders site={site} />
        <NeedsAPerson site={site} />
      </div>
    </Page>
  )
}

function NewestOrders({ site }: { readonly site: string }) {
  const query = useQuery<Answer<'listOrders'>, Problem>({
    queryKey: ['orders', site, 'newest'],
    queryFn: ({ signal }) => read('/api/orders', { query: { site, limit: FEW } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title="Newest orders" more={<Link to="/orders">All orders</Link>}>
      <Told query={query} rows={FEW}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="No orders yet">They come from tills, machines and people, and stand here as they come.</Empty>
          ) : (
            <ul className={styles['few']}>
              {rows.map((row) => (
                <li key={row.number}>
                  <Link to="/orders/$number" params={{ number: row.number }}>
                    {row.number}
                  </Link>
                  <span className={styles['who']}>{row.customerName}</span>
                  <span className={styles['amount']}>{money(row.value)}</span>
                  <OrderBadge state={row.state} />
                </li>
              ))}
            </ul>
          )
        }
      </Told>
    </Panel>
  )
}

function NeedsAPerson({ site }: { readonly site: string }) {
  const query = useQuery<Answer<'listExceptions'>, Problem>({
    queryKey: ['exceptions', site, 'few'],
    queryFn: ({ signal }) => read('/api/exceptions', { query: { site, limit: FEW } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title="Needs a person" more={<Link to="/exceptions">All exceptions</Link>}>
      <Told query={query} rows={FEW}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Nothing needs a person">When stock that was held is gone, or a count differs, it stands here.</Empty>
          ) : (
            <ul className={styles['few']}>
              {rows.map((row) => (
                <li key={row.id}>
                  <strong>{exceptionWord(row.kind)}</strong>
                  <span className={styles['who']}>{row.detail}</span>
                  <span className={styles['soft']}>{ago(row.raisedAt, Date.now())}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Told>
    </Panel>
  )
}
