// Plan desk: what the plan proposes to buy, make and move for a site, what has the most at risk first, to be approved one by one or many at once; which open orders
// come too late; and a new plan, with its progress.

import '@mantine/core/styles/Checkbox.css'
import '@mantine/core/styles/Progress.css'
import { Button, Checkbox, NativeSelect, Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { newKey, read, write, type Answer, type Problem, type RowOf } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { day, instant, money, number } from '../ui/format.ts'
import { Facts, Filters, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { PlanByItself } from './plan-by-itself.tsx'
import { OrderAll } from './plan-conditions.tsx'
import { PlanningRules } from './plan-rules.tsx'
import { SourceTerms } from './plan-terms.tsx'
import styles from './plan.module.css'

type Plan = Answer<'getPlan'>
type Order = RowOf<'listPlannedOrders'>

const LOOK_MILLISECONDS = 1_000
const ORDERS_MAX = 500

export function PlanPage() {
  const site = useSite()
  const query = useQuery<Plan, Problem>({
    queryKey: ['plan'],
    queryFn: ({ signal }) => read('/api/plan', {}, signal),
    meta: live,
    // A run is no event of any site.
    refetchInterval: (asked) => (asked.state.data?.running ? LOOK_MILLISECONDS : false),
  })
  return (
    <Page title="Plan" about={`What to buy, make and move for ${site} next, and why`} actions={<Actions plan={query.data} />}>
      <Told query={query} rows={8}>
        {(plan) => (
          <>
            {plan.running !== null && <Running running={plan.running} />}
            {plan.plan === null ? (
              <Empty title="Nothing is planned yet">
                A plan forecasts what customers will want of every item at every site, and proposes what to order for it.
              </Empty>
            ) : (
              <>
                <Facts
                  facts={[
                    ['Planned', instant(plan.plan.askedAt)],
                    ...(plan.schedule.next === null ? [] : [['Next plan', instant(plan.schedule.next)] as const]),
                    ['Not approved yet', `${number(plan.orders)} order${plan.orders === 1 ? '' : 's'}`],
                    ['Worth', money(plan.value)],
                    ['At risk without them', money(plan.risk)],
                    ...(plan.waiting === 0 ? [] : [['Wait for a least order', number(plan.waiting)] as const]),
                  ]}
                />
                <Orders key={`${site} ${plan.plan.id}`} site={site} run={plan.plan.id} />
                <Messages key={`messages ${site}`} site={site} run={plan.plan.id} />
              </>
            )}
            <PlanByItself site={site} schedule={plan.schedule} />
          </>
        )}
      </Told>
      <PlanningRules site={site} />
      <SourceTerms />
    </Page>
  )
}

function Actions({ plan }: { readonly plan: Plan | undefined }) {
  const may = useMay()
  return (
    <>
      {may('listDemandEvents') && <Link to="/events">Promotions, holidays and closed days</Link>}
      <PlanNow plan={plan} />
    </>
  )
}

function PlanNow({ plan }: { readonly plan: Plan | undefined }) {
  const may = useMay()
  const ask = useWrite<object, Answer<'requestPlan'>>((body, key) => write('POST', '/api/plan/runs', { body, key }))
  if (!may('requestPlan')) return null
  return (
    <>
      {ask.error !== null && <ProblemBox problem={ask.error} />}
      <Button onClick={() => ask.mutate({})} loading={ask.isPending} disabled={plan === undefined || plan.running !== null}>
        Plan now
      </Button>
    </>
  )
}

function Running({ running }: { readonly running: NonNullable<Plan['running']> }) {
  const may = useMay()
  const cancel = useWrite<string, Answer<'cancelPlan'>>((id, key) =>
    write('POST', '/api/plan/runs/{id}/cancellation', { params: { id }, body: {}, key }),
  )
  const share = running.parts === 0 ? 0 : (100 * running.done) / running.parts
  return (
    <Panel title="A plan is being worked out">
      <Progress value={share} aria-label="Worked out" />
      <p className={styles['progress']} role="status">
        {running.parts === 0 ? 'It begins in a moment.' : `${number(running.items)} items at their sites are planned; ${Math.round(share)} %.`}
        {may('cancelPlan') && (
          <Button variant="default" size="compact-sm" loading={cancel.isPending} onClick={() => cancel.mutate(running.id)}>
            Cancel
          </Button>
        )}
      </p>
      {cancel.error !== null && <ProblemBox problem={cancel.error} />}
    </Panel>
  )
}

const froms = { '': 'All', supplier: 'Purchases', site: 'Transfers', production: 'Work orders' } as const
type From = keyof typeof froms

function Orders({ site, run }: { readonly site: string; readonly run: string }) {
  const [from, setFrom] = useState<From>('')
  const query = useQuery<Answer<'listPlannedOrders'>, Problem>({
    queryKey: ['plan', 'orders', site, run, from],
    queryFn: ({ signal }) => read('/api/plan/orders', { query: { site, limit: ORDERS_MAX, ...(from !== '' && { from }) } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title={`Proposed for ${site}`}>
      <Filters>
        <NativeSelect
          label="Show"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value as From)}
          data={Object.entries(froms).map(([value, label]) => ({ value, label }))}
        />
      </Filters>
      <Told query={query} rows={6}>
        {({ rows, next }) =>
          rows.length === 0 ? (
            <Empty title="Nothing is to be ordered">What is there and on its way is enough until the order after the next one.</Empty>
          ) : (
            <Chosen site={site} from={from} rows={rows} hasMore={next !== null} />
          )
        }
      </Told>
    </Panel>
  )
}

interface ChosenProps {
  readonly site: string
  readonly from: From
  readonly rows: readonly Order[]
  readonly hasMore: boolean
}

/** What is within the budget, does not wait and is not ordered yet is ticked at first. */
function Chosen({ site, from, rows, hasMore }: ChosenProps) {
  const may = useMay()
  const [isOrderingAll, orderAll] = useState(false)
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const open = rows.filter((row) => !row.ordered)
  const chosen = open.filter((row) => (row.withinBudget && !row.waits) !== turned.has(row.id))
  const approve = useWrite<readonly string[], number>(async (ids) => {
    let placed = 0
    for (const id of ids) {
      // Whatever breaks in the middle, each is ordered once: its id is the order's.
      const answer = await write('POST', '/api/plan/orders/{id}/approval', { params: { id }, body: { site }, key: newKey() }).catch(passed)
      if (answer?.placed) placed += 1
    }
    return placed
  })
  const turn = (id: string): void =>
    setTurned((before) => (before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id])))
  const worth = chosen.reduce((sum, row) => sum + row.value, 0)
  return (
    <>
      {may('approvePlannedOrder') && (
        <p className={styles['approve']}>
          <Button disabled={chosen.length === 0} loading={approve.isPending} onClick={() => approve.mutate(chosen.map((row) => row.id))}>
            {`Order ${number(chosen.length)}, worth ${money(worth)}`}
          </Button>
          <Button variant="default" disabled={open.length === 0} onClick={() => orderAll(true)}>
            Order all that…
          </Button>
          {approve.data !== undefined && (
            <span role="status" className={styles['named']}>
              {`${number(approve.data)} ordered: `}
              <Link to="/purchases">purchases</Link>, <Link to="/transfers">transfers</Link>, <Link to="/work-orders">work orders</Link>
            </span>
          )}
        </p>
      )}
      {isOrderingAll && <OrderAll site={site} from={from === '' ? [] : [from]} onClose={() => orderAll(false)} />}
      {approve.error !== null && <ProblemBox problem={approve.error} />}
      <ShortTable
        label="Proposed orders"
        columns={['Order', 'From', 'Until', 'Lines', 'Worth', 'At risk']}
        ends={3}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <Name key="name" row={row} site={site} isChosen={chosen.includes(row)} onTurn={() => turn(row.id)} />,
            <span key="from">
              {row.code} <span className={styles['soft']}>{row.name}</span>
            </span>,
            day(row.due),
            number(row.lines),
            money(row.value),
            money(row.risk),
          ],
          ...(row.joined !== null && { more: row.joined }),
        }))}
      />
      {hasMore && <p className={styles['soft']}>More is proposed than is shown: approve this first, or order all that is worth little.</p>}
    </>
  )
}

