-- What a warehouse watches must not be searched among everything that is planned: a site's transfers, newest first,
-- and its places, as one walks.
create index planned_move_transfer on planned_move (site_id, document_id) where kind in ('transfer_in', 'transfer_out');
create index place_walk on place (site_id, walk_order, place_id);
