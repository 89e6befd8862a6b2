-- A carrier loses a shipment, or a parcel of it: what was lost counts as shipped no more, and is open in its line again.
alter table shipment_line add column lost bigint not null default 0 check (lost >= 0);
alter table shipment_line add check (delivered + came_back + lost <= quantity);

-- Ever lost on the way, however often it was sent again.
alter table order_line add column lost bigint not null default 0 check (lost >= 0);

alter table shipment drop constraint shipment_state_check;
alter table shipment add constraint shipment_state_check
  check (state in ('shipped', 'handed_over', 'in_transit', 'out_for_delivery', 'exception', 'delivered', 'came_back', 'lost'));

alter table tracking_event drop constraint tracking_event_kind_check;
alter table tracking_event add constraint tracking_event_kind_check
  check (kind in ('handed_over', 'in_transit', 'out_for_delivery', 'attempt_failed', 'exception', 'delivered', 'came_back', 'lost'));
