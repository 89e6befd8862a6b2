-- Reference nouns: what moves (item), for whom (party), between which houses (site) and their places.
create table party (
  party_id int primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('company', 'customer', 'supplier'))
);

create table site (
  site_id int primary key,
  code text not null unique check (code ~ '^[A-Z][A-Z0-9]{1,7}$'),
  name text not null,
  -- The company that owns the stock of this site unless a move says otherwise.
  owner_id int not null references party (party_id)
);

create table item (
  item_id int primary key,
  sku text not null unique,
  name text not null,
  -- The unit that quantities count: one base unit is one of these.
  unit text not null,
  tracking text not null check (tracking in ('none', 'lot', 'serial')),
  -- Money is in minor units of the company's currency.
  standard_cost_minor bigint not null check (standard_cost_minor >= 0),
  list_price_minor bigint not null check (list_price_minor >= 0)
);

-- Places 1 to 99 are virtual and the same at every site (core/place.ts); real ones follow.
create table place (
  site_id int not null,
  place_id int not null,
  code text not null,
  kind text not null,
  primary key (site_id, place_id),
  unique (site_id, code)
);

create table api_key (
  api_key_id int primary key,
  name text not null,
  secret_sha256 bytea not null unique,
  role text not null,
  -- The sites it may see and act on; empty means every site.
  site_ids int[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

insert into party (party_id, code, name, kind) values (1, 'COMPANY', 'Our company', 'company');
insert into site (site_id, code, name, owner_id) values (0, 'CONTROL', 'Control', 1);
