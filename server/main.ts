// Main: puts the server together: database, lanes, relay, expiry, what is overdue, heads, HTTP; and takes it apart in the order that loses nothing: stop
// listening, answer what was taken, deliver what is owed to other sites, write the heads down, close.

import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { instant } from '../core/calendar.ts'
import type { SiteId } from '../core/item.ts'
import { ExpiredGoods } from './expired-goods.ts'
import { Expiry } from './expiry.ts'
import { submitOver } from './flow/reserve-across-sites.ts'
import { headExporter } from './heads.ts'
import { httpServer } from './http.ts'
import { requestKeyOf, type Health, type HttpContext } from './http/call.ts'
import type { LogOptions } from './http/log.ts'
import { forgetSessions } from './http/principals.ts'
import { openServer, type Opened, type OpenOptions } from './open.ts'
import { LiveFeed } from './live-feed.ts'
import { BeliefReader } from './loop/belief.ts'
import { BackTester } from './loop/backtest-tester.ts'
import { Planner } from './loop/replenish-planner.ts'
import { heedBeliefs } from './doubts.ts'
import { overdueDaily } from './overdue.ts'
import type { PaymentProvider } from './payment/provider.ts'
import { Payments } from './payments.ts'
import { PriceBooks } from './price-books.ts'
import { Relay } from './relay.ts'
import { revaluer } from './revaluation.ts'
import { rollSales } from './shrinkage.ts'
import { startTelemetry } from './telemetry.ts'

export interface StartOptions extends Omit<OpenOptions, 'lanes'> {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly onFault?: (error: unknown) => void
  /** What it says it still does, and is not ready for that reason, until `prepared` is called. */
  readonly preparing?: string | undefined
  /** The origin under which browsers reach us where a proxy with TLS stands before us, e.g. `https://orders.example.com`. */
  readonly origin?: string | undefined
  readonly log?: LogOptions | undefined
  /** Without one, orders that are paid through a provider are refused. */
  readonly payments?: PaymentProvider | undefined
  /** Where spans are sent, e.g. `http://127.0.0.1:4318`; without it none are made. */
  readonly collector?: string | undefined
  /** How many proxies stand before us. */
  readonly proxies?: number
  /** How long requests under way may take to end when the server is to stop. */
  readonly close_milliseconds_max?: number
}

export interface RunningServer {
  readonly url: string
  readonly opened: Opened
  /** What had to be done first is done. */
  prepared(): void
  stop(): Promise<void>
}

/** Where the console is built to. */
const PAGES = join(import.meta.dirname, '../web/dist')
const HEADS_MILLISECONDS = 1_000
const SESSIONS_MILLISECONDS = 3_600_000
/** How soon after its day began a server looks what is overdue. */
const OVERDUE_MILLISECONDS = 60_000
/** How soon costs are corrected for what came late. */
const REVALUE_MILLISECONDS = 250
/** What was sold since is read move by move, so a report is never behind, only slower. */
const ROLL_MILLISECONDS = 30_000
/** How soon a site acts on what has come to be believed. */
const HEED_MILLISECONDS = 1_000
const CLOSE_MILLISECONDS_MAX = 10_000

/** What the server looks for by itself again and again, and sends to the lanes like everybody; not while it goes down. */
function startRounds(lanes: Opened['lanes'], isStopping: () => boolean, onFault: (error: unknown) => void): { stop(): Promise<unknown> } {
  const rounds = [
    [overdueDaily(lanes), OVERDUE_MILLISECONDS],
    [revaluer(lanes), REVALUE_MILLISECONDS],
    [() => heedBeliefs(lanes), HEED_MILLISECONDS],
    [() => rollSales(lanes.options.database), ROLL_MILLISECONDS],
  ] as const
  const started = rounds.map(([look, milliseconds]) => repeated(async () => (isStopping() ? undefined : look()), milliseconds, onFault))
  return { stop: () => Promise.all(started.map((one) => one.stop())) }
}

