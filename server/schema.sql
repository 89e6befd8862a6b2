-- The schema that the migrations make, rendered from the catalog by "npm run schema". For reading: databases are made by the migrations.

create table allocation (
  site_id integer not null,
  document_id uuid not null,
  line integer not null,
  part integer not null,
  item_id integer not null,
  owner_id integer not null,
  place_id integer not null,
  lot text not null,
  serial text not null,
  package text not null,
  quantity bigint not null,
  constraint allocation_pkey PRIMARY KEY (site_id, document_id, line, part, place_id, lot, serial, package),
  constraint allocation_quantity_check CHECK ((quantity > 0))
);
CREATE INDEX allocation_place ON public.allocation USING btree (site_id, place_id);
grant delete, insert, select, update on allocation to quartermaster_server;

create table api_key (
  api_key_id integer not null,
  name text not null,
  secret_sha256 bytea not null,
  role text not null,
  site_ids integer[] not null,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint api_key_pkey PRIMARY KEY (api_key_id),
  constraint api_key_secret_sha256_key UNIQUE (secret_sha256),
  constraint api_key_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'sales'::text, 'buyer'::text, 'planner'::text, 'warehouse'::text, 'driver'::text, 'till'::text, 'shop'::text, 'auditor'::text])))
);
grant delete, insert, select, update on api_key to quartermaster_server;

create table approval_rule (
  site_id integer not null,
  value_max_minor bigint not null,
  sources text[] not null,
  supplier_ids integer[] not null,
  usual_times_e1 integer,
  ended boolean not null default false,
  constraint approval_rule_pkey PRIMARY KEY (site_id),
  constraint approval_rule_usual_times_e1_check CHECK ((usual_times_e1 > 0)),
  constraint approval_rule_value_max_minor_check CHECK ((value_max_minor >= 0))
);
grant delete, insert, select, update on approval_rule to quartermaster_server;

create table arrival (
  site_id integer not null,
  transfer_id uuid not null,
  number integer not null,
  line integer not null,
  item_id integer not null,
  quantity bigint not null,
  lot text not null,
  serial text not null,
  expires_on date,
  value_minor bigint not null,
  from_site_id integer not null,
  sent_at timestamp with time zone not null,
  due_on date not null,
  constraint arrival_pkey PRIMARY KEY (site_id, transfer_id, number),
  constraint arrival_quantity_check CHECK ((quantity > 0))
);
grant delete, insert, select, update on arrival to quartermaster_server;

create table asked_in (
  site_id integer not null,
  document_id uuid not null,
  line integer not null,
  unit text not null,
  quantity_e6 bigint not null,
  comes_to bigint not null,
  constraint asked_in_pkey PRIMARY KEY (site_id, document_id, line),
  constraint asked_in_comes_to_check CHECK ((comes_to > 0)),
  constraint asked_in_quantity_e6_check CHECK ((quantity_e6 > 0))
);
grant delete, insert, select, update on asked_in to quartermaster_server;

create table availability (
  site_id integer not null,
  item_id integer not null,
  owner_id integer not null,
  sellable bigint not null,
  reserved bigint not null,
  demand bigint not null,
  supply bigint not null,
  next_expiry date,
  constraint availability_pkey PRIMARY KEY (site_id, item_id, owner_id),
  constraint availability_check CHECK (((reserved >= 0) AND (reserved <= GREATEST(sellable, (0)::bigint)))),
  constraint availability_check1 CHECK ((reserved <= demand)),
  constraint availability_demand_check CHECK ((demand >= 0)),
  constraint availability_supply_check CHECK ((supply >= 0))
) with (fillfactor=70);
grant delete, insert, select, update on availability to quartermaster_server;

create table backorder_class (
  code text not null,
  name text not null,
  strategy text not null,
  constraint backorder_class_pkey PRIMARY KEY (code),
  constraint backorder_class_strategy_check CHECK ((strategy = ANY (ARRAY['win'::text, 'gain'::text, 'redistribute'::text, 'fill'::text, 'lose'::text])))
);
grant delete, insert, select, update on backorder_class to quartermaster_server;

create table backtest_part (
  site_id integer not null,
  run_id uuid not null,
  first_item integer not null,
  items integer[] not null,
  openings bigint[] not null,
  sums json,
  constraint backtest_part_pkey PRIMARY KEY (site_id, run_id, first_item),
  constraint backtest_part_check CHECK ((cardinality(openings) = cardinality(items))),
  constraint backtest_part_items_check CHECK ((cardinality(items) > 0))
);
grant delete, insert, select, update on backtest_part to quartermaster_server;

create table backtest_run (
  site_id integer not null,
  run_id uuid not null,
  asked_at timestamp with time zone not null,
  asker text not null,
  tested_site_id integer,
  from_on date not null,
  days integer not null,
  shrink double precision not null,
  seed integer not null,
  policies json not null,
  state text not null,
  ended_at timestamp with time zone,
  items integer,
  result json,
  why text,
  constraint backtest_run_pkey PRIMARY KEY (site_id, run_id),
  constraint backtest_run_check CHECK (((state <> 'running'::text) OR (ended_at IS NULL))),
  constraint backtest_run_check1 CHECK (((state <> 'done'::text) OR (result IS NOT NULL))),
  constraint backtest_run_check2 CHECK (((state <> 'failed'::text) OR (why IS NOT NULL))),
  constraint backtest_run_days_check CHECK ((days > 0)),
  constraint backtest_run_seed_check CHECK ((seed >= 0)),
  constraint backtest_run_shrink_check CHECK (((shrink >= (0)::double precision) AND (shrink <= (1)::double precision))),
  constraint backtest_run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'cancelled'::text, 'failed'::text])))
);
CREATE INDEX backtest_run_asked ON public.backtest_run USING btree (site_id, asked_at DESC, run_id);
grant delete, insert, select, update on backtest_run to quartermaster_server;

create table belief (
  site_id integer not null,
  item_id integer not null,
  as_of timestamp with time zone not null,
  expected double precision not null,
  low bigint not null,
  high bigint not null,
  empty double precision not null,
  safe bigint not null,
  loss_per_day double precision not null,
  units_per_day double precision not null,
  recorded bigint not null,
  worth_minor double precision not null,
  minutes double precision not null,
  doubt integer not null,
  count_rank bigint not null,
  events bigint not null,
  sold_at timestamp with time zone,
  counted_at timestamp with time zone,
  counted bigint,
  wrong integer not null default 0,
  wrong_rank bigint not null default 0,
  owner_id integer not null,
  doubted bigint not null,
  missing json not null,
  phantom boolean not null,
  doubted_heard bigint not null,
  constraint belief_pkey PRIMARY KEY (site_id, item_id),
  constraint belief_check CHECK ((high >= low)),
  constraint belief_check1 CHECK ((doubted_heard >= doubted)),
  constraint belief_check2 CHECK (((counted_at IS NULL) = (counted IS NULL))),
  constraint belief_count_rank_check CHECK ((count_rank >= 0)),
  constraint belief_doubt_check CHECK (((doubt >= 0) AND (doubt <= 1000000))),
  constraint belief_doubted_check CHECK ((doubted >= 0)),
  constraint belief_empty_check CHECK (((empty >= (0)::double precision) AND (empty <= (1)::double precision))),
  constraint belief_events_check CHECK ((events > 0)),
  constraint belief_expected_check CHECK ((expected >= (0)::double precision)),
  constraint belief_loss_per_day_check CHECK ((loss_per_day >= (0)::double precision)),
  constraint belief_low_check CHECK ((low >= 0)),
  constraint belief_minutes_check CHECK ((minutes > (0)::double precision)),
  constraint belief_safe_check CHECK ((safe >= 0)),
  constraint belief_units_per_day_check CHECK ((units_per_day >= (0)::double precision)),
  constraint belief_worth_minor_check CHECK ((worth_minor >= (0)::double precision)),
  constraint belief_wrong_check CHECK (((wrong >= 0) AND (wrong <= 1000000))),
  constraint belief_wrong_rank_check CHECK ((wrong_rank >= 0))
);
CREATE INDEX belief_count ON public.belief USING btree (site_id, count_rank DESC, item_id);
CREATE INDEX belief_doubt ON public.belief USING btree (site_id, doubt DESC, item_id);
CREATE INDEX belief_eased ON public.belief USING btree (site_id, item_id) WHERE (doubted < doubted_heard);
CREATE INDEX belief_phantom ON public.belief USING btree (site_id, item_id) WHERE phantom;
CREATE INDEX belief_wrong ON public.belief USING btree (site_id, wrong_rank DESC, item_id);
grant delete, insert, select, update on belief to quartermaster_server;

create table belief_reader (
  site_id integer not null,
  move_sequence bigint not null,
  outbox_sequence bigint not null,
  learnt_on date not null,
  told_on date not null,
  shared json not null,
  constraint belief_reader_pkey PRIMARY KEY (site_id)
);
grant delete, insert, select, update on belief_reader to quartermaster_server;

create table belief_state (
  site_id integer not null,
  item_id integer not null,
  state bytea not null,
  noted json not null,
  constraint belief_state_pkey PRIMARY KEY (site_id, item_id)
);
grant delete, insert, select, update on belief_state to quartermaster_server;

create table bill_line (
  parent_id integer not null,
  component_id integer not null,
  valid_from date not null,
  valid_to date,
  quantity bigint not null,
  batch bigint not null,
  scrap_per_million integer not null,
  constraint bill_line_pkey PRIMARY KEY (parent_id, component_id, valid_from),
  constraint bill_line_batch_check CHECK ((batch > 0)),
  constraint bill_line_check CHECK ((parent_id <> component_id)),
  constraint bill_line_check1 CHECK ((valid_to >= valid_from)),
  constraint bill_line_quantity_check CHECK ((quantity > 0)),
  constraint bill_line_scrap_per_million_check CHECK (((scrap_per_million >= 0) AND (scrap_per_million <= 999999)))
);
grant delete, insert, select, update on bill_line to quartermaster_server;

create table carrier_service (
  service_id integer not null,
  code text not null,
  carrier text not null,
  name text not null,
  minimum_minor bigint not null,
  rate_minor bigint not null,
  rate_unit text not null,
  transit_days integer,
  constraint carrier_service_pkey PRIMARY KEY (service_id),
  constraint carrier_service_code_key UNIQUE (code),
  constraint carrier_service_minimum_minor_check CHECK ((minimum_minor >= 0)),
  constraint carrier_service_rate_minor_check CHECK ((rate_minor >= 0)),
  constraint carrier_service_rate_unit_check CHECK ((rate_unit = ANY (ARRAY['LB'::text, 'KG'::text]))),
  constraint carrier_service_transit_days_check CHECK (((transit_days >= 0) AND (transit_days <= 365)))
);
grant delete, insert, select, update on carrier_service to quartermaster_server;

