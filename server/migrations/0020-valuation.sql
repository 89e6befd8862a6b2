-- What goods cost is told late: bills, freight, receipts of last week. Items are valued by one of three methods, and corrections say what day and what they change.
alter table item add column valuation text not null default 'average' check (valuation in ('average', 'fifo', 'standard'));

alter table item_value
  add column method text not null default 'average' check (method in ('average', 'fifo', 'standard')),
  -- First in first out: what is left of goods that came in together, the oldest first. Null for other methods.
  add column layers jsonb check ((layers is not null) = (method = 'fifo')),
  -- Where in time the last move of it stands, and the last that came in: what is told later and happened before changes what the others cost.
  add column moved_at timestamptz,
  add column came_at timestamptz;

-- See core/value.ts, valuedAt.
update item_value v set moved_at = t.moved_at, came_at = t.came_at
from (
  select e.site_id, e.item_id, e.owner_id, max(e.at) as moved_at, max(e.at) filter (where e.comes_in) as came_at
  from (
    select m.site_id, m.item_id, o.owner_id, o.comes_in,
      case
        when m.recorded_at - m.occurred_at <= interval '10 minutes' and (m.recorded_at at time zone 'UTC')::date = (m.occurred_at at time zone 'UTC')::date
          then m.recorded_at
        else m.occurred_at
      end as at
    from move m
    cross join lateral (values (m.from_owner_id, m.from_place_id, false), (m.to_owner_id, m.to_place_id, true)) o (owner_id, place_id, comes_in)
    where o.place_id >= 100 and (m.from_place_id < 100 or m.to_place_id < 100 or m.from_owner_id <> m.to_owner_id)
  ) e
  group by e.site_id, e.item_id, e.owner_id
) t
where t.site_id = v.site_id and t.item_id = v.item_id and t.owner_id = v.owner_id;

alter table value_correction
  add column correction_id uuid,
  -- Its other side: where goods went whose cost it is, or where they came from (core/correction.ts).
  add column place_id int,
  -- The day whose value it changes.
  add column counts_on date,
  -- What made it due.
  add column document_id uuid;
update value_correction c
set correction_id = md5(format('%s/%s', c.site_id, c.move_sequence))::uuid, place_id = 2, document_id = m.document_id,
  counts_on = (m.occurred_at at time zone 'UTC')::date
from move m
where m.site_id = c.site_id and m.sequence = c.move_sequence;
alter table value_correction
  alter column correction_id set not null,
  alter column place_id set not null,
  alter column counts_on set not null,
  alter column document_id set not null,
  add check (reason in ('true_up', 'variance', 'restated', 'revalued')),
  drop constraint value_correction_pkey,
  add primary key (site_id, correction_id);
create index value_correction_item on value_correction (site_id, item_id, counts_on);

-- What was added to the cost of goods after they came in.
create table cost_addition (
  site_id int not null,
  -- The move by which the goods came in.
  move_sequence bigint not null,
  document_id uuid not null,
  item_id int not null,
  owner_id int not null,
  amount_minor bigint not null check (amount_minor <> 0),
  kind text not null check (kind in ('bill', 'freight', 'duty', 'insurance', 'other')),
  note text not null,
  counts_on date not null,
  recorded_at timestamptz not null,
  primary key (site_id, move_sequence, document_id)
);
create index cost_addition_item on cost_addition (site_id, item_id, counts_on);

-- By which method a site valued an item from when on, and before.
create table restatement (
  site_id int not null,
  document_id uuid not null,
  item_id int not null,
  owner_id int not null,
  move_sequence bigint not null,
  method text not null check (method in ('average', 'fifo', 'standard')),
  standard_cost_minor bigint not null check (standard_cost_minor >= 0),
  method_before text not null check (method_before in ('average', 'fifo', 'standard')),
  last_value_before_minor bigint not null check (last_value_before_minor >= 0),
  last_quantity_before bigint not null check (last_quantity_before > 0),
  restated_at timestamptz not null,
  -- The site's outbox sequence then: the order of those of one instant.
  age bigint not null,
  primary key (site_id, document_id)
);
create index restatement_item on restatement (site_id, item_id, restated_at);

-- Items whose costs from a day on are to be corrected: short-lived, and usually none.
create table revaluation (
  site_id int not null,
  item_id int not null,
  owner_id int not null,
  from_on date not null,
  document_id uuid not null,
  mark uuid not null,
  primary key (site_id, item_id, owner_id)
);
