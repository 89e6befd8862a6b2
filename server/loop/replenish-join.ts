// Replenish, joined, the shell: after the last level of a run and before its lines become orders, those of a supplier or a site that has terms are raised, or wait. It is
// part of the transaction that makes the run the plan, so it happens whole and once, whoever is killed. What has no terms is not read.

import type { SiteId } from '../../core/item.ts'
import { coverOf, joinOrder, type JoinLine } from '../../core/loop/replenish-joined.ts'
import type { JoinedFigures } from '../../core/loop/replenish-told.ts'
import type { SourceTerms } from '../../core/planning.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { termsColumns } from '../lane/planning.ts'

/** What terms made of one order of a site. */
export interface Joined {
  readonly site: SiteId
  readonly source: SourceTerms['source']
  readonly sourceId: number
  readonly figures: JoinedFigures
}

interface Raised {
  readonly item: number
  readonly quantity: number
  readonly price: number
  readonly joined: string
}

type Row = JoinLine & Pick<SourceTerms, 'source' | 'sourceId'>

/** Raises the lines of a run by the terms of their sources; answers what the terms made of orders, as far as they made anything. */
export async function joinOrders(tx: Connection, run: string): Promise<readonly Joined[]> {
  const terms = await tx.query<SourceTerms>(sql`select ${termsColumns} from source_terms t`)
  if (terms.length === 0) return []
  const sites = await tx.query<{ site: SiteId }>(sql`select distinct site_id as site from plan_part where run_id = ${run} -- every site: one run`)
  const joined: Joined[] = []
  for (const { site } of sites) joined.push(...(await joinAt(tx, run, site, terms)))
  return joined
}

async function joinAt(tx: Connection, run: string, site: SiteId, terms: readonly SourceTerms[]): Promise<readonly Joined[]> {
  const groups = Map.groupBy(await linesWithTerms(tx, run, site), (row) => keyOf(row))
  const joined: Joined[] = []
  const raised: Raised[] = []
  for (const one of terms) {
    const lines = groups.get(keyOf(one)) ?? []
    const { quantities, ...order } = joinOrder(lines, one)
    if (order.raised === null && order.waits === null) continue
    const { source, sourceId, ...asked } = one
    joined.push({ site, source, sourceId, figures: { ...asked, ...order } })
    for (const [index, line] of lines.entries()) {
      const quantity = quantities[index]!
      if (quantity === line.quantity) continue
      const basis = { joined: { from: line.quantity, by: order.raised, lasts: coverOf(line, quantity) } }
      raised.push({ item: line.item, quantity, price: line.price, joined: JSON.stringify(basis) })
    }
  }
  if (raised.length > 0) await tx.execute(raise(run, site, raised))
  return joined
}

const keyOf = ({ source, sourceId }: Pick<SourceTerms, 'source' | 'sourceId'>): string => `${source}/${sourceId}`

/** Of sources that have terms and of which anything is proposed, all lines: what is not short today is what an order is raised by. */
const linesWithTerms = (tx: Connection, run: string, site: SiteId): Promise<readonly Row[]> =>
  tx.query<Row>(sql`
    select l.source, l.source_id as "sourceId", l.item_id as item, l.quantity, l.risk_minor as risk, l.demand_per_day as "perDay", l.position,
      l.behind_days + (l.basis ->> 'reviewDays')::int as days, (l.basis ->> 'price')::bigint as price, (l.basis ->> 'minimum')::bigint as minimum,
      (l.basis ->> 'multiple')::bigint as multiple, (l.basis -> 'by' ->> 'most')::bigint as most, i.weight_mg as weight
    from plan_line l
    join source_terms t on t.source = l.source and t.source_id = l.source_id
    join item i on i.item_id = l.item_id
    where l.site_id = ${site} and l.run_id = ${run} and (l.quantity > 0 or l.demand_per_day > 0) order by l.item_id`)

const raise = (run: string, site: SiteId, raised: readonly Raised[]): Statement => sql`
  update plan_line l set quantity = t.quantity, value_minor = t.quantity * t.price, basis = (l.basis::jsonb || t.joined::jsonb)::json
  from unnest(
    ${raised.map((one) => one.item)}::int[], ${raised.map((one) => one.quantity)}::bigint[], ${raised.map((one) => one.price)}::bigint[],
    ${raised.map((one) => one.joined)}::text[]) t (item_id, quantity, price, joined)
  where l.site_id = ${site} and l.run_id = ${run} and l.item_id = t.item_id`
