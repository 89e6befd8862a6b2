-- Orders that their customers collect at the shop that took them: when one is ready and until when it is kept. Orders that are delivered have no row here.
create table collection (
  site_id int not null,
  order_id uuid not null,
  keep_days int not null check (keep_days between 0 and 60),
  ready_at timestamptz,
  -- The last day on which it can be collected.
  kept_until date,
  primary key (site_id, order_id),
  check ((ready_at is null) = (kept_until is null))
);
create index collection_kept on collection (site_id, kept_until) where kept_until is not null;
-- That nobody came is raised once an order.
create unique index exception_uncollected on exception (site_id, document_id) where kind = 'not_collected' and closed_at is null;

-- Order lines that are not served from stock: bought for that line alone, to our dock or shipped to the customer by its supplier. Other lines have no row here.
create table line_supply (
  site_id int not null,
  order_id uuid not null,
  line int not null,
  how text not null check (how in ('purchase', 'drop_ship')),
  supplier_id int not null,
  unit_cost_minor bigint not null check (unit_cost_minor >= 0),
  lead_time_days int not null check (lead_time_days >= 0),
  primary key (site_id, order_id, line)
);
-- What is bound to another is for nobody else, and counts beside other demand and supply only as far as it is held. Null in all that is not.
alter table planned_move add column bound boolean;
-- The order line that a line is bought for alone.
alter table purchase_line
  add column order_id uuid,
  add column order_line int,
  add constraint purchase_line_order_check check ((order_id is null) = (order_line is null));
create index purchase_line_order on purchase_line (site_id, order_id) where order_id is not null;
-- A shipment that a supplier sent to the customer: by which purchase, with whom, and the number it is followed by.
alter table shipment
  add column purchase_id uuid,
  add column carrier text,
  add column tracking_number text;
