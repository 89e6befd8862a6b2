// Order: one order: what was asked and promised, what covers each line, what can be done next and what happened so far.

import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { Badge, OrderBadge } from '../ui/badge.tsx'
import { day, instant, money, moneyIn, number, shortId } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Told } from '../ui/tell.tsx'
import { eventWord, supplyWord } from '../ui/words.ts'
import { Goods } from './order-goods.tsx'
import { OrderActions } from './order-actions.tsx'
import { wayText } from './order-collect.tsx'
import { HoldBadge, Holds } from './order-holds.tsx'
import { Payment } from './order-payment.tsx'
import { Totals, Why } from './order-price.tsx'
import { Returns } from './order-returns.tsx'
import styles from './order.module.css'
import { askedText } from './unit-field.tsx'

type Order = Answer<'getOrder'>
type OrderLine = Order['lines'][number]
type OrderEvent = Answer<'listOrderEvents'>['rows'][number]

const EVENTS_SHOWN = 500
const route = getRouteApi('/orders/$number')

export function OrderPage() {
  const { number: wanted } = route.useParams()
  const query = useQuery<Order, Problem>({
    queryKey: ['order', wanted],
    queryFn: ({ signal }) => read('/api/orders/{number}', { params: { number: wanted } }, signal),
    meta: live,
  })
  const back = { to: '/orders', text: 'Orders' } as const
  const order = query.data
  if (order === undefined) return <AwaitedPage query={query} title={wanted} back={back} />
  return (
    <Page title={order.number} badge={<Badges order={order} />} back={back} actions={<OrderActions order={order} />}>
      <Facts
        facts={[
          [
            'Customer',
            <Link key="customer" to="/orders" search={{ customer: order.customer }}>
              {order.customer}
            </Link>,
          ],
          ["Customer's number", order.reference ?? '—'],
          ['Ordered', instant(order.orderedAt)],
          ['Total', moneyIn(order.totals.gross, order.currency)],
          ['Priority', order.priority === 5 ? '5 (usual)' : String(order.priority)],
          ['Delivery', wayText(order)],
        ]}
      />
      <div className={styles['columns']}>
        <Panel title="Lines">
          <Lines order={order} />
        </Panel>
        <div className={styles['side']}>
          <Panel title="What it comes to">
            <Totals totals={order.totals} currency={order.currency} more={termsText(order)} />
          </Panel>
          <Payment order={order} />
          <Holds order={order} />
          <Goods order={order} />
          <Returns order={order} />
          <Story number={wanted} order={order} />
        </div>
      </div>
    </Page>
  )
}

const Badges = ({ order }: { readonly order: Order }) => (
  <>
    <OrderBadge state={order.state} />
    <HoldBadge order={order} />
  </>
)

function Lines({ order }: { readonly order: Order }) {
  return (
    <ShortTable
      label="Lines"
      columns={['Item', 'Promised', 'Estimate', 'Progress', 'Quantity', 'Price', 'Net']}
      ends={4}
      rows={order.lines.map((line) => {
        const covered = coverOf(order, line)
        return {
          key: String(line.line),
          cells: [
            <span key="item">
              <Link to="/items/$sku" params={{ sku: line.sku }}>
                {line.sku}
              </Link>
              <span className={styles['name']}>{line.name}</span>
              {line.kit !== null && <span className={styles['name']}>in {order.kits.find((one) => one.kit === line.kit)?.sku}</span>}
            </span>,
            line.promised === null ? (
              <span className={styles['soft']}>{covered.open > 0 ? 'No date yet' : 'None was given'}</span>
            ) : (
              day(line.promised)
            ),
            <Estimate key="estimate" line={line} cover={covered} />,
            <Progress key="progress" line={line} cover={covered} />,
            askedText(number(line.quantity), line.asked),
            moneyIn(line.unitPrice, order.currency),
            moneyIn(line.amounts.net, order.currency),
          ],
          more: <Explained line={line} cover={covered} order={order} />,
        }
      })}
    />
  )
}

