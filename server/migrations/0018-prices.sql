-- What is asked for an item, of whom and from when on; and beside each order what it was priced with, where that does not go without saying.
-- The currency a company keeps its books in; every amount that is not an order's is in it.
alter table party add column currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$');

create table price_list (
  code text primary key,
  name text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Whom it is for: one customer, a group of them, or with neither everybody.
  customer_id int references party (party_id),
  customer_group text,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  check (customer_id is null or customer_group is null)
);

create table price (
  -- First by item: an order asks for its own items in few lists.
  item_id int not null,
  list_code text not null references price_list (code),
  -- What one costs where at least so many are bought.
  minimum bigint not null check (minimum > 0),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  unit_price_minor bigint not null check (unit_price_minor >= 0),
  primary key (item_id, list_code, minimum, valid_from)
);
create index price_by_list on price (list_code, item_id);

create table discount (
  code text primary key,
  level text not null check (level in ('line', 'order')),
  customer_id int references party (party_id),
  customer_group text,
  item_id int,
  per_million int check (per_million between 0 and 1000000),
  amount_minor bigint check (amount_minor >= 0),
  -- Of both amounts.
  currency text check (currency ~ '^[A-Z]{3}$'),
  minimum bigint not null check (minimum >= 0),
  minimum_minor bigint not null check (minimum_minor >= 0),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  check ((per_million is null) <> (amount_minor is null)),
  check (currency is not null or (amount_minor is null and minimum_minor = 0)),
  check (level = 'line' or item_id is null),
  check (customer_id is null or customer_group is null)
);

create table tax_code (
  code text primary key,
  name text not null
);
create table tax_rate (
  code text not null references tax_code (code),
  valid_from date not null,
  per_million int not null check (per_million between 0 and 10000000),
  primary key (code, valid_from)
);
create table item_tax (
  -- 0 stands for every item without a row of its own.
  item_id int primary key,
  code text not null references tax_code (code)
);

create table exchange_rate (
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  valid_from date not null,
  -- Billionths of one unit of the company's currency that one unit of this one is worth.
  rate_e9 bigint not null check (rate_e9 > 0),
  primary key (currency, valid_from)
);

create table payment_term (
  code text primary key,
  name text not null,
  net_days int not null check (net_days between 0 and 3650),
  discount_days int not null check (discount_days between 0 and net_days),
  discount_per_million int not null check (discount_per_million between 0 and 1000000)
);

create table customer_terms (
  customer_id int primary key references party (party_id),
  customer_group text,
  currency text check (currency ~ '^[A-Z]{3}$'),
  tax_code text references tax_code (code),
  payment_term text references payment_term (code)
);

-- A web shop places orders; what they cost it may not say.
alter table api_key drop constraint api_key_role_check;
alter table api_key add constraint api_key_role_check
  check (role in ('admin', 'sales', 'buyer', 'planner', 'warehouse', 'driver', 'till', 'shop', 'auditor'));
alter table users drop constraint users_role_check;
alter table users add constraint users_role_check
  check (role in ('admin', 'sales', 'buyer', 'planner', 'warehouse', 'driver', 'till', 'shop', 'auditor'));

-- Where a line's price is from; null where nobody noted it.
alter table order_line add column price_basis text check (price_basis in ('item', 'given', 'book'));

create table order_terms (
  site_id int not null,
  order_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  rate_e9 bigint not null check (rate_e9 > 0),
  payment_term text,
  net_days int,
  discount_days int,
  discount_per_million int,
  primary key (site_id, order_id),
  check ((payment_term is null) = (net_days is null)),
  check ((payment_term is null) = (discount_days is null)),
  check ((payment_term is null) = (discount_per_million is null))
);

-- Of lines that were priced by the book: what came off and on top, and every step that led there.
create table line_price (
  site_id int not null,
  order_id uuid not null,
  line int not null,
  discount_minor bigint not null check (discount_minor >= 0),
  order_discount_minor bigint not null check (order_discount_minor >= 0),
  tax_code text,
  tax_per_million int not null check (tax_per_million >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  steps json not null,
  primary key (site_id, order_id, line),
  check (tax_code is not null or (tax_per_million = 0 and tax_minor = 0))
);
