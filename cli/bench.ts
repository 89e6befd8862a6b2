// qm bench: measures what this machine does: orders a second with a fresh database of its own, beside the limit of the same machine; and how long the
// data of the console's pages takes on the database of a large company, which is made once and kept; and how long a recall takes in a long ledger.

import { resolve } from 'node:path'
import { benchBackdate, usualBackdate, type BackdateBench } from '../bench/backdate.ts'
import { benchBeliefScale, usualScale, type BeliefScale } from '../bench/belief-scale.ts'
import { benchDisruption, usualDisruption, type DisruptionBench } from '../bench/disruption.ts'
import { benchFeed, usualFeedSettings, type FeedBench } from '../bench/feed.ts'
import { benchOrders, usualSettings, type OrdersBench } from '../bench/orders.ts'
import { benchPlan, usualPlan, type PlanBench } from '../bench/plan.ts'
import { benchPages, usualSettings as usualPages, type PagesBench } from '../bench/pages/pages.ts'
import { fullWorld, smallWorld } from '../bench/pages/world.ts'
import { benchRecall, usualRecall, type RecallBench } from '../bench/recall.ts'
import { benchPromise, usualSettings as usualPromise, type PromiseBench } from '../bench/promise/promise.ts'
import { fullWorld as fullPromises, smallWorld as smallPromises } from '../bench/promise/world.ts'
import { command, oneOf, wholeNumber } from './command.ts'

const COUNT = { min: 1, max: 100_000 }
const WORLD_FOLDER = 'quartermaster-bench'
const PROMISES_FOLDER = 'quartermaster-bench-promises'

export const benchCommand = command({
  name: 'bench',
  summary:
    "Measure orders a second, latency and processor time, or how late readers of the feed hear, or how soon costs are right after a late receipt, or how soon it is known whom a late purchase hurts, or how long the console's pages or promises take on a large database, or a recall in a long ledger, or a day's events in a million beliefs, or a plan of all items at all sites",
  words: 'orders|feed|backdate|disruption|pages|promise|recall|belief|plan',
  words_max: 1,
  example: 'qm bench orders --json',
  options: {
    rounds: { type: 'string', value: 'N', about: `orders, recall: how often each is measured (${usualSettings.rounds}, ${usualRecall.rounds})` },
    seconds: { type: 'string', value: 'N', about: `orders: how long each time (${usualSettings.seconds})` },
    items: {
      type: 'string',
      value: 'N',
      about: `orders, belief, plan: how many items are ordered, believed something of, or planned at their sites (${usualSettings.items}, ${usualScale.items}, ${usualPlan.item_sites})`,
    },
    moves: {
      type: 'string',
      value: 'N',
      about: `backdate, recall: how many moves come after the receipt, or are in the ledger (${usualBackdate.later_moves}, ${usualRecall.moves})`,
    },
    readers: { type: 'string', value: 'N', about: `feed: how many watch it (${usualFeedSettings.readers})` },
    samples: { type: 'string', value: 'N', about: `pages, promise: how often each is asked (${usualPages.samples}, ${usualPromise.samples})` },
    lines: { type: 'string', value: 'N', about: `disruption: order lines that a late purchase hurts (${usualDisruption.lines})` },
    small: { type: 'boolean', about: 'pages, promise: on a small company, made in seconds; its figures say nothing' },
    folder: {
      type: 'string',
      value: 'DIR',
      about: `pages, promise: where the large company is kept, 20 GB and 3 GB (${WORLD_FOLDER}, ${PROMISES_FOLDER})`,
    },
  },
  run: async ({ options, words, terminal }) => {
    const report = (step: string): void => terminal.note(step)
    const what = oneOf('What to measure', words[0], ['orders', 'feed', 'backdate', 'disruption', 'pages', 'promise', 'recall', 'belief', 'plan'])
    if (what === 'feed') {
      const readers = wholeNumber('readers', options.readers, COUNT) ?? usualFeedSettings.readers
      const result = await benchFeed({ ...usualFeedSettings, readers }, report)
      terminal.tell(result, feedText(result))
      return 0
    }
    if (what === 'belief') {
      const items = wholeNumber('items', options.items, { min: 1_000, max: 10_000_000 }) ?? usualScale.items
      const bench = benchBeliefScale({ ...usualScale, items }, report)
      terminal.tell(bench, beliefText(bench))
      return 0
    }
    if (what === 'plan') {
      const item_sites = wholeNumber('items', options.items, { min: 20, max: 10_000_000 }) ?? usualPlan.item_sites
      const bench = await benchPlan({ ...usualPlan, item_sites }, report)
      terminal.tell(bench, planText(bench))
      return 0
    }
    if (what === 'disruption') {
      const lines = wholeNumber('lines', options.lines, COUNT) ?? usualDisruption.lines
      const bench = await benchDisruption({ ...usualDisruption, lines }, report)
      terminal.tell(bench, disruptionText(bench))
      return 0
    }
    if (what === 'backdate') {
      const later_moves = wholeNumber('moves', options.moves, { min: usualBackdate.days, max: 1_000_000 }) ?? usualBackdate.later_moves
      const result = await benchBackdate({ ...usualBackdate, later_moves }, report)
      terminal.tell(result, backdateText(result))
      return result.right ? 0 : 1
    }
    if (what === 'pages') {
      const samples = wholeNumber('samples', options.samples, COUNT) ?? usualPages.samples
      const folder = resolve(options.folder ?? (options.small ? `${WORLD_FOLDER}-small` : WORLD_FOLDER))
      const bench = await benchPages({ ...usualPages, samples, folder, size: options.small ? smallWorld : fullWorld }, report)
      terminal.tell(bench, textOfPages(bench))
      return 0
    }
    if (what === 'recall') {
      const rounds = wholeNumber('rounds', options.rounds, COUNT) ?? usualRecall.rounds
      const moves = wholeNumber('moves', options.moves, { min: 10_000, max: 100_000_000 }) ?? usualRecall.moves
      const result = await benchRecall({ ...usualRecall, moves, rounds }, report)
      terminal.tell(result, recallText(result))
      return 0
    }
    if (what === 'promise') {
      const samples = wholeNumber('samples', options.samples, COUNT) ?? usualPromise.samples
      const folder = resolve(options.folder ?? (options.small ? `${PROMISES_FOLDER}-small` : PROMISES_FOLDER))
      const bench = await benchPromise({ ...usualPromise, samples, folder, size: options.small ? smallPromises : fullPromises }, report)
      terminal.tell(bench, textOfPromises(bench))
      return 0
    }
    const settings = {
      ...usualSettings,
      rounds: wholeNumber('rounds', options.rounds, COUNT) ?? usualSettings.rounds,
      seconds: wholeNumber('seconds', options.seconds, COUNT) ?? usualSettings.seconds,
      items: wholeNumber('items', options.items, COUNT) ?? usualSettings.items,
    }
    const result = await benchOrders(settings, report)
    terminal.tell(result, textOf(result))
    return 0
  },
})

