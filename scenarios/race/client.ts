// Client: one of many that do whatever comes to their mind to the same few items, as fast as they are answered. Some go away before the
// answer comes and ask the other server, some ask both servers at once, some ask again after they were answered: always under the same key.

import type { Reply } from '../rig/caller.ts'
import { CUSTOMER } from '../rig/company.ts'
import type { Chance } from '../chance.ts'
import { needOf, type Order } from './floor.ts'
import type { Command, Line, OrderedLine, Told } from './history.ts'
import type { Race } from './setting.ts'
import { supply } from './supply.ts'

/** One in so many goes away before it is answered, asks twice at once, asks again afterwards. */
const ODDS = { cut: 25, twice: 25, again: 40 }
const CUT_MILLISECONDS_MAX = 30
/** Orders in hand for each client, above which they are fulfilled or cancelled rather than placed. */
const OPEN_ORDERS_MAX = 6
/** Below so many pieces on the floor more is received, so many at once. */
const LOW = 8
const RECEIVED = 20

export async function client(race: Race, index: number, chance: Chance, until: number): Promise<void> {
  const one = new Client(race, index, chance)
  while (performance.now() < until) await one.act()
}

class Client {
  readonly #race: Race
  readonly #index: number
  readonly #chance: Chance
  #keys = 0

  constructor(race: Race, index: number, chance: Chance) {
    this.#race = race
    this.#index = index
    this.#chance = chance
  }

  async act(): Promise<void> {
    const { floor, clients } = this.#race
    const choice = this.#chance.below(130)
    if (choice >= 100) return this.#supply()
    if (choice < 6) return this.#sell()
    if (choice < 11) return this.#transfer()
    if (floor.open.length === 0 || (choice < 60 && floor.open.length < clients * OPEN_ORDERS_MAX)) return this.#order()
    const order = this.#chance.oneOf(floor.open)
    return choice < 75 ? this.#cancel(order) : this.#fulfil(order)
  }