create table collection (
  site_id integer not null,
  order_id uuid not null,
  keep_days integer not null,
  ready_at timestamp with time zone,
  kept_until date,
  constraint collection_pkey PRIMARY KEY (site_id, order_id),
  constraint collection_check CHECK (((ready_at IS NULL) = (kept_until IS NULL))),
  constraint collection_keep_days_check CHECK (((keep_days >= 0) AND (keep_days <= 60)))
);
CREATE INDEX collection_kept ON public.collection USING btree (site_id, kept_until) WHERE (kept_until IS NOT NULL);
grant delete, insert, select, update on collection to quartermaster_server;

create table cost_addition (
  site_id integer not null,
  move_sequence bigint not null,
  document_id uuid not null,
  item_id integer not null,
  owner_id integer not null,
  amount_minor bigint not null,
  kind text not null,
  note text not null,
  counts_on date not null,
  recorded_at timestamp with time zone not null,
  constraint cost_addition_pkey PRIMARY KEY (site_id, move_sequence, document_id),
  constraint cost_addition_amount_minor_check CHECK ((amount_minor <> 0)),
  constraint cost_addition_kind_check CHECK ((kind = ANY (ARRAY['bill'::text, 'freight'::text, 'duty'::text, 'insurance'::text, 'other'::text])))
);
CREATE INDEX cost_addition_item ON public.cost_addition USING btree (site_id, item_id, counts_on);
grant insert, select on cost_addition to quartermaster_server;

create table count_entry (
  site_id integer not null,
  sheet_id uuid not null,
  entry text not null,
  number integer not null,
  line integer not null,
  round integer not null,
  part text not null,
  counted bigint not null,
  counted_at timestamp with time zone not null,
  counter text not null,
  is_absurd boolean not null,
  constraint count_entry_pkey PRIMARY KEY (site_id, sheet_id, entry),
  constraint count_entry_counted_check CHECK ((counted >= 0)),
  constraint count_entry_number_check CHECK ((number > 0)),
  constraint count_entry_round_check CHECK ((round = ANY (ARRAY[1, 2])))
);
grant insert, select on count_entry to quartermaster_server;

create table count_position (
  site_id integer not null,
  sheet_id uuid not null,
  line integer not null,
  item_id integer not null,
  owner_id integer not null,
  place_id integer not null,
  lot text not null,
  serial text not null,
  condition text not null,
  is_listed boolean not null,
  round integer not null,
  verdict text,
  counted bigint,
  counted_at timestamp with time zone,
  recorded bigint,
  difference bigint,
  value_minor bigint,
  constraint count_position_pkey PRIMARY KEY (site_id, sheet_id, line),
  constraint count_position_site_id_sheet_id_item_id_owner_id_place_id_l_key UNIQUE (site_id, sheet_id, item_id, owner_id, place_id, lot, serial, condition),
  constraint count_position_check CHECK ((((counted IS NULL) = (counted_at IS NULL)) AND ((counted IS NULL) = (recorded IS NULL)) AND ((counted IS NULL) = (difference IS NULL)) AND ((counted IS NULL) = (value_minor IS NULL)))),
  constraint count_position_check1 CHECK ((difference = (counted - recorded))),
  constraint count_position_condition_check CHECK ((condition = ANY (ARRAY['sellable'::text, 'quarantine'::text, 'damaged'::text, 'expired'::text]))),
  constraint count_position_counted_check CHECK ((counted >= 0)),
  constraint count_position_round_check CHECK ((round = ANY (ARRAY[1, 2]))),
  constraint count_position_verdict_check CHECK ((verdict = ANY (ARRAY['within'::text, 'recount'::text, 'approve'::text])))
);
grant delete, insert, select, update on count_position to quartermaster_server;

create table count_prediction (
  site_id integer not null,
  sheet_id uuid not null,
  item_id integer not null,
  recorded bigint not null,
  listed bigint not null,
  expected double precision,
  low bigint,
  high bigint,
  empty double precision,
  unit_value_minor double precision not null,
  drawn_by bigint,
  constraint count_prediction_pkey PRIMARY KEY (site_id, sheet_id, item_id),
  constraint count_prediction_check CHECK ((((expected IS NULL) = (low IS NULL)) AND ((low IS NULL) = (high IS NULL)) AND ((high IS NULL) = (empty IS NULL)))),
  constraint count_prediction_check1 CHECK ((high >= low)),
  constraint count_prediction_empty_check CHECK (((empty >= (0)::double precision) AND (empty <= (1)::double precision)))
);
CREATE INDEX count_prediction_drawn ON public.count_prediction USING btree (site_id, sheet_id) WHERE (drawn_by IS NOT NULL);
grant insert, select on count_prediction to quartermaster_server;

create table count_sheet (
  site_id integer not null,
  sheet_id uuid not null,
  kind text not null,
  state text not null,
  is_blind boolean not null,
  note text not null,
  tolerance_units bigint,
  tolerance_per_million bigint,
  tolerance_minor bigint,
  opened_at timestamp with time zone not null,
  opened_by text not null,
  closed_at timestamp with time zone,
  approved_by text,
  posted_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  cancelled_by text,
  reason text,
  constraint count_sheet_pkey PRIMARY KEY (site_id, sheet_id),
  constraint count_sheet_check CHECK (((state = 'posted'::text) = (posted_at IS NOT NULL))),
  constraint count_sheet_check1 CHECK (((state = 'cancelled'::text) = (cancelled_at IS NOT NULL))),
  constraint count_sheet_kind_check CHECK ((kind = ANY (ARRAY['full'::text, 'cycle'::text, 'event'::text, 'ad_hoc'::text]))),
  constraint count_sheet_state_check CHECK ((state = ANY (ARRAY['open'::text, 'recount'::text, 'counted'::text, 'posted'::text, 'cancelled'::text]))),
  constraint count_sheet_tolerance_minor_check CHECK ((tolerance_minor >= 0)),
  constraint count_sheet_tolerance_per_million_check CHECK ((tolerance_per_million >= 0)),
  constraint count_sheet_tolerance_units_check CHECK ((tolerance_units >= 0))
);
CREATE INDEX count_sheet_opened ON public.count_sheet USING btree (site_id, opened_at DESC, sheet_id DESC);
grant delete, insert, select, update on count_sheet to quartermaster_server;

create table credit_account (
  site_id integer not null,
  customer_id integer not null,
  currency text not null,
  limit_minor bigint not null,
  owed_minor bigint not null,
  open_minor bigint not null,
  constraint credit_account_pkey PRIMARY KEY (site_id, customer_id),
  constraint credit_account_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint credit_account_limit_minor_check CHECK ((limit_minor >= 0)),
  constraint credit_account_open_minor_check CHECK ((open_minor >= 0)),
  constraint credit_account_owed_minor_check CHECK ((owed_minor >= 0))
);
grant delete, insert, select, update on credit_account to quartermaster_server;

create table customer_backorder_class (
  customer_id integer not null,
  class_code text not null,
  constraint customer_backorder_class_pkey PRIMARY KEY (customer_id)
);
grant delete, insert, select, update on customer_backorder_class to quartermaster_server;

create table customer_terms (
  customer_id integer not null,
  customer_group text,
  currency text,
  tax_code text,
  payment_term text,
  minimum_life_days integer not null default 0,
  constraint customer_terms_pkey PRIMARY KEY (customer_id),
  constraint customer_terms_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint customer_terms_minimum_life_days_check CHECK (((minimum_life_days >= 0) AND (minimum_life_days <= 3650)))
);
grant delete, insert, select, update on customer_terms to quartermaster_server;

create table demand_event (
  event_id uuid not null,
  kind text not null,
  name text not null,
  from_on date not null,
  to_on date not null,
  site_id integer,
  item_id integer,
  category text,
  maker text not null,
  made_at timestamp with time zone not null,
  undone_at timestamp with time zone,
  constraint demand_event_pkey PRIMARY KEY (event_id),
  constraint demand_event_check CHECK ((to_on >= from_on)),
  constraint demand_event_check1 CHECK (((category IS NULL) OR (item_id IS NULL))),
  constraint demand_event_kind_check CHECK ((kind = ANY (ARRAY['promotion'::text, 'holiday'::text, 'closed'::text]))),
  constraint demand_event_name_check CHECK ((name <> ''::text))
);
CREATE INDEX demand_event_name ON public.demand_event USING btree (lower(name));
CREATE INDEX demand_event_time ON public.demand_event USING btree (from_on, event_id);
grant delete, insert, select, update on demand_event to quartermaster_server;

create table discount (
  code text not null,
  level text not null,
  customer_id integer,
  customer_group text,
  item_id integer,
  per_million integer,
  amount_minor bigint,
  currency text,
  minimum bigint not null,
  minimum_minor bigint not null,
  valid_from date not null,
  valid_to date,
  constraint discount_pkey PRIMARY KEY (code),
  constraint discount_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint discount_check CHECK ((valid_to >= valid_from)),
  constraint discount_check1 CHECK (((per_million IS NULL) <> (amount_minor IS NULL))),
  constraint discount_check2 CHECK (((currency IS NOT NULL) OR ((amount_minor IS NULL) AND (minimum_minor = 0)))),
  constraint discount_check3 CHECK (((level = 'line'::text) OR (item_id IS NULL))),
  constraint discount_check4 CHECK (((customer_id IS NULL) OR (customer_group IS NULL))),
  constraint discount_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint discount_level_check CHECK ((level = ANY (ARRAY['line'::text, 'order'::text]))),
  constraint discount_minimum_check CHECK ((minimum >= 0)),
  constraint discount_minimum_minor_check CHECK ((minimum_minor >= 0)),
  constraint discount_per_million_check CHECK (((per_million >= 0) AND (per_million <= 1000000)))
);
grant delete, insert, select, update on discount to quartermaster_server;

create table epoch (
  epoch integer not null,
  begun_at timestamp with time zone not null,
  reason text not null,
  constraint epoch_pkey PRIMARY KEY (epoch)
);
grant delete, insert, select, update on epoch to quartermaster_server;

