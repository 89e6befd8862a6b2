// Open work: what a large company has in hand, sent through the lanes like everybody's commands: orders in every state, some late and some short,
// purchases, work orders, transfers, counts and losses with the exceptions they raise. What lies before it is history.ts; this begins where that ends.

import { hash } from 'node:crypto'
import { addDays, dayOf, type Day, type Instant } from '../../core/calendar.ts'
import { positions_max } from '../../core/count-sheet.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { standardPlaces, type PlaceId } from '../../core/place.ts'
import { quantity, type Quantity } from '../../core/quantity.ts'
import { chanceOf, type Chance } from '../../core/rng.ts'
import { ssccPrefixOf } from '../../core/sscc.ts'
import { weight } from '../../core/weight.ts'
import { sql } from '../../server/db.ts'
import { billsOf, commandToCover } from '../../server/flow/cover.ts'
import type { Opened } from '../../server/open.ts'
import { hashPassword } from '../../server/password.ts'
import { deliverAll } from '../../server/relay.ts'
import type { Command } from '../../server/stages.ts'
import { Steps, type SimulatedClock, type Step } from '../../sim/steps.ts'
import { firstSupplier } from '../catalogue.ts'
import { firstCustomer, firstItem } from '../history.ts'

export interface OpenWork {
  readonly items: number
  readonly customers: number
  readonly suppliers: number
  readonly users: number
  /** The site that supplies the others. */
  readonly main: SiteId
  readonly others: readonly SiteId[]
  /** Orders placed at the main site and at each other one; most of them are still open in the end. */
  readonly main_orders: number
  readonly other_orders: number
  readonly seed: number
}

const PRICE = money(250)
const LINES_MAX = 3
const PIECES_MAX = 3
/** Within how many days goods are wanted. */
const DAYS_AHEAD_MAX = 10
/** Time between two commands. */
const STEP_MILLISECONDS = 500
const COVERS_MAX = 20
const LATE_DAYS = 10
const CARTON = weight(150_000)
const exact = { units: null, perMillion: null, value: null }

/** How far orders come, of each 20: those that are left out are held, or wait. */
const allocated_of_20 = 11
const picked_of_20 = 8
const packed_of_20 = 6
const shipped_of_20 = 5
const delivered_of_20 = 2

interface Placed {
  readonly order: string
  /** Whether stock covered all of it. */
  readonly whole: boolean
}

export class Maker {
  readonly #opened: Opened
  readonly #work: OpenWork
  readonly #clock: SimulatedClock
  readonly #steps: Steps
  readonly #chance: Chance
  readonly #report: (step: string) => void

  constructor(opened: Opened, work: OpenWork, clock: SimulatedClock, report: (step: string) => void) {
    this.#opened = opened
    this.#work = work
    this.#clock = clock
    this.#steps = new Steps(opened, clock, 'key:1')
    this.#chance = chanceOf(work.seed)
    this.#report = report
  }

