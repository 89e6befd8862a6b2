// Replenish, told: a line of the plan in a sentence that a buyer can check against its figures.

import { addDays } from '../calendar.ts'
import type { Basis } from './replenish.ts'

const tenth = (units: number): string => String(Math.round(units * 10) / 10)
const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`

/** Why so many are proposed, or none. */
export function becauseOf(basis: Basis, quantity: number): string {
  const until = addDays(basis.today, basis.leadDays + basis.reviewDays + Math.ceil(basis.behind.days))
  const wanted = `Until ${until} ${tenth(basis.wanted)} are wanted, give or take ${tenth(basis.deviation)}; ${tenth(basis.orderUpTo)} are enough with ${percent(basis.service)}.`
  const behind = basis.behind.perDay > 0 || basis.behind.position !== 0 ? ` ${tenth(basis.behind.position)} are with those whom this supplies.` : ''
  const already = basis.overdue + basis.booked > 0 ? `, ${basis.overdue + basis.booked} are ordered already` : ''
  const there = ` ${tenth(basis.countsAs)} can be counted on (${basis.recorded} recorded, ${tenth(basis.expected)} expected), ${basis.supply} on their way${already}.`
  return `${wanted}${there}${behind}${lotOf(basis, quantity)}`
}

function lotOf({ short, minimum, multiple }: Basis, quantity: number): string {
  if (quantity === 0) return short > 0 ? ` ${tenth(short)} are short, and nobody is known who supplies them.` : ' Nothing is short.'
  if (quantity === short) return ` ${quantity} are short.`
  const by = [...(minimum > 1 ? [`at least ${minimum}`] : []), ...(multiple > 1 ? [`in packs of ${multiple}`] : [])].join(', ')
  return ` ${tenth(short)} are short; they come ${by}: ${quantity}.`
}

/** What is wrong with open orders. */
export const messageText = (message: 'expedite' | 'surplus', quantity: number, basis: Basis): string =>
  message === 'expedite'
    ? `${quantity} of what is ordered come after ${tenth(basis.expected)} have probably run out: have them sooner.`
    : `${quantity} of the ${basis.supply} that are ordered are not needed by the order after next: put them off, or cancel them.`
