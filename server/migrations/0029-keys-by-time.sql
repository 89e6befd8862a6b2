-- The keys by time are for reading what was done when. While its table is young, PostgreSQL takes this index for as good as the primary key, and
-- looks for one key among all of a site; with this condition it is used by those only who ask for it in the same words.
drop index idempotency_key_recorded;
create index idempotency_key_recorded on idempotency_key (site_id, recorded_at) where recorded_at > '-infinity';
