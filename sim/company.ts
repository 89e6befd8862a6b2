// Company: a day of the network, from the trucks of the morning to the last delivery. Whoever wants to see it happen (the replay counts, the demo keeps
// the true shelf) is told; what is to be done next is always read from the record, so a day can follow any state that a database is in.
//
// All commands of an hour are on their way at once; the next hour waits for their answers, and every message between sites is delivered before
// anybody reads what it changes. So the same days from the same state leave the same record, but for ids.

import { dayOf, type Day, type Instant } from '../core/calendar.ts'
import type { ItemId, PartyId, SiteId } from '../core/item.ts'
import type { Money } from '../core/money.ts'
import type { Quantity } from '../core/quantity.ts'
import { sql } from '../server/db.ts'
import { raiseOverdue } from '../server/overdue.ts'
import { deliverAll } from '../server/relay.ts'
import { at, deliveryDay, hours } from './hours.ts'
import type { Sites } from './network.ts'
import { Shops } from './shops.ts'
import type { Step, Steps } from './steps.ts'
import { Supply } from './supply.ts'
import { dispatchHeld, takeArrivals } from './transfers.ts'

export interface AskedLine {
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
  readonly unitPrice: Money
}

/** A customer asks for something, at a shop or on the web, which is the distribution centre. */
export interface Asking {
  /** The customer's own number; a sale and the order that ships the rest of it both carry it. */
  readonly number: string
  readonly customer: PartyId
  readonly site: SiteId
  readonly at: Instant
  readonly lines: readonly AskedLine[]
}

export interface LineDone {
  readonly line: number
  readonly quantity: number
}

export interface Watch {
  readonly onSold?: (number: string, lines: readonly LineDone[]) => void
  readonly onShipped?: (number: string, lines: readonly LineDone[]) => void
  readonly onDelivered?: (number: string, lines: readonly LineDone[]) => void
  /** The doors open: whatever comes today has come. */
  readonly onOpening?: () => Promise<void>
  /** Whether goods that the record has truly stand in the shop; without it, they do. A customer who does not find them leaves. */
  readonly finds?: (site: SiteId, line: AskedLine) => boolean
}

/** What is on its way to a customer. */
interface Carried {
  readonly site: SiteId
  readonly order: string
  readonly number: string
  readonly shipment: string
  readonly lines: readonly LineDone[]
}

type Noted = Pick<Carried, 'site' | 'order' | 'number'>

export class Company {
  /** Lines that tills sold, that were asked for in a shop and shipped instead, and whose customers left. */
  readonly counts = { tillLines: 0, endlessAisleLines: 0, missedLines: 0 }
  readonly #steps: Steps
  readonly #sites: Sites
  readonly #watch: Watch
  readonly #plant: Supply
  readonly #distribution: Supply
  readonly #shops: Shops
  readonly #toDeliver = new Map<Day, Carried[]>()

  constructor(steps: Steps, sites: Sites, watch: Watch = {}) {
    this.#steps = steps
    this.#sites = sites
    this.#watch = watch
    this.#plant = new Supply(steps, sites.plant)
    this.#distribution = new Supply(steps, sites.distribution)
    this.#shops = new Shops(steps, sites)
  }

  /** Goes on from what an earlier run left: shipments on their way, and what shops sold lately. */
  async resume(day: Day): Promise<void> {
    const { database } = this.#steps.opened
    await this.#shops.remember(day)
    for (const site of this.#shippers) {
      const rows = await database.query<Omit<Carried, 'lines' | 'site'> & { shippedAt: Instant }>(sql`
        select h.shipment_id as shipment, h.order_id as "order", coalesce(o.reference, '') as number, h.shipped_at as "shippedAt"
        from shipment h left join orders o on o.site_id = h.site_id and o.order_id = h.order_id
        where h.site_id = ${site} and h.delivered_at is null
        order by h.shipped_at, o.number`)
      for (const { shippedAt, ...one } of rows) {
        const due = deliveryDay(one.number, dayOf(shippedAt))
        this.#carry(due < day ? day : due, { ...one, site, lines: [] })
      }
    }
  }

