// Remedy: what can be done for those whom a disruption hurts, what it costs, when it helps and whom. A disruption is goods of one item that come late or
// not at all; what was to be covered by them are its ties, the most urgent first, each of which leads to the order lines that it hurts: its own, or over
// work orders those of its products.
//
// All of it is arithmetic on what was read: nothing is decided here. What would need to be known and is not is named absent, never guessed.

import { addDays, startOf, day_ms, type Day } from '../calendar.ts'
import { offersFor, type CarrierService } from '../carrier.ts'
import type { ItemId, PartyId, SiteId } from '../item.ts'
import { add, money, nothing, subtract, times, type Money } from '../money.ts'
import type { choosers } from '../substitute.ts'
import { lotSize } from './mrp.ts'
import { least, minus, none, plus, quantity, type Quantity } from '../quantity.ts'
import { weightTimes, type Weight } from '../weight.ts'

/** An order line that a disruption hurts, as it stands now. */
export interface HurtLine {
  readonly order: string
  readonly line: number
  readonly item: ItemId
  /** What of it is still open, and what that is worth. */
  readonly open: Quantity
  readonly held: Quantity
  /** Of that, what is set aside for picking, or picked. */
  readonly allocated: Quantity
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
  /** With how many days of work lie between these goods and the line's. */
  readonly hurts: ReadonlyMap<HurtLine, number>
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
  /** Those of which something is still open. */
  readonly hurts: readonly HurtLine[]
  /** How many lines it ever hurt. */
  readonly linesHurt: number
  /** Whether a carrier lost the goods: the customer waits for them once more, or does not want to any more. */
  readonly isLost: boolean
  /** Lines by `order/line` that stay as they are, where somebody looked. */
  readonly fixed: ReadonlyMap<string, 'kit' | 'paid'>
  /** What may be sent instead of the items of hurt lines, the first that are offered first. */
  readonly substitutes: readonly FreeSubstitute[]
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

/** What may be sent instead of an item, and how much of it is free here. */
export interface FreeSubstitute {
  readonly item: ItemId
  readonly substitute: ItemId
  readonly code: string
  readonly free: Quantity
  /** What one of it costs more than one of the item, below 0 where it costs less. */
  readonly dearer: Money
  readonly chosenBy: (typeof choosers)[number]
}

export const remedyKinds = ['transfer', 'expedite', 'substitute', 'split', 'repromise', 'resend', 'cancel', 'settle'] as const
export type RemedyKind = (typeof remedyKinds)[number]

/** One thing that can be done. */
export interface Remedy {
  readonly remedy: RemedyKind
  /** The site, the supplier or the item that it is done with. */
  readonly with: string | null
  readonly party: SiteId | PartyId | ItemId | null
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
  const absent: Absent[] = []
  const remedies = [
    ...substitutes(disrupted, absent),
    ...disrupted.elsewhere.flatMap((one) => transferFrom(disrupted, one, absent)),
    ...disrupted.offers.flatMap((one) => expediteBy(disrupted, one)),
    ...split(disrupted, absent),
    ...repromise(disrupted, absent),
    ...(disrupted.isLost ? [...resend(disrupted, absent), ...cancel(disrupted, absent)] : []),
  ]
  if (disrupted.linesHurt > 0 && disrupted.hurts.every(isMended) && remedies.every((one) => one.remedy !== 'resend'))
    remedies.push(settled(disrupted))
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
    for (const [hurt, makeDays] of hurts) {
      const date = dateFor(disrupted, document, hurt, bringing.date, makeDays)
      if (some === lacks && date !== null && (hurt.estimate === null || date < hurt.estimate)) lines.set(hurt, date)
    }
  }
  return lines.size === 0 ? [] : [{ ...bringing, ties: covered, ...helped(lines) }]
}

/**
 * A line that waits for goods made of these comes as many days after them as it was to come after the late ones; where none come, as many as the work
 * takes.
 */
