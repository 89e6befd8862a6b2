// Stock over HTTP: what comes in, changes and is lost, and what is there.

import type { Day } from '../../core/calendar.ts'
import { promiseFrom } from '../../core/flow/promise.ts'
import type { ReceivedLine } from '../../core/flow/receive.ts'
import type { Item, PartyId } from '../../core/item.ts'
import type { Site } from '../../core/party.ts'
import { money } from '../../core/money.ts'
import type { PlaceId } from '../../core/place.ts'
import { none, quantity, type Quantity } from '../../core/quantity.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { emptyAvailability, type Availability, type Schedule } from '../../core/stock.ts'
import { toldAsked } from '../../core/unit.ts'
import { countedSums } from '../lane/counted.ts'
import { doubtedBeside, missingBeside } from '../lane/doubted.ts'
import { sql } from '../db.ts'
import { inStock } from '../flow/promise-source.ts'
import {
  anySite,
  instantOf,
  itemLines,
  itemOf,
  ownerOf,
  placeOf,
  siteOf,
  todayOf,
  type Call,
  type ItemLine,
  type Readers,
  type Writers,
} from './call.ts'
import { askedLines, countedIn, openOfPurchase, receivedIn } from './units.ts'

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
  call: Call<{ readonly site: string; readonly sku: string; readonly owner?: string | undefined; readonly place: string }>,
): Promise<{ readonly site: Site; readonly item: Item; readonly place: PlaceId; readonly whose: { readonly owner?: PartyId } } | Refusal> {
  const site = await siteOf(call, call.body.site)
  if (isRefusal(site)) return site
  const item = await itemOf(call, call.body.sku)
  if (isRefusal(item)) return item
  const place = await placeOf(call, site.site, call.body.place, 'place')
  if (isRefusal(place)) return place
  const whose = await ownerOf(call, site, call.body.owner)
  return isRefusal(whose) ? whose : { site, item, place, whose }
}

export const stockWriters = {
  receive: async (call) => {
    const found = await siteAndLines(call)
    if (isRefusal(found)) return found
    const { purchase = null, receivedAt } = call.body
    const whose = await ownerOf(call, found.site, call.body.owner)
    if (isRefusal(whose)) return whose
    const lines: ReceivedLine[] = []
    for (const { line, item, asked } of found.lines) {
      const place = await placeOf(call, found.site.site, asked.place, `lines/${line}/place`)
      if (isRefusal(place)) return place
      const { unit, quantity: some, rejected, rejectedTo, isLast, lot, serial, expiresOn = null, value } = asked
      const number = asked.line ?? line
      const path = `lines/${line}`
      const open = (): Promise<Quantity> => (purchase === null ? Promise.resolve(none) : openOfPurchase(call, found.site.site, purchase, number))
      const taken = await receivedIn(call, item, asked, path, open)
      if (isRefusal(taken)) return taken
      const refused = await countedIn(call, item, rejected, { unit, path, field: 'rejected' })
      if (isRefusal(refused)) return refused
      lines.push({
        line: number,
        item: item.item,
        quantity: taken,
        rejected: refused,
        ...(unit !== undefined && unit !== item.unit && { inUnit: { unit, quantity: some, rejected } }),
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
      command: { kind: 'receive', receipt: call.context.newId(), purchase, receivedAt: instantOf(call, receivedAt), ...whose, lines },
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
    const { quantity: some, lot, serial, condition, cause, origin, note, evidence, lostAt } = call.body
    return {
      site: found.site.site,
      command: {
        kind: 'lose',
        document: call.context.newId(),
        item: found.item.item,
        ...found.whose,
        quantity: quantity(some),
        place: found.place,
        lot,
        serial,
        condition,
        cause,
        ...(origin && { origin }),
        note,
        evidence: evidence.trim(),
        lostAt: instantOf(call, lostAt),
      },
    }
  },
  count: async (call) => {
    const found = await siteItemPlace(call)
    if (isRefusal(found)) return found
    const { counted: some, unit, lot, serial, condition, countedAt } = call.body
    const counted = await countedIn(call, found.item, some, { unit, path: '', field: 'counted' })
    if (isRefusal(counted)) return counted
    return {
      site: found.site.site,
      command: {
        kind: 'count',
        document: call.context.newId(),
        item: found.item.item,
        ...found.whose,
        counted,
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
        ...found.whose,
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
  const asked = await askedLines(call, [call.body])
  if (isRefusal(asked)) return { ...asked, subject: asked.subject.replace('lines/1/', '') }
  const [{ item, asked: wanted, inUnit }] = asked as readonly [(typeof asked)[number]]
  const { database } = call.context
  const [rows, schedule] = await Promise.all([
    database.query<Availability>(sql`
      select a.item_id as item, a.owner_id as owner, ${inStock} as sellable, a.reserved, ${doubtedBeside} as doubted, ${missingBeside} as missing, a.demand, a.supply, a.next_expiry as "nextExpiry"
      from availability a where a.site_id = ${site.site} and a.item_id = ${item.item} and a.owner_id = ${site.owner}`),
    database.query<Schedule>(sql`
      select item_id as item, owner_id as owner, due_on as due,
        ${countedSums}
      from planned_move
      where site_id = ${site.site} and item_id = ${item.item} and owner_id = ${site.owner} and planned - posted - cancelled > 0 and status <> 'proposed'
      group by item_id, owner_id, due_on`),
  ])
  const today = todayOf(call)
  const row = rows[0] ?? emptyAvailability(item.item, site.owner)
  const some = quantity(wanted.quantity)
  const { held, day, reason, sure = null } = promiseFrom(row, schedule, today, some, (wanted.requested as Day | undefined) ?? today)
  return { quantity: some, held, promised: day, reason, probability: sure, ...(inUnit && { asked: toldAsked(inUnit) }) }
}
