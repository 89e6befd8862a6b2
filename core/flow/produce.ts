// Produce: a work order makes so many of an item from what its bill says. Its output is planned supply and each component planned demand, held
// and pegged like any other: a component that is short is covered like any other, so several levels work by themselves.
//
// Issuing moves components into production; output leaves production worth exactly what went into it. No more can be made than what was
// issued allows, and what production does not use goes back to the shelf at the value it came with.

import { required, type Per } from '../bill.ts'
import { addDays, type Day, type Instant } from '../calendar.ts'
import { countingOn, expectOn, outputDay, promisesHurt, raiseHurt, tiesOf, uncoveredOf } from '../disruption.ts'
import { expiryFault, labelFault, untimely, quantityFault, serialFault } from '../fault.ts'
import type { ItemId } from '../item.ts'
import { ageOf, announce, plan, post, sells, type Draft } from '../ledger.ts'
import { noteLot } from '../lot.ts'
import { add, nothing, share, subtract, type Money } from '../money.ts'
import type { Condition, End } from '../move.ts'
import { standardPlaces, virtualPlaces, type PlaceId } from '../place.ts'
import { open, plannedKey, type PlannedMove } from '../planned-move.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { markRecalled, recallFault } from '../recalled-goods.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { endOf, itemKey, unallocated } from '../stock.ts'
import { OUTPUT_LINE, workOrderCan, workOrderState, type WorkComponent, type WorkOrderAction } from '../work-order.ts'
import { cancelOpen, fulfil, loosenSurplus, pegWaiting, settle, soonestToExpire } from '../hold.ts'
import { pegToSupply } from './reserve.ts'

export interface Component extends Per {
  /** From 1; line 0 is the output. */
  readonly line: number
  readonly item: ItemId
}

export interface Produce {
  readonly kind: 'produce'
  readonly workOrder: string
  readonly item: ItemId
  readonly quantity: Quantity
  readonly makeDays: number
  readonly due: Day
  /** As the item's bill says on the day. */
  readonly components: readonly Component[]
}

export function produce(command: Produce, draft: Draft): object | Refusal {
  if (command.quantity <= 0) return refuse('quantity_not_positive', 'quantity', `A quantity of ${command.quantity} cannot be made.`)
  if (command.components.length === 0) return refuse('bill_empty', 'sku', 'The item has no components on this day, so it cannot be made.')
  planWorkOrder(draft, command, 'firm')
  const { workOrder, item, quantity: planned, due } = command
  return { id: workOrder, item, quantity: planned, due: outputOf(draft, workOrder).due, asked: due }
}

/** Components wait in line like the goods of an ordinary order. */
const COMPONENT_PRIORITY = 5

/** Enters a work order that has no fault: output and components are planned, held as far as stock goes, and pegged. */
export function planWorkOrder(draft: Draft, command: Omit<Produce, 'kind'>, status: 'firm' | 'released'): void {
  const { workOrder, item, makeDays, due } = command
  const row = { workOrder, item, quantity: command.quantity, makeDays, due, recordedAt: draft.state.now, recalls: [] }
  draft.workOrder.put(row)
  const base = { document: workOrder, part: 1, status, owner: draft.state.owner, homeSite: draft.state.site, age: ageOf(draft) } as const
  const untouched = { posted: none, cancelled: none, held: none, pegged: none, allocated: none, holdExpiresAt: null } as const
  const output: PlannedMove = {
    ...base,
    ...untouched,
    line: OUTPUT_LINE,
    kind: 'output',
    direction: 'supply',
    item,
    from: virtualPlaces.production,
    to: standardPlaces.dock,
    due,
    priority: 0,
    unitPrice: draft.state.items.get(item)?.standardCost ?? nothing,
    planned: command.quantity,
  }
  plan(draft, output)
  pegWaiting(draft, output)
  const start = addDays(due, -makeDays)
  for (const { line, item: component, quantity: per, batch, scrapPerMillion } of command.components) {
    draft.workComponent.put({ workOrder, line, quantity: per, batch, scrapPerMillion, ...unused })
    const demand: PlannedMove = {
      ...base,
      ...untouched,
      line,
      kind: 'component',
      direction: 'demand',
      item: component,
      from: standardPlaces.shelf,
      to: virtualPlaces.production,
      due: start < draft.state.today ? draft.state.today : start,
      priority: COMPONENT_PRIORITY,
      unitPrice: nothing,
      planned: required({ quantity: per, batch, scrapPerMillion }, command.quantity),
    }
    plan(draft, demand)
    settle(draft, component, draft.state.owner)
    pegToSupply(draft, draft.planned.get(plannedKey(demand))!, null)
  }
  expectOn(draft, outputOf(draft, workOrder), outputDay(draft, row))
  announce(draft, { type: 'work_order.planned', subject: workOrder, data: { item, quantity: command.quantity, due, status } })
}

