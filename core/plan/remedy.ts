// Remedy: what can be done for those whom a disruption hurts, what it costs, when it helps and whom. A disruption is goods of one item that come late or
// not at all; what was to be covered by them are its ties, the most urgent first, each of which leads to the order lines that it hurts: its own, or over
// work orders those of its products.
//
// All of it is arithmetic on what was read: nothing is decided here. What would need to be known and is not is named absent, never guessed.

import { addDays, startOf, day_ms, type Day } from '../calendar.ts'
import { offersFor, type CarrierService } from '../carrier.ts'
import type { ItemId, PartyId, SiteId } from '../item.ts'
import { add, money, nothing, subtract, times, type Money } from '../money.ts'
import { lotSize } from './mrp.ts'
import { least, minus, none, plus, quantity, type Quantity } from '../quantity.ts'
import { weightTimes, type Weight } from '../weight.ts'

/** An order line that a disruption hurts, as it stands now. */
export interface HurtLine {
  readonly order: string
  readonly line: number
  /** What of it is still open, and what that is worth. */
  readonly open: Quantity
  readonly held: Quantity
  readonly value: Money
  /** The day it was last promised for, else the day it was asked for. */
  readonly due: Day
  /** Null where no supply is known. */
  readonly estimate: Day | null
  readonly shipComplete: boolean
  /** Whether the order's home is the site of the disruption, where its customer is told days. */
  readonly isAtHome: boolean
}

/** Goods that are there need no day; else they must come by the day it is due. */
export const isMended = ({ open, held, estimate, due }: Pick<HurtLine, 'open' | 'held' | 'estimate' | 'due'>): boolean =>
  held >= open || (estimate !== null && estimate <= due)

/** Demand of the item that came to depend on what is late or gone, and the hurt lines at its end. */
export interface Tie {
  readonly document: string
  readonly line: number
  readonly part: number
  readonly quantity: Quantity
  readonly hurts: readonly HurtLine[]
}

export interface Disrupted {
  readonly today: Day
  readonly item: ItemId
  readonly weight: Weight | null
  /** When the late supply comes; null where nothing more of it does. */
  readonly expected: Day | null
  /** The late purchase, where it is one: who sells it at which price. */
  readonly purchase: { readonly supplier: PartyId; readonly unitPrice: Money } | null
  /** The most urgent first. */
  readonly ties: readonly Tie[]
  readonly hurts: readonly HurtLine[]
  readonly offers: readonly SuppliersOffer[]
  readonly elsewhere: readonly FreeElsewhere[]
  readonly services: readonly CarrierService[]
}

export interface SuppliersOffer {
  readonly supplier: PartyId
  readonly code: string
  readonly price: Money
  readonly leadTimeDays: number
  readonly minimum: Quantity
  readonly multiple: Quantity
}

export interface FreeElsewhere {
  readonly site: SiteId
  readonly code: string
  readonly free: Quantity
  /** Null where nobody said how long the way takes. */
  readonly transferDays: number | null
}

export const remedyKinds = ['transfer', 'expedite', 'split', 'repromise'] as const
export type RemedyKind = (typeof remedyKinds)[number]

/** One thing that can be done. */
export interface Remedy {
  readonly remedy: RemedyKind
  /** The site or the supplier that it is done with. */
  readonly with: string | null
  readonly party: SiteId | PartyId | null
  /** Of the item, what is brought in; of orders' goods where nothing is. */
  readonly quantity: Quantity
  readonly unitPrice: Money | null
  /** Null where it cannot be said. */
  readonly cost: Money | null
  /** When the last of it helps. */
  readonly date: Day
  /** The ties that it covers, and how much of each. */
  readonly ties: readonly Pick<Tie, 'document' | 'line' | 'part' | 'quantity'>[]
  /** The lines it helps: so many of them by their day, and what those are worth. */
  readonly lines: readonly (Pick<HurtLine, 'order' | 'line'> & { readonly date: Day })[]
  readonly inTime: number
  readonly value: Money
  /** How it costs what it costs. */
  readonly because: string
}

