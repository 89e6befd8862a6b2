-- Returns that are authorised before they come back, and what became of each piece: see core/rma.ts.
create table rma (
  site_id int not null,
  rma_id uuid not null,
  order_id uuid not null,
  -- Counts the returns of one order.
  number int not null check (number > 0),
  authorised_at timestamptz not null,
  recorded_at timestamptz not null,
  -- The order that replaces what comes back.
  exchange_order_id uuid,
  primary key (site_id, rma_id)
);
create unique index rma_order on rma (site_id, order_id, number);

create table rma_line (
  site_id int not null,
  rma_id uuid not null,
  line int not null,
  order_line int not null,
  item_id int not null,
  quantity bigint not null check (quantity > 0),
  reason text not null check (reason in ('damaged', 'defective', 'wrong_item', 'not_as_described', 'too_late', 'changed_mind', 'other')),
  note text not null,
  -- What the customer paid for all of it, in the order's currency.
  paid_minor bigint not null check (paid_minor >= 0),
  cancelled bigint not null check (cancelled >= 0),
  received bigint not null check (received >= 0),
  restocked bigint not null check (restocked >= 0),
  refurbishing bigint not null check (refurbishing >= 0),
  scrapped bigint not null check (scrapped >= 0),
  to_vendor bigint not null check (to_vendor >= 0),
  refund_minor bigint not null check (refund_minor >= 0),
  primary key (site_id, rma_id, line),
  check (cancelled + received <= quantity),
  check (restocked + refurbishing + scrapped + to_vendor <= received),
  check (refund_minor <= paid_minor)
);
