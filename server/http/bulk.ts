// Bulk: orders as a stream of lines, answered as a stream of lines in the same order, in memory that does not grow with the stream. Each
// line has its own key, so a stream that broke off is simply sent again.

import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { bulkOrder } from '../../api/order.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { problemOf } from '../problem.ts'
import type { Call } from './call.ts'
import { placeOrderFrom } from './order.ts'
import { refusalOfIssues } from './validation.ts'

/** Lines that are on their way at once; the stream waits while so many are. */
const UNDER_WAY_MAX = 1_000
const LINE_BYTES_MAX = 1_000_000
const ANSWER_BYTES = 65_536

/** Reads orders from `input` and yields answer lines in chunks. */
export async function* placeAll(call: Pick<Call, 'context' | 'key'>, input: Readable): AsyncGenerator<string> {
  const answers: Promise<string>[] = []
  let chunk = ''
  for await (const line of linesOf(input)) {
    answers.push(isRefusal(line) ? Promise.resolve(told('', refused(line))) : placeOne(call, line))
    if (answers.length < UNDER_WAY_MAX) continue
    // The first half is answered while the second is still under way, so the lane is never without work.
    for (const answer of answers.splice(0, UNDER_WAY_MAX / 2)) chunk += await answer
    if (chunk.length >= ANSWER_BYTES) {
      yield chunk
      chunk = ''
    }
  }
  for (const answer of answers) chunk += await answer
  if (chunk !== '') yield chunk
}

async function placeOne(call: Pick<Call, 'context' | 'key'>, line: Buffer): Promise<string> {
  let json: unknown
  try {
    json = JSON.parse(line.toString('utf8'))
  } catch {
    return told('', refused(refuse('body_not_json', '', 'This line is not JSON.')))
  }
  const parsed = bulkOrder.safeParse(json)
  const key = typeof json === 'object' && json !== null && 'key' in json ? String(json.key) : ''
  if (!parsed.success) return told(key, refused(refusalOfIssues(parsed.error.issues).refusal))
  const sent = await placeOrderFrom(call, parsed.data)
  if (isRefusal(sent)) return told(key, refused(sent))
  const { site, command, reference = null } = sent
  const answer = await call.context.submit(site, {
    command, caller: `key:${call.key.apiKey}`, key: parsed.data.key, sha256: hash('sha256', line, 'buffer'), reference,
  })
  return told(key, answer)
}

const told = (key: string, { status, body }: { readonly status: number; readonly body: string }): string =>
  `{"key":${JSON.stringify(key)},"status":${status},"answer":${body}}\n`

const refused = (refusal: Refusal): { readonly status: number; readonly body: string } => {
  const problem = problemOf(refusal)
  return { status: problem.status, body: JSON.stringify(problem) }
}

/** Lines without their end; blank ones are left out, one that is too long ends the stream as a refusal. */
async function* linesOf(input: Readable): AsyncGenerator<Buffer | Refusal> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of input as AsyncIterable<Buffer>) {
    const data = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let start = 0
    for (let end = data.indexOf(10, start); end !== -1; end = data.indexOf(10, start)) {
      const line = data.subarray(start, end)
      if (!isBlank(line)) yield line
      start = end + 1
    }
    rest = data.subarray(start)
    if (rest.length > LINE_BYTES_MAX) {
      yield refuse('body_too_large', '', `A line has at most ${LINE_BYTES_MAX} bytes.`)
      return
    }
  }
  if (!isBlank(rest)) yield rest
}

const isBlank = (line: Buffer): boolean => line.length === 0 || (line.length === 1 && line[0] === 13)
