// Belief, value: how right beliefs are, what ordering from them saves, and what they find when they say what to count, in every regime and for several
// seeds: `npm run bench:belief -- --seeds 1,2,3`; a table on the way, and one JSON value in the end. As many at once as there are processors.

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { rank, type Ranking } from '../sim/shrink/ranking.ts'
import { simulate, type Simulation } from '../sim/shrink/simulate.ts'
import { usualRegime, type Regime } from '../sim/shrink/world.ts'

const regimes: Readonly<Record<string, Partial<Regime>>> = {
  'as usual: 2 %, 180 days': {},
  'shrink 1 %': { shrink: 0.01 },
  'shrink 4 %': { shrink: 0.04 },
  'never counted': { countDays: 0 },
  'counted each 90 days': { countDays: 90 },
  'demand learnt': { demandLearnt: true },
  'demand forecast': { forecast: true },
  'thought half of it': { priorFactor: 0.5 },
  'thought twice of it': { priorFactor: 2 },
  'learnt, thought twice': { demandLearnt: true, priorFactor: 2 },
  'counts off': { countError: 0.1 },
  'mis-scans': { misread: 0.02 },
  'theft by the case': { caseTheft: 0.3 },
  'busy weekends': { weekdays: true },
  'a week to deliver': { leadDays: 7 },
  'packs of six': { pack: 6 },
  backroom: { backroom: 0.1 },
}

type Task = { readonly seed: number; readonly regime: Regime } & ({ readonly what: 'simulate'; readonly name: string } | { readonly what: 'rank' })
type Answer = { readonly simulation: Simulation } | { readonly ranking: Ranking }

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const rounded = (value: number): number => Math.round(value * 1000) / 1000

if (isMainThread) await judge()
else {
  parentPort!.on('message', ({ what, regime, seed }: Task) =>
    parentPort!.postMessage(
      (what === 'rank' ? { ranking: rank(regime, seed) } : { simulation: simulate(regime, seed, () => undefined) }) satisfies Answer,
    ),
  )
}

async function judge(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      items: { type: 'string', default: '200' },
      days: { type: 'string', default: '600' },
      threads: { type: 'string', default: String(availableParallelism()) },
    },
  })
  const seeds = values.seeds.split(',').map(Number)
  const size = { items: Number(values.items), days: Number(values.days) }
  const ranked: Regime = { ...usualRegime, items: size.items * 10, days: Math.min(size.days, 400) }
  const tasks: readonly Task[] = [
    ...Object.entries(regimes).flatMap(([name, changed]) =>
      seeds.map((seed): Task => ({ what: 'simulate', name, seed, regime: { ...usualRegime, ...size, ...changed } })),
    ),
    ...seeds.map((seed): Task => ({ what: 'rank', seed, regime: ranked })),
  ]
  say(`${'regime'.padEnd(26)}seed  perfect  record  shrink   walks  belief   saved: shrink  walks  belief   90 %   tenths from..to`)
  const told: object[] = []
  const rankings: object[] = []
  await inThreads(tasks, Number(values.threads), (task, answer) => {
    if ('ranking' in answer) rankings.push(tellRanking(task.seed, answer.ranking))
    else if (task.what === 'simulate') told.push(tell(task.name, task.seed, answer.simulation))
  })
  process.stdout.write(`${JSON.stringify({ regimes: told, rankings })}\n`)
}

/** A row of the table, said and returned. */
function tell(name: string, seed: number, { policies, recovered, coverage90, pit_deciles }: Simulation): object {
  const costs = Object.values(policies).map(({ cost }) => cost.toFixed(2).padStart(8))
  const saved = Object.values(recovered).map((one) => one.toFixed(3).padStart(7))
  const [least, most] = [rounded(Math.min(...pit_deciles)), rounded(Math.max(...pit_deciles))]
  say(`${name.padEnd(26)}${String(seed).padStart(4)}${costs.join('')}        ${saved.join('')}  ${coverage90.toFixed(3)}  ${least}..${most}`)
  return {
    regime: name,
    seed,
    ...recovered,
    coverage90: rounded(coverage90),
    pit_least: least,
    pit_most: most,
    pit_deciles: pit_deciles.map(rounded),
  }
}

function tellRanking(seed: number, ranking: Ranking): object {
  say(JSON.stringify({ seed, ...ranking }))
  return { seed, ...ranking }
}

/** Each task in whichever thread is free; answers are heard in the order of the tasks. */
async function inThreads(tasks: readonly Task[], threads: number, hear: (task: Task, answer: Answer) => void): Promise<void> {
  const answers = new Map<number, Answer>()
  let [next, heard] = [0, 0]
  await Promise.all(
    Array.from({ length: Math.min(threads, tasks.length) }, async () => {
      const worker = new Worker(new URL(import.meta.url))
      for (let at = next++; at < tasks.length; at = next++) {
        const answer = await new Promise<Answer>((resolve, reject) => {
          worker.once('error', reject)
          worker.once('message', (one: Answer) => {
            worker.off('error', reject)
            resolve(one)
          })
          worker.postMessage(tasks[at])
        })
        answers.set(at, answer)
        for (; answers.has(heard); heard += 1) hear(tasks[heard]!, answers.get(heard)!)
      }
      await worker.terminate()
    }),
  )
}
