// Promise: how long one call takes that asks what could be promised, on a million items at sites with five planned moves each (world.ts): of one item, and
// of a basket of twenty lines. Each is sourced by the rule of its site, over six sites. A server of its own process is asked over kept connections.

import { availableParallelism, cpus, loadavg } from 'node:os'
import { chanceOf, type Chance } from '../../core/rng.ts'
import { Client, quantile, rounded, startAt, type Asked } from '../asked-server.ts'
import { codeOf, keptPromiseWorld, MOVES_PER_POSITION, skuOf, type PromiseWorldSize } from './world.ts'

export interface PromiseSettings {
  /** Where the world is kept. */
  readonly folder: string
  readonly size: PromiseWorldSize
  /** How often each kind of call is timed, one after another. */
  readonly samples: number
  readonly seconds: number
  /** Baskets that are asked for first, until the database has in its memory what promising reads, as it has in a server that has been up for a while. */
  readonly warmup: number
  readonly seed: number
}

export const usualSettings = { samples: 2_000, seconds: 10, warmup: 2_500, seed: 1 }

export interface PromiseBench {
  /** Calls of one line a second, several at once. */
  readonly per_s: number
  /** From the request's first byte to the answer's last, one call at a time. */
  readonly p50_ms: number
  readonly p99_ms: number
  readonly basket20_p50_ms: number
  readonly basket20_p99_ms: number
  readonly world: { readonly item_sites: number; readonly planned_moves: number }
  readonly machine: { readonly processors: number; readonly model: string; readonly load_before: number; readonly load_after: number }
  readonly warmup: number
  readonly samples: number
  readonly seconds: number
}

const BASKET_LINES = 20
const CLIENTS = 8

export async function benchPromise(settings: PromiseSettings, report: (step: string) => void): Promise<PromiseBench> {
  const world = await keptPromiseWorld(settings.folder, settings.size, report)
  const [began, load_before] = [performance.now(), loadavg()[0]!]
  const server = await startAt(world)
  const clients = Array.from({ length: CLIENTS }, () => new Client(server.url, world.secret))
  const chance = chanceOf(settings.seed)
  const ask = (lines: number): Asked => basketOf(lines, settings.size, chance)
  try {
    report('Warming up')
    await timed(clients[0]!, settings.warmup, () => ask(BASKET_LINES))
    report('One line at a time')
    const one = await timed(clients[0]!, settings.samples, () => ask(1))
    report(`Baskets of ${BASKET_LINES} lines`)
    const basket = await timed(clients[0]!, settings.samples, () => ask(BASKET_LINES))
    report(`${CLIENTS} at once`)
    const per_s = await perSecond(clients, settings.seconds, () => ask(1))
    const item_sites = settings.size.items * settings.size.sites
    return {
      per_s,
      p50_ms: quantile(one, 0.5),
      p99_ms: quantile(one, 0.99),
      basket20_p50_ms: quantile(basket, 0.5),
      basket20_p99_ms: quantile(basket, 0.99),
      world: { item_sites, planned_moves: item_sites * MOVES_PER_POSITION },
      machine: {
        processors: availableParallelism(),
        model: cpus()[0]?.model ?? 'unknown',
        load_before: rounded(load_before),
        load_after: rounded(loadavg()[0]!),
      },
      warmup: settings.warmup,
      samples: settings.samples,
      seconds: Math.round((performance.now() - began) / 1000),
    }
  } finally {
    for (const client of clients) client.close()
    await server.stop()
  }
}

/** Different items of a site, each call at another site and of others. */
function basketOf(lines: number, { sites, items }: PromiseWorldSize, chance: Chance): Asked {
  const wanted = Array.from({ length: lines }, () => ({ sku: skuOf(chance.below(items)), quantity: 1 + chance.below(60) }))
  return { path: '/api/promises/basket', body: { site: codeOf(1 + chance.below(sites)), lines: wanted } }
}

async function timed(client: Client, samples: number, ask: () => Asked): Promise<readonly number[]> {
  const times: number[] = []
  for (let count = 0; count < samples; count += 1) times.push(await client.ask('askBasket', ask()))
  return times
}

async function perSecond(clients: readonly Client[], seconds: number, ask: () => Asked): Promise<number> {
  const [began, until] = [performance.now(), performance.now() + seconds * 1_000]
  const counts = await Promise.all(
    clients.map(async (client) => {
      let count = 0
      for (; performance.now() < until; count += 1) await client.ask('askBasket', ask())
      return count
    }),
  )
  return Math.round((counts.reduce((sum, count) => sum + count, 0) * 1_000) / (performance.now() - began))
}
