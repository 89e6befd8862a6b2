// Planner: `qm plan` as a process of its own, so that it can be killed for real. None outlives the run.

import { spawn } from 'node:child_process'
import { join } from 'node:path'

interface PlannerProcess {
  readonly ended: Promise<void>
  kill(): void
}

const house = join(import.meta.dirname, '..', '..')
const planners = new Set<PlannerProcess>()
process.on('exit', () => planners.forEach((planner) => planner.kill()))

/** Starts one on a folder's database; one that ends by itself and badly is found. */
export function startPlanner(folder: string, found: string[]): PlannerProcess {
  const child = spawn(process.execPath, [join(house, 'bin', 'qm.js'), 'plan', '--folder', folder, '--json'], {
    cwd: house,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const planner: PlannerProcess = {
    kill: () => void child.kill('SIGKILL'),
    ended: new Promise((resolve) => {
      child.once('exit', (code) => {
        planners.delete(planner)
        if (code !== null && code !== 0) found.push(`qm plan ended with ${code}: ${said}`)
        resolve()
      })
    }),
  }
  planners.add(planner)
  return planner
}
