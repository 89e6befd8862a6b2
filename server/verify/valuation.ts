// Valuation, checked: corrections and late costs belong to what they say, layers are what the value is made of, and where something came late the
// costs since are right: they are walked anew from the first day that was corrected, and nothing is left to correct. Items of which nothing came
// late are valued in the order of the ledger, whose sums are checked with it (record.ts).

import type { ItemId, PartyId, SiteId } from '../../core/item.ts'
import type { Day } from '../../core/calendar.ts'
import type { ItemValue } from '../../core/value.ts'
import { sql, type Connection } from '../db.ts'
import { direction } from '../lane/as-of.ts'
import { valueColumns } from '../lane/rows.ts'
import { reckon } from '../revaluation.ts'
import { rowCheck, type Check, type CheckGroup, type Offence } from './check.ts'

const correctionCheck = rowCheck(
  'value corrections',
  'Every correction of value belongs to a move, a late cost or a decision about its item.',
  sql`
    -- every site: verification
    select 'value_correction' as "table", c.site_id as site, 'move ' || c.move_sequence as key,
      case c.reason when 'restated' then 'Nobody decided so about its item.' else 'There is no such move of its item and owner.' end as problem
    from value_correction c
    join site_head h on h.site_id = c.site_id
    where not case c.reason
      when 'restated' then exists (
        select from restatement r where r.site_id = c.site_id and r.document_id = c.document_id and r.item_id = c.item_id and r.owner_id = c.owner_id)
      when 'revalued' then c.move_sequence <= h.move_sequence and exists (
        select from item_value v where v.site_id = c.site_id and v.item_id = c.item_id and v.owner_id = c.owner_id)
      else coalesce((
        select m.item_id = c.item_id and m.to_owner_id = c.owner_id and m.document_id = c.document_id
          and (m.occurred_at at time zone 'UTC')::date = c.counts_on
        from move m where m.site_id = c.site_id and m.sequence = c.move_sequence), false)
      end
    order by c.site_id, c.move_sequence limit 1`,
)

const layerCheck = rowCheck(
  'value layers',
  'First in first out, the value is the sum of its layers; other methods have none.',
  sql`
    -- every site: verification
    select 'item_value' as "table", v.site_id as site, format('item %s, owner %s', v.item_id, v.owner_id) as key,
      format('It says %s worth %s; its layers are %s worth %s.', v.quantity, v.value_minor, l.quantity, l.value) as problem
    from item_value v
    cross join lateral (
      select coalesce(sum((e ->> 'quantity')::bigint), 0)::bigint as quantity, coalesce(sum((e ->> 'value')::bigint), 0)::bigint as value,
        coalesce(min((e ->> 'quantity')::bigint), 1) as least
      from jsonb_array_elements(v.layers) e
    ) l
    where v.layers is not null and (l.least <= 0 or case when v.quantity > 0 then (l.quantity, l.value) <> (v.quantity, v.value_minor) else l.quantity <> 0 end)
    order by v.site_id, v.item_id, v.owner_id limit 1`,
)

const methodCheck = rowCheck(
  'valuation methods',
  'An item is valued as was decided last, and its decisions follow each other.',
  sql`
    -- every site: verification
    select 'restatement' as "table", t.site_id as site,
      format('item %s, owner %s', t.item_id, t.owner_id) as key, format('It goes on with %s after %s.', t.method_before, t.method) as problem
    from (
      select r.site_id, r.item_id, r.owner_id, r.method,
        coalesce(lead(r.method_before) over (partition by r.site_id, r.item_id, r.owner_id order by r.age), v.method) as method_before
      from restatement r
      left join item_value v on v.site_id = r.site_id and v.item_id = r.item_id and v.owner_id = r.owner_id
    ) t
    where t.method is distinct from t.method_before
    order by t.site_id, t.item_id, t.owner_id limit 1`,
)

const lateCostCheck = rowCheck(
  'late costs',
  'Every late cost belongs to goods that came in, and leaves them worth nothing at least.',
  sql`
    -- every site: verification
    select 'cost_addition' as "table", c.site_id as site, 'move ' || c.move_sequence as key,
      case when min(m.item_id) is null then 'No goods of its item and owner came in by this move.' else 'The goods would be worth less than nothing.' end as problem
    from cost_addition c
    left join move m on m.site_id = c.site_id and m.sequence = c.move_sequence and m.item_id = c.item_id and m.to_owner_id = c.owner_id and m.to_place_id >= 100
    group by c.site_id, c.move_sequence
    having min(m.item_id) is null or min(m.value_minor) + sum(c.amount_minor)::bigint < 0
    order by c.site_id, c.move_sequence limit 1`,
)

