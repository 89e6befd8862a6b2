// Standing: what stands at each stage of the flow, as lines and their value by the day they are due, so that the picture of a site with any number of
// open lines is a sum of a few rows. What is late needs no counting either: it is what is due before today.
//
// It follows from planned moves and lines of shipments alone: `standsOf` says where a row stands, and a change of a row takes away where it stood and
// adds where it stands now. Whoever changes those rows counts them with `count` and nothing else, so a count cannot drift from what it counts.

import { dayOf, type Day } from './calendar.ts'
import { open, waiting, type PlannedMove } from './planned-move.ts'
import type { Shipment, ShipmentLine } from './order.ts'

export const standingStages = [
  'order',
  'promise',
  'reserve',
  'purchase',
  'produce',
  'store',
  'transport',
  'deliver',
  /** Of what was delivered, what came after its day. */
  'deliver_late',
] as const
export type StandingStage = (typeof standingStages)[number]

export interface Standing {
  readonly stage: StandingStage
  readonly due: Day
  readonly lines: number
  /** Minor units; quantities times prices may lie beyond 2^53. */
  readonly value: bigint
}

/** A row that stands somewhere, and how much of it. */
interface Stand {
  readonly stage: StandingStage
  readonly due: Day
  readonly quantity: number
}

/** A line of a shipment with what it belongs to: the planned move has its price and its day. */
export interface Carried {
  readonly line: ShipmentLine
  readonly shipment: Shipment
}

/** Where a planned move stands. A hold that its order's home site has not confirmed is no order yet. */
export function* standsOf(row: PlannedMove): Generator<Stand> {
  const left = open(row)
  const { kind, due, held, allocated } = row
  if (left === 0) return
  if (kind === 'purchase') yield { stage: 'purchase', due, quantity: left }
  else if (kind === 'output') yield { stage: 'produce', due, quantity: left }
  else if (kind === 'order' && row.holdExpiresAt === null) {
    yield { stage: 'order', due, quantity: left }
    if (held < left) yield { stage: 'promise', due, quantity: waiting(row) }
    if (held > allocated) yield { stage: 'reserve', due, quantity: held - allocated }
    if (allocated > 0) yield { stage: 'store', due, quantity: allocated }
  }
}

/** Where a line of a shipment stands: on its way until it is delivered, back or lost, then with the customer, by the day it came there. */
export function* carriedStandsOf({ line, shipment }: Carried, { due }: Pick<PlannedMove, 'due'>): Generator<Stand> {
  const out = line.quantity - line.delivered - line.cameBack - line.lost
  if (out > 0) yield { stage: 'transport', due, quantity: out }
  if (shipment.deliveredAt === null || line.delivered === 0) return
  const arrived = dayOf(shipment.deliveredAt)
  yield { stage: 'deliver', due: arrived, quantity: line.delivered }
  if (arrived > due) yield { stage: 'deliver_late', due: arrived, quantity: line.delivered }
}

/** Adds up what rows of a batch stand for before it and after it. */
export class StandingChanges {
  readonly #byStage = new Map<string, { stage: StandingStage; due: Day; lines: number; value: bigint }>()

  /** `sign` is -1 for where a row stood and 1 for where it stands now. */
  count(stands: Iterable<Stand>, { unitPrice }: Pick<PlannedMove, 'unitPrice'>, sign: -1 | 1): void {
    for (const { stage, due, quantity } of stands) {
      const key = `${stage} ${due}`
      let row = this.#byStage.get(key)
      if (row === undefined) this.#byStage.set(key, (row = { stage, due, lines: 0, value: 0n }))
      row.lines += sign
      row.value += BigInt(sign * quantity) * BigInt(unitPrice)
    }
  }

  get rows(): readonly Standing[] {
    return [...this.#byStage.values()].filter((row) => row.lines !== 0 || row.value !== 0n)
  }
}

/** Deliveries of so many days are true for ever after; what came earlier is shown nowhere. */
export const delivered_days_kept = 10
