// Master data of items: they come into being at the control site, and what is said of them there holds at every site (core/master.ts has the rest).

import { announce, nextNumber, type Draft } from './ledger.ts'
import type { Item, Method, Source, Tracking } from './item.ts'
import type { Money } from './money.ts'
import { refuse, type Refusal } from './refusal.ts'
import type { Weight } from './weight.ts'

export interface CreateItems {
  readonly kind: 'createItems'
  readonly items: readonly {
    readonly sku: string
    readonly name: string
    readonly unit: string
    readonly tracking: Tracking
    readonly standardCost: Money
    readonly listPrice: Money
    readonly weight?: Weight | null
    /** Bought, unless it is said to be made. */
    readonly source?: Source
    readonly makeDays?: number
    /** At the moving average, unless it is said otherwise. */
    readonly valuation?: Method
    readonly category?: string | null
    readonly serviceLevel_e3?: number | null
  }[]
}

export function createItems({ items }: CreateItems, draft: Draft): object | Refusal {
  for (const [index, item] of items.entries()) {
    if (draft.item.get(item.sku)) return refuse('code_taken', `items/${index}/sku`, `${item.sku} exists already.`)
    draft.item.put({
      source: 'buy',
      makeDays: 0,
      weight: null,
      valuation: 'average',
      category: null,
      serviceLevel_e3: null,
      ...item,
      item: nextNumber(draft) as Item['item'],
    })
  }
  announce(draft, { type: 'items.created', subject: items[0]?.sku ?? '', data: { skus: items.map((item) => item.sku) } })
  return { items: items.map(({ sku }) => ({ sku })) }
}

export interface SetItemSupply {
  readonly kind: 'setItemSupply'
  readonly sku: string
  readonly source: Source
  readonly makeDays: number
}

/** How an item is had from now on. What was bought, begun or asked for comes as it was planned; the next covering of what is short goes the new way. */
export function setItemSupply({ sku, source, makeDays }: SetItemSupply, draft: Draft): object | Refusal {
  const item = draft.item.get(sku)
  if (item === undefined) return refuse('item_not_known', 'sku', `There is no item ${sku}.`)
  draft.item.put({ ...item, source, makeDays })
  announce(draft, { type: 'item.supply_set', subject: sku, data: { source, makeDays, before: { source: item.source, makeDays: item.makeDays } } })
  return { sku, source, makeDays }
}

export interface SetItemCategory {
  readonly kind: 'setItemCategory'
  readonly sku: string
  readonly category: string | null
}

/** What an item is a kind of from now on; what is told by category, is told by this one also of the time before. */
export function setItemCategory({ sku, category }: SetItemCategory, draft: Draft): object | Refusal {
  const item = draft.item.get(sku)
  if (item === undefined) return refuse('item_not_known', 'sku', `There is no item ${sku}.`)
  draft.item.put({ ...item, category })
  announce(draft, { type: 'item.category_set', subject: sku, data: { category, before: item.category } })
  return { sku, category }
}

export interface SetServiceLevel {
  readonly kind: 'setServiceLevel'
  readonly sku: string
  /** Thousandths; null for as surely as usual. */
  readonly level_e3: number | null
}

/** How surely what is promised of an item from stock is to be there from now on. What was promised before stays promised. */
export function setServiceLevel({ sku, level_e3 }: SetServiceLevel, draft: Draft): object | Refusal {
  const item = draft.item.get(sku)
  if (item === undefined) return refuse('item_not_known', 'sku', `There is no item ${sku}.`)
  draft.item.put({ ...item, serviceLevel_e3: level_e3 })
  const told = (level: number | null): number | null => (level === null ? null : level / 1000)
  const [serviceLevel, before] = [told(level_e3), told(item.serviceLevel_e3)]
  announce(draft, { type: 'item.service_level_set', subject: sku, data: { serviceLevel, before } })
  return { sku, serviceLevel }
}
