// Completes package-lock.json: `npm run lockfile`, after every change of a dependency.
// Native tools come as one optional package a platform. A registry that mirrors only some of them makes npm leave the others out of the lockfile without
// a word, and the next `npm ci` refuses the whole of it ("Missing: .. from lock file"). Their exact versions stand in the package that asks for them, and
// their platforms in their names, so the missing entries can be written; what is missing is only their integrity, which npm adds where it finds them.

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { house } from './sources.ts'

interface Locked {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, Locked>>
}

export function missingFrom({ packages }: Lockfile): Map<string, Locked> {
  const missing = new Map<string, Locked>()
  for (const [place, { dev, optionalDependencies }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if (packages[`${place}/node_modules/${name}`] ?? packages[`node_modules/${name}`]) continue
      if (!/^\d/.test(version)) throw new Error(`${place} asks for ${name} ${version}: only an exact version can be written into the lockfile`)
      missing.set(`node_modules/${name}`, { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) })
    }
  }
  return missing
}

/** `@oxlint/binding-linux-arm64-musl` -> linux, arm64, musl. */
function platformOf(name: string): Pick<Locked, 'os' | 'cpu' | 'libc'> {
  const [, os, cpu, library] =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-(\w+))?$/.exec(name) ?? []
  if (!os || !cpu) throw new Error(`${name} does not say in its name which platform it is for; install it where the registry has it`)
  const libc = os !== 'linux' || !library ? {} : { libc: [library.startsWith('musl') ? 'musl' : 'glibc'] }
  return { os: [os], cpu: [cpu], ...libc }
}

if (import.meta.main) {
  const file = path.join(house, 'package-lock.json')
  const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile
  const missing = missingFrom(lockfile)
  const packages = Object.fromEntries(
    Object.entries({ ...lockfile.packages, ...Object.fromEntries(missing) }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
  if (missing.size > 0) writeFileSync(file, `${JSON.stringify({ ...lockfile, packages }, null, 2)}\n`)
  console.log(`${missing.size} packages of other platforms added to package-lock.json`)
}
