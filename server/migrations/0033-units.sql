-- Units of measure: in what an item is counted besides its base unit; and as what a line was asked for, where that is not the base unit.
create table item_unit (
  item_id int not null references item (item_id),
  unit text not null,
  of_unit text not null,
  -- One `unit` is so many `of_unit`, in lowest terms.
  numerator bigint not null check (numerator > 0),
  denominator bigint not null check (denominator > 0),
  rounding text not null check (rounding in ('exact', 'up', 'down', 'half_even')),
  primary key (item_id, unit, of_unit),
  check (unit <> of_unit)
);

-- Beside few lines of orders and purchases: all others were asked for in base units.
create table asked_in (
  site_id int not null,
  document_id uuid not null,
  line int not null,
  unit text not null,
  quantity_e6 bigint not null check (quantity_e6 > 0),
  -- Base units, as they were made of it once.
  comes_to bigint not null check (comes_to > 0),
  primary key (site_id, document_id, line)
);
