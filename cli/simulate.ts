// qm simulate: what it is worth to know what is probably there: shelves with hidden losses, and policies that order from the record, from the belief
// or from the truth.

import { policyNames } from '../sim/shrink/policies.ts'
import { simulate, type Simulation } from '../sim/shrink/simulate.ts'
import { usualRegime, type Regime } from '../sim/shrink/world.ts'
import { command, wholeNumber } from './command.ts'
import { UsageError } from './terminal.ts'

export const simulateCommand = command({
  name: 'simulate',
  summary: 'Simulate shelves with hidden losses, and tell what ordering from the belief saves beside ordering from the record',
  words: '',
  words_max: 0,
  example: 'qm simulate --shrink 0.02 --count-days 180 --items 200 --days 600 --seed 1 --json',
  options: {
    shrink: { type: 'string', value: 'SHARE', about: `Units lost unseen for each that is wanted, on average (${usualRegime.shrink})` },
    'count-days': { type: 'string', value: 'N', about: `Every item is counted once in so many days; 0 for never (${usualRegime.countDays})` },
    items: { type: 'string', value: 'N', about: `How many items (${usualRegime.items})` },
    days: { type: 'string', value: 'N', about: `How long; the first fifth is not measured (${usualRegime.days})` },
    seed: { type: 'string', value: 'N', about: 'Another seed, other customers and thieves (1)' },
    'demand-learnt': { type: 'boolean', about: 'Policies are not told how much is wanted, and learn it from what they sell' },
    forecast: { type: 'boolean', about: 'Policies forecast how much is wanted, week by week, as the product does' },
    'prior-factor': { type: 'string', value: 'X', about: 'Shrink is thought to be so many times what it is (1)' },
    'mis-scans': { type: 'string', value: 'SHARE', about: 'Sales that are entered as another item (0)' },
    'case-theft': { type: 'string', value: 'SHARE', about: 'Of the losses, what goes by the case (0)' },
    'count-error': { type: 'string', value: 'SHARE', about: 'Counts that are off by some (0)' },
    weekdays: { type: 'boolean', about: 'Some weekdays are twice as busy as others' },
    'lead-days': { type: 'string', value: 'N', about: `What is ordered in the evening is there so many mornings later (${usualRegime.leadDays})` },
    pack: { type: 'string', value: 'N', about: `Orders are multiples of so many (${usualRegime.pack})` },
    backroom: { type: 'string', value: 'SHARE', about: 'Days on which nobody fills the shelf from the backroom (0)' },
  },
  run: ({ options, terminal }) => {
    const regime: Regime = {
      shrink: share('shrink', options.shrink, 0.5) ?? usualRegime.shrink,
      countDays: wholeNumber('count-days', options['count-days'], { min: 0, max: 3_650 }) ?? usualRegime.countDays,
      items: wholeNumber('items', options.items, { min: 1, max: 20_000 }) ?? usualRegime.items,
      days: wholeNumber('days', options.days, { min: 10, max: 3_650 }) ?? usualRegime.days,
      demandLearnt: options['demand-learnt'] ?? false,
      forecast: options.forecast ?? false,
      priorFactor: share('prior-factor', options['prior-factor'], 10) ?? usualRegime.priorFactor,
      misread: share('mis-scans', options['mis-scans'], 0.2) ?? 0,
      caseTheft: share('case-theft', options['case-theft'], 1) ?? 0,
      countError: share('count-error', options['count-error'], 0.5) ?? 0,
      weekdays: options.weekdays ?? false,
      leadDays: wholeNumber('lead-days', options['lead-days'], { min: 1, max: 60 }) ?? usualRegime.leadDays,
      pack: wholeNumber('pack', options.pack, { min: 1, max: 144 }) ?? usualRegime.pack,
      backroom: share('backroom', options.backroom, 0.5) ?? 0,
    }
    const seed = wholeNumber('seed', options.seed, { min: 0, max: 1_000_000_000 }) ?? 1
    const result = simulate(regime, seed, (step) => terminal.note(step))
    terminal.tell(rounded(result), textOf(result))
    return Promise.resolve(0)
  },
})

/** At least 0 and at most so much. */
function share(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= most)) throw new UsageError(`--${option} takes a number from 0 to ${most}, not ${text}`)
  return value
}

/** Four places are more than chance lets stand. */
const rounded = (result: Simulation): Simulation =>
  JSON.parse(
    JSON.stringify(result, (_key, value: unknown) => (typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value)),
  ) as Simulation

const percent = (value: number, places = 1): string => `${(value * 100).toFixed(places)} %`

function textOf({ policies, recovered, coverage90, pit_deciles }: Simulation): string {
  const head = 'Ordering from      Cost a day   Fill rate   Phantom   Recovered'
  const rows = policyNames.map((name) => {
    const { cost, fill_rate, phantom } = policies[name]
    const share = name in recovered ? percent(recovered[name as keyof typeof recovered]) : ''
    return `${name.padEnd(18)}${cost.toFixed(2).padStart(11)}${percent(fill_rate).padStart(12)}${percent(phantom).padStart(10)}${share.padStart(12)}`
  })
  return [
    head,
    ...rows,
    '',
    `What was there lay within the belief's 90 % interval on ${percent(coverage90)} of the evenings.`,
    `By tenths of the belief: ${pit_deciles.map((one) => percent(one)).join('  ')}`,
  ].join('\n')
}
