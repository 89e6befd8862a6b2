-- Count predictions: what was believed of each item of a count sheet when it was opened, so that what is found is told beside what was predicted, and
-- which items chance put on it, so that counts of these say how right the record is.
create table count_prediction (
  site_id int not null,
  sheet_id uuid not null,
  item_id int not null,
  -- Our own that could be sold, by the record: at the whole site, and at the positions of the sheet.
  recorded bigint not null,
  listed bigint not null,
  -- Null where nothing was believed of it yet.
  expected float8,
  low bigint,
  high bigint,
  empty float8 check (empty between 0 and 1),
  -- What one was worth, in minor units.
  unit_value_minor float8 not null,
  -- The seed by which chance put it on the sheet; null where somebody chose it.
  drawn_by bigint,
  primary key (site_id, sheet_id, item_id),
  check ((expected is null) = (low is null) and (low is null) = (high is null) and (high is null) = (empty is null)),
  check (high >= low)
);
create index count_prediction_drawn on count_prediction (site_id, sheet_id) where drawn_by is not null;