function dateFor({ expected, today }: Disrupted, document: string, hurt: HurtLine, date: Day, makeDays: number): Day | null {
  if (hurt.order === document) return date
  if (expected === null) return hurt.estimate === null ? addDays(date, makeDays) : null
  if (hurt.estimate === null) return null
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

/** Something else that is free here goes today, to the most urgent whom it serves in full; at the price of what was asked for. */
function substitutes(disrupted: Disrupted, absent: Absent[]): readonly Remedy[] {
  const hurting = disrupted.hurts.filter((hurt) => !isMended(hurt))
  if (hurting.length === 0) return []
  const free = disrupted.substitutes.filter((one) => one.free > 0)
  if (free.length === 0) {
    const isDeclared = disrupted.substitutes.length > 0
    absent.push({
      what: 'substitute',
      why: isDeclared ? 'What may be sent instead is not free here either.' : 'Nobody said what may be sent instead.',
    })
    return []
  }
  const replaceable = new Set(free.map((one) => one.item))
  const wanting = hurting.filter((hurt) => replaceable.has(hurt.item))
  const open = wanting.filter((hurt) => keepsItsItem(disrupted, hurt) === undefined)
  if (open.length < wanting.length) absent.push({ what: 'substitute for all', why: leftOut(wanting.map((hurt) => keepsItsItem(disrupted, hurt))) })
  return [...Map.groupBy(free, (one) => one.substitute).values()].flatMap((offered) => substitute(disrupted, open, offered))
}

const reasons = { elsewhere: "of other sites' orders", kit: 'of kits', paid: 'paid through the provider', picked: 'in picking' } as const

/** Why a line is not sent something else. */
function keepsItsItem({ fixed }: Disrupted, { order, line, isAtHome, allocated }: HurtLine): keyof typeof reasons | undefined {
  return !isAtHome ? 'elsewhere' : (fixed.get(`${order}/${line}`) ?? (allocated > 0 ? 'picked' : undefined))
}

/** How many lines are left out, and for which reasons. */
function leftOut(why: readonly (keyof typeof reasons | undefined)[]): string {
  const counted = Map.groupBy(
    why.filter((one) => one !== undefined),
    (one) => one,
  )
  return `Left out are lines that are ${[...counted].map(([reason, lines]) => `${reasons[reason]} (${lines.length})`).join(', ')}.`
}

function substitute({ today }: Disrupted, hurts: readonly HurtLine[], offered: readonly FreeSubstitute[]): readonly Remedy[] {
  const { substitute: party, code, free } = offered[0]!
  let [some, cost] = [none, nothing]
  const lines = new Map<HurtLine, Day>()
  for (const hurt of hurts) {
    const offer = offered.find((one) => one.item === hurt.item)
    if (offer === undefined || plus(some, hurt.open) > free) continue
    lines.set(hurt, today)
    some = plus(some, hurt.open)
    cost = add(cost, times(offer.dearer, hurt.open))
  }
  if (lines.size === 0) return []
  const asks = offered.some((one) => one.chosenBy === 'customer') ? ' Customers have to agree.' : ''
  const because = `${some} of ${free} of ${code} that are free here go instead, at the price of what was asked for; the cost is what they cost us more or less.${asks}`
  return [{ remedy: 'substitute', with: code, party, quantity: some, unitPrice: null, cost, date: today, ties: [], ...helped(lines), because }]
}

/** A remedy that only tells or moves what is there already: it brings nothing in. */
const plainly = (remedy: RemedyKind, today: Day): Omit<Remedy, 'because'> => ({
  remedy,
  with: null,
  party: null,
  quantity: none,
  unitPrice: null,
  cost: nothing,
  date: today,
  ties: [],
  lines: [],
  inTime: 0,
  value: nothing,
})

/** What so many shipments more cost at least; null where no carrier has a rate. */
function freight(services: readonly CarrierService[], shipments: number): Money | null {
  const least_yet = services.reduce<Money | null>((yet, { minimum }) => (yet === null || minimum < yet ? minimum : yet), null)
  return least_yet === null ? null : money(least_yet * shipments)
}

/** Orders that wait for all of it send what is there, and the rest when it comes: a shipment more for each. */
function split({ hurts, services, today }: Disrupted, absent: Absent[]): readonly Remedy[] {
  const waiting = hurts.filter((hurt) => hurt.shipComplete && hurt.isAtHome && !isMended(hurt))
  if (waiting.length === 0) return []
  const orders = new Set(waiting.map((hurt) => hurt.order)).size
  const cost = freight(services, orders)
  if (cost === null) absent.push({ what: 'cost of splitting', why: 'No carrier has a rate, so what a shipment more costs is not known.' })
  const held = waiting.filter((hurt) => hurt.held > 0)
  const lines = held.map(({ order, line }) => ({ order, line, date: today }))
  const some = held.reduce((sum, hurt) => plus(sum, hurt.held), none)
  const because = `${orders} ${orders === 1 ? 'order waits' : 'orders wait'} for all of it; what is there goes now, the rest in a shipment more, at ${cost === null ? 'a cost that is not known' : `${decimal(freight(services, 1)!)} at least`}.`
  return [{ ...plainly('split', today), quantity: some, cost, lines, because }]
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
  return [{ ...plainly('repromise', date), lines, because }]
}

/** What a carrier lost and is held here goes again, in a shipment more for each order. */
function resend({ hurts, services, today }: Disrupted, absent: Absent[]): readonly Remedy[] {
  const held = hurts.filter((hurt) => hurt.held >= hurt.open)
  if (held.length === 0) return []
  const cost = freight(services, new Set(held.map((hurt) => hurt.order)).size)
  if (cost === null) absent.push({ what: 'cost of sending again', why: 'No carrier has a rate, so what a shipment more costs is not known.' })
  const some = held.reduce((sum, hurt) => plus(sum, hurt.open), none)
  const because = `${some} are held here and go again, in a shipment more, at ${cost === null ? 'a cost that is not known' : `${decimal(cost)} at least`}.`
  return [{ ...plainly('resend', today), quantity: some, cost, ...helped(new Map(held.map((hurt) => [hurt, today]))), because }]
}

/** The customer does not wait any more, and pays for nothing that never came. Kits, and orders of other sites, are given up on the order itself. */
function cancel(disrupted: Disrupted, absent: Absent[]): readonly Remedy[] {
  const { hurts, fixed, today } = disrupted
  const own = hurts.filter((hurt) => hurt.isAtHome && fixed.get(`${hurt.order}/${hurt.line}`) !== 'kit')
  if (own.length < hurts.length)
    absent.push({ what: 'giving up all', why: `${hurts.length - own.length} lines are of kits or of other sites' orders: cancel them there.` })
  if (own.length === 0) return []
  const some = own.reduce((sum, hurt) => plus(sum, hurt.open), none)
  const cost = own.reduce((sum, hurt) => add(sum, hurt.value), nothing)
  const lines = own.map(({ order, line }) => ({ order, line, date: today }))
  return [
    {
      ...plainly('cancel', today),
      quantity: some,
      cost,
      lines,
      because: `${some} are cancelled; the customer pays nothing for them, or has it back. The cost is what would have been earned.`,
    },
  ]
}

/** Nobody is hurt any more, by whatever was done besides. */
const settled = ({ today }: Disrupted): Remedy => ({ ...plainly('settle', today), because: 'Nobody is hurt any more: nothing is left to do.' })

const daysBetween = (from: Day, to: Day): number => Math.round((startOf(to) - startOf(from)) / day_ms)

/** Minor units as people write them. */
const decimal = (amount: Money): string => (amount / 100).toFixed(2)
