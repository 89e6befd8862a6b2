// Command: one verb of `qm` as data: what it is for, an example that works, its options, and what it does. Help and parsing are made of
// that, so no command can have an option that its help does not show.

import { parseArgs } from 'node:util'
import { bold, UsageError, type ExitCode, type Terminal } from './terminal.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  /** What stands behind it in the help, e.g. DIR. */
  readonly value?: string
  readonly about: string
}

export type Options = Readonly<Record<string, Option>>

type Values<Of extends Options> = {
  readonly [Name in keyof Of]: Of[Name] extends { readonly type: 'boolean' }
    ? boolean
    : Of[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string | undefined
}

export interface Call<Of extends Options = Options> {
  readonly options: Values<Of>
  /** What stands on the command line besides options. */
  readonly words: readonly string[]
  readonly terminal: Terminal
}

export interface Command<Of extends Options = Options> {
  readonly name: string
  readonly summary: string
  /** The words it takes, e.g. `[items|orders] FILE`. */
  readonly words: string
  readonly words_max: number
  readonly example: string
  readonly options: Of
  run(call: Call<Of>): Promise<ExitCode>
}

/** Every command has these. */
export const everywhere = {
  json: { type: 'boolean', about: 'Print one JSON value instead of text' },
  progress: { type: 'boolean', about: 'Show how far it is, also where nobody seems to watch' },
  help: { type: 'boolean', about: 'Show this help' },
} as const satisfies Options

/** Keeps the types of a command's options while checking its shape. */
export const command = <const Of extends Options>(one: Command<Of>): Command => one

export interface Parsed {
  readonly options: Values<Options & typeof everywhere>
  readonly words: readonly string[]
}

export function parse(one: Command, args: readonly string[]): Parsed {
  const options: Options = { ...one.options, ...everywhere }
  const { values, positionals } = parsed(options, args)
  const complete = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, values[name] ?? absent(option)]))
  if (positionals.length > one.words_max && complete['help'] !== true) {
    throw new UsageError(`${positionals[one.words_max]} is one word too many`)
  }
  return { options: complete as Parsed['options'], words: positionals }
}

function parsed(options: Options, args: readonly string[]): ReturnType<typeof parseArgs> {
  const config = Object.fromEntries(Object.entries(options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]))
  try {
    return parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw error
    throw new UsageError(message.split('. ')[0])
  }
}

const absent = (option: Option): boolean | readonly string[] | undefined => (option.type === 'boolean' ? false : option.multiple ? [] : undefined)

export function helpOf(one: Command): string {
  const options: Options = { ...one.options, ...everywhere }
  const rows = Object.entries(options).map(([name, { value, about }]) => [value === undefined ? `--${name}` : `--${name} ${value}`, about] as const)
  return [
    `${bold('Usage')}  qm ${one.name} ${one.words}${one.words === '' ? '' : ' '}[options]`,
    '',
    `  ${one.summary}`,
    '',
    bold('Options'),
    ...aligned(rows),
    '',
    bold('Example'),
    ...one.example.split('\n').map((line) => `  ${line}`),
  ].join('\n')
}

export function helpOfAll(commands: readonly Command[]): string {
  return [
    `${bold('Usage')}  qm COMMAND [options]`,
    '',
    bold('Commands'),
    ...aligned(commands.map((one) => [one.name, one.summary] as const)),
    '',
    'qm COMMAND --help shows its options and an example. Exit codes: 0 done, 1 the answer is no, 2 the input is wrong.',
  ].join('\n')
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`)
}

/** A whole number from an option, or a UsageError. */
export function wholeNumber(
  name: string,
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^\d{1,15}$/.test(text) || value < min || value > max)
    throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not ${text}`)
  return value
}

/** One of a list from an option or a word, or a UsageError. */
export function oneOf<const Word extends string>(name: string, text: string | undefined, allowed: readonly Word[]): Word {
  const found = allowed.find((one) => one === text)
  if (found === undefined)
    throw new UsageError(
      text === undefined ? `${name} is missing: one of ${allowed.join(', ')}` : `${name} is one of ${allowed.join(', ')}, not ${text}`,
    )
  return found
}
