// Sampling: how near the estimate of a site's stock comes to what is there, when some hundred of ten thousand items are counted: `npm run bench:sampling`. The
// site is made once, so what is there is known, and the sample is drawn again and again. Nothing is measured but arithmetic, so it needs no database.
//
// Beside it stand the same with the record in place of beliefs, and what people do without either: count as many at random and multiply.

import { parseArgs } from 'node:util'
import { INTERVAL_UP_TO, planSample, sizeFor } from '../core/plan/sampling/allocation.ts'
import { draw } from '../core/plan/sampling/draw.ts'
import { estimateOf, type Measure } from '../core/plan/sampling/estimate.ts'
import type { SampledItem } from '../core/plan/sampling/strata.ts'
import { studentQuantile } from '../core/plan/sampling/student.ts'
import { shelves, type ShelvedItem } from './sampling-world.ts'

export interface SamplingSettings {
  readonly items: number
  readonly counted: number
  /** How often a sample is drawn. */
  readonly draws: number
  readonly seed: number
  /** To how many per cent to each side the total is wished, for the sizes. */
  readonly within_percent: readonly number[]
}

export const usualSampling: SamplingSettings = { items: 10_000, counted: 400, draws: 400, seed: 1, within_percent: [1, 1.25, 1.5, 2, 3] }

/** Over all draws, in per cent of what is there. */
export interface Accuracy {
  readonly half_width_percent: number
  /** How many of the intervals hold what is there. */
  readonly coverage_percent: number
  /** By how much estimates are off on average, with the sign. */
  readonly bias_percent: number
}

export interface SizedFor {
  readonly within_percent: number
  /** As reckoned beforehand, and how far the interval reaches with it. */
  readonly counted: number
  readonly half_width_percent: number
  /** How many it takes in truth, and by how much of that the reckoned size is off. */
  readonly needed: number
  readonly off_percent: number
}

export interface SamplingBench extends Accuracy {
  readonly items: number
  readonly counted: number
  readonly draws: number
  readonly seed: number
  /** Of the recorded value, what is not there. */
  readonly shrink_percent: number
  readonly with_half_as_many: Accuracy
  readonly with_twice_as_many: Accuracy
  readonly of_pieces: Accuracy
  readonly from_record: Accuracy
  readonly by_expansion: Accuracy
  readonly sizes: readonly SizedFor[]
  readonly size_off_max_percent: number
  /** How often the beliefs were said to be wrong; they are as good as beliefs can be expected to be. */
  readonly disagrees_percent: number
  readonly seconds: number
}

interface Told {
  readonly total: number
  readonly low: number
  readonly high: number
}
/** A sample is drawn, counted and multiplied up. */
type Sampling = (seed: number) => Told

export function benchSampling(
  { items: many, counted, draws, seed, within_percent }: SamplingSettings,
  report: (step: string) => void,
): SamplingBench {
  const began = performance.now()
  const items = shelves(many, seed)
  const [value, pieces, recorded] = [valueOf(items, 'there'), items.reduce((sum, item) => sum + item.there, 0), valueOf(items, 'recorded')]
  const accuracy = (sampling: Sampling, truth = value): Accuracy =>
    accuracyOf(
      Array.from({ length: draws }, (_, round) => sampling(round + 1)),
      truth,
    )
  report(`${counted} of ${many} items, ${draws} times`)
  const usual = stratified(items, items, counted)
  const result = accuracy(usual)
  const disagreeing = Array.from({ length: draws }, (_, round) => usual(round + 1)).filter((one) => one.disagrees).length
  report('Fewer, more, by the record, by multiplying')
  const [with_half_as_many, with_twice_as_many] = [counted / 2, counted * 2].map((size) => accuracy(stratified(items, items, size))) as [
    Accuracy,
    Accuracy,
  ]
  const record = items.map((item) => ({ ...item, expected: item.recorded }))
  const others = {
    of_pieces: accuracy(stratified(items, items, counted, 'pieces'), pieces),
    from_record: accuracy(stratified(items, record, counted)),
    by_expansion: accuracy(multiplied(items, counted)),
  }
  const sizes = within_percent.map((within) => {
    report(`How many for ${within} %`)
    return sizedFor(items, within, (size) => accuracy(stratified(items, items, size)).half_width_percent)
  })
  return {
    items: many,
    counted,
    draws,
    seed,
    shrink_percent: rounded((1 - value / recorded) * 100),
    ...result,
    with_half_as_many,
    with_twice_as_many,
    ...others,
    sizes,
    size_off_max_percent: Math.max(...sizes.map((one) => Math.abs(one.off_percent))),
    disagrees_percent: rounded((disagreeing / draws) * 100),
    seconds: rounded((performance.now() - began) / 1_000),
  }
}

