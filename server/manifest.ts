// The manifest: every table, where its rows live and what the running server may do to them. `site` tables are spread by site_id, one site
// on one shard; `reference` tables are whole on every node and seldom written; `local` ones stay on the coordinator.
//
// Append-only is a matter of grants: the owner migrates, the server takes a role that cannot update or delete what is a fact.

export interface TableRule {
  readonly kind: 'reference' | 'site' | 'local'
  /** Facts: rows are added and never changed. */
  readonly appendOnly?: true
  /** Written by the owner only. */
  readonly readOnly?: true
}

/** Parents stand before their children, the order in which Citus must be told of them. */
export const manifest: Readonly<Record<string, TableRule>> = {
  migration: { kind: 'local', readOnly: true },
  party: { kind: 'reference' },
  site: { kind: 'reference' },
  item: { kind: 'reference' },
  carrier_service: { kind: 'reference' },
  supplier_item: { kind: 'reference' },
  bill_line: { kind: 'reference' },
  site_source: { kind: 'reference' },
  price_list: { kind: 'reference' },
  price: { kind: 'reference' },
  discount: { kind: 'reference' },
  tax_code: { kind: 'reference' },
  tax_rate: { kind: 'reference' },
  item_tax: { kind: 'reference' },
  exchange_rate: { kind: 'reference' },
  payment_term: { kind: 'reference' },
  customer_terms: { kind: 'reference' },
  recall: { kind: 'reference' },
  kit_component: { kind: 'reference' },
  item_unit: { kind: 'reference' },
  backorder_class: { kind: 'reference' },
  customer_backorder_class: { kind: 'reference' },
  substitute: { kind: 'reference' },
  sourcing_rule: { kind: 'reference' },
  sourcing_lane: { kind: 'reference' },
  api_key: { kind: 'reference' },
  users: { kind: 'reference' },
  web_session: { kind: 'reference' },
  epoch: { kind: 'reference' },
  feed_span: { kind: 'local' },
  planning_rule: { kind: 'reference' },
  source_terms: { kind: 'reference' },
  forecast_analogue: { kind: 'reference' },
  demand_event: { kind: 'reference' },
  approval_rule: { kind: 'reference' },
  plan_schedule: { kind: 'reference' },
  site_head: { kind: 'site' },
  place: { kind: 'site' },
  move: { kind: 'site', appendOnly: true },
  item_planning: { kind: 'site' },
  sales_day: { kind: 'site' },
  sales_rolled: { kind: 'site' },
  planned_move: { kind: 'site' },
  flow_standing: { kind: 'site' },
  peg: { kind: 'site' },
  stock: { kind: 'site' },
  availability: { kind: 'site' },
  allocation: { kind: 'site' },
  lot: { kind: 'site' },
  item_value: { kind: 'site' },
  value_correction: { kind: 'site', appendOnly: true },
  cost_addition: { kind: 'site', appendOnly: true },
  restatement: { kind: 'site', appendOnly: true },
  revaluation: { kind: 'site' },
  period: { kind: 'site', appendOnly: true },
  orders: { kind: 'site' },
  order_line: { kind: 'site' },
  order_terms: { kind: 'site', appendOnly: true },
  line_price: { kind: 'site' },
  order_hold: { kind: 'site' },
  collection: { kind: 'site' },
  credit_account: { kind: 'site' },
  position_count: { kind: 'site' },
  count_sheet: { kind: 'site' },
  count_position: { kind: 'site' },
  count_entry: { kind: 'site', appendOnly: true },
  count_prediction: { kind: 'site', appendOnly: true },
  line_supply: { kind: 'site', appendOnly: true },
  payment: { kind: 'site' },
  payment_step: { kind: 'site' },
  order_kit: { kind: 'site', appendOnly: true },
  asked_in: { kind: 'site' },
  promise: { kind: 'site', appendOnly: true },
  purchase: { kind: 'site' },
  purchase_line: { kind: 'site' },
  work_order: { kind: 'site' },
  work_component: { kind: 'site' },
  arrival: { kind: 'site' },
  rma: { kind: 'site' },
  rma_line: { kind: 'site' },
  shipment: { kind: 'site' },
  shipment_line: { kind: 'site' },
  package: { kind: 'site' },
  tracking_event: { kind: 'site', appendOnly: true },
  loss: { kind: 'site', appendOnly: true },
  exception: { kind: 'site' },
  exception_hurt: { kind: 'site', appendOnly: true },
  later_promise: { kind: 'site', appendOnly: true },
  idempotency_key: { kind: 'site' },
  outbox: { kind: 'site', appendOnly: true },
  outbox_cursor: { kind: 'site' },
  forecast_adjustment: { kind: 'site' },
  plan_run: { kind: 'site' },
  plan_part: { kind: 'site' },
  plan_line: { kind: 'site' },
  plan_order: { kind: 'site' },
  backtest_run: { kind: 'site' },
  backtest_part: { kind: 'site' },
  belief_reader: { kind: 'site' },
  belief_state: { kind: 'site' },
  belief: { kind: 'site' },
}

/** Tables that no backup has: their rows mean something to this database only. */
export const leftOut: ReadonlySet<string> = new Set(['migration', 'web_session'])

/** The role every connection of a running server takes. */
export const SERVER_ROLE = 'quartermaster_server'

/**
 * How the server's connections plan. Its statements are all lookups by key, prepared once: a plan made while a table was small, which reads it
 * whole, would be kept while the table grows a thousandfold. Starting a second process for a statement takes longer than any of them may.
 */
export const SERVER_SETTINGS = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
}

export type Privilege = 'select' | 'insert' | 'update' | 'delete'

export function privilegesOf({ appendOnly, readOnly }: TableRule): readonly Privilege[] {
  if (readOnly) return ['select']
  return appendOnly ? ['select', 'insert'] : ['select', 'insert', 'update', 'delete']
}

export const siteTables: readonly string[] = Object.keys(manifest).filter((table) => manifest[table]!.kind === 'site')
