// Count sheet, closed: each position is compared with the ledger as it was when it was counted. Where all is within the sheet's tolerance, the differences
// are posted; what is not is counted again, and what still is not then must be approved by somebody who counted none of it. A sheet posts all or nothing.

import { entriesOf, isWithin, tallyOf, type CountPosition, type CountSheet, type Tally, type Verdict } from '../count-sheet.ts'
import { announce, valueOf, type Draft } from '../ledger.ts'
import { money, nothing, type Money } from '../money.ts'
import { endOfPosition, type StockPosition } from '../position-count.ts'
import { minus, none, quantity, type Quantity } from '../quantity.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { anyOwner, stockAt, stockKey } from '../stock.ts'
import { valueOfSome } from '../value.ts'
import { postCount, recordedAt } from './count.ts'
import { countersOf, landingCondition, sheetForbids, unknownSheet } from './count-sheet.ts'

export interface CloseCountSheet {
  readonly kind: 'closeCountSheet'
  readonly sheet: string
  /** Whether what nobody counted is left as it is recorded; else a sheet with such positions stays open. */
  readonly leavesUncounted: boolean
}

export function closeCountSheet({ sheet, leavesUncounted }: CloseCountSheet, draft: Draft): object | Refusal {
  const row = draft.countSheet.get(sheet)
  if (row === undefined) return unknownSheet(sheet)
  if (row.state !== 'open' && row.state !== 'recount') return sheetForbids(row.state)
  const missing = draft.countPosition.of(sheet).filter((one) => isMissing(draft, one))
  if (missing.length > 0 && !leavesUncounted)
    return refuse(
      'count_incomplete',
      `positions/${missing[0]!.line}`,
      `${missing.length} positions are still to be counted; or say that they are left as they are recorded.`,
    )
  const compared = compare(draft, row)
  const fault = serialsFault(draft, compared)
  if (fault) return fault
  const again = compared.filter((one) => one.verdict === 'recount')
  for (const one of again) draft.countPosition.put({ ...one, round: 2 })
  const closed = { ...row, closedAt: draft.state.now }
  if (again.length > 0) return leave(draft, { ...closed, state: 'recount' }, { toRecount: again.map((one) => one.line) })
  const toApprove = compared.filter((one) => one.verdict === 'approve').length
  return toApprove > 0 ? leave(draft, { ...closed, state: 'counted' }, { toApprove }) : postSheet(draft, closed, compared)
}

/** What was to be counted, or counted again, and was not. */
const isMissing = (draft: Draft, position: CountPosition): boolean =>
  !draft.countEntry.of(entriesOf(position)).some((entry) => entry.round === position.round)

function leave(draft: Draft, row: CountSheet, told: object): object {
  draft.countSheet.put(row)
  announce(draft, { type: 'count_sheet.closed', subject: row.sheet, data: { state: row.state, ...told } })
  return { id: row.sheet, state: row.state, ...told }
}

export interface ApproveCountSheet {
  readonly kind: 'approveCountSheet'
  readonly sheet: string
}

export function approveCountSheet({ sheet }: ApproveCountSheet, draft: Draft): object | Refusal {
  const row = draft.countSheet.get(sheet)
  if (row === undefined) return unknownSheet(sheet)
  if (row.state !== 'counted') return row.state === 'open' || row.state === 'recount' ? notYet() : sheetForbids(row.state)
  if (countersOf(draft.countEntry.of(sheet)).has(draft.actor))
    return refuse('approver_counted', 'id', 'Who counted some of it does not approve it: somebody else must.')
  // What was told since the sheet was closed counts: it is compared anew.
  const compared = compare(draft, row)
  return serialsFault(draft, compared) ?? postSheet(draft, { ...row, approvedBy: draft.actor }, compared)
}

const notYet = (): Refusal => refuse('count_sheet_state_forbids', 'id', 'It is still being counted: close it first.')

