// Orders: how many three-line orders a second are durable, beside the limit of the same tables on the same machine (limit.ts).
//
// A busy machine makes every number smaller, so all ways are measured in turn, round after round, and what counts are ratios within a round
// and processor time per order. Each figure is the median of its rounds.

import { availableParallelism, cpus, loadavg } from 'node:os'
import { sql } from '../server/db.ts'
import { placeAtLimit } from './limit.ts'
import type { LoadResult, Way } from './load.ts'
import { openStage, type Stage } from './stage.ts'

export interface OrdersSettings {
  readonly items: number
  readonly rounds: number
  readonly warmup_seconds: number
  readonly seconds: number
  /** How long latency is measured. */
  readonly latency_seconds: number
}

export const usualSettings: OrdersSettings = { items: 10_000, rounds: 3, warmup_seconds: 1, seconds: 4, latency_seconds: 10 }

const STREAMS = 2
const OPEN_CONNECTIONS = 512

const ways = {
  bulk: { kind: 'bulk', streams: STREAMS },
  http64: { kind: 'closed', connections: 64 },
  http512: { kind: 'closed', connections: 512 },
  hot: { kind: 'bulk', streams: STREAMS },
} as const satisfies Record<string, Way>

type Measured = 'limit' | keyof typeof ways

interface Measurement {
  readonly orders: number
  readonly seconds: number
  readonly cpu_ms: number | null
  readonly client_cpu_ms: number
}

type Round = Readonly<Record<Measured, Measurement>>

export interface OrdersBench {
  readonly limit_per_s: number
  readonly bulk_per_s: number
  readonly http64_per_s: number
  readonly http512_per_s: number
  readonly hot_per_s: number
  readonly bulk_to_limit: number
  /** The better of 64 and 512 connections. */
  readonly http_to_limit: number
  /** Both as uploads. */
  readonly hot_to_uniform: number
  readonly p50_ms_at_half_peak: number
  readonly p99_ms_at_half_peak: number
  /** Of the worst round: a disk that stalls for a moment shows here. */
  readonly p99_ms_at_half_peak_worst: number
  readonly half_peak_per_s: number
  /** Of PostgreSQL and, but for the limit, the server; not of who sends. Null where the system does not tell. */
  readonly cpu_ms_per_order_limit: number | null
  readonly cpu_ms_per_order_bulk: number | null
  readonly cpu_ms_per_order_http: number | null
  readonly client_cpu_ms_per_order_limit: number
  readonly client_cpu_ms_per_order_bulk: number
  readonly client_cpu_ms_per_order_http: number
  /** Orders acknowledged in the whole run; as many stand in the database, or the bench fails. */
  readonly orders: number
  readonly machine: { readonly processors: number; readonly model: string; readonly load_before: number; readonly load_after: number }
  readonly settings: OrdersSettings
  readonly seconds: number
}

export async function benchOrders(settings: OrdersSettings, report: (step: string) => void): Promise<OrdersBench> {
  const [began, load_before] = [performance.now(), loadavg()[0]!]
  const stage = await openStage(settings.items, report)
  const acknowledged = new Tally()
  try {
    await warmUp(stage, settings, acknowledged, report)
    const rounds: Round[] = []
    for (let round = 1; round <= settings.rounds; round += 1) rounds.push(await measureRound(stage, settings, acknowledged, `Round ${round}`, report))
    const half_peak_per_s = Math.max(perSecond(rounds, 'http64'), perSecond(rounds, 'http512')) / 2
    const latencies: Latency[] = []
    for (let round = 1; round <= settings.rounds; round += 1) {
      report(`Latency ${round}: at ${Math.round(half_peak_per_s)} orders a second`)
      latencies.push(await measureLatency(stage, settings, acknowledged, half_peak_per_s))
    }
    await acknowledged.mustStandIn(stage)
    return {
      ...summary(rounds),
      p50_ms_at_half_peak: rounded(median(latencies.map(({ p50 }) => p50))),
      p99_ms_at_half_peak: rounded(median(latencies.map(({ p99 }) => p99))),
      p99_ms_at_half_peak_worst: rounded(Math.max(...latencies.map(({ p99 }) => p99))),
      half_peak_per_s: Math.round(half_peak_per_s),
      orders: acknowledged.orders,
      machine: {
        processors: availableParallelism(),
        model: cpus()[0]?.model ?? 'unknown',
        load_before: rounded(load_before),
        load_after: rounded(loadavg()[0]!),
      },
      settings,
      seconds: Math.round((performance.now() - began) / 1000),
    }
  } finally {
    await stage.close()
  }
}

/** Orders that were acknowledged, by whatever way. */
class Tally {
  orders = 0

  add(result: LoadResult): void {
    if (result.refused > 0) throw new Error(`${result.refused} orders were not accepted, the first with: ${result.refusal}`)
    this.orders += result.acknowledged
  }

  /** 2xx means durable: what was acknowledged is counted where it should be. */
  async mustStandIn({ opened, world }: Stage): Promise<void> {
    const [row] = await opened.database.query<{ orders: number }>(sql`select count(*) as orders from orders where site_id = ${world.site}`)
    if (row!.orders !== this.orders) throw new Error(`${this.orders} orders were acknowledged, and ${row!.orders} stand in the database.`)
  }
}

