// Oversold: at no moment may what was surely given away of an item at a site exceed what can possibly have been there.
//
// A command takes effect somewhere between its invoke and its ok, so both sides are taken as kindly as can be: what adds (a receipt, output, what
// comes back from production, a transfer on its way in, a cancellation) counts from its invoke on, whatever becomes of it; what takes (a hold, a
// sale, a transfer out, what goes into production, a shipment) counts from its ok on. Whatever is unknown is thereby counted both ways, and any excess that is found is real.
//
// A till may take what is held for an order, because the goods are in a customer's hands: the order's hold is shorted, and an exception
// says so. A hold counts for what was never shorted of it; all shorts of an item together cannot exceed what tills sold of it.

import type { Command, Goods, Happening, OrderedLine } from './history.ts'

/** A hold that stock no longer covered, as the exceptions of a site tell of it. */
export interface Short {
  readonly order: string
  readonly line: number
  readonly quantity: number
}

export interface Excess {
  readonly site: string
  readonly sku: string
  readonly milliseconds: number
  readonly given: number
  readonly there: number
}

interface Claim {
  readonly site: string
  readonly sku: string
  /** Held and never shorted. */
  readonly held: number
  shipped: number
  cancelled: boolean
}

/** The worst moment of each item and site at which more was given than there was. */
export function excesses(happenings: readonly Happening[], opening: (site: string, sku: string) => number, shorts: readonly Short[]): Excess[] {
  const balance = new Balance(opening)
  const shorted = new Map<string, number>()
  for (const { order, line, quantity } of shorts) shorted.set(`${order}/${line}`, (shorted.get(`${order}/${line}`) ?? 0) + quantity)
  const goods = new Map(happenings.flatMap(({ operation, told }) => (told !== undefined && 'goods' in told ? [[operation, told.goods]] : [])))
  for (const one of happenings) {
    if (one.type === 'invoke') invoked(one, balance, goods.get(one.operation) ?? [])
    if (one.type === 'ok') acknowledged(one, balance, shorted)
  }
  return [...balance.worst.values()]
}

class Balance {
  readonly claims = new Map<string, Map<number, Claim>>()
  readonly worst = new Map<string, Excess>()
  readonly #given = new Map<string, number>()
  readonly #added = new Map<string, number>()
  readonly #opening: (site: string, sku: string) => number

  constructor(opening: (site: string, sku: string) => number) {
    this.#opening = opening
  }

  add(site: string, sku: string, quantity: number): void {
    const key = `${site} ${sku}`
    this.#added.set(key, (this.#added.get(key) ?? 0) + quantity)
  }

  give(site: string, sku: string, quantity: number, milliseconds: number): void {
    const key = `${site} ${sku}`
    const given = (this.#given.get(key) ?? 0) + quantity
    this.#given.set(key, given)
    const there = this.#opening(site, sku) + (this.#added.get(key) ?? 0)
    const worst = this.worst.get(key)
    if (given > there && given - there > (worst ? worst.given - worst.there : 0)) this.worst.set(key, { site, sku, milliseconds, given, there })
  }

  /** Changes a claim and with it what is given. */
  change(claim: Claim, milliseconds: number, change: (claim: Claim) => void): void {
    const before = worth(claim)
    change(claim)
    this.give(claim.site, claim.sku, worth(claim) - before, milliseconds)
  }
}

const worth = ({ held, shipped, cancelled }: Claim): number => Math.max(shipped, cancelled ? 0 : held)

/** `goods` is what the command's answer will tell of. */
function invoked({ command, milliseconds }: Happening, balance: Balance, goods: Goods): void {
  if (command.kind === 'unmake' || command.kind === 'arrival') for (const { sku, quantity } of goods) balance.add(command.site, sku, quantity)
  if (command.kind === 'receipt' || command.kind === 'output') for (const { sku, quantity } of command.lines) balance.add(command.site, sku, quantity)
  if (command.kind === 'transfer') for (const { sku, quantity } of command.lines) balance.add(command.to, sku, quantity)
  if (command.kind !== 'cancel') return
  const { order, lines } = command
  for (const [line, claim] of balance.claims.get(order) ?? []) {
    if (lines === null || lines.includes(line)) balance.change(claim, milliseconds, (one) => (one.cancelled = true))
  }
}

function acknowledged({ command, milliseconds, told }: Happening, balance: Balance, shorted: ReadonlyMap<string, number>): void {
  if (command.kind === 'sale' || command.kind === 'transfer') {
    for (const { sku, quantity } of command.lines) balance.give(command.site, sku, quantity, milliseconds)
  }
  if (told === undefined) return
  if ('goods' in told && (command.kind === 'issue' || command.kind === 'dispatch')) {
    for (const { sku, quantity } of told.goods) balance.give(command.site, sku, quantity, milliseconds)
  }
  if ('order' in told) balance.claims.set(told.order, new Map(told.lines.map((line) => [line.line, claimOf(told.order, line, shorted)])))
  if ('order' in told) for (const claim of balance.claims.get(told.order)!.values()) balance.give(claim.site, claim.sku, worth(claim), milliseconds)
  if ('shipped' in told && 'order' in command) {
    for (const { line, quantity } of told.shipped) {
      balance.change(balance.claims.get(command.order)!.get(line)!, milliseconds, (one) => (one.shipped += quantity))
    }
  }
}

const claimOf = (order: string, { line, sku, held, source }: OrderedLine, shorted: ReadonlyMap<string, number>): Claim => ({
  site: source,
  sku,
  held: Math.max(held - (shorted.get(`${order}/${line}`) ?? 0), 0),
  shipped: 0,
  cancelled: false,
})

/** Items of which more was shorted than tills sold: nothing else may take what is held. */
export function undueShorts(
  happenings: readonly Happening[],
  shorts: readonly (Short & { readonly site: string; readonly sku: string })[],
): string[] {
  const left = new Map<string, number>()
  const take = (site: string, sku: string, quantity: number): void => void left.set(`${site} ${sku}`, (left.get(`${site} ${sku}`) ?? 0) + quantity)
  for (const { type, command } of happenings)
    if (type === 'invoke' && isSale(command)) for (const line of command.lines) take(command.site, line.sku, line.quantity)
  for (const { site, sku, quantity } of shorts) take(site, sku, -quantity)
  return [...left].filter(([, quantity]) => quantity < 0).map(([key, quantity]) => `${key}: ${-quantity} shorted beyond what tills sold.`)
}

const isSale = (command: Command): command is Extract<Command, { kind: 'sale' | 'receipt' | 'output' }> => command.kind === 'sale'
