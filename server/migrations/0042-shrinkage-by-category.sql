-- What items are kinds of, so that shrinkage is told and estimated by it; and after how many days a site writes off by itself what expired there.
alter table item add column category text check (category <> '');
create index item_category on item (category, sku collate "C");
-- Days after the last of its life; null where a person decides.
alter table site add column write_off_expired_after_days int default 0 check (write_off_expired_after_days between 0 and 3650);