  async #order(): Promise<void> {
    const { company, floor } = this.#race
    const site = this.#chance.oneOf(company.sites)
    const lines = this.#lines()
    const body = { site, customer: CUSTOMER, priority: this.#chance.below(10), lines }
    await this.#write('order', '/api/orders', body, { kind: 'order', site, lines }, ({ answer }) => {
      const told = answer as unknown as { readonly id: string; readonly number: string; readonly lines: readonly OrderedLine[] }
      floor.know({ ...told, home: site, closed: false, shipped: new Map() })
      return { order: told.number, lines: told.lines }
    })
  }

  /** One line, two of one item, a bundle over shared items, or lines that other sites are to serve. */
  #lines(): readonly Line[] {
    const shape = this.#chance.below(8)
    const line = (): Line => ({ sku: this.#sku(), quantity: 1 + this.#chance.below(3) })
    const elsewhere = (): Line => ({ ...line(), source: this.#chance.oneOf(this.#race.company.sites) })
    if (shape < 3) return [line()]
    if (shape < 4) return [line()].flatMap((one) => [one, { ...one, quantity: 1 + this.#chance.below(3) }])
    return shape < 6 ? [line(), line(), line()] : [line(), elsewhere(), elsewhere()]
  }

  /** Some items are hotter than others. */
  #sku(): string {
    const { skus } = this.#race.company
    return skus[Math.min(this.#chance.below(skus.length), this.#chance.below(skus.length))]!
  }

  async #cancel(order: Order): Promise<void> {
    const lines = this.#chance.once(4) ? [1] : null
    const path = `/api/orders/${order.number}/cancellation`
    const reply = await this.#write('cancellation', path, lines === null ? {} : { lines }, { kind: 'cancel', order: order.number, lines })
    if (reply.status >= 300 || lines !== null) return
    order.closed = true
    this.#race.floor.forget(order)
  }

  /** Allocates, picks, ships and mostly delivers what one site has for the order. */
  async #fulfil(order: Order): Promise<void> {
    const { floor } = this.#race
    const site = this.#chance.oneOf(order.lines).source
    const need = needOf(order.lines.filter((line) => line.source === site))
    if (!floor.take(site, need)) return this.#receive(site)
    const about = (what: string): string => `/api/orders/${order.number}/${what}`
    const shipped = new Map<string, number>()
    await this.#write('allocation', about('allocation'), { site })
    const picked = await this.#write('pick', about('pick'), { site })
    if (picked.status < 300) {
      const sent = await this.#write('shipment', about('shipment'), { site }, { kind: 'ship', order: order.number, site }, ({ answer }) => {
        const lines = answer['lines'] as readonly { line: number; quantity: number }[]
        for (const { line, quantity } of lines) {
          const { sku } = order.lines[line - 1]!
          shipped.set(sku, (shipped.get(sku) ?? 0) + quantity)
          order.shipped.set(line, (order.shipped.get(line) ?? 0) + quantity)
        }
        return { shipped: lines }
      })
      if (sent.status < 300 && !this.#chance.once(3)) await this.#write('delivery', about('delivery'), { site, receivedBy: 'The customer' })
    }
    floor.put(site, new Map([...need].map(([sku, quantity]) => [sku, quantity - (shipped.get(sku) ?? 0)])))
    if (order.lines.every((line) => order.shipped.get(line.line) === line.quantity)) {
      order.closed = true
      floor.forget(order)
    }
  }

  async #sell(): Promise<void> {
    const site = this.#chance.oneOf(this.#race.company.sites)
    await this.#handOver('sale', '/api/sales', { site }, { kind: 'sale', site, lines: this.#some() })
  }

  async #transfer(): Promise<void> {
    const { sites } = this.#race.company
    const site = this.#chance.oneOf(sites)
    const to = this.#chance.oneOf(sites.filter((one) => one !== site))
    await this.#handOver('transfer', '/api/transfers', { site, to }, { kind: 'transfer', site, to, lines: this.#some() })
  }

  #supply(): Promise<void> {
    return supply({
      race: this.#race,
      chance: this.#chance,
      line: () => ({ sku: this.#sku(), quantity: 1 + this.#chance.below(3) }),
      restock: (site) => this.#receive(site),
      write: (...written) => this.#write(...written),
    })
  }

  #some(): readonly Line[] {
    return Array.from({ length: 1 + this.#chance.below(2) }, () => ({ sku: this.#sku(), quantity: 1 + this.#chance.below(2) }))
  }

  async #handOver(
    name: string,
    path: string,
    fields: object,
    command: Extract<Command, { kind: 'sale' | 'receipt' | 'output' | 'transfer' }>,
  ): Promise<void> {
    const { floor } = this.#race
    const need = needOf(command.lines)
    if (!floor.take(command.site, need)) return this.#receive(command.site)
    const reply = await this.#write(name, path, { ...fields, lines: command.lines }, command)
    if (reply.status >= 300) floor.put(command.site, need)
  }

  async #receive(site: string): Promise<void> {
    const { floor, company } = this.#race
    const low = company.skus.filter((sku) => sku !== company.kit?.sku && floor.at(site, sku) < LOW)
    if (low.length === 0) return
    const lines = [{ sku: this.#chance.oneOf(low), quantity: RECEIVED }]
    const reply = await this.#write('receipt', '/api/receipts', { site, lines }, { kind: 'receipt', site, lines })
    if (reply.status < 300) floor.put(site, needOf(lines))
  }

  /** Sends a command until its outcome is known, and writes it down. */
  async #write(name: string, path: string, body: object, command?: Command, tell?: (reply: Reply) => Told): Promise<Reply> {
    const { caller, servers, history, acknowledged, surprises } = this.#race
    const key = `${name}-${this.#index}-${(this.#keys += 1)}`
    const mine = this.#chance.below(servers.length)
    const order = [...servers.slice(mine), ...servers.slice(0, mine)]
    const operation = command && history.invoke(command)
    const cut_milliseconds = this.#chance.once(ODDS.cut) ? this.#chance.below(CUT_MILLISECONDS_MAX) : undefined
    const send = (to: readonly string[], cut?: number): Promise<Reply | undefined> =>
      caller.settled(to, { method: 'POST', path, body, key, cut_milliseconds: cut }, () => {
        if (command) history.info(operation!, command)
        return true
      })
    const twice = this.#chance.once(ODDS.twice) ? send(order.toReversed()) : undefined
    const reply = (await send(order, cut_milliseconds))!
    this.#compare(key, reply, await twice)
    if (this.#chance.once(ODDS.again)) this.#compare(key, reply, await send(order.toReversed()), true)
    if (reply.status < 300) acknowledged.push({ key, status: reply.status, text: reply.text, body })
    else if (reply.status !== 409 && !isTooEarly(name, reply)) surprises.push(`${key}: ${reply.status} ${reply.text}`)
    const told = reply.status < 300 ? tell?.(reply) : undefined
    if (command) history.end(operation!, reply.status < 300 ? 'ok' : 'fail', command, told)
    return reply
  }

  /** One key has one answer, whoever asks and however often. */
  #compare(key: string, reply: Reply, other: Reply | undefined, later = false): void {
    if (other === undefined) return
    if (other.text !== reply.text) this.#race.doubled.push(`${key} was told ${reply.text} and ${other.text}`)
    else if (later && !other.replayed) this.#race.doubled.push(`${key} was done again: ${other.text}`)
  }
}

/** A site is asked by a message, which may still be on its way. */
const isTooEarly = (name: string, { status, answer }: Reply): boolean =>
  name === 'dispatch' && status === 404 && answer['code'] === 'transfer_not_known'