create table exception (
  site_id integer not null,
  exception_id uuid not null,
  kind text not null,
  item_id integer,
  document_id uuid,
  line integer,
  quantity bigint not null,
  detail text not null,
  raised_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  place_id integer,
  hurt_lines integer not null default 0,
  hurt_value_minor bigint not null default 0,
  constraint exception_pkey PRIMARY KEY (site_id, exception_id),
  constraint exception_hurt_lines_check CHECK ((hurt_lines >= 0)),
  constraint exception_hurt_value_minor_check CHECK ((hurt_value_minor >= 0))
);
CREATE INDEX exception_open ON public.exception USING btree (site_id, raised_at) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX exception_overdue ON public.exception USING btree (site_id, document_id, line) WHERE ((kind = 'supply_overdue'::text) AND (closed_at IS NULL));
CREATE UNIQUE INDEX exception_phantom ON public.exception USING btree (site_id, item_id) WHERE ((kind = 'phantom_stock'::text) AND (closed_at IS NULL));
CREATE INDEX exception_short_pick ON public.exception USING btree (site_id, item_id) WHERE ((kind = 'short_pick'::text) AND (closed_at IS NULL));
CREATE INDEX exception_slip ON public.exception USING btree (site_id, document_id) WHERE ((kind = ANY (ARRAY['supply_late'::text, 'supply_overdue'::text])) AND (closed_at IS NULL));
CREATE UNIQUE INDEX exception_uncollected ON public.exception USING btree (site_id, document_id) WHERE ((kind = 'not_collected'::text) AND (closed_at IS NULL));
grant delete, insert, select, update on exception to quartermaster_server;

create table exception_hurt (
  site_id integer not null,
  exception_id uuid not null,
  order_id uuid not null,
  line integer not null,
  quantity bigint not null,
  promised_on date,
  estimated_on date,
  constraint exception_hurt_pkey PRIMARY KEY (site_id, exception_id, order_id, line),
  constraint exception_hurt_quantity_check CHECK ((quantity > 0))
);
grant insert, select on exception_hurt to quartermaster_server;

create table exchange_rate (
  currency text not null,
  valid_from date not null,
  rate_e9 bigint not null,
  constraint exchange_rate_pkey PRIMARY KEY (currency, valid_from),
  constraint exchange_rate_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint exchange_rate_rate_e9_check CHECK ((rate_e9 > 0))
);
grant delete, insert, select, update on exchange_rate to quartermaster_server;

create table feed_span (
  position_from bigint not null,
  site_id integer not null,
  sequence_from bigint not null,
  sequence_to bigint not null,
  constraint feed_span_pkey PRIMARY KEY (position_from),
  constraint feed_span_check CHECK ((sequence_to >= sequence_from))
);
grant delete, insert, select, update on feed_span to quartermaster_server;

create table flow_standing (
  site_id integer not null,
  stage text not null,
  due_on date not null,
  lines bigint not null,
  value_minor numeric not null,
  constraint flow_standing_pkey PRIMARY KEY (site_id, stage, due_on),
  constraint flow_standing_check CHECK (((lines > 0) OR (value_minor = (0)::numeric))),
  constraint flow_standing_lines_check CHECK ((lines >= 0)),
  constraint flow_standing_stage_check CHECK ((stage = ANY (ARRAY['order'::text, 'promise'::text, 'reserve'::text, 'purchase'::text, 'produce'::text, 'store'::text, 'transport'::text, 'deliver'::text, 'deliver_late'::text]))),
  constraint flow_standing_value_minor_check CHECK ((value_minor >= (0)::numeric))
) with (fillfactor=50);
grant delete, insert, select, update on flow_standing to quartermaster_server;

create table forecast_adjustment (
  site_id integer not null,
  adjustment_id uuid not null,
  item_id integer not null,
  from_on date not null,
  to_on date not null,
  percent integer not null,
  reason text not null,
  adjuster text not null,
  made_at timestamp with time zone not null,
  undone_at timestamp with time zone,
  forecast_units double precision not null,
  constraint forecast_adjustment_pkey PRIMARY KEY (site_id, adjustment_id),
  constraint forecast_adjustment_check CHECK ((to_on >= from_on)),
  constraint forecast_adjustment_forecast_units_check CHECK ((forecast_units >= (0)::double precision)),
  constraint forecast_adjustment_percent_check CHECK (((percent >= '-100'::integer) AND (percent <= 1000))),
  constraint forecast_adjustment_percent_check1 CHECK ((percent <> 0))
);
CREATE INDEX forecast_adjustment_item ON public.forecast_adjustment USING btree (site_id, item_id, to_on) WHERE (undone_at IS NULL);
grant delete, insert, select, update on forecast_adjustment to quartermaster_server;

create table forecast_analogue (
  item_id integer not null,
  like_item_id integer,
  percent integer not null,
  constraint forecast_analogue_pkey PRIMARY KEY (item_id),
  constraint forecast_analogue_check CHECK ((like_item_id <> item_id)),
  constraint forecast_analogue_percent_check CHECK (((percent >= 1) AND (percent <= 1000)))
);
grant delete, insert, select, update on forecast_analogue to quartermaster_server;

create table idempotency_key (
  site_id integer not null,
  caller text not null,
  key text not null,
  request_sha256 bytea not null,
  status integer not null,
  answer text not null,
  recorded_at timestamp with time zone not null,
  command text,
  constraint idempotency_key_pkey PRIMARY KEY (site_id, caller, key)
);
CREATE INDEX idempotency_key_recorded ON public.idempotency_key USING btree (site_id, recorded_at) WHERE (recorded_at > '-infinity'::timestamp with time zone);
grant delete, insert, select, update on idempotency_key to quartermaster_server;

create table item (
  item_id integer not null,
  sku text not null,
  name text not null,
  unit text not null,
  tracking text not null,
  standard_cost_minor bigint not null,
  list_price_minor bigint not null,
  source text not null default 'buy'::text,
  make_days integer not null default 0,
  weight_mg bigint,
  valuation text not null default 'average'::text,
  category text,
  service_level_e3 integer,
  constraint item_pkey PRIMARY KEY (item_id),
  constraint item_sku_key UNIQUE (sku),
  constraint item_category_check CHECK ((category <> ''::text)),
  constraint item_list_price_minor_check CHECK ((list_price_minor >= 0)),
  constraint item_make_days_check CHECK ((make_days >= 0)),
  constraint item_service_level_e3_check CHECK (((service_level_e3 >= 0) AND (service_level_e3 <= 999))),
  constraint item_source_check CHECK ((source = ANY (ARRAY['buy'::text, 'make'::text]))),
  constraint item_standard_cost_minor_check CHECK ((standard_cost_minor >= 0)),
  constraint item_tracking_check CHECK ((tracking = ANY (ARRAY['none'::text, 'lot'::text, 'serial'::text]))),
  constraint item_valuation_check CHECK ((valuation = ANY (ARRAY['average'::text, 'fifo'::text, 'standard'::text]))),
  constraint item_weight_mg_check CHECK ((weight_mg >= 0))
);
CREATE INDEX item_category ON public.item USING btree (category, sku COLLATE "C");
CREATE INDEX item_code ON public.item USING btree (sku COLLATE "C");
CREATE INDEX item_words ON public.item USING gin (to_tsvector('simple'::regconfig, translate(((sku || ' '::text) || name), '-_/.,;:+*#()[]'::text, '              '::text)));
grant delete, insert, select, update on item to quartermaster_server;

create table item_planning (
  site_id integer not null,
  item_id integer not null,
  policy text,
  reorder_point bigint,
  order_up_to bigint,
  fixed_cost_minor bigint,
  service_e3 integer,
  service_by_cost boolean not null default false,
  shelf_max bigint,
  shelf_life_days integer,
  constraint item_planning_pkey PRIMARY KEY (site_id, item_id),
  constraint item_planning_check CHECK ((order_up_to > reorder_point)),
  constraint item_planning_check1 CHECK (((reorder_point IS NULL) = (order_up_to IS NULL))),
  constraint item_planning_check2 CHECK (((fixed_cost_minor IS NULL) OR (reorder_point IS NULL))),
  constraint item_planning_check3 CHECK (((NOT (policy IS DISTINCT FROM 'levels'::text)) = (COALESCE(reorder_point, fixed_cost_minor) IS NOT NULL))),
  constraint item_planning_check4 CHECK ((NOT (service_by_cost AND (service_e3 IS NOT NULL)))),
  constraint item_planning_fixed_cost_minor_check CHECK ((fixed_cost_minor > 0)),
  constraint item_planning_policy_check CHECK ((policy = ANY (ARRAY['review'::text, 'levels'::text, 'none'::text]))),
  constraint item_planning_reorder_point_check CHECK ((reorder_point >= 0)),
  constraint item_planning_service_e3_check CHECK (((service_e3 >= 1) AND (service_e3 <= 999))),
  constraint item_planning_shelf_life_days_check CHECK ((shelf_life_days > 0)),
  constraint item_planning_shelf_max_check CHECK ((shelf_max > 0))
);
grant delete, insert, select, update on item_planning to quartermaster_server;

create table item_tax (
  item_id integer not null,
  code text not null,
  constraint item_tax_pkey PRIMARY KEY (item_id)
);
grant delete, insert, select, update on item_tax to quartermaster_server;

create table item_unit (
  item_id integer not null,
  unit text not null,
  of_unit text not null,
  numerator bigint not null,
  denominator bigint not null,
  rounding text not null,
  constraint item_unit_pkey PRIMARY KEY (item_id, unit, of_unit),
  constraint item_unit_check CHECK ((unit <> of_unit)),
  constraint item_unit_denominator_check CHECK ((denominator > 0)),
  constraint item_unit_numerator_check CHECK ((numerator > 0)),
  constraint item_unit_rounding_check CHECK ((rounding = ANY (ARRAY['exact'::text, 'up'::text, 'down'::text, 'half_even'::text])))
);
grant delete, insert, select, update on item_unit to quartermaster_server;

create table item_value (
  site_id integer not null,
  item_id integer not null,
  owner_id integer not null,
  quantity bigint not null,
  value_minor bigint not null,
  last_value_minor bigint not null,
  last_quantity bigint not null,
  method text not null default 'average'::text,
  layers jsonb,
  moved_at timestamp with time zone,
  came_at timestamp with time zone,
  constraint item_value_pkey PRIMARY KEY (site_id, item_id, owner_id),
  constraint item_value_check CHECK (((quantity <> 0) OR (value_minor = 0))),
  constraint item_value_check1 CHECK (((layers IS NOT NULL) = (method = 'fifo'::text))),
  constraint item_value_last_quantity_check CHECK ((last_quantity > 0)),
  constraint item_value_last_value_minor_check CHECK ((last_value_minor >= 0)),
  constraint item_value_method_check CHECK ((method = ANY (ARRAY['average'::text, 'fifo'::text, 'standard'::text])))
) with (fillfactor=80);
CREATE INDEX item_value_owner ON public.item_value USING btree (site_id, owner_id, item_id);
grant delete, insert, select, update on item_value to quartermaster_server;

