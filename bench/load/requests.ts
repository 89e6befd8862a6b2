// Requests: single orders over kept-alive sockets, closed loop or open. An HTTP client for exactly this: it writes whole requests and reads
// of an answer its status and where it ends, because a client that does more would take the processor from the server it measures.

import { connect, type Socket } from 'node:net'
import type { OrderTexts } from './order-texts.ts'
import type { Window } from './window.ts'

const CREATED = 'HTTP/1.1 201 '

export interface Requests {
  /** Sends no more, waits for what is under way, and closes. */
  stop(): Promise<void>
}

/** One request at a time. */
class Channel {
  readonly #socket: Socket
  #answer = ''
  #answered: (answer: string) => void = () => undefined

  constructor(socket: Socket, onBroken: (error: Error) => void) {
    this.#socket = socket
    socket.setNoDelay(true).setEncoding('latin1')
    socket.on('error', onBroken)
    socket.on('close', () => onBroken(new Error('The server closed a connection.')))
    socket.on('data', (text: unknown) => this.#read(text as string))
  }

  send(request: string, answered: (answer: string) => void): void {
    this.#answered = answered
    this.#socket.write(request, 'latin1')
  }

  close(): void {
    this.#socket.removeAllListeners('close').end()
  }

  #read(text: string): void {
    this.#answer = this.#answer === '' ? text : this.#answer + text
    const head_end = this.#answer.indexOf('\r\n\r\n')
    if (head_end === -1) return
    const length_at = this.#answer.indexOf('content-length: ') + 'content-length: '.length
    const length = Number.parseInt(this.#answer.slice(length_at, length_at + 12), 10)
    if (this.#answer.length < head_end + 4 + length) return
    const answer = this.#answer
    this.#answer = ''
    this.#answered(answer)
  }
}

async function openChannels(host: string, port: number, count: number, onBroken: (error: Error) => void): Promise<Channel[]> {
  const open = (): Promise<Channel> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, host)
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Channel(socket.removeListener('error', reject), onBroken)))
    })
  return Promise.all(Array.from({ length: count }, open))
}

export interface Target {
  readonly host: string
  readonly port: number
  readonly texts: OrderTexts
  readonly window: Window
  readonly onBroken: (error: Error) => void
}

function note(window: Window, answer: string, since: number): void {
  if (answer.startsWith(CREATED)) window.accepted(1, performance.now() - since)
  else window.refused(1, answer)
}

/** Each connection sends its next order when the last is answered. */
export async function sendClosed({ host, port, texts, window, onBroken }: Target, connections: number): Promise<Requests> {
  const channels = await openChannels(host, port, connections, onBroken)
  let stopping = false
  const loops = channels.map(
    (channel) =>
      new Promise<void>((resolve) => {
        const next = (): void => {
          if (stopping) return resolve()
          const sent = performance.now()
          channel.send(texts.request(), (answer) => {
            note(window, answer, sent)
            next()
          })
        }
        next()
      }),
  )
  return {
    stop: async () => {
      stopping = true
      await Promise.all(loops)
      for (const channel of channels) channel.close()
    },
  }
}

/**
 * Orders are due at random, as people come, at a given rate on average. One that finds no free connection waits for one, and its waiting
 * counts: latency is measured from when the order was due, or a server that stalls would look better than one that is slow.
 */
export async function sendOpen({ host, port, texts, window, onBroken }: Target, connections: number, orders_per_s: number): Promise<Requests> {
  const free = await openChannels(host, port, connections, onBroken)
  const waiting: number[] = []
  let due = performance.now()
  let underWay = 0
  let done: (() => void) | undefined
  const send = (channel: Channel, since: number): void => {
    channel.send(texts.request(), (answer) => {
      note(window, answer, since)
      const next = waiting.shift()
      if (next !== undefined) return send(channel, next)
      free.push(channel)
      underWay -= 1
      if (underWay === 0) done?.()
    })
  }
  const tick = (): void => {
    for (const now = performance.now(); due <= now; due += (-Math.log(1 - Math.random()) * 1000) / orders_per_s) {
      const channel = free.pop()
      if (channel === undefined) waiting.push(due)
      else {
        underWay += 1
        send(channel, due)
      }
    }
  }
  const timer = setInterval(tick, 1)
  return {
    stop: async () => {
      clearInterval(timer)
      if (underWay > 0) await new Promise<void>((resolve) => (done = resolve))
      for (const channel of free) channel.close()
    },
  }
}
