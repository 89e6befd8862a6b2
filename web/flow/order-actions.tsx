// Order actions: buttons for what may be done with an order next. A button stands here when the order's state permits it (`orderCan`, as the API
// says it), when who is signed in may do it, and when there is something to do.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import type { OrderAction } from '../../core/order.ts'
import { read, write, type Answer, type EndpointName, type Problem } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { day, money, weight } from '../ui/format.ts'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { orderActionWords } from '../ui/words.ts'
import { ChangeForm } from './order-change.tsx'
import { asksForCollection, CollectFields, collectedIn, type Collected } from './order-collect.tsx'
import styles from './order.module.css'

type Order = Answer<'getOrder'>
type OrderLine = Order['lines'][number]

const endpointOf: Readonly<Record<OrderAction, EndpointName>> = {
  allocate: 'allocateOrder',
  recall: 'recallOrder',
  pick: 'pickOrder',
  pack: 'packOrder',
  unpack: 'unpackOrder',
  ready: 'makeReady',
  collect: 'collectOrder',
  put_back: 'putBackUncollected',
  buy: 'buyForOrder',
  ship: 'shipOrder',
  deliver: 'deliverOrder',
  change: 'changeOrder',
  cancel: 'cancelOrder',
  return: 'authoriseReturn',
}

/** In the order of the flow: the first that can be done is what comes next. */
const actions: readonly OrderAction[] = [
  'collect',
  'deliver',
  'ship',
  'ready',
  'pack',
  'pick',
  'allocate',
  'buy',
  'return',
  'change',
  'put_back',
  'recall',
  'cancel',
]

/** Those that bring the goods nearer to the customer. */
const onward: readonly OrderAction[] = ['collect', 'deliver', 'ship', 'ready', 'pack', 'pick', 'allocate']

/** What is sent: an action and what it needs to know. */
interface Act {
  readonly action: OrderAction
  readonly receivedBy?: string
  /** A carrier's service, or none. */
  readonly service?: string
  readonly collected?: Collected
  /** Whether what was bought for the order is called off with it. */
  readonly callsOff?: boolean
}

/** Those that must know something first. */
const asks: readonly OrderAction[] = ['ship', 'deliver', 'ready', 'collect', 'put_back', 'change', 'cancel']

export function OrderActions({ order }: { readonly order: Order }) {
  const may = useMay()
  const site = useSite()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<OrderAction>()
  const acting = order.lines.some((line) => line.source === site) ? site : order.site
  const act = useWrite<Act, unknown>((what, key) => send(order, acting, what, key), { onDone: () => setAsking(undefined) })
  const open = actions.filter((action) => order.can.includes(action) && may(endpointOf[action]) && hasWork(order, acting, action))
  const begin = (action: OrderAction): void => {
    act.reset()
    if (action === 'return') return void navigate({ to: '/returns/new', search: { order: order.number } })
    if (asks.includes(action)) setAsking(action)
    else act.mutate({ action })
  }
  return (
    <>
      {[...open].reverse().map((action) => (
        <Button
          key={action}
          variant={action === open[0] && onward.includes(action) ? 'filled' : 'default'}
          loading={act.isPending && act.variables.action === action}
          disabled={act.isPending}
          onClick={() => begin(action)}
        >
          {wordOf(order, action)}
        </Button>
      ))}
      {act.error !== null && asking === undefined && <ProblemBox problem={act.error} retry={() => act.mutate(act.variables)} />}
      {asking !== undefined && (
        <Dialog title={`${wordOf(order, asking)}: ${order.number}`} onClose={() => setAsking(undefined)}>
          {asking === 'change' ? (
            <ChangeForm order={order} onDone={() => setAsking(undefined)} />
          ) : (
            <Asked action={asking} order={order} acting={acting} isBusy={act.isPending} onAct={act.mutate}>
              {act.error !== null && <ProblemBox problem={act.error} />}
            </Asked>
          )}
        </Dialog>
      )}
    </>
  )
}

/** What is ready is kept longer by saying so once more. */
const wordOf = (order: Order, action: OrderAction): string =>
  action === 'ready' && order.state === 'ready' ? 'Keep longer' : orderActionWords[action]

