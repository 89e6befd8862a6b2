-- Shipments go with a carrier's service at a price, are tracked, and are delivered in part, or come back.
create table carrier_service (
  service_id int primary key,
  code text not null unique,
  carrier text not null,
  name text not null,
  -- Minor units: the least a shipment costs, and the rate for a pound or a kilogram.
  minimum_minor bigint not null check (minimum_minor >= 0),
  rate_minor bigint not null check (rate_minor >= 0),
  rate_unit text not null check (rate_unit in ('LB', 'KG')),
  transit_days int check (transit_days between 0 and 365)
);

alter table shipment add column service_id int;
alter table shipment add column weight_mg bigint check (weight_mg >= 0);
alter table shipment add column price_minor bigint check (price_minor >= 0);
-- The day the carrier's service promised at shipment; tracking moves the estimate, never this.
alter table shipment add column promised_on date;
alter table shipment add column estimated_on date;
alter table shipment add column state text not null default 'shipped'
  check (state in ('shipped', 'handed_over', 'in_transit', 'out_for_delivery', 'exception', 'delivered', 'came_back'));
alter table shipment add column delivery_note text not null default '';
-- Where it was handed over, in millionths of a degree (WGS 84).
alter table shipment add column latitude_e6 int check (latitude_e6 between -90000000 and 90000000);
alter table shipment add column longitude_e6 int check (longitude_e6 between -180000000 and 180000000);
alter table shipment add check (service_id is null or (weight_mg is not null and price_minor is not null));
alter table shipment add check ((latitude_e6 is null) = (longitude_e6 is null));
alter table shipment add check (delivered_at is null or received_by is not null);
update shipment set state = 'delivered' where delivered_at is not null;
create index shipment_state on shipment (site_id, state, shipment_id);

alter table shipment_line add column delivered bigint not null default 0 check (delivered >= 0);
alter table shipment_line add column came_back bigint not null default 0 check (came_back >= 0);
alter table shipment_line add check (delivered + came_back <= quantity);
-- Verify afterwards: select count(*) from shipment h join shipment_line l using (site_id, shipment_id) where h.delivered_at is not null and l.delivered <> l.quantity; is 0.
update shipment_line l set delivered = l.quantity
from shipment h where h.site_id = l.site_id and h.shipment_id = l.shipment_id and h.delivered_at is not null;

-- What was shipped and came back undelivered.
alter table order_line add column came_back bigint not null default 0 check (came_back >= 0);
alter table order_line add check (delivered + came_back <= shipped);

create table tracking_event (
  site_id int not null,
  shipment_id uuid not null,
  -- In the order they were told.
  sequence int not null check (sequence > 0),
  kind text not null check (kind in ('handed_over', 'in_transit', 'out_for_delivery', 'attempt_failed', 'exception', 'delivered', 'came_back')),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  estimated_on date,
  note text not null,
  primary key (site_id, shipment_id, sequence)
);
