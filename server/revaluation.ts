// Revaluation, the shell: what came late changes what goods cost since, and that is reckoned here, outside the lane, on a snapshot. Only the result
// goes through the lane, which walks on over what was posted meanwhile (core/loop/record-value.ts). So a receipt of last spring holds up nobody, and
// its hundred thousand later moves are read once and none is written.
//
// Several processes may do it at once: who comes second finds its mark answered. What fails is told, and tried again after a while.

import { hash } from 'node:crypto'

import { startOf, textOf } from '../core/calendar.ts'
import type { Mark, Restatement } from '../core/correction.ts'
import type { SiteId } from '../core/item.ts'
import type { CorrectValue } from '../core/loop/record-value.ts'
import { subtract, type Money } from '../core/money.ts'
import { minus, quantity, type Quantity } from '../core/quantity.ts'
import { addEarlier, inOrder, less, rewound, ValueChanges, walk, type EarlierCost, type ValueChange, type ValueMove } from '../core/revaluation.ts'
import type { ItemValue, Layer } from '../core/value.ts'
import { rollback, sql, type Connection, type Statement } from './db.ts'
import type { Lanes } from './lane.ts'
import { firstRecorded } from './lane/as-of.ts'
import { valueColumns } from './lane/rows.ts'
import { valuedAtOf, valueMovesWhere } from './lane/valuation.ts'

/** Items of one look; the next takes the rest. */
const ITEMS_MAX = 1_000
/** An item that is sold all the time is walked on in the lane; only other late things make it reckoned anew. */
const TRIES_MAX = 5
const RETRY_MILLISECONDS = 60_000

interface Marked extends Mark {
  readonly site: SiteId
}

