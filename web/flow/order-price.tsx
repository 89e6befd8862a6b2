// Order price: what an order comes to, and step by step why, in words; the same for an order that is being entered and for one that was placed.

import type { ReactNode } from 'react'
import { day, moneyIn, number, share } from '../ui/format.ts'
import styles from './order-price.module.css'

export interface Amounts {
  readonly goods: number
  readonly discount: number
  readonly net: number
  readonly tax: number
  readonly gross: number
}

/** A step as the API tells it (core/order-price.ts). */
export type Step = { readonly step: string } & Readonly<Record<string, unknown>>

export function Totals({ totals, currency, more }: { readonly totals: Amounts; readonly currency: string; readonly more?: ReactNode }) {
  const rows = [
    ['Goods', totals.goods, true],
    ['Discount', -totals.discount, totals.discount !== 0],
    ['Net', totals.net, totals.discount !== 0 || totals.tax !== 0],
    ['Tax', totals.tax, totals.tax !== 0],
  ] as const
  return (
    <dl className={styles['totals']}>
      {rows.map(
        ([name, amount, shown]) =>
          shown && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{moneyIn(amount, currency)}</dd>
            </div>
          ),
      )}
      <div className={styles['gross']}>
        <dt>Total</dt>
        <dd>{moneyIn(totals.gross, currency)}</dd>
      </div>
      {more !== undefined && <p className={styles['soft']}>{more}</p>}
    </dl>
  )
}

/** How a price came about, to be opened. */
export function Why({ steps, currency }: { readonly steps: readonly Step[]; readonly currency: string }) {
  if (steps.length === 0) return null
  return (
    <details className={styles['why']}>
      <summary>How the price came about</summary>
      <Steps steps={steps} currency={currency} />
    </details>
  )
}

/** A sentence a step. */
export function Steps({ steps, currency }: { readonly steps: readonly Step[]; readonly currency: string }) {
  return (
    <ol className={styles['steps']}>
      {steps.map((step) => (
        <li key={step.step}>{stepText(step, currency)}</li>
      ))}
    </ol>
  )
}

const RATE_ONE = 1_000_000_000

export function stepText(step: Step, currency: string): string {
  const amount = (name: string, of = currency): string => moneyIn(Number(step[name]), of)
  const text = (name: string): string => String(step[name])
  const off = step['perMillion'] === null ? amount('off') : `${share(Number(step['perMillion']))}, which is ${amount('off')}`
  const by = step['code'] === null ? 'given' : `discount ${text('code')}`
  switch (step.step) {
    case 'item':
      return `${amount('unitPrice', text('currency'))} each, the item's own list price.`
    case 'given':
      return `${amount('unitPrice', text('currency'))} each, as it was given.`
    case 'unit_price':
      return `${amount('price', text('currency'))} for one ${text('unit')}, as it was given: ${amount('goods')} for ${number(Number(step['quantity']))}.`
    case 'list': {
      const from = Number(step['minimum']) > 1 ? ` from ${number(Number(step['minimum']))} on` : ''
      return `${amount('unitPrice', text('currency'))} each${from} by price list ${text('list')}, since ${day(text('validFrom'))}.`
    }
    case 'exchange':
      return `${amount('unitPrice')} each, exchanged from ${text('from')} at ${number(Number(step['from_e9']) / RATE_ONE)} to ${number(Number(step['to_e9']) / RATE_ONE)}.`
    case 'line_discount':
      return `${off} off the line (${by}).`
    case 'order_discount':
      return `${amount('share')} off as its share of the order's ${off} (${by}).`
    case 'tax':
      return `${amount('tax')} tax: ${share(Number(step['perMillion']))} on ${amount('of')} (${text('code')}).`
    default:
      return step.step
  }
}
