-- Bins have a position that gives the order in which they are walked, items a weight, and picked goods a package that a label can name.
alter table item add column weight_mg bigint check (weight_mg >= 0);

-- The begin of the site's own SSCCs: a GS1 company prefix, longer where several sites share one. Without it the site numbers in-house.
alter table site add column sscc_prefix text check (sscc_prefix ~ '^[0-9]{4,13}$');

alter table place add column aisle int check (aisle between 1 and 99999);
alter table place add column rack int check (rack between 1 and 9999);
alter table place add column level int check (level between 1 and 9999);
-- Up one aisle and down the next (core/place.ts); what has no position is walked to last.
alter table place add column walk_order bigint not null default 9007199254740991;
alter table place add check (
  case when aisle is null then rack is null and level is null and walk_order = 9007199254740991
  else walk_order = (aisle::bigint * 10000 + case when aisle % 2 = 0 then 9999 - rack else rack end) * 10000 + level end);

-- What stands at a place.
create index stock_place on stock (site_id, place_id);

create table package (
  site_id int not null,
  sscc text not null check (sscc ~ '^[0-9]{18}$'),
  -- Packages of a site are numbered from 1.
  number bigint not null check (number > 0),
  order_id uuid not null,
  packed_at timestamptz not null,
  carton_mg bigint not null check (carton_mg >= 0),
  -- As the scale said; without it the weight follows from the content.
  weighed_mg bigint check (weighed_mg > 0),
  -- What it weighed when it was shipped.
  weight_mg bigint check (weight_mg >= 0),
  shipment_id uuid,
  opened_at timestamptz,
  primary key (site_id, sscc),
  check (shipment_id is null or opened_at is null)
);
create unique index package_number on package (site_id, number);
create index package_order on package (site_id, order_id);

-- A bin that had less than recorded is not picked from again until it is counted.
alter table exception add column place_id int;
create index exception_short_pick on exception (site_id, item_id) where kind = 'short_pick' and closed_at is null;
