-- Recalls: what is recalled, the mark by which a site holds such goods wherever they turn up, and the index by which a lot is followed.
create table recall (
  recall_id uuid primary key,
  item_id int not null references item (item_id),
  lot text not null,
  serial text not null,
  reason text not null,
  -- The sites that were told.
  site_ids int[] not null,
  recalled_at timestamptz not null,
  lifted_at timestamptz,
  check ((lot = '') <> (serial = ''))
);
create index recall_item on recall (item_id);
create index recall_listed on recall (recalled_at, recall_id);

-- A piece that is told apart by its serial has a row here, under its serial, only where it is recalled.
alter table lot
  add column recalls uuid[] not null default '{}',
  -- The first of them: what a till sold before it was right then.
  add column recalled_at timestamptz,
  add constraint lot_recalled_check check ((recalled_at is null) = (recalls = '{}'));
create index lot_recalled on lot (site_id) where recalls <> '{}';

-- Recalled goods are in it: what it makes is held too.
alter table work_order add column recalls uuid[] not null default '{}';
create index work_order_recalled on work_order (site_id) where recalls <> '{}';

-- Goods keep their lot and serial on a move, so one end is enough. Within a site a lot is followed by its stock; only what came in or left is here.
create index move_told_apart on move (site_id, item_id, to_lot, to_serial)
  where (to_lot <> '' or to_serial <> '') and least(from_place_id, to_place_id) < 100;
