-- Supply: what suppliers sell and what items are made of, purchases with supplier and prices, and work orders, so that what is short can be had.
alter table item
  add column source text not null default 'buy' check (source in ('buy', 'make')),
  -- How long making it takes once all components are there.
  add column make_days int not null default 0 check (make_days >= 0);

create table supplier_item (
  item_id int not null references item (item_id),
  supplier_id int not null references party (party_id),
  -- Of one unit.
  price_minor bigint not null check (price_minor >= 0),
  lead_time_days int not null check (lead_time_days >= 0),
  order_minimum bigint not null check (order_minimum > 0),
  order_multiple bigint not null check (order_multiple > 0),
  preferred boolean not null,
  primary key (item_id, supplier_id)
);

create table purchase (
  site_id int not null,
  purchase_id uuid not null,
  supplier_id int not null,
  ordered_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (site_id, purchase_id)
);
create index purchase_listed on purchase (site_id, recorded_at, purchase_id);

create table purchase_line (
  site_id int not null,
  purchase_id uuid not null,
  line int not null,
  item_id int not null,
  quantity bigint not null check (quantity > 0),
  unit_price_minor bigint not null check (unit_price_minor >= 0),
  -- As first agreed; the planned move has the day on which it is expected now.
  due_on date not null,
  received bigint not null check (received >= 0),
  rejected bigint not null check (rejected >= 0),
  cancelled bigint not null check (cancelled >= 0),
  primary key (site_id, purchase_id, line),
  check (cancelled <= quantity)
);

-- Purchases that were planned supply and nothing more: their supplier stands in the log.
insert into purchase (site_id, purchase_id, supplier_id, ordered_at, recorded_at)
  select o.site_id, o.subject::uuid, s.party_id, o.occurred_at, o.recorded_at
  from outbox o join party s on s.code = o.data ->> 'supplier' where o.type = 'purchase.placed'; -- every site: each has its log
insert into purchase_line (site_id, purchase_id, line, item_id, quantity, unit_price_minor, due_on, received, rejected, cancelled)
  select p.site_id, p.document_id, p.line, p.item_id, p.planned, i.standard_cost_minor, p.due_on, p.posted, 0, p.cancelled
  from planned_move p join item i on i.item_id = p.item_id where p.kind = 'purchase';

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
