// Supply in the race: clients buy, make, cover and ask other sites, and whoever comes along receives, begins, finishes, cancels, sends and takes in what
// any of them began. What goes into production or leaves for another site is carried by somebody, so it is taken off the floor first.

import { addDays, dayOf, instant } from '../../core/calendar.ts'
import type { Chance } from '../chance.ts'
import type { Reply } from '../rig/caller.ts'
import { SUPPLIER } from '../rig/company.ts'
import { needOf, type BoughtGoods, type Need, type RequestedGoods, type WorkToDo } from './floor.ts'
import type { Command, Goods, Line, Told } from './history.ts'
import type { Race } from './setting.ts'

/** What a supply command needs of the client that sends it. */
export interface Sender {
  readonly race: Race
  readonly chance: Chance
  line(): Line
  /** What the floor lacks is received, as every client does. */
  restock(site: string): Promise<void>
  write(name: string, path: string, body: object, command?: Command, tell?: (reply: Reply) => Told): Promise<Reply>
}

const REDATED_DAYS = 3

/** One thing that buyers, makers and dock workers do. */
export async function supply(sender: Sender): Promise<void> {
  const { race, chance } = sender
  const site = chance.oneOf(race.company.sites)
  const { purchases, works, requests } = race.floor
  const choice = chance.below(20)
  if (choice < 3) return cover(sender, site)
  if (choice < 5) return buy(sender, site)
  if (choice < 6) return ask(sender, site)
  if (choice < 8) return make(sender, site)
  if (choice < 12 && purchases.length > 0) return receive(sender, chance.oneOf(purchases))
  if (choice < 17 && works.length > 0) return work(sender, chance.oneOf(works))
  return requests.length > 0 ? carry(sender, chance.oneOf(requests)) : buy(sender, site)
}

/** Covers everything that is short at a site; what it orders is for whoever comes along. */
async function cover({ race: { caller, servers, floor }, write }: Sender, site: string): Promise<void> {
  const { status, answer } = await write('cover', '/api/shortages/cover', { site })
  if (status >= 300) return
  const made = answer as unknown as Record<'purchases' | 'workOrders' | 'transfers', readonly { id: string; from: string; quantity: number }[]>
  const linesOf = async (path: string): Promise<BoughtGoods['lines']> =>
    (await caller.expect(servers, { method: 'GET', path }))['lines'] as BoughtGoods['lines']
  for (const { id } of made.purchases) floor.purchases.push({ id, site, lines: await linesOf(`/api/purchases/${id}?site=${site}`) })
  for (const { id, quantity } of made.workOrders) floor.began({ id, site, quantity })
  for (const { id, from } of made.transfers) floor.asked({ id, site, from, lines: await linesOf(`/api/transfers/${id}?site=${site}`) })
}

async function buy({ race: { floor, company }, line, write }: Sender, site: string): Promise<void> {
  const asked = [line(), line()].filter(({ sku }) => sku !== company.kit!.sku)
  const lines = [...asked, { sku: company.kit!.bought, quantity: 3 }]
  const { status, answer } = await write('purchase', '/api/purchases', { site, supplier: SUPPLIER, lines })
  if (status < 300) floor.purchases.push({ id: String(answer['id']), site, lines: lines.map((one, index) => ({ ...one, line: index + 1 })) })
}

/** Takes in what came of a purchase: some of it, all, or nothing more; or it is put off, or given up. */
async function receive({ race: { floor }, chance, write }: Sender, { id, site, lines }: BoughtGoods): Promise<void> {
  const forget = (): void => floor.drop(floor.purchases, id)
  if (chance.once(8)) {
    const due = addDays(dayOf(instant(Date.now())), chance.below(REDATED_DAYS))
    return void (await write('redate', `/api/purchases/${id}/due-date`, { site, lines: [{ line: chance.oneOf(lines).line, due }] }))
  }
  if (chance.once(8)) {
    forget()
    return void (await write('unbuy', `/api/purchases/${id}/cancellation`, { site }))
  }
  const isLast = chance.once(2)
  const came = lines.map(({ line, sku, quantity }) => ({ line, sku, quantity: isLast ? quantity : 1 + chance.below(quantity) }))
  const body = { site, purchase: id, lines: came.map((one) => ({ ...one, rejected: chance.below(2), isLast })) }
  const reply = await write('goods', '/api/receipts', body, { kind: 'receipt', site, lines: came })
  if (reply.status < 300) floor.put(site, needOf(came))
  if (isLast || reply.status >= 300) forget()
}

