-- What customers may owe a site, and what they have on credit there. Who has no limit has no row, and is not counted.
create table credit_account (
  site_id int not null,
  customer_id int not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  limit_minor bigint not null check (limit_minor >= 0),
  -- What accounting told last, and what has left since.
  owed_minor bigint not null check (owed_minor >= 0),
  -- What is ordered and has not left: a projection of order_line.
  open_minor bigint not null check (open_minor >= 0),
  primary key (site_id, customer_id)
);
