// Pages: how long the server takes for the data of each page of the console, on a large company's database (world.ts): a server of its own process
// is asked over one kept connection, one request after another. Pages are asked in turn, round after round, each time in another order and for
// something else; so no page has the caches to itself, and a count that is shared for a second is mostly made anew.

import { availableParallelism, cpus, loadavg } from 'node:os'
import type { SiteId } from '../../core/item.ts'
import { chanceOf, type Chance } from '../../core/rng.ts'
import { lookAtBeliefs } from '../../server/loop/belief.ts'
import { openServer } from '../../server/open.ts'
import { Client, quantile, rounded, startAt } from '../asked-server.ts'
import { Draw, questions } from './questions.ts'
import { samplesOf, type Samples } from './samples.ts'
import { keptWorld, MAIN, type World, type WorldSize } from './world.ts'

export interface PagesSettings {
  /** Where the world is kept. */
  readonly folder: string
  readonly size: WorldSize
  /** How often each page is asked. */
  readonly samples: number
  readonly warmup: number
  readonly seed: number
}

export const usualSettings = { samples: 250, warmup: 10, seed: 1 }

export interface PagesBench {
  /** From the request's first byte to the answer's last. */
  readonly pages: readonly { readonly name: string; readonly p50_ms: number; readonly p99_ms: number; readonly max_ms: number }[]
  readonly max_p99_ms: number
  readonly world: { readonly item_sites: number; readonly moves: number; readonly orders: number; readonly open_lines: number }
  readonly machine: { readonly processors: number; readonly model: string; readonly load_before: number; readonly load_after: number }
  readonly samples: number
  readonly seconds: number
}

export async function benchPages(settings: PagesSettings, report: (step: string) => void): Promise<PagesBench> {
  const world = await keptWorld(settings.folder, settings.size, report)
  const [began, load_before] = [performance.now(), loadavg()[0]!]
  const { samples, totals } = await lookAt(world)
  const server = await startAt(world)
  const client = new Client(server.url, world.secret)
  try {
    const taken = await askAll(client, samples, settings, report)
    const pages = [...taken].map(([name, times]) => ({
      name,
      p50_ms: quantile(times, 0.5),
      p99_ms: quantile(times, 0.99),
      max_ms: quantile(times, 1),
    }))
    return {
      pages,
      max_p99_ms: Math.max(...pages.map((page) => page.p99_ms)),
      world: totals,
      machine: {
        processors: availableParallelism(),
        model: cpus()[0]?.model ?? 'unknown',
        load_before: rounded(load_before),
        load_after: rounded(loadavg()[0]!),
      },
      samples: settings.samples,
      seconds: Math.round((performance.now() - began) / 1000),
    }
  } finally {
    client.close()
    await server.stop()
  }
}

async function lookAt({ folder, size, now }: World): Promise<{ readonly samples: Samples; readonly totals: PagesBench['world'] }> {
  const { database, close } = await openServer({ folder })
  // Else the server would read years of ledger while it is measured.
  await lookAtBeliefs({ database, clock: () => now })
  try {
    const [totals] = await database.query<PagesBench['world']>({
      // every site: the size of it all
      text: `select (select count(*) from availability) as item_sites, sum(move_sequence)::bigint as moves,
        coalesce(sum(last_number) filter (where site_id <> 0), 0)::bigint as orders,
        (select coalesce(sum(lines), 0)::bigint from flow_standing where stage = 'order') as open_lines
        from site_head`,
      values: [],
    })
    return { samples: await samplesOf(database, { size, site: MAIN as SiteId }), totals: totals! }
  } finally {
    await close()
  }
}

async function askAll(
  client: Client,
  samples: Samples,
  { samples: rounds, warmup, seed }: PagesSettings,
  report: (step: string) => void,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const chance = chanceOf(seed)
  const draw = new Draw(samples, chance)
  const taken = new Map(questions.map(({ name }) => [name, [] as number[]]))
  for (let round = 1 - warmup; round <= rounds; round += 1) {
    if (round === 1 - warmup) report(`Warming up: ${questions.length} pages`)
    else if (round >= 1 && (round - 1) % ROUNDS_TOLD === 0) report(`Round ${round} of ${rounds}`)
    for (const { name, ask } of shuffled(questions, chance)) {
      const milliseconds = await client.ask(name, ask(draw))
      if (round >= 1) taken.get(name)!.push(milliseconds)
    }
  }
  return taken
}

const ROUNDS_TOLD = 25

function shuffled<One>(some: readonly One[], chance: Chance): readonly One[] {
  const left = [...some]
  for (let last = left.length - 1; last > 0; last -= 1) {
    const other = chance.below(last + 1)
    ;[left[last], left[other]] = [left[other]!, left[last]!]
  }
  return left
}
