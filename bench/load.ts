// Load: what the bench asks of its load client, which is a process of its own so that its work is not counted as the server's, and what
// the client tells: when its measured window begins, and what was answered in it.

export interface LoadJob {
  readonly host: string
  readonly port: number
  readonly secret: string
  readonly siteCode: string
  readonly customerCode: string
  /** Lines are drawn from these, each as likely as the other. */
  readonly skus: readonly string[]
  readonly warmup_seconds: number
  readonly seconds: number
  readonly way: Way
}

export type Way =
  /** Each connection sends its next order when the last is answered. */
  | { readonly kind: 'closed'; readonly connections: number }
  /** Orders are sent when they are due, whether or not earlier ones are answered. */
  | { readonly kind: 'open'; readonly connections: number; readonly orders_per_s: number }
  /** Orders are lines of an upload that is answered as it goes. */
  | { readonly kind: 'bulk'; readonly streams: number }

/** The window opens, the window closes, and what was answered in it, told when the rest has come too. */
export type LoadEvent = { readonly event: 'open' } | { readonly event: 'closed' } | { readonly event: 'result'; readonly result: LoadResult }

export interface LoadResult {
  /** Orders acknowledged with 201 inside the window, and how long that was. */
  readonly orders: number
  readonly seconds: number
  /** Acknowledged with 201 from the first to the last, warm-up and rest included. */
  readonly acknowledged: number
  /** Answered with anything else; a bench in which that happens is none. */
  readonly refused: number
  /** The first of those answers. */
  readonly refusal: string | null
  readonly client_cpu_ms: number
  /** From the moment an order was due to its answer. Empty for bulk. */
  readonly latency_ms: { readonly p50: number; readonly p99: number; readonly max: number } | null
}
