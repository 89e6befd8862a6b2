// Sourcing rules in the lane: those of the sites that a command is about, and what it makes of them.

import type { SiteId } from '../../core/item.ts'
import type { State } from '../../core/ledger.ts'
import type { SourcingLane, SourcingRule } from '../../core/sourcing.ts'
import { sql, type Statement } from '../db.ts'
import type { Into } from './into.ts'

export async function readSourcings(into: Into, sites: readonly SiteId[]): Promise<void> {
  await Promise.all([into('sourcingRule', rulesOf(sites)), into('sourcingLane', lanesOf(sites))])
}

export const rulesOf = (sites: readonly SiteId[]): Statement => sql`
  select site_id as site, prefers, sources_max as "sourcesMax", splits_lines as "splitsLines", own_cost_minor as "ownCost"
  from sourcing_rule where site_id = any(${sites}::int[])`

export const lanesOf = (sites: readonly SiteId[]): Statement => sql`
  select site_id as site, from_site_id as "from", position, cost_minor as cost, transit_days as "transitDays", keep_percent as "keepPercent"
  from sourcing_lane where site_id = any(${sites}::int[]) order by site_id, position`

export function writeSourcings({ sourcingRule, sourcingLane }: State['tables']): Statement[] {
  const [rules, lanes] = [sourcingRule.changes(), sourcingLane.changes()]
  const [ruled, laned] = [
    [...rules.updated, ...rules.inserted],
    [...lanes.updated, ...lanes.inserted],
  ]
  return [
    ...(ruled.length === 0 ? [] : [putRules(ruled)]),
    ...(lanes.deleted.length === 0 ? [] : [deleteLanes(lanes.deleted)]),
    ...(laned.length === 0 ? [] : [putLanes(laned)]),
  ]
}

const putRules = (rows: readonly SourcingRule[]): Statement => sql`
  insert into sourcing_rule (site_id, prefers, sources_max, splits_lines, own_cost_minor)
  select * from unnest(
    ${rows.map((row) => row.site)}::int[], ${rows.map((row) => row.prefers)}::text[], ${rows.map((row) => row.sourcesMax)}::int[],
    ${rows.map((row) => row.splitsLines)}::boolean[], ${rows.map((row) => row.ownCost)}::bigint[])
  on conflict (site_id) do update set prefers = excluded.prefers, sources_max = excluded.sources_max, splits_lines = excluded.splits_lines,
    own_cost_minor = excluded.own_cost_minor`

const putLanes = (rows: readonly SourcingLane[]): Statement => sql`
  insert into sourcing_lane (site_id, from_site_id, position, cost_minor, transit_days, keep_percent)
  select * from unnest(
    ${rows.map((row) => row.site)}::int[], ${rows.map((row) => row.from)}::int[], ${rows.map((row) => row.position)}::int[],
    ${rows.map((row) => row.cost)}::bigint[], ${rows.map((row) => row.transitDays)}::int[], ${rows.map((row) => row.keepPercent)}::int[])
  on conflict (site_id, from_site_id) do update set position = excluded.position, cost_minor = excluded.cost_minor,
    transit_days = excluded.transit_days, keep_percent = excluded.keep_percent`

const deleteLanes = (rows: readonly SourcingLane[]): Statement => sql`
  delete from sourcing_lane
  where (site_id, from_site_id) in (select * from unnest(${rows.map((row) => row.site)}::int[], ${rows.map((row) => row.from)}::int[]))`
