// Purchase: one purchase order: what was ordered at which price, what came, when the rest is expected; goods are received against it here.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { SubmitEvent } from 'react'
import { read, write, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Actions, type Asking } from '../ui/actions.tsx'
import { Badge } from '../ui/badge.tsx'
import { typedIn } from '../ui/form.ts'
import { day, instant, money, number, shortId } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { PurchaseBadge } from './purchases.tsx'
import styles from './documents.module.css'
import { askedText } from './unit-field.tsx'

type Purchase = Answer<'getPurchase'>

/** What can be done with it, and which endpoint does it. */
const actions = { redate: 'redatePurchase', cancel: 'cancelPurchase', receive: 'receive', shipped: 'shipDirect' } as const
type Action = keyof typeof actions
const words: Readonly<Record<Action, string>> = {
  redate: 'Move the dates',
  cancel: 'Cancel the rest',
  receive: 'Receive',
  shipped: 'Supplier shipped',
}

const route = getRouteApi('/purchases/$id')

export function PurchasePage() {
  const { id } = route.useParams()
  const site = useSite()
  const query = useQuery<Purchase, Problem>({
    queryKey: ['purchase', site, id],
    queryFn: ({ signal }) => read('/api/purchases/{id}', { params: { id }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const back = { to: '/purchases', text: 'Purchase orders' } as const
  const purchase = query.data
  if (purchase === undefined) return <AwaitedPage query={query} title={`Purchase ${shortId(id)}`} back={back} />
  const open = purchase.lines.reduce((sum, line) => sum + line.open, 0)
  return (
    <Page
      title={`Purchase ${shortId(id)}`}
      badge={<PurchaseBadge open={open} expected={purchase.expected} />}
      back={back}
      actions={open > 0 && <PurchaseActions purchase={purchase} />}
    >
      <Facts
        facts={[
          ['Supplier', `${purchase.supplierName} · ${purchase.supplier}`],
          ['Ordered', instant(purchase.orderedAt)],
          ['Value', money(purchase.value)],
          ['Still to come', number(open)],
          ['Next expected', purchase.expected === null ? '—' : day(purchase.expected)],
        ]}
      />
      <Panel title="Lines">
        <ShortTable
          label="Lines"
          columns={['Item', 'Agreed', 'Expected', 'Ordered', 'Received', 'Rejected', 'To come', 'For orders', 'Price', 'Value']}
          ends={3}
          rows={purchase.lines.map((line) => ({
            key: String(line.line),
            cells: [
              <span key="item">
                <Link to="/items/$sku" params={{ sku: line.sku }}>
                  {line.sku}
                </Link>
                <span className={styles['name']}>{line.name}</span>
                {line.order !== null && (
                  <span className={styles['name']}>
                    {line.direct ? 'shipped to the customer of ' : 'for '}
                    <Link to="/orders/$number" params={{ number: line.order }}>
                      {line.order}
                    </Link>
                  </span>
                )}
              </span>,
              day(line.due),
              line.open === 0 ? '' : line.expected > line.due ? <Badge tone="late">{day(line.expected)}</Badge> : day(line.expected),
              askedText(number(line.quantity), line.asked),
              ...[line.received, line.rejected, line.open, line.pegged].map((some) => number(some)),
              money(line.unitPrice),
              money(line.quantity * line.unitPrice),
            ],
          }))}
        />
      </Panel>
    </Page>
  )
}

/** What is sent: an action with what was typed, line by line. */
interface Act {
  readonly action: Action
  readonly lines: readonly { readonly line: number; readonly sku: string; readonly due: string; readonly quantity: number; readonly lot: string }[]
  readonly carrier: string
  readonly trackingNumber: string
  /** Whether the supplier ships no more. */
  readonly isLast: boolean
}

function PurchaseActions({ purchase }: { readonly purchase: Purchase }) {
  const may = useMay()
  return (
    <Actions<Action, Act>
      actions={(Object.keys(actions) as Action[]).filter((action) => may(actions[action]) && hasWork(purchase, action))}
      words={words}
      main={['receive', 'shipped']}
      of={`purchase ${shortId(purchase.id)}`}
      send={(what, key) => send(purchase, what, key)}
      form={(action, asking) => <Asked action={action} purchase={purchase} {...asking} />}
    />
  )
}

/** What goes to a customer is not received here, and what comes here is not shipped to one. */
const hasWork = ({ lines }: Purchase, action: Action): boolean =>
  action === 'redate' || action === 'cancel' || lines.some((line) => line.open > 0 && line.direct === (action === 'shipped'))

function send({ id, site }: Purchase, { action, lines, carrier, trackingNumber, isLast }: Act, key: string): Promise<unknown> {
  switch (action) {
    case 'redate':
      return write('POST', '/api/purchases/{id}/due-date', {
        params: { id },
        body: { site, lines: lines.map(({ line, due }) => ({ line, due })) },
        key,
      })
    case 'cancel':
      return write('POST', '/api/purchases/{id}/cancellation', { params: { id }, body: { site }, key })
    case 'shipped':
      return write('POST', '/api/purchases/{id}/shipment', {
        params: { id },
        body: { site, carrier, trackingNumber, lines: lines.map(({ line, quantity, lot }) => ({ line, quantity, lot, isLast })) },
        key,
      })
    case 'receive':
      return write('POST', '/api/receipts', {
        body: { site, purchase: id, lines: lines.map(({ line, sku, quantity, lot }) => ({ line, sku, quantity, lot })) },
        key,
      })
  }
}

interface AskedProps extends Asking<Act> {
  readonly action: Action
  readonly purchase: Purchase
}

function Asked({ action, purchase, isBusy, onAct, children }: AskedProps) {
  const isOf = (direct: boolean): boolean => action === 'redate' || direct === (action === 'shipped')
  const open = purchase.lines.filter((line) => line.open > 0 && isOf(line.direct))
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const lines = open.map(({ line, sku }) => ({
      line,
      sku,
      due: text(`due-${line}`),
      quantity: Number(text(`quantity-${line}`) || 0),
      lot: text(`lot-${line}`),
    }))
    const isLast = text('rest') === 'last'
    const told = action === 'receive' || (action === 'shipped' && !isLast) ? lines.filter((line) => line.quantity > 0) : lines
    onAct({ action, lines: told, carrier: text('carrier'), trackingNumber: text('trackingNumber'), isLast })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      {action === 'cancel' && (
        <p>What has not come is no longer expected. Orders that counted on it wait again, and keep the dates they were promised.</p>
      )}
      {action === 'redate' && <p className={styles['soft']}>Estimates follow the new dates; what was promised to customers stays as it was given.</p>}
      {action !== 'cancel' &&
        open.map((line) => (
          <div key={line.line} className={styles['fields']}>
            <span>
              <strong>{line.sku}</strong> <span className={styles['name']}>{number(line.open)} to come</span>
            </span>
            {action === 'redate' && (
              <TextInput
                name={`due-${line.line}`}
                label="Expected"
                aria-label={`Expected, ${line.sku}`}
                type="date"
                defaultValue={line.expected}
                required
              />
            )}
            {(action === 'receive' || action === 'shipped') && (
              <>
                <TextInput
                  name={`quantity-${line.line}`}
                  label={action === 'shipped' ? 'Shipped' : 'Came'}
                  aria-label={`${action === 'shipped' ? 'Shipped' : 'Came'} of ${line.sku}`}
                  type="number"
                  min={0}
                  defaultValue={line.open}
                />
                <TextInput name={`lot-${line.line}`} label="Lot, if any" aria-label={`Lot of ${line.sku}`} />
              </>
            )}
          </div>
        ))}
      {action === 'shipped' && <HowShipped />}
      {children}
      <div className={styles['buttons']}>
        <Button type="submit" loading={isBusy} {...(action === 'cancel' ? { color: 'red' } : {})}>
          {words[action]}
        </Button>
      </div>
    </form>
  )
}

/** With whom the supplier sent it, and what becomes of the rest. */
const HowShipped = () => (
  <>
    <TextInput name="carrier" label="Carrier" maxLength={100} autoComplete="off" />
    <TextInput name="trackingNumber" label="Tracking number" maxLength={100} autoComplete="off" />
    <NativeSelect
      name="rest"
      label="What is not shipped"
      data={[
        { value: 'later', label: 'follows' },
        { value: 'last', label: 'will not be shipped: the order waits again' },
      ]}
    />
  </>
)
