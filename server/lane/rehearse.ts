// Rehearse: what a command would be answered now, without doing it: its needs are read from one snapshot, its decision is the lane's own, and
// what that would write is dropped. So a dry run cannot say anything else than the run that follows on the same rows.

import type { SiteId } from '../../core/item.ts'
import { rollback, sql, type Session } from '../db.ts'
import type { Command } from '../stages.ts'
import { fold, type Answer, type LaneContext } from './fold.ts'
import { readHead } from './head.ts'

/** One snapshot for all that is read. */
const beginReading = sql`begin isolation level repeatable read, read only`
/** Nothing is written, so nothing is sealed. */
const noSeal = Buffer.alloc(0)

export async function rehearse(
  session: Session,
  site: SiteId,
  command: Command,
  caller: string,
  context: Omit<LaneContext, 'sealKey'>,
): Promise<Answer> {
  try {
    await session.execute(beginReading)
    const request = { command, caller, key: '', sha256: noSeal }
    const { answers } = await fold(session, site, [request], { ...context, sealKey: noSeal }, readHead(session, site))
    return answers[0]!
  } finally {
    await session.execute(rollback)
  }
}
