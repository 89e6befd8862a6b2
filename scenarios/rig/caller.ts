// Caller: an HTTP client that takes nothing for granted. A reply is known (2xx, or a refusal), or it is unknown: the connection broke, the
// time was over, or the server said that it could not answer now. What is unknown is sent again under the same key until it is known.

import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Reply {
  readonly status: number
  readonly replayed: boolean
  readonly answer: Readonly<Record<string, unknown>>
  /** As it came, so that two replies can be compared to the letter. */
  readonly text: string
}

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: object
  readonly key?: string
  /** Go away after so many milliseconds without waiting for the answer, as a customer with a bad line does. */
  readonly cut_milliseconds?: number | undefined
}

const REPLY_MILLISECONDS_MAX = 20_000
const RETRY_MILLISECONDS_MAX = 500
/** A server that is up answers long before; one that never does is a fault to be found. */
const SETTLED_SECONDS_MAX = 90

export class Caller {
  readonly #agent: Agent
  readonly #secret: string

  constructor(secret: string, connections_max: number) {
    this.#secret = secret
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections_max })
  }

  /** One try. Undefined means that nobody knows what became of it. */
  once(server: string, { method, path, body, key, cut_milliseconds }: Sent): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const headers = {
        authorization: `Bearer ${this.#secret}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      }
      const sent = request(`${server}${path}`, { method, headers, agent: this.#agent }, (response) => {
        let said = ''
        response.setEncoding('utf8').on('data', (more: string) => (said += more))
        response.on('end', () =>
          resolve(response.complete ? known(response.statusCode!, response.headers['idempotent-replayed'] === 'true', said) : undefined),
        )
        response.on('error', () => resolve(undefined))
      })
      sent.on('error', () => resolve(undefined))
      sent.on('close', () => resolve(undefined))
      sent.setTimeout(REPLY_MILLISECONDS_MAX, () => sent.destroy())
      if (cut_milliseconds !== undefined) setTimeout(() => sent.destroy(), cut_milliseconds)
      sent.end(text)
    })
  }

  /** Tries until the reply is known, at one server after the other; `onUnknown` is told of each try that was not, and may end it by false. */
  async settled(servers: readonly string[], sent: Sent, onUnknown: () => boolean = () => true): Promise<Reply | undefined> {
    const until = performance.now() + SETTLED_SECONDS_MAX * 1000
    for (let tries = 0; ; tries += 1) {
      const reply = await this.once(servers[tries % servers.length]!, tries === 0 ? sent : { ...sent, cut_milliseconds: undefined })
      if (reply !== undefined) return reply
      if (!onUnknown()) return undefined
      if (performance.now() > until) throw new Error(`${sent.key ?? sent.path} was not answered in ${SETTLED_SECONDS_MAX} s.`)
      await sleep(Math.min(20 * 2 ** tries, RETRY_MILLISECONDS_MAX))
    }
  }

  /** A read, or a write whose refusal would be a mistake of the run itself. */
  async expect(servers: readonly string[], sent: Sent): Promise<Reply['answer']> {
    const reply = await this.settled(servers, sent)
    if (reply === undefined || reply.status >= 300) throw new Error(`${sent.method} ${sent.path}: ${reply?.status} ${reply?.text}`)
    return reply.answer
  }

  /** All rows of a list, page by page. */
  async rows<Row>(server: string, path: string): Promise<Row[]> {
    const rows: Row[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await this.expect([server], {
        method: 'GET',
        path: `${path}&limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      })
      rows.push(...(page['rows'] as Row[]))
      cursor = page['next'] as string | null
    }
    return rows
  }

  close(): void {
    this.#agent.destroy()
  }
}

function known(status: number, replayed: boolean, text: string): Reply | undefined {
  if (status === 503 || status === 429) return undefined
  return { status, replayed, text, answer: JSON.parse(text) as Reply['answer'] }
}
