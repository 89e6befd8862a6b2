// Asking: one caller at the public door of a test's server, for stories that mostly want an answer and sometimes a refusal.

import { expect } from 'vitest'
import type { TestHttp } from '../../server/test-http.ts'

export interface Row {
  readonly [name: string]: unknown
}

export function askingAs(http: TestHttp, secret: string) {
  const send = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const reply = await http.call(secret, method, url, body)
    return { status: reply.status, body: reply.body as Record<string, never> & Row }
  }
  const get = async (url: string) => (await send('GET', url)).body
  const post = (url: string, body: unknown) => send('POST', url, body)
  /** It must succeed. */
  const done = async (url: string, body: unknown) => {
    const { status, body: answer } = await post(url, body)
    expect([url, status < 300, answer]).toEqual([url, true, answer])
    return answer
  }
  return { send, get, post, done }
}