const unused = { used: none, returned: none, issuedValue: nothing, usedValue: nothing, returnedValue: nothing } as const

export interface ReleaseWorkOrder {
  readonly kind: 'releaseWorkOrder'
  readonly workOrder: string
}

/** The work may begin. */
export function releaseWorkOrder({ workOrder }: ReleaseWorkOrder, draft: Draft): object | Refusal {
  const refusal = workOrderForbids(draft, workOrder, 'release')
  if (refusal) return refusal
  for (const row of draft.planned.of(workOrder)) plan(draft, { ...row, status: 'released' })
  announce(draft, { type: 'work_order.released', subject: workOrder, data: {} })
  return { id: workOrder }
}

export interface IssueComponents {
  readonly kind: 'issueComponents'
  readonly workOrder: string
  readonly issuedAt: Instant
}

/** Everything that is held for the work order goes from its shelf into production, first expired first. */
export function issueComponents({ workOrder, issuedAt }: IssueComponents, draft: Draft): object | Refusal {
  const refusal = workOrderForbids(draft, workOrder, 'issue') ?? untimely(draft, issuedAt, 'issuedAt')
  if (refusal) return refusal
  const held = componentsOf(draft, workOrder).filter((row) => row.held > 0)
  if (held.length === 0) return refuse('not_held', 'id', 'Nothing is held for this work order that is not issued already.')
  for (const row of held) issueOne(draft, row, issuedAt)
  const lines = held.map(({ line, item, held: issued }) => ({ line, item, quantity: issued }))
  announce(draft, { type: 'work_order.issued', subject: workOrder, occurredAt: issuedAt, data: { lines } })
  if (componentsOf(draft, workOrder).every((row) => open(row) === 0)) begin(draft, workOrder)
  return { id: workOrder, lines }
}

/** All is there, so from now on the output is so many days away. Whoever waits without a promise is not told of a day more or less. */
function begin(draft: Draft, workOrder: string): void {
  const output = outputOf(draft, workOrder)
  const day = addDays(draft.state.today, draft.workOrder.get(workOrder)!.makeDays)
  const hurts = promisesHurt(expectOn(draft, output, day))
  raiseHurt(draft, 'supply_late', output, `A work order is finished on ${day} and not on ${output.due}`, hurts)
}

function issueOne(draft: Draft, row: PlannedMove, issuedAt: Instant): void {
  plan(draft, { ...row, held: none, posted: plus(row.posted, row.held) })
  let left = row.held
  let value = nothing
  const rows = draft.stock.of(itemKey(row.item, row.owner)).filter((at) => sells(draft.state, at) && unallocated(at) > 0)
  for (const at of rows.toSorted(soonestToExpire(draft))) {
    const some = least(left, unallocated(at))
    if (some === 0) break
    const from = endOf(at)
    const to: End = { ...from, place: virtualPlaces.production, package: '' }
    const { document, line, part } = row
    value = add(value, post(draft, { item: row.item, quantity: some, from, to, cause: 'issue', document, line, part, occurredAt: issuedAt }))
    left = minus(left, some)
  }
  if (left > 0) throw new Error(`${left} of item ${row.item} are held beyond what stands anywhere unallocated.`)
  const component = componentAt(draft, row)
  draft.workComponent.put({ ...component, issuedValue: add(component.issuedValue, value) })
}

export interface RecordOutput {
  readonly kind: 'recordOutput'
  readonly workOrder: string
  /** What is good; may be none where all is scrap. */
  readonly quantity: Quantity
  /** What was made besides and is good for nothing. */
  readonly scrapped?: Quantity
  readonly place: PlaceId
  readonly lot: string
  readonly serial: string
  readonly expiresOn: Day | null
  readonly madeAt: Instant
}

