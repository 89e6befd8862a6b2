// Shipment: one shipment: what is in it, where it is, and what was told of it; attempts at the door are recorded here.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { carrierKinds } from '../../core/tracking.ts'
import { read, write, type Answer, type EndpointName, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { day, instant, money, number, shortId, weight } from '../ui/format.ts'
import { Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, Loading, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { shipmentStateWords, trackingWords } from '../ui/words.ts'
import styles from './order.module.css'

type Shipment = Answer<'getShipment'>

const route = getRouteApi('/shipments/$id')

export function ShipmentPage() {
  const { id } = route.useParams()
  const site = useSite()
  const query = useQuery<Shipment, Problem>({
    queryKey: ['shipment', site, id],
    queryFn: ({ signal }) => read('/api/shipments/{id}', { params: { id }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const back = { to: '/shipments', text: 'Shipments' } as const
  const shipment = query.data
  if (shipment === undefined) {
    return (
      <Page title={`Shipment ${shortId(id)}`} back={back}>
        {query.error === null ? <Loading /> : <ProblemBox problem={query.error} retry={() => void query.refetch()} />}
      </Page>
    )
  }
  const { word, tone } = shipmentStateWords[shipment.state]
  const isOut = shipment.state !== 'delivered' && shipment.state !== 'came_back'
  return (
    <Page
      title={`Shipment ${shortId(id)}`}
      badge={<Badge tone={tone}>{word}</Badge>}
      back={back}
      actions={isOut && <ShipmentActions shipment={shipment} />}
    >
      <Facts
        facts={[
          [
            'Order',
            <Link key="order" to="/orders/$number" params={{ number: shipment.order }}>
              {shipment.order}
            </Link>,
          ],
          ['Carrier', shipment.carrier === null ? 'Our own' : `${shipment.carrier} · ${shipment.service}`],
          ['Left', instant(shipment.shippedAt)],
          ['Promised', shipment.promised === null ? '—' : day(shipment.promised)],
          shipment.deliveredAt === null
            ? ['Expected', shipment.estimated === null ? '—' : day(shipment.estimated)]
            : ['Delivered', `${instant(shipment.deliveredAt)}, to ${shipment.receivedBy ?? 'nobody named'}`],
          ['Weight', shipment.weight === null ? '—' : weight(shipment.weight)],
          ['Freight', shipment.price === null ? '—' : money(shipment.price)],
        ]}
      />
      <div className={styles['columns']}>
        <Contents shipment={shipment} />
        <Panel title="What was told of it">
          {shipment.tracking.length === 0 ? (
            <Empty title="Nothing yet" />
          ) : (
            <ol className={styles['story']}>
              {shipment.tracking.toReversed().map((one, index) => (
                <li key={`${one.recordedAt}/${index}`}>
                  <strong>{trackingWords[one.event]}</strong>
                  <span className={styles['soft']}>
                    {[one.note, ...(one.estimated === null ? [] : [`expected ${day(one.estimated)}`])].filter(Boolean).join(', ')}
                  </span>
                  <time dateTime={one.occurredAt}>{instant(one.occurredAt)}</time>
                </li>
              ))}
            </ol>
          )}
        </Panel>
      </div>
    </Page>
  )
}

const Contents = ({ shipment }: { readonly shipment: Shipment }) => (
  <Panel
    title="What is in it"
    more={shipment.packages.length > 0 && <span className={styles['soft']}>{shipment.packages.map((one) => one.sscc).join(', ')}</span>}
  >
    <ShortTable
      label="What is in it"
      columns={['Item', 'Line', 'Shipped', 'Delivered', 'Came back']}
      ends={1}
      rows={shipment.lines.map((line) => ({
        key: `${line.line}/${line.part}`,
        cells: [
          <Link key="item" to="/items/$sku" params={{ sku: line.sku }}>
            {line.sku}
          </Link>,
          ...[line.line, line.quantity, line.delivered, line.cameBack].map((some) => number(some)),
        ],
      }))}
    />
  </Panel>
)

/** What can be done while it is out, and which endpoint does it. */
const actions = { back: 'bringBack', failed: 'failDelivery', track: 'trackShipment', deliver: 'deliverOrder' } as const satisfies Record<
  string,
  EndpointName
>
type Action = keyof typeof actions
const words: Readonly<Record<Action, string>> = { back: 'It came back', failed: 'Nobody took it', track: 'Add news', deliver: 'Deliver' }

interface Act {
  readonly action: Action
  readonly event?: (typeof carrierKinds)[number]
  readonly estimated?: string
  readonly text?: string
}

function ShipmentActions({ shipment }: { readonly shipment: Shipment }) {
  const may = useMay()
  const [asking, setAsking] = useState<Action>()
  const act = useWrite<Act, unknown>((what, key) => send(shipment, what, key), { onDone: () => setAsking(undefined) })
  const begin = (action: Action): void => {
    act.reset()
    setAsking(action)
  }
  return (
    <>
      {(Object.keys(actions) as Action[])
        .filter((action) => may(actions[action]))
        .map((action) => (
          <Button key={action} variant={action === 'deliver' ? 'filled' : 'default'} onClick={() => begin(action)}>
            {words[action]}
          </Button>
        ))}
      {asking !== undefined && (
        <Dialog title={`${words[asking]}: shipment ${shortId(shipment.id)}`} onClose={() => setAsking(undefined)}>
          <Asked action={asking} isBusy={act.isPending} onAct={act.mutate}>
            {act.error !== null && <ProblemBox problem={act.error} />}
          </Asked>
        </Dialog>
      )}
    </>
  )
}

function send({ id, site, order }: Shipment, { action, event = 'in_transit', estimated = '', text = '' }: Act, key: string): Promise<unknown> {
  const until = estimated === '' ? undefined : estimated
  const params = { number: order }
  switch (action) {
    case 'track':
      return write('POST', '/api/shipments/{id}/tracking', {
        params: { id },
        body: { site, event, note: text, ...(until ? { estimated: until } : {}) },
        key,
      })
    case 'failed':
      return write('POST', '/api/orders/{number}/delivery-failure', {
        params,
        body: { site, shipment: id, reason: text, ...(until ? { nextAttempt: until } : {}) },
        key,
      })
    case 'back':
      return write('POST', '/api/orders/{number}/undelivered', { params, body: { site, shipment: id }, key })
    case 'deliver':
      return write('POST', '/api/orders/{number}/delivery', { params, body: { site, shipment: id, receivedBy: text }, key })
  }
}

interface AskedProps {
  readonly action: Action
  readonly isBusy: boolean
  readonly onAct: (act: Act) => void
  readonly children: React.ReactNode
}

function Asked({ action, isBusy, onAct, children }: AskedProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const kind = carrierKinds.find((one) => one === text('event'))
    onAct({ action, estimated: text('estimated'), text: text('text'), ...(kind ? { event: kind } : {}) })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      {action === 'track' && (
        <NativeSelect name="event" label="What is told" data={carrierKinds.map((value) => ({ value, label: trackingWords[value] }))} />
      )}
      {action === 'track' && <TextInput name="text" label="In words" maxLength={200} />}
      {action === 'failed' && <TextInput name="text" label="Reason" required maxLength={200} data-autofocus />}
      {action === 'deliver' && <TextInput name="text" label="Received by" required maxLength={200} data-autofocus autoComplete="off" />}
      {(action === 'track' || action === 'failed') && (
        <TextInput name="estimated" label={action === 'failed' ? 'Next attempt' : 'Expected now'} type="date" />
      )}
      {action === 'back' && <p>What is in it is inspected before it can be sold again; the order is told that it came back.</p>}
      {children}
      <div className={styles['buttons']}>
        <Button type="submit" loading={isBusy}>
          {words[action]}
        </Button>
      </div>
    </form>
  )
}
