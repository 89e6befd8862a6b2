// Explain, availability: what can be sold of an item, is held, asked for, expected and can be promised: the stock rows, with those of goods that
// suppliers left there, and the planned moves that are open, a page at a time, stock first, and the days that a promise is reckoned over.

import type { Day, Instant } from '../../core/calendar.ts'
import { availabilityInWords, formulas } from '../../core/explanation.ts'
import { availableToPromise, promiseDays } from '../../core/flow/promise.ts'
import { SERVICE_LEVEL_E3 } from '../../core/doubt.ts'
import { placeKinds } from '../../core/place.ts'
import { none, plus, type Quantity } from '../../core/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import { emptyAvailability, free, type Availability, type Schedule } from '../../core/stock.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { consignedBeside } from '../flow/promise-source.ts'
import { doubtedBeside } from '../lane/doubted.ts'
import { countedQuantity } from '../lane/counted.ts'
import { inSnapshot } from '../snapshot.ts'
import { todayOf, told, type Readers } from './call.ts'
import { withDocuments } from './explain-documents.ts'
import { askedOf, type Asked } from './explain.ts'
import { cursorAt, type Key } from './page.ts'

const [ofStock, ofPlans] = [0, 1]
/** Stock: lot, serial, package, place and owner. Plans: due day and direction, document, line and part. */
const keyShape = ['number', 'string', 'string', 'string', 'number', 'number'] as const
const beginning: Key = [ofStock, '', '', '', 0, 0]

interface StockRow {
  readonly placeId: number
  readonly ownerId: number
  readonly lot: string
  readonly serial: string
  readonly package: string
  readonly quantity: number
}
interface PlanRow {
  readonly document: string
  readonly line: number
  readonly part: number
  readonly direction: 'supply' | 'demand'
  readonly due: Day
  readonly open: number
  readonly held: number
}

const sellingKinds = Object.entries(placeKinds).flatMap(([kind, sells]) => (sells ? [kind] : []))

/** Stock rows `s` at places `p` that can be sold from: ours, and those of suppliers who have a price for them. */
const sellable = ({ site, item }: Asked): Statement => sql`
  s.item_id = ${item.item} and s.condition = 'sellable' and p.kind = any(${sellingKinds}::text[])
  and (s.owner_id = ${site.owner} or exists (select from supplier_item o where o.item_id = s.item_id and o.supplier_id = s.owner_id))`
const stockKey = sql`(s.lot, s.serial, s.package, s.place_id::bigint, s.owner_id::bigint)`
const stockAfter = (key: Key): Statement => sql`(${key[1]}::text, ${key[2]}::text, ${key[3]}::text, ${key[4]}::bigint, ${key[5]}::bigint)`

/** Planned moves `p` that are open and that promises count with: of what is bought for an order's line alone only what is held. */
const open = ({ site, item }: Asked): Statement => sql`
  p.item_id = ${item.item} and p.owner_id = ${site.owner} and p.planned - p.posted - p.cancelled > 0 and ${countedQuantity} > 0 and p.status <> 'proposed'`
/** By day, and on a day what comes before what goes. */
const planDue = sql`(p.due_on::text || case p.direction when 'supply' then ' a' else ' b' end)`
const planKey = sql`(${planDue}, p.document_id::text, p.line::bigint, p.part::bigint)`
const planAfter = (key: Key): Statement => sql`(${key[1]}::text, ${key[2]}::text, ${key[4]}::bigint, ${key[5]}::bigint)`

const stockRows = (asked: Asked, after: Key, limit: number): Statement => sql`
  select p.code as place, s.place_id as "placeId", s.lot, s.serial, s.package, s.condition, o.code as owner, s.owner_id as "ownerId",
    s.owner_id <> ${asked.site.owner} as consigned, s.quantity
  from stock s join place p on p.site_id = s.site_id and p.place_id = s.place_id join party o on o.party_id = s.owner_id
  where s.site_id = ${asked.site.site} and ${sellable(asked)} and ${stockKey} > ${stockAfter(after)}
  order by s.lot, s.serial, s.package, s.place_id, s.owner_id limit ${limit}`

const planRows = (asked: Asked, after: Key, limit: number): Statement => sql`
  select p.document_id as document, p.line, p.part, p.kind, p.direction, p.due_on as due, ${countedQuantity} as open, p.held, p.pegged
  from planned_move p
  where p.site_id = ${asked.site.site} and ${open(asked)} and ${planKey} > ${planAfter(after)}
  order by ${planDue}, p.document_id::text, p.line, p.part limit ${limit}`

interface Sums {
  readonly sellable: number
  readonly consigned: number
  readonly reserved: number
  readonly demand: number
  readonly supply: number
}