  /** `secret` becomes an API key that may read everything. */
  async make(secret: string): Promise<void> {
    const { main, others, main_orders, other_orders } = this.#work
    await this.#people(secret)
    await this.#orders(main, main_orders)
    for (const site of others) await this.#orders(site, other_orders)
    this.#report('Covering what is short')
    await this.#cover(main)
    for (const site of others) await this.#cover(site)
    await deliverAll(this.#opened)
    await this.#transfers()
    await this.#purchases(main, Math.ceil(main_orders / 20))
    await this.#production(main, Math.ceil(main_orders / 100))
    this.#report('Counting and losing')
    for (const site of [main, ...others]) await this.#counts(site, Math.ceil((site === main ? main_orders : other_orders) / 20))
    await this.#losses(main, Math.ceil(main_orders / 100))
    // Nobody has covered these yet.
    await this.#place(main, Math.ceil(main_orders / 50), true)
    await deliverAll(this.#opened)
  }

  /** Sends commands of a site one after another, as time goes by. */
  async #send(site: SiteId, commands: Iterable<(at: Instant) => Command>, onAnswer: (body: string) => void = () => undefined): Promise<void> {
    const clock = this.#clock
    const steps = function* (): Generator<Step> {
      for (const make of commands) {
        const at = (clock.now + STEP_MILLISECONDS) as Instant
        yield { site, at, command: make(at), note: undefined }
      }
    }
    await this.#steps.send(steps(), onAnswer)
  }

  async #people(secret: string): Promise<void> {
    const passwordHash = await hashPassword('a password that nobody signs in with')
    const { main, users } = this.#work
    const names = Array.from({ length: users }, (_none, index) => `person.${String(index).padStart(4, '0')}`)
    await this.#send(
      controlSite,
      names.map((name) => () => ({ kind: 'createUser', name, displayName: `Person ${name}`, role: 'warehouse', sites: [main], passwordHash })),
    )
    const service = { carrier: 'Parcel', minimum: money(500), rate: money(120), rateUnit: 'KG' } as const
    const services = ['GROUND', 'EXPRESS'].map((code, index) => ({ ...service, code, name: code, transitDays: 3 - index }))
    const key = { name: 'Bench', role: 'admin', sites: [], secretSha256: hash('sha256', secret, 'hex') } as const
    await this.#send(controlSite, [() => ({ kind: 'createServices', services }), () => ({ kind: 'createKey', ...key })])
    // A bin in which nothing stands, walked to last.
    const bin = { code: 'EMPTY', kind: 'bin', position: { aisle: 99_999, rack: 1, level: 1 } } as const
    await this.#send(main, [() => ({ kind: 'createPlaces', places: [bin] })])
  }

  /** Orders that have come so far and no further. */
  async #orders(site: SiteId, count: number): Promise<void> {
    this.#report(`Placing ${count} orders at site ${site}`)
    const placed = await this.#place(site, count, false)
    const whole = placed.filter((one) => one.whole).map((one) => one.order)
    const far = (of_20: number): string[] => whole.filter((_order, index) => index % 20 < of_20)
    const ssccPrefix = ssccPrefixOf(site, null)
    await this.#send(
      site,
      whole.filter((_order, index) => index % 20 === 19).map((order) => () => ({ kind: 'cancelOrder', order, lines: null })),
    )
    await this.#send(
      site,
      far(allocated_of_20).map((order) => () => ({ kind: 'allocate', order })),
    )
    await this.#send(
      site,
      far(picked_of_20).map((order) => (at) => ({ kind: 'pick', order, pickedAt: at })),
    )
    await this.#send(
      site,
      far(packed_of_20)
        .filter((_order, index) => index % 3 === 0)
        .map((order) => (at) => ({ kind: 'pack', order, ssccPrefix, carton: CARTON, weighed: null, packedAt: at, lines: null })),
    )
    await this.#shipments(site, far(shipped_of_20))
  }

  async #place(site: SiteId, count: number, short: boolean): Promise<readonly Placed[]> {
    const placed: Placed[] = []
    const { newId } = this.#opened
    const commands = function* (this: Maker): Generator<(at: Instant) => Command> {
      for (let index = 0; index < count; index += 1) yield (at) => this.#orderOf(site, newId(), at, short)
    }
    await this.#send(site, commands.call(this), (body) => {
      const { id, lines } = JSON.parse(body) as { id: string; lines: { quantity: number; held: number }[] }
      placed.push({ order: id, whole: lines.every((line) => line.held === line.quantity) })
    })
    return placed
  }

  #orderOf(site: SiteId, order: string, at: Instant, short: boolean): Command {
    const { items, customers } = this.#work
    const chance = this.#chance
    const any = Array.from({ length: 1 + chance.below(LINES_MAX) }, () => chance.below(items))
    // Of some items nothing is left (history.ts).
    const wanted = short ? [3 + 40 * chance.below(Math.max(1, Math.floor(items / 40)))] : [...new Set(any)]
    return {
      kind: 'placeOrder',
      order,
      customer: (firstCustomer + Math.floor(customers * chance.fraction() ** 3)) as PartyId,
      reference: null,
      shipComplete: false,
      priority: 1 + chance.below(9),
      orderedAt: at,
      heldElsewhere: [],
      lines: wanted.map((index, place) => ({
        line: place + 1,
        item: (firstItem + index) as ItemId,
        quantity: quantity(1 + chance.below(PIECES_MAX)),
        unitPrice: PRICE,
        requested: addDays(dayOf(at), chance.below(DAYS_AHEAD_MAX)),
        source: site,
      })),
    }
  }

  /** Some arrive, some come back, one piece of some is authorised to, the rest is on its way in every state. */
  async #shipments(site: SiteId, orders: readonly string[]): Promise<void> {
    const { newId } = this.#opened
    const sent = orders.map((order) => ({ order, shipment: newId() }))
    const some = (from: number, to: number): typeof sent => sent.filter((_one, index) => index % 20 >= from && index % 20 < to)
    const events = ['handed_over', 'in_transit', 'out_for_delivery', 'exception'] as const
    await this.#send(
      site,
      sent.map(({ order, shipment }) => (at) => ({ kind: 'ship', order, shipment, shippedAt: at })),
    )
    await this.#send(
      site,
      some(0, 12).map((one, index) => (at) => ({ kind: 'track', ...one, event: events[index % 4]!, occurredAt: at, estimated: null, note: '' })),
    )
    const delivered = (delivered_of_20 * 20) / shipped_of_20
    await this.#send(
      site,
      some(20 - delivered, 20).map((one) => (at) => ({ kind: 'deliver', ...one, deliveredAt: at, receivedBy: 'Ann' })),
    )
    await this.#send(
      site,
      some(0, 1).map(({ order, shipment }) => (at) => ({ kind: 'bringBack', order, shipment, broughtAt: at, lines: null })),
    )
    const lines = [{ line: 1, orderLine: 1, quantity: quantity(1), reason: 'changed_mind', note: '' }] as const
    await this.#send(
      site,
      some(1, 3).map(({ order }) => (at) => ({ kind: 'authoriseReturn', order, rma: newId(), authorisedAt: at, lines })),
    )
  }

  async #cover(site: SiteId): Promise<void> {
    const { owner } = await this.#opened.catalog.site(site)
    for (let count = 1; count <= COVERS_MAX; count += 1) {
      const command = await commandToCover(this.#opened.database, { site, owner }, dayOf(this.#clock.now as Instant))
      if (command.lines.every((line) => line.source === null)) return
      await this.#send(site, [() => command])
      if (!command.more) return
    }
  }

  /** Half of what is held for other sites leaves, and half of that arrives. */
  async #transfers(): Promise<void> {
    this.#report('Sending transfers')
    const { main } = this.#work
    const { database } = this.#opened
    const held = await database.query<{ transfer: string }>(sql`
      select document_id as transfer from planned_move
      where site_id = ${main} and planned - posted - cancelled > 0 and kind = 'transfer_out' and held > 0 and item_id > 0
      group by document_id order by min(age)`)
    await this.#send(
      main,
      held
        .filter((_one, index) => index % 2 === 0)
        .map(({ transfer }) => (at) => ({ kind: 'dispatchTransfer', transfer, sentAt: at, arrivesOn: dayOf(at) })),
    )
    await deliverAll(this.#opened)
    const coming = await database.query<{ site: SiteId; transfer: string }>(sql`
      -- every site: to whichever they go
      select distinct site_id as site, transfer_id as transfer from arrival order by 1, 2`)
    for (const { site, transfer } of coming.filter((_one, index) => index % 2 === 0))
      await this.#send(site, [(at) => ({ kind: 'takeArrival', transfer, receivedAt: at })])
  }

  /** Half of the purchases have come. */
  async #purchases(site: SiteId, count: number): Promise<void> {
    this.#report(`Buying ${count} times`)
    const { suppliers, items } = this.#work
    const { newId } = this.#opened
    const chance = this.#chance
    const bought = Array.from({ length: count }, () => {
      const first = chance.below(items)
      const indexes = [0, 1, 2].map((step) => first + step * suppliers).filter((index) => index < items)
      const lines = indexes.map((index, place) => ({
        line: place + 1,
        item: (firstItem + index) as ItemId,
        quantity: quantity(10 + chance.below(90)),
      }))
      return { purchase: newId(), supplier: (firstSupplier + ((firstItem + first) % suppliers)) as PartyId, lines }
    })
    await this.#send(
      site,
      bought.map(({ lines, ...one }) => (at) => ({
        kind: 'purchase',
        ...one,
        orderedAt: at,
        lines: lines.map((line) => ({ ...line, unitPrice: money(100), due: addDays(dayOf(at), chance.below(20) - 2) })),
      })),
    )
    const nothingElse = { place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, value: null }
    await this.#send(
      site,
      bought
        .filter((_one, index) => index % 2 === 0)
        .map(({ purchase, lines }) => (at) => ({
          kind: 'receive',
          receipt: newId(),
          purchase,
          receivedAt: at,
          lines: lines.map((line) => ({ ...line, ...nothingElse })),
        })),
    )
    const late = await this.#opened.database.query<{ purchase: string; line: number; due: Day }>(sql`
      select document_id as purchase, line, due_on as due from planned_move
      where site_id = ${site} and planned - posted - cancelled > 0 and kind = 'purchase' and pegged > 0 and item_id > 0 order by age, line limit ${count}`)
    await this.#send(
      site,
      late.map(({ purchase, line, due }) => () => ({ kind: 'redatePurchase', purchase, lines: [{ line, due: addDays(due, LATE_DAYS) }] })),
    )
  }

  /** A third is finished, a third is begun. */
  async #production(site: SiteId, count: number): Promise<void> {
    const { database, newId } = this.#opened
    const made = await database.query<{ item: ItemId }>(sql`select distinct parent_id as item from bill_line order by parent_id limit ${count}`)
    const today = dayOf(this.#clock.now as Instant)
    const items = made.map((one) => one.item)
    const bills = await billsOf(database, items, today)
    const orders = made.map(({ item }) => ({ workOrder: newId(), item }))
    await this.#send(
      site,
      orders.map(({ workOrder, item }) => (at) => ({
        kind: 'produce',
        workOrder,
        item,
        quantity: quantity(2),
        makeDays: 3,
        due: dayOf(at),
        components: bills.get(item)!,
      })),
    )
    const ready = await database.query<{ workOrder: string }>(sql`
      select document_id as "workOrder" from planned_move
      where site_id = ${site} and planned - posted - cancelled > 0 and kind = 'component' and item_id > 0 and document_id = any(${orders.map((one) => one.workOrder)}::uuid[])
      group by document_id having bool_and(held = planned - posted - cancelled) order by min(age)`)
    const begun = ready.filter((_one, index) => index % 3 > 0)
    await this.#send(
      site,
      begun.map(({ workOrder }) => () => ({ kind: 'releaseWorkOrder', workOrder })),
    )
    await this.#send(
      site,
      begun.map(({ workOrder }) => (at) => ({ kind: 'issueComponents', workOrder, issuedAt: at })),
    )
    const nothingElse = { place: standardPlaces.dock, lot: '', serial: '', expiresOn: null } as const
    await this.#send(
      site,
      begun
        .filter((_one, index) => index % 2 === 0)
        .map(({ workOrder }) => (at) => ({ kind: 'recordOutput', workOrder, quantity: quantity(2), ...nothingElse, madeAt: at })),
    )
  }

  /** Counts that find one more or one less than is recorded, and a sheet on which the same is to be counted again. */
  async #counts(site: SiteId, count: number): Promise<void> {
    const rows = await this.#stockOf(site, sql`s.allocated = 0 and s.quantity > a.reserved + 1`, count)
    const { owner } = await this.#opened.catalog.site(site)
    const positions = rows
      .slice(0, positions_max)
      .map(({ item, place }) => ({ item, owner, place, lot: '', serial: '', condition: 'sellable' as const }))
    const sheet = { sheet: this.#opened.newId(), positions, predicted: [] }
    await this.#send(site, [() => ({ kind: 'openCountSheet', ...sheet, of: 'ad_hoc', isBlind: true, note: '', tolerance: exact })])
    await this.#send(
      site,
      rows.map(({ quantity: recorded, ...at }, index) => (countedAt) => ({
        kind: 'count',
        document: this.#opened.newId(),
        ...at,
        counted: quantity(recorded + (index % 2 === 0 ? 1 : -1)),
        lot: '',
        serial: '',
        condition: 'sellable',
        countedAt,
      })),
    )
  }

  /** All of an item is gone, and what was held of it. */
  async #losses(site: SiteId, count: number): Promise<void> {
    const rows = await this.#stockOf(site, sql`s.allocated = 0 and s.quantity > 0 and a.reserved > 0`, count)
    await this.#send(
      site,
      rows.map((one) => (lostAt) => ({
        kind: 'lose',
        document: this.#opened.newId(),
        ...one,
        lot: '',
        serial: '',
        condition: 'sellable',
        cause: 'breakage',
        note: 'A pipe burst.',
        lostAt,
      })),
    )
  }

  #stockOf(site: SiteId, condition: ReturnType<typeof sql>, count: number) {
    return this.#opened.database.query<{ item: ItemId; place: PlaceId; quantity: Quantity }>(sql`
      select s.item_id as item, s.place_id as place, s.quantity
      from stock s join availability a on a.site_id = s.site_id and a.item_id = s.item_id and a.owner_id = s.owner_id
      join place p on p.site_id = s.site_id and p.place_id = s.place_id and p.kind in ('shelf', 'bin')
      where s.site_id = ${site} and s.item_id > 0 and s.condition = 'sellable' and s.package = '' and ${condition}
      order by hashint4(s.item_id) limit ${count}`)
  }
}
