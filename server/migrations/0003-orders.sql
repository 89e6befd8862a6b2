-- Orders as commercial records, and what is done for them: shipments, deliveries, exceptions.
create table orders (
  site_id int not null,
  order_id uuid not null,
  number bigint not null,
  kind text not null check (kind in ('order', 'sale')),
  customer_id int not null,
  reference text,
  ship_complete boolean not null,
  priority int not null,
  ordered_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (site_id, order_id)
);
create unique index orders_number on orders (site_id, number);

create table order_line (
  site_id int not null,
  order_id uuid not null,
  line int not null,
  item_id int not null,
  -- The site whose stock serves it.
  source_site_id int not null,
  quantity bigint not null check (quantity > 0),
  unit_price_minor bigint not null check (unit_price_minor >= 0),
  requested_on date not null,
  -- The promise as it was given; null where no supply was known.
  promised_on date,
  cancelled bigint not null check (cancelled >= 0),
  shipped bigint not null check (shipped >= 0),
  delivered bigint not null check (delivered >= 0),
  returned bigint not null check (returned >= 0),
  primary key (site_id, order_id, line),
  check (cancelled + shipped <= quantity),
  check (delivered <= shipped),
  check (returned <= delivered)
);

create table shipment (
  site_id int not null,
  shipment_id uuid not null,
  order_id uuid not null,
  home_site_id int not null,
  shipped_at timestamptz not null,
  delivered_at timestamptz,
  received_by text,
  primary key (site_id, shipment_id)
);
create table shipment_line (
  site_id int not null,
  shipment_id uuid not null,
  line int not null,
  part int not null,
  quantity bigint not null check (quantity > 0),
  primary key (site_id, shipment_id, line, part)
);
create index shipment_order on shipment (site_id, order_id);

-- What a person must look at: raised in the transaction that found it.
create table exception (
  site_id int not null,
  exception_id uuid not null,
  kind text not null,
  item_id int,
  document_id uuid,
  line int,
  quantity bigint not null,
  detail text not null,
  raised_at timestamptz not null,
  closed_at timestamptz,
  primary key (site_id, exception_id)
);
create index exception_open on exception (site_id, raised_at) where closed_at is null;
