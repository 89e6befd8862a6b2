// Replenish, told: a line of the plan in a sentence that a buyer can check against its figures.

import { addDays } from '../calendar.ts'
import { lotSize } from '../plan/mrp.ts'
import type { JoinedOrder, OrderTerms } from './replenish-joined.ts'
import type { PolicyBasis } from './replenish-policy.ts'
import type { Basis } from './replenish.ts'

const tenth = (units: number): string => String(Math.round(units * 10) / 10)
const hundredth = (times: number): string => String(Math.round(times * 100) / 100)
const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`

/** Why so many are proposed, or none. */
export function becauseOf(basis: Basis, quantity: number): string {
  const until = addDays(basis.today, basis.leadDays + basis.reviewDays + Math.ceil(basis.behind.days))
  const known = basis.known === undefined || basis.known === 1 ? '' : ` (events and prices make it ${hundredth(basis.known)} times as many)`
  const wanted = `Until ${until} ${tenth(basis.wanted)} are wanted${known}, give or take ${tenth(basis.deviation)}; ${enoughOf(basis)}.`
  const behind = basis.behind.perDay > 0 || basis.behind.position !== 0 ? ` ${tenth(basis.behind.position)} are with those whom this supplies.` : ''
  const already = basis.overdue + basis.booked > 0 ? `, ${basis.overdue + basis.booked} are ordered already` : ''
  const there = ` ${tenth(basis.countsAs)} can be counted on (${basis.recorded} recorded, ${tenth(basis.expected)} expected), ${basis.supply} on their way${already}.`
  const { joined } = basis
  if (joined === undefined) return `${wanted}${there}${behind}${lotOf(basis, quantity)}`
  const why = joined.by === 'least' ? 'for the least order' : 'to fill the load'
  const raised = ` Raised ${why}: ${quantity}, which lasts until about ${addDays(basis.today, Math.max(0, Math.round(joined.lasts)))}.`
  return `${wanted}${there}${behind}${lotOf(basis, joined.from)}${raised}`
}

/** Which level is aimed at, and who says so. */
function enoughOf({ service, orderUpTo, reorderPoint, by }: Basis): string {
  const levels = `at ${tenth(reorderPoint)} or fewer it is ordered up to ${tenth(orderUpTo)}`
  if (by?.levels === 'given') return `${levels}, as is said of it`
  if (by?.levels === 'cost')
    return `${levels}: with ${percent(service)} that is enough, and at ${amount(by.fixedOrderCost ?? 0)} an order so many at a time cost least`
  const cost = by?.serviceByCost ? ', which costs least,' : ''
  return `${tenth(orderUpTo)} are enough with ${percent(service)}${cost === '' ? '' : `${cost} as missing and holding one cost`}`
}

function lotOf(basis: Basis, quantity: number): string {
  const { short, by } = basis
  if (by?.policy === 'none') return ` ${short > 0 ? `${tenth(short)} are short, but` : 'Nothing is short;'} the plan does not order it.`
  return `${wholeLots(basis, by?.expiry !== undefined || by?.room !== undefined ? undefined : quantity)}${agedText(by, quantity)}${shelfText(basis, quantity)}`
}

/** What is short, and of it so many in whole lots; undefined where something else decides how many. */
function wholeLots({ short, minimum, multiple, by }: Basis, quantity: number | undefined): string {
  if (short <= 0) return by?.levels === undefined ? ' Nothing is short.' : ' That is more than it is ordered at.'
  if (quantity === undefined) return ` ${tenth(short)} are short.`
  if (quantity === 0) return ` ${tenth(short)} are short, and nobody is known who supplies them.`
  if (quantity === short) return ` ${quantity} are short.`
  const lots = [...(minimum > 1 ? [`at least ${minimum}`] : []), ...(multiple > 1 ? [`in packs of ${multiple}`] : [])].join(', ')
  return ` ${tenth(short)} are short; they come ${lots}: ${quantity}.`
}

/** What the days that it lasts made of it. */
function agedText(by: PolicyBasis | undefined, quantity: number): string {
  if (by?.notAged === 'behind') return ' How long it lasts is left out of it: others are supplied from here.'
  if (by?.notAged === 'size') return ' How long it lasts is left out of it: there are too many to reckon the age of each.'
  if (by?.expiry === undefined) return ''
  const { byService, without, with: expired } = by.expiry
  return ` It lasts ${by.shelfLifeDays} days: ${tenth(without)} expire without an order, ${tenth(expired)} with ${quantity}; if nothing did, ${byService} would be ordered.`
}

/** What the shelf made of it. */
function shelfText({ by, short, minimum, multiple }: Basis, quantity: number): string {
  if (by?.room === undefined) return ''
  const least = lotSize(1, minimum, multiple)
  const none = short > 0 && by.room < least ? `, and fewer than ${least} are not sold` : ''
  return ` Of at most ${by.shelfMax} that fit, ${by.room} more do${quantity === 0 ? none : `: ${quantity}`}.`
}

const amount = (minor: number): string => `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`

/** What an order's terms made of it, with the figures. */
export type JoinedFigures = OrderTerms & Omit<JoinedOrder, 'quantities'>

/** Why an order was raised, or waits. */
export function joinedText({ least, proposed, value, raised, waits, cost, risk, loads }: JoinedFigures): string {
  if (waits === 'cost')
    return `Waits for the least order of ${amount(least)}: ${amount(proposed)} so far. To bring goods forward costs ${amount(cost)}, ${amount(risk)} are at risk without it.`
  if (waits === 'reach')
    return `Waits for the least order of ${amount(least)}: ${amount(proposed)} so far, and what may be bought early does not make it. ${amount(risk)} are at risk without it.`
  const cheap = `To have it early costs ${amount(cost)}; ${amount(risk)} are at risk without the order.`
  if (raised === 'load')
    return `Raised from ${amount(proposed)} to ${amount(value)} to fill ${loads} ${loads === 1 ? 'load' : 'loads'} with what is needed next. ${cheap}`
  return `Raised from ${amount(proposed)} to ${amount(value)} by what is needed next, for the least order of ${amount(least)}. ${cheap}`
}

/** What is wrong with open orders. */
export const messageText = (message: 'expedite' | 'surplus', quantity: number, basis: Basis): string =>
  message === 'expedite'
    ? `${quantity} of what is ordered come after ${tenth(basis.expected)} have probably run out: have them sooner.`
    : `${quantity} of the ${basis.supply} that are ordered are not needed by the order after next: put them off, or cancel them.`
