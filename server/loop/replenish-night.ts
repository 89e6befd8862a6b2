// Replenish, by night, the shell: asks for the plan of a night once its hour has struck, also later, where no server ran at that time. The night is the command's key,
// so however many servers look, it is asked for once; who planned by hand since has planned for that night.

import { hash } from 'node:crypto'
import { instant, textOf, type Instant } from '../../core/calendar.ts'
import { controlSite } from '../../core/item.ts'
import { lastNight, nextNight } from '../../core/loop/replenish-night.ts'
import type { RequestPlan } from '../../core/loop/replenish-run.ts'
import type { PlanSchedule } from '../../core/planning.ts'
import type { Clock } from '../clock.ts'
import { sql, type Connection, type Database } from '../db.ts'
import type { Lanes } from '../lane.ts'
import { scheduleColumns } from '../lane/planning.ts'

/** Who asks for it, in the audit. */
const NIGHT_CALLER = 'plan schedule'

export async function scheduleOf(connection: Connection): Promise<PlanSchedule | undefined> {
  const [row] = await connection.query<PlanSchedule>(sql`select ${scheduleColumns} from plan_schedule where site_id = ${controlSite}`)
  return row
}

/** When the next plan is made by itself; null for never. */
export const nextPlanAt = (schedule: PlanSchedule | undefined, now: Instant): Instant | null =>
  schedule === undefined || schedule.planAt === null ? null : nextNight(now, { ...schedule, planAt: schedule.planAt })

export interface NightOptions {
  readonly database: Database
  readonly lanes: Lanes
  readonly clock: Clock
}

/** One look; true where it asked for a plan. */
export async function askAtNight({ database, lanes, clock }: NightOptions): Promise<boolean> {
  const schedule = await scheduleOf(database)
  if (schedule === undefined || schedule.planAt === null) return false
  const night = lastNight(instant(clock()), { ...schedule, planAt: schedule.planAt })
  // Nights before it was set were nobody's.
  if (night <= schedule.setAt) return false
  const [since] = await database.query<object>(sql`
    select 1 as one from plan_run where site_id = ${controlSite} and (asked_at >= ${textOf(night)}::timestamptz or state = 'running') limit 1`)
  if (since !== undefined) return false
  const key = `plan ${textOf(night)}`
  const command: RequestPlan = { kind: 'requestPlan', run: lanes.options.newId(), budget: null }
  const answer = await lanes.submit(controlSite, { command, caller: NIGHT_CALLER, key, sha256: hash('sha256', key, 'buffer') })
  if (answer.status >= 500) throw new Error(`The plan of the night could not be asked for: ${answer.status} ${answer.body}`)
  return answer.status === 202 && !answer.replayed
}