/** Compares what was counted with the ledger, and keeps what came of it. */
function compare(draft: Draft, { sheet, tolerance }: CountSheet): readonly CountPosition[] {
  return draft.countPosition.of(sheet).flatMap((position) => {
    const tally = tallyOf(draft.countEntry.of(entriesOf(position)), position.round)
    if (tally === undefined) return []
    const found = foundAt(draft, position, tally)
    const row = { ...position, ...found, counted: tally.counted, countedAt: tally.countedAt }
    const isFine = isWithin(tolerance, found) && !tally.isAbsurd && isStill(draft, position, tally)
    // A mistyped figure was asked about as it was entered.
    const otherwise: Verdict = position.round === 1 && !tally.isAbsurd ? 'recount' : 'approve'
    const compared = { ...row, verdict: isFine ? ('within' as const) : otherwise }
    draft.countPosition.put(compared)
    return [compared]
  })
}

function foundAt(draft: Draft, position: StockPosition, { counted, countedAt }: Pick<Tally, 'counted' | 'countedAt'>): Found {
  const recorded = recordedAt(draft, position, countedAt)
  const difference = minus(counted, recorded)
  const size = quantity(Math.abs(difference))
  const worth = difference === 0 || position.owner !== draft.state.owner ? nothing : valueOfSome(valueOf(draft, position.item, position.owner), size)
  return { recorded, difference, value: difference < 0 ? money(-worth) : worth }
}

interface Found {
  readonly recorded: Quantity
  readonly difference: Quantity
  readonly value: Money
}

/** Whether nothing came or went between the first part that was counted and the last: else nobody knows from which part. */
const isStill = (draft: Draft, position: StockPosition, { firstAt, countedAt }: Tally): boolean =>
  firstAt === countedAt || recordedAt(draft, position, firstAt) === recordedAt(draft, position, countedAt)

/** A piece that is found is recorded nowhere else, or it is missed there by the same sheet. */
function serialsFault(draft: Draft, compared: readonly CountPosition[]): Refusal | undefined {
  const missed = new Set(compared.filter((one) => one.counted === none).map((one) => stockKey(stockAt(one.item, endOfPosition(one)))))
  for (const found of compared) {
    if (found.serial === '' || found.difference === null || found.difference <= 0) continue
    const here = stockKey(stockAt(found.item, endOfPosition(found)))
    const rows = draft.stock.of(anyOwner(found.item)).filter((row) => row.serial === found.serial && row.quantity > 0)
    if (rows.every((row) => stockKey(row) === here || missed.has(stockKey(row)))) continue
    return refuse('serial_taken', `positions/${found.line}`, `Serial ${found.serial} is recorded at another place: count that too.`)
  }
  return undefined
}

/** In the order in which they were counted, each after what the ones before have changed. */
function postSheet(draft: Draft, row: CountSheet, compared: readonly CountPosition[]): object {
  let [off, value, within] = [0, nothing, 0]
  for (const position of compared.toSorted((a, b) => a.countedAt! - b.countedAt! || a.line - b.line)) {
    const { sheet: document, line, counted, countedAt, verdict, item, owner, place, lot, serial } = position
    const condition = landingCondition(draft, position, draft.state.now)
    const found = foundAt(draft, position, { counted: counted!, countedAt: countedAt! })
    const where = { item, owner, place, lot, serial, condition, document, line, countedAt: countedAt! }
    // Goods that expired since they were counted are where they expired to, and so is what is off.
    const recorded = condition === position.condition ? found.recorded : recordedAt(draft, where, countedAt!)
    const worth = postCount(draft, where, quantity(recorded + found.difference), recorded)
    draft.countPosition.put({ ...position, ...found, value: worth })
    off += Math.abs(found.difference)
    value = money(value + worth)
    if (verdict === 'within') within += 1
  }
  draft.countSheet.put({ ...row, state: 'posted', postedAt: draft.state.now })
  const told = { positions: compared.length, within, unitsOff: off, value }
  announce(draft, { type: 'count_sheet.posted', subject: row.sheet, data: told })
  return { id: row.sheet, state: 'posted', ...told }
}
