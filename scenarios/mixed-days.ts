// Mixed days: lives through days of mixed commands and recounts after each: no command may go without an answer, every projection must be what
// its facts say, and no promise may ever become another, whatever slips or is overdue, unless the customer changed the order. Goods sent between the sites arrive as the log tells of them.

import { day_ms } from '../core/calendar.ts'
import type { SiteId } from '../core/item.ts'
import { sql, type Database } from '../server/db.ts'
import { lookAtBeliefs } from '../server/loop/belief.ts'
import { heedBeliefs } from '../server/doubts.ts'
import { Relay } from '../server/relay.ts'
import { revalue } from '../server/revaluation.ts'
import type { Command } from '../server/stages.ts'
import { allDelivered, quickRelay } from '../server/test-sites.ts'
import { expectVerified } from '../server/test-verify.ts'
import { nextCommand, type Cast } from './mixed-commands.ts'
import { wrongRows } from './recount.ts'

export interface Lived {
  readonly commands: number
  readonly done: number
  readonly refused: number
  readonly codes: Readonly<Record<string, number>>
}

const BATCHES_A_DAY = 6
const BATCH_COMMANDS_MAX = 14

/** Runs days until `until` (milliseconds since 1970), then verifies the record; throws with what was wrong. */
export async function liveThrough(cast: Cast, owner: Database, until: number): Promise<Lived> {
  const codes: Record<string, number> = {}
  let [commands, done] = [0, 0]
  const given = new Map<string, string | null>()
  const relay = new Relay({ database: owner, lanes: cast.world.lanes, limits: quickRelay })
  relay.start()
  try {
    for (let batch = 1; Date.now() < until; batch += 1) {
      const sent = nextBatch(cast)
      const answers = await Promise.all(sent.map(({ site, command }) => answerTo(cast, site, command)))
      commands += sent.length
      for (const code of answers) {
        if (code === undefined) done += 1
        else codes[code] = (codes[code] ?? 0) + 1
      }
      const unanswered = sent.filter((_, index) => answers[index] === 'not_available')
      if (unanswered.length > 0) throw new Error(`Batch ${batch}: no answer to ${JSON.stringify(unanswered)} among ${JSON.stringify(sent)}`)
      await deliverMessages(cast, relay, owner)
      await lookAtBeliefs({ database: owner, clock: cast.world.now })
      await heedBeliefs(cast.world.lanes)
      if (cast.chance.once(2)) await revalue(cast.world.lanes)
      const wrong = await wrongRows(owner)
      if (wrong.length > 0) throw new Error(`Batch ${batch}: ${JSON.stringify(wrong, null, 1)} after ${JSON.stringify(sent)}`)
      const broken = await changedPromises(
        owner,
        given,
        new Set(sent.flatMap(({ command }) => (command.kind === 'changeOrder' ? [command.order] : []))),
      )
      if (broken.length > 0) throw new Error(`Batch ${batch}: promises changed: ${broken.join(', ')} after ${JSON.stringify(sent)}`)
      if (batch % BATCHES_A_DAY === 0) {
        await expectRevalued(cast, owner, batch)
        cast.world.wait(cast.chance.once(2) ? day_ms : day_ms / 8)
      }
    }
  } finally {
    await relay.stop()
  }
  await expectRevalued(cast, owner, 'the last')
  return { commands, done, refused: commands - done, codes }
}

/** What came late is made good, and then the whole record is what its facts say. */
async function expectRevalued({ world }: Cast, owner: Database, batch: number | string): Promise<void> {
  await revalue(world.lanes)
  await expectVerified(owner, world.sealKey).catch((error: unknown) => {
    throw new Error(`After batch ${batch}`, { cause: error })
  })
}

const nextBatch = (cast: Cast): { readonly site: SiteId; readonly command: Command }[] =>
  Array.from({ length: 1 + cast.chance.below(BATCH_COMMANDS_MAX) }, () => {
    const told = cast.chance.oneOf(cast.sites)
    return { site: told.site, command: nextCommand(cast, told) }
  })

/** The code of a refusal, or nothing. */
async function answerTo({ world }: Cast, site: SiteId, command: Command): Promise<string | undefined> {
  const { status, body } = await world.send(site, command)
  return status < 300 ? undefined : String(body['code'])
}

/** Messages arrive before the next commands do, so that a seed tells the same story each time. */
async function deliverMessages({ sites }: Cast, relay: Relay, owner: Database): Promise<void> {
  for (const { site } of sites) relay.nudge(site)
  await allDelivered(owner)
}

/** Promises that are no longer what they were when they were given; those that are new, or of an order that its customer changed, are remembered. */
async function changedPromises(owner: Database, given: Map<string, string | null>, anew: ReadonlySet<string>): Promise<readonly string[]> {
  const rows = await owner.query<{ key: string; promised: string | null }>(sql`
    select concat_ws('/', site_id, order_id, line) as key, promised_on as promised from order_line -- every site: the test's own`)
  const changed = rows.filter(({ key, promised }) => given.has(key) && given.get(key) !== promised && !anew.has(key.split('/')[1]!))
  for (const { key, promised } of rows) given.set(key, promised)
  return changed.map(({ key, promised }) => `${key} is now ${promised}`)
}