/** So many are made: they come out of production at the value of what went into them, and go to whoever was pegged to them. */
export function recordOutput(command: RecordOutput, draft: Draft): object | Refusal {
  const { workOrder, quantity: good, scrapped = none, place, lot, serial, expiresOn, madeAt } = command
  const made = plus(good, scrapped)
  const fault = outputFault({ ...command, quantity: made }, draft)
  if (fault) return fault
  const output = outputOf(draft, workOrder)
  const value = useComponents(draft, output, plus(output.posted, made))
  noteLot(draft, { item: output.item, lot, expiresOn })
  // What recalled goods went into is recalled as well.
  const { recalls } = draft.workOrder.get(workOrder)!
  if (lot !== '' || serial !== '')
    for (const recall of recalls) markRecalled(draft, { item: output.item, lot, serial, expiresOn }, recall, draft.state.now)
  const from: End = { place: virtualPlaces.production, package: '', lot, serial, condition: conditionOf(draft, workOrder), owner: output.owner }
  const { item, line, part } = output
  post(draft, { item, quantity: made, from, to: { ...from, place }, cause: 'output', document: workOrder, line, part, occurredAt: madeAt, value })
  fulfil(draft, output, good)
  if (scrapped > 0) scrap(draft, outputOf(draft, workOrder), scrapped, { ...from, place }, madeAt)
  settle(draft, item, output.owner)
  announce(draft, { type: 'work_order.output', subject: workOrder, occurredAt: madeAt, data: { item, quantity: good, scrapped, value } })
  return { id: workOrder, item, quantity: good, scrapped, value, open: open(outputOf(draft, workOrder)) }
}

/** What came out broken is lost where it came out, at what went into it; whoever counted on it waits for another supply. */
function scrap(draft: Draft, output: PlannedMove, scrapped: Quantity, at: End, madeAt: Instant): void {
  const { item, document, line, part } = output
  const to: End = { ...at, place: virtualPlaces['loss.breakage'] }
  post(draft, { item, quantity: scrapped, from: at, to, cause: 'loss', document, line, part, occurredAt: madeAt })
  const ties = tiesOf(draft, output)
  loosenSurplus(draft, output, scrapped)
  const now = draft.planned.get(plannedKey(output))!
  plan(draft, { ...now, posted: plus(now.posted, scrapped) })
  raiseHurt(draft, 'supply_short', output, `${scrapped} of a work order are scrap`, uncoveredOf(draft, ties))
}

function outputFault(command: RecordOutput, draft: Draft): Refusal | undefined {
  const { workOrder, quantity: made, lot, serial, expiresOn, madeAt } = command
  const refusal =
    workOrderForbids(draft, workOrder, 'output') ??
    quantityFault([{ line: OUTPUT_LINE, quantity: made }]) ??
    untimely(draft, madeAt, 'madeAt') ??
    labelFault(draft, { item: draft.workOrder.get(workOrder)!.item, quantity: made, lot, serial })
  if (refusal) return refusal
  const output = outputOf(draft, workOrder)
  if (made > open(output)) return refuse('more_than_planned', 'quantity', `${open(output)} are still planned.`)
  const after = plus(output.posted, made)
  for (const row of componentsOf(draft, workOrder)) {
    const needed = required(componentAt(draft, row), after)
    if (row.posted < needed) {
      const sku = draft.state.items.get(row.item)?.sku ?? String(row.item)
      return refuse('components_missing', 'quantity', `${after} need ${needed} of ${sku}; ${row.posted} are issued.`)
    }
  }
  return (
    expiryFault(draft, output.item, lot, expiresOn, 'sellable', 'expiresOn') ??
    recallFault(draft, { item: output.item, lot, serial }, conditionOf(draft, workOrder)) ??
    serialFault(draft, output.item, serial, 'serial')
  )
}

/** What a work order makes can be sold, unless recalled goods went into it. */
const conditionOf = (draft: Draft, workOrder: string): Condition => (draft.workOrder.get(workOrder)!.recalls.length === 0 ? 'sellable' : 'quarantine')

/** Uses up what `after` pieces of output need; the last one takes all that was issued, so nothing is left in production. */
function useComponents(draft: Draft, output: PlannedMove, after: Quantity): Money {
  const isLast = after === minus(output.planned, output.cancelled)
  let value = nothing
  for (const row of componentsOf(draft, output.document)) {
    const component = componentAt(draft, row)
    const used = isLast ? minus(row.posted, component.returned) : required(component, after)
    const worth = worthOf(row, component, minus(used, component.used))
    draft.workComponent.put({ ...component, used, usedValue: add(component.usedValue, worth) })
    value = add(value, worth)
  }
  return value
}

/** The share of so many of a component that stands in production. */
function worthOf(row: PlannedMove, component: WorkComponent, some: Quantity): Money {
  const left = leftOf(row, component)
  const value = subtract(component.issuedValue, add(component.usedValue, component.returnedValue))
  return some === 0 ? nothing : share(value, some, left)
}

