// Promise, for a whole basket: what several lines can be promised together, each after what the lines before it took. It is the same promise as the
// lane's (promise.ts), on positions that were read without a lock, so it may be a moment old and holds nothing.
//
// Another site than the order's own gives only what is free there now, since its lane holds before the order stands; what it is asked for
// has a way to go.

import { addDays, day_ms, laterOf, startOf, type Day, type Instant } from '../calendar.ts'
import type { ItemId, SiteId } from '../item.ts'
import { beyond, none, plus, quantity, type Quantity } from '../quantity.ts'
import type { Availability, Schedule } from '../stock.ts'
import { alternativeInTime, outlookOf, promiseBy, type Outlook, type Promised } from './promise.ts'

/** An item's stock, supply and demand at a site. */
export interface Position {
  readonly site: SiteId
  readonly item: ItemId
  readonly row: Availability
  readonly schedule: readonly Schedule[]
}

export interface Need {
  readonly item: ItemId
  readonly quantity: Quantity
}

export interface BasketState {
  /** The site whose order it is. */
  readonly home: SiteId
  readonly today: Day
  readonly positions: readonly Position[]
}

/** A site that serves: how far away it is, and how much of its free stock it keeps. */
export interface Supplier {
  readonly site: SiteId
  readonly transitDays: number
  readonly keepPercent: number
}

/** One item from one site. */
export interface BasketLine extends Need {
  readonly source: SiteId
  readonly transitDays: number
  readonly requested: Day
  /** What is sent instead where a rule says so, the first ones first. */
  readonly alternatives?: readonly ItemId[]
}

/** What a line is promised: from where, and which item where a rule sends another. */
export interface PromisedLine extends Promised {
  readonly source: SiteId
  readonly item: ItemId
}

/** What each line can be promised after those before it. A site that has not all of a line now leaves it to the order's own site. */
export function promiseBasket(lines: readonly BasketLine[], state: BasketState): PromisedLine[] {
  const basket = new Basket(new Positions(state))
  return lines.map((wanted) => {
    const line = inTime(basket, wanted, state)
    const from = { site: line.source, transitDays: line.transitDays, keepPercent: 0 }
    const day = basket.isHome(from) ? undefined : basket.canSend(from, { needs: [line], requested: line.requested })
    const source = day === undefined ? state.home : line.source
    const promised = basket.give(source, line, line.requested)
    return { ...promised, day: day ?? promised.day, source, item: line.item }
  })
}

function inTime(basket: Basket, line: BasketLine, { home, today }: BasketState): BasketLine {
  if (line.source !== home || line.alternatives === undefined) return line
  const promised = (item: ItemId): Promised => basket.promise(home, { ...line, item }, line.requested)
  return { ...line, item: alternativeInTime(line.item, line.alternatives, promised, laterOf(line.requested, today)) }
}

/** A position, and what follows from it, worked out when it is first asked for. */
class Standing {
  readonly position: Position
  readonly #today: Day
  #outlook: Outlook | undefined

  constructor(position: Position, today: Day) {
    this.position = position
    this.#today = today
  }

  get outlook(): Outlook {
    const { row, schedule } = this.position
    return (this.#outlook ??= outlookOf(row, schedule, this.#today))
  }
}

/** Positions as they were read. What follows from one is remembered with it: sets of sites are tried by the hundred, and most positions stay as they are. */
export class Positions {
  readonly home: SiteId
  readonly today: Day
  readonly #read: ReadonlyMap<string, Standing>
  readonly #arrivals = new Map<number, Day>()
  readonly #starts = new Map<Day, Instant>()

  constructor({ home, today, positions }: BasketState) {
    this.home = home
    this.today = today
    this.#read = new Map(positions.map((one) => [placeOf(one.site, one.item), new Standing(one, today)]))
  }

  at(key: string): Standing {
    const standing = this.#read.get(key)
    if (standing === undefined) throw new Error(`The position ${key} was not read.`)
    return standing
  }

  /** The first day on which what leaves today can be so many days away. */
  arrivalAfter(transitDays: number): Day {
    const known = this.#arrivals.get(transitDays) ?? addDays(this.today, transitDays)
    this.#arrivals.set(transitDays, known)
    return known
  }

  /** How many days later `to` is, 0 where it is not. */
  daysBetween(from: Day, to: Day): number {
    return to <= from ? 0 : (this.#startOf(to) - this.#startOf(from)) / day_ms
  }

  #startOf(day: Day): Instant {
    const known = this.#starts.get(day) ?? startOf(day)
    this.#starts.set(day, known)
    return known
  }
}

const placeOf = (site: SiteId, item: ItemId): string => `${site}/${item}`

/** Positions less what was given of them so far. */
export class Basket {
  readonly #positions: Positions
  readonly #given: Map<string, Standing>

  constructor(positions: Positions, given: ReadonlyMap<string, Standing> = new Map()) {
    this.#positions = positions
    this.#given = new Map(given)
  }

  isHome({ site }: Pick<Supplier, 'site'>): boolean {
    return site === this.#positions.home
  }

  /** What a site can give of an item now. */
  freeAt({ site, keepPercent }: Pick<Supplier, 'site' | 'keepPercent'>, item: ItemId): Quantity {
    const key = placeOf(site, item)
    const read = this.#positions.at(key)
    const { holdable } = (this.#given.get(key) ?? read).outlook
    return keepPercent === 0 ? holdable : beyond(holdable, quantity(Math.ceil((read.outlook.holdable * keepPercent) / 100)))
  }

  /** The day on which all of it can be with the customer; undefined where the site cannot promise it. */
  canSend(site: Supplier, { needs, requested }: { readonly needs: readonly Need[]; readonly requested: Day }): Day | undefined {
    const trial = needs.length === 1 ? this : new Basket(this.#positions, this.#given)
    let ready = laterOf(requested, this.#positions.arrivalAfter(site.transitDays))
    for (const need of needs) {
      const day = this.isHome(site) ? trial.promise(site.site, need, requested).day : trial.freeAt(site, need.item) < need.quantity ? null : ready
      if (day === null) return undefined
      ready = laterOf(ready, day)
      if (trial !== this) trial.give(site.site, need, requested)
    }
    return ready
  }

  promise(site: SiteId, need: Need, requested: Day): Promised {
    return promiseBy(this.#at(placeOf(site, need.item)).outlook, need.quantity, requested)
  }

  /** As the lane would: what is free is held, the whole is demand on the day that is promised. */
  give(site: SiteId, need: Need, requested: Day): Promised {
    const key = placeOf(site, need.item)
    const { position, outlook } = this.#at(key)
    const promised = promiseBy(outlook, need.quantity, requested)
    const { row, schedule } = position
    const demand = { item: need.item, owner: row.owner, due: promised.day ?? requested, supply: none, demand: need.quantity }
    const left = {
      ...position,
      row: { ...row, reserved: plus(row.reserved, promised.held), demand: plus(row.demand, need.quantity) },
      schedule: row.supply > 0 ? [...schedule, demand] : schedule,
    }
    this.#given.set(key, new Standing(left, this.#positions.today))
    return promised
  }

  #at(key: string): Standing {
    return this.#given.get(key) ?? this.#positions.at(key)
  }
}
