-- A supply that is not there on its day is found by its day, without reading what is still to come; it is raised once however long it stays away,
-- and what was raised of it is found again when it comes. All are partial: an order's own rows are in none of them.
create index planned_move_supply_due on planned_move (site_id, due_on) where direction = 'supply' and planned - posted - cancelled > 0;
create index exception_slip on exception (site_id, document_id) where kind in ('supply_late', 'supply_overdue') and closed_at is null;
create unique index exception_overdue on exception (site_id, document_id, line) where kind = 'supply_overdue' and closed_at is null;
