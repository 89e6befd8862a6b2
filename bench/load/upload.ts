// Upload: orders as one stream of lines, as fast as the server reads it, while its answers come back on the same connection. Each answer
// line says its status once, so counting those words counts the orders that are durable.

import { once } from 'node:events'
import { connect } from 'node:net'
import type { LoadJob } from '../load.ts'
import { uploadHead, type OrderTexts } from './order-texts.ts'
import type { Window } from './window.ts'

const ORDERS_A_CHUNK = 100
/** Orders sent and not answered yet; more would only stand in the buffers of the system. */
const UNANSWERED_MAX = 2_000
const CREATED = Buffer.from('","status":201,"answer":')

export interface Upload {
  /** Ends the stream and waits for the last answer. */
  stop(): Promise<void>
}

export function upload(job: LoadJob, texts: OrderTexts, window: Window, onBroken: (error: Error) => void): Upload {
  const socket = connect(job.port, job.host)
  const count = counter(CREATED)
  let stopping = false
  let sent = 0
  let accepted = 0
  socket.on('error', onBroken)
  socket.on('close', () => stopping || onBroken(new Error('The server closed the upload.')))
  socket.on('data', (bytes: Buffer) => {
    const created = count(bytes)
    accepted += created
    window.accepted(created)
  })
  const closed = once(socket, 'close')
  const send = async (): Promise<void> => {
    socket.write(uploadHead(job))
    while (!stopping) {
      if (sent - accepted + ORDERS_A_CHUNK > UNANSWERED_MAX) await Promise.race([once(socket, 'data'), closed])
      else {
        let chunk = ''
        for (let order = 0; order < ORDERS_A_CHUNK; order += 1) chunk += texts.line()
        sent += ORDERS_A_CHUNK
        socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`, 'latin1')
      }
    }
    socket.write('0\r\n\r\n')
  }
  const sending = send()
  return {
    stop: async () => {
      stopping = true
      await sending
      await closed
      if (accepted < sent) window.refused(sent - accepted, 'Lines of an upload that were not answered with 201.')
    },
  }
}

/** Counts how often a word stands in a stream of bytes, also where it is cut in two. */
export function counter(word: Buffer): (bytes: Buffer) => number {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    const data = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let found = 0
    let end = 0
    for (let at = data.indexOf(word); at !== -1; at = data.indexOf(word, end)) {
      found += 1
      end = at + word.length
    }
    rest = data.subarray(Math.max(end, data.length - word.length + 1))
    return found
  }
}
