// Badge: a state as a word, with a shape and a colour that go with it.

import type { OrderState } from '../../core/order.ts'
import styles from './badge.module.css'
import { orderStateWords, type Tone } from './words.ts'

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span className={`${styles['badge']} ${styles[tone]}`}>{children}</span>
}

export function OrderBadge({ state }: { readonly state: OrderState }) {
  const { word, tone } = orderStateWords[state]
  return <Badge tone={tone}>{word}</Badge>
}
