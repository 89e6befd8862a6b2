// qm bench: measures what this machine does with a fresh database of its own, and says it beside the limit of the same machine.

import { benchFeed, usualFeedSettings, type FeedBench } from '../bench/feed.ts'
import { benchOrders, usualSettings, type OrdersBench } from '../bench/orders.ts'
import { command, oneOf, wholeNumber } from './command.ts'

const COUNT = { min: 1, max: 100_000 }

export const benchCommand = command({
  name: 'bench',
  summary: 'Measure orders a second, latency and processor time on this machine, beside what its database can do at most',
  words: 'orders|feed',
  words_max: 1,
  example: 'qm bench orders --json',
  options: {
    rounds: { type: 'string', value: 'N', about: `How often each way is measured (${usualSettings.rounds})` },
    seconds: { type: 'string', value: 'N', about: `How long each time (${usualSettings.seconds})` },
    items: { type: 'string', value: 'N', about: `How many items are ordered (${usualSettings.items})` },
    readers: { type: 'string', value: 'N', about: `How many watch the feed (${usualFeedSettings.readers})` },
  },
  run: async ({ options, words, terminal }) => {
    const what = oneOf('What to measure', words[0], ['orders', 'feed'])
    if (what === 'feed') {
      const result = await benchFeed(
        { ...usualFeedSettings, readers: wholeNumber('readers', options.readers, COUNT) ?? usualFeedSettings.readers },
        (step) => terminal.note(step),
      )
      terminal.tell(result, feedText(result))
      return 0
    }
    const settings = {
      ...usualSettings,
      rounds: wholeNumber('rounds', options.rounds, COUNT) ?? usualSettings.rounds,
      seconds: wholeNumber('seconds', options.seconds, COUNT) ?? usualSettings.seconds,
      items: wholeNumber('items', options.items, COUNT) ?? usualSettings.items,
    }
    const result = await benchOrders(settings, (step) => terminal.note(step))
    terminal.tell(result, textOf(result))
    return 0
  },
})

const feedText = ({ readers, orders_per_s, order_p99_ms, p50_ms, p99_ms, max_ms }: FeedBench): string =>
  `${readers} readers heard of ${orders_per_s} orders a second after ${p50_ms} ms in the middle, ${p99_ms} ms for 99 of 100 and ${max_ms} ms at most; 99 of 100 orders were answered within ${order_p99_ms} ms.`

function textOf(bench: OrdersBench): string {
  const { limit_per_s, bulk_per_s, http64_per_s, http512_per_s, hot_per_s, bulk_to_limit, http_to_limit, hot_to_uniform } = bench
  const share = (ratio: number): string => `${(ratio * 100).toFixed(0)} %`
  const cpu = (milliseconds: number | null): string => (milliseconds === null ? 'not known' : `${milliseconds.toFixed(3)} ms`)
  const rows = [
    ['', 'orders/s', 'beside', 'processor an order'],
    ['limit: SQL alone, 200 orders a transaction', limit_per_s, '', cpu(bench.cpu_ms_per_order_limit)],
    ['upload of NDJSON', bulk_per_s, `${share(bulk_to_limit)} of the limit`, cpu(bench.cpu_ms_per_order_bulk)],
    ['upload, all on one item', hot_per_s, `${share(hot_to_uniform)} of many items`, ''],
    ['single orders, 64 connections', http64_per_s, '', cpu(bench.cpu_ms_per_order_http)],
    ['single orders, 512 connections', http512_per_s, `${share(http_to_limit)} of the limit (the better)`, ''],
  ]
  const table = rows.map(
    ([what, per_s, beside, processor]) => `${String(what).padEnd(44)}${String(per_s).padStart(9)}  ${String(beside).padEnd(30)}${processor}`,
  )
  const { half_peak_per_s, p50_ms_at_half_peak, p99_ms_at_half_peak, machine, seconds } = bench
  return [
    ...table.map((line) => line.trimEnd()),
    '',
    `At ${half_peak_per_s} single orders/s, half of the peak: ${p50_ms_at_half_peak} ms in the middle, ${p99_ms_at_half_peak} ms for 99 of 100.`,
    `${machine.processors} processors (${machine.model}), load ${machine.load_before} before and ${machine.load_after} after; ${seconds} s.`,
  ].join('\n')
}