create table kit_component (
  kit_id integer not null,
  component_id integer not null,
  quantity bigint not null,
  constraint kit_component_pkey PRIMARY KEY (kit_id, component_id),
  constraint kit_component_check CHECK ((kit_id <> component_id)),
  constraint kit_component_quantity_check CHECK ((quantity > 0))
);
grant delete, insert, select, update on kit_component to quartermaster_server;

create table later_promise (
  site_id integer not null,
  order_id uuid not null,
  line integer not null,
  number integer not null,
  promised_on date not null,
  promised_at timestamp with time zone not null,
  exception_id uuid not null,
  constraint later_promise_pkey PRIMARY KEY (site_id, order_id, line, number),
  constraint later_promise_number_check CHECK ((number > 0))
);
grant insert, select on later_promise to quartermaster_server;

create table line_price (
  site_id integer not null,
  order_id uuid not null,
  line integer not null,
  discount_minor bigint not null,
  order_discount_minor bigint not null,
  tax_code text,
  tax_per_million integer not null,
  tax_minor bigint not null,
  steps json not null,
  constraint line_price_pkey PRIMARY KEY (site_id, order_id, line),
  constraint line_price_check CHECK (((tax_code IS NOT NULL) OR ((tax_per_million = 0) AND (tax_minor = 0)))),
  constraint line_price_discount_minor_check CHECK ((discount_minor >= 0)),
  constraint line_price_order_discount_minor_check CHECK ((order_discount_minor >= 0)),
  constraint line_price_tax_minor_check CHECK ((tax_minor >= 0)),
  constraint line_price_tax_per_million_check CHECK ((tax_per_million >= 0))
);
grant delete, insert, select, update on line_price to quartermaster_server;

create table line_supply (
  site_id integer not null,
  order_id uuid not null,
  line integer not null,
  how text not null,
  supplier_id integer not null,
  unit_cost_minor bigint not null,
  lead_time_days integer not null,
  constraint line_supply_pkey PRIMARY KEY (site_id, order_id, line),
  constraint line_supply_how_check CHECK ((how = ANY (ARRAY['purchase'::text, 'drop_ship'::text]))),
  constraint line_supply_lead_time_days_check CHECK ((lead_time_days >= 0)),
  constraint line_supply_unit_cost_minor_check CHECK ((unit_cost_minor >= 0))
);
grant insert, select on line_supply to quartermaster_server;

create table loss (
  site_id integer not null,
  document_id uuid not null,
  item_id integer not null,
  owner_id integer not null,
  quantity bigint not null,
  place_id integer not null,
  lot text not null,
  serial text not null,
  condition text not null,
  cause text not null,
  origin text not null,
  note text not null,
  evidence text not null,
  value_minor bigint not null,
  lost_at timestamp with time zone not null,
  undoes uuid,
  constraint loss_pkey PRIMARY KEY (site_id, document_id),
  constraint loss_cause_check CHECK ((cause = ANY (ARRAY['theft_external'::text, 'theft_internal'::text, 'theft'::text, 'breakage'::text, 'expiry'::text, 'lost'::text, 'administrative'::text, 'supplier_short'::text, 'transit'::text, 'unexplained'::text]))),
  constraint loss_condition_check CHECK ((condition = ANY (ARRAY['sellable'::text, 'quarantine'::text, 'damaged'::text, 'expired'::text]))),
  constraint loss_origin_check CHECK ((origin = ANY (ARRAY['supplier'::text, 'transit'::text, 'backroom'::text, 'floor'::text, 'till'::text, 'expiry'::text]))),
  constraint loss_quantity_check CHECK ((quantity > 0))
);
CREATE UNIQUE INDEX loss_undoes ON public.loss USING btree (site_id, undoes) WHERE (undoes IS NOT NULL);
grant insert, select on loss to quartermaster_server;

create table lot (
  site_id integer not null,
  item_id integer not null,
  lot text not null,
  expires_on date,
  recalls uuid[] not null default '{}'::uuid[],
  recalled_at timestamp with time zone,
  constraint lot_pkey PRIMARY KEY (site_id, item_id, lot),
  constraint lot_recalled_check CHECK (((recalled_at IS NULL) = (recalls = '{}'::uuid[])))
);
CREATE INDEX lot_recalled ON public.lot USING btree (site_id) WHERE (recalls <> '{}'::uuid[]);
grant delete, insert, select, update on lot to quartermaster_server;

create table migration (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null,
  constraint migration_pkey PRIMARY KEY (number)
);
grant select on migration to quartermaster_server;

create table move (
  site_id integer not null,
  sequence bigint not null,
  item_id integer not null,
  quantity bigint not null,
  from_place_id integer not null,
  from_package text not null,
  from_lot text not null,
  from_serial text not null,
  from_condition text not null,
  from_owner_id integer not null,
  to_place_id integer not null,
  to_package text not null,
  to_lot text not null,
  to_serial text not null,
  to_condition text not null,
  to_owner_id integer not null,
  cause text not null,
  document_id uuid not null,
  line integer not null,
  part integer not null,
  actor text not null,
  value_minor bigint not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  hash bytea not null,
  seal bytea not null,
  constraint move_pkey PRIMARY KEY (site_id, sequence),
  constraint move_check CHECK (((from_serial = ''::text) OR (quantity = 1))),
  constraint move_check1 CHECK (((to_serial = ''::text) OR (quantity = 1))),
  constraint move_from_condition_check CHECK ((from_condition = ANY (ARRAY['sellable'::text, 'quarantine'::text, 'damaged'::text, 'expired'::text]))),
  constraint move_quantity_check CHECK ((quantity > 0)),
  constraint move_to_condition_check CHECK ((to_condition = ANY (ARRAY['sellable'::text, 'quarantine'::text, 'damaged'::text, 'expired'::text])))
);
CREATE INDEX move_document ON public.move USING btree (site_id, document_id);
CREATE INDEX move_item ON public.move USING btree (site_id, item_id, sequence);
CREATE INDEX move_shrinkage ON public.move USING btree (site_id, occurred_at, sequence) WHERE ((to_place_id = ANY (ARRAY[6, 7, 8, 9, 10, 14, 15, 16, 17, 18])) OR (from_place_id = ANY (ARRAY[6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18])));
CREATE INDEX move_told_apart ON public.move USING btree (site_id, item_id, to_lot, to_serial) WHERE (((to_lot <> ''::text) OR (to_serial <> ''::text)) AND (LEAST(from_place_id, to_place_id) < 100));
grant insert, select on move to quartermaster_server;

create table order_hold (
  site_id integer not null,
  order_id uuid not null,
  hold_id uuid not null,
  kind text not null,
  reason text not null,
  placed_at timestamp with time zone not null,
  placed_by text not null,
  taken_off_at timestamp with time zone,
  taken_off_by text,
  note text,
  constraint order_hold_pkey PRIMARY KEY (site_id, order_id, hold_id),
  constraint order_hold_check CHECK ((taken_off_at >= placed_at)),
  constraint order_hold_check1 CHECK (((taken_off_at IS NULL) = (taken_off_by IS NULL))),
  constraint order_hold_check2 CHECK (((taken_off_at IS NULL) = (note IS NULL))),
  constraint order_hold_kind_check CHECK ((kind = ANY (ARRAY['manual'::text, 'credit'::text, 'fraud'::text, 'payment'::text])))
);
grant delete, insert, select, update on order_hold to quartermaster_server;

create table order_kit (
  site_id integer not null,
  order_id uuid not null,
  kit integer not null,
  item_id integer not null,
  quantity bigint not null,
  unit_price_minor bigint not null,
  constraint order_kit_pkey PRIMARY KEY (site_id, order_id, kit),
  constraint order_kit_quantity_check CHECK ((quantity > 0)),
  constraint order_kit_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);
grant insert, select on order_kit to quartermaster_server;

create table order_line (
  site_id integer not null,
  order_id uuid not null,
  line integer not null,
  item_id integer not null,
  source_site_id integer not null,
  quantity bigint not null,
  unit_price_minor bigint not null,
  requested_on date not null,
  promised_on date,
  cancelled bigint not null,
  shipped bigint not null,
  delivered bigint not null,
  returned bigint not null,
  came_back bigint not null default 0,
  price_basis text,
  kit integer,
  kit_each bigint,
  lost bigint not null default 0,
  constraint order_line_pkey PRIMARY KEY (site_id, order_id, line),
  constraint order_line_came_back_check CHECK ((came_back >= 0)),
  constraint order_line_cancelled_check CHECK ((cancelled >= 0)),
  constraint order_line_check CHECK (((cancelled + shipped) <= quantity)),
  constraint order_line_check1 CHECK ((delivered <= shipped)),
  constraint order_line_check2 CHECK ((returned <= delivered)),
  constraint order_line_check3 CHECK (((delivered + came_back) <= shipped)),
  constraint order_line_delivered_check CHECK ((delivered >= 0)),
  constraint order_line_kit_check CHECK ((((kit IS NULL) = (kit_each IS NULL)) AND ((quantity % kit_each) = 0))),
  constraint order_line_kit_each_check CHECK ((kit_each > 0)),
  constraint order_line_lost_check CHECK ((lost >= 0)),
  constraint order_line_price_basis_check CHECK ((price_basis = ANY (ARRAY['item'::text, 'given'::text, 'book'::text]))),
  constraint order_line_quantity_check CHECK ((quantity > 0)),
  constraint order_line_returned_check CHECK ((returned >= 0)),
  constraint order_line_shipped_check CHECK ((shipped >= 0)),
  constraint order_line_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);
grant delete, insert, select, update on order_line to quartermaster_server;

create table order_terms (
  site_id integer not null,
  order_id uuid not null,
  currency text not null,
  rate_e9 bigint not null,
  payment_term text,
  net_days integer,
  discount_days integer,
  discount_per_million integer,
  constraint order_terms_pkey PRIMARY KEY (site_id, order_id),
  constraint order_terms_check CHECK (((payment_term IS NULL) = (net_days IS NULL))),
  constraint order_terms_check1 CHECK (((payment_term IS NULL) = (discount_days IS NULL))),
  constraint order_terms_check2 CHECK (((payment_term IS NULL) = (discount_per_million IS NULL))),
  constraint order_terms_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint order_terms_rate_e9_check CHECK ((rate_e9 > 0))
);
grant insert, select on order_terms to quartermaster_server;