export interface Absent {
  readonly what: string
  readonly why: string
}

/** What can be done, the best first: more lines in time, then more lines, then cheaper. */
export function remediesFor(disrupted: Disrupted): { readonly remedies: readonly Remedy[]; readonly absent: readonly Absent[] } {
  const absent: Absent[] = [{ what: 'substitute', why: 'Nobody can say yet which item may take the place of another.' }]
  const remedies = [
    ...disrupted.elsewhere.flatMap((one) => transferFrom(disrupted, one, absent)),
    ...disrupted.offers.flatMap((one) => expediteBy(disrupted, one)),
    ...split(disrupted, absent),
    ...repromise(disrupted, absent),
  ]
  const cost = (one: Remedy): number => one.cost ?? Infinity
  return { remedies: remedies.toSorted((a, b) => b.inTime - a.inTime || b.lines.length - a.lines.length || cost(a) - cost(b)), absent }
}

/** What all ties together lack. */
export const lacking = (ties: readonly Tie[]): Quantity => ties.reduce((sum, one) => plus(sum, one.quantity), none)

function transferFrom(disrupted: Disrupted, { site, code, free, transferDays }: FreeElsewhere, absent: Absent[]): readonly Remedy[] {
  const some = least(free, lacking(disrupted.ties))
  if (some === 0) return []
  if (transferDays === null) {
    absent.push({ what: `transfer from ${code}`, why: `${free} are free there, but nobody said how many days the way takes.` })
    return []
  }
  const weight = weightTimes(disrupted.weight, some)
  const carrier = weight === null ? undefined : offersFor(disrupted.services, weight, disrupted.today)[0]
  const because =
    carrier === undefined
      ? `${some} of ${free} that are free at ${code}; what the way costs is not known: ${disrupted.weight === null ? 'the item has no weight' : 'no carrier has a rate'}.`
      : `${some} of ${free} that are free at ${code}, sent by ${carrier.service.code}.`
  const date = addDays(disrupted.today, transferDays)
  return helping(disrupted, {
    remedy: 'transfer',
    with: code,
    party: site,
    quantity: some,
    unitPrice: null,
    cost: carrier?.price ?? null,
    date,
    because,
  })
}

function expediteBy(disrupted: Disrupted, { supplier, code, price, leadTimeDays, minimum, multiple }: SuppliersOffer): readonly Remedy[] {
  const { purchase, ties } = disrupted
  const lacks = lacking(ties)
  if (lacks === 0 || supplier === purchase?.supplier) return []
  const ordered = quantity(lotSize(lacks, minimum, multiple))
  const paid = times(price, ordered)
  const saved = purchase === null ? nothing : times(purchase.unitPrice, lacks)
  const cost = subtract(paid, saved)
  const because = `${code} sells ${ordered} at ${decimal(price)}${purchase === null ? '.' : `; ${lacks} at ${decimal(purchase.unitPrice)} are called off.`}`
  const date = addDays(disrupted.today, leadTimeDays)
  return helping(disrupted, { remedy: 'expedite', with: code, party: supplier, quantity: ordered, unitPrice: price, cost, date, because })
}

type Bringing = Omit<Remedy, 'ties' | 'lines' | 'inTime' | 'value'>

/** A remedy that brings goods in on a day helps the most urgent as far as they go; one that helps nobody is none. */
function helping(disrupted: Disrupted, bringing: Bringing): readonly Remedy[] {
  let left = bringing.quantity
  const covered: Remedy['ties'][number][] = []
  const lines = new Map<HurtLine, Day>()
  for (const { hurts, document, line, part, quantity: lacks } of disrupted.ties) {
    const some = least(left, lacks)
    if (some === 0) break
    covered.push({ document, line, part, quantity: some })
    left = minus(left, some)
    for (const hurt of hurts) {
      const date = dateFor(disrupted, document, hurt, bringing.date)
      if (some === lacks && date !== null && (hurt.estimate === null || date < hurt.estimate)) lines.set(hurt, date)
    }
  }
  return lines.size === 0 ? [] : [{ ...bringing, ties: covered, ...helped(lines) }]
}

