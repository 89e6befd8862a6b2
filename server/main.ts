// Main: puts the server together: database, lanes, relay, expiry, heads, HTTP; and takes it apart in the order that loses nothing: stop
// listening, answer what was taken, deliver what is owed to other sites, write the heads down, close.

import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { instant } from '../core/calendar.ts'
import { Expiry } from './expiry.ts'
import { hasRemoteLines, placeAcrossSites } from './flow/reserve-across-sites.ts'
import { headExporter } from './heads.ts'
import { httpServer } from './http.ts'
import { requestKeyOf, type HttpContext } from './http/call.ts'
import { forgetSessions } from './http/principals.ts'
import { openServer, type Opened, type OpenOptions } from './open.ts'
import { Relay } from './relay.ts'

export interface StartOptions extends Omit<OpenOptions, 'lanes'> {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly onFault?: (error: unknown) => void
  /** The origin under which browsers reach us where a proxy with TLS stands before us, e.g. `https://orders.example.com`. */
  readonly origin?: string | undefined
  /** How many proxies stand before us. */
  readonly proxies?: number
  /** How long requests under way may take to end when the server is to stop. */
  readonly close_milliseconds_max?: number
}

export interface RunningServer {
  readonly url: string
  readonly opened: Opened
  stop(): Promise<void>
}

/** Where the console is built to. */
const PAGES = join(import.meta.dirname, '../web/dist')
const HEADS_MILLISECONDS = 1_000
const SESSIONS_MILLISECONDS = 3_600_000
const CLOSE_MILLISECONDS_MAX = 10_000

export async function startServer({ host, port, onFault = () => undefined, origin, proxies = 0, ...options }: StartOptions): Promise<RunningServer> {
  const started: { relay?: Relay } = {}
  const opened = await openServer({ ...options, lanes: { onMessages: (site) => started.relay?.nudge(site), onFault } })
  const { database, lanes } = opened
  const relay = new Relay({ database, lanes, onFault })
  started.relay = relay
  const expiry = new Expiry({ lanes, onFault })
  const app = await httpServer(contextOf(opened, origin), { onFault, origin, proxies, pages: PAGES })
  const heads = repeated(
    headExporter({ database, folder: options.folder, sealKey: opened.sealKey, clock: opened.clock }),
    HEADS_MILLISECONDS,
    onFault,
  )
  try {
    await app.listen({ host, port })
  } catch (error) {
    await heads.stop()
    await opened.close()
    throw error
  }
  const sessions = repeated(() => forgetSessions(database, instant(opened.clock())), SESSIONS_MILLISECONDS, onFault)
  relay.start()
  expiry.start()
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    // A client that stalls in the middle of its request would hold the server up for ever; what it had sent is answered by its key.
    const cut = setTimeout(() => app.server.closeAllConnections(), options.close_milliseconds_max ?? CLOSE_MILLISECONDS_MAX)
    await app.close()
    clearTimeout(cut)
    await Promise.all([expiry.stop(), relay.stop()])
    await lanes.drain()
    await Promise.all([heads.stop(), sessions.stop()])
    await opened.close()
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(app.server.address() as AddressInfo).port}`,
    opened,
    stop: () => (stopped ??= stop()),
  }
}

/** How HTTP reaches the lanes: an order that other sites help to serve goes over several. */
function contextOf({ database, catalog, clock, newId, lanes, sealKey }: Opened, origin: string | undefined): HttpContext {
  return {
    database,
    catalog,
    clock,
    newId,
    requestKey: requestKeyOf(sealKey),
    secure: origin?.startsWith('https:') === true,
    submit: (site, request) => {
      const { command } = request
      return command.kind === 'placeOrder' && hasRemoteLines(site, command)
        ? placeAcrossSites(lanes, site, { ...request, command })
        : lanes.submit(site, request)
    },
  }
}

/** Does the same thing again and again, one at a time, and a last time when it is stopped. */
function repeated(work: () => Promise<unknown>, milliseconds: number, onFault: (error: unknown) => void): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  let idle = true
  const once = (): void => {
    if (!idle) return
    idle = false
    running = work()
      .catch(onFault)
      .finally(() => {
        idle = true
      })
  }
  const timer = setInterval(once, milliseconds)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
      await work().catch(onFault)
    },
  }
}
