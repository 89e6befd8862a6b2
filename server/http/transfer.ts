// Transfers over HTTP: which site supplies which, and a transfer's way from the site that is asked to the dock of the one that asks.

import { addDays, dayOf, type Day } from '../../core/calendar.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import type { SiteId } from '../../core/item.ts'
import { tagOfSource, type SiteSource } from '../../core/site-source.ts'
import { sql } from '../db.ts'
import { anySite, instantOf, itemLines, siteOf, toControl, todayOf, told, type Readers, type Writers } from './call.ts'
import { aboutDocument } from './purchase.ts'

export const transferWriters = {
  setSiteSources: async (call) => {
    const sources: SiteSource[] = []
    for (const [index, { source, transferDays, ...codes }] of call.body.sources.entries()) {
      const site = await anySite(call, codes.site, `sources/${index + 1}/site`)
      if (isRefusal(site)) return site
      const from = await anySite(call, codes.from, `sources/${index + 1}/from`)
      if (isRefusal(from)) return from
      sources.push({ site: site.site, source, from: from.site, transferDays })
    }
    return toControl({ kind: 'setSiteSources', sources, ifMatch: call.body.sources.map((source) => source.ifMatch ?? null) })
  },
  requestTransfer: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const from = await anySite(call, call.body.from, 'from')
    if (isRefusal(from)) return from
    const asked = await itemLines(call, call.body.lines)
    if (isRefusal(asked)) return asked
    const due = (call.body.due as Day | undefined) ?? todayOf(call)
    const lines = asked.map(({ line, item, asked: wanted }) => ({ line, item: item.item, quantity: quantity(wanted.quantity), due }))
    return { site: site.site, command: { kind: 'requestTransfer', transfer: call.context.newId(), from: from.site, lines } }
  },
  dispatchTransfer: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const sentAt = instantOf(call, call.body.sentAt)
    const [way] = await call.context.database.query<{ days: number }>(sql`
      select coalesce(max(s.transfer_days), 0) as days
      from planned_move p left join site_source s on s.site_id = p.home_site_id and s.from_site_id = p.site_id
      where p.site_id = ${site.site} and p.document_id = ${call.params.id} and p.kind = 'transfer_out'`)
    const arrivesOn = (call.body.arrivesOn as Day | undefined) ?? addDays(dayOf(sentAt), way!.days)
    return { site: site.site, command: { kind: 'dispatchTransfer', transfer: call.params.id, sentAt, arrivesOn } }
  },
  takeArrival: (call) => aboutDocument(call, (transfer) => ({ kind: 'takeArrival', transfer, receivedAt: instantOf(call, call.body.receivedAt) })),
} satisfies Partial<Writers>

export const transferReaders = {
  listSiteSources: async (call) => {
    const rows = await call.context.database.query<Pick<SiteSource, 'transferDays'> & { fromId: SiteId }>(sql`
      select t.code as site, s.item_source as source, f.code as "from", s.transfer_days as "transferDays", s.from_site_id as "fromId"
      from site_source s join site t on t.site_id = s.site_id join site f on f.site_id = s.from_site_id
      order by t.code, s.item_source -- every site: a company has few`)
    return { rows: rows.map(({ fromId, ...row }) => ({ ...row, tag: tagOfSource({ ...row, from: fromId }) })), next: null }
  },
  getTransfer: async (call) => {
    const { id } = call.params
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { database } = call.context
    const [lines, underWay] = await Promise.all([
      database.query(sql`
        select p.line, i.sku, p.direction, p.planned as quantity, p.posted, p.cancelled, p.held, p.pegged, p.due_on as due, h.code as "askedBy"
        from planned_move p join item i on i.item_id = p.item_id join site h on h.site_id = p.home_site_id
        where p.site_id = ${site.site} and p.document_id = ${id} and p.kind in ('transfer_in', 'transfer_out') order by p.line`),
      database.query<{ sentAt: Date }>(sql`
        select a.line, i.sku, a.quantity, a.lot, a.serial, f.code as "from", a.sent_at as "sentAt", a.due_on as due
        from arrival a join item i on i.item_id = a.item_id join site f on f.site_id = a.from_site_id
        where a.site_id = ${site.site} and a.transfer_id = ${id} order by a.number`),
    ])
    if (lines.length === 0) return refuse('transfer_not_known', 'id', 'The site has no such transfer.')
    return { id, site: site.code, lines, underWay: underWay.map((row) => told(row, ['sentAt'])) }
  },
} satisfies Partial<Readers>
