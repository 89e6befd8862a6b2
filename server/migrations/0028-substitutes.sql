-- Shortages and who bears them: which item may be sent instead of another, and how classes of customers fare when there is not enough for all.
create table substitute (
  item_id int not null references item (item_id),
  substitute_id int not null references item (item_id),
  -- Which is offered first.
  position int not null check (position > 0),
  chosen_by text not null check (chosen_by in ('customer', 'rule')),
  primary key (item_id, substitute_id),
  check (item_id <> substitute_id)
);

-- What the customer had asked for, where another item is sent instead.
alter table promise add column asked_item_id int;

create table backorder_class (
  code text primary key,
  name text not null,
  strategy text not null check (strategy in ('win', 'gain', 'redistribute', 'fill', 'lose'))
);

create table customer_backorder_class (
  customer_id int primary key references party (party_id),
  class_code text not null references backorder_class (code)
);
