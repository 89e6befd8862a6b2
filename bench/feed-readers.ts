// Feed readers: the process that watches the live feed as many browsers do, each over a connection of its own, and measures how late each
// hears. Its parent tells it where and how many, when to begin and when to end (feed.ts).

import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { LATENCIES_MAX, latencies } from './load/window.ts'

export interface ReadersJob {
  readonly host: string
  readonly port: number
  readonly secret: string
  readonly readers: number
}

export type ReadersCommand = { readonly do: 'watch'; readonly job: ReadersJob } | { readonly do: 'measure' } | { readonly do: 'end' }

export type ReadersEvent = { readonly event: 'watching' } | { readonly event: 'heard'; readonly heard: Heard }

export interface Heard {
  /** Events that all readers together were told of, and in how many messages. */
  readonly events: number
  readonly messages: number
  /** Readers that heard anything at all. */
  readonly readers: number
  /** From the recording of the oldest event in a message, which is before its commit, until the reader had the message. */
  readonly latency_ms: { readonly p50: number; readonly p99: number; readonly max: number } | null
}

const heard = { events: 0, messages: 0, latencies_ms: [] as number[], readers: new Set<number>() }
let isMeasured = false

process.on('message', (command) => void obey(command as ReadersCommand))
process.on('disconnect', () => process.exit(0))

async function obey(command: ReadersCommand): Promise<void> {
  if (command.do === 'watch') {
    await Promise.all(Array.from({ length: command.job.readers }, (_none, reader) => watch(command.job, reader)))
    tell({ event: 'watching' })
  } else if (command.do === 'measure') isMeasured = true
  else {
    isMeasured = false
    const { events, messages, readers, latencies_ms } = heard
    tell({ event: 'heard', heard: { events, messages, readers: readers.size, latency_ms: latencies(latencies_ms) } })
  }
}

/** Begins to watch; told where it begins, it has begun. */
async function watch({ host, port, secret }: ReadersJob, reader: number): Promise<void> {
  const asked = request({ host, port, path: '/api/events?brief=true', headers: { accept: 'text/event-stream', authorization: `Bearer ${secret}` } })
  asked.end()
  const [reply] = (await once(asked, 'response')) as [IncomingMessage]
  if (reply.statusCode !== 200) throw new Error(`The feed answered ${reply.statusCode}.`)
  reply.setEncoding('utf8')
  let rest = ''
  reply.on('data', (text: string) => {
    const messages = `${rest}${text}`.split('\n\n')
    rest = messages.pop()!
    if (isMeasured) for (const message of messages) take(message, reader)
  })
  reply.on('close', () => process.exit(1))
}

function take(message: string, reader: number): void {
  const data = /^data: (.*)$/m.exec(message)?.[1]
  if (data === undefined) return
  const { since, sites } = JSON.parse(data) as { since: string | null; sites: Record<string, Record<string, number>> | null }
  if (since === null || sites === null) throw new Error('A reader fell behind what the server keeps in memory.')
  heard.messages += 1
  heard.readers.add(reader)
  for (const types of Object.values(sites)) for (const count of Object.values(types)) heard.events += count
  if (heard.latencies_ms.length < LATENCIES_MAX) heard.latencies_ms.push(Date.now() - Date.parse(since))
}

const tell = (event: ReadersEvent): void => void process.send!(event)
