// Store, recalls: a lot that must not reach anybody, and all that was made of it, is held at every site that had any. The recall itself is a row of the
// control site, which tells the sites; each marks its goods, takes what can be sold into quarantine where it stands, and shorts what was held of it for
// orders like any stock that is gone.
//
// The mark stays: what comes in later of such a lot, by a transfer, from production or from a customer, is not sellable either, and nobody releases it
// before the recall is lifted. Lifting takes the marks off; the goods stay in quarantine until somebody looked at them.

import type { Instant } from '../calendar.ts'
import { settle } from '../hold.ts'
import type { ItemId, SiteId } from '../item.ts'
import { announce, post, type Draft } from '../ledger.ts'
import { quantity, type Quantity } from '../quantity.ts'
import { markRecalled, type RecalledGoods } from '../recalled-goods.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { anyOwner, endOf, labelKey, lotKey, type Labelled } from '../stock.ts'

/** What of a genealogy concerns a site. */
export interface RecalledAt {
  readonly site: SiteId
  readonly goods: readonly RecalledGoods[]
  /** Open ones that such goods were issued to. */
  readonly workOrders: readonly string[]
}

export interface RecallLot extends Labelled {
  readonly kind: 'recallLot'
  readonly recall: string
  readonly reason: string
  readonly sites: readonly RecalledAt[]
}

/** Goods and work orders of one message: each site holds them in one batch, and no lane is held up for long. */
const GOODS_TOLD_MAX = 200

/** Recalls at the control site. A lot that is recalled already stays one recall: sites that had none of it before are told now. */
export function recallLot(command: RecallLot, draft: Draft): object {
  const { item, lot, serial, reason, sites } = command
  const before = draft.recall.of(labelKey(command)).find((one) => one.liftedAt === null)
  const recall = before?.recall ?? command.recall
  const recalledAt = before?.recalledAt ?? draft.state.now
  const told = [...new Set([...(before?.sites ?? []), ...sites.map((one) => one.site)])].toSorted((a, b) => a - b)
  draft.recall.put({ recall, item, lot, serial, reason: before?.reason ?? reason, sites: told, recalledAt, liftedAt: null })
  announce(draft, { type: 'lot.recalled', subject: recall, data: { item, lot, serial, reason, sites: told } })
  for (const data of messagesFor(sites, { recall, since: recalledAt })) announce(draft, data)
  const goods = new Set(sites.flatMap((one) => one.goods.map(labelKey)))
  return { id: recall, item, lots: goods.size, sites: told.map((site) => draft.state.siteCodes.get(site) ?? String(site)) }
}

/** Each site's first message comes before anybody's second, which waits until the one before it is taken. */
function messagesFor(sites: readonly RecalledAt[], about: Pick<HoldRecalled, 'recall' | 'since'>): Parameters<typeof announce>[1][] {
  const longest = Math.max(0, ...sites.map(({ goods, workOrders }) => Math.max(goods.length, workOrders.length)))
  const messages = []
  for (let from = 0; from < longest; from += GOODS_TOLD_MAX) {
    const to = from + GOODS_TOLD_MAX
    for (const { site, goods, workOrders } of sites) {
      const data = { ...about, goods: goods.slice(from, to), workOrders: workOrders.slice(from, to) }
      if (data.goods.length + data.workOrders.length === 0) continue
      messages.push({ type: 'recall.ordered', subject: subjectAt(about.recall, site), to: site, data })
    }
  }
  return messages
}

/** What one site is told of a recall goes in its order; what several are told goes at once. */
const subjectAt = (recall: string, site: SiteId): string => `${recall}/${site}`

export interface HoldRecalled {
  readonly kind: 'holdRecalled'
  readonly recall: string
  readonly since: Instant
  readonly goods: readonly RecalledGoods[]
  readonly workOrders: readonly string[]
}

export interface HeldBack extends Labelled {
  readonly quantity: Quantity
}

/** An order line that a recall took goods from. */
export interface Shorted {
  readonly document: string
  readonly line: number
  readonly item: ItemId
  readonly quantity: Quantity
}

