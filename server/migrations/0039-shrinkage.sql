-- Shrinkage: what was said of a loss stands beside its move, also of those before; moves to and from the places of loss are found by their time; and what
-- was sold stands as sums, so that a loss is a per cent of something without reading what was sold.
create table loss (
  site_id int not null,
  -- Of its move.
  document_id uuid not null,
  item_id int not null,
  owner_id int not null,
  quantity bigint not null check (quantity > 0),
  place_id int not null,
  lot text not null,
  serial text not null,
  condition text not null check (condition in ('sellable', 'quarantine', 'damaged', 'expired')),
  cause text not null check (cause in ('theft_external', 'theft_internal', 'theft', 'breakage', 'expiry', 'lost', 'administrative', 'supplier_short',
    'transit', 'unexplained')),
  origin text not null check (origin in ('supplier', 'transit', 'backroom', 'floor', 'till', 'expiry')),
  note text not null,
  evidence text not null,
  value_minor bigint not null,
  lost_at timestamptz not null,
  -- The loss that this row undoes: once at most.
  undoes uuid,
  primary key (site_id, document_id)
);
create unique index loss_undoes on loss (site_id, undoes) where undoes is not null;

insert into loss
select m.site_id, m.document_id, m.item_id, m.from_owner_id, m.quantity, m.from_place_id, m.from_lot, m.from_serial, m.from_condition,
  o.data ->> 'cause', case when o.data ->> 'cause' = 'expiry' then 'expiry' when p.kind = 'vehicle' then 'transit' when p.kind = 'shelf' then 'floor' else 'backroom' end,
  coalesce(o.data ->> 'note', ''), '', m.value_minor, m.occurred_at, null
from outbox o
join move m on m.site_id = o.site_id and m.document_id = o.subject::uuid and m.cause = 'loss'
join place p on p.site_id = m.site_id and p.place_id = m.from_place_id
where o.type = 'stock.lost';

-- What is asked of losses is asked of these moves alone, few among all: a page of them, and shrinkage of a time.
drop index move_loop;
create index move_shrinkage on move (site_id, occurred_at, sequence)
  where to_place_id in (6, 7, 8, 9, 10, 14, 15, 16, 17, 18) or from_place_id in (6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18);
create index value_correction_shrinkage on value_correction (site_id, counts_on)
  where place_id in (6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18);

-- What left for customers less what came back, by the day and at the price of its line: a projection of moves, rolled up behind the lane.
create table sales_day (
  site_id int not null,
  sold_on date not null,
  item_id int not null,
  units bigint not null,
  value_minor bigint not null,
  primary key (site_id, sold_on, item_id)
);
-- Up to which move of a site they are in it. What came after is read from the moves themselves.
create table sales_rolled (
  site_id int primary key,
  move_sequence bigint not null
);
insert into sales_day
select m.site_id, (m.occurred_at at time zone 'UTC')::date, m.item_id, sum(case when m.to_place_id = 2 then m.quantity else -m.quantity end)::bigint,
  sum(case when m.to_place_id = 2 then m.quantity else -m.quantity end * coalesce(p.unit_price_minor, 0))::bigint
from move m
left join planned_move p on p.site_id = m.site_id and p.document_id = m.document_id and p.line = m.line and p.part = m.part
where m.to_place_id = 2 or m.from_place_id = 2
group by 1, 2, 3;
insert into sales_rolled select site_id, move_sequence from site_head where site_id <> 0 and move_sequence > 0;
