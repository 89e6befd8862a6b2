-- Kits: what is sold as a bundle of other items and goes out as these; the order keeps the kit as it was sold.
create table kit_component (
  kit_id int not null references item (item_id),
  component_id int not null references item (item_id),
  -- In one kit.
  quantity bigint not null check (quantity > 0),
  primary key (kit_id, component_id),
  check (kit_id <> component_id)
);

create table order_kit (
  site_id int not null,
  order_id uuid not null,
  -- The line in which it was asked for.
  kit int not null,
  item_id int not null,
  quantity bigint not null check (quantity > 0),
  unit_price_minor bigint not null check (unit_price_minor >= 0),
  primary key (site_id, order_id, kit)
);

alter table order_line
  add column kit int,
  -- How many pieces of the line are in one kit.
  add column kit_each bigint check (kit_each > 0),
  add constraint order_line_kit_check check ((kit is null) = (kit_each is null) and quantity % kit_each = 0);
