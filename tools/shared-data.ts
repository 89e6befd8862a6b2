// Data too large or too foreign to live in this repository: reference instances, long histories, other people's schemas. They stand beside it, in the
// folder QUARTERMASTER_SHARED (else ../shared). Whoever has it runs more tests; whoever has not is told which ones were not run, by name,
// so that a green run never hides a missing one. Where the machine checks every change (CI=true) the data must be there.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { house } from './sources.ts'

/**
 * `const routing = sharedData('routing', 'Solomon instances')`, then `if (routing) describe(..)`: a test that cannot run is not registered, so it
 * counts neither way. Gives the folder `data/<name>` of the shared data; or undefined, after saying `not run: <what>`. Throws where it must be there.
 */
export function sharedData(name: string, what: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = path.join(path.resolve(house, environment['QUARTERMASTER_SHARED'] ?? '../shared'), 'data', name)
  if (existsSync(folder)) return folder
  if (environment['CI'] === 'true')
    throw new Error(`${what} needs ${folder}, which is not there; set QUARTERMASTER_SHARED to the folder that holds data/`)
  process.stdout.write(`not run: ${what}\n`)
  return undefined
}
