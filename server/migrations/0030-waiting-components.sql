-- Which work orders wait for an item, without reading what all customers wait for.
create index planned_move_component on planned_move (site_id, item_id, priority, age) where kind = 'component' and planned - posted - cancelled > 0;
