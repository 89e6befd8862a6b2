-- Who put an order on hold, when and why, and who took it off; at its home site and at every site that serves it.
create table order_hold (
  site_id int not null,
  order_id uuid not null,
  hold_id uuid not null,
  kind text not null check (kind in ('manual', 'credit', 'fraud')),
  reason text not null,
  placed_at timestamptz not null,
  placed_by text not null,
  taken_off_at timestamptz check (taken_off_at >= placed_at),
  taken_off_by text,
  note text,
  primary key (site_id, order_id, hold_id),
  check ((taken_off_at is null) = (taken_off_by is null)),
  check ((taken_off_at is null) = (note is null))
);