interface Doubted {
  readonly site: SiteId
  readonly item: ItemId
  readonly owner: PartyId
  readonly from: Day
}

/** Items of which something came late or was decided, from the first open day that it concerns; without those that wait to be corrected. */
const corrected = (session: Connection): Promise<readonly Doubted[]> =>
  session.query<Doubted>(sql`
    -- every site: verification
    select t.site_id as site, t.item_id as item, t.owner_id as owner, min(t.from_on) as "from"
    from (
      select site_id, item_id, owner_id, counts_on as from_on from value_correction where reason = 'revalued'
      union all
      select site_id, item_id, owner_id, counts_on from cost_addition
      union all
      select site_id, item_id, owner_id, (restated_at at time zone 'UTC')::date from restatement
    ) t
    join site_head h on h.site_id = t.site_id
    where (h.closed_through is null or t.from_on > h.closed_through)
      and not exists (select from revaluation r where r.site_id = t.site_id and r.item_id = t.item_id and r.owner_id = t.owner_id)
    group by t.site_id, t.item_id, t.owner_id
    order by t.site_id, t.item_id, t.owner_id`)

const costsCheck: Check = {
  name: 'costs in order of time',
  invariant: 'Where something came late, goods cost since what they would have cost had it come in time.',
  find: async (session) => {
    for (const one of await corrected(session)) {
      const problem = await wrongIn(session, one)
      if (problem !== undefined) return problem
    }
    return undefined
  },
}

async function wrongIn(session: Connection, one: Doubted): Promise<Offence | undefined> {
  const { site, item, owner } = one
  const [kept] = await session.query<ItemValue>(sql`
    select ${valueColumns} from item_value where site_id = ${site} and item_id = ${item} and owner_id = ${owner}`)
  const offence = { table: 'value_correction', site, key: `item ${item}, owner ${owner}` }
  if (kept === undefined) return { ...offence, table: 'item_value', problem: 'It is missing.' }
  const { row, changes } = await reckon(session, one)
  const [wrong] = changes
  if (wrong) return { ...offence, problem: `On ${wrong.day} corrections against place ${wrong.place} should be ${wrong.amount} more.` }
  const [is, should] = [kept, row].map(({ method, layers, quantity, value }) =>
    JSON.stringify([method, quantity, value, layers.map((layer) => [layer.quantity, layer.value])]),
  )
  return is === should
    ? undefined
    : { ...offence, table: 'item_value', problem: `Method, quantity, value and layers are ${is} and should be ${should}.` }
}

const periodCheck = rowCheck(
  'closed periods',
  'A closed period is worth what it was when it was closed, and nothing that was told later happened in it.',
  sql`
    -- every site: verification
    with closing as (select p.site_id, p.closed_through, p.value_minor, p.move_sequence from period p),
    change as (
      select t.site_id, (select min(p.closed_through) from period p where p.site_id = t.site_id and p.closed_through >= t.day) as closed_through,
        sum(t.amount)::numeric as amount, max(t.sequence) as last
      from (
        select m.site_id, (m.occurred_at at time zone 'UTC')::date as day, sum(m.value_minor * ${direction})::numeric as amount, max(m.sequence) as sequence
        from move m where m.site_id in (select site_id from period)
        group by 1, 2
        union all
        select c.site_id, c.counts_on, sum(c.amount_minor)::numeric, 0 from value_correction c where c.site_id in (select site_id from period) group by 1, 2
      ) t
      group by 1, 2
    )
    select 'period' as "table", t.site_id as site, format('through %s', t.closed_through) as key,
      case when t.last > t.move_sequence then format('Move %s was told later and happened in it.', t.last)
        else format('It says %s; its moves and corrections give %s.', t.value_minor, t.amount) end as problem
    from (
      select g.site_id, g.closed_through, g.value_minor, g.move_sequence,
        coalesce((select sum(c.amount)::numeric from change c where c.site_id = g.site_id and c.closed_through <= g.closed_through), 0) as amount,
        coalesce((select max(c.last) from change c where c.site_id = g.site_id and c.closed_through <= g.closed_through), 0) as last
      from closing g
    ) t
    where t.amount <> t.value_minor or t.last > t.move_sequence
    union all
    select 'period', h.site_id, format('through %s', h.closed_through), 'The head says that it is closed, and the last period is another.'
    from site_head h
    where h.closed_through is distinct from (select max(p.closed_through) from period p where p.site_id = h.site_id)
    limit 1`,
)

export const valuationGroup: CheckGroup = { checks: [correctionCheck, layerCheck, methodCheck, lateCostCheck, costsCheck, periodCheck] }
