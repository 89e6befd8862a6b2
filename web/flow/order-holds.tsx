// Order holds: who put an order on hold, when and why, and who took it off; and the two buttons that do so.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { mayTakeOff, orderHoldKindsByHand } from '../../core/order-hold.ts'
import { write, type Answer } from '../client.ts'
import { useMay, useSession } from '../session.tsx'
import { Badge } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { instant } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { orderHoldWords } from '../ui/words.ts'
import styles from './order.module.css'

type Order = Answer<'getOrder'>
type Hold = Order['holds'][number]

/** A word beside the order's state while a hold stands. */
export function HoldBadge({ order }: { readonly order: Order }) {
  const standing = order.holds.find((one) => one.takenOffAt === null)
  return standing === undefined ? null : <Badge tone="late">{orderHoldWords[standing.kind]}</Badge>
}

export function Holds({ order }: { readonly order: Order }) {
  const may = useMay()
  const { user } = useSession()
  const [asking, setAsking] = useState<'put' | Hold>()
  const done = (): void => setAsking(undefined)
  const open = order.lines.some((line) => line.quantity > line.cancelled + line.shipped)
  const mayPut = may('putOrderOnHold') && open
  if (order.holds.length === 0 && !mayPut) return null
  return (
    <Panel
      title="Holds"
      more={
        mayPut && (
          <Button size="compact-sm" variant="default" onClick={() => setAsking('put')}>
            Put on hold
          </Button>
        )
      }
    >
      {order.holds.length === 0 && <p className={styles['soft']}>Nothing holds this order up.</p>}
      <ul className={styles['goods']}>
        {order.holds.map((one) => (
          <li key={one.hold}>
            <strong>{orderHoldWords[one.kind]}</strong>
            {one.takenOffAt === null && may('takeOrderOffHold') && mayTakeOff(user.role, one.kind) && (
              <Button size="compact-sm" variant="default" onClick={() => setAsking(one)}>
                Take off
              </Button>
            )}
            <span className={styles['soft']}>
              {one.reason} By {one.placedBy}, {instant(one.placedAt)}.
            </span>
            {one.takenOffAt !== null && (
              <span className={styles['soft']}>
                Taken off by {one.takenOffBy}, {instant(one.takenOffAt)}. {one.note}
              </span>
            )}
          </li>
        ))}
      </ul>
      {asking === 'put' && <PutOnHold order={order} onDone={done} />}
      {asking !== undefined && asking !== 'put' && <TakeOff order={order} hold={asking} onDone={done} />}
    </Panel>
  )
}

interface Asked {
  readonly order: Order
  readonly onDone: () => void
}

function PutOnHold({ order, onDone }: Asked) {
  const put = useWrite<{ readonly kind: (typeof orderHoldKindsByHand)[number]; readonly reason: string }, unknown>(
    (body, key) => write('POST', '/api/orders/{number}/holds', { params: { number: order.number }, body, key }),
    { onDone },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const wanted = typedIn(event.currentTarget, 'kind')
    put.mutate({ kind: orderHoldKindsByHand.find((one) => one === wanted) ?? 'manual', reason: typedIn(event.currentTarget, 'reason').trim() })
  }
  return (
    <Dialog title={`Put on hold: ${order.number}`} onClose={onDone}>
      <form onSubmit={submit} className={styles['form']}>
        <NativeSelect name="kind" label="Why" data={orderHoldKindsByHand.map((value) => ({ value, label: orderHoldWords[value] }))} />
        <TextInput name="reason" label="Reason" required maxLength={4_000} data-autofocus autoComplete="off" />
        <p className={styles['soft']}>Its stock stays held for it; nothing of it is released, picked, packed or shipped.</p>
        {put.error !== null && <ProblemBox problem={put.error} />}
        <div className={styles['buttons']}>
          <Button type="submit" loading={put.isPending}>
            Put on hold
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function TakeOff({ order, hold, onDone }: Asked & { readonly hold: Hold }) {
  const take = useWrite<{ readonly note: string }, unknown>(
    (body, key) => write('POST', '/api/orders/{number}/holds/{hold}/release', { params: { number: order.number, hold: hold.hold }, body, key }),
    { onDone },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    take.mutate({ note: typedIn(event.currentTarget, 'note').trim() })
  }
  return (
    <Dialog title={`Take off hold: ${order.number}`} onClose={onDone}>
      <form onSubmit={submit} className={styles['form']}>
        <p>{hold.reason}</p>
        <TextInput name="note" label="Note" maxLength={4_000} data-autofocus autoComplete="off" />
        {take.error !== null && <ProblemBox problem={take.error} />}
        <div className={styles['buttons']}>
          <Button type="submit" loading={take.isPending}>
            Take off hold
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
