// Explanation: how a figure that people see follows from rows. Each figure has a formula over rows that are named by their ids, so that whoever
// reads those rows alone can reckon it again; and a sentence that says the same to people. Rows come a page at a time: what the rows after
// a page come to is carried, so that every page adds up alone, and nothing is carried on the last.

import type { Day, Instant } from './calendar.ts'
import { textOf } from './calendar.ts'
import { minorDigits, type Currency } from './currency.ts'
import type { Confidence, PromiseReason } from './given-promise.ts'
import type { Method } from './item.ts'
import type { Money } from './money.ts'
import type { Quantity } from './quantity.ts'

/** Each figure by its formula; docs/explain.md says how to read them. */
export const formulas = {
  quantity: { quantity: 'sum(rows.in) - sum(rows.out)' },
  availability: {
    sellable: 'sum(stock.quantity where not consigned)',
    consigned: 'sum(stock.quantity where consigned)',
    reserved: 'sum(planned.held)',
    doubted: 'min(belief.doubted, max(sellable, 0))',
    free: 'max(sellable - reserved - doubted, 0)',
    demand: "sum(planned.open where direction = 'demand')",
    supply: "sum(planned.open where direction = 'supply')",
    promisable: 'max(min(days.balance from the last that is due by `on`, onwards), 0)',
  },
  value: { quantity: 'sum(rows.quantity)', value: 'sum(rows.value)' },
  cost: {
    quantity: 'sum(rows.quantity)',
    value: 'sum(rows.value)',
    each: 'half_even(value / quantity)',
    leaves: 'half_even(by standard: wanted * last.value / last.quantity; else of oldest layers or of value / quantity, then of last)',
  },
  promise: {
    promised: 'last(events.promised), or first(given.promised)',
    told: 'last(later.promised), or promised',
    estimate: 'null where demand.held + demand.pegged < demand.open for any; else max(today, requested, pegs.due of the line itself)',
  },
} as const

/** Where and of when a figure is. */
export interface Spoken {
  readonly sku: string
  readonly site: string
  readonly at: Instant
  /** The last move that counts as known. */
  readonly sequence: number
}

/** To the minute, as people say it; the answer's own field has it exactly. */
const asOf = ({ at, sequence }: Spoken): string => {
  const text = textOf(at)
  return `on ${text.slice(0, 10)} at ${text.slice(11, 16)} UTC, as far as move ${sequence} was known`
}

export const quantityInWords = (some: Quantity, narrowed: boolean, spoken: Spoken): string =>
  `${some} of ${spoken.sku} ${some === 1 ? 'was' : 'were'} ${narrowed ? 'there' : `at ${spoken.site}`} ${asOf(spoken)}: what came in less what went out.`

/** An amount as people write it, with its currency. */
export function amountInWords(amount: Money, currency: Currency): string {
  const count = minorDigits(currency)
  const digits = String(Math.abs(amount)).padStart(count + 1, '0')
  const whole = digits.slice(0, digits.length - count)
  return `${amount < 0 ? '-' : ''}${whole}${count === 0 ? '' : `.${digits.slice(-count)}`} ${currency}`
}

export interface Worth {
  readonly quantity: Quantity
  readonly value: Money
}

export const valueInWords = ({ quantity, value }: Worth, currency: Currency, spoken: Spoken): string =>
  `${quantity} of ${spoken.sku} at ${spoken.site} were worth ${amountInWords(value, currency)} ${asOf(spoken)}: ` +
  'what came in less what went out, and what was corrected since.'

const methodsInWords: Readonly<Record<Method, string>> = {
  average: 'at the moving average',
  fifo: 'first in, first out',
  standard: 'at a standard cost',
}

export interface Cost extends Worth {
  readonly method: Method
  /** Null where there is none. */
  readonly each: Money | null
  /** What so many would cost that leave next; null as of another time than now. */
  readonly leaves: Money | null
  readonly wanted: Quantity
}

export function costInWords({ quantity, value, method, each, leaves, wanted }: Cost, currency: Currency, spoken: Spoken): string {
  const worth = `${quantity} of ${spoken.sku} at ${spoken.site} were worth ${amountInWords(value, currency)} ${asOf(spoken)}, ${methodsInWords[method]}`
  const one = each === null ? '' : `: ${amountInWords(each, currency)} each`
  return `${worth}${one}.${leaves === null ? '' : ` The next ${wanted} to leave would cost ${amountInWords(leaves, currency)}.`}`
}

export interface AvailableFigures {
  readonly sellable: Quantity
  /** Goods of suppliers, which are taken over when they are promised. */
  readonly consigned: Quantity
  readonly reserved: Quantity
  /** Of ours, so many may not be there by what is believed. */
  readonly doubted: Quantity
  readonly free: Quantity
  readonly demand: Quantity
  readonly supply: Quantity
  readonly promisable: Quantity
}

export const availabilityInWords = (of: AvailableFigures, { sku, site, on }: Pick<Spoken, 'sku' | 'site'> & { readonly on: Day }): string =>
  `At ${site} ${of.sellable} of ${sku} can be sold; ${of.reserved} of them are held, ${of.doubted === 0 ? '' : `${of.doubted} may not be there by what is believed and are promised to nobody anew, `}so ${of.free} are free. ` +
  `${of.consigned === 0 ? '' : `${of.consigned} more stand there that are suppliers' and become ours when they are promised. `}` +
  `${of.demand} are asked for in all and ` +
  `${of.supply} are expected; ${of.promisable} more can be promised for ${on} without breaking another promise.`

const reasonsInWords: Readonly<Record<PromiseReason, string>> = {
  in_stock: 'from stock',
  incoming_supply: 'from supply that is expected',
  no_supply: 'and nothing covered it',
}

export interface SpokenPromise {
  readonly promised: Day | null
  readonly told: Day | null
  readonly estimate: Day | null
  readonly open: Quantity
  readonly first: { readonly reason: PromiseReason; readonly confidence: Confidence; readonly because: string | null } | undefined
}

export function promiseInWords({ promised, told, estimate, open, first }: SpokenPromise, line: number): string {
  const day = promised === null ? `Line ${line} has no day` : `Line ${line} was promised for ${promised}`
  const why = first === undefined ? '' : `, ${reasonsInWords[first.reason]}`
  const because = first?.because ? ` ${first.because}` : ''
  const later = told === promised ? '' : ` The customer was later told ${told}.`
  const now =
    open === 0
      ? ' Nothing of it is open.'
      : estimate === null
        ? ' Now nothing is known that covers all of it.'
        : ` Now it is expected on ${estimate}.`
  return `${day}${why}.${because}${later}${now}`
}
