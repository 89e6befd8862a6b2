// Supply, day by day: in the morning what is due comes in and what can be made is made; in the evening what is short is bought and made. Goods
// come on the day they were promised for, in full: the historic purchases taught the lead times and are nothing else here.

import { hash } from 'node:crypto'
import { textOf, type Day, type Instant } from '../core/calendar.ts'
import type { CoverAnswer } from '../core/flow/cover.ts'
import type { ReceivedLine } from '../core/flow/receive.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { standardPlaces } from '../core/place.ts'
import type { Quantity } from '../core/quantity.ts'
import { sql } from '../server/db.ts'
import { commandToCover } from '../server/flow/cover.ts'
import { submitAll, type Submission } from '../server/import/submit.ts'
import type { Opened } from '../server/open.ts'
import type { Command } from '../server/stages.ts'
import { at, hours } from './journey.ts'

/** Levels of a bill that can be made in one morning, where making takes no day. */
const ROUNDS_MAX = 8
/** Commands that one evening's covering takes at most. */
const COVERS_MAX = 50
const CALLER = 'replay'

export class Supply {
  readonly #opened: Opened
  readonly #site: SiteId
  readonly #setClock: (now: Instant) => void
  purchases = 0
  workOrders = 0
  #sent = 0

  constructor(opened: Opened, site: SiteId, setClock: (now: Instant) => void) {
    this.#opened = opened
    this.#site = site
    this.#setClock = setClock
  }

  /** What is due comes in; then work that is finished comes out and work that has its components begins, until there is no more of either. */
  async morning(day: Day): Promise<void> {
    this.#setClock(at(day, hours.receive))
    await this.#send(await this.#receipts(day))
    this.#setClock(at(day, hours.produce))
    for (let round = 1; round <= ROUNDS_MAX; round += 1) {
      const done = (await this.#send(await this.#outputs(day))) + (await this.#send(await this.#issues(day)))
      if (done === 0) return
    }
  }

  /** Everything short is covered. */
  async evening(day: Day): Promise<void> {
    this.#setClock(at(day, hours.cover))
    const { owner } = await this.#opened.catalog.site(this.#site)
    for (let count = 1; count <= COVERS_MAX; count += 1) {
      const command = await commandToCover(this.#opened.database, { site: this.#site, owner }, day)
      if (command.lines.every((line) => line.source === null)) return
      await this.#send([command], (body) => {
        const { purchases, workOrders } = JSON.parse(body) as CoverAnswer
        this.purchases += purchases.length
        this.workOrders += workOrders.length
      })
      if (!command.more) return
    }
  }

  /** Whether anything bought or made is still to come. */
  async isUnderWay(): Promise<boolean> {
    const rows = await this.#opened.database.query(sql`
      select 1 from planned_move
      where site_id = ${this.#site} and planned - posted - cancelled > 0 and kind in ('purchase', 'output') and item_id > 0 limit 1`)
    return rows.length > 0
  }

  async #receipts(day: Day): Promise<readonly Command[]> {
    const rows = await this.#opened.database.query<{ purchase: string; line: number; item: ItemId; quantity: Quantity }>(sql`
      select document_id as purchase, line, item_id as item, planned - posted - cancelled as quantity
      from planned_move
      where site_id = ${this.#site} and planned - posted - cancelled > 0 and kind = 'purchase' and due_on <= ${day}::date and item_id > 0
      order by document_id, line`)
    const lines = Map.groupBy(rows, (row) => row.purchase)
    return [...lines].map(([purchase, came]) => ({
      kind: 'receive',
      receipt: this.#opened.newId(),
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
    const rows = await this.#opened.database.query<{ workOrder: string; quantity: Quantity }>(sql`
      select o.document_id as "workOrder", o.planned - o.posted - o.cancelled as quantity
      from planned_move o
      where o.site_id = ${this.#site} and o.planned - o.posted - o.cancelled > 0 and o.kind = 'output' and o.due_on <= ${day}::date and o.item_id > 0
        and not exists (
          select from planned_move c where c.site_id = o.site_id and c.document_id = o.document_id and c.kind = 'component'
            and c.planned - c.posted - c.cancelled > 0)
      order by o.document_id`)
    const base = { kind: 'recordOutput', place: standardPlaces.dock, lot: '', serial: '', expiresOn: null, madeAt: at(day, hours.produce) } as const
    return rows.map(({ workOrder, quantity }) => ({ ...base, workOrder, quantity }))
  }

  /** Work orders whose components are all held. */
  async #issues(day: Day): Promise<readonly Command[]> {
    const rows = await this.#opened.database.query<{ workOrder: string }>(sql`
      select c.document_id as "workOrder"
      from planned_move c
      where c.site_id = ${this.#site} and c.planned - c.posted - c.cancelled > 0 and c.kind = 'component' and c.item_id > 0
      group by c.document_id
      having bool_and(c.held = c.planned - c.posted - c.cancelled)
      order by c.document_id`)
    return rows.map(({ workOrder }) => ({ kind: 'issueComponents', workOrder, issuedAt: at(day, hours.produce) }))
  }

  async #send(commands: readonly Command[], onDone: (body: string) => void = () => undefined): Promise<number> {
    const submissions = commands.map((command): Submission => {
      this.#sent += 1
      const key = `${command.kind}:${this.#sent}`
      return { site: this.#site, request: { command, caller: CALLER, key, sha256: hash('sha256', key, 'buffer') } }
    })
    await submitAll(this.#opened.lanes, submissions, ({ status, body }, { request }) => {
      if (status >= 300) throw new Error(`${request.command.kind} on ${textOf(this.#opened.clock() as Instant)} was refused: ${body}`)
      onDone(body)
    })
    return commands.length
  }
}
