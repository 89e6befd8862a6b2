// Floor: what race clients share: the goods that physically stand at the sites, and the orders that are known.
//
// A till's sale and a shipment hand over goods that somebody holds in his hands, so the goods must be there: they are taken off the floor
// before the command is sent, and what the answer did not use is put back. What arrives from other sites stays unseen, so the floor never
// has more than the record, and a record below zero can only be a fault of the server.

import type { OrderedLine } from './history.ts'

export interface Order {
  readonly number: string
  readonly id: string
  readonly home: string
  readonly lines: readonly OrderedLine[]
  /** Nothing of it can be held any more, as its answers say. */
  closed: boolean
  readonly shipped: Map<number, number>
}

export type Need = ReadonlyMap<string, number>

export class Floor {
  readonly orders: Order[] = []
  /** Orders that clients still do something with. */
  readonly open: Order[] = []
  readonly #goods = new Map<string, number>()

  put(site: string, goods: Need): void {
    for (const [sku, quantity] of goods) this.#goods.set(`${site} ${sku}`, this.at(site, sku) + quantity)
  }

  /** Takes all of it, or nothing. */
  take(site: string, goods: Need): boolean {
    for (const [sku, quantity] of goods) if (this.at(site, sku) < quantity) return false
    for (const [sku, quantity] of goods) this.#goods.set(`${site} ${sku}`, this.at(site, sku) - quantity)
    return true
  }

  at(site: string, sku: string): number {
    return this.#goods.get(`${site} ${sku}`) ?? 0
  }

  know(order: Order): void {
    this.orders.push(order)
    this.open.push(order)
  }

  forget(order: Order): void {
    const index = this.open.indexOf(order)
    if (index !== -1) this.open.splice(index, 1)
  }
}

export function needOf(lines: readonly { readonly sku: string; readonly quantity: number }[]): Need {
  const need = new Map<string, number>()
  for (const { sku, quantity } of lines) need.set(sku, (need.get(sku) ?? 0) + quantity)
  return need
}