create table orders (
  site_id integer not null,
  order_id uuid not null,
  number bigint not null,
  kind text not null,
  customer_id integer not null,
  reference text,
  ship_complete boolean not null,
  priority integer not null,
  ordered_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  constraint orders_pkey PRIMARY KEY (site_id, order_id),
  constraint orders_kind_check CHECK ((kind = ANY (ARRAY['order'::text, 'sale'::text])))
);
CREATE INDEX orders_customer ON public.orders USING btree (site_id, customer_id, number);
CREATE UNIQUE INDEX orders_number ON public.orders USING btree (site_id, number);
grant delete, insert, select, update on orders to quartermaster_server;

create table outbox (
  site_id integer not null,
  sequence bigint not null,
  type text not null,
  version integer not null,
  subject text not null,
  to_site_id integer,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  data json not null,
  constraint outbox_pkey PRIMARY KEY (site_id, sequence)
);
CREATE INDEX outbox_counted ON public.outbox USING btree (site_id, sequence) WHERE (type = 'stock.counted'::text);
CREATE INDEX outbox_message ON public.outbox USING btree (site_id, sequence) WHERE (to_site_id IS NOT NULL);
CREATE INDEX outbox_service_level ON public.outbox USING btree (site_id, sequence) WHERE (type = 'item.service_level_set'::text);
CREATE INDEX outbox_subject ON public.outbox USING btree (site_id, subject, sequence);
grant insert, select on outbox to quartermaster_server;

create table outbox_cursor (
  site_id integer not null,
  reader text not null,
  sequence bigint not null,
  constraint outbox_cursor_pkey PRIMARY KEY (site_id, reader)
);
grant delete, insert, select, update on outbox_cursor to quartermaster_server;

create table package (
  site_id integer not null,
  sscc text not null,
  number bigint not null,
  order_id uuid not null,
  packed_at timestamp with time zone not null,
  carton_mg bigint not null,
  weighed_mg bigint,
  weight_mg bigint,
  shipment_id uuid,
  opened_at timestamp with time zone,
  constraint package_pkey PRIMARY KEY (site_id, sscc),
  constraint package_carton_mg_check CHECK ((carton_mg >= 0)),
  constraint package_check CHECK (((shipment_id IS NULL) OR (opened_at IS NULL))),
  constraint package_number_check CHECK ((number > 0)),
  constraint package_sscc_check CHECK ((sscc ~ '^[0-9]{18}$'::text)),
  constraint package_weighed_mg_check CHECK ((weighed_mg > 0)),
  constraint package_weight_mg_check CHECK ((weight_mg >= 0))
);
CREATE UNIQUE INDEX package_number ON public.package USING btree (site_id, number);
CREATE INDEX package_order ON public.package USING btree (site_id, order_id);
grant delete, insert, select, update on package to quartermaster_server;

create table party (
  party_id integer not null,
  code text not null,
  name text not null,
  kind text not null,
  currency text not null default 'USD'::text,
  constraint party_pkey PRIMARY KEY (party_id),
  constraint party_code_key UNIQUE (code),
  constraint party_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint party_kind_check CHECK ((kind = ANY (ARRAY['company'::text, 'customer'::text, 'supplier'::text])))
);
CREATE INDEX party_code ON public.party USING btree (code COLLATE "C");
CREATE INDEX party_words ON public.party USING gin (to_tsvector('simple'::regconfig, translate(((code || ' '::text) || name), '-_/.,;:+*#()[]'::text, '              '::text)));
grant delete, insert, select, update on party to quartermaster_server;

create table payment (
  site_id integer not null,
  order_id uuid not null,
  token text not null,
  currency text not null,
  hold_id uuid not null,
  constraint payment_pkey PRIMARY KEY (site_id, order_id),
  constraint payment_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
);
grant delete, insert, select, update on payment to quartermaster_server;

create table payment_step (
  site_id integer not null,
  order_id uuid not null,
  step integer not null,
  action text not null,
  amount_minor bigint not null,
  state text not null,
  reference text,
  reason text,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  constraint payment_step_pkey PRIMARY KEY (site_id, order_id, step),
  constraint payment_step_action_check CHECK ((action = ANY (ARRAY['authorise'::text, 'capture'::text, 'void'::text, 'refund'::text]))),
  constraint payment_step_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint payment_step_check CHECK ((answered_at >= asked_at)),
  constraint payment_step_check1 CHECK (((state = 'asked'::text) = (answered_at IS NULL))),
  constraint payment_step_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'unclear'::text, 'done'::text, 'declined'::text]))),
  constraint payment_step_step_check CHECK ((step > 0))
);
CREATE INDEX payment_step_open ON public.payment_step USING btree (site_id, order_id) WHERE (state = ANY (ARRAY['asked'::text, 'unclear'::text]));
grant delete, insert, select, update on payment_step to quartermaster_server;

create table payment_term (
  code text not null,
  name text not null,
  net_days integer not null,
  discount_days integer not null,
  discount_per_million integer not null,
  constraint payment_term_pkey PRIMARY KEY (code),
  constraint payment_term_check CHECK (((discount_days >= 0) AND (discount_days <= net_days))),
  constraint payment_term_discount_per_million_check CHECK (((discount_per_million >= 0) AND (discount_per_million <= 1000000))),
  constraint payment_term_net_days_check CHECK (((net_days >= 0) AND (net_days <= 3650)))
);
grant delete, insert, select, update on payment_term to quartermaster_server;

create table peg (
  site_id integer not null,
  supply_document_id uuid not null,
  supply_line integer not null,
  supply_part integer not null,
  demand_document_id uuid not null,
  demand_line integer not null,
  demand_part integer not null,
  quantity bigint not null,
  constraint peg_pkey PRIMARY KEY (site_id, supply_document_id, supply_line, supply_part, demand_document_id, demand_line, demand_part),
  constraint peg_quantity_check CHECK ((quantity > 0))
);
CREATE INDEX peg_demand ON public.peg USING btree (site_id, demand_document_id, demand_line, demand_part);
grant delete, insert, select, update on peg to quartermaster_server;

create table period (
  site_id integer not null,
  closed_through date not null,
  document_id uuid not null,
  move_sequence bigint not null,
  value_minor numeric not null,
  closed_at timestamp with time zone not null,
  constraint period_pkey PRIMARY KEY (site_id, closed_through)
);
grant insert, select on period to quartermaster_server;

create table place (
  site_id integer not null,
  place_id integer not null,
  code text not null,
  kind text not null,
  aisle integer,
  rack integer,
  level integer,
  walk_order bigint not null default '9007199254740991'::bigint,
  constraint place_pkey PRIMARY KEY (site_id, place_id),
  constraint place_site_id_code_key UNIQUE (site_id, code),
  constraint place_aisle_check CHECK (((aisle >= 1) AND (aisle <= 99999))),
  constraint place_check CHECK (
CASE
    WHEN (aisle IS NULL) THEN ((rack IS NULL) AND (level IS NULL) AND (walk_order = '9007199254740991'::bigint))
    ELSE (walk_order = (((((aisle)::bigint * 10000) +
    CASE
        WHEN ((aisle % 2) = 0) THEN (9999 - rack)
        ELSE rack
    END) * 10000) + level))
END),
  constraint place_level_check CHECK (((level >= 1) AND (level <= 9999))),
  constraint place_rack_check CHECK (((rack >= 1) AND (rack <= 9999)))
);
CREATE INDEX place_walk ON public.place USING btree (site_id, walk_order, place_id);
grant delete, insert, select, update on place to quartermaster_server;

create table plan_line (
  site_id integer not null,
  run_id uuid not null,
  item_id integer not null,
  plan_order_id uuid,
  source text not null,
  source_id integer,
  quantity bigint not null,
  due_on date,
  value_minor bigint not null,
  risk_minor bigint not null,
  supply bigint not null,
  message text,
  message_quantity bigint,
  demand_per_day double precision not null,
  variance_per_day double precision not null,
  "position" double precision not null,
  behind_days double precision not null,
  basis json not null,
  constraint plan_line_pkey PRIMARY KEY (site_id, run_id, item_id),
  constraint plan_line_message_check CHECK ((message = ANY (ARRAY['expedite'::text, 'surplus'::text]))),
  constraint plan_line_quantity_check CHECK ((quantity >= 0)),
  constraint plan_line_risk_minor_check CHECK ((risk_minor >= 0)),
  constraint plan_line_source_check CHECK ((source = ANY (ARRAY['supplier'::text, 'site'::text, 'production'::text, 'none'::text]))),
  constraint plan_line_supply_check CHECK ((supply >= 0)),
  constraint plan_line_value_minor_check CHECK ((value_minor >= 0))
);
CREATE INDEX plan_line_message ON public.plan_line USING btree (site_id, run_id) WHERE (message IS NOT NULL);
CREATE INDEX plan_line_order ON public.plan_line USING btree (site_id, plan_order_id) WHERE (plan_order_id IS NOT NULL);
grant delete, insert, select, update on plan_line to quartermaster_server;

create table plan_order (
  site_id integer not null,
  plan_order_id uuid not null,
  run_id uuid not null,
  source text not null,
  source_id integer not null,
  lines integer not null,
  value_minor bigint not null,
  risk_minor bigint not null,
  due_on date not null,
  within_budget boolean not null,
  waits boolean not null default false,
  joined json,
  constraint plan_order_pkey PRIMARY KEY (site_id, plan_order_id),
  constraint plan_order_lines_check CHECK ((lines > 0)),
  constraint plan_order_source_check CHECK ((source = ANY (ARRAY['supplier'::text, 'site'::text, 'production'::text])))
);
CREATE INDEX plan_order_risk ON public.plan_order USING btree (site_id, run_id, risk_minor DESC, plan_order_id);
grant delete, insert, select, update on plan_order to quartermaster_server;

create table plan_part (
  site_id integer not null,
  run_id uuid not null,
  level integer not null,
  source text not null,
  low_level_code integer not null,
  first_item integer not null,
  last_item integer not null,
  items integer,
  constraint plan_part_pkey PRIMARY KEY (site_id, run_id, level, source, first_item),
  constraint plan_part_check CHECK ((last_item >= first_item)),
  constraint plan_part_source_check CHECK ((source = ANY (ARRAY['buy'::text, 'make'::text])))
);
grant delete, insert, select, update on plan_part to quartermaster_server;

