// Work order: so many of an item are to be made. Its output is a planned supply (line 0), each component a planned demand (lines from 1);
// the goods between issue and output stand in production, and what they are worth is remembered here by component.
// Invariants: used + returned <= issued, in pieces and in value; what is used of all components is what the output is worth.

import type { Per } from './bill.ts'
import type { Day, Instant } from './calendar.ts'
import type { ItemId } from './item.ts'
import type { Money } from './money.ts'
import type { PlannedMove } from './planned-move.ts'
import { open } from './planned-move.ts'
import type { Quantity } from './quantity.ts'

export interface WorkOrder {
  readonly workOrder: string
  readonly item: ItemId
  readonly quantity: Quantity
  /** How long it takes once all components are there. */
  readonly makeDays: number
  /** As it was asked for; the output's planned move has the day it is expected now. */
  readonly due: Day
  readonly recordedAt: Instant
  /** The recalls of goods that were issued to it: what it makes is held too. */
  readonly recalls: readonly string[]
}

export interface WorkComponent extends Per {
  readonly workOrder: string
  readonly line: number
  /** What went into output, and what went back to the shelf; what was issued is posted on the planned move. */
  readonly used: Quantity
  readonly returned: Quantity
  readonly issuedValue: Money
  readonly usedValue: Money
  readonly returnedValue: Money
}

/** The line of a work order's output. */
export const OUTPUT_LINE = 0

export const workOrderStates = ['planned', 'released', 'completed', 'cancelled'] as const
export type WorkOrderState = (typeof workOrderStates)[number]
export type WorkOrderAction = 'release' | 'issue' | 'output' | 'redate' | 'cancel'

/** Which state permits which action: the API refuses by it, and buttons follow it. */
export const workOrderCan: Readonly<Record<WorkOrderState, readonly WorkOrderAction[]>> = {
  planned: ['release', 'redate', 'cancel'],
  released: ['issue', 'output', 'redate', 'cancel'],
  completed: [],
  cancelled: [],
}

/** What its output's planned move says, never a flag. */
export function workOrderState(output: Pick<PlannedMove, 'status' | 'planned' | 'posted' | 'cancelled'>): WorkOrderState {
  if (open(output) > 0) return output.status === 'released' ? 'released' : 'planned'
  return output.posted > 0 ? 'completed' : 'cancelled'
}
