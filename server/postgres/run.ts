// Running a program of PostgreSQL to its end, as the user it may run as. PostgreSQL refuses root, so under root every such program
// runs as nobody; its environment is empty but for what keeps its messages in English, because the launcher reads them.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Whom PostgreSQL runs as: nobody when we are root, else ourselves (empty). */
export interface RunAs {
  readonly uid?: number
  readonly gid?: number
}

export const NOBODY = 65534

export const runAsOfProcess = (): RunAs => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {})

export const uidOf = (runAs: RunAs): number => runAs.uid ?? process.getuid?.() ?? 0

export const quietEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH ?? '/usr/bin:/bin' }

export interface Ended {
  readonly ok: boolean
  /** Standard output and error together, or why the program could not be run at all. */
  readonly said: string
}

export function run(program: string, parameters: readonly string[], runAs: RunAs, input = '', folder = '/'): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { ...runAs, cwd: folder, env: quietEnvironment, stdio: 'pipe' })
    let said = ''
    const hear = (chunk: Buffer): void => void (said += chunk.toString())
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.stdin.on('error', (error) => hear(Buffer.from(error.message)))
    child.on('error', (error) => resolve({ ok: false, said: `${said}\n${error.message}` }))
    child.on('close', (code) => resolve({ ok: code === 0, said }))
    child.stdin.end(input)
  })
}

/** A zombie, ended but not yet collected by its parent, answers signals and does not run. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  try {
    // The state follows the name, which stands in brackets and may hold anything.
    return !/\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}
