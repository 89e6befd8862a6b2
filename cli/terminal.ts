// Terminal: how a command talks: results on standard output (text for a person, one JSON value with --json), everything else on standard
// error, so that results can be piped. Long work shows how far it is where a person watches, or where --progress asks for it.

import { once } from 'node:events'
import { styleText } from 'node:util'

/** 0: done, or yes. 1: it ran, and the answer is no, or it could not be done. 2: what was typed or given to read is wrong. */
export type ExitCode = 0 | 1 | 2

/** What was typed cannot be meant: told with the way to the command's help. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was given to read or to write to cannot be used; the code says why, the sentence what to do. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Whoever read our output has enough of it: `qm export moves | head`. That is no fault, but what is open must be closed. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

export interface Terminal {
  readonly json: boolean
  /** Prints a result: the value with --json, else its text. */
  tell(value: object, text: string): void
  /** Prints a result as it stands, e.g. rows of an export. Waits while the reader is slower. */
  write(text: string): Promise<void>
  /** A word on the way, for a person. */
  note(text: string): void
  /** How far long work is; `total` where it is known. */
  progress(what: string, done: number, total?: number): void
}

export interface Streams {
  readonly out: NodeJS.WritableStream
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

const PROGRESS_MILLISECONDS = 500

export function openTerminal({ out, err }: Streams, { json, progress }: { readonly json: boolean; readonly progress: boolean }): Terminal {
  const watched = err.isTTY === true
  let shownAt = 0
  let line = ''
  const clear = (): void => {
    if (line !== '') err.write(`\r${' '.repeat(line.length)}\r`)
    line = ''
  }
  return {
    json,
    tell: (value, text) => {
      clear()
      out.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`)
    },
    write: async (text) => {
      if (!out.writable) throw new ReaderGone()
      if (!out.write(text)) await Promise.race([once(out, 'drain'), once(out, 'close')]).catch(() => undefined)
      if (!out.writable) throw new ReaderGone()
    },
    note: (text) => {
      clear()
      err.write(`${text}\n`)
    },
    progress: (what, done, total) => {
      const now = performance.now()
      if (!(watched || progress) || (now - shownAt < PROGRESS_MILLISECONDS && done !== total)) return
      shownAt = now
      const share = total === undefined ? '' : ` of ${total.toLocaleString('en')} (${Math.floor((done / Math.max(total, 1)) * 100)} %)`
      const text = `${what}: ${done.toLocaleString('en')}${share}`
      if (watched) {
        clear()
        err.write(text)
        line = text
      } else err.write(`${text}\n`)
    },
  }
}

export const bold = (text: string): string => styleText('bold', text, { stream: process.stdout })