/** A line that waits for goods made of these comes as many days after them as it was to come after the late ones. */
function dateFor({ expected, today }: Disrupted, document: string, hurt: HurtLine, date: Day): Day | null {
  if (hurt.order === document) return date
  if (expected === null || hurt.estimate === null) return null
  const from = expected < today ? today : expected
  return addDays(date, Math.max(0, daysBetween(from, hurt.estimate)))
}

function helped(lines: ReadonlyMap<HurtLine, Day>): Pick<Remedy, 'lines' | 'inTime' | 'value'> {
  const inTime = [...lines].filter(([hurt, date]) => date <= hurt.due).map(([hurt]) => hurt)
  return {
    lines: [...lines].map(([{ order, line }, date]) => ({ order, line, date })),
    inTime: inTime.length,
    value: inTime.reduce((sum, hurt) => add(sum, hurt.value), nothing),
  }
}

/** Orders that wait for all of it send what is there, and the rest when it comes: a shipment more for each. */
function split({ hurts, services, today }: Disrupted, absent: Absent[]): readonly Remedy[] {
  const waiting = hurts.filter((hurt) => hurt.shipComplete && hurt.isAtHome && !isMended(hurt))
  if (waiting.length === 0) return []
  const orders = new Set(waiting.map((hurt) => hurt.order)).size
  const cheapest = services.reduce<Money | null>((least_yet, { minimum }) => (least_yet === null || minimum < least_yet ? minimum : least_yet), null)
  if (cheapest === null) absent.push({ what: 'cost of splitting', why: 'No carrier has a rate, so what a shipment more costs is not known.' })
  const held = waiting.filter((hurt) => hurt.held > 0)
  const lines = held.map(({ order, line }) => ({ order, line, date: today }))
  const some = held.reduce((sum, hurt) => plus(sum, hurt.held), none)
  const because = `${orders} ${orders === 1 ? 'order waits' : 'orders wait'} for all of it; what is there goes now, the rest in a shipment more, at ${cheapest === null ? 'a cost that is not known' : `${decimal(cheapest)} at least`}.`
  const cost = cheapest === null ? null : money(cheapest * orders)
  return [
    {
      remedy: 'split',
      with: null,
      party: null,
      quantity: some,
      unitPrice: null,
      cost,
      date: today,
      ties: [],
      lines,
      inTime: 0,
      value: nothing,
      because,
    },
  ]
}

/** Customers are told the day that can be kept. What was promised before stays written. */
function repromise({ hurts, today }: Disrupted, absent: Absent[]): readonly Remedy[] {
  const late = hurts.filter((hurt) => !isMended(hurt))
  const elsewhere = late.filter((hurt) => !hurt.isAtHome)
  if (elsewhere.length > 0)
    absent.push({ what: 'new promises of other sites', why: `${elsewhere.length} lines are of other sites' orders, whose customers are told there.` })
  const unknown = late.filter((hurt) => hurt.isAtHome && hurt.estimate === null)
  if (unknown.length > 0) absent.push({ what: 'new promises', why: `For ${unknown.length} lines no supply is known, so no day can be promised.` })
  const lines = late
    .filter((hurt) => hurt.isAtHome)
    .flatMap(({ order, line, estimate }) => (estimate === null ? [] : [{ order, line, date: estimate }]))
  if (lines.length === 0) return []
  const date = lines.reduce((last, one) => (one.date > last ? one.date : last), today)
  const because = `${lines.length} ${lines.length === 1 ? 'line is' : 'lines are'} promised for the day that can be kept; what was promised before stays written.`
  return [
    {
      remedy: 'repromise',
      with: null,
      party: null,
      quantity: none,
      unitPrice: null,
      cost: nothing,
      date,
      ties: [],
      lines,
      inTime: 0,
      value: nothing,
      because,
    },
  ]
}

const daysBetween = (from: Day, to: Day): number => Math.round((startOf(to) - startOf(from)) / day_ms)

/** Minor units as people write them. */
const decimal = (amount: Money): string => (amount / 100).toFixed(2)
