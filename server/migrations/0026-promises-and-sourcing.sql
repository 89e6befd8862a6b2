-- What was promised, as it was given, with what it counted on and why; and the rules by which orders are given to sites that serve them.
create table promise (
  site_id int not null,
  order_id uuid not null,
  line int not null,
  -- 1 for what was said when the line was ordered.
  number int not null check (number > 0),
  given_at timestamptz not null,
  quantity bigint not null check (quantity > 0),
  -- Null where nobody knew a day.
  promised_on date,
  source_site_id int not null,
  reason text not null check (reason in ('in_stock', 'incoming_supply', 'no_supply')),
  confidence text not null check (confidence in ('high', 'medium', 'low', 'none')),
  because text not null,
  primary key (site_id, order_id, line, number),
  check ((promised_on is null) = (confidence = 'none'))
);

create table sourcing_rule (
  site_id int primary key references site (site_id),
  prefers text not null check (prefers in ('date', 'cost', 'sources')),
  sources_max int not null check (sources_max between 1 and 4),
  splits_lines boolean not null,
  own_cost_minor bigint not null check (own_cost_minor >= 0)
);

create table sourcing_lane (
  site_id int not null references site (site_id),
  from_site_id int not null references site (site_id),
  position int not null check (position > 0),
  -- Of one order that is sent from there.
  cost_minor bigint not null check (cost_minor >= 0),
  transit_days int not null check (transit_days >= 0),
  -- So much of each item's free stock stays there.
  keep_percent int not null check (keep_percent between 0 and 100),
  primary key (site_id, from_site_id),
  check (from_site_id <> site_id)
);

-- What was promised before stands in the log of each site, with its reason; lines that were in stock there need no row.
insert into promise (site_id, order_id, line, number, given_at, quantity, promised_on, source_site_id, reason, confidence, because)
  select o.site_id, o.subject::uuid, l.line, 1, o.recorded_at, l.quantity, l.promised, s.site_id, l.reason,
    case when l.promised is null then 'none' else 'medium' end, 'It was promised before reasons were kept.'
  from outbox o -- every site: each has its log
  cross join lateral json_to_recordset(o.data -> 'lines') l (line int, quantity bigint, source text, promised date, reason text)
  join site s on s.code = l.source
  where o.type = 'order.placed' and l.reason in ('incoming_supply', 'no_supply');