/** What the rows up to a page's last come to. */
const sumsUntil = (asked: Asked, until: Key): Statement => sql`
  with told as (
    select coalesce(sum(s.quantity) filter (where s.owner_id = ${asked.site.owner}), 0)::bigint as sellable,
      coalesce(sum(s.quantity) filter (where s.owner_id <> ${asked.site.owner}), 0)::bigint as consigned
    from stock s join place p on p.site_id = s.site_id and p.place_id = s.place_id
    where s.site_id = ${asked.site.site} and ${sellable(asked)} and (${until[0]}::int = ${ofPlans} or ${stockKey} <= ${stockAfter(until)}))
  select (select sellable from told) as sellable, (select consigned from told) as consigned, coalesce(sum(p.held), 0)::bigint as reserved,
    coalesce(sum(${countedQuantity}) filter (where p.direction = 'demand'), 0)::bigint as demand,
    coalesce(sum(${countedQuantity}) filter (where p.direction = 'supply'), 0)::bigint as supply
  from planned_move p
  where p.site_id = ${asked.site.site} and ${open(asked)} and ${until[0]}::int = ${ofPlans} and ${planKey} <= ${planAfter(until)}`

const scheduleOf = (asked: Asked): Statement => sql`
  select p.item_id as item, p.owner_id as owner, p.due_on as due,
    coalesce(sum(${countedQuantity}) filter (where p.direction = 'supply'), 0)::bigint as supply,
    coalesce(sum(${countedQuantity}) filter (where p.direction = 'demand'), 0)::bigint as demand
  from planned_move p where p.site_id = ${asked.site.site} and ${open(asked)} group by p.item_id, p.owner_id, p.due_on order by p.due_on`

interface BeliefRow {
  readonly safe: number
  readonly doubted: number
  readonly empty: number
  readonly serviceLevel: number
  readonly asOf: Instant
}

const beliefOf = ({ site, item }: Asked): Statement => sql`
  select b.safe, b.doubted, b.empty, coalesce(i.service_level_e3, ${SERVICE_LEVEL_E3}) / 1000.0::float8 as "serviceLevel", b.as_of as "asOf"
  from belief b join item i on i.item_id = b.item_id
  where b.site_id = ${site.site} and b.item_id = ${item.item} and b.owner_id = ${site.owner}`

/** A page of rows, stock before plans, and where the next begins; its last row is where this one ends. */
async function pageAfter(session: Connection, asked: Asked, after: Key, limit: number) {
  const found = after[0] === ofPlans ? [] : await session.query<StockRow>(stockRows(asked, after, limit + 1))
  const stock = found.slice(0, limit)
  const wanted = limit - stock.length
  const plansAfter = after[0] === ofPlans ? after : beginning
  const plans = found.length > limit ? [] : await session.query<PlanRow>(planRows(asked, plansAfter, wanted + 1))
  const planned = plans.slice(0, wanted)
  const [lastPlan, lastStock] = [planned.at(-1), stock.at(-1)]
  const last: Key =
    lastPlan !== undefined
      ? [ofPlans, `${lastPlan.due} ${lastPlan.direction === 'supply' ? 'a' : 'b'}`, lastPlan.document, '', lastPlan.line, lastPlan.part]
      : lastStock !== undefined
        ? [ofStock, lastStock.lot, lastStock.serial, lastStock.package, lastStock.placeId, lastStock.ownerId]
        : after
  return { stock, planned, last, isLast: found.length <= limit && plans.length <= wanted }
}

export const explainAvailability: Readers['explainAvailability'] = async (call) => {
  const asked = await askedOf(call, keyShape)
  if (isRefusal(asked)) return asked
  const { site, item, after = beginning } = asked
  const today = todayOf(call)
  const on = (call.query.on as Day | undefined) ?? today
  return inSnapshot(call.context.database, async (session) => {
    const { stock, planned, last, isLast } = await pageAfter(session, asked, after, call.query.limit)
    const [[row = { ...emptyAvailability(item.item, site.owner), consigned: none }], schedule, [sums], [belief]] = await Promise.all([
      session.query<Availability & { readonly consigned: Quantity }>(sql`
        select a.item_id as item, a.owner_id as owner, a.sellable, ${consignedBeside} as consigned, a.reserved, ${doubtedBeside} as doubted,
          a.demand, a.supply, a.next_expiry as "nextExpiry"
        from availability a where a.site_id = ${site.site} and a.item_id = ${item.item} and a.owner_id = ${site.owner}`),
      session.query<Schedule>(scheduleOf(asked)),
      session.query<Sums>(sumsUntil(asked, last)),
      session.query<BeliefRow>(beliefOf(asked)),
    ])
    const { sellable: sells, consigned, reserved, doubted, demand, supply } = row
    const all = { ...row, sellable: plus(sells, consigned) }
    const promisable = availableToPromise(all, schedule, today, on < today ? today : on)
    const figure = { sellable: sells, consigned, reserved, doubted, free: free(row), demand, supply, promisable }
    return {
      sku: item.sku,
      name: item.name,
      site: site.code,
      on,
      today,
      figure,
      formulas: formulas.availability,
      says: availabilityInWords(figure, { sku: item.sku, site: site.code, on }),
      days: promiseDays(all, schedule, today),
      belief: belief === undefined ? null : told(belief, ['asOf']),
      stock: stock.map(({ placeId: _place, ownerId: _owner, ...one }) => one),
      planned: await withDocuments(session, site.site, planned),
      carried: {
        sellable: sells - sums!.sellable,
        consigned: consigned - sums!.consigned,
        reserved: reserved - sums!.reserved,
        demand: demand - sums!.demand,
        supply: supply - sums!.supply,
      },
      next: isLast ? null : cursorAt(last),
    }
  })
}
