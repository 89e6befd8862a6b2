-- Periods that are closed: nothing that counts in one changes any more.
alter table site_head
  -- The last day that is closed. It stands here and not only in the table below, because who waits for the head's lock must see what was closed meanwhile.
  add column closed_through date;

create table period (
  site_id int not null,
  -- Its last day; the first is the one after the last day of the period before.
  closed_through date not null,
  document_id uuid not null,
  -- The last move that was known when it was closed.
  move_sequence bigint not null,
  -- What stock was worth at its end.
  value_minor numeric not null,
  closed_at timestamptz not null,
  primary key (site_id, closed_through)
);
