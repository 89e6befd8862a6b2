// Expiry: lets go of holds that no order came to confirm. Each site's lane decides which those are, by its own clock reading; this only
// looks, at intervals, which sites have any. Several processes may do it at once: who comes second finds nothing left.

import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SiteId } from '../core/item.ts'
import { sql } from './db.ts'
import type { Lanes } from './lane.ts'

export interface ExpiryLimits {
  readonly look_milliseconds: number
  /** Commands sent to one site at a look; each lets a named number of holds go. */
  readonly commands_max: number
}

export const expiryLimits: ExpiryLimits = { look_milliseconds: 5_000, commands_max: 20 }

export interface ExpiryOptions {
  readonly lanes: Lanes
  readonly limits?: ExpiryLimits
  readonly onFault?: (error: unknown) => void
}

export class Expiry {
  readonly #options: ExpiryOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: ExpiryOptions) {
    this.#options = options
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { lanes, limits = expiryLimits, onFault } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await expireHolds(lanes, limits).catch((error: unknown) => onFault?.(error))
      await sleep(limits.look_milliseconds, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** One look: every site with expired holds lets them go. */
export async function expireHolds(lanes: Lanes, { commands_max }: ExpiryLimits = expiryLimits): Promise<void> {
  const { database, clock, newId } = lanes.options
  const rows = await database.query<{ site: SiteId }>(sql`
    select distinct site_id as site from planned_move -- every site: whose holds have expired
    where hold_expires_at <= ${new Date(clock())} and planned - posted - cancelled > 0`)
  await Promise.all(
    rows.map(async ({ site }) => {
      for (let sent = 0; sent < commands_max; sent += 1) {
        const answer = await lanes.submit(site, { command: { kind: 'expireHolds' }, caller: 'system', key: newId(), sha256: nothingSent })
        if (answer.status !== 200) throw new Error(`Site ${site} could not let expired holds go: ${answer.status} ${answer.body}`)
        if ((JSON.parse(answer.body) as { expired: number }).expired === 0) return
      }
    }),
  )
}

const nothingSent = hash('sha256', 'expireHolds', 'buffer')
