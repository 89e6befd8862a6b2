-- How many transactions have written to a site: a lane that finds it as it left it knows that nobody wrote in between.
alter table site_head add column batches bigint not null default 0;
