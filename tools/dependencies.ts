// What imports what, as dependency-cruiser sees it, and which imports break the rule of .dependency-cruiser.mjs.
// Read by the picture (graph.ts) and by the test that shows the rule can fail: a rule that never fails guards nothing.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

export interface Dependencies {
  readonly modules: readonly {
    readonly source: string
    readonly dependencies: readonly { readonly resolved: string }[]
  }[]
  readonly summary: {
    readonly error: number
    readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { readonly name: string } }[]
  }
}

const house = path.join(import.meta.dirname, '..')
const outputBytesMax = 256 * 1024 * 1024

export async function dependenciesOf(folder: string): Promise<Dependencies> {
  const command = path.join(house, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const parameters = [command, '--config', path.join(house, '.dependency-cruiser.mjs'), '--output-type', 'json', '.']
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: folder, maxBuffer: outputBytesMax })
  return JSON.parse(stdout) as Dependencies
}
