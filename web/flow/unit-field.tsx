// Unit field: in what the quantity of a line is typed, where its item has units besides its base unit.

import { NativeSelect, TextInput } from '@mantine/core'
import { useUnits } from '../item-units.tsx'
import type { AskedLine } from './basket.tsx'

interface UnitFieldProps {
  readonly sku: string
  /** The item's base unit. */
  readonly base: string | undefined
  /** Empty for the base unit. */
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (unit: string) => void
}

function UnitField({ sku, base, value, error, onChange }: UnitFieldProps) {
  const units = useUnits(sku).data?.rows ?? []
  if (base === undefined || units.length === 0) return null
  const names = [...new Set(units.flatMap(({ unit, of }) => [unit, of]))].filter((name) => name !== base)
  return (
    <NativeSelect
      aria-label="Unit"
      mt={4}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: '', label: base }, ...names.map((name) => ({ value: name, label: name }))]}
    />
  )
}

interface QuantityFieldProps {
  readonly line: Pick<AskedLine, 'sku' | 'quantity' | 'unit'>
  readonly faultOf: (name: string) => string | undefined
  readonly onChange: (some: { readonly quantity: string } | { readonly unit: string; readonly price: string }) => void
  readonly base: string | undefined
}

/** How many, and of which unit where the item has several. A price is for one of that unit, so it is typed anew with another. */
export function QuantityField({ line, base, faultOf, onChange }: QuantityFieldProps) {
  return (
    <div>
      <TextInput
        label="Quantity"
        type="number"
        min={line.unit === '' ? 1 : 0}
        step="any"
        required
        value={line.quantity}
        error={faultOf('quantity')}
        onChange={(event) => onChange({ quantity: event.currentTarget.value })}
      />
      <UnitField sku={line.sku} base={base} value={line.unit} error={faultOf('unit')} onChange={(unit) => onChange({ unit, price: '' })} />
    </div>
  )
}

/** `48 (4 case)`, where it was asked for so. */
export const askedText = (quantity: string, asked: { readonly quantity: number; readonly unit: string } | null | undefined): string =>
  asked === null || asked === undefined ? quantity : `${quantity} (${asked.quantity} ${asked.unit})`
