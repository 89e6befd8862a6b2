// Promise, for a whole basket: what several lines can be promised together, each after what the lines before it took. It is the same promise as the
// lane's (promise.ts), on positions that were read without a lock, so it may be a moment old and holds nothing.
//
// Another site than the order's own gives only what is free there now, since its lane holds before the order stands; what it is asked for
// has a way to go.

import { addDays, laterOf, type Day } from '../calendar.ts'
import type { ItemId, SiteId } from '../item.ts'
import { beyond, none, plus, quantity, type Quantity } from '../quantity.ts'
import type { Availability, Schedule } from '../stock.ts'
import { alternativeInTime, holdable, promiseFrom, type Promised } from './promise.ts'

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

/** Positions as they were read. What follows from one is remembered with it: sets of sites are tried by the hundred, and most positions stay as they are. */
export class Positions {
  readonly home: SiteId
  readonly today: Day
  readonly #read: ReadonlyMap<string, Position>
  readonly #free = new Map<Position, Quantity>()

  constructor({ home, today, positions }: BasketState) {
    this.home = home
    this.today = today
    this.#read = new Map(positions.map((one) => [placeOf(one.site, one.item), one]))
  }

  at(key: string): Position {
    const position = this.#read.get(key)
    if (position === undefined) throw new Error(`The position ${key} was not read.`)
    return position
  }

  freeOf(position: Position): Quantity {
    const known = this.#free.get(position) ?? holdable(position.row, position.schedule, this.today)
    this.#free.set(position, known)
    return known
  }
}

const placeOf = (site: SiteId, item: ItemId): string => `${site}/${item}`

/** Positions less what was given of them so far. */
export class Basket {
  readonly #positions: Positions
  readonly #given: Map<string, Position>

  constructor(positions: Positions, given: ReadonlyMap<string, Position> = new Map()) {
    this.#positions = positions
    this.#given = new Map(given)
  }

  isHome({ site }: Pick<Supplier, 'site'>): boolean {
    return site === this.#positions.home
  }

  /** What a site can give of an item now. */
  freeAt({ site, keepPercent }: Pick<Supplier, 'site' | 'keepPercent'>, item: ItemId): Quantity {
    const kept = Math.ceil((this.#positions.freeOf(this.#positions.at(placeOf(site, item))) * keepPercent) / 100)
    return beyond(this.#positions.freeOf(this.#at(site, item)), quantity(kept))
  }

  /** The day on which all of it can be with the customer; undefined where the site cannot promise it. */
  canSend(site: Supplier, { needs, requested }: { readonly needs: readonly Need[]; readonly requested: Day }): Day | undefined {
    const { today } = this.#positions
    const trial = needs.length === 1 ? this : new Basket(this.#positions, this.#given)
    let ready = laterOf(requested, addDays(today, site.transitDays))
    for (const need of needs) {
      const day = this.isHome(site) ? trial.promise(site.site, need, requested).day : trial.freeAt(site, need.item) < need.quantity ? null : ready
      if (day === null) return undefined
      ready = laterOf(ready, day)
      if (trial !== this) trial.give(site.site, need, requested)
    }
    return ready
  }

  promise(site: SiteId, need: Need, requested: Day): Promised {
    const { row, schedule } = this.#at(site, need.item)
    return promiseFrom(row, schedule, this.#positions.today, need.quantity, requested)
  }

  /** As the lane would: what is free is held, the whole is demand on the day that is promised. */
  give(site: SiteId, need: Need, requested: Day): Promised {
    const { row, schedule } = this.#at(site, need.item)
    const promised = this.promise(site, need, requested)
    const demand = { item: need.item, owner: row.owner, due: promised.day ?? requested, supply: none, demand: need.quantity }
    this.#given.set(placeOf(site, need.item), {
      site,
      item: need.item,
      row: { ...row, reserved: plus(row.reserved, promised.held), demand: plus(row.demand, need.quantity) },
      schedule: row.supply > 0 ? [...schedule, demand] : schedule,
    })
    return promised
  }

  #at(site: SiteId, item: ItemId): Position {
    const key = placeOf(site, item)
    return this.#given.get(key) ?? this.#positions.at(key)
  }
}
