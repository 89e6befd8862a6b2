// Server process: `qm serve` as a process of its own, as an operator would run it, so that it can be stopped and killed for real.
//
// Whatever becomes of the run, nothing of it outlives it: servers that still run when this process ends are killed with it, and so is the
// PostgreSQL of the run's folder, which no server takes down when it is killed itself.

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../server/postgres/temporary.ts'

const START_SECONDS_MAX = 60
const STOP_SECONDS_MAX = 60
const SAID_CHARACTERS_MAX = 10_000
const house = join(import.meta.dirname, '..', '..')

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** What browsers told it that our policy forbids; it must have been started with `--log warn`. */
  readonly policyReports: readonly string[]
  /** First lines of what it said about things that should not happen. */
  readonly faults: readonly string[]
  /** The last of what it said, for whoever must find out why. */
  said(): string
  /** Asks it to go, and tells whether it went in order. */
  stop(): Promise<boolean>
  /** kill -9. */
  kill(): Promise<void>
}

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130))

/** A temporary folder whose PostgreSQL ends, with all it holds, when this process does: by an error or a signal too. */
export async function folderOfRun(): Promise<string> {
  const folder = await temporaryFolder()
  process.on('exit', () => {
    const room = join(folder, 'postgres')
    if (!existsSync(room)) return
    const place = realpathSync(room)
    try {
      // At once, with its children: nobody will ask for this data again.
      process.kill(Number(readFileSync(join(place, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT')
    } catch {
      // It does not run.
    }
    for (const one of [place, folder]) rmSync(one, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })
  return folder
}

/** Starts a server on a folder's database and waits until it says where it listens. Port 0 takes a free one; `more` goes to `qm serve`. */
export async function startServerProcess(folder: string, port = 0, more: readonly string[] = []): Promise<ServerProcess> {
  const parameters = [join(house, 'bin', 'qm.js'), 'serve', '--folder', folder, '--port', String(port), '--json', ...more]
  const child = spawn(process.execPath, parameters, { cwd: house, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  const faults: string[] = []
  const policyReports: string[] = []
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID_CHARACTERS_MAX)
    faults.push(...text.split('\n').filter((line) => line.startsWith('Fault: ')))
    policyReports.push(...text.split('\n').filter((line) => line.includes('"msg":"policy report"')))
  })
  const url = await Promise.race([listening(child), ended.then((code) => failed(`ended with code ${code}`)), tooLong()])
  return {
    url,
    pid: child.pid!,
    faults,
    policyReports,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM')
      const code = await Promise.race([ended, sleep(STOP_SECONDS_MAX * 1000, -1, { ref: false })])
      if (code === -1) child.kill('SIGKILL')
      return code === 0
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    child.stdout!.setEncoding('utf8').on('data', (more: string) => {
      text += more
      if (text.includes('\n')) resolve((JSON.parse(text.slice(0, text.indexOf('\n'))) as { url: string }).url)
    })
  })
}

const tooLong = async (): Promise<never> => {
  await sleep(START_SECONDS_MAX * 1000, undefined, { ref: false })
  return failed(`said nothing for ${START_SECONDS_MAX} s`)
}

function failed(why: string): never {
  throw new Error(`The server did not start: it ${why}.`)
}
