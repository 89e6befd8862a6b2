// Floor: what race clients share: the goods that physically stand at the sites, and the orders, purchases, work orders and transfers that are known.
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

interface ToDo {
  readonly id: string
  readonly site: string
}
/** A purchase of which more may come. */
export interface BoughtGoods extends ToDo {
  readonly lines: readonly { readonly line: number; readonly sku: string; readonly quantity: number }[]
}
export interface WorkToDo extends ToDo {
  readonly quantity: number
}
/** Goods that `site` asked of another. */
export interface RequestedGoods extends BoughtGoods {
  readonly from: string
}

export type Need = ReadonlyMap<string, number>

export class Floor {
  readonly orders: Order[] = []
  /** Orders that clients still do something with. */
  readonly open: Order[] = []
  /** What clients still do something with, and all that ever was, to be looked at in the end. */
  readonly purchases: BoughtGoods[] = []
  readonly works: WorkToDo[] = []
  readonly everyWork: WorkToDo[] = []
  readonly requests: RequestedGoods[] = []
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

  began(work: WorkToDo): void {
    this.works.push(work)
    this.everyWork.push(work)
  }

  asked(request: RequestedGoods): void {
    this.requests.push(request)
  }

  drop(list: ToDo[], id: string): void {
    const index = list.findIndex((one) => one.id === id)
    if (index !== -1) list.splice(index, 1)
  }
}

export function needOf(lines: readonly { readonly sku: string; readonly quantity: number }[]): Need {
  const need = new Map<string, number>()
  for (const { sku, quantity } of lines) need.set(sku, (need.get(sku) ?? 0) + quantity)
  return need
}
