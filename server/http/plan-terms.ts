// Plan terms over HTTP: what suppliers, and sites that supply others, ask of each order.

import { isRefusal } from '../../core/refusal.ts'
import type { SetSourceTerms } from '../../core/loop/replenish-run.ts'
import { sql } from '../db.ts'
import { termsColumns } from '../lane/planning.ts'
import { anySite, partyOf, toControl, type Readers, type Writers } from './call.ts'

export const planTermsWriters = {
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
