// Cluster: PostgreSQL's data folder, made whole or not at all. It is built under another name, marked as Quartermaster's and then renamed,
// so a kill at any moment leaves either no cluster or a complete one, and two starters end with the same one.

import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { CLUSTER_DATABASE, CLUSTER_USER } from './greeting.ts'
import { exists, partialName, type Room } from './room.ts'
import { run, uidOf, type RunAs } from './run.ts'
import { PostgresStartError, startErrorFrom, withCause } from './start-error.ts'

const MARK = 'quartermaster'

export async function readyCluster(binaries: Binaries, room: Room, runAs: RunAs, report: (step: string) => void): Promise<void> {
  await withCause(room.folder, async () => {
    if (!(await exists(room.data))) {
      report('Creating the database')
      await createCluster(binaries, room, runAs)
    }
    await refuseUnfit(binaries, room, runAs)
  })
}

async function createCluster(binaries: Binaries, room: Room, runAs: RunAs): Promise<void> {
  const partial = partialName(room.data)
  try {
    await must(run(binaries.initdb, ['-D', partial, ...initialSettings(binaries)], runAs), room)
    // Single-user mode: the database exists before the first server does, so no start can meet a half-made cluster.
    await must(run(binaries.postgres, ['--single', '-D', partial, 'template1'], runAs, `create database ${CLUSTER_DATABASE}\n`), room)
    await writeFile(join(partial, MARK), 'This is the data of Quartermaster.\n', { mode: 0o644 })
    await rename(partial, room.data).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
    await syncFolder(room.folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

function initialSettings(binaries: Binaries): readonly string[] {
  // One order of text everywhere, needing nothing of the machine. Version 15 has no builtin provider; its C orders alike.
  const locale = binaries.majorVersion >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C']
  return [`--username=${CLUSTER_USER}`, '--auth=trust', '--encoding=UTF8', '--data-checksums', '--no-instructions', ...locale]
}

/** Single-user mode ends with success even when its statement failed, so what it said counts too. */
async function must(ending: ReturnType<typeof run>, room: Room): Promise<void> {
  const { ok, said } = await ending
  if (!ok || /ERROR: |FATAL: |PANIC: /.test(said)) throw startErrorFrom(said, room.folder)
}

async function refuseUnfit(binaries: Binaries, room: Room, runAs: RunAs): Promise<void> {
  const owner = (await stat(room.data)).uid
  if (owner !== uidOf(runAs)) {
    throw new PostgresStartError(
      'folder_of_another_user',
      `${room.data} belongs to user ${owner}, and PostgreSQL would run as user ${uidOf(runAs)}: start as the owner.`,
    )
  }
  const version = Number(await readFile(join(room.data, 'PG_VERSION'), 'utf8').catch(() => 'none'))
  if (Number.isNaN(version) || !(await exists(join(room.data, MARK)))) {
    throw new PostgresStartError('folder_foreign', `${room.data} was not made by Quartermaster: choose another folder, or move it away.`)
  }
  if (version > binaries.majorVersion) {
    throw new PostgresStartError(
      'version_newer',
      `${room.data} was made by PostgreSQL ${version}, and this is ${binaries.majorVersion}: use a newer Quartermaster.`,
    )
  }
  if (version < binaries.majorVersion) {
    throw new PostgresStartError(
      'version_older',
      `${room.data} was made by PostgreSQL ${version}, and this is ${binaries.majorVersion}: export it with the Quartermaster that made it, and import it here.`,
    )
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}
