-- What stands at each stage, kept by the lane: counting it from rows takes longer the more is open, and people look at it all day. See core/standing.ts.
create table flow_standing (
  site_id int not null,
  stage text not null check (stage in ('order', 'promise', 'reserve', 'purchase', 'produce', 'store', 'transport', 'deliver', 'deliver_late')),
  -- The day it is due; of what was delivered, the day it came.
  due_on date not null,
  lines bigint not null check (lines >= 0),
  -- Quantities times prices may lie beyond bigint.
  value_minor numeric not null check (value_minor >= 0),
  primary key (site_id, stage, due_on),
  check (lines > 0 or value_minor = 0)
) with (fillfactor = 50);

-- What one stands for where the flow is counted; history that stands nowhere any more does without.
alter table planned_move add column unit_price_minor bigint not null default 0 check (unit_price_minor >= 0);

create temp table carried on commit drop as
select h.site_id, h.order_id, c.line, c.part, (h.delivered_at at time zone 'UTC')::date as arrived_on, c.delivered,
  c.quantity - c.delivered - c.came_back as under_way
from shipment h
join shipment_line c on c.site_id = h.site_id and c.shipment_id = h.shipment_id
where c.quantity - c.delivered - c.came_back > 0
  or h.delivered_at >= (select recorded_at from site_head s where s.site_id = h.site_id) - interval '31 days';
analyze carried;

create temp table priced on commit drop as
select p.site_id, p.document_id, p.line, p.part, p.kind, p.home_site_id, p.item_id
from planned_move p
where (p.planned - p.posted - p.cancelled > 0 or p.hold_expires_at is not null) and p.kind in ('order', 'purchase', 'output')
union
select p.site_id, p.document_id, p.line, p.part, p.kind, p.home_site_id, p.item_id
from carried c
join planned_move p on p.site_id = c.site_id and p.document_id = c.order_id and p.line = c.line and p.part = c.part;
analyze priced;

update planned_move p set unit_price_minor = coalesce(l.unit_price_minor, b.unit_price_minor, i.standard_cost_minor)
from priced r
join item i on i.item_id = r.item_id
left join order_line l on r.kind = 'order' and l.site_id = r.home_site_id and l.order_id = r.document_id and l.line = r.line
left join purchase_line b on r.kind = 'purchase' and b.site_id = r.site_id and b.purchase_id = r.document_id and b.line = r.line
where p.site_id = r.site_id and p.document_id = r.document_id and p.line = r.line and p.part = r.part;

insert into flow_standing (site_id, stage, due_on, lines, value_minor)
select t.site_id, t.stage, t.due_on, count(*), sum(t.quantity::numeric * t.unit_price_minor)::numeric
from (
  select p.site_id, s.stage, p.due_on, s.quantity, p.unit_price_minor
  from planned_move p
  cross join lateral (values
    ('order', p.planned - p.posted - p.cancelled),
    ('promise', p.planned - p.posted - p.cancelled - p.held),
    ('reserve', p.held - p.allocated),
    ('store', p.allocated)) s (stage, quantity)
  where p.planned - p.posted - p.cancelled > 0 and p.kind = 'order' and p.hold_expires_at is null
  union all
  select p.site_id, case p.kind when 'output' then 'produce' else p.kind end, p.due_on, p.planned - p.posted - p.cancelled, p.unit_price_minor
  from planned_move p
  where p.planned - p.posted - p.cancelled > 0 and p.kind in ('purchase', 'output')
  union all
  select c.site_id, s.stage, s.due_on, s.quantity, p.unit_price_minor
  from carried c
  join planned_move p on p.site_id = c.site_id and p.document_id = c.order_id and p.line = c.line and p.part = c.part
  cross join lateral (values
    ('transport', p.due_on, c.under_way),
    ('deliver', c.arrived_on, c.delivered),
    ('deliver_late', c.arrived_on, case when c.arrived_on > p.due_on then c.delivered else 0 end)) s (stage, due_on, quantity)
) t
where t.quantity > 0 and t.due_on is not null
group by t.site_id, t.stage, t.due_on;
