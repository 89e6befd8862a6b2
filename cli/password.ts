// Password: asked where a person types, unseen and twice, or read from standard input. Never an argument: those stand in the shell's history and
// in the list of processes, for everybody to read.

import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { newPassword } from '../api/fields.ts'
import { UsageError } from './terminal.ts'

const GENERATED_BYTES = 18

/** A password to be, or a UsageError. */
export async function readPassword(): Promise<string> {
  const password = process.stdin.isTTY ? await typed() : (await text(process.stdin)).replace(/\r?\n$/, '')
  const checked = newPassword.safeParse(password)
  if (!checked.success) throw new UsageError(checked.error.issues[0]?.message)
  return checked.data
}

export const generatedPassword = (): string => randomBytes(GENERATED_BYTES).toString('base64url')

async function typed(): Promise<string> {
  const [first, second] = [await ask('New password: '), await ask('Once more: ')]
  if (first !== second) throw new UsageError('The two are not the same')
  return first
}

/** What is typed is shown nowhere. */
async function ask(prompt: string): Promise<string> {
  process.stderr.write(prompt)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  const stopped = new AbortController()
  reader.once('SIGINT', () => stopped.abort())
  try {
    return await reader.question('', { signal: stopped.signal })
  } catch {
    throw new UsageError('No password was given')
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}
