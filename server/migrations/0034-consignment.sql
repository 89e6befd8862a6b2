-- Suppliers' goods stand at our sites: what one of them has there is found without looking through all that is ours.
create index item_value_owner on item_value (site_id, owner_id, item_id);
