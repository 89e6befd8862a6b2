// Ground: what all clients of a storm know of: the company, and each document by how far it has come, for whoever wants to take it on.

import type { Day } from '../../core/calendar.ts'
import type { Chance } from '../chance.ts'
import type { Reply } from '../rig/caller.ts'
import type { Company } from '../rig/company.ts'

/** What waits for the next step. One in so many is only looked at, so that two clients take on the same one. */
const LEFT_LYING = 40
/** The oldest are forgotten beyond this. */
const KEPT_MAX = 2_000

export class Pool<Thing> {
  readonly #things: Thing[] = []

  put(thing: Thing): void {
    this.#things.push(thing)
    if (this.#things.length > KEPT_MAX) this.#things.shift()
  }

  /** One to take on, any of them; undefined where none waits. */
  take(chance: Chance): Thing | undefined {
    if (this.#things.length === 0) return undefined
    const index = chance.below(this.#things.length)
    if (chance.once(LEFT_LYING)) return this.#things[index]
    const last = this.#things.pop()!
    if (index === this.#things.length) return last
    const taken = this.#things[index]!
    this.#things[index] = last
    return taken
  }

  /** One to say something of; it stays. */
  any(chance: Chance): Thing | undefined {
    return this.#things.length === 0 ? undefined : chance.oneOf(this.#things)
  }
}

/** A request, and what is known once it was accepted, or refused. */
export interface Attempt {
  readonly path: string
  readonly body: object
  /** Whether another sends it than who sends all the rest. */
  readonly isOther?: boolean
  readonly accepted?: (answer: Reply['answer']) => void | Promise<void>
  readonly refused?: () => void
}
export interface Line {
  readonly sku: string
  readonly quantity: number
}

/** An order, and the site that serves it. */
export interface OrderInHand {
  readonly number: string
  readonly site: string
  readonly lines: readonly Line[]
}
export interface OnHold extends OrderInHand {
  readonly hold: string
}
export interface Packed extends OrderInHand {
  readonly sscc: string
}
export interface Shipped extends OrderInHand {
  readonly shipment: string
}
export interface Returned {
  readonly id: string
  /** The site that took its order. */
  readonly site: string
}
/** What a supplier is to ship to a customer, and the order that it is bought for. */
export interface Direct {
  readonly purchase: string
  readonly site: string
  readonly quantity: number
  readonly order: OrderInHand
}
export interface Bought {
  readonly id: string
  readonly site: string
  readonly lines: readonly Line[]
}
/** A purchase of what nobody has, and the day that its supplier named last. */
export interface Awaited extends Bought {
  readonly due: Day
}
export interface Work {
  readonly id: string
  readonly site: string
  readonly left: number
}
export interface Asked {
  readonly id: string
  readonly site: string
  readonly from: string
}

/** A count sheet, and the items on it. */
export interface Sheet {
  readonly id: string
  readonly site: string
  readonly skus: readonly string[]
}

/** What can be done about an exception, as it was read. */
export interface Answerable {
  readonly id: string
  readonly body: object
  /** What happens next to what it is about, once it is answered. */
  readonly goOn: () => void
}

/** Undefined where there is nothing to do it to. */
export type Step = (ground: Ground, chance: Chance) => Attempt | undefined

export class Ground {
  readonly company: Company
  /** Items that are bought; the kit is not among them. */
  readonly skus: readonly string[]
  readonly placed = new Pool<OrderInHand>()
  readonly unpaid = new Pool<OrderInHand>()
  readonly onHold = new Pool<OnHold>()
  readonly allocated = new Pool<OrderInHand>()
  readonly picked = new Pool<OrderInHand>()
  readonly packed = new Pool<Packed>()
  /** Orders that are collected: placed, released, picked, and ready. */
  readonly toCollect = new Pool<OrderInHand>()
  readonly called = new Pool<OrderInHand>()
  readonly gathered = new Pool<OrderInHand>()
  readonly kept = new Pool<OrderInHand>()
  readonly shipped = new Pool<Shipped>()
  readonly delivered = new Pool<OrderInHand>()
  readonly authorised = new Pool<Returned>()
  readonly toInspect = new Pool<Returned>()
  readonly bought = new Pool<Bought>()
  readonly awaited = new Pool<Awaited>()
  /** Those that a customer waits for. */
  readonly hopedFor = new Pool<Awaited>()
  readonly direct = new Pool<Direct>()
  /** Pieces of a supplier that stand at a site. */
  readonly consigned = new Pool<Line & { readonly site: string }>()
  /** Orders of which a supplier does not ship all. */
  readonly refused = new Pool<OrderInHand>()
  readonly planned = new Pool<Work>()
  readonly released = new Pool<Work>()
  readonly issued = new Pool<Work>()
  readonly asked = new Pool<Asked>()
  /** What people say of demand. */
  readonly adjustments = new Pool<{ readonly id: string; readonly site: string }>()
  readonly losses = new Pool<{ readonly id: string; readonly site: string }>()
  readonly underWay = new Pool<Asked>()
  readonly quarantined = new Pool<Line & { readonly site: string }>()
  readonly remedies = new Pool<Answerable>()
  /** Count sheets that are to be counted, were, and wait to be approved. */
  readonly sheets = new Pool<Sheet>()
  readonly entered = new Pool<Sheet>()
  readonly toApprove = new Pool<Sheet>()
  /** Documents by which goods came in. */
  readonly received = new Pool<{ readonly id: string; readonly site: string }>()
  /** Lots that were received, and recalls that stand. */
  readonly recallable = new Pool<string>()
  readonly recalled = new Pool<string>()
  lots = 0
  bins = 0
  /** Periods, each a day of long ago: so many can be closed one after another. */
  periods = 0
  /** Asks a server for what a path tells. */
  readonly read: (path: string) => Promise<object>

  constructor(company: Company, read: (path: string) => Promise<object>) {
    this.read = read
    this.company = company
    this.skus = company.skus.filter((sku) => sku !== company.kit?.sku && sku !== company.kit?.bought)
  }
}

export const aSite = (ground: Ground, chance: Chance): string => chance.oneOf(ground.company.sites)
