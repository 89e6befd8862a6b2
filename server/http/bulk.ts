// Bulk: orders as a stream of lines, answered as a stream of lines in the same order, in memory that does not grow with the stream. Each
// line has its own key, so a stream that broke off is simply sent again.

import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { bulkOrder } from '../../api/order.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { isTransient } from '../db.ts'
import { problemOf } from '../problem.ts'
import type { Asked } from './call.ts'
import { placeOrderFrom } from './order.ts'
import { refusalOfIssues } from './validation.ts'

/** Lines that are on their way at once; the stream waits while so many are. */
const UNDER_WAY_MAX = 1_000
/** However few they are: a thousand of the longest lines would be a gigabyte. */
const UNDER_WAY_BYTES_MAX = 8_000_000
const LINE_BYTES_MAX = 1_000_000
const ANSWER_CHARACTERS = 65_536

/** Reads orders from `input` and yields answer lines in chunks, in order and as soon as they are there. */
export async function* placeAll(call: Asked, input: Readable, onFault: (error: unknown) => void = () => undefined): AsyncGenerator<string> {
  const queue = new AnswerQueue()
  const reading = readAll(call, input, queue, onFault)
  // A client that goes away fails the reading while its answers are still awaited here; a failure that nobody hears ends the process.
  reading.catch(() => undefined)
  try {
    yield* queue.chunks()
    await reading
  } finally {
    // The client left, or reading failed: either way nobody reads on.
    queue.close()
    input.destroy()
  }
}

async function readAll(call: Asked, input: Readable, queue: AnswerQueue, onFault: (error: unknown) => void): Promise<void> {
  try {
    for await (const line of linesOf(input)) {
      if (isRefusal(line)) queue.add(Promise.resolve(told('', refused(line))), 0)
      else queue.add(answerTo(call, line, onFault), line.length)
      if (!(await queue.hasRoom())) return
    }
  } finally {
    queue.end()
  }
}

/** Answers in the order of their lines, some of them still to come; one reader and one writer wait for each other here. */
class AnswerQueue {
  readonly #underWay: { readonly promise: Promise<void>; readonly bytes: number; text: string | undefined }[] = []
  #underWay_bytes = 0
  #ended = false
  #closed = false
  /** Who waits for the other side. */
  #waiting: (() => void)[] = []

  /** Takes the answer to a line of so many bytes; the answer must not fail. */
  add(answer: Promise<string>, bytes: number): void {
    const one = {
      bytes,
      text: undefined as string | undefined,
      promise: answer.then((text) => {
        one.text = text
      }),
    }
    this.#underWay.push(one)
    this.#underWay_bytes += bytes
    this.#moved()
  }

  /** Waits for room; false when nobody takes answers any more. */
  async hasRoom(): Promise<boolean> {
    while (this.#isFull() && !this.#closed) await this.#move()
    return !this.#closed
  }

  end(): void {
    this.#ended = true
    this.#moved()
  }

  close(): void {
    this.#closed = true
    this.#moved()
  }

  async *chunks(): AsyncGenerator<string> {
    for (;;) {
      let chunk = ''
      while (this.#underWay[0]?.text !== undefined && chunk.length < ANSWER_CHARACTERS) {
        const one = this.#underWay.shift()!
        this.#underWay_bytes -= one.bytes
        chunk += one.text
      }
      this.#moved()
      if (chunk !== '') yield chunk
      else if (this.#underWay.length > 0) await this.#underWay[0]!.promise
      else if (this.#ended) return
      else await this.#move()
    }
  }

  #isFull(): boolean {
    return this.#underWay.length >= UNDER_WAY_MAX || this.#underWay_bytes >= UNDER_WAY_BYTES_MAX
  }

  /** Resolves when the other side has done something. */
  #move(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  #moved(): void {
    for (const go of this.#waiting.splice(0)) go()
  }
}

/** Never fails: a line waits for those before it to be answered, and what fails while nobody listens ends the process. */
async function answerTo(call: Asked, line: Buffer, onFault: (error: unknown) => void): Promise<string> {
  let json: unknown
  try {
    json = JSON.parse(line.toString('utf8'))
  } catch {
    return told('', refused(refuse('body_not_json', '', 'This line is not JSON.')))
  }
  const key = keyOf(json)
  try {
    return told(key, await placeOne(call, line, json))
  } catch (error) {
    if (!isTransient(error)) onFault(error)
    return told(key, refused(refuse('not_available', '', 'The server cannot answer now; send this line again with the same key.')))
  }
}

/** The key as it was sent, also of a line that is not an order. */
function keyOf(json: unknown): string {
  const key: unknown = typeof json === 'object' && json !== null && 'key' in json ? json.key : ''
  return typeof key === 'string' || typeof key === 'number' ? String(key) : ''
}

async function placeOne(call: Asked, line: Buffer, json: unknown): Promise<{ readonly status: number; readonly body: string }> {
  const parsed = bulkOrder.safeParse(json)
  if (!parsed.success) return refused(refusalOfIssues(parsed.error.issues).refusal)
  const sent = await placeOrderFrom(call, parsed.data)
  if (isRefusal(sent)) return refused(sent)
  const { site, command, reference = null } = sent
  return call.context.submit(site, {
    command,
    caller: call.principal.actor,
    key: parsed.data.key,
    sha256: hash('sha256', line, 'buffer'),
    reference,
  })
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
