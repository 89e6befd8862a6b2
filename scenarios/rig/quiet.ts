// Quiet: nothing is on its way between sites: every message in every site's log has been delivered, and delivering caused no new ones.

import { setTimeout as sleep } from 'node:timers/promises'
import { sql, type Database } from '../../server/db.ts'

const QUIET_SECONDS_MAX = 60

/** Waits until all is delivered; false when it was not in time. */
export async function quiet(database: Database): Promise<boolean> {
  const until = performance.now() + QUIET_SECONDS_MAX * 1000
  while (performance.now() < until) {
    const [row] = await database.query<{ owed: number }>(sql`
      select count(*)::int as owed from outbox o -- every site: messages that nobody has delivered yet
      left join outbox_cursor c on c.site_id = o.site_id and c.reader = 'messages'
      where o.to_site_id is not null and o.sequence > coalesce(c.sequence, 0)`)
    if (row!.owed === 0) return true
    await sleep(100)
  }
  return false
}
