// Disruptions, checked: an exception hurts as many lines as it says, all of which exist; and what customers were told later is told of lines that exist, one
// after the other.

import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

const hurtsCheck = rowCheck(
  'lines hurt',
  'Every exception hurts as many lines as it says, and each is planned at its site.',
  sql`
    -- every site: verification
    select case when e.exception_id is null then 'exception_hurt' else 'exception' end as "table", site_id as site, format('exception %s', exception_id) as key,
      format('It says that it hurts %s lines; %s are named, %s of them planned.', coalesce(e.hurt_lines, 0), coalesce(h.lines, 0), coalesce(h.planned, 0)) as problem
    from (select site_id, exception_id, hurt_lines from exception where hurt_lines <> 0) e
    full join (
      select t.site_id, t.exception_id, count(*) as lines, count(*) filter (where exists (
        select from planned_move p where p.site_id = t.site_id and p.document_id = t.order_id and p.line = t.line and p.kind = 'order')) as planned
      from exception_hurt t group by t.site_id, t.exception_id
    ) h using (site_id, exception_id)
    where coalesce(e.hurt_lines, 0) <> coalesce(h.lines, 0) or h.planned <> h.lines
    order by site_id, exception_id limit 1`,
)

const promisesCheck = rowCheck(
  'later promises',
  'What a customer was told after the first promise is numbered from 1 without a gap, for a line that exists.',
  sql`
    -- every site: verification
    select 'later_promise' as "table", t.site_id as site, format('order %s, line %s', t.order_id, t.line) as key,
      case when l.site_id is null then 'There is no such line.' else format('There are %s, and the last is number %s.', t.told, t.last) end as problem
    from (select site_id, order_id, line, count(*) as told, max(number) as last from later_promise group by site_id, order_id, line) t
    left join order_line l on l.site_id = t.site_id and l.order_id = t.order_id and l.line = t.line
    where t.told <> t.last or l.site_id is null
    order by t.site_id, t.order_id, t.line limit 1`,
)

export const disruptionGroup: CheckGroup = { checks: [hurtsCheck, promisesCheck] }
