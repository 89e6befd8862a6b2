-- How many days goods that expire must have left when they leave for a customer.
alter table customer_terms add column minimum_life_days int not null default 0 check (minimum_life_days between 0 and 3650);
