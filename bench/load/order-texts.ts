// Order texts: what the load client sends, made before the clock runs: thousands of different orders of three lines, and keys that are
// never used twice. Making an order is then joining three strings.

import { randomUUID } from 'node:crypto'
import type { LoadJob } from '../load.ts'

const TEXTS = 4_096
const LINES_AN_ORDER = 3

export interface OrderTexts {
  /** A request as it goes over the wire. */
  readonly request: () => string
  /** A line of an upload. */
  readonly line: () => string
}

export function orderTexts(job: LoadJob): OrderTexts {
  const { host, port, secret, siteCode, customerCode, skus } = job
  const lines = Array.from({ length: TEXTS }, () => {
    const wanted = Array.from({ length: LINES_AN_ORDER }, () => ({
      sku: skus[Math.floor(Math.random() * skus.length)]!,
      quantity: 1 + Math.floor(Math.random() * 3),
    }))
    return JSON.stringify({ site: siteCode, customer: customerCode, lines: wanted }).slice(1)
  })
  const requests = lines.map((rest) => `\r\ncontent-length: ${rest.length + 1}\r\n\r\n{${rest}`)
  const head = [
    'POST /api/orders HTTP/1.1',
    `host: ${host}:${port}`,
    `authorization: Bearer ${secret}`,
    'content-type: application/json',
    'idempotency-key: ',
  ].join('\r\n')
  const key = keys()
  let next = 0
  return {
    request: () => head + key() + requests[(next = (next + 1) % TEXTS)]!,
    line: () => `{"key":"${key()}",${lines[(next = (next + 1) % TEXTS)]!}\n`,
  }
}

/** The upload's own request. */
export const uploadHead = ({ host, port, secret }: LoadJob): string =>
  [
    'POST /api/orders/bulk HTTP/1.1',
    `host: ${host}:${port}`,
    `authorization: Bearer ${secret}`,
    'content-type: application/x-ndjson',
    'transfer-encoding: chunked',
    'connection: close',
    '\r\n',
  ].join('\r\n')

/** As wide as a UUID, and like one of version 7 in rising order. */
function keys(): () => string {
  const run = randomUUID().slice(0, 24)
  let count = 0
  return () => run + String((count += 1)).padStart(12, '0')
}
