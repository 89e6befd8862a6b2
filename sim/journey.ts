// Journey: what the replay sees of each real order on its way: what a till sold, which is delivered at once, and what was shipped and delivered.

import type { LineDone, Watch } from './company.ts'

export interface Totals {
  readonly orders: number
  readonly lines: number
  /** Lines of which all, some and nothing was delivered. */
  readonly delivered: number
  readonly partly: number
  readonly backordered: number
  readonly units: number
  readonly unitsDelivered: number
  readonly unitsBackordered: number
}

interface Line {
  readonly ordered: number
  shipped: number
  delivered: number
}

/** What the replay sees of real orders, by number and line: an order that is asked for twice, or a line that is not in it, is a fault. */
export class Journeys implements Watch {
  readonly #orders = new Map<string, ReadonlyMap<number, Line>>()

  begin(number: string, lines: readonly LineDone[]): void {
    if (this.#orders.has(number)) throw new Error(`Order ${number} is asked for twice.`)
    this.#orders.set(number, new Map(lines.map(({ line, quantity }) => [line, { ordered: quantity, shipped: 0, delivered: 0 }])))
  }

  readonly onSold = (number: string, lines: readonly LineDone[]): void => {
    this.onShipped(number, lines)
    this.onDelivered(number, lines)
  }

  readonly onShipped = (number: string, lines: readonly LineDone[]): void => {
    for (const { line, quantity } of lines) this.#line(number, line).shipped += quantity
  }

  readonly onDelivered = (number: string, lines: readonly LineDone[]): void => {
    for (const { line, quantity } of lines) this.#line(number, line).delivered += quantity
  }

  #line(number: string, line: number): Line {
    const found = this.#orders.get(number)?.get(line)
    if (found === undefined) throw new Error(`Nobody asked for line ${line} of ${number}.`)
    return found
  }

  get totals(): Totals {
    const lines = [...this.#orders.values()].flatMap((order) => [...order.values()])
    const count = (of: (line: Line) => boolean): number => lines.filter(of).length
    const sum = (of: (line: Line) => number): number => lines.reduce((total, line) => total + of(line), 0)
    return {
      orders: this.#orders.size,
      lines: lines.length,
      delivered: count((line) => line.delivered === line.ordered),
      partly: count((line) => line.delivered > 0 && line.delivered < line.ordered),
      backordered: count((line) => line.delivered === 0),
      units: sum((line) => line.ordered),
      unitsDelivered: sum((line) => line.delivered),
      unitsBackordered: sum((line) => line.ordered - line.shipped),
    }
  }
}
