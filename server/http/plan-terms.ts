// Plan terms over HTTP: what suppliers, and sites that supply others, ask of each order, and which orders are placed without a person looking at each.

import type { OrderPlanned } from '../../core/flow/cover-planned.ts'
import { controlSite, type PartyId, type SiteId } from '../../core/item.ts'
import { keptBack, keptText } from '../../core/loop/replenish-approve.ts'
import type { ApprovalConditions, OrderSource } from '../../core/planning.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import type { SetSourceTerms } from '../../core/loop/replenish-run.ts'
import { sql } from '../db.ts'
import { commandToOrder } from '../flow/cover-planned.ts'
import { approvableAt } from '../loop/replenish-approve.ts'
import { termsColumns } from '../lane/planning.ts'
import { anySite, partyOf, siteOf, todayOf, toControl, type Asked, type Readers, type Writers } from './call.ts'
import { currentRun } from './plan.ts'

/** Orders and lines of one command, so that it does not hold the lane up for long; what is not ordered is told of so many at most. */
const ORDERS_MAX = 20
const LINES_MAX = 500
const LOOKED_AT_MAX = 1_000

interface AskedConditions {
  readonly valueMax: number
  readonly from: readonly OrderSource[]
  readonly suppliers: readonly string[]
  readonly usualTimesMax: number | null
}

async function conditionsOf(call: Asked, { valueMax, from, suppliers, usualTimesMax }: AskedConditions): Promise<ApprovalConditions | Refusal> {
  const parties: PartyId[] = []
  for (const [index, code] of suppliers.entries()) {
    const supplier = await partyOf(call, code, 'supplier', `suppliers/${index + 1}`)
    if (isRefusal(supplier)) return supplier
    parties.push(supplier.party)
  }
  return { valueMax, sources: from, suppliers: parties, usualTimes_e1: usualTimesMax === null ? null : Math.round(usualTimesMax * 10) }
}

const ruledSite = async (call: Asked, code: string | null): Promise<{ readonly site: SiteId } | Refusal> =>
  code === null ? { site: controlSite } : siteOf(call, code)

export const planTermsWriters = {
  approvePlannedOrders: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const conditions = await conditionsOf(call, call.body)
    if (isRefusal(conditions)) return conditions
    const { database } = call.context
    const [plan] = await database.query<{ run: string | null }>(sql`select ${currentRun} as run`)
    const proposed = await approvableAt(database, plan!.run, site.site, LOOKED_AT_MAX)
    const judged = proposed.map((one) => ({ one, why: keptBack(one, conditions) }))
    const kept = judged.flatMap(({ one, why }) =>
      call.body.after !== null || why === undefined || why === 'ordered'
        ? []
        : [{ id: one.order, code: one.code, why, because: keptText(why, one, conditions) }],
    )
    // What turned out not to be needed is still proposed, so one goes on after it.
    const from = judged.findIndex(({ one }) => one.order === call.body.after) + 1
    const wanted = judged.slice(from).flatMap(({ one, why }) => (why === undefined ? [one] : []))
    const orders: OrderPlanned[] = []
    for (let lines = 0; orders.length < Math.min(ORDERS_MAX, wanted.length);) {
      const next = wanted[orders.length]!
      if (orders.length > 0 && lines + next.lines > LINES_MAX) break
      lines += next.lines
      const command = await commandToOrder(database, site.site, next.order, todayOf(call), undefined)
      if (isRefusal(command)) return command
      orders.push(command)
    }
    return { site: site.site, command: { kind: 'orderManyPlanned', orders, kept, next: orders.length < wanted.length ? orders.at(-1)!.order : null } }
  },
  setApprovalRule: async (call) => {
    const site = await ruledSite(call, call.body.site)
    if (isRefusal(site)) return site
    const conditions = await conditionsOf(call, call.body)
    return isRefusal(conditions) ? conditions : toControl({ kind: 'setApprovalRule', site: site.site, ...conditions })
  },
  setPlanSchedule: async ({ body }) => toControl({ kind: 'setPlanSchedule', ...body }),
  endApprovalRule: async (call) => {
    const site = await ruledSite(call, call.body.site)
    return isRefusal(site) ? site : toControl({ kind: 'endApprovalRule', site: site.site })
  },
  setSourceTerms: async (call) => {
    const terms: SetSourceTerms['terms'][number][] = []
    for (const [index, { from, code, ...asked }] of call.body.terms.entries()) {
      const subject = `terms/${index + 1}/code`
      if (from === 'supplier') {
        const supplier = await partyOf(call, code, 'supplier', subject)
        if (isRefusal(supplier)) return supplier
        terms.push({ source: from, sourceId: supplier.party, code, ...asked })
      } else {
        const site = await anySite(call, code, subject)
        if (isRefusal(site)) return site
        terms.push({ source: from, sourceId: site.site, code, ...asked })
      }
    }
    return toControl({ kind: 'setSourceTerms', terms })
  },
} satisfies Partial<Writers>

export const planTermsReaders = {
  listApprovalRules: async (call) => {
    const rows = await call.context.database.query<AskedConditions & { site: string | null; usualTimes_e1: number | null }>(sql`
      select s.code as site, r.value_max_minor as "valueMax", r.sources as "from", r.usual_times_e1 as "usualTimes_e1",
        array(select p.code from party p where p.party_id = any(r.supplier_ids) order by p.code) as suppliers
      from approval_rule r left join site s on s.site_id = r.site_id and r.site_id <> ${controlSite}
      where not r.ended order by r.site_id`)
    return {
      rows: rows.map(({ usualTimes_e1, ...row }) => ({ ...row, usualTimesMax: usualTimes_e1 === null ? null : usualTimes_e1 / 10 })),
      next: null,
    }
  },
  listSourceTerms: async (call) => {
    const rows = await call.context.database.query<{ source: 'supplier' | 'site'; sourceId: number }>(sql`
      select ${termsColumns}, coalesce(p.code, f.code) as code, coalesce(p.name, f.name) as name
      from source_terms t
      left join party p on t.source = 'supplier' and p.party_id = t.source_id
      left join site f on t.source = 'site' and f.site_id = t.source_id
      order by t.source desc, code`)
    return { rows: rows.map(({ source, sourceId: _id, ...row }) => ({ from: source, ...row })), next: null }
  },
} satisfies Partial<Readers>
