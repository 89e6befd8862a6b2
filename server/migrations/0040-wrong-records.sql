-- How likely it is that the record of an item is wrong by any, and how much of that a minute of counting finds out.
alter table belief
  -- Millionths.
  add column wrong int not null default 0 check (wrong between 0 and 1000000),
  add column wrong_rank bigint not null default 0 check (wrong_rank >= 0);
create index belief_wrong on belief (site_id, wrong_rank desc, item_id);
