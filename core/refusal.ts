// A refusal is the business saying no: expected, returned, never thrown. The list is closed: each code stands here with its HTTP
// status, in docs/refusals.md and in a test. A broken invariant throws instead; a fault of disk or network surfaces in one handler.

export const refusals = {
  // What was sent
  body_not_valid: 422,
  body_not_json: 400,
  body_too_large: 413,
  cursor_not_valid: 400,
  epoch_passed: 410,
  idempotency_key_missing: 400,
  idempotency_key_not_valid: 400,
  idempotency_key_reused: 422,
  quantity_not_positive: 422,
  quantity_finer_than_unit: 422,
  quantity_too_large: 422,
  date_not_valid: 422,
  text_not_storable: 422,
  password_too_weak: 422,
  lead_time_missing: 422,
  bill_cyclic: 422,
  bill_empty: 422,
  source_cyclic: 422,
  discount_too_large: 422,
  // Who asks
  key_missing: 401,
  key_not_known: 401,
  session_expired: 401,
  sign_in_refused: 401,
  role_not_allowed: 403,
  origin_not_allowed: 403,
  // What is spoken of
  endpoint_not_known: 404,
  site_not_known: 404,
  item_not_known: 422,
  party_not_known: 422,
  place_not_known: 422,
  order_not_known: 404,
  line_not_known: 422,
  shipment_not_known: 404,
  hold_not_known: 404,
  payment_not_known: 404,
  package_not_known: 404,
  service_not_known: 422,
  rate_not_known: 422,
  price_list_not_known: 422,
  tax_code_not_known: 422,
  payment_term_not_known: 422,
  purchase_not_known: 404,
  receipt_not_known: 404,
  work_order_not_known: 404,
  transfer_not_known: 404,
  exception_not_known: 404,
  key_id_not_known: 404,
  user_not_known: 404,
  code_taken: 409,
  changed_meanwhile: 412,
  order_number_taken: 409,
  // What the business will not do
  order_state_forbids: 409,
  order_on_hold: 409,
  payment_not_taken: 409,
  payment_fixed: 409,
  not_enough_stock: 409,
  not_held: 409,
  order_not_complete: 409,
  more_than_expected: 409,
  more_than_delivered: 409,
  more_than_allocated: 409,
  more_than_picked: 409,
  more_than_shipped: 409,
  less_than_shipped: 409,
  served_elsewhere: 409,
  package_closed: 409,
  place_kind_forbids: 409,
  no_bin_free: 409,
  weight_not_known: 422,
  before_shipment: 422,
  more_than_planned: 409,
  components_missing: 409,
  work_order_state_forbids: 409,
  transfer_left: 409,
  exception_closed: 409,
  remedy_changed: 409,
  bill_overlaps: 409,
  shipment_delivered: 409,
  lot_missing: 422,
  lot_not_tracked: 422,
  lot_expired: 422,
  serial_missing: 422,
  serial_taken: 409,
  same_site: 422,
  nothing_to_do: 409,
  source_unavailable: 409,
  happened_in_future: 422,
  period_closed: 409,
  period_not_over: 409,
  costs_pending: 409,
  cost_below_nothing: 409,
  standard_cost_missing: 422,
  // What the server cannot take now
  lane_full: 429,
  too_many_requests: 429,
  not_available: 503,
} as const

export type RefusalCode = keyof typeof refusals

export interface Refusal {
  readonly refused: RefusalCode
  /** What was refused, as the caller named it, e.g. `lines/3/quantity`. */
  readonly subject: string
  /** One sentence that a clerk understands, with the figures. */
  readonly detail: string
}

export const refuse = (refused: RefusalCode, subject: string, detail: string): Refusal => ({ refused, subject, detail })
export const isRefusal = (answer: unknown): answer is Refusal => typeof answer === 'object' && answer !== null && 'refused' in answer
