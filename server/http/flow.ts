// Flow: what stands at each stage of a site, which the lane keeps by the day it is due (core/standing.ts): a sum of few rows, whatever is open. What
// was lost and counted lately and what needs a person is counted from its rows.
//
// Everybody who watches asks at every event. So a count is shared, and the next one waits twenty times as long as the last one took, a second at
// least: watching never takes more than a twentieth of the database's time.

import { addDays, day_ms, dayOf, instant, textOf, type Day, type Instant } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { StandingStage } from '../../core/standing.ts'
import { sql, type Database } from '../db.ts'
import { comesBack, shrinks } from '../shrinkage.ts'
import { nowOf, siteOf, type Readers } from './call.ts'

const FRESH_MILLISECONDS_MIN = 1_000
const FRESH_PER_COUNTING = 20
const RECENT_DAYS = 7
const LOOP_DAYS = 30

interface Picture {
  readonly countedAt: string
  readonly flow: readonly object[]
  readonly loop: readonly object[]
}

interface Counted {
  readonly picture: Promise<Picture>
  /** By the injected clock; unknown while it is being counted. */
  until: number
}

const counted = new WeakMap<Database, Map<SiteId, Counted>>()

export const getFlow: Readers['getFlow'] = async (call) => {
  const site = await siteOf(call, call.query.site)
  if (isRefusal(site)) return site
  return { site: site.code, ...(await pictureOf(call.context.database, site.site, nowOf(call))) }
}

function pictureOf(database: Database, site: SiteId, now: Instant): Promise<Picture> {
  const sites = counted.get(database) ?? new Map<SiteId, Counted>()
  counted.set(database, sites)
  const last = sites.get(site)
  const began = performance.now()
  if (last !== undefined && last.until > now) return last.picture
  const next: Counted = { picture: count(database, site, now), until: Number.POSITIVE_INFINITY }
  sites.set(site, next)
  next.picture.then(
    () => (next.until = now + Math.max(FRESH_MILLISECONDS_MIN, FRESH_PER_COUNTING * (performance.now() - began))),
    () => sites.delete(site),
  )
  return next.picture
}

async function count(database: Database, site: SiteId, now: Instant): Promise<Picture> {
  const today = dayOf(now)
  const [standing, found, exceptions] = await Promise.all([
    standingOf(database, site, today),
    lostAndCounted(database, site, textOf(instant(now - LOOP_DAYS * day_ms))),
    openExceptions(database, site),
  ])
  const none = { lines: 0, value: 0, late: 0 }
  const at = (stage: StandingStage): StageStanding => standing.get(stage) ?? none
  const [waiting, short] = [at('promise'), 0]
  return {
    countedAt: textOf(now),
    flow: [
      { stage: 'order', ...at('order'), short: waiting.lines },
      { stage: 'promise', ...waiting, short: waiting.lines },
      ...(['reserve', 'purchase', 'produce', 'store', 'transport'] as const).map((stage) => ({ stage, ...at(stage), short })),
      { stage: 'deliver', ...at('deliver'), late: at('deliver_late').lines, short },
    ],
    loop: [{ part: 'record', count: exceptions, value: 0 }, ...found],
  }
}

interface StageStanding {
  readonly lines: number
  readonly value: number
  readonly late: number
}

/** What stands at each stage of the orders that this site serves and of its supply; of what was delivered, that of the last days. */
async function standingOf(database: Database, site: SiteId, today: Day): Promise<ReadonlyMap<StandingStage, StageStanding>> {
  const rows = await database.query<StageStanding & { stage: StandingStage }>(sql`
    select stage, sum(lines)::bigint as lines, least(sum(value_minor)::numeric, ${Number.MAX_SAFE_INTEGER}::bigint)::bigint as value,
      coalesce(sum(lines) filter (where due_on < ${today}::date), 0)::bigint as late
    from flow_standing
    where site_id = ${site} and lines > 0 and (stage not in ('deliver', 'deliver_late') or due_on >= ${addDays(today, -RECENT_DAYS)}::date)
    group by stage`)
  return new Map(rows.map(({ stage, ...standing }) => [stage, standing]))
}

/** What was lost for a known cause, less what was undone, and what counts found missing or too much. */
async function lostAndCounted(database: Database, site: SiteId, since: string): Promise<readonly object[]> {
  const [row] = await database.query<{ losses: number; lost: number; counts: number; difference: number }>(sql`
    select count(*) filter (where m.cause not in ('count', 'unloss')) as losses,
      coalesce(sum(case when ${comesBack} then -m.value_minor else m.value_minor end) filter (where m.cause <> 'count'), 0)::bigint as lost,
      count(*) filter (where m.cause = 'count') as counts,
      coalesce(sum(case when ${comesBack} then -m.value_minor else m.value_minor end) filter (where m.cause = 'count'), 0)::bigint as difference
    from move m
    where m.site_id = ${site} and m.occurred_at >= ${since}::timestamptz and ${shrinks}`)
  return [
    { part: 'shrinkage', count: row!.losses, value: row!.lost },
    { part: 'count', count: row!.counts, value: row!.difference },
  ]
}

async function openExceptions(database: Database, site: SiteId): Promise<number> {
  const [row] = await database.query<{ exceptions: number }>(sql`
    select count(*) as exceptions from exception where site_id = ${site} and closed_at is null`)
  return row!.exceptions
}
