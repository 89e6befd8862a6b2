-- By which policy an item is ordered at a site, where it is not by that of all; site 0 says it for every site.

create table item_planning (
  site_id int not null,
  item_id int not null,
  -- Of the plan: reviewed as all are, (s, S), or not ordered; null for what holds everywhere.
  policy text check (policy in ('review', 'levels', 'none')),
  -- Ordered when the position is at or below the point, up to the level; both null where they are worked out by cost.
  reorder_point bigint check (reorder_point >= 0),
  order_up_to bigint,
  fixed_cost_minor bigint check (fixed_cost_minor > 0),
  -- How surely nothing is short, or so surely as missing and holding cost.
  service_e3 int check (service_e3 between 1 and 999),
  service_by_cost boolean not null default false,
  -- Most that fits there, and the days that goods last from when they come in.
  shelf_max bigint check (shelf_max > 0),
  shelf_life_days int check (shelf_life_days > 0),
  primary key (site_id, item_id),
  check (order_up_to > reorder_point),
  check ((reorder_point is null) = (order_up_to is null)),
  check (fixed_cost_minor is null or reorder_point is null),
  check ((policy is not distinct from 'levels') = (coalesce(reorder_point, fixed_cost_minor) is not null)),
  check (not (service_by_cost and service_e3 is not null))
);
