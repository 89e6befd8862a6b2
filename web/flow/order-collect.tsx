// Order collect: what is asked at the counter: until when an order is kept, who takes it and what he shows, and what becomes of it when nobody comes.

import { NativeSelect, TextInput } from '@mantine/core'
import type { OrderAction } from '../../core/order.ts'
import type { Answer } from '../client.ts'
import { typedIn } from '../ui/form.ts'
import { day, today } from '../ui/format.ts'
import styles from './order.module.css'

type Order = Answer<'getOrder'>
type CounterAction = Extract<OrderAction, 'ready' | 'collect' | 'put_back'>

export interface Collected {
  readonly keptUntil: string
  readonly collectedBy: string
  readonly proof: string
  readonly keepsOrder: boolean
}

export const asksForCollection = (action: OrderAction): action is CounterAction => action === 'ready' || action === 'collect' || action === 'put_back'

export function collectedIn(form: HTMLFormElement): Collected {
  const text = (name: string): string => typedIn(form, name).trim()
  return { keptUntil: text('keptUntil'), collectedBy: text('collectedBy'), proof: text('proof'), keepsOrder: text('then') === 'keep' }
}

/** How it reaches its customer, for the facts of an order. */
export function wayText({ shipComplete, collection, site }: Order): string {
  if (collection === null) return shipComplete ? 'All at once' : 'In parts as they come'
  return collection.keptUntil === null ? `Collected at ${site}` : `Collected at ${site}, kept until ${day(collection.keptUntil)}`
}

const MILLISECONDS_A_DAY = 86_400_000

/** The day until which it is kept unless another is chosen: as agreed, from today. */
const usualDay = ({ collection }: Order): string => today(Date.now() + (collection?.keepDays ?? 0) * MILLISECONDS_A_DAY)

export function CollectFields({ action, order }: { readonly action: CounterAction; readonly order: Order }) {
  switch (action) {
    case 'ready':
      return (
        <TextInput
          name="keptUntil"
          type="date"
          label="Kept until"
          required
          min={today(Date.now())}
          defaultValue={usualDay(order)}
          description="Who does not come by then is seen among the exceptions."
        />
      )
    case 'collect':
      return (
        <>
          <TextInput name="collectedBy" label="Collected by" required maxLength={200} data-autofocus autoComplete="off" />
          <TextInput name="proof" label="What was shown" placeholder="A code, a card, a name" maxLength={500} autoComplete="off" />
        </>
      )
    case 'put_back':
      return (
        <>
          <p className={styles['soft']}>The goods go from packing back to the shelf.</p>
          <NativeSelect
            name="then"
            label="The order"
            data={[
              { value: 'cancel', label: 'is cancelled: others can have the goods' },
              { value: 'keep', label: 'is kept: the goods stay held for it' },
            ]}
          />
        </>
      )
  }
}
