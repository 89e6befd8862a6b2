// Ready: whether this server should be sent requests: the database answers and is at the version that the code knows, it is
// not going down, and what it was told to do first is done: a demonstration company that is half imported answers questions wrongly. Only the server
// that imports it knows; others of the same database are asked as ever.
//
// What does not keep it from serving but must be seen stands beside: how far feed and messages are behind, and what is stuck.

import { sql, type Database } from '../db.ts'
import { readMigrations } from '../migrate.ts'
import type { Direct } from './call.ts'
import { tellText } from './reply.ts'

export const ready: Direct = async (_request, reply, { database, health }) => {
  const { preparing, draining, relays, stuck } = health()
  const state = await Promise.all([stateOf(database), readMigrations()]).then(
    ([one, known]) => ({ ...one, current: one.migration === known.length }),
    () => undefined,
  )
  const isReady = state?.current === true && preparing === null && !draining
  const told = {
    ready: isReady,
    database: state !== undefined,
    migrationsCurrent: state?.current ?? false,
    preparing,
    draining,
    relay: {
      relays,
      eventsBehind: state?.behind ?? null,
      stuck: stuck.map(({ site, sequence, type, target, tries }) => ({ site, sequence, type, target, tries })),
    },
  }
  return tellText(reply.code(isReady ? 200 : 503), JSON.stringify(told))
}

async function stateOf(database: Database): Promise<{ readonly migration: number; readonly behind: number }> {
  const [row] = await database.query<{ migration: number; behind: number }>(sql`
    select (select max(number) from migration) as migration, coalesce(sum(h.outbox_sequence - coalesce(c.sequence, 0)), 0)::bigint as behind
    from site_head h -- every site: what its log has and the feed has not
    left join outbox_cursor c on c.site_id = h.site_id and c.reader = 'feed'`)
  return row!
}
