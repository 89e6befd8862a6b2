// The files of the project as its own checks read them: everything below the root that a person wrote.
// Read from the disk rather than from git, so that a file is checked before it is committed and a tarball can be checked too.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

export const house = path.join(import.meta.dirname, '..')

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

const notOurs = new Set(['node_modules', '.git', 'coverage', 'dist'])
/** Databases that run beside the code: `quartermaster-data` and those of the benches. */
const isDatabase = (entry: string): boolean => entry.startsWith('quartermaster-')
/** Other people's data, and files that machines write. */
const notProse = /^data\/|^package-lock\.json$|^\.test-results.*\.json$|\.(log|tsbuildinfo|png|svg|ico|woff2)$/

export function sources(): readonly Source[] {
  return filesBelow('').map((name) => ({ path: name, text: readFileSync(path.join(house, name), 'utf8') }))
}

export const isTest = (name: string): boolean => name.endsWith('.test.ts')
export const isCode = (name: string): boolean => /\.(ts|tsx|mts|js|mjs)$/.test(name)

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(house, folder)).flatMap((entry) => {
    const name = folder === '' ? entry : `${folder}/${entry}`
    if (notOurs.has(entry) || isDatabase(entry) || notProse.test(name)) return []
    return statSync(path.join(house, name)).isDirectory() ? filesBelow(name) : [name]
  })
}
