-- Count sheets: what is to be counted at a site, what people entered, and what posted counts say of a position, so that what is told late of it finds them.

-- What a posted count says of a position, whether it was on a sheet or by itself. The difference is as known by now: what is told late of the time before
-- the count takes its part off it.
create table position_count (
  site_id int not null,
  document_id uuid not null,
  line int not null,
  item_id int not null,
  owner_id int not null,
  place_id int not null,
  lot text not null,
  serial text not null,
  condition text not null check (condition in ('sellable', 'quarantine', 'damaged', 'expired')),
  counted_at timestamptz not null,
  difference bigint not null,
  primary key (site_id, document_id, line)
);
create index position_count_item on position_count (site_id, item_id, counted_at);

create table count_sheet (
  site_id int not null,
  sheet_id uuid not null,
  kind text not null check (kind in ('full', 'cycle', 'event', 'ad_hoc')),
  state text not null check (state in ('open', 'recount', 'counted', 'posted', 'cancelled')),
  is_blind boolean not null,
  note text not null,
  tolerance_units bigint check (tolerance_units >= 0),
  tolerance_per_million bigint check (tolerance_per_million >= 0),
  tolerance_minor bigint check (tolerance_minor >= 0),
  opened_at timestamptz not null,
  opened_by text not null,
  -- When it was closed the last time, posted, and cancelled; null while it was not.
  closed_at timestamptz,
  approved_by text,
  posted_at timestamptz,
  cancelled_at timestamptz,
  cancelled_by text,
  reason text,
  primary key (site_id, sheet_id),
  check ((state = 'posted') = (posted_at is not null)),
  check ((state = 'cancelled') = (cancelled_at is not null))
);
create index count_sheet_opened on count_sheet (site_id, opened_at desc, sheet_id desc);

create table count_position (
  site_id int not null,
  sheet_id uuid not null,
  line int not null,
  item_id int not null,
  owner_id int not null,
  place_id int not null,
  lot text not null,
  serial text not null,
  condition text not null check (condition in ('sellable', 'quarantine', 'damaged', 'expired')),
  -- False for a find: nobody asked for it.
  is_listed boolean not null,
  -- 1, or 2 once it is to be counted again.
  round int not null check (round in (1, 2)),
  verdict text check (verdict in ('within', 'recount', 'approve')),
  counted bigint check (counted >= 0),
  counted_at timestamptz,
  -- What the ledger said at that instant, as known when the sheet was closed last.
  recorded bigint,
  difference bigint,
  value_minor bigint,
  primary key (site_id, sheet_id, line),
  unique (site_id, sheet_id, item_id, owner_id, place_id, lot, serial, condition),
  check ((counted is null) = (counted_at is null) and (counted is null) = (recorded is null) and (counted is null) = (difference is null)
    and (counted is null) = (value_minor is null)),
  check (difference = counted - recorded)
);

create table count_entry (
  site_id int not null,
  sheet_id uuid not null,
  -- The counter's own key.
  entry text not null,
  -- Its place among the sheet's entries, as they came.
  number int not null check (number > 0),
  line int not null,
  round int not null check (round in (1, 2)),
  part text not null,
  counted bigint not null check (counted >= 0),
  counted_at timestamptz not null,
  counter text not null,
  is_absurd boolean not null,
  primary key (site_id, sheet_id, entry)
);
