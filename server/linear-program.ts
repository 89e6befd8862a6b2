// Linear programs are solved by HiGHS (Q. Huangfu and J. Hall, Parallelizing the dual revised simplex method, 2018), compiled to wasm. It loads once and then works
// without a pause: who must answer others meanwhile has it in a thread of its own. Every solve has a limit of time.

import highsModule from 'highs'
import type { LinearProblem, SolveLinear } from '../core/plan/echelon/linear.ts'

// Its types are written for require(); what is imported is the loader itself.
const load = highsModule as unknown as typeof highsModule.default

const FEASIBLE = 2

export async function linearSolver(secondsMax: number): Promise<SolveLinear> {
  const highs = await load()
  const { optimal } = highs.constants.modelStatus
  return (problem, whole) =>
    highs.withModel((model) => {
      model.options.set({ output_flag: false, time_limit: secondsMax })
      if (whole) model.options.set({ mip_rel_gap: WHOLE_GAP })
      model.passModel(modelOf(problem, whole))
      const { modelStatus } = model.run()
      const isFound = modelStatus === optimal || (whole && model.info.get('primal_solution_status') === FEASIBLE)
      const bound = whole ? Number(model.info.get('mip_dual_bound')) : modelStatus === optimal ? model.getObjectiveValue() : -Infinity
      return { bound: Number.isNaN(bound) ? -Infinity : bound, values: isFound ? model.getSolution().colValue : undefined }
    })
}

const WHOLE_GAP = 1e-9

function modelOf({ costs, rowLeast, rowMost, starts, rows, values, wholeBefore }: LinearProblem, whole: boolean) {
  const [numCols, numRows] = [costs.length, rowLeast.length]
  return {
    numCols,
    numRows,
    colCost: costs,
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(1),
    rowLower: rowLeast,
    rowUpper: rowMost,
    matrix: { format: 'csc' as const, numRows, numCols, starts, indices: rows, values },
    ...(whole ? { integrality: Int32Array.from({ length: numCols }, (_, column) => (column < wholeBefore ? 1 : 0)) } : {}),
  }
}
