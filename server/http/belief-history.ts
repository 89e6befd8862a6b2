// Belief history over HTTP: an item's own events are read from the ledger once more and taken in by the filter that made today's belief, evening by evening. It is
// worked out when somebody asks and kept nowhere; how much that may be is bounded, and the processor is given to others in between.

import { setImmediate as rest } from 'node:timers/promises'
import { addDays, dayOf, textOf } from '../../core/calendar.ts'
import { beliefHistory, type BeliefPoint } from '../../core/loop/belief-history.ts'
import { BELIEF_FORMAT } from '../../core/loop/belief-state.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import { eventsOfItem, readerOf, siteBeliefs } from '../loop/belief-read.ts'
import { inSnapshot } from '../snapshot.ts'
import { itemOf, nowOf, siteOf, told, type Readers } from './call.ts'

/** Moves of the item that are read, and as many counts: about a second of a processor. */
const EVENTS_MAX = 5_000
const STEPS_BETWEEN_RESTS = 25

export const beliefHistoryReaders = {
  getBeliefHistory: async (call) => {
    const at = await siteOf(call, call.query.site)
    if (isRefusal(at)) return at
    const known = await itemOf(call, call.params.sku)
    if (isRefusal(known)) return known
    const { site, owner } = at
    const { item, sku } = known
    const now = nowOf(call)
    const read = await inSnapshot(call.context.database, async (session) => {
      const reader = await readerOf(session, site)
      const [record] = await session.query<{ sellable: number }>(sql`
        select sellable from availability where site_id = ${site} and item_id = ${item} and owner_id = ${owner}`)
      return { reader, recorded: record?.sellable ?? 0, ...(await eventsOfItem(session, site, item, EVENTS_MAX)) }
    })
    const { reader, recorded, happened, isCut } = read
    if (reader === undefined || reader.shared.format !== BELIEF_FORMAT || !happened.some((one) => one.event !== undefined))
      return refuse('belief_not_known', 'sku', `Nothing of ${sku} was ever at ${at.code}, or it was not read yet.`)
    const recordedFirst = recorded - happened.reduce((sum, one) => sum + one.change, 0)
    const beliefs = await siteBeliefs(call.context.database, [item], [], reader.shared)
    if (isCut) beliefs.take({ item, what: 'came', units: Math.max(0, recordedFirst), at: happened[0]!.recordedAt })
    const from = addDays(dayOf(now), 1 - call.query.days)
    return { sku, asOf: textOf(now), events: happened.length, isCut, ...(await worked({ beliefs, item, happened, recordedFirst, from, now })) }
  },
} satisfies Partial<Readers>

async function worked(
  replayed: Parameters<typeof beliefHistory>[0],
): Promise<{ readonly days: readonly BeliefPoint[]; readonly counts: readonly object[] }> {
  const [days, counts]: [BeliefPoint[], object[]] = [[], []]
  let step = 0
  for (const one of beliefHistory(replayed)) {
    if ((step += 1) % STEPS_BETWEEN_RESTS === 0) await rest()
    if (one === undefined) continue
    if ('on' in one) days.push(one)
    else counts.push(told(one, ['at']))
  }
  return { days, counts }
}
