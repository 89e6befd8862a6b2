-- Orders of a plan by their sources' terms (a least value, a full load), those that wait for it, those that a
-- rule places, and the hour at which a plan is made at night.

-- What a supplier, or a site of ours that supplies others, asks of each order.
create table source_terms (
  source text not null check (source in ('supplier', 'site')),
  source_id int not null,
  -- The least that an order is worth; 0 for any.
  least_minor bigint not null check (least_minor >= 0),
  -- A full load in pieces and by weight.
  load_units bigint check (load_units > 0),
  load_weight_mg bigint check (load_weight_mg > 0),
  primary key (source, source_id)
);

-- It is below its source's least order, and not worth raising.
alter table plan_order add column waits boolean not null default false;
-- What the source's terms made of it, with all figures; null where they made nothing.
alter table plan_order add column joined json;

-- Orders that are placed by themselves, right after a plan is done; site 0 says it for every site that has no rule of its own.
create table approval_rule (
  site_id int primary key,
  value_max_minor bigint not null check (value_max_minor >= 0),
  -- Kinds of orders: supplier, site, production.
  sources text[] not null,
  -- Suppliers; empty for any.
  supplier_ids int[] not null,
  -- In tenths: at most so many times what an order of the same source for the same site is usually worth; null for any.
  usual_times_e1 int check (usual_times_e1 > 0),
  ended boolean not null default false
);

-- Of the control site: the hour of the company's day at which a plan is made by itself.
create table plan_schedule (
  site_id int primary key,
  -- 02:00; null for never.
  plan_at text check (plan_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  time_zone text not null,
  -- Nights before it are nobody's.
  set_at timestamptz not null
);

-- When rules had placed what they place; null while they have not.
alter table plan_run add column ruled_at timestamptz;
