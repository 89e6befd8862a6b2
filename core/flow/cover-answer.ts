// Cover, the answer: a site that was asked for goods says on which day they can leave, and says so again whenever that day changes. The site that asks
// wanted them on a day of its own choosing; only the answer is a day that anybody can keep.
//
// No command gives the answer: it follows from what is held and from pegs. After each command that changed either, `answerAskers` tells whoever waits.
// The day that was told stands as the day of the planned demand, which is `released` then; while it was not told, or is not known any more, it is
// `firm`. So the same day is never told twice, and the site that asks hears of every other. Invariant: the last day told is the day that stands.

import { addDays, type Day } from '../calendar.ts'
import { countingOn, expectOn, promisesHurt, raiseHurt } from '../disruption.ts'
import type { ItemId, SiteId } from '../item.ts'
import { announce, plan, redate, type Draft } from '../ledger.ts'
import { open, plannedKey, waiting, type PlannedMove } from '../planned-move.ts'
import { none, plus, type Quantity } from '../quantity.ts'

interface Leaving {
  readonly line: number
  /** Null where neither stock nor known supply covers it any more. */
  readonly leavesOn: Day | null
}

/** Tells the sites that asked for goods when these can leave, where this command has changed that. */
export function answerAskers(draft: Draft): void {
  const told = new Map<string, { readonly home: SiteId; readonly lines: Leaving[] }>()
  for (const row of askedRows(draft)) {
    const leavesOn = open(row) === 0 ? null : dayOfLeaving(draft, row)
    if (open(row) === 0 || (leavesOn === null ? row.status === 'firm' : row.status === 'released' && row.due === leavesOn)) continue
    const next: PlannedMove = { ...row, status: leavesOn === null ? 'firm' : 'released' }
    plan(draft, next)
    if (leavesOn !== null) redate(draft, next, leavesOn)
    const of = told.get(row.document) ?? { home: row.homeSite, lines: [] }
    told.set(row.document, of)
    of.lines.push({ line: row.line, leavesOn })
  }
  for (const [transfer, { home, lines }] of told) {
    announce(draft, { type: 'transfer.answered', subject: transfer, to: home, data: { transfer, from: draft.state.site, lines } })
  }
}

/** What other sites asked for, where what covers it was changed: itself, or the day of a supply that it is pegged to. */
function askedRows(draft: Draft): readonly PlannedMove[] {
  const asked = new Map<string, PlannedMove>()
  for (const [key, row] of draft.planned.changed) {
    if (row?.kind === 'transfer_out') asked.set(key, row)
    else if (row?.direction === 'supply' && draft.planned.table.get(key)?.due !== row.due) {
      for (const one of draft.peg.of(`supply ${key}`)) {
        const demand = draft.planned.get(one.demand)!
        if (demand.kind === 'transfer_out') asked.set(one.demand, demand)
      }
    }
  }
  return [...asked.values()]
}

/** What is held can leave today; what is pegged when the last of its supplies has come. */
function dayOfLeaving(draft: Draft, row: PlannedMove): Day | null {
  if (row.pegged < waiting(row)) return null
  return draft.peg.of(`demand ${plannedKey(row)}`).reduce((day, one) => latest(day, draft.planned.get(one.supply)?.due ?? day), draft.state.today)
}

export interface ExpectTransfer {
  readonly kind: 'expectTransfer'
  readonly transfer: string
  /** The site that was asked. */
  readonly from: SiteId
  readonly lines: readonly Leaving[]
}

/**
 * The site that was asked says when goods can leave: they are expected as many days later as the way takes, and not before the day that was asked
 * for. Whoever was promised them for an earlier day is hurt; whoever waits without a promise only has an estimate now. It is a message, so it is
 * never refused: what was called off or is on its way meanwhile is passed over.
 */
export function expectTransfer({ transfer, from, lines }: ExpectTransfer, draft: Draft): object {
  for (const { line, leavesOn } of lines) {
    const row = draft.planned.get(plannedKey({ document: transfer, line, part: 1 }))
    if (row === undefined || open(row) <= underWay(draft, row)) continue
    plan(draft, { ...row, status: leavesOn === null ? 'firm' : 'released' })
    if (leavesOn === null) forget(draft, from, row)
    else redateTo(draft, row, addDays(leavesOn, daysOnTheWay(draft, from, row.item)))
  }
  announce(draft, { type: 'transfer.redated', subject: transfer, data: { from, lines } })
  return { id: transfer }
}

function redateTo(draft: Draft, row: PlannedMove, arrives: Day): void {
  const due = row.status === 'firm' ? latest(row.due, arrives) : arrives
  const hurts = promisesHurt(expectOn(draft, row, due))
  raiseHurt(draft, 'supply_late', row, `Line ${row.line} of a transfer comes on ${due} and not on ${row.due}`, hurts)
}

/** A day that was told does not hold any more, and no other is known. */
function forget(draft: Draft, from: SiteId, row: PlannedMove): void {
  const code = draft.state.siteCodes.get(from) ?? String(from)
  const what = `${code} does not know any more when line ${row.line} of a transfer leaves`
  raiseHurt(draft, 'supply_late', row, what, promisesHurt(countingOn(draft, row)))
}

/** What of a transfer's line has left the other site and is not here yet. */
export const underWay = (draft: Draft, { document, line }: Pick<PlannedMove, 'document' | 'line'>): Quantity =>
  draft.arrival
    .of(document)
    .filter((one) => one.line === line)
    .reduce((sum, one) => plus(sum, one.quantity), none)

/** How long goods of this item travel from a site to this one; nothing where nobody said that they are supplied from there. */
function daysOnTheWay(draft: Draft, from: SiteId, item: ItemId): number {
  const source = draft.state.items.get(item)?.source ?? 'buy'
  const known = draft.siteSource.get(`${draft.state.site}/${source}`)
  return known?.from === from ? known.transferDays : 0
}

const latest = (a: Day, b: Day): Day => (a > b ? a : b)
