// Greeting: asks a socket whether a PostgreSQL that knows Quartermaster answers there, in the wire protocol's first message. The launcher
// asks several times a second while a server starts, needs the exact code of a refusal, and stays free of the driver.

import { connect } from 'node:net'
import { join } from 'node:path'

export type Greeting =
  | 'ready'
  /** It is there and starts, recovers or shuts down: ask again. */
  | 'not_yet'
  /** It runs, but has no database or user named quartermaster. */
  | 'stranger'
  /** Nobody listens. */
  | 'silent'

export const SOCKET_PORT = 5432
export const socketPath = (folder: string): string => join(folder, `.s.PGSQL.${SOCKET_PORT}`)

export const CLUSTER_USER = 'quartermaster'
export const CLUSTER_DATABASE = 'quartermaster'

const ANSWER_MILLISECONDS_MAX = 5000
const PROTOCOL_VERSION = 3 << 16

export function greet(socketFolder: string): Promise<Greeting> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(socketFolder))
    let heard = Buffer.alloc(0)
    const settle = (greeting: Greeting): void => {
      socket.destroy()
      resolve(greeting)
    }
    socket.setTimeout(ANSWER_MILLISECONDS_MAX, () => settle('not_yet'))
    socket.on('connect', () => socket.write(startupMessage()))
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk])
      const greeting = greetingIn(heard)
      if (greeting) settle(greeting)
    })
    socket.on('error', () => settle('silent'))
    socket.on('close', () => settle('silent'))
  })
}

function startupMessage(): Buffer {
  const fields = Buffer.from(`user\0${CLUSTER_USER}\0database\0${CLUSTER_DATABASE}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(head.length + fields.length, 0)
  head.writeInt32BE(PROTOCOL_VERSION, 4)
  return Buffer.concat([head, fields])
}

/** Each message is a letter, a length that counts itself, and its body: Z says ready for a query, E carries the code of a refusal. */
function greetingIn(heard: Buffer): Greeting | undefined {
  for (let at = 0; at + 5 <= heard.length; at += 1 + heard.readInt32BE(at + 1)) {
    const kind = String.fromCharCode(heard[at]!)
    const end = at + 1 + heard.readInt32BE(at + 1)
    if (end > heard.length) return undefined
    if (kind === 'Z') return 'ready'
    if (kind === 'E') return greetingOfRefusal(heard.toString('utf8', at + 5, end))
  }
  return undefined
}

/** 57P03: starting, recovering or stopping. 53300: every connection is taken, so it runs well. */
function greetingOfRefusal(fields: string): Greeting {
  const code = fields
    .split('\0')
    .find((field) => field.startsWith('C'))
    ?.slice(1)
  if (code === '53300') return 'ready'
  return code === '57P03' || code === '57P01' || code === '57P02' ? 'not_yet' : 'stranger'
}
