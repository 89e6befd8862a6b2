-- Whom a disruption hurts, as it was found when it was raised, and the days that customers were told later: the first promise is never rewritten.
create table exception_hurt (
  site_id int not null,
  exception_id uuid not null,
  order_id uuid not null,
  line int not null,
  quantity bigint not null check (quantity > 0),
  -- Null where the line waits without a promise, and where no supply is known.
  promised_on date,
  estimated_on date,
  primary key (site_id, exception_id, order_id, line)
);

-- A day that a customer was told after the first; the last of a line is the one to keep.
create table later_promise (
  site_id int not null,
  order_id uuid not null,
  line int not null,
  number int not null check (number > 0),
  promised_on date not null,
  promised_at timestamptz not null,
  exception_id uuid not null,
  primary key (site_id, order_id, line, number)
);

alter table exception
  add column hurt_lines int not null default 0 check (hurt_lines >= 0),
  add column hurt_value_minor bigint not null default 0 check (hurt_value_minor >= 0);
