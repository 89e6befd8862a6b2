// Asked server: a server of its own process on a database that was made before, and clients that ask it over connections they keep, so that what is
// measured is what a caller sees.

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import type { Instant } from '../core/calendar.ts'

/** What is asked: a path, and a body where it is posted. */
export interface Asked {
  readonly path: string
  readonly body?: object
}

/** Starts a server of its own process on a folder, its clock at that moment. */
export async function startAt({
  folder,
  now,
}: {
  readonly folder: string
  readonly now: Instant
}): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'pages/server.ts'), [folder, String(now)], { stdio: 'inherit' })
  const [told] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [{ readonly url: string } | number]
  if (typeof told !== 'object' || told === null) throw new Error('The server did not start.')
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return
    const exit = once(child, 'exit')
    child.disconnect()
    await exit
  }
  return { url: told.url, stop }
}

/** One connection that is kept. */
export class Client {
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  constructor(url: string, secret: string) {
    this.#url = url
    this.#headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  }

  /** How long the answer took; anything but 200 is no answer. */
  ask(name: string, { path, body }: Asked): Promise<number> {
    return new Promise((resolve, reject) => {
      const began = performance.now()
      const sent = request(
        `${this.#url}${path}`,
        { method: body === undefined ? 'GET' : 'POST', headers: this.#headers, agent: this.#agent },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8')
          answer.on('data', (piece: string) => (text += piece))
          answer.on('end', () => {
            if (answer.statusCode === 200) resolve(performance.now() - began)
            else reject(new Error(`${name}: ${path} was answered ${answer.statusCode}: ${text}`))
          })
          answer.on('error', reject)
        },
      )
      sent.on('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

export const quantile = (times: readonly number[], share: number): number => {
  const sorted = times.toSorted((a, b) => a - b)
  return rounded(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!)
}
export const rounded = (value: number): number => Number(value.toFixed(2))