/** Somebody else ordered it meanwhile, which is as good. */
const passed = (problem: Problem): undefined => {
  if (problem.code !== 'plan_order_approved') throw problem
  return undefined
}

export const wayWords = { supplier: 'Purchase', site: 'Transfer', production: 'Work order' } as const

function Name({
  row,
  site,
  isChosen,
  onTurn,
}: {
  readonly row: Order
  readonly site: string
  readonly isChosen: boolean
  readonly onTurn: () => void
}) {
  return (
    <span className={styles['name']}>
      {!row.ordered && <Checkbox checked={isChosen} onChange={onTurn} aria-label={`Order from ${row.code}`} />}
      <Link to="/plan/$id" params={{ id: row.id }} search={{ site }}>
        {wayWords[row.from]}
      </Link>
      {row.ordered && <Badge tone="good">Ordered</Badge>}
      {row.waits && <Badge tone="plain">Waits</Badge>}
      {!row.withinBudget && <Badge tone="short">Beyond the budget</Badge>}
    </span>
  )
}

function Messages({ site, run }: { readonly site: string; readonly run: string }) {
  const query = useQuery<Answer<'listPlanMessages'>, Problem>({
    queryKey: ['plan', 'messages', site, run],
    queryFn: ({ signal }) => read('/api/plan/messages', { query: { site } }, signal),
    enabled: site !== '',
  })
  return (
    <Panel title="Open orders to look after">
      <Told query={query} rows={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Every open order comes in time and is needed" />
          ) : (
            <ShortTable
              label="Open orders to look after"
              columns={['Item', 'What', 'Pieces']}
              ends={2}
              rows={rows.map((row) => ({
                key: row.sku,
                cells: [
                  <span key="item" className={styles['named']}>
                    <Link to="/items/$sku" params={{ sku: row.sku }}>
                      {row.sku}
                    </Link>{' '}
                    <span className={styles['soft']}>{row.name}</span>
                  </span>,
                  row.message === 'expedite' ? (
                    <Badge key="what" tone="late">
                      Too late
                    </Badge>
                  ) : (
                    <Badge key="what" tone="short">
                      Not needed
                    </Badge>
                  ),
                  number(row.quantity),
                ],
                more: row.because,
              }))}
            />
          )
        }
      </Told>
    </Panel>
  )
}
