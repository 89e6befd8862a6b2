// Belief, value: how right beliefs are, what ordering from them saves, and what they find when they say what to count, in every regime and for several
// seeds: `npm run bench:belief -- --seeds 1,2,3`; a table on the way, and one JSON value in the end. Takes an hour and a half whole.

import { parseArgs } from 'node:util'
import { rank } from '../sim/shrink/ranking.ts'
import { simulate } from '../sim/shrink/simulate.ts'
import { usualRegime, type Regime } from '../sim/shrink/world.ts'

const regimes: Readonly<Record<string, Partial<Regime>>> = {
  'as usual: 2 %, 180 days': {},
  'shrink 1 %': { shrink: 0.01 },
  'shrink 4 %': { shrink: 0.04 },
  'never counted': { countDays: 0 },
  'counted each 90 days': { countDays: 90 },
  'demand learnt': { demandLearnt: true },
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

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1,2,3' }, items: { type: 'string', default: '200' }, days: { type: 'string', default: '600' } },
})
const seeds = values.seeds.split(',').map(Number)
const size = { items: Number(values.items), days: Number(values.days) }
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const rounded = (value: number): number => Math.round(value * 1000) / 1000

const results = []
say(`${'regime'.padEnd(26)}seed  perfect  record  shrink   walks  belief   saved: shrink  walks  belief   90 %   tenths from..to`)
for (const [name, changed] of Object.entries(regimes)) {
  for (const seed of seeds) {
    const { policies, recovered, coverage90, pit_deciles } = simulate({ ...usualRegime, ...size, ...changed }, seed, () => undefined)
    const costs = Object.values(policies).map(({ cost }) => cost.toFixed(2).padStart(8))
    const saved = Object.values(recovered).map((one) => one.toFixed(3).padStart(7))
    const tenths = [Math.min(...pit_deciles), Math.max(...pit_deciles)].map(rounded)
    say(`${name.padEnd(26)}${String(seed).padStart(4)}${costs.join('')}        ${saved.join('')}  ${coverage90.toFixed(3)}  ${tenths.join('..')}`)
    results.push({ regime: name, seed, ...recovered, coverage90: rounded(coverage90), pit_least: tenths[0], pit_most: tenths[1] })
  }
}
const rankings = seeds.map((seed) => ({ seed, ...rank({ ...usualRegime, items: size.items * 10, days: Math.min(size.days, 400) }, seed) }))
for (const one of rankings) say(JSON.stringify(one))
process.stdout.write(`${JSON.stringify({ regimes: results, rankings })}\n`)
