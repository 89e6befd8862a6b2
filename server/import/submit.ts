// Submit: many commands through the lanes, in their order, so many under way that every batch is full, and never more than the lanes take.
// What is not taken now is sent again with its key; what was recorded before is answered as it was then.

import { setTimeout as sleep } from 'node:timers/promises'
import type { SiteId } from '../../core/item.ts'
import type { Answer, Lanes, Request } from '../lane.ts'

export interface Submission {
  readonly site: SiteId
  readonly request: Request
}

/** Commands under way at once: some batches, and far below a lane's queue. */
const UNDER_WAY_MAX = 1_000
const TRIES_MAX = 10
const RETRY_MILLISECONDS = 20

/** The lanes did not take it, however often they were asked. What was recorded until then stays. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken'
  readonly code = 'not_available'
}

export async function submitAll<Sent extends Submission>(
  lanes: Lanes,
  submissions: AsyncIterable<Sent> | Iterable<Sent>,
  onAnswer: (answer: Answer, submission: Sent) => void,
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  let failed: Error | undefined
  for await (const submission of submissions) {
    const one: Promise<void> = submit(lanes, submission)
      .then((answer) => onAnswer(answer, submission))
      .catch((error: Error) => {
        failed ??= error
      })
      .finally(() => underWay.delete(one))
    underWay.add(one)
    if (underWay.size >= UNDER_WAY_MAX) await Promise.race(underWay)
    if (failed !== undefined) break
  }
  await Promise.all(underWay)
  if (failed !== undefined) throw failed
}

export async function submit(lanes: Lanes, { site, request }: Submission): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await lanes.submit(site, request)
    if (answer.status !== 429 && answer.status !== 503) return answer
    if (tries === TRIES_MAX) throw new NotTaken(`The server does not take it now: ${(JSON.parse(answer.body) as { detail: string }).detail}`)
    await sleep(RETRY_MILLISECONDS * 2 ** tries)
  }
}
