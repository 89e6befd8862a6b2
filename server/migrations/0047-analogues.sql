-- New items that are forecast as others that are like them until they have a history of their own.

create table forecast_analogue (
  item_id int primary key,
  -- Null where it is not any more.
  like_item_id int check (like_item_id <> item_id),
  -- Of what the other sells, so many per cent.
  percent int not null check (percent between 1 and 1000)
);