const valueOf = (items: readonly ShelvedItem[], pieces: 'there' | 'recorded' | 'expected'): number =>
  items.reduce((sum, item) => sum + item.unitValue * item[pieces], 0)

function stratified(items: readonly ShelvedItem[], known: readonly SampledItem[], size: number, measure: Measure = 'value') {
  const planned = planSample(known, size)
  const found = new Map(items.map((item, index) => [index, item.there]))
  return (seed: number): Told & { readonly disagrees: boolean } => {
    const { sampled, disagrees } = estimateOf(known, draw(planned, seed), found, measure)
    return { ...sampled, disagrees }
  }
}

/** As many of all alike: their mean, times how many there are. */
function multiplied(items: readonly ShelvedItem[], size: number): Sampling {
  const whole = [{ isCertain: false, from: 0, to: 0, items: items.map((_, index) => index), sd: 0, size }]
  return (seed) => {
    const values = draw(whole, seed)[0]!.drawn.map((index) => items[index]!.unitValue * items[index]!.there)
    const mean = values.reduce((sum, one) => sum + one, 0) / size
    const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (size - 1)
    const reach = studentQuantile(INTERVAL_UP_TO, size - 1) * items.length * Math.sqrt(((1 - size / items.length) * variance) / size)
    const total = items.length * mean
    return { total, low: total - reach, high: total + reach }
  }
}

function accuracyOf(told: readonly Told[], truth: number): Accuracy {
  const mean = (of: (one: Told) => number): number => told.reduce((sum, one) => sum + of(one), 0) / told.length
  return {
    half_width_percent: rounded((mean((one) => one.high - one.low) / 2 / truth) * 100),
    coverage_percent: rounded(mean((one) => (one.low <= truth && truth <= one.high ? 1 : 0)) * 100),
    bias_percent: rounded((mean((one) => one.total) / truth - 1) * 100),
  }
}

/** The size that is reckoned, and by halving the one at which the interval in truth reaches as far as was wished. */
function sizedFor(items: readonly ShelvedItem[], within: number, halfWidthWith: (size: number) => number): SizedFor {
  const counted = sizeFor(items, (within / 100) * valueOf(items, 'expected'))
  let [few, enough] = [2, items.length]
  while (enough - few > 1) {
    const size = few === 2 && enough === items.length ? counted : Math.round((few + enough) / 2)
    if (size <= few || size >= enough) break
    if (halfWidthWith(size) <= within) enough = size
    else few = size
  }
  return {
    within_percent: within,
    counted,
    half_width_percent: halfWidthWith(counted),
    needed: enough,
    off_percent: rounded((counted / enough - 1) * 100),
  }
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000

if (import.meta.main) {
  const options = {
    seed: { type: 'string', default: '1' },
    draws: { type: 'string', default: '400' },
    json: { type: 'boolean', default: true },
  } as const
  const { seed, draws } = parseArgs({ options }).values
  const bench = benchSampling({ ...usualSampling, seed: Number(seed), draws: Number(draws) }, (step) => process.stderr.write(`${step}\n`))
  process.stdout.write(`${JSON.stringify(bench)}\n`)
}