export interface HoldAnswer {
  readonly recall: string
  readonly held: readonly HeldBack[]
  readonly shorted: readonly Shorted[]
}

/** A site holds what it has of recalled goods. It is told, not asked, so this is never refused. */
export function holdRecalled({ recall, since, goods, workOrders }: HoldRecalled, draft: Draft): HoldAnswer {
  for (const one of goods) markRecalled(draft, one, recall, since)
  const held = goods.flatMap((one) => quarantine(draft, one, recall))
  for (const id of workOrders) {
    const row = draft.workOrder.get(id)
    if (row !== undefined && !row.recalls.includes(recall)) draft.workOrder.put({ ...row, recalls: [...row.recalls, recall] })
  }
  for (const item of new Set(goods.map((one) => one.item))) settle(draft, item, draft.state.owner)
  const shorted = shortedIn(draft)
  announce(draft, { type: 'recall.held', subject: recall, data: { held, shorted, workOrders } })
  return { recall, held, shorted }
}

/** What can be sold of a lot or piece cannot any more, where it stands. */
function quarantine(draft: Draft, { item, lot, serial }: RecalledGoods, recall: string): HeldBack[] {
  const rows = draft.stock
    .of(anyOwner(item))
    .filter((row) => row.lot === lot && row.serial === serial && row.condition === 'sellable' && row.quantity > 0)
  for (const row of rows) {
    const from = endOf(row)
    const to = { ...from, condition: 'quarantine' as const }
    post(draft, { item, quantity: row.quantity, from, to, cause: 'recall', document: recall, line: 1, occurredAt: draft.state.now })
  }
  const held = rows.reduce((sum, row) => sum + row.quantity, 0)
  return held === 0 ? [] : [{ item, lot, serial, quantity: quantity(held) }]
}

/** The lines whose holds this command shorted. */
function shortedIn(draft: Draft): Shorted[] {
  const raised = [...draft.exception.changed.values()].flatMap((one) => (one?.kind === 'hold_shorted' ? [one] : []))
  return raised.map(({ document, line, item, quantity: some }) => ({ document: document!, line: line!, item: item!, quantity: some }))
}

export interface LiftRecall {
  readonly kind: 'liftRecall'
  readonly recall: string
  readonly item: ItemId
}

/** It was a false alarm, or all is settled: the sites that were told take their marks off. */
export function liftRecall({ recall }: LiftRecall, draft: Draft): object | Refusal {
  const row = draft.recall.get(recall)
  if (row === undefined) return refuse('recall_not_known', 'id', 'There is no such recall.')
  if (row.liftedAt !== null) return refuse('nothing_to_do', 'id', 'The recall is lifted already.')
  draft.recall.put({ ...row, liftedAt: draft.state.now })
  announce(draft, { type: 'recall.ended', subject: recall, data: { item: row.item, lot: row.lot, serial: row.serial } })
  for (const site of row.sites) announce(draft, { type: 'recall.lifted', subject: subjectAt(recall, site), to: site, data: { recall } })
  return { id: recall, item: row.item }
}

export interface ReleaseRecalled {
  readonly kind: 'releaseRecalled'
  readonly recall: string
}

/** A site takes a recall's marks off its goods and work orders; what stands in quarantine stays there until somebody releases it. */
export function releaseRecalled({ recall }: ReleaseRecalled, draft: Draft): object {
  const { tables } = draft.state
  const without = (recalls: readonly string[]): readonly string[] => recalls.filter((one) => one !== recall)
  for (const { item, lot } of tables.lot.rows()) {
    const row = draft.lot.get(lotKey(item, lot))!
    const recalls = without(row.recalls)
    if (recalls.length < row.recalls.length) draft.lot.put({ ...row, recalls, recalledAt: recalls.length === 0 ? null : row.recalledAt })
  }
  for (const { workOrder } of tables.workOrder.rows()) {
    const row = draft.workOrder.get(workOrder)!
    const recalls = without(row.recalls)
    if (recalls.length < row.recalls.length) draft.workOrder.put({ ...row, recalls })
  }
  announce(draft, { type: 'recall.released', subject: recall, data: {} })
  return { recall }
}
