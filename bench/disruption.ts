// Disruption: how long it takes from the word that a purchase's line comes later until a person has the list of whom that hurts and what can be done about
// it: the command that says so, the list in which its exception stands, and the exception itself. On real rows, through the server's own door.

import { hash, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { addDays, dayOf, instant, type Day } from '../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { weight } from '../core/weight.ts'
import { newSecret } from '../server/http/master.ts'
import type { Command } from '../server/stages.ts'
import { openStage, type Stage } from './stage.ts'

export interface DisruptionSettings {
  /** Order lines that are pegged to the purchase's line. */
  readonly lines: number
  /** How often it slips. */
  readonly rounds: number
}

export const usualDisruption: DisruptionSettings = { lines: 10_000, rounds: 5 }

export interface DisruptionBench {
  /** Lines and orders that the exception says are hurt. */
  readonly lines: number
  readonly orders: number
  /** What can be done, by name. */
  readonly remedies: readonly string[]
  /** In the middle of all rounds, and in the longest. */
  readonly seconds: number
  readonly seconds_max: number
  readonly slip_seconds: number
  readonly read_seconds: number
}

const LINES_PER_ORDER = 2
const ORDERS_AT_ONCE = 500

export async function benchDisruption({ lines, rounds }: DisruptionSettings, report: (step: string) => void): Promise<DisruptionBench> {
  const stage = await openStage(1, report)
  const agent = new Agent({ keepAlive: true })
  try {
    const today = dayOf(instant(stage.opened.clock()))
    const { purchase, call } = await prepare(stage, agent, lines, today, report)
    const taken: { readonly slip: number; readonly read: number; readonly told: Told }[] = []
    for (let round = 1; round <= rounds; round += 1) {
      report(`Round ${round}: the purchase comes later`)
      taken.push(await slip(call, stage.world.siteCode, purchase, addDays(today, 10 + round)))
    }
    const total = taken.map(({ slip: slipped, read }) => slipped + read)
    const { told } = taken.at(-1)!
    return {
      lines: told.lines,
      orders: told.orders,
      remedies: told.remedies.map((one) => one.remedy),
      seconds: rounded(median(total)),
      seconds_max: rounded(Math.max(...total)),
      slip_seconds: rounded(median(taken.map((one) => one.slip))),
      read_seconds: rounded(median(taken.map((one) => one.read))),
    }
  } finally {
    agent.destroy()
    await stage.close()
  }
}

interface Told {
  readonly lines: number
  readonly orders: number
  readonly remedies: readonly { readonly remedy: string }[]
}

type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Readonly<Record<string, unknown>>>

/** The word that it comes later, and everything until somebody can choose what to do. */
async function slip(
  call: Call,
  site: string,
  purchase: string,
  due: Day,
): Promise<{ readonly slip: number; readonly read: number; readonly told: Told }> {
  const began = performance.now()
  await call('POST', `/api/purchases/${purchase}/due-date`, { site, lines: [{ line: 1, due }] })
  const slipped = performance.now()
  const { rows } = (await call('GET', `/api/exceptions?site=${site}`)) as unknown as { rows: { id: string }[] }
  const told = (await call('GET', `/api/exceptions/${rows.at(-1)!.id}?site=${site}`)) as unknown as Told
  return { slip: (slipped - began) / 1_000, read: (performance.now() - slipped) / 1_000, told }
}

/** An item that is sold out, bought for a day and promised to customers; another supplier sells it sooner, another site has some, a carrier has a rate. */
async function prepare({ opened, world, address }: Stage, agent: Agent, lines: number, today: Day, report: (step: string) => void) {
  const { site, siteCode, customer } = world
  const send = async (at: SiteId, command: Command): Promise<void> => {
    const sha256 = hash('sha256', JSON.stringify(command), 'buffer')
    const { status, body } = await opened.lanes.submit(at, { command, caller: 'bench', key: randomUUID(), sha256 })
    if (status >= 300) throw new Error(`${command.kind} was refused: ${body}`)
  }
  await send(controlSite, { kind: 'createSite', code: 'PDX', name: 'Portland' })
  await send(controlSite, {
    kind: 'createItems',
    items: [{ sku: 'LATE', name: 'Late', unit: 'EA', tracking: 'none', standardCost: money(900), listPrice: money(2_500), weight: weight(500_000) }],
  })
  await send(controlSite, { kind: 'createParties', parties: ['S-1', 'S-2'].map((code) => ({ code, name: code, kind: 'supplier' })) })
  const item = (await opened.catalog.itemsBySku(['LATE'])).get('LATE')!.item
  const there = (await opened.catalog.siteByCode('PDX'))!.site
  const [first, second] = [(await opened.catalog.party('S-1'))!.party, (await opened.catalog.party('S-2'))!.party]
  const offer = { item, price: money(1_000), leadTimeDays: 3, minimum: quantity(1), multiple: quantity(1), preferred: false }
  await send(controlSite, { kind: 'setSupplierItems', offers: [{ ...offer, supplier: second }] })
  await send(controlSite, { kind: 'setSiteSources', sources: [{ site: there, source: 'buy', from: site, transferDays: 2 }] })
  await send(controlSite, {
    kind: 'createServices',
    services: [{ code: 'ROAD', carrier: 'Overland', name: 'Road', minimum: money(900), rate: money(450), rateUnit: 'KG', transitDays: 3 }],
  })
  await stockAt(send, there, item, Math.ceil(lines / 3), opened.newId(), opened.clock())
  const purchase = opened.newId()
  const orderedAt = instant(opened.clock())
  await send(site, {
    kind: 'purchase',
    purchase,
    supplier: first,
    orderedAt,
    lines: [{ line: 1, item, quantity: quantity(lines), unitPrice: money(800), due: addDays(today, 10) }],
  })
  report(`Placing ${lines} lines that are promised from the purchase`)
  await placeOrders(send, { site, item, customer, today, newId: opened.newId }, lines)
  const secret = newSecret()
  await send(controlSite, { kind: 'createKey', name: 'Buyer', role: 'admin', sites: [], secretSha256: hash('sha256', secret, 'hex') })
  await opened.owner.script('vacuum analyze')
  const call: Call = (method, path, body) => ask(agent, { ...address, secret, method, path, body })
  return { purchase, call, siteCode }
}

const stockAt = (
  send: (at: SiteId, command: Command) => Promise<void>,
  site: SiteId,
  item: ItemId,
  pieces: number,
  receipt: string,
  now: number,
): Promise<void> =>
  send(site, {
    kind: 'openStock',
    document: receipt,
    openedAt: instant(now),
    lines: [
      {
        line: 1,
        item,
        quantity: quantity(pieces),
        place: standardPlaces.shelf,
        lot: '',
        serial: '',
        expiresOn: null,
        condition: 'sellable',
        value: money(pieces * 900),
      },
    ],
  })

interface Asking {
  readonly site: SiteId
  readonly item: ItemId
  readonly customer: PartyId
  readonly today: Day
  readonly newId: () => string
}

async function placeOrders(
  send: (at: SiteId, command: Command) => Promise<void>,
  { site, item, customer, today, newId }: Asking,
  lines: number,
): Promise<void> {
  const orders = lines / LINES_PER_ORDER
  for (let from = 0; from < orders; from += ORDERS_AT_ONCE) {
    const some = Array.from({ length: Math.min(ORDERS_AT_ONCE, orders - from) }, () =>
      send(site, {
        kind: 'placeOrder',
        order: newId(),
        customer,
        reference: null,
        shipComplete: false,
        priority: 5,
        orderedAt: instant(Date.parse(`${today}T00:00:00Z`)),
        heldElsewhere: [],
        lines: Array.from({ length: LINES_PER_ORDER }, (_, index) => ({
          line: index + 1,
          item,
          quantity: quantity(1),
          unitPrice: money(2_500),
          requested: today,
          source: site,
        })),
      }),
    )
    await Promise.all(some)
  }
}

interface Asked {
  readonly host: string
  readonly port: number
  readonly secret: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body: object | undefined
}

function ask(agent: Agent, { secret, body, ...where }: Asked): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${secret}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    }
    const sent = request({ ...where, agent, headers }, (response) => {
      let said = ''
      response.setEncoding('utf8').on('data', (more: string) => (said += more))
      response.on('end', () => (response.statusCode! < 300 ? resolve(JSON.parse(said) as Record<string, unknown>) : reject(new Error(said))))
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const median = (figures: readonly number[]): number => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!
const rounded = (seconds: number): number => Math.round(seconds * 1_000) / 1_000
