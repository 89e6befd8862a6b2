// qm serve: runs the server until it is told to stop: it then answers what it took, and leaves. A second signal does not wait.

import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { addDays, dayOf, instant } from '../core/calendar.ts'
import { systemClock } from '../server/clock.ts'
import { sql } from '../server/db.ts'
import { logLevels } from '../server/http/log.ts'
import type { RunningServer } from '../server/main.ts'
import { writeSecretOnce, type Opened } from '../server/open.ts'
import { hashPassword } from '../server/password.ts'
import { FakeProvider } from '../server/payment/fake-provider.ts'
import type { SimulatedClock } from '../sim/steps.ts'
import { command, oneOf, wholeNumber } from './command.ts'
import { makeKey, submit } from './key.ts'
import { collectorOf, databaseOf, databaseOptions, DEFAULT_SITE, isEmpty } from './open.ts'
import { generatedPassword } from './password.ts'
import { UsageError, type Terminal } from './terminal.ts'

const DEFAULT_PORT = 8080
const PORT_MAX = 65_535
const PROXIES_MAX = 10
/** So many of the data's last days are lived in an empty database, the last of them yesterday. */
const DEMONSTRATION_DAYS = 21
/** Who may do everything in a demonstration. */
const ADMIN = 'admin'

export const serveCommand = command({
  name: 'serve',
  summary: 'Run the server until Ctrl-C or SIGTERM',
  words: '',
  words_max: 0,
  example: 'qm serve --port 8080 --demo',
  options: {
    port: { type: 'string', value: 'N', about: `Port to listen on (${DEFAULT_PORT}); 0 takes a free one` },
    host: { type: 'string', value: 'ADDRESS', about: 'Address to listen on (127.0.0.1)' },
    log: { type: 'string', value: 'LEVEL', about: `Log requests and faults as JSON on standard error: ${logLevels.join(', ')}` },
    demo: { type: 'boolean', about: 'Fill an empty database with a demonstration company, and make an admin and a key if there is none' },
    origin: {
      type: 'string',
      value: 'URL',
      about: 'Where browsers reach it when a proxy with TLS stands before it, e.g. https://orders.example.com',
    },
    payments: { type: 'string', value: 'fake', about: 'Take payments through a provider; `fake` moves no money' },
    proxies: { type: 'string', value: 'N', about: 'How many proxies stand before it (0), so that it knows the addresses of those who ask' },
    ...databaseOptions,
  },
  run: async ({ options, terminal }) => {
    const port = wholeNumber('port', options.port, { min: 0, max: PORT_MAX }) ?? DEFAULT_PORT
    const proxies = wholeNumber('proxies', options.proxies, { min: 0, max: PROXIES_MAX }) ?? 0
    const origin = options.origin === undefined ? undefined : originOf(options.origin)
    const payments = options.payments === undefined ? undefined : oneOf('--payments', options.payments, ['fake'])
    const ended = signal()
    // Young objects are collected by this thread alone: helpers take a tenth more processor time in all, and take it from PostgreSQL.
    setFlagsFromString('--no-parallel-scavenge')
    // The server needs Fastify, which takes a quarter of a second to load: no other command shall wait for it.
    const { startServer } = await import('../server/main.ts')
    const database = databaseOf(options, terminal)
    const past: Past = { clock: undefined }
    const server = await startServer({
      ...database,
      host: options.host ?? '127.0.0.1',
      port,
      // While the demonstration company's last days are lived, it is then; people can sign in afterwards.
      clock: () => past.clock?.now ?? systemClock(),
      origin,
      payments: payments && new FakeProvider(),
      proxies,
      collector: collectorOf(),
      preparing: options.demo ? 'The demonstration company is being imported.' : undefined,
      log: options.log === undefined ? undefined : { level: oneOf('--log', options.log, logLevels), to: process.stderr },
      onFault: (error) => terminal.note(faultText(error)),
    })
    try {
      await Promise.race([options.demo ? furnish(server, past, database.folder, terminal) : hintAtEntry(server.opened, terminal), ended])
      server.prepared()
      terminal.tell({ url: server.url }, `Quartermaster listens on ${server.url} (documentation at ${server.url}/api/docs)`)
      terminal.note(`${await ended}: stopping ...`)
    } finally {
      await server.stop()
    }
    return 0
  },
})

/** Scheme, host and port, as browsers write them. */
function originOf(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError(`--origin takes an address like https://orders.example.com, not ${text}`)
  return url.origin
}

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

/** The clock of a past that is being lived, if one is. */
interface Past {
  clock: SimulatedClock | undefined
}

/** What somebody who only wants to look needs: a company, somebody to sign in as, and a key. */
async function furnish({ opened, url }: RunningServer, past: Past, folder: string, terminal: Terminal): Promise<void> {
  if (await isEmpty(opened)) {
    const { live } = await import('../sim/replay.ts')
    const began = systemClock()
    terminal.note(
      `Filling the empty database: ${DEMONSTRATION_DAYS} days of a bicycle maker's real orders, lived at its plant, distribution centre and shops ...`,
    )
    past.clock = { now: began }
    const until = addDays(dayOf(instant(began)), -1)
    const lived = await live(opened, past.clock, {
      lately: { days: DEMONSTRATION_DAYS, until },
      progress: (what, done, total) => terminal.progress(what, done, total),
    })
    past.clock = undefined
    const seconds = Math.round((systemClock() - began) / 1000)
    terminal.note(`${lived.totals.orders.toLocaleString('en')} orders until ${until}, ${seconds} s. The days go on with: npx qm demo --days 30`)
  }
  const has = await whoMayEnter(opened)
  if (!has.users) {
    const password = generatedPassword()
    await makeAdmin(opened, password)
    const file = await kept(folder, 'admin.password', password)
    terminal.note(`Sign in at ${url} as ${ADMIN} with the password ${password} (it stands in ${file}).`)
  }
  if (!has.keys) {
    const { secret } = await makeKey(opened, { name: 'Demonstration', role: 'admin', sites: [] })
    const file = await kept(folder, 'admin.key', secret)
    terminal.note(`An admin key was made: ${secret} (it stands in ${file}). Try it:`)
    terminal.note(`  curl -H "Authorization: Bearer $(cat ${file})" "${url}/api/orders?site=${DEFAULT_SITE}&limit=5"`)
  }
}

async function makeAdmin(opened: Opened, password: string): Promise<void> {
  const passwordHash = await hashPassword(password)
  const answer = await submit(opened, { kind: 'createUser', name: ADMIN, displayName: 'Administrator', role: 'admin', sites: [], passwordHash })
  if ('code' in answer) throw Object.assign(new Error(answer.detail), { code: answer.code })
}

/** Writes a secret beside the data, where only its owner reads it. */
async function kept(folder: string, name: string, secret: string): Promise<string> {
  const file = join(folder, name)
  await writeSecretOnce(file, `${secret}\n`)
  return file
}

async function hintAtEntry(opened: Opened, terminal: Terminal): Promise<void> {
  const has = await whoMayEnter(opened)
  if (!has.users) terminal.note('Nobody may sign in yet: qm user add NAME --role admin')
  if (!has.keys) terminal.note('There is no API key yet: qm key create --name NAME --role admin')
}

async function whoMayEnter({ database }: Opened): Promise<{ readonly users: boolean; readonly keys: boolean }> {
  const [row] = await database.query<{ users: boolean; keys: boolean }>(sql`
    select exists (select from users) as users, exists (select from api_key) as keys`)
  return row!
}

const faultText = (error: unknown): string => `Fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