/** How many of a component stand in production. */
const leftOf = (row: PlannedMove, { used, returned }: WorkComponent): Quantity => minus(row.posted, plus(used, returned))

export interface RedateWorkOrder {
  readonly kind: 'redateWorkOrder'
  readonly workOrder: string
  readonly due: Day
}

/** It is to be finished on another day, or as soon after it as its components allow. */
export function redateWorkOrder({ workOrder, due }: RedateWorkOrder, draft: Draft): object | Refusal {
  const refusal = workOrderForbids(draft, workOrder, 'redate')
  if (refusal) return refusal
  const row = { ...draft.workOrder.get(workOrder)!, due }
  draft.workOrder.put(row)
  const output = outputOf(draft, workOrder)
  const day = outputDay(draft, row)
  raiseHurt(draft, 'supply_late', output, `A work order is finished on ${day} and not on ${output.due}`, expectOn(draft, output, day))
  announce(draft, { type: 'work_order.redated', subject: workOrder, data: { due, expected: day } })
  return { id: workOrder, due: day, asked: due }
}

export interface CancelWorkOrder {
  readonly kind: 'cancelWorkOrder'
  readonly workOrder: string
}

/** What is not made will not be made: holds are let go, and what production has not used goes back to the shelf. */
export function cancelWorkOrder({ workOrder }: CancelWorkOrder, draft: Draft): object | Refusal {
  const refusal = workOrderForbids(draft, workOrder, 'cancel') ?? untraceable(draft, workOrder)
  if (refusal) return refusal
  const output = outputOf(draft, workOrder)
  const hurts = countingOn(draft, output)
  const cancelled = cancelOpen(draft, output)
  const returned = componentsOf(draft, workOrder).map((row) => giveBack(draft, row))
  raiseHurt(draft, 'supply_short', output, `${cancelled} of a work order will not be made`, hurts)
  const lines = returned.filter((line) => line.returned > 0)
  announce(draft, { type: 'work_order.cancelled', subject: workOrder, data: { cancelled, lines } })
  return { id: workOrder, cancelled, lines }
}

/** Which piece or lot of what was issued was not used yet, nobody has recorded. */
function untraceable(draft: Draft, workOrder: string): Refusal | undefined {
  const tracked = componentsOf(draft, workOrder).find(
    (row) => leftOf(row, componentAt(draft, row)) > 0 && (draft.state.items.get(row.item)?.tracking ?? 'none') !== 'none',
  )
  if (tracked === undefined) return undefined
  const detail = 'Pieces told apart by lot or serial are in production: record what is made of them, then cancel the rest.'
  return refuse('work_order_state_forbids', `components/${tracked.line}`, detail)
}

function giveBack(draft: Draft, row: PlannedMove): { readonly line: number; readonly item: ItemId; readonly returned: Quantity } {
  cancelOpen(draft, row)
  const component = componentAt(draft, row)
  const back = leftOf(row, component)
  if (back > 0) {
    const value = worthOf(row, component, back)
    draft.workComponent.put({ ...component, returned: plus(component.returned, back), returnedValue: add(component.returnedValue, value) })
    const from: End = { place: virtualPlaces.production, package: '', lot: '', serial: '', condition: 'sellable', owner: row.owner }
    const { item, document, line, part } = row
    const to: End = { ...from, place: standardPlaces.shelf }
    post(draft, { item, quantity: back, from, to, cause: 'unissue', document, line, part, occurredAt: draft.state.now, value })
    settle(draft, item, row.owner)
  }
  return { line: row.line, item: row.item, returned: back }
}

/** Refuses what the work order's state does not permit. */
function workOrderForbids(draft: Draft, workOrder: string, action: WorkOrderAction): Refusal | undefined {
  if (draft.workOrder.get(workOrder) === undefined) return refuse('work_order_not_known', 'id', 'There is no such work order at this site.')
  const state = workOrderState(outputOf(draft, workOrder))
  if (workOrderCan[state].includes(action)) return undefined
  return refuse('work_order_state_forbids', 'id', `The work order is ${state}, so it cannot be changed this way: ${action}.`)
}

const outputOf = (draft: Draft, workOrder: string): PlannedMove => draft.planned.get(plannedKey({ document: workOrder, line: OUTPUT_LINE, part: 1 }))!
const componentsOf = (draft: Draft, workOrder: string): PlannedMove[] => draft.planned.of(workOrder).filter((row) => row.kind === 'component')
const componentAt = (draft: Draft, row: PlannedMove): WorkComponent => draft.workComponent.get(`${row.document}/${row.line}`)!