create table plan_run (
  site_id integer not null,
  run_id uuid not null,
  planned_on date not null,
  asked_at timestamp with time zone not null,
  asker text not null,
  state text not null,
  budget_minor bigint,
  ended_at timestamp with time zone,
  seconds double precision,
  ruled_at timestamp with time zone,
  constraint plan_run_pkey PRIMARY KEY (site_id, run_id),
  constraint plan_run_budget_minor_check CHECK ((budget_minor >= 0)),
  constraint plan_run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'cancelled'::text, 'replaced'::text])))
);
CREATE UNIQUE INDEX plan_run_done ON public.plan_run USING btree (site_id) WHERE (state = 'done'::text);
CREATE UNIQUE INDEX plan_run_running ON public.plan_run USING btree (site_id) WHERE (state = 'running'::text);
grant delete, insert, select, update on plan_run to quartermaster_server;

create table plan_schedule (
  site_id integer not null,
  plan_at text,
  time_zone text not null,
  set_at timestamp with time zone not null,
  constraint plan_schedule_pkey PRIMARY KEY (site_id),
  constraint plan_schedule_plan_at_check CHECK ((plan_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text))
);
grant delete, insert, select, update on plan_schedule to quartermaster_server;

create table planned_move (
  site_id integer not null,
  document_id uuid not null,
  line integer not null,
  part integer not null,
  kind text not null,
  direction text not null,
  status text not null,
  item_id integer not null,
  owner_id integer not null,
  from_place_id integer not null,
  to_place_id integer not null,
  home_site_id integer not null,
  due_on date not null,
  priority integer not null,
  age bigint not null,
  planned bigint not null,
  posted bigint not null,
  cancelled bigint not null,
  held bigint not null,
  pegged bigint not null,
  allocated bigint not null,
  hold_expires_at timestamp with time zone,
  unit_price_minor bigint not null default 0,
  bound boolean,
  constraint planned_move_pkey PRIMARY KEY (site_id, document_id, line, part),
  constraint planned_move_allocated_check CHECK ((allocated >= 0)),
  constraint planned_move_cancelled_check CHECK ((cancelled >= 0)),
  constraint planned_move_check CHECK ((((planned - posted) - cancelled) >= 0)),
  constraint planned_move_check1 CHECK ((held <= ((planned - posted) - cancelled))),
  constraint planned_move_check2 CHECK ((pegged <= ((planned - posted) - cancelled))),
  constraint planned_move_check3 CHECK ((allocated <= held)),
  constraint planned_move_direction_check CHECK ((direction = ANY (ARRAY['supply'::text, 'demand'::text]))),
  constraint planned_move_held_check CHECK ((held >= 0)),
  constraint planned_move_kind_check CHECK ((kind = ANY (ARRAY['order'::text, 'purchase'::text, 'transfer_out'::text, 'transfer_in'::text, 'component'::text, 'output'::text]))),
  constraint planned_move_pegged_check CHECK ((pegged >= 0)),
  constraint planned_move_planned_check CHECK ((planned > 0)),
  constraint planned_move_posted_check CHECK ((posted >= 0)),
  constraint planned_move_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'firm'::text, 'released'::text]))),
  constraint planned_move_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);
CREATE INDEX planned_move_component ON public.planned_move USING btree (site_id, item_id, priority, age) WHERE ((kind = 'component'::text) AND (((planned - posted) - cancelled) > 0));
CREATE INDEX planned_move_expiring ON public.planned_move USING btree (site_id, hold_expires_at) WHERE (hold_expires_at IS NOT NULL);
CREATE INDEX planned_move_open ON public.planned_move USING btree (site_id, item_id, due_on) WHERE (((planned - posted) - cancelled) > 0);
CREATE INDEX planned_move_supply_due ON public.planned_move USING btree (site_id, due_on) WHERE ((direction = 'supply'::text) AND (((planned - posted) - cancelled) > 0));
CREATE INDEX planned_move_transfer ON public.planned_move USING btree (site_id, document_id) WHERE (kind = ANY (ARRAY['transfer_in'::text, 'transfer_out'::text]));
grant delete, insert, select, update on planned_move to quartermaster_server;

create table planning_rule (
  site_id integer not null,
  service_e3 integer not null,
  review_days integer not null,
  stock text not null,
  constraint planning_rule_pkey PRIMARY KEY (site_id),
  constraint planning_rule_review_days_check CHECK (((review_days >= 1) AND (review_days <= 365))),
  constraint planning_rule_service_e3_check CHECK (((service_e3 >= 1) AND (service_e3 <= 999))),
  constraint planning_rule_stock_check CHECK ((stock = ANY (ARRAY['belief'::text, 'record'::text])))
);
grant delete, insert, select, update on planning_rule to quartermaster_server;

create table position_count (
  site_id integer not null,
  document_id uuid not null,
  line integer not null,
  item_id integer not null,
  owner_id integer not null,
  place_id integer not null,
  lot text not null,
  serial text not null,
  condition text not null,
  counted_at timestamp with time zone not null,
  difference bigint not null,
  constraint position_count_pkey PRIMARY KEY (site_id, document_id, line),
  constraint position_count_condition_check CHECK ((condition = ANY (ARRAY['sellable'::text, 'quarantine'::text, 'damaged'::text, 'expired'::text])))
);
CREATE INDEX position_count_item ON public.position_count USING btree (site_id, item_id, counted_at);
grant delete, insert, select, update on position_count to quartermaster_server;

create table price (
  item_id integer not null,
  list_code text not null,
  minimum bigint not null,
  valid_from date not null,
  valid_to date,
  unit_price_minor bigint not null,
  constraint price_pkey PRIMARY KEY (item_id, list_code, minimum, valid_from),
  constraint price_check CHECK ((valid_to >= valid_from)),
  constraint price_minimum_check CHECK ((minimum > 0)),
  constraint price_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);
CREATE INDEX price_by_list ON public.price USING btree (list_code, item_id);
grant delete, insert, select, update on price to quartermaster_server;

create table price_list (
  code text not null,
  name text not null,
  currency text not null,
  customer_id integer,
  customer_group text,
  valid_from date not null,
  valid_to date,
  constraint price_list_pkey PRIMARY KEY (code),
  constraint price_list_check CHECK ((valid_to >= valid_from)),
  constraint price_list_check1 CHECK (((customer_id IS NULL) OR (customer_group IS NULL))),
  constraint price_list_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
);
grant delete, insert, select, update on price_list to quartermaster_server;

create table promise (
  site_id integer not null,
  order_id uuid not null,
  line integer not null,
  number integer not null,
  given_at timestamp with time zone not null,
  quantity bigint not null,
  promised_on date,
  source_site_id integer not null,
  reason text not null,
  confidence text not null,
  because text not null,
  asked_item_id integer,
  constraint promise_pkey PRIMARY KEY (site_id, order_id, line, number),
  constraint promise_check CHECK (((promised_on IS NULL) = (confidence = 'none'::text))),
  constraint promise_confidence_check CHECK ((confidence = ANY (ARRAY['high'::text, 'medium'::text, 'low'::text, 'none'::text]))),
  constraint promise_number_check CHECK ((number > 0)),
  constraint promise_quantity_check CHECK ((quantity > 0)),
  constraint promise_reason_check CHECK ((reason = ANY (ARRAY['in_stock'::text, 'incoming_supply'::text, 'no_supply'::text])))
);
grant insert, select on promise to quartermaster_server;

create table purchase (
  site_id integer not null,
  purchase_id uuid not null,
  supplier_id integer not null,
  ordered_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  constraint purchase_pkey PRIMARY KEY (site_id, purchase_id)
);
CREATE INDEX purchase_listed ON public.purchase USING btree (site_id, recorded_at, purchase_id);
grant delete, insert, select, update on purchase to quartermaster_server;

create table purchase_line (
  site_id integer not null,
  purchase_id uuid not null,
  line integer not null,
  item_id integer not null,
  quantity bigint not null,
  unit_price_minor bigint not null,
  due_on date not null,
  received bigint not null,
  rejected bigint not null,
  cancelled bigint not null,
  order_id uuid,
  order_line integer,
  constraint purchase_line_pkey PRIMARY KEY (site_id, purchase_id, line),
  constraint purchase_line_cancelled_check CHECK ((cancelled >= 0)),
  constraint purchase_line_check CHECK ((cancelled <= quantity)),
  constraint purchase_line_order_check CHECK (((order_id IS NULL) = (order_line IS NULL))),
  constraint purchase_line_quantity_check CHECK ((quantity > 0)),
  constraint purchase_line_received_check CHECK ((received >= 0)),
  constraint purchase_line_rejected_check CHECK ((rejected >= 0)),
  constraint purchase_line_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);
CREATE INDEX purchase_line_order ON public.purchase_line USING btree (site_id, order_id) WHERE (order_id IS NOT NULL);
grant delete, insert, select, update on purchase_line to quartermaster_server;

create table recall (
  recall_id uuid not null,
  item_id integer not null,
  lot text not null,
  serial text not null,
  reason text not null,
  site_ids integer[] not null,
  recalled_at timestamp with time zone not null,
  lifted_at timestamp with time zone,
  constraint recall_pkey PRIMARY KEY (recall_id),
  constraint recall_check CHECK (((lot = ''::text) <> (serial = ''::text)))
);
CREATE INDEX recall_item ON public.recall USING btree (item_id);
CREATE INDEX recall_listed ON public.recall USING btree (recalled_at, recall_id);
grant delete, insert, select, update on recall to quartermaster_server;

create table restatement (
  site_id integer not null,
  document_id uuid not null,
  item_id integer not null,
  owner_id integer not null,
  move_sequence bigint not null,
  method text not null,
  standard_cost_minor bigint not null,
  method_before text not null,
  last_value_before_minor bigint not null,
  last_quantity_before bigint not null,
  restated_at timestamp with time zone not null,
  age bigint not null,
  constraint restatement_pkey PRIMARY KEY (site_id, document_id),
  constraint restatement_last_quantity_before_check CHECK ((last_quantity_before > 0)),
  constraint restatement_last_value_before_minor_check CHECK ((last_value_before_minor >= 0)),
  constraint restatement_method_before_check CHECK ((method_before = ANY (ARRAY['average'::text, 'fifo'::text, 'standard'::text]))),
  constraint restatement_method_check CHECK ((method = ANY (ARRAY['average'::text, 'fifo'::text, 'standard'::text]))),
  constraint restatement_standard_cost_minor_check CHECK ((standard_cost_minor >= 0))
);
CREATE INDEX restatement_item ON public.restatement USING btree (site_id, item_id, restated_at);
grant insert, select on restatement to quartermaster_server;

