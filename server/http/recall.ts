// Recalls over HTTP: what a recall would hold, the recall itself, and the list of them. Which lots it is about is found outside the lane, by their
// genealogy (genealogy.ts); what is held of them each site's lane decides on the rows as they are then.

import type { Instant } from '../../core/calendar.ts'
import type { HoldAnswer, HoldRecalled, RecalledAt } from '../../core/flow/store-recall.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import { maySee } from '../../core/principal.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import type { Labelled } from '../../core/stock.ts'
import { sql } from '../db.ts'
import { descendantsOf, genealogyLimits, recallOf } from '../genealogy.ts'
import { rehearse } from '../lane/rehearse.ts'
import { nowOf, told, toControl, type Asked, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { everySite, labelledOf, ordersOf } from './trace.ts'

/** What each site must hold, or that nobody ever had any. */
export async function reachOf(call: Pick<Asked, 'context'>, lot: Labelled, limits = genealogyLimits): Promise<readonly RecalledAt[] | Refusal> {
  const { database } = call.context
  const genealogy = await descendantsOf(database, await everySite(call), lot, limits)
  const field = lot.lot === '' ? 'serial' : 'lot'
  if (!genealogy.complete)
    return refuse('recall_too_large', field, 'More was made of it than one recall holds: recall what was made of it, lot by lot.')
  const sites = await recallOf(database, genealogy)
  return sites.length > 0 ? sites : refuse('lot_not_known', field, 'No site ever had any of it.')
}

export const recallWriters = {
  recallLot: async (call) => {
    const lot = await labelledOf(call, call.body)
    if (isRefusal(lot)) return lot
    const sites = await reachOf(call, lot)
    if (isRefusal(sites)) return sites
    const { item, lot: number, serial } = lot
    return toControl({ kind: 'recallLot', recall: call.context.newId(), item, lot: number, serial, reason: call.body.reason, sites })
  },
  liftRecall: async (call) => {
    const { id } = call.params
    const [row] = await call.context.database.query<{ item: ItemId }>(sql`select item_id as item from recall where recall_id = ${id}`)
    return row === undefined
      ? refuse('recall_not_known', 'id', 'There is no such recall.')
      : toControl({ kind: 'liftRecall', recall: id, item: row.item })
  },
} satisfies Partial<Writers>

export const recallReaders = {
  listRecalls: async (call) => {
    const { cursor, limit } = call.query
    const after = keyIn(cursor, ['number', 'uuid'])
    if (after !== undefined && isRefusal(after)) return after
    const [at, id] =
      after === undefined ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : [new Date(Number(after[0])).toISOString(), String(after[1])]
    const rows = await call.context.database.query<{ id: string; sites: readonly SiteId[]; recalledAt: Instant; liftedAt: Instant | null }>(sql`
      select r.recall_id as id, i.sku, i.name, r.lot, r.serial, r.reason, r.site_ids as sites, r.recalled_at as "recalledAt", r.lifted_at as "liftedAt"
      from recall r join item i on i.item_id = r.item_id
      where (r.recalled_at, r.recall_id) < (${at}::timestamptz, ${id}::uuid)
      order by r.recalled_at desc, r.recall_id desc limit ${limit + 1}`)
    await everySite(call)
    const codeOf = (site: SiteId): string => call.context.catalog.siteCodes.get(site)!
    return pageOf(
      rows,
      limit,
      (row) => [row.recalledAt, row.id],
      (row) => ({ ...told(row, ['recalledAt', 'liftedAt']), sites: row.sites.filter((site) => maySee(call.principal, site)).map(codeOf) }),
    )
  },
  /** The very decision that each site would take, each on one snapshot of its own; nothing is written. */
  rehearseRecall: async (call) => {
    const lot = await labelledOf(call, call.body)
    if (isRefusal(lot)) return lot
    const sites = await reachOf(call, lot)
    if (isRefusal(sites)) return sites
    const answers = await rehearseAt(call, sites)
    const items = await call.context.catalog.itemsWith(answers.flatMap(({ held, shorted }) => [...held, ...shorted].map((one) => one.item)))
    const orders = await ordersOf(
      call.context.database,
      answers.flatMap(({ site, shorted }) => shorted.map((one) => ({ site, order: one.document }))),
    )
    const code = (site: SiteId): string => call.context.catalog.siteCodes.get(site)!
    return {
      held: answers.flatMap(({ site, held }) =>
        held.map(({ item, ...one }) => ({ ...one, site: code(site), sku: items.get(item)!.sku, name: items.get(item)!.name })),
      ),
      shorted: answers.flatMap(({ site, shorted }) =>
        shorted.map(({ document, line, item, quantity }) => {
          const order = orders.get(document)
          return {
            site: code(site),
            order: order?.number ?? null,
            customerName: order?.customerName ?? null,
            line,
            sku: items.get(item)!.sku,
            quantity,
          }
        }),
      ),
      workOrders: sites.reduce((sum, one) => sum + one.workOrders.length, 0),
    }
  },
} satisfies Partial<Readers>

async function rehearseAt(call: Asked, sites: readonly RecalledAt[]): Promise<readonly (HoldAnswer & { readonly site: SiteId })[]> {
  const session = await call.context.database.session()
  let broken = true
  try {
    const answers = []
    for (const { site, goods, workOrders } of sites) {
      const command: HoldRecalled = { kind: 'holdRecalled', recall: call.context.newId(), since: nowOf(call), goods, workOrders }
      const { body } = await rehearse(session, site, command, call.principal.actor, call.context)
      answers.push({ ...(JSON.parse(body) as HoldAnswer), site })
    }
    broken = false
    return answers
  } finally {
    session.release(broken)
  }
}
