// qm: the command line. One table of commands; whatever goes wrong is told in a sentence, and as JSON to who asked for JSON.

import { benchCommand } from './bench.ts'
import { helpOf, helpOfAll, parse, type Command } from './command.ts'
import { importCommand } from './import.ts'
import { keyCommand } from './key.ts'
import { replayCommand } from './replay.ts'
import { serveCommand } from './serve.ts'
import { openTerminal, UsageError, type ExitCode, type Streams } from './terminal.ts'
import { verifyCommand } from './verify.ts'

const commands: readonly Command[] = [serveCommand, importCommand, replayCommand, keyCommand, verifyCommand, benchCommand]

async function main(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const [name, ...rest] = args
  const terminal = openTerminal(streams, { json: args.includes('--json'), progress: args.includes('--progress') })
  if (name === undefined || name === '--help' || name === 'help') {
    terminal.tell({ commands: commands.map(({ name: verb, summary }) => ({ name: verb, summary })) }, helpOfAll(commands))
    return name === undefined ? 2 : 0
  }
  const command = commands.find((one) => one.name === name)
  try {
    if (command === undefined) throw new UsageError(`There is no command ${name}`)
    const { options, words } = parse(command, rest)
    if (!options.help) return await command.run({ options, words, terminal })
    terminal.tell({ name, summary: command.summary, example: command.example, options: command.options }, helpOf(command))
    return 0
  } catch (error) {
    const { code, text, exit } = told(error)
    if (terminal.json) terminal.tell({ error: { code, detail: text } }, '')
    terminal.note(`qm: ${text}${error instanceof UsageError ? ` (see qm ${command === undefined ? '' : `${name} `}--help)` : ''}`)
    return exit
  }
}

/** What a person can do something about is a sentence; only a mistake of ours shows where it happened. */
function told(error: unknown): { readonly code: string; readonly text: string; readonly exit: ExitCode } {
  if (error instanceof UsageError) return { code: 'usage', text: error.message, exit: 2 }
  const { code, path, message, stack } = error as NodeJS.ErrnoException & { readonly path?: string }
  if (code === 'ENOENT' && path !== undefined) return { code, text: `There is no ${path}`, exit: 2 }
  if (code === 'EACCES' && path !== undefined) return { code, text: `${path} may not be read or written by this user`, exit: 2 }
  if (typeof code === 'string') return { code, text: message || `The database does not answer (${code})`, exit: 1 }
  return { code: 'fault', text: `This is a mistake in Quartermaster itself, please report it: ${stack ?? message}`, exit: 1 }
}

// Whoever reads our output may stop reading: `qm export moves | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await main(process.argv.slice(2), { out: process.stdout, err: process.stderr })
