-- The ledger: moves and planned moves, and what is projected from them: stock, availability, value. Hot: every key begins with site_id.
create table site_head (
  site_id int primary key,
  move_sequence bigint not null,
  move_hash bytea not null,
  outbox_sequence bigint not null,
  -- Orders at a site, reference nouns at the control site.
  last_number bigint not null,
  recorded_at timestamptz not null,
  -- Keyed hash over the row, with a key that the database never sees: a head set back by hand is found.
  seal bytea not null
);

create table move (
  site_id int not null,
  sequence bigint not null,
  item_id int not null,
  quantity bigint not null check (quantity > 0),
  from_place_id int not null,
  from_package text not null,
  from_lot text not null,
  from_serial text not null,
  from_condition text not null check (from_condition in ('sellable', 'quarantine', 'damaged', 'expired')),
  from_owner_id int not null,
  to_place_id int not null,
  to_package text not null,
  to_lot text not null,
  to_serial text not null,
  to_condition text not null check (to_condition in ('sellable', 'quarantine', 'damaged', 'expired')),
  to_owner_id int not null,
  cause text not null,
  document_id uuid not null,
  line int not null,
  part int not null,
  actor text not null,
  -- What the moved goods are worth, in minor units of the company's currency.
  value_minor bigint not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  hash bytea not null,
  seal bytea not null,
  primary key (site_id, sequence),
  check (from_serial = '' or quantity = 1),
  check (to_serial = '' or quantity = 1)
);
create index move_document on move (site_id, document_id);
create index move_item on move (site_id, item_id, sequence);

create table planned_move (
  site_id int not null,
  document_id uuid not null,
  line int not null,
  part int not null,
  kind text not null check (kind in ('order', 'purchase', 'transfer_out', 'transfer_in')),
  direction text not null check (direction in ('supply', 'demand')),
  status text not null check (status in ('proposed', 'firm', 'released')),
  item_id int not null,
  owner_id int not null,
  from_place_id int not null,
  to_place_id int not null,
  -- The site whose document this is: another one where an order is sourced from here.
  home_site_id int not null,
  due_on date not null,
  -- Smaller is more urgent.
  priority int not null,
  -- The site's outbox sequence when it was planned: orders first come, first served.
  age bigint not null,
  planned bigint not null check (planned > 0),
  posted bigint not null check (posted >= 0),
  cancelled bigint not null check (cancelled >= 0),
  held bigint not null check (held >= 0),
  pegged bigint not null check (pegged >= 0),
  allocated bigint not null check (allocated >= 0),
  hold_expires_at timestamptz,
  primary key (site_id, document_id, line, part),
  check (planned - posted - cancelled >= 0),
  check (held <= planned - posted - cancelled),
  check (pegged <= planned - posted - cancelled),
  check (allocated <= held)
);
create index planned_move_open on planned_move (site_id, item_id, due_on) where planned - posted - cancelled > 0;
create index planned_move_expiring on planned_move (site_id, hold_expires_at) where hold_expires_at is not null;

-- What ties a planned supply to a planned demand of the same site.
create table peg (
  site_id int not null,
  supply_document_id uuid not null,
  supply_line int not null,
  supply_part int not null,
  demand_document_id uuid not null,
  demand_line int not null,
  demand_part int not null,
  quantity bigint not null check (quantity > 0),
  primary key (site_id, supply_document_id, supply_line, supply_part, demand_document_id, demand_line, demand_part)
);
create index peg_demand on peg (site_id, demand_document_id, demand_line, demand_part);

create table stock (
  site_id int not null,
  item_id int not null,
  owner_id int not null,
  condition text not null,
  place_id int not null,
  lot text not null,
  serial text not null,
  package text not null,
  quantity bigint not null,
  allocated bigint not null check (allocated >= 0),
  primary key (site_id, item_id, owner_id, condition, place_id, lot, serial, package),
  check (allocated <= greatest(quantity, 0)),
  check (serial = '' or quantity between -1 and 1)
) with (fillfactor = 80);
-- A serial is in one place at a time.
create unique index stock_serial on stock (site_id, item_id, serial) where serial <> '' and quantity > 0;

create table availability (
  site_id int not null,
  item_id int not null,
  owner_id int not null,
  -- Recorded on hand in sellable condition at sellable places; below zero where a till sold what the record did not know.
  sellable bigint not null,
  reserved bigint not null,
  -- Open firm and released planned demand and supply.
  demand bigint not null check (demand >= 0),
  supply bigint not null check (supply >= 0),
  -- The first day on which some of the sellable stock may no longer be sold.
  next_expiry date,
  primary key (site_id, item_id, owner_id),
  check (reserved >= 0 and reserved <= greatest(sellable, 0)),
  check (reserved <= demand)
) with (fillfactor = 70);

create table allocation (
  site_id int not null,
  document_id uuid not null,
  line int not null,
  part int not null,
  item_id int not null,
  owner_id int not null,
  place_id int not null,
  lot text not null,
  serial text not null,
  package text not null,
  quantity bigint not null check (quantity > 0),
  primary key (site_id, document_id, line, part, place_id, lot, serial, package)
);

create table lot (
  site_id int not null,
  item_id int not null,
  lot text not null,
  -- The first day on which it may no longer be sold.
  expires_on date,
  primary key (site_id, item_id, lot)
);

-- Value of what an owner has of an item at a site, at moving average.
create table item_value (
  site_id int not null,
  item_id int not null,
  owner_id int not null,
  quantity bigint not null,
  value_minor bigint not null,
  -- The last cost as value / quantity, for stock below zero.
  last_value_minor bigint not null check (last_value_minor >= 0),
  last_quantity bigint not null check (last_quantity > 0),
  primary key (site_id, item_id, owner_id),
  check (quantity <> 0 or value_minor = 0)
) with (fillfactor = 80);

create table value_correction (
  site_id int not null,
  move_sequence bigint not null,
  item_id int not null,
  owner_id int not null,
  amount_minor bigint not null,
  reason text not null,
  recorded_at timestamptz not null,
  primary key (site_id, move_sequence)
);
