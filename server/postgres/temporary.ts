// A PostgreSQL for as long as a test or a measurement runs: in a temporary folder that nobody else knows, removed with its data when it is
// stopped. The folder carries its maker's process number, so what a killed run left behind is known and swept by the next.

import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startEmbedded, type Embedded, type EmbeddedOptions } from './embedded.ts'
import { stopPostmaster } from './postmaster.ts'
import { isRunning } from './run.ts'

const PREFIX = 'quartermaster-temporary-'

export async function startTemporary(options: Omit<EmbeddedOptions, 'folder'> = {}): Promise<Embedded> {
  await sweepKilledRuns()
  const folder = await temporaryFolder()
  const embedded = await startEmbedded({ ...options, folder })
  return {
    ...embedded,
    stop: async () => {
      await embedded.stop()
      await removeTemporary(folder)
    },
  }
}

/** Others may pass through it: as root, PostgreSQL runs as nobody. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  await chmod(folder, 0o755)
  return folder
}

/** A temporary folder with the PostgreSQL of another one, which nobody uses: making one takes seconds, and copying it does not. */
export async function temporaryCopy(made: string): Promise<string> {
  const folder = await temporaryFolder()
  // With whom it belongs to and who may read it, which PostgreSQL looks at.
  await promisify(execFile)('cp', ['-Rp', join(made, 'postgres'), folder])
  return folder
}

/** Stops what still runs in it, and removes it. */
export async function removeTemporary(folder: string): Promise<void> {
  const room = await realpath(join(folder, 'postgres')).catch(() => undefined)
  if (room !== undefined) {
    await stopPostmaster(join(room, 'data'))
    await rm(room, { recursive: true, force: true })
  }
  await rm(folder, { recursive: true, force: true })
}

/** Stops and removes what killed runs left behind. */
export async function sweepKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const maker = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN
    if (!Number.isNaN(maker) && !isRunning(maker)) await removeTemporary(join(tmpdir(), name))
  }
}
