// Shipment: one shipment: what is in it, where it is, and what was told of it; attempts at the door are recorded here.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { SubmitEvent } from 'react'
import { carrierKinds } from '../../core/tracking.ts'
import { read, write, type Answer, type EndpointName, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Actions, type Asking } from '../ui/actions.tsx'
import { Badge } from '../ui/badge.tsx'
import { typedIn } from '../ui/form.ts'
import { day, instant, money, number, shortId, weight } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty } from '../ui/tell.tsx'
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
  if (shipment === undefined) return <AwaitedPage query={query} title={`Shipment ${shortId(id)}`} back={back} />
  const { word, tone } = shipmentStateWords[shipment.state]
  const isOut = shipment.state !== 'delivered' && shipment.state !== 'came_back' && shipment.state !== 'lost'
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
      columns={['Item', 'Line', 'Shipped', 'Delivered', 'Came back', 'Lost']}
      ends={1}
      rows={shipment.lines.map((line) => ({
        key: `${line.line}/${line.part}`,
        cells: [
          <Link key="item" to="/items/$sku" params={{ sku: line.sku }}>
            {line.sku}
          </Link>,
          ...[line.line, line.quantity, line.delivered, line.cameBack, line.lost].map((some) => number(some)),
        ],
      }))}
    />
  </Panel>
)

/** What can be done while it is out, and which endpoint does it. */
const actions = {
  back: 'bringBack',
  lost: 'loseShipment',
  failed: 'failDelivery',
  track: 'trackShipment',
  deliver: 'deliverOrder',
} as const satisfies Record<string, EndpointName>
type Action = keyof typeof actions
const words: Readonly<Record<Action, string>> = {
  back: 'It came back',
  lost: 'It is lost',
  failed: 'Nobody took it',
  track: 'Add news',
  deliver: 'Deliver',
}

interface Act {
  readonly action: Action
  readonly event?: (typeof carrierKinds)[number]
  readonly estimated?: string
  readonly text?: string
}

function ShipmentActions({ shipment }: { readonly shipment: Shipment }) {
  const may = useMay()
  return (
    <Actions<Action, Act>
      actions={(Object.keys(actions) as Action[]).filter((action) => may(actions[action]))}
      words={words}
      main={['deliver']}
      of={`shipment ${shortId(shipment.id)}`}
      send={(what, key) => send(shipment, what, key)}
      form={(action, asking) => <Asked action={action} {...asking} />}
    />
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
    case 'lost':
      return write('POST', '/api/orders/{number}/shipment-loss', { params, body: { site, shipment: id, note: text }, key })
    case 'deliver':
      return write('POST', '/api/orders/{number}/delivery', { params, body: { site, shipment: id, receivedBy: text }, key })
  }
}

interface AskedProps extends Asking<Act> {
  readonly action: Action
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
      {action === 'lost' && <TextInput name="text" label="What the carrier says" maxLength={200} data-autofocus />}
      {action === 'lost' && <p>What is in it is open in its order again, held as far as there is stock, and an exception says what can be done.</p>}
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
