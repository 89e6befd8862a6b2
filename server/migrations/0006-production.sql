-- Production: bills of material, and work orders that make of them what is short.
create table bill_line (
  parent_id int not null,
  component_id int not null,
  valid_from date not null,
  -- The last day on which it holds.
  valid_to date,
  -- So many for each batch of the parent, exactly; of them so many in a million are lost.
  quantity bigint not null check (quantity > 0),
  batch bigint not null check (batch > 0),
  scrap_per_million int not null check (scrap_per_million between 0 and 999999),
  primary key (parent_id, component_id, valid_from),
  check (parent_id <> component_id),
  check (valid_to >= valid_from)
);

create table work_order (
  site_id int not null,
  work_order_id uuid not null,
  item_id int not null,
  quantity bigint not null check (quantity > 0),
  make_days int not null check (make_days >= 0),
  -- As it was asked for; its planned move has the day on which it is expected now.
  due_on date not null,
  recorded_at timestamptz not null,
  primary key (site_id, work_order_id)
);
create index work_order_listed on work_order (site_id, recorded_at, work_order_id);

create table work_component (
  site_id int not null,
  work_order_id uuid not null,
  line int not null,
  quantity bigint not null check (quantity > 0),
  batch bigint not null check (batch > 0),
  scrap_per_million int not null check (scrap_per_million between 0 and 999999),
  -- What went into output and what went back to the shelf, in pieces and in value; what was issued is posted on the planned move.
  used bigint not null check (used >= 0),
  returned bigint not null check (returned >= 0),
  issued_minor bigint not null check (issued_minor >= 0),
  used_minor bigint not null check (used_minor >= 0),
  returned_minor bigint not null check (returned_minor >= 0),
  primary key (site_id, work_order_id, line),
  check (used_minor + returned_minor <= issued_minor)
);

alter table planned_move drop constraint planned_move_kind_check;
alter table planned_move add constraint planned_move_kind_check
  check (kind in ('order', 'purchase', 'transfer_out', 'transfer_in', 'component', 'output'));
