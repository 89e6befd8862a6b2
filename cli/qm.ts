// qm: the command line. One table of commands; whatever goes wrong is told in a sentence, and as JSON to who asked for JSON.

import { helpOf, helpOfAll, parse, type Command } from './command.ts'
import { InputError, openTerminal, ReaderGone, UsageError, type ExitCode, type Streams, type Terminal } from './terminal.ts'

/** A command is loaded when it is called: none waits for what only another one needs. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['serve', async () => (await import('./serve.ts')).serveCommand],
  ['import', async () => (await import('./import.ts')).importCommand],
  ['export', async () => (await import('./export.ts')).exportCommand],
  ['forecast', async () => (await import('./forecast.ts')).forecastCommand],
  ['plan', async () => (await import('./plan.ts')).planCommand],
  ['backtest', async () => (await import('./backtest.ts')).backtestCommand],
  ['sample', async () => (await import('./sample.ts')).sampleCommand],
  ['stock', async () => (await import('./stock.ts')).stockCommand],
  ['replay', async () => (await import('./replay.ts')).replayCommand],
  ['demo', async () => (await import('./demo.ts')).demoCommand],
  ['simulate', async () => (await import('./simulate.ts')).simulateCommand],
  ['verify', async () => (await import('./verify.ts')).verifyCommand],
  ['backup', async () => (await import('./backup.ts')).backupCommand],
  ['restore', async () => (await import('./restore.ts')).restoreCommand],
  ['bench', async () => (await import('./bench.ts')).benchCommand],
  ['user', async () => (await import('./user.ts')).userCommand],
  ['key', async () => (await import('./key.ts')).keyCommand],
])

async function main(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const [name, ...rest] = args
  const terminal = openTerminal(streams, { json: args.includes('--json'), progress: args.includes('--progress') })
  try {
    if (name === undefined || name === '--help' || name === 'help') return await help(terminal, name === undefined ? 2 : 0)
    const load = commands.get(name)
    if (load === undefined) throw new UsageError(`There is no command ${name}`)
    const command = await load()
    const { options, words } = parse(command, rest)
    if (!options.help) return await command.run({ options, words, terminal })
    terminal.tell({ name, summary: command.summary, example: command.example, options: command.options }, helpOf(command))
    return 0
  } catch (error) {
    if (error instanceof ReaderGone) return 0
    const { code, text, exit } = told(error)
    if (terminal.json) terminal.tell({ error: { code, detail: text } }, '')
    terminal.note(`qm: ${text}${error instanceof UsageError ? ` (see qm ${commands.has(name ?? '') ? `${name} ` : ''}--help)` : ''}`)
    return exit
  }
}

async function help(terminal: Terminal, exit: ExitCode): Promise<ExitCode> {
  const all = await Promise.all([...commands.values()].map((load) => load()))
  terminal.tell({ commands: all.map(({ name, summary }) => ({ name, summary })) }, helpOfAll(all))
  return exit
}

/** What a person can do something about is a sentence; only a mistake of ours shows where it happened. */
function told(error: unknown): { readonly code: string; readonly text: string; readonly exit: ExitCode } {
  if (error instanceof UsageError) return { code: 'usage', text: error.message, exit: 2 }
  if (error instanceof InputError) return { code: error.code, text: error.message, exit: 2 }
  const { code, path, message, stack } = error as NodeJS.ErrnoException & { readonly path?: string }
  if (code === 'ENOENT' && path !== undefined) return { code, text: `There is no ${path}`, exit: 2 }
  if (code === 'EACCES' && path !== undefined) return { code, text: `${path} may not be read or written by this user`, exit: 2 }
  if (typeof code === 'string') return { code, text: message || `The database does not answer (${code})`, exit: 1 }
  return { code: 'fault', text: `This is a mistake in Quartermaster itself, please report it: ${stack ?? message}`, exit: 1 }
}

// A reader that went away is noticed where something is written; without a listener it would end the process with the database open.
process.stdout.on('error', () => undefined)

process.exitCode = await main(process.argv.slice(2), { out: process.stdout, err: process.stderr })