function send(
  order: Order,
  site: string,
  { action, receivedBy = '', service = '', collected, callsOff = false }: Act,
  key: string,
): Promise<unknown> {
  const params = { number: order.number }
  switch (action) {
    case 'ready':
      return write('POST', '/api/orders/{number}/readiness', { params, body: { keptUntil: collected!.keptUntil }, key })
    case 'collect':
      return write('POST', '/api/orders/{number}/collection', { params, body: { collectedBy: collected!.collectedBy, proof: collected!.proof }, key })
    case 'put_back':
      return write('POST', '/api/orders/{number}/put-back', { params, body: { keepsOrder: collected!.keepsOrder }, key })
    case 'allocate':
      return write('POST', '/api/orders/{number}/allocation', { params, body: { site }, key })
    case 'pick':
      return write('POST', '/api/orders/{number}/pick', { params, body: { site }, key })
    case 'pack':
      return write('POST', '/api/orders/{number}/packages', { params, body: { site }, key })
    case 'ship':
      return write('POST', '/api/orders/{number}/shipment', { params, body: { site, ...(service === '' ? {} : { service }) }, key })
    case 'deliver':
      return write('POST', '/api/orders/{number}/delivery', { params, body: { site, receivedBy }, key })
    case 'recall':
      return write('POST', '/api/orders/{number}/recall', { params, body: { site }, key })
    case 'unpack':
    case 'change':
    case 'return':
      throw new Error('A package is opened where it stands; orders are changed, and goods taken back, in forms of their own.')
    case 'buy':
      return write('POST', '/api/orders/{number}/purchases', { params, body: {}, key })
    case 'cancel':
      return write('POST', '/api/orders/{number}/cancellation', { params, body: { callsOff }, key })
  }
}

/** Whether there is anything at the acting site for an action that the order's state permits. */
function hasWork(order: Order, acting: string, action: OrderAction): boolean {
  const here = order.planned.filter((one) => one.site === acting)
  switch (action) {
    case 'allocate':
      return here.some((one) => one.held > one.allocated)
    case 'recall':
    case 'pick':
      return here.reduce((sum, one) => sum + one.allocated, 0) > order.picked
    case 'pack':
      return order.picked > order.packed
    case 'unpack':
      return false
    case 'ready':
    case 'collect':
    case 'put_back':
      return acting === order.site
    case 'ship':
      return order.picked > 0
    case 'deliver':
      return order.shipments.some((one) => one.site === acting && one.deliveredAt === null)
    case 'buy':
      return order.lines.some((line) => line.supply !== null && isUncovered(order, line.line))
    case 'change':
      return true
    case 'cancel':
      return order.lines.some((line) => line.quantity > line.cancelled + line.shipped)
    case 'return':
      return order.lines.some((line) => returnable(line) > 0)
  }
}

const isUncovered = (order: Order, line: number): boolean =>
  order.planned.some((one) => one.line === line && one.planned - one.posted - one.cancelled > one.held + one.pegged)

const returnable = ({ shipped, cameBack, returned }: OrderLine): number => shipped - cameBack - returned

interface AskedProps {
  readonly action: OrderAction
  readonly order: Order
  /** The site that does it. */
  readonly acting: string
  readonly isBusy: boolean
  readonly onAct: (act: Act) => void
  readonly children: React.ReactNode
}

/** What the carriers ask for what is picked, cheapest first; goods may also go without one of them. */
export function Services({ order, site }: { readonly order: string; readonly site: string }) {
  const { data, error } = useQuery<Answer<'rateOrder'>, Problem>({
    queryKey: ['rates', site, order],
    queryFn: ({ signal }) => read('/api/orders/{number}/rates', { params: { number: order }, query: { site } }, signal),
    retry: false,
  })
  const offers = data?.rows.map(({ code, carrier, name, price, promised }) => ({
    value: code,
    label: [`${carrier} ${name}`, money(price), ...(promised === null ? [] : [day(promised)])].join(' · '),
  }))
  return (
    <NativeSelect
      name="service"
      label="Carrier's service"
      description={error?.message ?? (data === undefined ? 'Asking what it costs …' : `For ${weight(data.weight)}`)}
      data={[{ value: '', label: 'None: our own transport' }, ...(offers ?? [])]}
    />
  )
}

/** What an action needs to know before it is sent. */
function Asked({ action, order, acting, isBusy, onAct, children }: AskedProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    if (action === 'ship') onAct({ action, service: text('service') })
    if (action === 'deliver') onAct({ action, receivedBy: text('receivedBy') })
    if (action === 'cancel') onAct({ action, callsOff: text('bought') === 'call_off' })
    if (asksForCollection(action)) onAct({ action, collected: collectedIn(event.currentTarget) })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      {action === 'deliver' && <TextInput name="receivedBy" label="Received by" required maxLength={200} data-autofocus autoComplete="off" />}
      {action === 'ship' && <Services order={order.number} site={acting} />}
      {asksForCollection(action) && <CollectFields action={action} order={order} />}
      {action === 'cancel' && (
        <p>Everything that is not shipped yet is cancelled, and what was held is free for others. What is picked already is put back from packing.</p>
      )}
      {action === 'cancel' && order.bought.some((one) => one.bound && one.quantity > one.received + one.cancelled) && (
        <NativeSelect
          name="bought"
          label="What was bought for it and has not come"
          description="What a supplier was to ship to the customer is called off in any case."
          data={[
            { value: 'keep', label: 'still comes, and is for anybody' },
            { value: 'call_off', label: 'is called off' },
          ]}
        />
      )}
      {children}
      <div className={styles['buttons']}>
        <Button type="submit" loading={isBusy} {...(action === 'cancel' ? { color: 'red' } : {})}>
          {wordOf(order, action)}
        </Button>
      </div>
    </form>
  )
}
