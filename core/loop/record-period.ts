// Record, periods: a period is closed once its costs are right, and then it stays as it is. Closing is a command of the site's lane, so a move that is
// told late either came before it and is in it, or comes after it and is refused.

import type { Day } from '../calendar.ts'
import { announce, type Draft } from '../ledger.ts'
import { refuse, type Refusal } from '../refusal.ts'

export interface ClosePeriod {
  readonly kind: 'closePeriod'
  readonly document: string
  /** The last day of the period. */
  readonly through: Day
}

export function closePeriod({ document, through }: ClosePeriod, draft: Draft): object | Refusal {
  const { head, today, now, marks } = draft.state
  if (through >= today) return refuse('period_not_over', 'through', `A period is closed when its last day has passed; today is ${today}.`)
  if (head.closedThrough !== null && through <= head.closedThrough) {
    return refuse('nothing_to_do', 'through', `The days up to ${head.closedThrough} are closed already.`)
  }
  const pending = [...draft.state.tables.revaluation.rows(), ...marks].filter((one) => one.from <= through)
  if (pending.length > 0) {
    return refuse('costs_pending', 'through', 'Something that came late is being made good in the costs of these days; try again in a moment.')
  }
  draft.period.put({ through, document, move: head.moves + draft.moves.length, closedAt: now })
  announce(draft, { type: 'period.closed', subject: document, data: { through } })
  return { id: document, through }
}
