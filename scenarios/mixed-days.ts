// Mixed days: lives through days of mixed commands and recounts after each: no command may go without an answer, and every projection must be
// what its facts say. Goods sent between the sites arrive as the log tells of them.

import { createHash } from 'node:crypto'
import { day_ms } from '../core/calendar.ts'
import type { SiteId } from '../core/item.ts'
import { sql, type Database } from '../server/db.ts'
import type { Command } from '../server/stages.ts'
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

/** Runs days until `until` (milliseconds since 1970); throws with what was wrong. */
export async function liveThrough(cast: Cast, owner: Database, until: number): Promise<Lived> {
  const codes: Record<string, number> = {}
  let [commands, done] = [0, 0]
  for (let day = 1; Date.now() < until; day += 1) {
    for (let batch = 0; batch < BATCHES_A_DAY; batch += 1) {
      const sent = Array.from({ length: 1 + cast.chance.below(BATCH_COMMANDS_MAX) }, () => {
        const told = cast.chance.oneOf(cast.sites)
        return { site: told.site, command: nextCommand(cast, told) }
      })
      const answers = await Promise.all(sent.map(({ site, command }) => answerTo(cast, site, command)))
      commands += sent.length
      answers.forEach((code, index) => {
        if (code === undefined) done += 1
        else codes[code] = (codes[code] ?? 0) + 1
        if (code === 'not_available') throw new Error(`Day ${day}: no answer to ${JSON.stringify(sent[index])} among ${JSON.stringify(sent)}`)
      })
      await deliverMessages(cast, owner)
      const wrong = await wrongRows(owner, cast.world.today())
      if (wrong.length > 0) throw new Error(`Day ${day}, batch ${batch}: ${JSON.stringify(wrong, null, 1)} after ${JSON.stringify(sent)}`)
    }
    cast.world.wait(cast.chance.once(2) ? day_ms : day_ms / 8)
  }
  return { commands, done, refused: commands - done, codes }
}

/** The code of a refusal, or nothing. */
async function answerTo({ world }: Cast, site: SiteId, command: Command): Promise<string | undefined> {
  const { status, body } = await world.send(site, command)
  return status < 300 ? undefined : String(body['code'])
}

interface Message {
  readonly site: SiteId
  readonly to: SiteId
  readonly sequence: number
  readonly type: string
  readonly data: Omit<Extract<Command, { kind: 'receiveTransfer' }>, 'kind'>
}

/** Every message is sent each time: the key lets it have its effect once. */
async function deliverMessages({ world }: Cast, owner: Database): Promise<void> {
  const messages = await owner.query<Message>(sql`
    select site_id as site, to_site_id as "to", sequence, type, data from outbox where to_site_id is not null order by site_id, sequence desc limit 40`)
  for (const { site, to, sequence, type, data } of messages) {
    if (type !== 'transfer.sent') throw new Error(`Who takes ${type}?`)
    const command: Command = { ...data, kind: 'receiveTransfer' }
    const { status, body } = await world.send(
      to,
      command,
      `message ${site} ${sequence} ${createHash('sha256').update(type).digest('hex').slice(0, 4)}`,
    )
    if (status >= 300) throw new Error(`A message was not taken: ${JSON.stringify({ body, command })}`)
  }
}