async function make({ race: { floor, company }, chance, write }: Sender, site: string): Promise<void> {
  const quantity = 1 + chance.below(3)
  const { status, answer } = await write('work', '/api/work-orders', { site, sku: company.kit!.sku, quantity })
  if (status < 300) floor.began({ id: String(answer['id']), site, quantity })
}

/** Releases and issues a work order, finishes a piece of it, or gives it up. */
async function work(sender: Sender, { id, site, quantity }: WorkToDo): Promise<void> {
  const { race, chance, write } = sender
  const { floor, company } = race
  const { sku, components } = company.kit!
  const about = (what: string): string => `/api/work-orders/${id}/${what}`
  // A bill's lines stand in the order in which its items were made, and so do the kit's.
  const skuOf = (line: number): string => Object.keys(components)[line - 1]!
  const tell = (reply: Reply): Told => ({ goods: goodsIn(reply, skuOf) })
  if (chance.once(6)) {
    floor.drop(floor.works, id)
    const unmade = await write('unmake', about('cancellation'), { site }, { kind: 'unmake', site, document: id }, tell)
    if (unmade.status < 300) floor.put(site, needOf(goodsIn(unmade, skuOf)))
    return
  }
  await write('release', about('release'), { site })
  const need: Need = new Map(Object.entries(components).map(([part, per]) => [part, per * quantity]))
  if (!floor.take(site, need)) return sender.restock(site)
  const issued = await write('issue', about('issue'), { site }, { kind: 'issue', site, document: id }, tell)
  putBack(floor, site, need, issued.status < 300 ? goodsIn(issued, skuOf) : [])
  const lines = [{ sku, quantity: 1 }]
  const made = await write('output', about('output'), { site, quantity: 1 }, { kind: 'output', site, lines })
  if (made.status < 300) floor.put(site, needOf(lines))
}

async function ask({ race: { company, floor }, chance, line, write }: Sender, site: string): Promise<void> {
  const from = chance.oneOf(company.sites.filter((one) => one !== site))
  const lines = [line()]
  const { status, answer } = await write('request', '/api/transfer-requests', { site, from, lines })
  if (status < 300) floor.asked({ id: String(answer['id']), site, from, lines: lines.map((one, index) => ({ ...one, line: index + 1 })) })
}

/** Sends what is held for a transfer, and takes in what came of it; that stays unseen, as all that comes from other sites. */
async function carry(sender: Sender, { id, site, from, lines }: RequestedGoods): Promise<void> {
  const { race, chance, write } = sender
  const skuOf = (line: number): string => lines[line - 1]!.sku
  const tell = (reply: Reply): Told => ({ goods: goodsIn(reply, skuOf) })
  if (chance.once(2)) {
    const need = needOf(lines)
    if (!race.floor.take(from, need)) return sender.restock(from)
    // The message that asks may not be there yet.
    const sent = await write('dispatch', `/api/transfers/${id}/dispatch`, { site: from }, { kind: 'dispatch', site: from, document: id }, tell)
    putBack(race.floor, from, need, sent.status < 300 ? goodsIn(sent, skuOf) : [])
  }
  await write('arrival', `/api/transfers/${id}/arrival`, { site }, { kind: 'arrival', site, document: id }, tell)
}

interface Numbered {
  readonly line: number
  readonly quantity?: number
  readonly returned?: number
}

const goodsIn = ({ answer }: Reply, skuOf: (line: number) => string): Goods =>
  (answer['lines'] as readonly Numbered[]).map(({ line, quantity, returned }) => ({ sku: skuOf(line), quantity: quantity ?? returned! }))

function putBack(floor: Race['floor'], site: string, need: Need, used: Goods): void {
  const some = needOf(used)
  floor.put(site, new Map([...need].map(([sku, quantity]) => [sku, quantity - (some.get(sku) ?? 0)])))
}
