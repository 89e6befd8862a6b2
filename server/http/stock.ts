// Stock over HTTP: what comes in, changes and is lost, and what is there.

import type { Day } from '../../core/calendar.ts'
import { promiseFrom } from '../../core/flow/promise.ts'
import type { ReceivedLine } from '../../core/flow/receive.ts'
import type { Item } from '../../core/item.ts'
import type { Site } from '../../core/party.ts'
import { money } from '../../core/money.ts'
import type { PlaceId } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { emptyAvailability, type Availability, type Schedule } from '../../core/stock.ts'
import { countedSums } from '../lane/counted.ts'
import { sql } from '../db.ts'
import { anySite, instantOf, itemLines, itemOf, placeOf, siteOf, todayOf, type Call, type ItemLine, type Readers, type Writers } from './call.ts'

/** Site and items of a body with lines, or what is wrong with them. */
async function siteAndLines<Line extends { readonly sku: string }>(
  call: Call<{ readonly site: string; readonly lines: readonly Line[] }>,
): Promise<{ readonly site: Site; readonly lines: readonly ItemLine<Line>[] } | Refusal> {
  const site = await siteOf(call, call.body.site)
  if (isRefusal(site)) return site
  const lines = await itemLines(call, call.body.lines)
  return isRefusal(lines) ? lines : { site, lines }
}

/** Site, item and place of a body about one item at one place. */
async function siteItemPlace(
  call: Call<{ readonly site: string; readonly sku: string; readonly place: string }>,
): Promise<{ readonly site: Site; readonly item: Item; readonly place: PlaceId } | Refusal> {
  const site = await siteOf(call, call.body.site)
  if (isRefusal(site)) return site
  const item = await itemOf(call, call.body.sku)
  if (isRefusal(item)) return item
  const place = await placeOf(call, site.site, call.body.place, 'place')
  return isRefusal(place) ? place : { site, item, place }
}

export const stockWriters = {
  receive: async (call) => {
    const found = await siteAndLines(call)
    if (isRefusal(found)) return found
    const { purchase = null, receivedAt } = call.body
    const lines: ReceivedLine[] = []
    for (const { line, item, asked } of found.lines) {
      const place = await placeOf(call, found.site.site, asked.place, `lines/${line}/place`)
      if (isRefusal(place)) return place
      const { quantity: some, rejected, rejectedTo, isLast, lot, serial, expiresOn = null, value } = asked
      lines.push({
        line: asked.line ?? line,
        item: item.item,
        quantity: quantity(some),
        rejected: quantity(rejected),
        rejectedTo,
        isLast,
        place,
        lot,
        serial,
        expiresOn: expiresOn as Day | null,
        value: value === undefined ? null : money(value),
      })
    }
    return {
      site: found.site.site,
      command: { kind: 'receive', receipt: call.context.newId(), purchase, receivedAt: instantOf(call, receivedAt), lines },
    }
  },
  transfer: async (call) => {
    const found = await siteAndLines(call)
    if (isRefusal(found)) return found
    const to = await anySite(call, call.body.to, 'to')
    if (isRefusal(to)) return to
    const lines = found.lines.map(({ line, item, asked }) => ({ line, item: item.item, quantity: quantity(asked.quantity) }))
    const sentAt = instantOf(call, call.body.sentAt)
    return { site: found.site.site, command: { kind: 'sendTransfer', transfer: call.context.newId(), to: to.site, sentAt, lines } }
  },
  lose: async (call) => {
    const found = await siteItemPlace(call)
    if (isRefusal(found)) return found
    const { quantity: some, lot, serial, condition, cause, note, lostAt } = call.body
    return {
      site: found.site.site,
      command: {
        kind: 'lose',
        document: call.context.newId(),
        item: found.item.item,
        quantity: quantity(some),
        place: found.place,
        lot,
        serial,
        condition,
        cause,
        note,
        lostAt: instantOf(call, lostAt),
      },
    }
  },
  count: async (call) => {
    const found = await siteItemPlace(call)
    if (isRefusal(found)) return found
    const { counted, lot, serial, condition, countedAt } = call.body
    return {
      site: found.site.site,
      command: {
        kind: 'count',
        document: call.context.newId(),
        item: found.item.item,
        counted: quantity(counted),
        place: found.place,
        lot,
        serial,
        condition,
        countedAt: instantOf(call, countedAt),
      },
    }
  },
  changeCondition: async (call) => {
    const found = await siteItemPlace(call)
    if (isRefusal(found)) return found
    const { quantity: some, lot, serial, from, to, toPlace: code, changedAt } = call.body
    const toPlace = code === undefined ? found.place : await placeOf(call, found.site.site, code, 'toPlace')
    if (isRefusal(toPlace)) return toPlace
    return {
      site: found.site.site,
      command: {
        kind: 'changeCondition',
        document: call.context.newId(),
        item: found.item.item,
        quantity: quantity(some),
        place: found.place,
        toPlace,
        lot,
        serial,
        from,
        to,
        changedAt: instantOf(call, changedAt),
      },
    }
  },
} satisfies Partial<Writers>

/** Asks the same question as an order would, of rows that may be a moment old; nothing is held. */
export const askPromise: Readers['askPromise'] = async (call) => {
  const site = await siteOf(call, call.body.site)
  if (isRefusal(site)) return site
  const item = await itemOf(call, call.body.sku)
  if (isRefusal(item)) return item
  const { database } = call.context
  const [rows, schedule] = await Promise.all([
    database.query<Availability>(sql`
      select item_id as item, owner_id as owner, sellable, reserved, demand, supply, next_expiry as "nextExpiry"
      from availability where site_id = ${site.site} and item_id = ${item.item} and owner_id = ${site.owner}`),
    database.query<Schedule>(sql`
      select item_id as item, owner_id as owner, due_on as due,
        ${countedSums}
      from planned_move
      where site_id = ${site.site} and item_id = ${item.item} and owner_id = ${site.owner} and planned - posted - cancelled > 0 and status <> 'proposed'
      group by item_id, owner_id, due_on`),
  ])
  const today = todayOf(call)
  const row = rows[0] ?? emptyAvailability(item.item, site.owner)
  const { held, day, reason } = promiseFrom(row, schedule, today, quantity(call.body.quantity), (call.body.requested as Day | undefined) ?? today)
  return { held, promised: day, reason }
}
