// Explain, documents: what the documents are that rows belong to, so that people find them. An order is known by its number, all others by their id;
// what has no page of its own, as a count or a loss, is told as its id only.

import type { SiteId } from '../../core/item.ts'
import { sql, type Connection } from '../db.ts'

export interface ExplainedDocument {
  readonly documentKind: 'order' | 'purchase' | 'work_order' | 'transfer' | 'return' | null
  readonly number: string | null
}

interface Rowed {
  readonly document: string
}

/** Rows with what their documents are, as a site has them. */
export async function withDocuments<Row extends Rowed>(
  session: Connection,
  site: SiteId,
  rows: readonly Row[],
): Promise<(Row & ExplainedDocument)[]> {
  const ids = [...new Set(rows.map((row) => row.document))]
  const found = await session.query<ExplainedDocument & Rowed>(sql`
    select d.id as document, o.number,
      case when o.number is not null then 'order' when p.purchase_id is not null then 'purchase' when w.work_order_id is not null then 'work_order'
        when t.document_id is not null then 'transfer' when r.rma_id is not null then 'return' end as "documentKind"
    from unnest(${ids}::uuid[]) d (id)
    left join lateral (
      select h.home_site_id from planned_move h where h.site_id = ${site} and h.document_id = d.id and h.kind = 'order' limit 1
    ) e on true
    left join lateral (
      select s.code || '-' || n.number as number
      from orders n join site s on s.site_id = n.site_id
      where n.site_id = coalesce(e.home_site_id, ${site}::int) and n.order_id = d.id
    ) o on true
    left join purchase p on p.site_id = ${site} and p.purchase_id = d.id
    left join work_order w on w.site_id = ${site} and w.work_order_id = d.id
    left join rma r on r.site_id = ${site} and r.rma_id = d.id
    left join lateral (
      select k.document_id from planned_move k
      where k.site_id = ${site} and k.document_id = d.id and k.kind in ('transfer_in', 'transfer_out') limit 1
    ) t on true`)
  const known = new Map(found.map(({ document, documentKind, number }) => [document, { documentKind, number }]))
  return rows.map((row) => ({ ...row, ...known.get(row.document)! }))
}