create table revaluation (
  site_id integer not null,
  item_id integer not null,
  owner_id integer not null,
  from_on date not null,
  document_id uuid not null,
  mark uuid not null,
  constraint revaluation_pkey PRIMARY KEY (site_id, item_id, owner_id)
);
grant delete, insert, select, update on revaluation to quartermaster_server;

create table rma (
  site_id integer not null,
  rma_id uuid not null,
  order_id uuid not null,
  number integer not null,
  authorised_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  exchange_order_id uuid,
  constraint rma_pkey PRIMARY KEY (site_id, rma_id),
  constraint rma_number_check CHECK ((number > 0))
);
CREATE UNIQUE INDEX rma_order ON public.rma USING btree (site_id, order_id, number);
grant delete, insert, select, update on rma to quartermaster_server;

create table rma_line (
  site_id integer not null,
  rma_id uuid not null,
  line integer not null,
  order_line integer not null,
  item_id integer not null,
  quantity bigint not null,
  reason text not null,
  note text not null,
  paid_minor bigint not null,
  cancelled bigint not null,
  received bigint not null,
  restocked bigint not null,
  refurbishing bigint not null,
  scrapped bigint not null,
  to_vendor bigint not null,
  refund_minor bigint not null,
  constraint rma_line_pkey PRIMARY KEY (site_id, rma_id, line),
  constraint rma_line_cancelled_check CHECK ((cancelled >= 0)),
  constraint rma_line_check CHECK (((cancelled + received) <= quantity)),
  constraint rma_line_check1 CHECK (((((restocked + refurbishing) + scrapped) + to_vendor) <= received)),
  constraint rma_line_check2 CHECK ((refund_minor <= paid_minor)),
  constraint rma_line_paid_minor_check CHECK ((paid_minor >= 0)),
  constraint rma_line_quantity_check CHECK ((quantity > 0)),
  constraint rma_line_reason_check CHECK ((reason = ANY (ARRAY['damaged'::text, 'defective'::text, 'wrong_item'::text, 'not_as_described'::text, 'too_late'::text, 'changed_mind'::text, 'other'::text]))),
  constraint rma_line_received_check CHECK ((received >= 0)),
  constraint rma_line_refund_minor_check CHECK ((refund_minor >= 0)),
  constraint rma_line_refurbishing_check CHECK ((refurbishing >= 0)),
  constraint rma_line_restocked_check CHECK ((restocked >= 0)),
  constraint rma_line_scrapped_check CHECK ((scrapped >= 0)),
  constraint rma_line_to_vendor_check CHECK ((to_vendor >= 0))
);
grant delete, insert, select, update on rma_line to quartermaster_server;

create table sales_day (
  site_id integer not null,
  sold_on date not null,
  item_id integer not null,
  units bigint not null,
  value_minor bigint not null,
  constraint sales_day_pkey PRIMARY KEY (site_id, sold_on, item_id)
);
CREATE INDEX sales_day_item ON public.sales_day USING btree (site_id, item_id, sold_on) INCLUDE (units);
grant delete, insert, select, update on sales_day to quartermaster_server;

create table sales_rolled (
  site_id integer not null,
  move_sequence bigint not null,
  constraint sales_rolled_pkey PRIMARY KEY (site_id)
);
grant delete, insert, select, update on sales_rolled to quartermaster_server;

create table shipment (
  site_id integer not null,
  shipment_id uuid not null,
  order_id uuid not null,
  home_site_id integer not null,
  shipped_at timestamp with time zone not null,
  delivered_at timestamp with time zone,
  received_by text,
  service_id integer,
  weight_mg bigint,
  price_minor bigint,
  promised_on date,
  estimated_on date,
  state text not null default 'shipped'::text,
  delivery_note text not null default ''::text,
  latitude_e6 integer,
  longitude_e6 integer,
  purchase_id uuid,
  carrier text,
  tracking_number text,
  constraint shipment_pkey PRIMARY KEY (site_id, shipment_id),
  constraint shipment_check CHECK (((service_id IS NULL) OR ((weight_mg IS NOT NULL) AND (price_minor IS NOT NULL)))),
  constraint shipment_check1 CHECK (((latitude_e6 IS NULL) = (longitude_e6 IS NULL))),
  constraint shipment_check2 CHECK (((delivered_at IS NULL) OR (received_by IS NOT NULL))),
  constraint shipment_latitude_e6_check CHECK (((latitude_e6 >= '-90000000'::integer) AND (latitude_e6 <= 90000000))),
  constraint shipment_longitude_e6_check CHECK (((longitude_e6 >= '-180000000'::integer) AND (longitude_e6 <= 180000000))),
  constraint shipment_price_minor_check CHECK ((price_minor >= 0)),
  constraint shipment_state_check CHECK ((state = ANY (ARRAY['shipped'::text, 'handed_over'::text, 'in_transit'::text, 'out_for_delivery'::text, 'exception'::text, 'delivered'::text, 'came_back'::text, 'lost'::text]))),
  constraint shipment_weight_mg_check CHECK ((weight_mg >= 0))
);
CREATE INDEX shipment_delivered ON public.shipment USING btree (site_id, delivered_at);
CREATE INDEX shipment_order ON public.shipment USING btree (site_id, order_id);
CREATE INDEX shipment_state ON public.shipment USING btree (site_id, state, shipment_id);
grant delete, insert, select, update on shipment to quartermaster_server;

create table shipment_line (
  site_id integer not null,
  shipment_id uuid not null,
  line integer not null,
  part integer not null,
  quantity bigint not null,
  delivered bigint not null default 0,
  came_back bigint not null default 0,
  lost bigint not null default 0,
  constraint shipment_line_pkey PRIMARY KEY (site_id, shipment_id, line, part),
  constraint shipment_line_came_back_check CHECK ((came_back >= 0)),
  constraint shipment_line_check CHECK (((delivered + came_back) <= quantity)),
  constraint shipment_line_check1 CHECK ((((delivered + came_back) + lost) <= quantity)),
  constraint shipment_line_delivered_check CHECK ((delivered >= 0)),
  constraint shipment_line_lost_check CHECK ((lost >= 0)),
  constraint shipment_line_quantity_check CHECK ((quantity > 0))
);
grant delete, insert, select, update on shipment_line to quartermaster_server;

create table site (
  site_id integer not null,
  code text not null,
  name text not null,
  owner_id integer not null,
  sscc_prefix text,
  write_off_expired_after_days integer default 0,
  constraint site_pkey PRIMARY KEY (site_id),
  constraint site_code_key UNIQUE (code),
  constraint site_code_check CHECK ((code ~ '^[A-Z][A-Z0-9]{1,7}$'::text)),
  constraint site_sscc_prefix_check CHECK ((sscc_prefix ~ '^[0-9]{4,13}$'::text)),
  constraint site_write_off_expired_after_days_check CHECK (((write_off_expired_after_days >= 0) AND (write_off_expired_after_days <= 3650)))
);
grant delete, insert, select, update on site to quartermaster_server;

create table site_head (
  site_id integer not null,
  move_sequence bigint not null,
  move_hash bytea not null,
  outbox_sequence bigint not null,
  last_number bigint not null,
  recorded_at timestamp with time zone not null,
  seal bytea not null,
  batches bigint not null default 0,
  closed_through date,
  constraint site_head_pkey PRIMARY KEY (site_id)
);
grant delete, insert, select, update on site_head to quartermaster_server;

create table site_source (
  site_id integer not null,
  item_source text not null,
  from_site_id integer not null,
  transfer_days integer not null,
  constraint site_source_pkey PRIMARY KEY (site_id, item_source),
  constraint site_source_check CHECK ((from_site_id <> site_id)),
  constraint site_source_item_source_check CHECK ((item_source = ANY (ARRAY['buy'::text, 'make'::text]))),
  constraint site_source_transfer_days_check CHECK ((transfer_days >= 0))
);
grant delete, insert, select, update on site_source to quartermaster_server;

create table source_terms (
  source text not null,
  source_id integer not null,
  least_minor bigint not null,
  load_units bigint,
  load_weight_mg bigint,
  constraint source_terms_pkey PRIMARY KEY (source, source_id),
  constraint source_terms_least_minor_check CHECK ((least_minor >= 0)),
  constraint source_terms_load_units_check CHECK ((load_units > 0)),
  constraint source_terms_load_weight_mg_check CHECK ((load_weight_mg > 0)),
  constraint source_terms_source_check CHECK ((source = ANY (ARRAY['supplier'::text, 'site'::text])))
);
grant delete, insert, select, update on source_terms to quartermaster_server;

create table sourcing_lane (
  site_id integer not null,
  from_site_id integer not null,
  "position" integer not null,
  cost_minor bigint not null,
  transit_days integer not null,
  keep_percent integer not null,
  constraint sourcing_lane_pkey PRIMARY KEY (site_id, from_site_id),
  constraint sourcing_lane_check CHECK ((from_site_id <> site_id)),
  constraint sourcing_lane_cost_minor_check CHECK ((cost_minor >= 0)),
  constraint sourcing_lane_keep_percent_check CHECK (((keep_percent >= 0) AND (keep_percent <= 100))),
  constraint sourcing_lane_position_check CHECK (("position" > 0)),
  constraint sourcing_lane_transit_days_check CHECK ((transit_days >= 0))
);
grant delete, insert, select, update on sourcing_lane to quartermaster_server;

create table sourcing_rule (
  site_id integer not null,
  prefers text not null,
  sources_max integer not null,
  splits_lines boolean not null,
  own_cost_minor bigint not null,
  constraint sourcing_rule_pkey PRIMARY KEY (site_id),
  constraint sourcing_rule_own_cost_minor_check CHECK ((own_cost_minor >= 0)),
  constraint sourcing_rule_prefers_check CHECK ((prefers = ANY (ARRAY['date'::text, 'cost'::text, 'sources'::text]))),
  constraint sourcing_rule_sources_max_check CHECK (((sources_max >= 1) AND (sources_max <= 4)))
);
grant delete, insert, select, update on sourcing_rule to quartermaster_server;

