// Explain, value and cost: what an owner's stock of an item is or was worth, the moves and corrections that made it so, and what one of it costs by the
// method that it is valued by. A correction stands between two moves, so the rows have one order, newest first.

import { dayOf, textOf, type Day, type Instant } from '../../core/calendar.ts'
import { costInWords, formulas, valueInWords } from '../../core/explanation.ts'
import type { Method } from '../../core/item.ts'
import { money, share, type Money } from '../../core/money.ts'
import { quantity, type Quantity } from '../../core/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import { unvalued, valueOfSome, type ItemValue } from '../../core/value.ts'
import { knownThen, valueAsOf, type AsOf } from '../as-of.ts'
import { sql, type Connection, type Statement } from '../db.ts'
import { directionFor } from '../lane/as-of.ts'
import { valueColumns } from '../lane/rows.ts'
import { inSnapshot } from '../snapshot.ts'
import { told, type Call, type Readers } from './call.ts'
import { withDocuments } from './explain-documents.ts'
import { askedOf, momentOf, type Asked } from './explain.ts'
import { pageOf, type Key } from './page.ts'
import { placeCodes } from './valuation.ts'

const RESTATEMENTS_MAX = 100
const noCorrection = '00000000-0000-0000-0000-000000000000'
const [isMove, isCorrection] = [1, 2]
const keyShape = ['number', 'number', 'number', 'number', 'uuid'] as const

interface Worth {
  readonly quantity: number
  readonly value: number
}

interface ValueRow extends Worth {
  readonly sequence: number
  readonly kind: number
  readonly correction: string
  readonly occurredAt: Instant | null
  readonly recordedAt: Instant
  readonly countsOn: Day | null
  readonly document: string
}

/** Corrections `c` that count by then and were known. */
const correctedThen = ({ site, item, at, known }: AsOf): Statement => sql`
  c.item_id = ${item} and c.owner_id = ${site.owner} and c.counts_on <= ${dayOf(at)}::date and c.move_sequence <= ${known}`

/** Where a page begins: rows are less than this. */
const keyOf = (before: readonly (number | string)[]): Statement => sql`(${before[0]}::bigint, ${before[1]}::bigint, ${before[2]}::uuid)`

/** What the rows of earlier pages come to. */
const newerThan = (of: AsOf, before: Key): Statement => sql`
  select coalesce((
      select sum(m.quantity * ${directionFor(of.site.owner)})::bigint from move m
      where m.site_id = ${of.site.site} and ${knownThen(of)} and (m.sequence, ${isMove}::bigint, ${noCorrection}::uuid) >= ${keyOf(before)}), 0) as quantity,
    coalesce((
      select sum(m.value_minor * ${directionFor(of.site.owner)})::bigint from move m
      where m.site_id = ${of.site.site} and ${knownThen(of)} and (m.sequence, ${isMove}::bigint, ${noCorrection}::uuid) >= ${keyOf(before)}), 0)
    + coalesce((
      select sum(c.amount_minor)::bigint from value_correction c
      where c.site_id = ${of.site.site} and ${correctedThen(of)} and (c.move_sequence, ${isCorrection}::bigint, c.correction_id) >= ${keyOf(before)}), 0) as value`

const valueRowsOf = (of: AsOf, before: Key, limit: number): Statement => sql`
  select t.*, coalesce(p.code, ${placeCodes}::json ->> t.against_id::text) as against
  from (
    (select m.sequence, ${isMove}::int as kind, ${noCorrection}::uuid as correction, m.occurred_at as "occurredAt", m.recorded_at as "recordedAt",
        null::date as "countsOn", m.cause, m.document_id as document, m.quantity * ${directionFor(of.site.owner)} as quantity, m.value_minor * ${directionFor(of.site.owner)} as value,
        case when m.to_place_id >= 100 then m.from_place_id else m.to_place_id end as against_id
      from move m
      where m.site_id = ${of.site.site} and ${knownThen(of)} and ${directionFor(of.site.owner)} <> 0 and m.sequence <= ${before[0]}::bigint
        and (m.sequence, ${isMove}::bigint, ${noCorrection}::uuid) < ${keyOf(before)}
      order by m.sequence desc limit ${limit})
    union all
    (select c.move_sequence, ${isCorrection}::int, c.correction_id, null, c.recorded_at, c.counts_on, c.reason, c.document_id, 0, c.amount_minor, c.place_id
      from value_correction c
      where c.site_id = ${of.site.site} and ${correctedThen(of)} and (c.move_sequence, ${isCorrection}::bigint, c.correction_id) < ${keyOf(before)}
      order by c.move_sequence desc, c.correction_id desc limit ${limit})
  ) t
  left join place p on p.site_id = ${of.site.site} and p.place_id = t.against_id
  order by t.sequence desc, t.kind desc, t.correction desc limit ${limit}`

const periodOf = ({ site, at }: AsOf): Statement => sql`
  select closed_through as through, move_sequence as sequence, closed_at as "closedAt", document_id as document
  from period where site_id = ${site.site} and closed_through >= ${dayOf(at)}::date order by closed_through limit 1`