/** Corrects what is marked, again and again. A mark that failed is left alone for a while. */
export function revaluer(lanes: Lanes): () => Promise<number> {
  const failed = new Map<string, number>()
  return async () => {
    const { clock } = lanes.options
    const errors: unknown[] = []
    let settled = 0
    for (const one of await marked(lanes)) {
      if ((failed.get(one.mark) ?? -Infinity) > clock() - RETRY_MILLISECONDS) continue
      failed.delete(one.mark)
      await revalueItem(lanes, one).then(
        () => (settled += 1),
        (error: unknown) => {
          failed.set(one.mark, clock())
          errors.push(error)
        },
      )
    }
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} items could not be valued anew: ${String(errors[0])}`)
    return settled
  }
}

/** Corrects all that is marked now. Returns how many items that were. */
export const revalue = (lanes: Lanes): Promise<number> => revaluer(lanes)()

const marked = ({ options }: Lanes): Promise<readonly Marked[]> =>
  options.database.query<Marked>(sql`
    select site_id as site, item_id as item, owner_id as owner, from_on as "from", document_id as document, mark
    from revaluation -- every site: where something came late
    order by site_id, item_id, owner_id limit ${ITEMS_MAX}`)

async function revalueItem(lanes: Lanes, one: Marked): Promise<void> {
  const { database, newId } = lanes.options
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const session = await database.session()
    let command: CorrectValue | undefined
    try {
      await session.execute({ text: 'begin isolation level repeatable read read only', values: [] })
      command = await commandFor(session, one)
    } finally {
      session.release(
        await session.execute(rollback).then(
          () => false,
          () => true,
        ),
      )
    }
    if (command === undefined) return
    const sha256 = hash('sha256', `correctValue ${command.mark}`, 'buffer')
    const answer = await lanes.submit(one.site, { command, caller: 'system', key: newId(), sha256 })
    if (answer.status !== 200) throw new Error(`Item ${one.item} of site ${one.site} could not be valued anew: ${answer.status} ${answer.body}`)
    if ((JSON.parse(answer.body) as { settled: boolean }).settled) return
  }
  // What comes late without end is taken up at the next look.
}

/** What is to be posted for a mark, as of this snapshot; undefined when it is answered already. */
async function commandFor(session: Connection, { site, item, owner }: Marked): Promise<CorrectValue | undefined> {
  const [mark] = await session.query<Mark & { readonly through: number }>(sql`
    select r.item_id as item, r.owner_id as owner, r.from_on as "from", r.document_id as document, r.mark, h.move_sequence as through
    from revaluation r join site_head h on h.site_id = r.site_id
    where r.site_id = ${site} and r.item_id = ${item} and r.owner_id = ${owner}`)
  if (mark === undefined) return undefined
  const { row, changes } = await reckon(session, { site, item, owner, from: mark.from })
  return { kind: 'correctValue', item, owner, mark: mark.mark, through: mark.through, row, changes }
}

interface Reckoned {
  /** What there is, rightly valued. */
  readonly row: ItemValue
  /** What is to be corrected; nothing where all is right. */
  readonly changes: readonly ValueChange[]
}

/** What an item is rightly worth, and what of it is not booked yet, when all from a day on is looked at. The connection must see one snapshot. */
export async function reckon(session: Connection, { site, item, owner, from }: Pick<Marked, 'site' | 'item' | 'owner' | 'from'>): Promise<Reckoned> {
  const [rows, moves, corrections, additions, restatements] = await Promise.all([
    session.query<ItemValue>(sql`select ${valueColumns} from item_value where site_id = ${site} and item_id = ${item} and owner_id = ${owner}`),
    movesFrom(session, { site, item, owner, from }),
    session.query<ValueChange>(sql`
      select counts_on as day, place_id as place, sum(amount_minor)::bigint as amount from value_correction
      where site_id = ${site} and item_id = ${item} and owner_id = ${owner} and counts_on >= ${from}::date group by counts_on, place_id`),
    session.query<{ move: number; amount: Money }>(sql`
      select move_sequence as move, sum(amount_minor)::bigint as amount from cost_addition
      where site_id = ${site} and item_id = ${item} and owner_id = ${owner} and counts_on >= ${from}::date group by move_sequence`),
    session.query<Restatement>(sql`
      select document_id as document, item_id as item, owner_id as owner, move_sequence as move, method, standard_cost_minor as "standardCost",
        method_before as "methodBefore", last_value_before_minor as "lastValueBefore", last_quantity_before as "lastQuantityBefore",
        restated_at as "restatedAt", age
      from restatement
      where site_id = ${site} and item_id = ${item} and owner_id = ${owner} and restated_at >= ${textOf(startOf(from))}::timestamptz
      order by restated_at, move_sequence, age`),
  ])
  const now = rows[0]!
  const before = { ...now, method: restatements[0]?.methodBefore ?? now.method, ...rewound(now, moves, corrections) }
  const where = { site, item, owner, from }
  const walked = new Set(moves.map((move) => move.sequence))
  const early = additions.filter(({ move }) => !walked.has(move))
  const changes = new ValueChanges()
  let opened = await openedOn(session, where, before, restatements[0])
  for (const cost of early.length === 0 ? [] : await earlierCosts(session, where, early)) opened = addEarlier(opened, cost, from, changes)
  const row = walk(opened, inOrder([...moves, ...restatements]), new Map(additions.map(({ move, amount }) => [move, amount])), changes)
  less(changes, corrections)
  return { row, changes: changes.rows }
}

type From = Pick<Marked, 'site' | 'item' | 'owner' | 'from'>

/**
 * Moves that occurred on the day or later. None of them was recorded before the day began, and moves are numbered as they are recorded, so the first
 * that may be among them is found by halving.
 */
const movesFrom = (session: Connection, { site, item, owner, from }: From): Promise<readonly ValueMove[]> =>
  session.query<ValueMove>(
    valueMovesWhere(
      site,
      owner,
      sql`
      m.item_id = ${item} and m.occurred_at >= ${textOf(startOf(from))}::timestamptz and m.sequence >= ${firstRecorded(site, startOf(from))}`,
    ),
  )

/** The row as it was when the day began: what it cost last, and first in first out what was left of what came in. */
async function openedOn(session: Connection, where: From, before: ItemValue, restated: Restatement | undefined): Promise<ItemValue> {
  const unmoved = { ...before, movedAt: null, cameAt: null, layers: [] }
  if (before.method === 'standard') {
    return restated === undefined ? unmoved : { ...unmoved, lastValue: restated.lastValueBefore, lastQuantity: quantity(restated.lastQuantityBefore) }
  }
  const last = await lastCost(session, where)
  if (before.method !== 'fifo' || before.quantity <= 0) return { ...unmoved, lastValue: last.value, lastQuantity: last.quantity }
  const layers = layersOf(before, await cameBefore(session, where, before.quantity))
  return { ...unmoved, lastValue: last.value, lastQuantity: last.quantity, layers }
}

/** What came in before the day, each with how many came after it. */
const inboundBefore = ({ site, item, owner, from }: From): Statement => sql`
  select m.sequence, m.quantity, m.value_minor + coalesce((
      select sum(c.amount_minor)::bigint from cost_addition c
      where c.site_id = m.site_id and c.move_sequence = m.sequence and c.counts_on < ${from}::date), 0) as value,
    ${valuedAtOf} as at, sum(m.quantity) over (order by ${valuedAtOf} desc, m.sequence desc)::bigint - m.quantity as newer
  from move m
  where m.site_id = ${site} and m.item_id = ${item} and m.to_place_id >= 100 and m.to_owner_id = ${owner}
    and (m.from_place_id < 100 or m.from_owner_id <> m.to_owner_id) and m.occurred_at < ${textOf(startOf(from))}::timestamptz`

/** The last goods that came in before the day, newest first, until there are so many, or until the item was valued by another method. */
const cameBefore = (session: Connection, where: From, some: number): Promise<readonly Layer[]> =>
  session.query<Layer>(sql`
    select t.quantity, t.value from (${inboundBefore(where)}) t
    left join lateral (
      select r.restated_at, r.move_sequence from restatement r
      where r.site_id = ${where.site} and r.item_id = ${where.item} and r.owner_id = ${where.owner}
        and r.restated_at < ${textOf(startOf(where.from))}::timestamptz
      order by r.restated_at desc, r.move_sequence desc limit 1) l on true
    where t.newer < ${some} and (l.restated_at is null or (t.at, t.sequence) > (l.restated_at, l.move_sequence))
    order by t.newer`)

async function earlierCosts(session: Connection, where: From, costs: readonly { move: number; amount: Money }[]): Promise<readonly EarlierCost[]> {
  const rows = await session.query<Omit<EarlierCost, 'amount'> & { sequence: number }>(sql`
    select t.sequence, t.quantity as came, t.newer from (${inboundBefore(where)}) t where t.sequence = any(${costs.map((one) => one.move)}::bigint[])`)
  const amounts = new Map(costs.map(({ move, amount }) => [move, amount]))
  return rows.map(({ sequence, came, newer }) => ({ came, newer, amount: amounts.get(sequence)! }))
}

/**
 * What goods cost that came in last before the day, or by the standard that was given up since; where neither was, what the item was said to cost. A bill
 * that counts on a later day than its goods, since their period was closed, is no part of it: a walk from that day on would not know of it.
 */
async function lastCost(session: Connection, { site, item, owner, from }: From): Promise<Layer> {
  const [last] = await session.query<Layer>(sql`
    select t.value, t.quantity from (
      (select ${valuedAtOf} as at, m.sequence, 0 as step, m.quantity, m.value_minor + coalesce((
          select sum(c.amount_minor)::bigint from cost_addition c
          where c.site_id = m.site_id and c.move_sequence = m.sequence and c.counts_on = (m.occurred_at at time zone 'UTC')::date), 0) as value
        from move m
        where m.site_id = ${site} and m.item_id = ${item} and m.to_place_id >= 100 and m.to_owner_id = ${owner}
          and (m.from_place_id < 100 or m.from_owner_id <> m.to_owner_id) and m.occurred_at < ${textOf(startOf(from))}::timestamptz
        order by 1 desc, 2 desc limit 1)
      union all
      (select r.restated_at, r.move_sequence, 1, r.last_quantity_before, r.last_value_before_minor
        from restatement r
        where r.site_id = ${site} and r.item_id = ${item} and r.owner_id = ${owner} and r.restated_at < ${textOf(startOf(from))}::timestamptz
          and r.method_before = 'standard'
        order by 1 desc, 2 desc, r.age desc limit 1)
      union all
      select '-infinity', 0, 0, 1, i.standard_cost_minor from item i where i.item_id = ${item}
    ) t
    order by t.at desc, t.sequence desc, t.step desc limit 1`)
  return last!
}

/** The newest that came in are there whole; of the oldest of them is left what the others leave of quantity and value. */
function layersOf({ quantity: some, value }: ItemValue, came: readonly Layer[]): readonly Layer[] {
  const whole: Layer[] = []
  let [left, worth]: [Quantity, Money] = [some, value]
  for (const one of came) {
    if (one.quantity >= left) break
    whole.unshift(one)
    left = minus(left, one.quantity)
    worth = subtract(worth, one.value)
  }
  return left > 0 ? [{ quantity: left, value: worth }, ...whole] : whole
}
