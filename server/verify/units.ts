// Units, checked: all ways from a unit of an item to its base unit agree, and what was asked for in a unit is a line that is for no more than it came to.

import { unitsOf, type ItemUnit } from '../../core/unit.ts'
import { sql, type Connection } from '../db.ts'
import { rowCheck, type Check, type CheckGroup, type Offence } from './check.ts'

/** Items whose units are looked at in one round trip. */
const ITEMS_MAX = 5_000

const unitsCheck: Check = {
  name: 'units',
  invariant: 'Each unit of an item leads to its base unit, on all ways to the same number.',
  find: async (session) => {
    for (let after = 0; ;) {
      const rows = await unitsAfter(session, after)
      if (rows.length === 0) return undefined
      const offence = firstFault(rows)
      if (offence) return offence
      after = rows.at(-1)!.item
    }
  },
}

interface UnitRow extends ItemUnit {
  readonly sku: string
  readonly base: string
}

const unitsAfter = (session: Connection, after: number): Promise<UnitRow[]> =>
  session.query<UnitRow>(sql`
    select u.item_id as item, i.sku, i.unit as base, u.unit, u.of_unit as "of", u.numerator, u.denominator, u.rounding
    from (select distinct item_id from item_unit where item_id > ${after} order by item_id limit ${ITEMS_MAX}) next
    join item_unit u on u.item_id = next.item_id
    join item i on i.item_id = u.item_id
    order by u.item_id, u.unit, u.of_unit`)

function firstFault(rows: readonly UnitRow[]): Offence | undefined {
  for (const own of Map.groupBy(rows, (row) => row.item).values()) {
    const { sku, base } = own[0]!
    const units = unitsOf(base, own)
    if ('fault' in units) return { table: 'item_unit', site: 0, key: `item ${sku}, unit ${units.edge.unit}`, problem: units.detail }
  }
  return undefined
}

const askedCheck = rowCheck(
  'asked in units',
  'What was asked for in a unit is a line of an order or purchase, for what it came to: of an order, for no more, since a line may be split.',
  sql`
    -- every site: verification
    select 'asked_in' as "table", a.site_id as site, format('document %s, line %s', a.document_id, a.line) as key,
      case when coalesce(p.quantity, l.quantity) is null then 'There is no such line.'
        else format('%s %s came to %s; the line is for %s.', a.quantity_e6 / 1000000.0, a.unit, a.comes_to, coalesce(p.quantity, k.quantity, l.quantity)) end as problem
    from asked_in a
    left join purchase_line p on p.site_id = a.site_id and p.purchase_id = a.document_id and p.line = a.line
    left join order_line l on l.site_id = a.site_id and l.order_id = a.document_id and l.line = a.line
    left join order_kit k on k.site_id = l.site_id and k.order_id = l.order_id and k.kit = l.kit
    where case
      when p.quantity is not null then p.quantity <> a.comes_to
      when k.quantity is not null then k.quantity <> a.comes_to
      when l.quantity is null then true
      -- Of a line that was changed, what is taken back stays in the quantity.
      else l.quantity > a.comes_to
        and not exists (select 1 from outbox o where o.site_id = a.site_id and o.subject = a.document_id::text and o.type = 'order.changed')
    end
    order by a.site_id, a.document_id, a.line limit 1`,
)

export const unitGroup: CheckGroup = { checks: [unitsCheck, askedCheck] }