/** When and in which currency it is paid. */
function termsText({ terms }: Order): string | undefined {
  if (terms === null || terms.paymentTerm === null) return undefined
  return `Payment terms ${terms.paymentTerm}: within ${number(terms.netDays ?? 0)} days.`
}

/** What stands behind a line's open quantity. */
interface Cover {
  readonly open: number
  readonly held: number
  readonly allocated: number
  readonly pegs: Order['pegs']
  readonly uncovered: number
}

function coverOf(order: Order, { line, quantity, cancelled, shipped }: OrderLine): Cover {
  const planned = order.planned.filter((one) => one.line === line)
  const sum = (of: (row: (typeof planned)[number]) => number): number => planned.reduce((total, row) => total + of(row), 0)
  const pegs = order.pegs.filter((one) => one.line === line)
  const [open, held] = [quantity - cancelled - shipped, sum((row) => row.held)]
  const pegged = pegs.reduce((total, peg) => total + peg.quantity, 0)
  return { open, held, allocated: sum((row) => row.allocated), pegs, uncovered: Math.max(open - held - pegged, 0) }
}

/** When the rest can go, as it looks now; the promise is never rewritten by it. */
function Estimate({ line, cover }: { readonly line: OrderLine; readonly cover: Cover }) {
  if (cover.open === 0) return ''
  if (line.estimate === null) return <Badge tone="short">Unknown</Badge>
  return line.promised !== null && line.estimate > line.promised ? <Badge tone="late">{day(line.estimate)}</Badge> : day(line.estimate)
}

function Progress({ line, cover }: { readonly line: OrderLine; readonly cover: Cover }) {
  const parts = [
    ['delivered', line.delivered - line.returned],
    ['shipped', line.shipped - line.delivered],
    ['picking', cover.allocated],
    ['held', cover.held - cover.allocated],
  ] as const
  const words = [
    ...parts,
    ['waiting', cover.open - cover.held] as const,
    ['returned', line.returned] as const,
    ['cancelled', line.cancelled] as const,
  ]
    .filter(([, some]) => some > 0)
    .map(([word, some]) => `${number(some)} ${word}`)
  return (
    <span className={styles['progress']}>
      <span className={styles['bar']} aria-hidden>
        {parts.map(([word, some]) => some > 0 && <span key={word} data-part={word} style={{ flexGrow: some }} />)}
        <span style={{ flexGrow: Math.max(line.quantity - parts.reduce((sum, [, some]) => sum + some, 0), 0) }} />
      </span>
      <span className={styles['soft']}>{words.join(', ')}</span>
    </span>
  )
}

/** Holds and pegs in words: why the estimate is what it is. */
function Explained({ line, cover, order }: { readonly line: OrderLine; readonly cover: Cover; readonly order: Order }) {
  const given = order.promises.filter((one) => one.line === line.line && one.because !== null)
  return (
    <>
      {given.map((one) => (
        <span key={one.givenAt} className={styles['soft']}>
          When it was promised on {instant(one.givenAt)}: {one.because}{' '}
        </span>
      ))}
      {line.source !== order.site && `Served by ${line.source}. `}
      {line.supply !== null && `${boughtText(line.supply)} `}
      {cover.open > 0 && cover.held > 0 && `${number(cover.held)} of ${number(cover.open)} held in stock: nobody else can have what is held. `}
      {cover.pegs.map((peg) => (
        <span key={peg.supply}>
          {number(peg.quantity)} wait for <Supply peg={peg} />, which is due {day(peg.due)}.{' '}
        </span>
      ))}
      {cover.uncovered > 0 && `${number(cover.uncovered)} wait, and no supply is known that would cover them.`}
      <Link
        to="/orders/$number/explain/$line"
        params={{ number: order.number, line: String(line.line) }}
        aria-label={`Row by row: the promise of line ${line.line}`}
      >
        Row by row
      </Link>{' '}
      <Why steps={line.steps} currency={order.currency} />
    </>
  )
}

