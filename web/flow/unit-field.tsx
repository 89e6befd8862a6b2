// Unit field: in what the quantity of a line is typed, where its item has units besides its base unit.

import { NativeSelect } from '@mantine/core'
import { useUnits } from '../item-units.tsx'

export interface UnitFieldProps {
  readonly sku: string
  /** The item's base unit. */
  readonly base: string | undefined
  /** Empty for the base unit. */
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (unit: string) => void
}

export function UnitField({ sku, base, value, error, onChange }: UnitFieldProps) {
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

/** `48 (4 case)`, where it was asked for so. */
export const askedText = (quantity: string, asked: { readonly quantity: number; readonly unit: string } | null | undefined): string =>
  asked === null || asked === undefined ? quantity : `${quantity} (${asked.quantity} ${asked.unit})`
