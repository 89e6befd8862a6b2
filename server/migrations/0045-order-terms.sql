-- Orders of a plan by their sources' terms: a least value and a full load, and orders that wait for it.

-- What a supplier, or a site of ours that supplies others, asks of each order.
create table source_terms (
  source text not null check (source in ('supplier', 'site')),
  source_id int not null,
  -- The least that an order is worth; 0 for any.
  least_minor bigint not null check (least_minor >= 0),
  -- A full load in pieces and by weight.
  load_units bigint check (load_units > 0),
  load_weight_mg bigint check (load_weight_mg > 0),
  primary key (source, source_id)
);

-- It is below its source's least order, and not worth raising.
alter table plan_order add column waits boolean not null default false;
-- What the source's terms made of it, with all figures; null where they made nothing.
alter table plan_order add column joined json;
