-- Planning: by which rules, what people know of demand that its history does not, and the plan itself: what to buy, make and move, line by line with its
-- reason. A run plans in parts, each written whole, so one that was cut off goes on where it ended; the last that is done is the plan.

-- Site 0 says it for every site that has no rule of its own.
create table planning_rule (
  site_id int primary key,
  -- Thousandths: how surely nothing shall be short until the order after next is there.
  service_e3 int not null check (service_e3 between 1 and 999),
  review_days int not null check (review_days between 1 and 365),
  -- Whether orders are made of what is believed to be there, or of what is recorded.
  stock text not null check (stock in ('belief', 'record'))
);

create table forecast_adjustment (
  site_id int not null,
  adjustment_id uuid not null,
  item_id int not null,
  from_on date not null,
  to_on date not null check (to_on >= from_on),
  percent int not null check (percent between -100 and 1000) check (percent <> 0),
  reason text not null,
  adjuster text not null,
  made_at timestamptz not null,
  undone_at timestamptz,
  -- What was forecast of these days as it was made.
  forecast_units double precision not null check (forecast_units >= 0),
  primary key (site_id, adjustment_id)
);
create index forecast_adjustment_item on forecast_adjustment (site_id, item_id, to_on) where undone_at is null;

-- Of the control site.
create table plan_run (
  site_id int not null,
  run_id uuid not null,
  -- The day that it plans from.
  planned_on date not null,
  asked_at timestamptz not null,
  asker text not null,
  state text not null check (state in ('running', 'done', 'cancelled', 'replaced')),
  -- The most that its lines may be worth together, those with the most at risk for their price first.
  budget_minor bigint check (budget_minor >= 0),
  ended_at timestamptz,
  seconds double precision,
  primary key (site_id, run_id)
);
create unique index plan_run_running on plan_run (site_id) where state = 'running';
create unique index plan_run_done on plan_run (site_id) where state = 'done';

-- Items of a site that are planned together, after all of a lower level: customers before those who supply them, and what is made before its components.
create table plan_part (
  site_id int not null,
  run_id uuid not null,
  level int not null,
  -- Of the items of the range those of this class and low-level code.
  source text not null check (source in ('buy', 'make')),
  low_level_code int not null,
  first_item int not null,
  last_item int not null check (last_item >= first_item),
  -- How many were planned; null while nobody has.
  items int,
  primary key (site_id, run_id, level, source, first_item)
);

create table plan_line (
  site_id int not null,
  run_id uuid not null,
  item_id int not null,
  -- The order that it belongs to; its id becomes that of the purchase, transfer or work order. Null where nothing is proposed.
  plan_order_id uuid,
  source text not null check (source in ('supplier', 'site', 'production', 'none')),
  -- A supplier, or a site of ours.
  source_id int,
  quantity bigint not null check (quantity >= 0),
  due_on date,
  value_minor bigint not null check (value_minor >= 0),
  -- What customers would not get for want of it, at its price.
  risk_minor bigint not null check (risk_minor >= 0),
  -- What was on order as it was planned: what has been ordered since is not ordered again.
  supply bigint not null check (supply >= 0),
  -- Where an open order comes too late, or is not needed any more.
  message text check (message in ('expedite', 'surplus')),
  message_quantity bigint,
  -- What sites and items that it supplies are told: demand a day here and behind it, its variance, what is there and on its way to all of them, and for how long.
  demand_per_day double precision not null,
  variance_per_day double precision not null,
  position double precision not null,
  behind_days double precision not null,
  -- Every figure that it follows from.
  basis json not null,
  primary key (site_id, run_id, item_id)
);
create index plan_line_order on plan_line (site_id, plan_order_id) where plan_order_id is not null;
create index plan_line_message on plan_line (site_id, run_id) where message is not null;

create table plan_order (
  site_id int not null,
  plan_order_id uuid not null,
  run_id uuid not null,
  source text not null check (source in ('supplier', 'site', 'production')),
  source_id int not null,
  lines int not null check (lines > 0),
  value_minor bigint not null,
  risk_minor bigint not null,
  due_on date not null,
  within_budget boolean not null,
  primary key (site_id, plan_order_id)
);
create index plan_order_risk on plan_order (site_id, run_id, risk_minor desc, plan_order_id);

create index sales_day_item on sales_day (site_id, item_id, sold_on) include (units);
