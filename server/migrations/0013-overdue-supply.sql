-- A supply that is not there on its day is found by its day, without reading what is still to come, and raised once however long it stays away.
-- Both are partial: an order's own rows are in neither.
create index planned_move_supply_due on planned_move (site_id, due_on) where direction = 'supply' and planned - posted - cancelled > 0;
create unique index exception_overdue on exception (site_id, document_id, line) where kind = 'supply_overdue' and closed_at is null;
