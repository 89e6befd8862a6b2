-- What orders are paid with through a payment provider, and every step that was asked of it; a step's number is its key there.
alter table order_hold drop constraint order_hold_kind_check;
alter table order_hold add constraint order_hold_kind_check check (kind in ('manual', 'credit', 'fraud', 'payment'));

create table payment (
  site_id int not null,
  order_id uuid not null,
  token text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- The order's hold that is taken off when it is authorised.
  hold_id uuid not null,
  primary key (site_id, order_id)
);

create table payment_step (
  site_id int not null,
  order_id uuid not null,
  step int not null check (step > 0),
  action text not null check (action in ('authorise', 'capture', 'void', 'refund')),
  amount_minor bigint not null check (amount_minor >= 0),
  state text not null check (state in ('asked', 'unclear', 'done', 'declined')),
  reference text,
  reason text,
  asked_at timestamptz not null,
  answered_at timestamptz check (answered_at >= asked_at),
  primary key (site_id, order_id, step),
  check ((state = 'asked') = (answered_at is null))
);
create index payment_step_open on payment_step (site_id, order_id) where state in ('asked', 'unclear');
