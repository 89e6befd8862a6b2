-- Promises use beliefs: how sure each item's promises are to be, what nobody is promised anew, and where there is probably none of what is recorded. Beliefs
-- are worked out anew from the ledgers.
alter table item
  -- Thousandths: what is promised from stock is there with this probability at least. 0: by the record alone. Null: as usual.
  add column service_level_e3 int check (service_level_e3 between 0 and 999);

delete from belief;
delete from belief_state;
delete from belief_reader;
alter table belief drop constraint belief_check1;
alter table belief
  -- Of whose goods it is.
  add column owner_id int not null,
  -- Units of what was recorded when it was last believed that nobody is promised anew: more than are `safe` at the item's level.
  add column doubted bigint not null check (doubted >= 0),
  -- By level of probability (core/doubt.ts), how many units are missing at most.
  add column missing json not null,
  -- Some are recorded and, more likely than not, there is none.
  add column phantom boolean not null,
  -- The most that was doubted since those who wait for it were last looked at: where less is by now, they may be given some.
  add column doubted_heard bigint not null check (doubted_heard >= doubted),
  add constraint belief_safe_check check (safe >= 0);
create index belief_eased on belief (site_id, item_id) where doubted < doubted_heard;
create index belief_phantom on belief (site_id, item_id) where phantom;
create index outbox_service_level on outbox (site_id, sequence) where type = 'item.service_level_set';

create unique index exception_phantom on exception (site_id, item_id) where kind = 'phantom_stock' and closed_at is null;
