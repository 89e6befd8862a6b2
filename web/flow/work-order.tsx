// Work order: one work order: its components, what of them is there, issued and used, and what can be done next.

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { SubmitEvent } from 'react'
import type { WorkOrderAction } from '../../core/work-order.ts'
import { read, write, type Answer, type EndpointName, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Actions, type Asking } from '../ui/actions.tsx'
import { Badge } from '../ui/badge.tsx'
import { typedIn } from '../ui/form.ts'
import { day, instant, money, number, shortId } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { workOrderActionWords } from '../ui/words.ts'
import styles from './documents.module.css'
import { WorkOrderBadge } from './work-orders.tsx'

type WorkOrder = Answer<'getWorkOrder'>

const endpointOf: Readonly<Record<WorkOrderAction, EndpointName>> = {
  release: 'releaseWorkOrder',
  issue: 'issueComponents',
  output: 'recordOutput',
  redate: 'redateWorkOrder',
  cancel: 'cancelWorkOrder',
}

/** What comes next stands last. */
const actions: readonly WorkOrderAction[] = ['cancel', 'redate', 'issue', 'output', 'release']

const route = getRouteApi('/work-orders/$id')

export function WorkOrderPage() {
  const { id } = route.useParams()
  const site = useSite()
  const query = useQuery<WorkOrder, Problem>({
    queryKey: ['work-order', site, id],
    queryFn: ({ signal }) => read('/api/work-orders/{id}', { params: { id }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const back = { to: '/work-orders', text: 'Work orders' } as const
  const order = query.data
  if (order === undefined) return <AwaitedPage query={query} title={`Work order ${shortId(id)}`} back={back} />
  return (
    <Page title={`Work order ${shortId(id)}`} badge={<WorkOrderBadge {...order} />} back={back} actions={<WorkOrderActions order={order} />}>
      <Facts
        facts={[
          [
            'Item',
            <Link key="item" to="/items/$sku" params={{ sku: order.sku }}>
              {order.sku} · {order.name}
            </Link>,
          ],
          ['Quantity', number(order.quantity)],
          ['Made', number(order.made)],
          ['For orders', number(order.pegged)],
          ['Asked for', day(order.due)],
          [
            'Expected',
            order.expected > order.due ? (
              <Badge key="expected" tone="late">
                {day(order.expected)}
              </Badge>
            ) : (
              day(order.expected)
            ),
          ],
          ['Planned', instant(order.recordedAt)],
        ]}
      />
      <Panel title="Components">
        <ShortTable
          label="Components"
          columns={['Item', 'How it stands', 'Needed', 'Held', 'Coming', 'Issued', 'Used', 'In production']}
          ends={2}
          rows={order.components.map((row) => ({
            key: String(row.line),
            cells: [
              <span key="item">
                <Link to="/items/$sku" params={{ sku: row.sku }}>
                  {row.sku}
                </Link>
                <span className={styles['name']}>{row.name}</span>
              </span>,
              <ComponentBadge key="how" row={row} />,
              ...[row.planned, row.held, row.pegged, row.issued, row.used].map((some) => number(some)),
              money(row.valueInProduction),
            ],
          }))}
        />
      </Panel>
    </Page>
  )
}

function ComponentBadge({ row }: { readonly row: WorkOrder['components'][number] }) {
  const open = row.planned - row.issued - row.cancelled
  if (open === 0) return <Badge tone="good">{row.issued > 0 ? 'Issued' : 'Closed'}</Badge>
  if (row.held >= open) return <Badge tone="plain">Held</Badge>
  return row.held + row.pegged >= open ? <Badge tone="busy">Coming</Badge> : <Badge tone="short">Short</Badge>
}

/** What is sent: an action and what it needs to know. */
interface Act {
  readonly action: WorkOrderAction
  readonly quantity?: number
  readonly due?: string
  readonly lot?: string
}

function WorkOrderActions({ order }: { readonly order: WorkOrder }) {
  const may = useMay()
  return (
    <Actions<WorkOrderAction, Act>
      actions={actions.filter((action) => order.can.includes(action) && may(endpointOf[action]))}
      words={workOrderActionWords}
      main={['release', 'output']}
      of={`work order ${shortId(order.id)}`}
      send={(what, key) => send(order, what, key)}
      atOnce={(action) => (action === 'release' || action === 'issue' ? { action } : undefined)}
      form={(action, asking) => <Asked action={action} order={order} {...asking} />}
    />
  )
}

function send({ id, site }: WorkOrder, { action, quantity = 0, due = '', lot = '' }: Act, key: string): Promise<unknown> {
  const params = { id }
  switch (action) {
    case 'release':
      return write('POST', '/api/work-orders/{id}/release', { params, body: { site }, key })
    case 'issue':
      return write('POST', '/api/work-orders/{id}/issue', { params, body: { site }, key })
    case 'output':
      return write('POST', '/api/work-orders/{id}/output', { params, body: { site, quantity, lot }, key })
    case 'redate':
      return write('POST', '/api/work-orders/{id}/due-date', { params, body: { site, due }, key })
    case 'cancel':
      return write('POST', '/api/work-orders/{id}/cancellation', { params, body: { site }, key })
  }
}

interface AskedProps extends Asking<Act> {
  readonly action: WorkOrderAction
  readonly order: WorkOrder
}

function Asked({ action, order, isBusy, onAct, children }: AskedProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    onAct({ action, quantity: Number(text('quantity') || 0), due: text('due'), lot: text('lot') })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      {action === 'output' && (
        <>
          <TextInput
            name="quantity"
            label="Made"
            type="number"
            min={1}
            required
            defaultValue={order.quantity - order.made - order.cancelled}
            data-autofocus
          />
          <TextInput name="lot" label="Lot, if any" />
        </>
      )}
      {action === 'redate' && <TextInput name="due" label="Finished on" type="date" required defaultValue={order.expected} data-autofocus />}
      {action === 'cancel' && <p>No more of it is made, and what production has not used goes back to the shelf.</p>}
      {children}
      <div className={styles['buttons']}>
        <Button type="submit" loading={isBusy} {...(action === 'cancel' ? { color: 'red' } : {})}>
          {workOrderActionWords[action]}
        </Button>
      </div>
    </form>
  )
}
