-- What is known beforehand of days: promotions, holidays and closed doors, by whose names what they do to demand is learnt.

create table demand_event (
  event_id uuid primary key,
  kind text not null check (kind in ('promotion', 'holiday', 'closed')),
  name text not null check (name <> ''),
  from_on date not null,
  to_on date not null check (to_on >= from_on),
  -- Null for every site.
  site_id int,
  -- One item, or a category, or with neither everything.
  item_id int,
  category text check (category is null or item_id is null),
  maker text not null,
  made_at timestamptz not null,
  undone_at timestamptz
);

create index demand_event_name on demand_event (lower(name));
create index demand_event_time on demand_event (from_on, event_id);