/** What one process at a time does for all. */
function loopsOf({ lanes, database, connection, clock }: Opened, onFault: (error: unknown) => void) {
  return [
    new Expiry({ lanes, onFault }),
    new ExpiredGoods({ lanes, onFault }),
    new BeliefReader({ database, clock, onFault }),
    new Planner({ database, lanes, connection, clock, onFault }),
    new BackTester({ database, connection, clock, onFault }),
  ]
}

export async function startServer({
  host,
  port,
  onFault = () => undefined,
  origin,
  proxies = 0,
  log,
  collector,
  preparing,
  payments: provider,
  ...options
}: StartOptions): Promise<RunningServer> {
  const telemetry = collector === undefined ? undefined : await startTelemetry(collector)
  const started: { relay?: Relay; live?: LiveFeed } = {}
  const onMessages = (site: SiteId): void => started.relay?.nudge(site)
  // Only who watches makes the relay hurry: a server that nobody watches looks as seldom as before.
  const onEvents = (): void => void (started.live?.isWatched && started.relay?.hurry())
  const opened = await openServer({ ...options, lanes: { onMessages, onEvents, onFault, traced: telemetry?.traced } })
  const { database, lanes, catalog } = opened
  const live = new LiveFeed({ database, catalog, onFault })
  const relay = new Relay({ database, lanes, onFault, onLook: () => live.wake() })
  Object.assign(started, { relay, live })
  let stopped: Promise<void> | undefined
  let isPrepared = preparing === undefined
  const health = (): Health => ({
    preparing: isPrepared ? null : preparing!,
    draining: stopped !== undefined,
    relays: relay.leads,
    stuck: relay.stuck,
  })
  const loops = loopsOf(opened, onFault)
  const context = contextOf(opened, { live, origin, health, takesPayments: provider !== undefined })
  const app = await httpServer(context, { onFault, origin, proxies, log, telemetry, pages: PAGES })
  const exportHeads = headExporter({ database, folder: options.folder, sealKey: opened.sealKey, clock: opened.clock })
  const heads = repeated(exportHeads, HEADS_MILLISECONDS, onFault)
  try {
    await app.listen({ host, port })
  } catch (error) {
    await heads.stop()
    await opened.close()
    throw error
  }
  const sessions = repeated(() => forgetSessions(database, instant(opened.clock())), SESSIONS_MILLISECONDS, onFault)
  const rounds = startRounds(lanes, () => stopped !== undefined, onFault)
  const payments = provider === undefined ? undefined : new Payments({ database, lanes, provider, onFault })
  relay.start()
  for (const loop of loops) loop.start()
  payments?.start()
  const stop = async (): Promise<void> => {
    // A client that stalls in the middle of its request would hold the server up for ever; what it had sent is answered by its key.
    const cut = setTimeout(() => app.server.closeAllConnections(), options.close_milliseconds_max ?? CLOSE_MILLISECONDS_MAX)
    await app.close()
    clearTimeout(cut)
    await Promise.all([...loops.map((loop) => loop.stop()), rounds.stop(), relay.stop(), payments?.stop()])
    await lanes.drain()
    await Promise.all([heads.stop(), sessions.stop()])
    await opened.close()
    await telemetry?.stop().catch(onFault)
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(app.server.address() as AddressInfo).port}`,
    opened,
    prepared: () => {
      isPrepared = true
    },
    stop: () => (stopped ??= stop()),
  }
}

interface Surroundings extends Pick<HttpContext, 'live' | 'health' | 'takesPayments'> {
  readonly origin: string | undefined
}

/** How HTTP reaches the lanes: an order that other sites help to serve goes over several. */
function contextOf({ database, catalog, clock, newId, lanes, sealKey }: Opened, { live, origin, health, takesPayments }: Surroundings): HttpContext {
  return {
    database,
    catalog,
    priceBooks: new PriceBooks(database, clock),
    clock,
    newId,
    live,
    takesPayments,
    health,
    requestKey: requestKeyOf(sealKey),
    secure: origin?.startsWith('https:') === true,
    submit: submitOver(lanes),
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