const boughtText = ({ how, supplier, unitCost }: NonNullable<OrderLine['supply']>): string =>
  how === 'drop_ship'
    ? `${supplier} ships it to the customer, at ${money(unitCost)} each.`
    : `Bought of ${supplier} for this line alone, at ${money(unitCost)} each.`

function Supply({ peg: { kind, supply, site } }: { readonly peg: Order['pegs'][number] }) {
  const words = `${supplyWord(kind)} ${shortId(supply)}`
  if (kind === 'purchase') {
    return (
      <Link to="/purchases/$id" params={{ id: supply }} search={{ site }}>
        {words}
      </Link>
    )
  }
  if (kind === 'output') {
    return (
      <Link to="/work-orders/$id" params={{ id: supply }} search={{ site }}>
        {words}
      </Link>
    )
  }
  return words
}

function Story({ number: wanted, order }: { readonly number: string; readonly order: Order }) {
  const query = useQuery<Answer<'listOrderEvents'>, Problem>({
    queryKey: ['order', wanted, 'events'],
    queryFn: ({ signal }) => read('/api/orders/{number}/events', { params: { number: wanted }, query: { limit: EVENTS_SHOWN } }, signal),
    meta: live,
  })
  return (
    <Panel title="What happened">
      <Told query={query} rows={4}>
        {({ rows }) => (
          <ol className={styles['story']}>
            {rows
              .toSorted((a, b) => Date.parse(b.recordedAt) - Date.parse(a.recordedAt) || b.sequence - a.sequence)
              .map((event) => (
                <li key={`${event.site}/${event.sequence}`}>
                  <strong>{eventWord(event.type)}</strong>
                  <span className={styles['soft']}>{detailOf(event, order)}</span>
                  <time dateTime={event.occurredAt}>{instant(event.occurredAt)}</time>
                </li>
              ))}
          </ol>
        )}
      </Told>
    </Panel>
  )
}

function detailOf({ data, site, type }: OrderEvent, order: Order): string {
  if (type === 'order.changed') return changeOf(data as unknown as Changed, order)
  if (typeof data['amount'] === 'number') return moneyIn(data['amount'], order.currency)
  const lines = Array.isArray(data['lines']) ? (data['lines'] as { readonly quantity?: number; readonly cancelled?: number }[]) : []
  const pieces = lines.reduce((sum, line) => sum + (line.quantity ?? line.cancelled ?? 0), 0)
  const receivedBy = type === 'order.delivered' ? order.shipments.find((one) => one.shipment === data['shipment'])?.receivedBy : undefined
  return [
    ...(site === order.site ? [] : [`at ${site}`]),
    ...(typeof data['quantity'] === 'number' ? [`${number(data['quantity'])} of line ${String(data['line'])}`] : []),
    ...(pieces > 0
      ? [`${number(pieces)} ${pieces === 1 ? 'piece' : 'pieces'} on ${number(lines.length)} ${lines.length === 1 ? 'line' : 'lines'}`]
      : []),
    ...(receivedBy ? [`received by ${receivedBy}`] : []),
  ].join(', ')
}

interface Agreed {
  readonly quantity: number
  readonly promised: string | null
}
interface Changed {
  readonly lines: readonly { readonly line: number; readonly before: Agreed; readonly after: Agreed }[]
  readonly added: readonly { readonly line: number; readonly quantity: number; readonly promised: string | null }[]
}

/** What was agreed before a change stands here only: the lines say what is agreed now. */
function changeOf({ lines, added }: Changed, order: Order): string {
  const skuOf = (line: number): string => order.lines.find((one) => one.line === line)?.sku ?? `line ${line}`
  const promise = (promised: string | null): string => (promised === null ? 'no day' : day(promised))
  const changed = lines.map(({ line, before, after }) => {
    const promised = before.promised === after.promised ? '' : `, promised ${promise(before.promised)} → ${promise(after.promised)}`
    return `${skuOf(line)} ${number(before.quantity)} → ${number(after.quantity)}${promised}`
  })
  return [...changed, ...added.map(({ line, quantity, promised }) => `${skuOf(line)} ${number(quantity)} more, promised ${promise(promised)}`)].join(
    '; ',
  )
}
