// Transfers over HTTP: which site supplies which, and a transfer's way from the site that is asked to the dock of the one that asks.

import { addDays, dayOf, type Day } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import { tagOfSource, type SiteSource } from '../../core/site-source.ts'
import { sql } from '../db.ts'
import { anySite, instantOf, itemLines, siteOf, toControl, todayOf, type Readers, type Writers } from './call.ts'
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
  takeArrival: (call) =>
    aboutDocument(call, (transfer) => ({
      kind: 'takeArrival',
      transfer,
      receivedAt: instantOf(call, call.body.receivedAt),
      ...(call.body.lines && { found: call.body.lines.map((one) => ({ ...one, quantity: quantity(one.quantity) })) }),
    })),
  loseArrival: (call) => aboutDocument(call, (transfer) => ({ kind: 'takeArrival', transfer, receivedAt: instantOf(call, undefined), isLost: true })),
  cancelTransfer: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    // Which site was asked stands in the message to it, and never changes.
    const [asked] = await call.context.database.query<{ site: SiteId }>(sql`
      select to_site_id as site from outbox where site_id = ${site.site} and subject = ${call.params.id} and type = 'transfer.requested' limit 1`)
    return { site: site.site, command: { kind: 'cancelTransfer', transfer: call.params.id, asked: asked?.site ?? null } }
  },
} satisfies Partial<Writers>

export const transferReaders = {
  listSiteSources: async (call) => {
    const rows = await call.context.database.query<Pick<SiteSource, 'transferDays'> & { fromId: SiteId }>(sql`
      select t.code as site, s.item_source as source, f.code as "from", s.transfer_days as "transferDays", s.from_site_id as "fromId"
      from site_source s join site t on t.site_id = s.site_id join site f on f.site_id = s.from_site_id
      order by t.code, s.item_source -- every site: a company has few`)
    return { rows: rows.map(({ fromId, ...row }) => ({ ...row, tag: tagOfSource({ ...row, from: fromId }) })), next: null }
  },
} satisfies Partial<Readers>
