// Multi-echelon bench: safety stock in the chains of Willems, best and proven to be: `npm run bench:echelon`. For each chain what it costs, the bound that nothing
// costs less than, what lies between, and how long it took. `--chains 0-5` takes some, `--seconds` limits each; the data stand beside the repository.

import { parseArgs } from 'node:util'
import { costOfServiceTimes, type Network } from '../core/plan/echelon/network.ts'
import { placeSafetyStock } from '../core/plan/echelon/safety-stock.ts'
import type { SolveLinear } from '../core/plan/echelon/linear.ts'
import { linearSolver } from '../server/linear-program.ts'
import { willemsChains } from './echelon-data.ts'

export interface ChainBench {
  readonly chain: number
  readonly stages: number
  readonly arcs: number
  readonly method: string
  readonly cost: number
  readonly bound: number
  /** (cost - bound) / cost. */
  readonly gap: number
  readonly passes: number
  readonly seconds: number
  /** Of the process until then. */
  readonly peak_mb: number
  /** What the same costs where nobody may be made to wait: every outgoing service time 0. */
  readonly decoupled: number
}

const SECONDS = 100
const SOLVER_SECONDS = 40

export async function benchEchelon(
  wanted: (chain: number) => boolean = () => true,
  seconds = SECONDS,
  told: (line: string) => void = () => {},
): Promise<readonly ChainBench[] | 'not run'> {
  const chains = willemsChains()
  if (chains === undefined) return 'not run'
  const solve = await linearSolver(SOLVER_SECONDS)
  return chains
    .filter(({ chain }) => wanted(chain))
    .map(({ chain, network }) => {
      const bench = benchChain(chain, network, seconds, solve)
      told(`chain ${chain}: ${bench.cost.toFixed(4)}, gap ${bench.gap.toExponential(1)}, ${bench.seconds} s`)
      return bench
    })
}

function benchChain(chain: number, network: Network, secondsMax: number, solve: SolveLinear): ChainBench {
  const start = performance.now()
  const secondsSince = (): number => (performance.now() - start) / 1_000
  const { cost, bound, gap, method, passes } = placeSafetyStock(network, { solve, mayGoOn: () => secondsSince() < secondsMax })
  const seconds = Math.round(secondsSince() * 1_000) / 1_000
  const { stages, from } = network
  return {
    chain,
    stages: stages.length,
    arcs: from.length,
    method,
    cost,
    bound,
    gap,
    passes,
    seconds,
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1_024),
    decoupled: costOfServiceTimes(network, new Int32Array(stages.length)),
  }
}

/** `0-5,7`: from, to, or one. */
export function chainsWanted(text: string): (chain: number) => boolean {
  const ranges = text.split(',').map((part) => part.split('-').map(Number))
  return (chain) => ranges.some(([first, last]) => chain >= first! && chain <= (last ?? first!))
}

function print(rows: readonly ChainBench[]): void {
  console.log('chain  stages   arcs  method              cost            bound            gap      passes  seconds  peak MB  saved beside decoupled')
  for (const { chain, stages, arcs, method, cost, bound, gap, passes, seconds, peak_mb, decoupled } of rows) {
    const saved = decoupled === 0 ? 0 : 100 * (1 - cost / decoupled)
    const cells = [
      String(chain).padStart(5),
      String(stages).padStart(7),
      String(arcs).padStart(6),
      method.padEnd(15),
      cost.toFixed(4).padStart(16),
      bound.toFixed(4).padStart(16),
      gap.toExponential(1).padStart(9),
      String(passes).padStart(7),
      seconds.toFixed(2).padStart(8),
      String(peak_mb).padStart(8),
      `${saved.toFixed(1)} %`.padStart(7),
    ]
    console.log(cells.join(' '))
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { chains: { type: 'string' }, seconds: { type: 'string' }, json: { type: 'boolean' } } })
  const wanted = values.chains === undefined ? undefined : chainsWanted(values.chains)
  const bench = await benchEchelon(wanted, Number(values.seconds ?? SECONDS), (line) => process.stderr.write(`${line}\n`))
  if (values.json || bench === 'not run') console.log(JSON.stringify({ chains: bench }))
  else print(bench)
}
