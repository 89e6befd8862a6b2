// Line supply: how a line of a new order is supplied: from stock, bought for it alone, or shipped to the customer by the supplier.

import { NativeSelect } from '@mantine/core'
import { boughtWays, type BoughtWay } from '../../core/line-supply.ts'
import { supplyWayWords } from '../ui/words.ts'
import styles from './new-order.module.css'

export type SupplyWay = 'stock' | BoughtWay

const ways: readonly SupplyWay[] = ['stock', ...boughtWays]

const hints: Readonly<Record<BoughtWay, string>> = {
  purchase: 'Bought for this line alone of the preferred supplier, and promised for when it comes.',
  drop_ship: 'The preferred supplier ships it to the customer, and it is promised for when he can.',
}

export interface SupplySelectProps {
  readonly value: SupplyWay
  readonly error: string | undefined
  readonly onChange: (supply: SupplyWay) => void
}

export const SupplySelect = ({ value, error, onChange }: SupplySelectProps) => (
  <NativeSelect
    label="Supply"
    value={value}
    error={error}
    onChange={(event) => onChange(ways.find((way) => way === event.currentTarget.value) ?? 'stock')}
    data={ways.map((way) => ({ value: way, label: supplyWayWords[way] }))}
  />
)

/** What stands under a line that takes nothing of stock, where another has its promise. */
export const BoughtHint = ({ how }: { readonly how: BoughtWay }) => (
  <p className={styles['promise']} data-tone="plain">
    {hints[how]}
  </p>
)