const backdateText = ({ later_moves, seconds, receipt_ms, corrections, right }: BackdateBench): string =>
  `A receipt before ${later_moves} moves of its item was taken in ${receipt_ms} ms; after ${seconds} s all costs since were ${right ? 'right' : 'WRONG'}, by ${corrections} corrections.`

const beliefText = ({ item_sites, seconds_1m_30pct, single_update_us, peak_mb, beliefs_mb, max_total_variation }: BeliefScale): string =>
  `Of ${item_sites} beliefs 30 % had a sale or a receipt in a day: ${seconds_1m_30pct} s for a million on one thread, ${single_update_us} microseconds each; ${peak_mb} MB in all, ${beliefs_mb} MB of them beliefs. Worked out the long way they differ by ${max_total_variation} at most (total variation).`

const planText = ({ item_sites, seconds, item_sites_per_s, peak_mb, sales_days, lines, orders }: PlanBench): string =>
  `${item_sites} items at their sites were planned in ${seconds} s, ${item_sites_per_s} a second, from ${sales_days} days with sales: ${lines} lines of ${orders} orders; ${peak_mb} MB.`

const feedText = ({ readers, orders_per_s, order_p99_ms, p50_ms, p99_ms, max_ms }: FeedBench): string =>
  `${readers} readers heard of ${orders_per_s} orders a second after ${p50_ms} ms in the middle, ${p99_ms} ms for 99 of 100 and ${max_ms} ms at most; 99 of 100 orders were answered within ${order_p99_ms} ms.`

const disruptionText = ({ lines, orders, remedies, seconds, seconds_max, slip_seconds, read_seconds }: DisruptionBench): string =>
  `A purchase comes later: ${lines} lines of ${orders} orders are named with what can be done (${remedies.join(', ')}) after ${seconds} s in the middle, ${seconds_max} s at most; ${slip_seconds} s until it is recorded, ${read_seconds} s to read.`

const recallText = ({
  moves,
  seconds,
  first_seconds,
  recall_seconds,
  held_seconds,
  trace_seconds,
  backward_seconds,
  lots,
  sites,
  customers,
}: RecallBench): string =>
  `In a ledger of ${moves} moves a lot with ${lots - 1} made of it was recalled in ${seconds} s: found and ordered in ${recall_seconds} s, held at ${sites} sites after ${held_seconds} s more, and ${customers} lines of customers' orders listed in ${trace_seconds} s. Back from one of them to the supplier takes ${backward_seconds} s. The first recall of all, on cold lanes, took ${first_seconds} s.`

const textOfPromises = ({ per_s, p50_ms, p99_ms, basket20_p50_ms, basket20_p99_ms, world }: PromiseBench): string =>
  [
    `A promise of one line takes ${p50_ms} ms in the middle and ${p99_ms} ms for 99 of 100; of twenty lines ${basket20_p50_ms} and ${basket20_p99_ms} ms.`,
    `${per_s} of one line a second, eight at once; ${world.item_sites} items at sites with ${world.planned_moves} planned moves, each sourced over six sites.`,
  ].join('\n')

function textOfPages({ pages, max_p99_ms, world, machine, samples, seconds }: PagesBench): string {
  const rows = pages
    .toSorted((a, b) => b.p99_ms - a.p99_ms)
    .map((page) => [page.name, page.p50_ms.toFixed(1), page.p99_ms.toFixed(1), page.max_ms.toFixed(1)])
  return [
    ...[['milliseconds', 'p50', 'p99', 'max'], ...rows].map(
      ([name, ...figures]) => `${name!.padEnd(52)}${figures.map((one) => one.padStart(9)).join('')}`,
    ),
    '',
    `The slowest page takes ${max_p99_ms} ms for 99 of 100; each was asked ${samples} times.`,
    `${world.item_sites} items at sites, ${world.moves} moves, ${world.orders} orders, ${world.open_lines} lines open.`,
    `${machine.processors} processors (${machine.model}), load ${machine.load_before} before and ${machine.load_after} after; ${seconds} s.`,
  ].join('\n')
}

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
