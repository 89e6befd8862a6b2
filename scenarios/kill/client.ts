// Client: sends commands without rest while everything is killed around it. An acknowledgement goes into a log of the clients' own, and
// only after 2xx was read; what is unknown is sent again under the same key, but for a few commands that are given up for ever, so that
// nobody ever finishes what was cut short.

import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Chance } from '../chance.ts'
import type { Caller, Reply } from '../rig/caller.ts'
import { CUSTOMER, SUPPLIER, type Company } from '../rig/company.ts'
import type { Acknowledged } from '../rig/effects.ts'

/** One unknown order in so many is given up. */
const GIVEN_UP = 6
const ORDERS_KEPT_MAX = 20
const GATE_MILLISECONDS = 20

/** Stops the clients between two commands, for an audit. */
export class Gate {
  shut = false
  over = false
  #inside = 0

  async pass(work: () => Promise<void>): Promise<void> {
    while (this.shut && !this.over) await sleep(GATE_MILLISECONDS)
    if (this.over) return
    this.#inside += 1
    try {
      await work()
    } finally {
      this.#inside -= 1
    }
  }

  async empty(): Promise<void> {
    while (this.#inside > 0) await sleep(GATE_MILLISECONDS)
  }
}

export interface Killing {
  readonly company: Company
  readonly caller: Caller
  readonly url: string
  readonly gate: Gate
  readonly log: AckLog
  /** Replies that no command of these should get. */
  readonly surprises: string[]
  readonly counts: { unknown: number; givenUp: number }
}

export class AckLog {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
    appendFileSync(file, '')
  }

  note(acknowledged: Acknowledged): void {
    appendFileSync(this.#file, `${JSON.stringify(acknowledged)}\n`)
  }

  read(): Acknowledged[] {
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Acknowledged)
  }
}

interface Placed {
  readonly number: string
  readonly site: string
}

export async function client(killing: Killing, index: number, chance: Chance): Promise<void> {
  const one = new Client(killing, index, chance)
  while (!killing.gate.over) await killing.gate.pass(() => one.act())
}

class Client {
  readonly #killing: Killing
  readonly #index: number
  readonly #chance: Chance
  readonly #orders: Placed[] = []
  #keys = 0

  constructor(killing: Killing, index: number, chance: Chance) {
    this.#killing = killing
    this.#index = index
    this.#chance = chance
  }

  async act(): Promise<void> {
    const { sites } = this.#killing.company
    const choice = this.#chance.below(13)
    const site = this.#chance.oneOf(sites)
    if (choice < 3) return this.#order(site, this.#lines())
    if (choice < 6) return this.#order(site, [...this.#lines(), { ...this.#line(), source: this.#chance.oneOf(sites.filter((one) => one !== site)) }])
    if (choice === 6) return void (await this.#write('sale', '/api/sales', { site, lines: this.#lines() }))
    if (choice === 7)
      return void (await this.#write('transfer', '/api/transfers', {
        site,
        to: this.#chance.oneOf(sites.filter((one) => one !== site)),
        lines: this.#lines(),
      }))
    if (choice === 8) return this.#buy(site)
    if (choice === 9) return this.#make(site)
    if (choice === 10) return void (await this.#write('cover', '/api/shortages/cover', { site }))
    return this.#ship()
  }

  /** Orders some goods and receives them, with a piece that is rejected now and then. */
  async #buy(site: string): Promise<void> {
    const { sku, bought: part } = this.#killing.company.kit!
    const lines = [...this.#lines().filter((line) => line.sku !== sku), { sku: part, quantity: 1 + this.#chance.below(4) }]
    const bought = await this.#write('purchase', '/api/purchases', { site, supplier: SUPPLIER, lines })
    if (bought === undefined || bought.status >= 300) return
    const came = lines.map((line, index) => ({ ...line, line: index + 1, rejected: this.#chance.below(2), isLast: true }))
    await this.#write('goods', '/api/receipts', { site, purchase: bought.answer['id'], lines: came })
  }

  /** Makes a kit or two from what is there, as far as it goes. */
  async #make(site: string): Promise<void> {
    const quantity = 1 + this.#chance.below(2)
    const planned = await this.#write('work', '/api/work-orders', { site, sku: this.#killing.company.kit!.sku, quantity })
    if (planned === undefined || planned.status >= 300) return
    const about = (what: string): string => `/api/work-orders/${planned.answer['id'] as string}/${what}`
    await this.#write('release', about('release'), { site })
    await this.#write('issue', about('issue'), { site })
    const made = await this.#write('output', about('output'), { site, quantity })
    if (made !== undefined && made.status >= 300) await this.#write('unmake', about('cancellation'), { site })
  }

  async #order(site: string, lines: readonly object[]): Promise<void> {
    const reply = await this.#write('order', '/api/orders', { site, customer: CUSTOMER, lines }, this.#chance.once(GIVEN_UP))
    if (reply === undefined || reply.status >= 300 || this.#orders.length >= ORDERS_KEPT_MAX) return
    this.#orders.push({ number: reply.answer['number'] as string, site })
  }

  async #ship(): Promise<void> {
    const order = this.#orders.shift()
    if (order === undefined) return
    const about = (what: string): string => `/api/orders/${order.number}/${what}`
    await this.#write('allocation', about('allocation'), { site: order.site })
    await this.#write('pick', about('pick'), { site: order.site })
    const sent = await this.#write('shipment', about('shipment'), { site: order.site })
    if (sent !== undefined && sent.status < 300) await this.#write('delivery', about('delivery'), { site: order.site, receivedBy: 'The customer' })
  }

  #lines(): readonly { readonly sku: string; readonly quantity: number }[] {
    return Array.from({ length: 1 + this.#chance.below(3) }, () => this.#line())
  }

  #line(): { readonly sku: string; readonly quantity: number } {
    return { sku: this.#chance.oneOf(this.#killing.company.skus), quantity: 1 + this.#chance.below(2) }
  }

  /** Sends a command until its outcome is known, or gives it up with the first unknown one. */
  async #write(name: string, path: string, body: object, mayGiveUp = false): Promise<Reply | undefined> {
    const { caller, url, log, surprises, counts } = this.#killing
    const key = `${name}-${this.#index}-${(this.#keys += 1)}`
    const reply = await caller.settled([url], { method: 'POST', path, body, key }, () => {
      counts.unknown += 1
      return !mayGiveUp
    })
    if (reply === undefined) counts.givenUp += 1
    else if (reply.status < 300) log.note({ key, status: reply.status, text: reply.text, body })
    else if (reply.status !== 409) surprises.push(`${key}: ${reply.status} ${reply.text}`)
    return reply
  }
}
