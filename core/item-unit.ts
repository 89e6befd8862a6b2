// Item units, as they come into being and go: by commands of the control site, each leaving the item's units a graph that agrees with itself and in which
// every unit leads to the base unit. Documents keep the base units that they were entered for, so no change of a unit changes one that stands.

import type { ItemId } from './item.ts'
import { announce, type Draft } from './ledger.ts'
import { changedMeanwhile, type IfMatch } from './master.ts'
import { refuse, type Refusal } from './refusal.ts'
import { itemUnitKey, tagOfUnit, unitsOf, type ItemUnit } from './unit.ts'

/** Rows that say an item's units. */
export const item_units_max = 100

interface OfItem {
  readonly item: ItemId
  /** The item's base unit, which never changes. */
  readonly base: string
}

export interface SetUnits {
  readonly kind: 'setUnits'
  readonly units: readonly (ItemUnit & OfItem)[]
  readonly ifMatch?: IfMatch
}

/** How many of another one unit is from now on; what was said before of the same two units of an item is replaced. */
export function setUnits({ units, ifMatch }: SetUnits, draft: Draft): object | Refusal {
  const changed = changedMeanwhile('units', ifMatch, (index) => {
    const row = draft.itemUnit.get(itemUnitKey(units[index]!))
    return row && tagOfUnit(row)
  })
  if (changed) return changed
  for (const { base: _base, ...row } of units) draft.itemUnit.put(row)
  const fault = faultOf(draft, units)
  if (fault) return fault
  announce(draft, { type: 'units.set', subject: String(units[0]?.item ?? ''), data: { units } })
  return { units: units.length }
}

export interface RemoveUnits {
  readonly kind: 'removeUnits'
  readonly units: readonly (OfItem & { readonly unit: string })[]
}

/** Nothing can be asked for in these units any more; what was asked for in them stands. */
export function removeUnits({ units }: RemoveUnits, draft: Draft): object | Refusal {
  for (const [index, { item, unit }] of units.entries()) {
    const rows = draft.itemUnit.of(String(item)).filter((row) => row.unit === unit)
    if (rows.length === 0) return refuse('unit_not_known', `units/${index + 1}/unit`, `The item has no unit ${unit} of its own.`)
    for (const row of rows) draft.itemUnit.remove(row)
  }
  const fault = faultOf(draft, units)
  if (fault) return fault
  announce(draft, { type: 'units.removed', subject: String(units[0]?.item ?? ''), data: { units } })
  return { units: units.length }
}

/** What is wrong with the units of these items as they are now, told of the row that was sent. */
function faultOf(draft: Draft, sent: readonly (OfItem & { readonly unit: string; readonly of?: string })[]): Refusal | undefined {
  for (const [item, base] of new Map(sent.map((one) => [one.item, one.base]))) {
    const rows = draft.itemUnit.of(String(item))
    const first = sent.findIndex((one) => one.item === item) + 1
    if (rows.length > item_units_max) return refuse('units_too_many', `units/${first}/unit`, `An item has at most ${item_units_max} units.`)
    const units = unitsOf(base, rows)
    if (!('fault' in units)) continue
    const { fault, edge, detail } = units
    const at = sent.findIndex((one) => one.item === item && one.unit === edge.unit && one.of === edge.of) + 1
    return refuse(fault === 'contradicts' ? 'unit_contradicts' : 'unit_unreachable', `units/${at === 0 ? first : at}/unit`, detail)
  }
  return undefined
}
