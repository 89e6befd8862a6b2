// qm replay: thirty months of a real company's orders through its network of fourteen sites in minutes: sold at tills or ordered, bought for, built,
// transferred and delivered, in a database of their own, and the proof that the record holds afterwards: every line accounted for, totals equal to a recount in SQL, every invariant verified.

import { startEmbedded } from '../server/postgres/embedded.ts'
import { startTemporary } from '../server/postgres/temporary.ts'
import { replay, withScratch, type Replayed } from '../sim/replay.ts'
import { command, wholeNumber } from './command.ts'
import { UsageError } from './terminal.ts'

const ORDERS_MAX = 1_000_000

export const replayCommand = command({
  name: 'replay',
  summary: 'Feed 25,164 real orders through the flow on a simulated clock, and prove the record',
  words: '',
  words_max: 0,
  example: 'qm replay\nqm replay --orders 2000 --json',
  options: {
    orders: { type: 'string', value: 'N', about: 'Only the first N orders' },
    folder: {
      type: 'string',
      value: 'DIR',
      about: 'Use the embedded PostgreSQL of this folder, in a database of its own; without it a temporary one',
    },
    keep: { type: 'boolean', about: 'Keep that database, and print how to reach it; needs --folder' },
  },
  run: async ({ options, terminal }) => {
    const { folder, keep } = options
    const orders_max = wholeNumber('orders', options.orders, { min: 1, max: ORDERS_MAX })
    if (keep && folder === undefined) throw new UsageError('--keep needs --folder: a temporary PostgreSQL ends with the replay')
    const report = (step: string): void => terminal.note(step)
    const embedded = folder === undefined ? await startTemporary({ report }) : await startEmbedded({ folder, report })
    try {
      return await withScratch(embedded, { keep }, async (opened, clock, { database, sealKey }) => {
        const replayed = await replay(opened, clock, { orders_max, progress: (what, done, total) => terminal.progress(what, done, total) })
        const kept = keep
          ? { kept: { database, host: embedded.connection.host, user: embedded.connection.user, sealKey: sealKey.toString('hex') } }
          : {}
        terminal.tell({ ...replayed, ...kept }, textOf(replayed))
        if (keep) terminal.note(`Kept: database ${database}, socket in ${embedded.connection.host}, user ${embedded.connection.user}`)
        return replayed.ok ? 0 : 1
      })
    } finally {
      await embedded.stop()
    }
  },
})

function textOf(replayed: Replayed): string {
  const n = (count: number): string => count.toLocaleString('en')
  const { orders, lines, delivered, partly, backordered, units, unitsDelivered, unitsBackordered, moves, days, seconds, verify, differences } =
    replayed
  const { till_lines, endless_aisle_lines, purchase_orders, work_orders, transfers, days_late_mean, delivered_percent, backordered_by_code } =
    replayed
  const reasons = Object.entries(backordered_by_code).map(([code, count]) => `, ${n(count)} ${code}`)
  return [
    `${n(orders)} orders on ${n(days)} days, ${n(lines)} lines: ${n(delivered)} delivered, ${n(partly)} delivered in part, ${n(backordered)} backordered`,
    `${n(units)} units: ${n(unitsDelivered)} delivered, ${n(unitsBackordered)} backordered`,
    `${delivered_percent} % of lines delivered, ${days_late_mean} days late on average${reasons.join('')}`,
    `${n(till_lines)} lines sold at tills, ${n(endless_aisle_lines)} asked for there and shipped by the distribution centre`,
    `${n(purchase_orders)} purchase orders, ${n(work_orders)} work orders, ${n(transfers)} transfers, ${n(moves)} moves, ${seconds} s`,
    differences.length === 0 ? 'A recount in SQL gives the same.' : `A recount in SQL differs:\n  ${differences.join('\n  ')}`,
    verify.ok ? `Every invariant holds (${verify.seconds} s).` : `Invariants that do not hold:\n  ${verify.failed.join('\n  ')}`,
  ].join('\n')
}
