// One order that the plan proposes: each line with the sentence that says why so many, to be ordered as it is or with other quantities.

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { read, write, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { chance, day, money, number, tenths } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { wayWords } from './plan.tsx'
import styles from './plan.module.css'

type Order = Answer<'getPlannedOrder'>
const back = { to: '/plan', text: 'Plan' } as const
const documents = { supplier: '/purchases/$id', site: '/transfers/$id', production: '/work-orders/$id' } as const

const route = getRouteApi('/plan/$id')

export function PlanOrderPage() {
  const { id } = route.useParams()
  const site = useSite()
  const query = useQuery<Order, Problem>({
    queryKey: ['plan', 'order', site, id],
    queryFn: ({ signal }) => read('/api/plan/orders/{id}', { params: { id }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  if (query.data === undefined) return <AwaitedPage title="Proposed order" back={back} query={query} />
  return <OneOrder key={query.data.id} order={query.data} site={site} />
}

function OneOrder({ order, site }: { readonly order: Order; readonly site: string }) {
  const may = useMay()
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const quantityOf = (row: Order['rows'][number]): number => Number(typed[row.sku] ?? row.quantity)
  const approve = useWrite<readonly { readonly sku: string; readonly quantity: number }[], Answer<'approvePlannedOrder'>>((lines, key) =>
    write('POST', '/api/plan/orders/{id}/approval', { params: { id: order.id }, body: { site, lines: [...lines] }, key }),
  )
  const wanted = order.rows.map((row) => ({ sku: row.sku, quantity: quantityOf(row) })).filter((line) => line.quantity > 0)
  const isOpen = may('approvePlannedOrder') && !order.ordered
  return (
    <Page
      title={`${wayWords[order.from]} from ${order.code}`}
      back={back}
      badge={order.ordered ? <Badge tone="good">Ordered</Badge> : <Badge tone="plain">{order.waits ? 'Waits' : 'Proposed'}</Badge>}
      about={order.name}
      actions={
        order.ordered ? (
          <Link to={documents[order.from]} params={{ id: order.id }}>
            See what was ordered
          </Link>
        ) : (
          isOpen && (
            <Button loading={approve.isPending} disabled={wanted.length === 0} onClick={() => approve.mutate(wanted)}>
              Order it
            </Button>
          )
        )
      }
    >
      {approve.error !== null && <ProblemBox problem={approve.error} />}
      {approve.data !== undefined && <p role="status">{toldOf(approve.data)}</p>}
      <Facts
        facts={[
          ['For', order.site],
          ['Due', day(order.due)],
          ['Worth', money(order.value)],
          ['At risk without it', money(order.risk)],
        ]}
      />
      {order.joined !== null && <p className={styles['because']}>{order.joined}</p>}
      <Lines rows={order.rows} typed={typed} isOpen={isOpen} onType={(sku, value) => setTyped((before) => ({ ...before, [sku]: value }))} />
    </Page>
  )
}

interface LinesProps {
  readonly rows: Order['rows']
  readonly typed: Readonly<Record<string, string>>
  /** Whether quantities may be changed. */
  readonly isOpen: boolean
  readonly onType: (sku: string, value: string) => void
}

function Lines({ rows, typed, isOpen, onType }: LinesProps) {
  const quantityOf = (row: Order['rows'][number]) =>
    isOpen ? (
      <TextInput
        key="quantity"
        className={styles['quantity']}
        aria-label={`Order of ${row.sku}`}
        type="number"
        min={0}
        value={typed[row.sku] ?? String(row.quantity)}
        onChange={(event) => onType(row.sku, event.currentTarget.value)}
      />
    ) : (
      number(row.quantity)
    )
  return (
    <Panel title="Lines">
      <ShortTable
        label="Lines"
        columns={['Item', 'Recorded', 'Expected', 'Wanted', 'Short without', 'Worth', 'At risk', 'Order']}
        ends={1}
        rows={rows.map((row) => ({
          key: row.sku,
          cells: [
            <span key="item" className={styles['named']}>
              <Link to="/items/$sku" params={{ sku: row.sku }}>
                {row.sku}
              </Link>{' '}
              <span className={styles['soft']}>{row.name}</span>
            </span>,
            number(row.basis.recorded),
            tenths(row.basis.expected),
            tenths(row.basis.wanted),
            chance(row.basis.stockoutWithout),
            money(row.value),
            money(row.risk),
            quantityOf(row),
          ],
          more: row.because,
        }))}
      />
    </Panel>
  )
}

function toldOf({ placed, lines }: Answer<'approvePlannedOrder'>): string {
  const fewer = lines.filter((line) => line.ordered < line.proposed).length
  if (!placed) return 'Nothing was ordered: all of it has been ordered since it was planned.'
  return fewer === 0 ? 'Ordered as planned.' : `Ordered; of ${number(fewer)} lines fewer, for some of it has been ordered since it was planned.`
}
