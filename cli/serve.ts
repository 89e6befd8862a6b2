// qm serve: runs the server until it is told to stop: it then answers what it took, and leaves. A second signal does not wait.

import { join } from 'node:path'
import { controlSite } from '../core/item.ts'
import { sql } from '../server/db.ts'
import type { RunningServer } from '../server/main.ts'
import { writeSecretOnce, type Opened } from '../server/open.ts'
import { command, wholeNumber } from './command.ts'
import { makeKey } from './key.ts'
import { databaseOf, databaseOptions, DEFAULT_SITE } from './open.ts'
import type { Terminal } from './terminal.ts'

const DEFAULT_PORT = 8080
const PORT_MAX = 65_535

export const serveCommand = command({
  name: 'serve',
  summary: 'Run the server until Ctrl-C or SIGTERM',
  words: '',
  words_max: 0,
  example: 'qm serve --port 8080 --demo',
  options: {
    port: { type: 'string', value: 'N', about: `Port to listen on (${DEFAULT_PORT}); 0 takes a free one` },
    host: { type: 'string', value: 'ADDRESS', about: 'Address to listen on (127.0.0.1)' },
    demo: { type: 'boolean', about: 'Fill an empty database with a demonstration company, and make an admin key if there is none' },
    ...databaseOptions,
  },
  run: async ({ options, terminal }) => {
    const port = wholeNumber('port', options.port, { min: 0, max: PORT_MAX }) ?? DEFAULT_PORT
    const ended = signal()
    // The server needs Fastify, which takes a quarter of a second to load: no other command shall wait for it.
    const { startServer } = await import('../server/main.ts')
    const database = databaseOf(options, terminal)
    const server = await startServer({ ...database, host: options.host ?? '127.0.0.1', port, onFault: (error) => terminal.note(faultText(error)) })
    try {
      await Promise.race([options.demo ? furnish(server, database.folder, terminal) : hintAtKeys(server.opened, terminal), ended])
      terminal.tell({ url: server.url }, `Quartermaster listens on ${server.url} (documentation at ${server.url}/api/docs)`)
      terminal.note(`${await ended}: stopping ...`)
    } finally {
      await server.stop()
    }
    return 0
  },
})

/** Resolves with the first signal to stop; a second one ends the process at once. */
function signal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        resolve(name)
        process.once(name, () => process.exit(130))
      })
    }
  })
}

/** What somebody who only wants to look needs: a company, and a key. */
async function furnish({ opened, url }: RunningServer, folder: string, terminal: Terminal): Promise<void> {
  if (await isEmpty(opened)) {
    const { demonstrate } = await import('./import.ts')
    await demonstrate(opened, terminal)
  }
  if (await hasKeys(opened)) return
  const { secret } = await makeKey(opened, { name: 'Demonstration', role: 'admin', sites: [] })
  const file = join(folder, 'admin.key')
  await writeSecretOnce(file, `${secret}\n`)
  terminal.note(`An admin key was made: ${secret} (it stands in ${file}). Try it:`)
  terminal.note(`  curl -H "Authorization: Bearer $(cat ${file})" "${url}/api/orders?site=${DEFAULT_SITE}&limit=5"`)
}

async function hintAtKeys(opened: Opened, terminal: Terminal): Promise<void> {
  if (!(await hasKeys(opened))) terminal.note('There is no API key yet: qm key create --name NAME --role admin')
}

async function isEmpty({ database }: Opened): Promise<boolean> {
  const [row] = await database.query<{ empty: boolean }>(sql`
    select not exists (select from item) and not exists (select from site where site_id <> ${controlSite}) as empty`)
  return row!.empty
}

async function hasKeys({ database }: Opened): Promise<boolean> {
  const [row] = await database.query<{ some: boolean }>(sql`select exists (select from api_key) as some`)
  return row!.some
}

const faultText = (error: unknown): string => `Fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
