-- What is believed of how many there really are: kept as far as each site's ledger was read, and told as rows that pages and promises read.
create table belief_reader (
  site_id int not null,
  -- The last move, and the last event of the log, that is in it.
  move_sequence bigint not null,
  outbox_sequence bigint not null,
  -- The day of the ledger up to which was learnt what items have in common.
  learnt_on date not null,
  -- The day on which every row of `belief` was last told anew.
  told_on date not null,
  shared json not null,
  primary key (site_id)
);
create table belief_state (
  site_id int not null,
  item_id int not null,
  state bytea not null,
  noted json not null,
  primary key (site_id, item_id)
);
create table belief (
  site_id int not null,
  item_id int not null,
  as_of timestamptz not null,
  expected double precision not null check (expected >= 0),
  low bigint not null check (low >= 0),
  high bigint not null check (high >= low),
  empty double precision not null check (empty between 0 and 1),
  safe bigint not null check (safe between low and high),
  loss_per_day double precision not null check (loss_per_day >= 0),
  units_per_day double precision not null check (units_per_day >= 0),
  -- The record at that moment: ours that can be sold.
  recorded bigint not null,
  -- What a count is worth, in minor units, and the minutes that it takes.
  worth_minor double precision not null check (worth_minor >= 0),
  minutes double precision not null check (minutes > 0),
  -- Millionths: the probability that there is none where the record says that there are some.
  doubt int not null check (doubt between 0 and 1000000),
  -- Thousandths of a minor unit that a minute of counting is worth.
  count_rank bigint not null check (count_rank >= 0),
  events bigint not null check (events > 0),
  sold_at timestamptz,
  counted_at timestamptz,
  counted bigint,
  primary key (site_id, item_id),
  check ((counted_at is null) = (counted is null))
);
create index belief_doubt on belief (site_id, doubt desc, item_id);
create index belief_count on belief (site_id, count_rank desc, item_id);
create index outbox_counted on outbox (site_id, sequence) where type = 'stock.counted';