/** Compilers, plans, caches and files grow into the work; nothing of it counts. It takes as long as a round: after a second, a server needs half more. */
async function warmUp(stage: Stage, settings: OrdersSettings, acknowledged: Tally, report: (step: string) => void): Promise<void> {
  await measureRound(stage, settings, acknowledged, 'Warming up', report)
  await stage.opened.owner.script('vacuum analyze')
}

async function measureRound(
  stage: Stage,
  settings: OrdersSettings,
  acknowledged: Tally,
  name: string,
  report: (step: string) => void,
): Promise<Round> {
  const { world, opened } = stage
  const through = async (way: keyof typeof ways): Promise<Measurement> => {
    const result = await stage.load({ ...settings, skus: way === 'hot' ? [world.hot.sku] : world.items.map((item) => item.sku), way: ways[way] })
    acknowledged.add(result)
    return result
  }
  const round: Partial<Record<Measured, Measurement>> = {}
  for (const what of ['limit', ...(Object.keys(ways) as (keyof typeof ways)[])] as const) {
    report(`${name}: ${what}`)
    // Each way begins with the same empty log, so that none pays for another's checkpoint.
    await opened.owner.script('checkpoint')
    round[what] = what === 'limit' ? await measureLimit(stage, settings, acknowledged) : await through(what)
  }
  return round as Round
}

async function measureLimit({ opened, world, postgres_ms }: Stage, settings: OrdersSettings, acknowledged: Tally): Promise<Measurement> {
  const session = await opened.database.session()
  const opens = performance.now() + settings.warmup_seconds * 1000
  const closes = opens + settings.seconds * 1000
  let [orders, seconds] = [0, 0]
  let from: { readonly at: number; readonly postgres_ms: number | null; readonly own: NodeJS.CpuUsage } | undefined
  let cpu_ms: number | null = null
  let client_cpu_ms = 0
  const onCommit = (some: number): void => {
    acknowledged.orders += some
    const now = performance.now()
    if (now < opens) return
    from ??= { at: now, postgres_ms: postgres_ms(), own: process.cpuUsage() }
    if (now === from.at) return
    orders += some
    seconds = (now - from.at) / 1000
  }
  try {
    const { sealKey, clock, newId } = opened
    await placeAtLimit(session, { world, sealKey, clock, newId, random: Math.random, more: () => performance.now() < closes, onCommit })
    const [own, database_ms] = [process.cpuUsage(from?.own), postgres_ms()]
    client_cpu_ms = (own.user + own.system) / 1000
    if (from !== undefined && from.postgres_ms !== null && database_ms !== null) cpu_ms = database_ms - from.postgres_ms
  } finally {
    session.release()
  }
  return { orders, seconds, cpu_ms, client_cpu_ms }
}

async function measureLatency(stage: Stage, settings: OrdersSettings, acknowledged: Tally, orders_per_s: number): Promise<Latency> {
  await stage.opened.owner.script('checkpoint')
  const result = await stage.load({
    warmup_seconds: settings.warmup_seconds,
    seconds: settings.latency_seconds,
    skus: stage.world.items.map((item) => item.sku),
    way: { kind: 'open', connections: OPEN_CONNECTIONS, orders_per_s },
  })
  acknowledged.add(result)
  return result.latency_ms!
}

type Latency = NonNullable<LoadResult['latency_ms']>

type Summary = Omit<
  OrdersBench,
  'p50_ms_at_half_peak' | 'p99_ms_at_half_peak' | 'p99_ms_at_half_peak_worst' | 'half_peak_per_s' | 'orders' | 'machine' | 'settings' | 'seconds'
>

function summary(rounds: readonly Round[]): Summary {
  const ratio = (of: (round: Round) => number): number => rounded(median(rounds.map(of)), 3)
  return {
    limit_per_s: Math.round(perSecond(rounds, 'limit')),
    bulk_per_s: Math.round(perSecond(rounds, 'bulk')),
    http64_per_s: Math.round(perSecond(rounds, 'http64')),
    http512_per_s: Math.round(perSecond(rounds, 'http512')),
    hot_per_s: Math.round(perSecond(rounds, 'hot')),
    bulk_to_limit: ratio((round) => rate(round.bulk) / rate(round.limit)),
    http_to_limit: ratio((round) => Math.max(rate(round.http64), rate(round.http512)) / rate(round.limit)),
    hot_to_uniform: ratio((round) => rate(round.hot) / rate(round.bulk)),
    cpu_ms_per_order_limit: cpuPerOrder(rounds, 'limit'),
    cpu_ms_per_order_bulk: cpuPerOrder(rounds, 'bulk'),
    cpu_ms_per_order_http: cpuPerOrder(rounds, 'http64'),
    client_cpu_ms_per_order_limit: ratio((round) => round.limit.client_cpu_ms / round.limit.orders),
    client_cpu_ms_per_order_bulk: ratio((round) => round.bulk.client_cpu_ms / round.bulk.orders),
    client_cpu_ms_per_order_http: ratio((round) => round.http64.client_cpu_ms / round.http64.orders),
  }
}

const rate = ({ orders, seconds }: Measurement): number => orders / seconds
const perSecond = (rounds: readonly Round[], what: Measured): number => median(rounds.map((round) => rate(round[what])))

function cpuPerOrder(rounds: readonly Round[], what: Measured): number | null {
  const known = rounds.map((round) => round[what]).flatMap(({ cpu_ms, orders }) => (cpu_ms === null ? [] : [cpu_ms / orders]))
  return known.length === 0 ? null : rounded(median(known), 4)
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits))
