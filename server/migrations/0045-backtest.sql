-- Back-tests that people asked for: the company's own last days, lived again under other rules. A run is worked out in parts, each kept whole, so one that was cut
-- off goes on where it ended and comes to the same; the last runs are kept beside each other.

-- Of the control site.
create table backtest_run (
  site_id int not null,
  run_id uuid not null,
  asked_at timestamptz not null,
  asker text not null,
  -- Null for every site.
  tested_site_id int,
  from_on date not null,
  days int not null check (days > 0),
  -- Units that go unseen for each that is sold.
  shrink double precision not null check (shrink between 0 and 1),
  seed int not null check (seed >= 0),
  policies json not null,
  state text not null check (state in ('running', 'done', 'cancelled', 'failed')),
  ended_at timestamptz check (state <> 'running' or ended_at is null),
  -- How many items at their sites were lived again, and what each policy came to.
  items int,
  result json check (state <> 'done' or result is not null),
  -- In a sentence.
  why text check (state <> 'failed' or why is not null),
  primary key (site_id, run_id)
);
create index backtest_run_asked on backtest_run (site_id, asked_at desc, run_id);

-- Some items of a site, with what stood there as the days began; their sums by policy, once they were worked out.
create table backtest_part (
  site_id int not null,
  run_id uuid not null,
  first_item int not null,
  items int[] not null check (cardinality(items) > 0),
  openings bigint[] not null check (cardinality(openings) = cardinality(items)),
  sums json,
  primary key (site_id, run_id, first_item)
);
