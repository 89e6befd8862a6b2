// Backdate: how long it takes until costs are right again after a receipt is told that came before all that the item did since, however much that was. A
// PostgreSQL of its own, one item with a history of so many sales, then one receipt of the first day; measured from its being sent until the last
// correction is durable. That costs are right is checked by a sum that knows nothing of how they were reckoned.

import { hash } from 'node:crypto'
import { addDays, day_ms, dayOf, instant, startOf, type Instant } from '../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import { sql } from '../server/db.ts'
import { openServer, type Opened } from '../server/open.ts'
import { startEmbedded } from '../server/postgres/embedded.ts'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import { revalue } from '../server/revaluation.ts'
import type { Command } from '../server/stages.ts'

export interface BackdateBench {
  readonly later_moves: number
  /** From sending the receipt until all costs after it are right. */
  readonly seconds: number
  /** Of these, the receipt itself: what is waited for at the dock. */
  readonly receipt_ms: number
  /** Rows that make up for the difference; no move was written again. */
  readonly corrections: number
  /** Whether what was sold costs what it would have cost. */
  readonly right: boolean
}

export const usualBackdate = { later_moves: 100_000, days: 100 }

const UNIT_COST = 100
const LATE_UNIT_COST = 300

export async function benchBackdate({ later_moves, days }: typeof usualBackdate, report: (step: string) => void): Promise<BackdateBench> {
  const folder = await temporaryFolder()
  const cluster = await startEmbedded({ folder, report })
  const begun = startOf(addDays(dayOf(instant(Date.now())), -days))
  let now = begun as number
  const opened = await openServer({ folder, clock: () => now })
  try {
    report(`Selling ${later_moves} times over ${days} days`)
    const shop = await furnish(opened)
    await receive(shop, 2 * later_moves, UNIT_COST, instant(begun))
    const sales = Math.ceil(later_moves / days)
    for (let day = 1; day <= days; day += 1) {
      now = begun + day * day_ms
      await sell(shop, Math.min(sales, later_moves - (day - 1) * sales), instant(now))
    }
    await opened.owner.script('vacuum analyze')
    now += day_ms
    return await measure(shop, later_moves, instant(begun + day_ms / 2))
  } finally {
    await opened.close()
    await cluster.stop()
    await removeTemporary(folder)
  }
}

interface Shop {
  readonly opened: Opened
  readonly site: SiteId
  readonly item: ItemId
  readonly customer: PartyId
}

async function measure(shop: Shop, later_moves: number, at: Instant): Promise<BackdateBench> {
  const { opened, site, item } = shop
  const started = performance.now()
  await receive(shop, 2 * later_moves, LATE_UNIT_COST, at)
  const received = performance.now()
  await revalue(opened.lanes)
  const seconds = (performance.now() - started) / 1000
  const [row] = await opened.database.query<{ corrections: number; value: number }>(sql`
    select v.value_minor as value, (
      select count(*) from value_correction c where c.site_id = v.site_id and c.item_id = v.item_id and c.reason = 'revalued') as corrections
    from item_value v where v.site_id = ${site} and v.item_id = ${item}`)
  // Half came in for one cost and half for the other, before any was sold: what is left is worth the middle.
  const right = row!.value === ((4 * later_moves - later_moves) * (UNIT_COST + LATE_UNIT_COST)) / 2
  return { later_moves, seconds: rounded(seconds), receipt_ms: rounded(received - started), corrections: row!.corrections, right }
}

const rounded = (figure: number): number => Math.round(figure * 1000) / 1000

async function furnish(opened: Opened): Promise<Shop> {
  const { catalog } = opened
  await send(opened, controlSite, { kind: 'createSite', code: 'SEA', name: 'Seattle' })
  await send(opened, controlSite, { kind: 'createParties', parties: [{ code: 'C1', name: 'Customer', kind: 'customer' }] })
  const known = {
    sku: 'A',
    name: 'Item',
    unit: 'EA',
    tracking: 'none',
    standardCost: money(UNIT_COST),
    listPrice: money(2 * LATE_UNIT_COST),
  } as const
  await send(opened, controlSite, { kind: 'createItems', items: [known] })
  const item = (await catalog.itemsBySku(['A'])).get('A')!.item
  return { opened, item, site: (await catalog.siteByCode('SEA'))!.site, customer: (await catalog.party('C1'))!.party }
}

const receive = ({ opened, site, item }: Shop, some: number, unitCost: number, receivedAt: Instant): Promise<void> =>
  send(opened, site, {
    kind: 'receive',
    receipt: opened.newId(),
    purchase: null,
    receivedAt,
    lines: [
      {
        line: 1,
        item,
        quantity: quantity(some),
        place: standardPlaces.shelf,
        lot: '',
        serial: '',
        expiresOn: null,
        value: money(some * unitCost),
      },
    ],
  })

/** One of the item on each line of one sale: a move each. */
const sell = ({ opened, site, item, customer }: Shop, times: number, soldAt: Instant): Promise<void> => {
  const line = { item, quantity: quantity(1), unitPrice: money(2 * LATE_UNIT_COST), lot: '', serial: '' }
  const lines = Array.from({ length: times }, (_none, index) => ({ ...line, line: index + 1 }))
  return send(opened, site, { kind: 'sell', order: opened.newId(), customer, reference: null, soldAt, lines })
}

async function send(opened: Opened, site: SiteId, command: Command): Promise<void> {
  const key = opened.newId()
  const answer = await opened.lanes.submit(site, { command, caller: 'bench', key, sha256: hash('sha256', key, 'buffer') })
  if (answer.status >= 300) throw new Error(`${command.kind} was answered ${answer.status}: ${answer.body}`)
}