create table stock (
  site_id integer not null,
  item_id integer not null,
  owner_id integer not null,
  condition text not null,
  place_id integer not null,
  lot text not null,
  serial text not null,
  package text not null,
  quantity bigint not null,
  allocated bigint not null,
  constraint stock_pkey PRIMARY KEY (site_id, item_id, owner_id, condition, place_id, lot, serial, package),
  constraint stock_allocated_check CHECK ((allocated >= 0)),
  constraint stock_check CHECK ((allocated <= GREATEST(quantity, (0)::bigint))),
  constraint stock_check1 CHECK (((serial = ''::text) OR ((quantity >= '-1'::integer) AND (quantity <= 1))))
) with (fillfactor=80);
CREATE INDEX stock_place ON public.stock USING btree (site_id, place_id);
CREATE UNIQUE INDEX stock_serial ON public.stock USING btree (site_id, item_id, serial) WHERE ((serial <> ''::text) AND (quantity > 0));
grant delete, insert, select, update on stock to quartermaster_server;

create table substitute (
  item_id integer not null,
  substitute_id integer not null,
  "position" integer not null,
  chosen_by text not null,
  constraint substitute_pkey PRIMARY KEY (item_id, substitute_id),
  constraint substitute_check CHECK ((item_id <> substitute_id)),
  constraint substitute_chosen_by_check CHECK ((chosen_by = ANY (ARRAY['customer'::text, 'rule'::text]))),
  constraint substitute_position_check CHECK (("position" > 0))
);
grant delete, insert, select, update on substitute to quartermaster_server;

create table supplier_item (
  item_id integer not null,
  supplier_id integer not null,
  price_minor bigint not null,
  lead_time_days integer not null,
  order_minimum bigint not null,
  order_multiple bigint not null,
  preferred boolean not null,
  constraint supplier_item_pkey PRIMARY KEY (item_id, supplier_id),
  constraint supplier_item_lead_time_days_check CHECK ((lead_time_days >= 0)),
  constraint supplier_item_order_minimum_check CHECK ((order_minimum > 0)),
  constraint supplier_item_order_multiple_check CHECK ((order_multiple > 0)),
  constraint supplier_item_price_minor_check CHECK ((price_minor >= 0))
);
grant delete, insert, select, update on supplier_item to quartermaster_server;

create table tax_code (
  code text not null,
  name text not null,
  constraint tax_code_pkey PRIMARY KEY (code)
);
grant delete, insert, select, update on tax_code to quartermaster_server;

create table tax_rate (
  code text not null,
  valid_from date not null,
  per_million integer not null,
  constraint tax_rate_pkey PRIMARY KEY (code, valid_from),
  constraint tax_rate_per_million_check CHECK (((per_million >= 0) AND (per_million <= 10000000)))
);
grant delete, insert, select, update on tax_rate to quartermaster_server;

create table tracking_event (
  site_id integer not null,
  shipment_id uuid not null,
  sequence integer not null,
  kind text not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  estimated_on date,
  note text not null,
  constraint tracking_event_pkey PRIMARY KEY (site_id, shipment_id, sequence),
  constraint tracking_event_kind_check CHECK ((kind = ANY (ARRAY['handed_over'::text, 'in_transit'::text, 'out_for_delivery'::text, 'attempt_failed'::text, 'exception'::text, 'delivered'::text, 'came_back'::text, 'lost'::text]))),
  constraint tracking_event_sequence_check CHECK ((sequence > 0))
);
grant insert, select on tracking_event to quartermaster_server;

create table users (
  user_id integer not null,
  name text not null,
  display_name text not null,
  role text not null,
  site_ids integer[] not null,
  password_hash text not null,
  epoch integer not null,
  version integer not null,
  created_at timestamp with time zone not null,
  deactivated_at timestamp with time zone,
  constraint users_pkey PRIMARY KEY (user_id),
  constraint users_name_key UNIQUE (name),
  constraint users_epoch_check CHECK ((epoch > 0)),
  constraint users_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9._@+-]{0,99}$'::text)),
  constraint users_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text)),
  constraint users_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'sales'::text, 'buyer'::text, 'planner'::text, 'warehouse'::text, 'driver'::text, 'till'::text, 'shop'::text, 'auditor'::text]))),
  constraint users_version_check CHECK ((version > 0))
);
grant delete, insert, select, update on users to quartermaster_server;

create table value_correction (
  site_id integer not null,
  move_sequence bigint not null,
  item_id integer not null,
  owner_id integer not null,
  amount_minor bigint not null,
  reason text not null,
  recorded_at timestamp with time zone not null,
  correction_id uuid not null,
  place_id integer not null,
  counts_on date not null,
  document_id uuid not null,
  constraint value_correction_pkey PRIMARY KEY (site_id, correction_id),
  constraint value_correction_reason_check CHECK ((reason = ANY (ARRAY['true_up'::text, 'variance'::text, 'restated'::text, 'revalued'::text])))
);
CREATE INDEX value_correction_item ON public.value_correction USING btree (site_id, item_id, counts_on);
CREATE INDEX value_correction_shrinkage ON public.value_correction USING btree (site_id, counts_on) WHERE (place_id = ANY (ARRAY[6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18]));
grant insert, select on value_correction to quartermaster_server;

create table web_session (
  token_sha256 bytea not null,
  user_id integer not null,
  epoch integer not null,
  begun_at timestamp with time zone not null,
  used_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  browser text not null default ''::text,
  constraint web_session_pkey PRIMARY KEY (token_sha256),
  constraint web_session_browser_check CHECK ((length(browser) <= 300)),
  constraint web_session_check CHECK ((used_at >= begun_at)),
  constraint web_session_check1 CHECK ((ended_at >= begun_at)),
  constraint web_session_epoch_check CHECK ((epoch > 0)),
  constraint web_session_token_sha256_check CHECK ((length(token_sha256) = 32))
);
CREATE INDEX web_session_begun ON public.web_session USING btree (begun_at);
grant delete, insert, select, update on web_session to quartermaster_server;

create table work_component (
  site_id integer not null,
  work_order_id uuid not null,
  line integer not null,
  quantity bigint not null,
  batch bigint not null,
  scrap_per_million integer not null,
  used bigint not null,
  returned bigint not null,
  issued_minor bigint not null,
  used_minor bigint not null,
  returned_minor bigint not null,
  constraint work_component_pkey PRIMARY KEY (site_id, work_order_id, line),
  constraint work_component_batch_check CHECK ((batch > 0)),
  constraint work_component_check CHECK (((used_minor + returned_minor) <= issued_minor)),
  constraint work_component_issued_minor_check CHECK ((issued_minor >= 0)),
  constraint work_component_quantity_check CHECK ((quantity > 0)),
  constraint work_component_returned_check CHECK ((returned >= 0)),
  constraint work_component_returned_minor_check CHECK ((returned_minor >= 0)),
  constraint work_component_scrap_per_million_check CHECK (((scrap_per_million >= 0) AND (scrap_per_million <= 999999))),
  constraint work_component_used_check CHECK ((used >= 0)),
  constraint work_component_used_minor_check CHECK ((used_minor >= 0))
);
grant delete, insert, select, update on work_component to quartermaster_server;

create table work_order (
  site_id integer not null,
  work_order_id uuid not null,
  item_id integer not null,
  quantity bigint not null,
  make_days integer not null,
  due_on date not null,
  recorded_at timestamp with time zone not null,
  recalls uuid[] not null default '{}'::uuid[],
  constraint work_order_pkey PRIMARY KEY (site_id, work_order_id),
  constraint work_order_make_days_check CHECK ((make_days >= 0)),
  constraint work_order_quantity_check CHECK ((quantity > 0))
);
CREATE INDEX work_order_listed ON public.work_order USING btree (site_id, recorded_at, work_order_id);
CREATE INDEX work_order_recalled ON public.work_order USING btree (site_id) WHERE (recalls <> '{}'::uuid[]);
grant delete, insert, select, update on work_order to quartermaster_server;

alter table customer_backorder_class add constraint customer_backorder_class_class_code_fkey FOREIGN KEY (class_code) REFERENCES backorder_class(code);
alter table customer_backorder_class add constraint customer_backorder_class_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES party(party_id);
alter table customer_terms add constraint customer_terms_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES party(party_id);
alter table customer_terms add constraint customer_terms_payment_term_fkey FOREIGN KEY (payment_term) REFERENCES payment_term(code);
alter table customer_terms add constraint customer_terms_tax_code_fkey FOREIGN KEY (tax_code) REFERENCES tax_code(code);
alter table discount add constraint discount_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES party(party_id);
alter table item_tax add constraint item_tax_code_fkey FOREIGN KEY (code) REFERENCES tax_code(code);
alter table item_unit add constraint item_unit_item_id_fkey FOREIGN KEY (item_id) REFERENCES item(item_id);
alter table kit_component add constraint kit_component_component_id_fkey FOREIGN KEY (component_id) REFERENCES item(item_id);
alter table kit_component add constraint kit_component_kit_id_fkey FOREIGN KEY (kit_id) REFERENCES item(item_id);
alter table price add constraint price_list_code_fkey FOREIGN KEY (list_code) REFERENCES price_list(code);
alter table price_list add constraint price_list_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES party(party_id);
alter table recall add constraint recall_item_id_fkey FOREIGN KEY (item_id) REFERENCES item(item_id);
alter table site add constraint site_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES party(party_id);
alter table site_source add constraint site_source_from_site_id_fkey FOREIGN KEY (from_site_id) REFERENCES site(site_id);
alter table site_source add constraint site_source_site_id_fkey FOREIGN KEY (site_id) REFERENCES site(site_id);
alter table sourcing_lane add constraint sourcing_lane_from_site_id_fkey FOREIGN KEY (from_site_id) REFERENCES site(site_id);
alter table sourcing_lane add constraint sourcing_lane_site_id_fkey FOREIGN KEY (site_id) REFERENCES site(site_id);
alter table sourcing_rule add constraint sourcing_rule_site_id_fkey FOREIGN KEY (site_id) REFERENCES site(site_id);
alter table substitute add constraint substitute_item_id_fkey FOREIGN KEY (item_id) REFERENCES item(item_id);
alter table substitute add constraint substitute_substitute_id_fkey FOREIGN KEY (substitute_id) REFERENCES item(item_id);
alter table supplier_item add constraint supplier_item_item_id_fkey FOREIGN KEY (item_id) REFERENCES item(item_id);
alter table supplier_item add constraint supplier_item_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES party(party_id);
alter table tax_rate add constraint tax_rate_code_fkey FOREIGN KEY (code) REFERENCES tax_code(code);
alter table web_session add constraint web_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id);