  /** A day with what is asked for on it. Returns how much was done besides. */
  async day(day: Day, askings: readonly Asking[]): Promise<number> {
    // Nothing travels to the plant, so its morning waits for no arrival.
    const [arrived, made] = await Promise.all([takeArrivals(this.#steps, day), this.#plant.morning(day)])
    let done = arrived + made + (await this.#ship(day)) + (await dispatchHeld(this.#steps, this.#sites, day))
    await this.#hear()
    // Whatever comes today has come.
    await raiseOverdue(this.#steps.opened.lanes)
    await this.#watch.onOpening?.()
    if (askings.length > 0) await this.#serve(day, askings)
    done += await this.#shops.evening(day)
    await this.#hear()
    done += await this.#distribution.evening(day)
    await this.#hear()
    done += await this.#plant.evening(day)
    return done + (await this.#deliver(day))
  }

  /** Whether anything is still to come: to a customer, from a supplier, from another site or out of work that has begun. */
  async isUnderWay(): Promise<boolean> {
    if (this.#toDeliver.size > 0) return true
    const rows = await this.#steps.opened.database.query(sql`
      select 1 from arrival -- every site: something is on its way
      union all
      select 1 from planned_move p
      where p.planned - p.posted - p.cancelled > 0 and (p.kind = 'purchase' or (p.kind = 'output' and not exists (
        select from planned_move c where c.site_id = p.site_id and c.document_id = p.document_id and c.kind = 'component'
          and c.planned - c.posted - c.cancelled > 0)))
      limit 1`)
    return rows.length > 0
  }

  get #shippers(): readonly SiteId[] {
    return [this.#sites.plant, this.#sites.distribution]
  }

  #hear(): Promise<number> {
    return deliverAll(this.#steps.opened)
  }

  /** What is held and not yet on its way to packing is released, picked and shipped. */
  async #ship(day: Day): Promise<number> {
    const held = await this.#steps.opened.database.query<{ site: SiteId; order: string; number: string }>(sql`
      select p.site_id as site, p.document_id as "order", coalesce(min(o.reference), '') as number
      from planned_move p left join orders o on o.site_id = p.site_id and o.order_id = p.document_id
      where p.site_id = any(${this.#shippers}::int[]) and p.planned - p.posted - p.cancelled > 0 and p.kind = 'order' and p.held > p.allocated and p.item_id > 0
      group by p.site_id, p.document_id order by p.site_id, min(p.age)`)
    const [released, picked, shipped] = [at(day, hours.allocate), at(day, hours.pick), at(day, hours.ship)]
    const { newId } = this.#steps.opened
    const steps = [
      ...held.map((note): Step<Noted> => ({ site: note.site, at: released, command: { kind: 'allocate', order: note.order }, note })),
      ...held.map((note): Step<Noted> => ({ site: note.site, at: picked, command: { kind: 'pick', order: note.order, pickedAt: picked }, note })),
      ...held.map((note): Step<Noted> => ({
        site: note.site,
        at: shipped,
        command: { kind: 'ship', order: note.order, shipment: newId(), shippedAt: shipped },
        note,
      })),
    ]
    return this.#steps.send(steps, (body, { command, note }) => {
      if (command.kind !== 'ship') return
      const { lines } = JSON.parse(body) as { lines: LineDone[] }
      this.#watch.onShipped?.(note.number, lines)
      this.#carry(deliveryDay(note.number, day), { ...note, shipment: command.shipment, lines })
    })
  }

  #carry(day: Day, carried: Carried): void {
    const on = this.#toDeliver.get(day)
    if (on === undefined) this.#toDeliver.set(day, [carried])
    else on.push(carried)
  }

  async #serve(day: Day, askings: readonly Asking[]): Promise<void> {
    await this.#shops.morning()
    const steps = askings.toSorted((a, b) => a.at - b.at).flatMap((asking) => this.#served(day, asking))
    await this.#steps.send(steps, (_body, { command, reference }) => {
      if (command.kind === 'sell') this.#watch.onSold?.(reference!, command.lines)
    })
  }

  /** At a shop, a sale of what the record has and an order of the rest; on the web, an order. */
  #served(day: Day, asking: Asking): readonly Step[] {
    const { site, lines } = asking
    if (site === this.#sites.distribution) return [this.#order(day, asking, lines)]
    const sold: AskedLine[] = []
    const rest: AskedLine[] = []
    for (const line of lines) {
      const onRecord = this.#shops.hasOnRecord({ ...line, site })
      if (onRecord && this.#watch.finds?.(site, line) === false) {
        this.counts.missedLines += 1
        continue
      }
      if (onRecord) this.#shops.sell({ ...line, site })
      ;(onRecord ? sold : rest).push(line)
      this.#shops.note(day, { ...line, site })
    }
    this.counts.tillLines += sold.length
    this.counts.endlessAisleLines += rest.length
    return [...(sold.length === 0 ? [] : [this.#sale(asking, sold)]), ...(rest.length === 0 ? [] : [this.#order(day, asking, rest)])]
  }

  #sale({ site, number, customer, at: soldAt }: Asking, lines: readonly AskedLine[]): Step {
    const order = this.#steps.opened.newId()
    const sold = lines.map((line) => ({ ...line, lot: '', serial: '' }))
    return {
      site,
      at: soldAt,
      command: { kind: 'sell', order, customer, reference: number, soldAt, lines: sold },
      reference: number,
      note: undefined,
    }
  }

  #order(day: Day, { number, customer, at: orderedAt }: Asking, lines: readonly AskedLine[]): Step {
    const site = this.#sites.distribution
    const order = this.#steps.opened.newId()
    const wanted = lines.map((line) => ({ ...line, requested: day, source: site }))
    const terms = { reference: number, shipComplete: false, priority: 5, heldElsewhere: [] } as const
    return {
      site,
      at: orderedAt,
      command: { kind: 'placeOrder', order, customer, orderedAt, ...terms, lines: wanted },
      reference: number,
      note: undefined,
    }
  }

  async #deliver(day: Day): Promise<number> {
    const carried = this.#toDeliver.get(day) ?? []
    this.#toDeliver.delete(day)
    const deliveredAt = at(day, hours.deliver)
    await this.#steps.send(
      carried.map(({ site, order, shipment }): Step => ({
        site,
        at: deliveredAt,
        command: { kind: 'deliver', order, shipment, deliveredAt, receivedBy: 'the customer' },
        note: undefined,
      })),
    )
    for (const { number, lines } of carried) this.#watch.onDelivered?.(number, lines)
    return carried.length
  }
}
