// Feed: how late a browser hears of an order, with hundreds of them watching while orders come in at half of the peak. Readers are a
// process of their own, so that their work is not the server's, though they take their part of the machine.
//
// Measured is from the recording of an event, which is before its commit, to the reader that has it: never less than from commit to browser.

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Heard, ReadersCommand, ReadersEvent, ReadersJob } from './feed-readers.ts'
import type { LoadResult } from './load.ts'
import { openStage, type Stage } from './stage.ts'

export interface FeedSettings {
  readonly items: number
  readonly readers: number
  readonly warmup_seconds: number
  /** How long the peak is sought, and how long the feed is watched. */
  readonly peak_seconds: number
  readonly seconds: number
}

export const usualFeedSettings: FeedSettings = { items: 10_000, readers: 200, warmup_seconds: 2, peak_seconds: 5, seconds: 20 }

export interface FeedBench {
  readonly readers: number
  readonly half_peak_per_s: number
  /** Orders acknowledged a second while the feed was watched, and how late. */
  readonly orders_per_s: number
  readonly order_p99_ms: number
  /** From the recording of an event until a reader has it. */
  readonly p50_ms: number
  readonly p99_ms: number
  readonly max_ms: number
  /** Events that readers were told of, all together, a second, and messages it took. */
  readonly told_per_s: number
  readonly messages_per_s: number
  readonly machine: { readonly processors: number; readonly load_before: number; readonly load_after: number }
  readonly settings: FeedSettings
}

const CONNECTIONS = 512

export async function benchFeed(settings: FeedSettings, report: (step: string) => void): Promise<FeedBench> {
  const load_before = loadavg()[0]!
  const stage = await openStage(settings.items, report)
  const readers = fork(join(import.meta.dirname, 'feed-readers.ts'), { stdio: 'inherit' })
  try {
    report('Seeking the peak')
    const orders = { skus: stage.world.items.map((item) => item.sku), warmup_seconds: settings.warmup_seconds }
    const peak = accepted(await stage.load({ ...orders, seconds: settings.peak_seconds, way: { kind: 'closed', connections: CONNECTIONS } }))
    if (peak.orders === 0) throw new Error(`No order was answered within ${settings.peak_seconds} s: the server needs a longer warm-up.`)
    const half_peak_per_s = peak.orders / peak.seconds / 2
    report(`${settings.readers} readers watch ${Math.round(half_peak_per_s)} orders a second`)
    const { heard, result } = await watched(stage, readers, settings, () =>
      stage.load({ ...orders, seconds: settings.seconds, way: { kind: 'open', connections: CONNECTIONS, orders_per_s: half_peak_per_s } }),
    )
    if (heard.latency_ms === null || heard.readers < settings.readers)
      throw new Error(`Only ${heard.readers} of ${settings.readers} readers heard anything.`)
    const rate = (count: number): number => Math.round(count / result.seconds)
    return {
      readers: heard.readers,
      half_peak_per_s: Math.round(half_peak_per_s),
      orders_per_s: rate(result.orders),
      order_p99_ms: Math.round(result.latency_ms!.p99),
      p50_ms: heard.latency_ms.p50,
      p99_ms: heard.latency_ms.p99,
      max_ms: heard.latency_ms.max,
      told_per_s: rate(heard.events),
      messages_per_s: rate(heard.messages),
      machine: { processors: availableParallelism(), load_before, load_after: loadavg()[0]! },
      settings,
    }
  } finally {
    // A reader whose server goes first would call that a fault.
    readers.removeAllListeners('exit')
    readers.kill('SIGKILL')
    await stage.close()
  }
}

/** Readers watch from before the load to after it, and are measured while it lasts. */
async function watched(
  { world, address }: Stage,
  readers: ChildProcess,
  { readers: count }: FeedSettings,
  work: () => Promise<LoadResult>,
): Promise<{ heard: Heard; result: LoadResult }> {
  const failed = once(readers, 'exit').then(() => Promise.reject(new Error('The readers ended before the bench did.')))
  const said = async (): Promise<ReadersEvent> => ((await Promise.race([once(readers, 'message'), failed])) as [ReadersEvent])[0]
  const command = (one: ReadersCommand): unknown => readers.send(one)
  const job: ReadersJob = { ...address, secret: world.secret, readers: count }
  command({ do: 'watch', job })
  await said()
  command({ do: 'measure' })
  const result = accepted(await Promise.race([work(), failed]))
  command({ do: 'end' })
  const last = await said()
  if (last.event !== 'heard') throw new Error('The readers said something else than what they heard.')
  return { heard: last.heard, result }
}

function accepted(result: LoadResult): LoadResult {
  if (result.refused > 0) throw new Error(`${result.refused} orders were not accepted, the first with: ${result.refusal}`)
  return result
}