/** The figure, with a page of the rows that it comes from. */
async function worthOf(session: Connection, of: AsOf, { after }: Asked, limit: number): Promise<{ readonly worth: Worth; readonly told: object }> {
  const before: Key = after?.slice(2) ?? [of.known + 1, 0, noCorrection]
  const [[found], [newer], rows, [period], [pending]] = await Promise.all([
    session.query<Worth>(valueAsOf(of)),
    session.query<Worth>(newerThan(of, before)),
    session.query<ValueRow>(valueRowsOf(of, before, limit + 1)),
    session.query<{ closedAt: Instant }>(periodOf(of)),
    session.query<{ from: Day }>(sql`
      select from_on as "from" from revaluation where site_id = ${of.site.site} and item_id = ${of.item} and owner_id = ${of.site.owner}`),
  ])
  const { quantity: some, value } = found ?? { quantity: 0, value: 0 }
  let left = { quantity: some - newer!.quantity, value: value - newer!.value }
  const first = left
  const summed = (await withDocuments(session, of.site.site, rows)).map((row) => {
    const [sumQuantity, sumValue] = [left.quantity, left.value]
    left = { quantity: left.quantity - row.quantity, value: left.value - row.value }
    return { ...row, sumQuantity, sumValue, left }
  })
  const page = pageOf(
    summed,
    limit,
    (row) => [of.at, of.known, row.sequence, row.kind, row.correction],
    ({ left: _left, kind, correction, ...row }) => ({
      ...told(row, ['occurredAt', 'recordedAt']),
      kind: kind === isMove ? 'move' : 'correction',
      correction: kind === isMove ? null : correction,
    }),
  )
  const carried = summed[Math.min(limit, summed.length) - 1]?.left ?? first
  const closed = period === undefined ? null : told(period, ['closedAt'])
  return { worth: { quantity: some, value }, told: { period: closed, pendingFrom: pending?.from ?? null, ...page, carried } }
}

interface Restated {
  readonly method: Method
  readonly methodBefore: Method
  readonly restatedAt: Instant
  readonly move: number
}

/** By which methods the item was valued, newest first: the first of those that came later says what it was before. */
const restatementsOf = ({ site, item }: AsOf): Statement => sql`
  select document_id as document, method, standard_cost_minor as "standardCost", method_before as "methodBefore", restated_at as "restatedAt",
    move_sequence as move
  from restatement where site_id = ${site.site} and item_id = ${item} and owner_id = ${site.owner}
  order by restated_at desc, age desc limit ${RESTATEMENTS_MAX}`

const spokenOf = ({ site, item }: Asked, of: AsOf) => ({ sku: item.sku, site: site.code, at: of.at, sequence: of.known })
const headOf = ({ site, item }: Asked, of: AsOf): object => ({
  sku: item.sku,
  name: item.name,
  site: site.code,
  at: textOf(of.at),
  sequence: of.known,
})

/** Whether it is asked for as it is. */
const isNow = ({ query }: Call): boolean =>
  ['at', 'on', 'sequence', 'knownAt', 'cursor'].every((name) => (query as Readonly<Record<string, unknown>>)[name] === undefined)

export const worthExplained = {
  explainValue: async (call) => {
    const asked = await askedOf(call, keyShape)
    if (isRefusal(asked)) return asked
    const currency = await call.context.catalog.currencyOf(asked.site.site)
    return inSnapshot(call.context.database, async (session) => {
      const of = await momentOf(session, call, asked)
      const { worth, told: rows } = await worthOf(session, of, asked, call.query.limit)
      const says = valueInWords({ quantity: quantity(worth.quantity), value: money(worth.value) }, currency, spokenOf(asked, of))
      return { ...headOf(asked, of), figure: worth, formulas: formulas.value, says, ...rows }
    })
  },
  explainCost: async (call) => {
    const asked = await askedOf(call, keyShape)
    if (isRefusal(asked)) return asked
    const currency = await call.context.catalog.currencyOf(asked.site.site)
    const wanted = quantity(call.query.quantity)
    return inSnapshot(call.context.database, async (session) => {
      const of = await momentOf(session, call, asked)
      const [{ worth, told: rows }, restatements, [row]] = await Promise.all([
        worthOf(session, of, asked, call.query.limit),
        session.query<Restated>(restatementsOf(of)),
        session.query<ItemValue>(sql`
          select ${valueColumns} from item_value where site_id = ${of.site.site} and item_id = ${of.item} and owner_id = ${of.site.owner}`),
      ])
      const { item } = asked
      const now = row ?? unvalued(item.item, of.site.owner, item.standardCost, item.valuation)
      const later = restatements.filter((one) => one.restatedAt > of.at || one.move > of.known).at(-1)
      const known = { ...worth, method: later?.methodBefore ?? now.method, each: eachOf(worth) }
      const leaving = isNow(call) ? now : undefined
      const figure = { ...worth, each: known.each, leaves: leaving === undefined ? null : valueOfSome(leaving, wanted) }
      const spoken = { ...known, quantity: quantity(worth.quantity), value: money(worth.value), leaves: figure.leaves, wanted }
      return {
        ...headOf(asked, of),
        method: known.method,
        figure,
        wanted,
        formulas: formulas.cost,
        says: costInWords(spoken, currency, spokenOf(asked, of)),
        last: leaving === undefined ? null : { quantity: leaving.lastQuantity, value: leaving.lastValue },
        layers: leaving?.layers.map((layer) => ({ quantity: layer.quantity, value: layer.value })) ?? [],
        restatements: restatements.map(({ move: _move, ...one }) => told(one, ['restatedAt'])),
        ...rows,
      }
    })
  },
} satisfies Partial<Readers>

const eachOf = ({ quantity: some, value }: Worth): Money | null => (some > 0 ? share(money(value), 1 as Quantity, quantity(some)) : null)
