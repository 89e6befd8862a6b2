// Expired goods are written off by themselves: when a day of the clock begins, and at the start, this looks which lots of ours expired so many days ago as
// their site says, and sends them to its lane. One process does it for all; the lane decides on what stands there, so a look that is repeated writes off nothing more.
//
// A lot of which such a loss was undone is left to people from then on: who undid it knows why.

import { hash } from 'node:crypto'
import { dayOf, instant, type Day } from '../core/calendar.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import type { WriteOffExpired } from '../core/loop/shrinkage-expired.ts'
import { sql } from './db.ts'
import type { Lanes } from './lane.ts'
import { leadInTurn, pause } from './leader.ts'

/** Lots of one command: each with its stock, and no lane is held up for long. */
const LOTS_MAX = 50

interface Expired {
  readonly site: SiteId
  readonly item: ItemId
  readonly lot: string
}

/** One look: every site writes off what is due. Returns how many rows of stock. */
export async function writeOffExpired(lanes: Lanes): Promise<number> {
  const bySite = Map.groupBy(await expiredOn(lanes, today(lanes)), (one) => one.site)
  const written = await Promise.all([...bySite].map(([site, lots]) => writeOffAt(lanes, site, lots)))
  return written.reduce((sum, some) => sum + some, 0)
}

const today = ({ options }: Lanes): Day => dayOf(instant(options.clock()))

/** What is sellable by its row is demoted by the lane before it decides. */
const expiredOn = ({ options }: Lanes, day: Day): Promise<readonly Expired[]> =>
  options.database.query<Expired>(sql`
    select distinct l.site_id as site, l.item_id as item, l.lot
    from site s -- every site: what expired there
    join lot l on l.site_id = s.site_id and l.expires_on < ${day}::date - s.write_off_expired_after_days
    join stock k on k.site_id = l.site_id and k.item_id = l.item_id and k.lot = l.lot and k.owner_id = s.owner_id
    where k.condition in ('expired', 'sellable') and k.package = '' and k.quantity > k.allocated and not exists (
      select from loss n join loss u on u.site_id = n.site_id and u.undoes = n.document_id
      where n.site_id = l.site_id and n.item_id = l.item_id and n.lot = l.lot and n.cause = 'expiry')
    order by 1, 2, 3`)

async function writeOffAt(lanes: Lanes, site: SiteId, lots: readonly Expired[]): Promise<number> {
  let written = 0
  for (let from = 0; from < lots.length; from += LOTS_MAX) {
    const command: WriteOffExpired = { kind: 'writeOffExpired', lots: lots.slice(from, from + LOTS_MAX).map(({ item, lot }) => ({ item, lot })) }
    const sha256 = hash('sha256', JSON.stringify(command), 'buffer')
    const answer = await lanes.submit(site, { command, caller: 'system', key: lanes.options.newId(), sha256 })
    if (answer.status !== 200) throw new Error(`Site ${site} could not write off what expired: ${answer.status} ${answer.body}`)
    written += (JSON.parse(answer.body) as { written: number }).written
  }
  return written
}

export interface WriteOffLimits {
  /** How soon after its day began a server looks, and after a fault again. */
  readonly look_milliseconds: number
  readonly lead_milliseconds: number
}

export const writeOffLimits: WriteOffLimits = { look_milliseconds: 60_000, lead_milliseconds: 60_000 }

export interface ExpiredGoodsOptions {
  readonly lanes: Lanes
  readonly limits?: WriteOffLimits
  readonly onFault: (error: unknown) => void
}

export class ExpiredGoods {
  readonly #options: ExpiredGoodsOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: ExpiredGoodsOptions) {
    this.#options = options
  }

  start(): void {
    const { lanes, limits = writeOffLimits, onFault } = this.#options
    const { signal } = this.#stopping
    const { database } = lanes.options
    this.#running ??= leadInTurn(
      { database, lock: 'expiredGoods', lead_milliseconds: limits.lead_milliseconds, signal, onFault },
      async (session) => {
        let looked: Day | undefined
        while (!signal.aborted) {
          // The lock goes with the connection: who lost it must find out.
          await session.query(sql`select 1 as one`)
          const day = today(lanes)
          if (day !== looked) await writeOffExpired(lanes)
          looked = day
          await pause(limits.look_milliseconds, signal)
        }
      },
    )
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }
}
