// Supply of a site, day by day: in the morning what is due comes in and what can be made is made; in the evening what is short is bought, made or
// asked of another site. Suppliers are on time and complete: the historic purchases taught the lead times and are nothing else here.

import type { Day } from '../core/calendar.ts'
import type { CoverAnswer } from '../core/flow/cover.ts'
import type { ReceivedLine } from '../core/flow/receive.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { standardPlaces } from '../core/place.ts'
import type { Quantity } from '../core/quantity.ts'
import { sql } from '../server/db.ts'
import { commandToCover } from '../server/flow/cover.ts'
import type { Command } from '../server/stages.ts'
import { at, hours } from './hours.ts'
import type { Step, Steps } from './steps.ts'

/** Levels of a bill that can be made in one morning, where making takes no day. */
const ROUNDS_MAX = 8
/** Commands that one evening's covering takes at most. */
const COVERS_MAX = 50

export class Supply {
  readonly #steps: Steps
  readonly #site: SiteId

  constructor(steps: Steps, site: SiteId) {
    this.#steps = steps
    this.#site = site
  }

  /** What is due comes in; then work that is finished comes out and work that has its components begins, until there is no more of either. */
  async morning(day: Day): Promise<number> {
    let done = await this.#send(day, hours.receive, await this.#receipts(day))
    for (let round = 1; round <= ROUNDS_MAX; round += 1) {
      const outputs = await this.#send(day, hours.produce, await this.#outputs(day))
      const made = outputs + (await this.#send(day, hours.produce, await this.#issues(day)))
      done += made
      if (made === 0) break
    }
    return done
  }

  /** Everything short is covered. */
  async evening(day: Day): Promise<number> {
    const { owner } = await this.#steps.opened.catalog.site(this.#site)
    let covered = 0
    for (let count = 1; count <= COVERS_MAX; count += 1) {
      const command = await commandToCover(this.#steps.opened.database, { site: this.#site, owner }, day)
      if (command.lines.every((line) => line.source === null)) break
      await this.#send(day, hours.cover, [command], (body) => {
        const { purchases, workOrders, transfers } = JSON.parse(body) as CoverAnswer
        covered += purchases.length + workOrders.length + transfers.length
      })
      if (!command.more) break
    }
    return covered
  }

  async #receipts(day: Day): Promise<readonly Command[]> {
    const rows = await this.#steps.opened.database.query<{ purchase: string; line: number; item: ItemId; quantity: Quantity }>(sql`
      select document_id as purchase, line, item_id as item, planned - posted - cancelled as quantity
      from planned_move
      where site_id = ${this.#site} and planned - posted - cancelled > 0 and kind = 'purchase' and due_on <= ${day}::date and item_id > 0
      order by age, line`)
    const lines = Map.groupBy(rows, (row) => row.purchase)
    return [...lines].map(([purchase, came]) => ({
      kind: 'receive',
      receipt: this.#steps.opened.newId(),
      purchase,
      receivedAt: at(day, hours.receive),
      lines: came.map(({ line, item, quantity }): ReceivedLine => ({
        line,
        item,
        quantity,
        place: standardPlaces.dock,
        lot: '',
        serial: '',
        expiresOn: null,
        value: null,
      })),
    }))
  }

  /** Work orders that wait for nothing any more and whose day has come. */
  async #outputs(day: Day): Promise<readonly Command[]> {
    const rows = await this.#steps.opened.database.query<{ workOrder: string; quantity: Quantity }>(sql`
      select o.document_id as "workOrder", o.planned - o.posted - o.cancelled as quantity
      from planned_move o
      where o.site_id = ${this.#site} and o.planned - o.posted - o.cancelled > 0 and o.kind = 'output' and o.due_on <= ${day}::date and o.item_id > 0
        and not exists (
          select from planned_move c where c.site_id = o.site_id and c.document_id = o.document_id and c.kind = 'component'
            and c.planned - c.posted - c.cancelled > 0)
      order by o.age`)
    const base = { kind: 'recordOutput', place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, madeAt: at(day, hours.produce) } as const
    return rows.map(({ workOrder, quantity }) => ({ ...base, workOrder, quantity }))
  }

  /** Work orders whose components are all held. */
  async #issues(day: Day): Promise<readonly Command[]> {
    const rows = await this.#steps.opened.database.query<{ workOrder: string }>(sql`
      select c.document_id as "workOrder"
      from planned_move c
      where c.site_id = ${this.#site} and c.planned - c.posted - c.cancelled > 0 and c.kind = 'component' and c.item_id > 0
      group by c.document_id
      having bool_and(c.held = c.planned - c.posted - c.cancelled)
      order by min(c.age)`)
    return rows.map(({ workOrder }) => ({ kind: 'issueComponents', workOrder, issuedAt: at(day, hours.produce) }))
  }

  #send(day: Day, hour: number, commands: readonly Command[], onDone: (body: string) => void = () => undefined): Promise<number> {
    const steps = commands.map((command): Step => ({ site: this.#site, at: at(day, hour), command, note: undefined }))
    return this.#steps.send(steps, onDone)
  }
}
