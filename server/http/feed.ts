// The feed over HTTP: events of every site the key may see, after a cursor. Each site's order is kept; a cursor from before a restore is
// refused, since its positions mean something else now.

import type { Instant } from '../../core/calendar.ts'
import { isRefusal } from '../../core/refusal.ts'
import { readFeed } from '../feed.ts'
import { maySee } from '../../core/principal.ts'
import { told, type Reader } from './call.ts'
import { keyIn } from './page.ts'

export const feedReader: Reader = async ({ context, principal, query }) => {
  const { cursor, limit } = query as { cursor?: string; limit: number }
  const after = keyIn(cursor, ['number', 'number'])
  if (after !== undefined && isRefusal(after)) return after
  const read = await readFeed(context.database, after === undefined ? undefined : { epoch: Number(after[0]), position: Number(after[1]) }, limit)
  if (isRefusal(read)) return read
  const sites = new Map((await context.catalog.sites()).map((one) => [one.site, one.code]))
  const rows = read.events
    .filter((event) => maySee(principal, event.site))
    .map(({ site, ...event }) => ({
      site: sites.get(site),
      ...told(event as typeof event & { occurredAt: Instant; recordedAt: Instant }, ['occurredAt', 'recordedAt']),
    }))
  return { rows, next: Buffer.from(JSON.stringify([read.cursor.epoch, read.cursor.position])).toString('base64url') }
}
