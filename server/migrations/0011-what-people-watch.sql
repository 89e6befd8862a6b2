-- What people watch must not be searched in tables that only grow: a customer's orders, one order's events, what is under way or just arrived,
-- what was lost or counted lately.
create index orders_customer on orders (site_id, customer_id, number);
create index outbox_subject on outbox (site_id, subject, sequence);
create index shipment_delivered on shipment (site_id, delivered_at);
create index move_loop on move (site_id, occurred_at) where cause in ('loss', 'expiry', 'count');
