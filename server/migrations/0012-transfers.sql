-- Transfers that are asked for: which site supplies which, and what is on its way between them, so that a shortage here becomes demand there.
create table site_source (
  site_id int not null references site (site_id),
  -- The class of items: what is bought, or what is made.
  item_source text not null check (item_source in ('buy', 'make')),
  from_site_id int not null references site (site_id),
  transfer_days int not null check (transfer_days >= 0),
  primary key (site_id, item_source),
  check (from_site_id <> site_id)
);

-- What left another site and is not here yet; a row goes when the dock takes it in.
create table arrival (
  site_id int not null,
  transfer_id uuid not null,
  number int not null,
  line int not null,
  item_id int not null,
  quantity bigint not null check (quantity > 0),
  lot text not null,
  serial text not null,
  expires_on date,
  value_minor bigint not null,
  from_site_id int not null,
  sent_at timestamptz not null,
  due_on date not null,
  primary key (site_id, transfer_id, number)
);
