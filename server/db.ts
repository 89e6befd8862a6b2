// Database: the only file that knows the driver. SQL is written with the `sql` tag, values always travel as parameters, and statements
// sent without waiting for each other share one round trip (the wire protocol's pipeline), which is what makes a lane's batch cheap.
//
// Statements written as one literal are prepared once a connection under a name of their own, and those put together of pieces where they are
// `prepared`; behind a pooler that cannot keep names (PgBouncer before 1.21) set `prepare: false`.

import type { Readable, Writable } from 'node:stream'
import pg from 'pg'
import * as copy from 'pg-copy-streams'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  /** Present when the text is one literal, or `prepared`: such a statement is prepared once a connection. */
  readonly name?: string
}

export interface Connection {
  /** Sends a statement and returns its rows; several calls without awaiting travel together and run in order. */
  query<Row>(statement: Statement): Promise<Row[]>
  /** Sends a statement and returns how many rows it touched. */
  execute(statement: Statement): Promise<number>
  /** Runs a script of several statements without parameters, e.g. a migration. */
  script(text: string): Promise<void>
}

/** One connection kept by one owner, e.g. a lane. */
export interface Session extends Connection {
  release(broken?: boolean): void
}

/** A connection of its own that carries whole tables as streams beside its other statements. It has no pipeline: one thing after another. */
export interface CopySession extends Connection {
  /** What `copy .. to stdout` sends. */
  copyOut(text: string): Readable
  /** Takes what `copy .. from stdin` reads; its rows are counted once it has finished. */
  copyIn(text: string): Writable & { readonly rowCount: number }
  close(): Promise<void>
}

export interface ConnectionSettings {
  /** `postgres://` URL, or the parts below. */
  readonly url?: string | undefined
  /** Host name, or the folder of a Unix socket. */
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly database?: string | undefined
}

export interface DatabaseOptions {
  /** Role that every connection takes, e.g. `quartermaster_server`; without it the connecting user's own. */
  readonly role?: string
  readonly connections_max?: number
  /** A connection that nobody used for so long is closed; 10 s without it. */
  readonly idle_milliseconds?: number
  readonly prepare?: boolean
  /** Settings of each connection, e.g. `enable_seqscan`. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Database extends Connection {
  /** Begins, works, commits; rolls back and rethrows when the work throws. */
  transaction<T>(work: (tx: Connection) => Promise<T>): Promise<T>
  /**
   * Reads, on one connection, by plans that are made once and not for each question's values: for what is looked up by keys, which planning takes
   * longer than. Statements that are put together of pieces have to be `prepared` for it.
   */
  lookUp<T>(work: (tx: Connection) => Promise<T>): Promise<T>
  session(): Promise<Session>
  /** Whether somebody waits for a connection because all are in use. */
  isWaitedFor(): boolean
  close(): Promise<void>
}

/** Writes SQL: `${value}` becomes a parameter, `${sql`..`}` is put in as text. Arrays become PostgreSQL array literals: cast them. */
export function sql(parts: TemplateStringsArray, ...values: readonly unknown[]): Statement {
  const known = literals.get(parts)
  if (known) return { text: known.text, name: known.name, values: values.map(parameter) }
  if (values.some(isStatement)) return composed(parts, values)
  const text = parts.reduce((before, part, index) => `${before}$${index}${part}`)
  const named = { text, name: nameOf(text) }
  literals.set(parts, named)
  return { ...named, values: values.map(parameter) }
}

/**
 * Prepares a statement that is put together of pieces, as a lane's reads are: for a handful of rows, planning takes longer than reading. Only
 * for texts of which there are few, and whose plan does not depend on the values: a page's filters are planned for each question.
 */
export const prepared = (statement: Statement): Statement => ({ ...statement, name: nameOf(statement.text) })

/**
 * Many JSON texts as one parameter, for `string_to_array(.., chr(30))`: JSON holds no control character as it stands, so nothing is escaped
 * here and unescaped there, which for texts full of quotes is most of the work. Not for an empty list.
 */
export const joined = (texts: readonly string[]): string => texts.join('\u001e')

export function openDatabase(settings: ConnectionSettings, options: DatabaseOptions = {}): Database {
  const prepare = options.prepare ?? true
  const pool = new pg.Pool({
    ...clientOptions(settings, { ...options.settings, ...(options.role === undefined ? {} : { role: options.role }) }),
    max: options.connections_max ?? 10,
    ...(options.idle_milliseconds !== undefined && { idleTimeoutMillis: options.idle_milliseconds }),
    pipeline: true,
    types: { getTypeParser },
  })
  // A connection that breaks while idle is replaced by the next checkout; without a listener it would end the process.
  pool.on('error', () => undefined)
  // In use, the statement that was under way fails, or the next one, and says so. From the first moment on: a new connection may be cut
  // before its owner has heard of it.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const one = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    try {
      return await work(client)
    } finally {
      client.release()
    }
  }
  return {
    query: (statement) => one((client) => connectionOf(client, prepare).query(statement)),
    execute: (statement) => one((client) => connectionOf(client, prepare).execute(statement)),
    script: (text) => one((client) => connectionOf(client, prepare).script(text)),
    transaction: (work) => inTransaction(pool, prepare, begin, work),
    lookUp: (work) => inTransaction(pool, prepare, beginByKeys, work),
    session: async () => {
      const client = await pool.connect()
      return { ...connectionOf(client, prepare), release: (broken = false) => client.release(broken) }
    },
    isWaitedFor: () => pool.waitingCount > 0,
    close: () => pool.end(),
  }
}

/**
 * Opens a connection whose text is the same whatever the server, the database or the user is set to: instants in UTC, bytes in hexadecimal. A
 * whole table may take as long as it takes.
 */
export async function openCopySession(settings: ConnectionSettings): Promise<CopySession> {
  const client = new pg.Client({ ...clientOptions(settings, copySettings), types: { getTypeParser } })
  // What was under way fails and says so; without a listener it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  return {
    ...connectionOf(client, true),
    copyOut: (text) => client.query(copy.to(text)),
    copyIn: (text) => client.query(copy.from(text)),
    close: () => client.end(),
  }
}

const copySettings = {
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '3',
  client_encoding: 'UTF8',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
}

/** How connections are known to each other: by this name somebody who wants a database to himself sees who uses it. */
export const APPLICATION_NAME = 'quartermaster'

const clientOptions = ({ url, host, port, user, database }: ConnectionSettings, settings: Readonly<Record<string, string>>): pg.ClientConfig => ({
  ...(url === undefined ? { host, port, user, database } : { connectionString: url }),
  options: startupOptions({ TimeZone: 'UTC', ...settings }),
  application_name: APPLICATION_NAME,
})

/** Whether the same work may succeed when it is tried again: serialisation, deadlock, server going away, connection lost. */
export function isTransient(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return transientCodes.has(code) || code.startsWith('08')
  return (
    typeof message === 'string' &&
    /Connection terminated|Connection ended|not queryable|server closed the connection|timeout exceeded when trying to connect/.test(message)
  )
}

/** Throws unless the commit really committed: PostgreSQL answers COMMIT of a failed transaction with a quiet ROLLBACK. */
export async function commit(session: Connection): Promise<void> {
  await session.execute(commitStatement)
}

export const begin: Statement = { text: 'begin', values: [] }

/**
 * Begins what asks by keys only: its statements are planned once a connection. Left to itself the database plans many of them every time, because it takes
 * arrays of a few keys for cheaper than those it does not know, and that takes as long as answering.
 */
export const beginByKeys: Statement = { text: 'begin; set local plan_cache_mode to force_generic_plan', values: [] }

export const rollback: Statement = { text: 'rollback', values: [] }

const commitStatement: Statement = { text: 'commit', values: [] }

const transientCodes = new Set([
  '40001',
  '40P01',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '25006',
  '55P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'CONNECTION_LOST',
])

const literals = new WeakMap<TemplateStringsArray, { text: string; name: string }>()
const names = new Map<string, string>()

function nameOf(text: string): string {
  const name = names.get(text) ?? `q${names.size + 1}`
  names.set(text, name)
  return name
}

const isStatement = (value: unknown): value is Statement => typeof value === 'object' && value !== null && 'text' in value && 'values' in value

function composed(parts: TemplateStringsArray, values: readonly unknown[]): Statement {
  let text = parts[0]!
  const flat: unknown[] = []
  values.forEach((value, index) => {
    if (isStatement(value)) {
      text += value.text.replace(/\$(\d+)/g, (_whole, place: string) => `$${Number(place) + flat.length}`)
      flat.push(...value.values)
    } else {
      flat.push(parameter(value))
      text += `$${flat.length}`
    }
    text += parts[index + 1]!
  })
  return { text, values: flat }
}

function parameter(value: unknown): unknown {
  return Array.isArray(value) ? arrayLiteral(value as readonly unknown[]) : value
}

/** A PostgreSQL array literal. The driver's own handles nesting and is several times slower, which a lane's batch would feel. */
function arrayLiteral(values: readonly unknown[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ','
    const value = values[index]
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') text += String(value)
    else if (value === null || value === undefined) text += 'NULL'
    else if (Buffer.isBuffer(value)) text += `"\\\\x${value.toString('hex')}"`
    else text += quoted(value as string)
  }
  return `${text}}`
}

const needsEscape = /[\\"]/
/** What JSON writes otherwise than an array literal does; everything else both escape alike, and JSON's writer is twice as fast. */
const unlikeJson = /[\p{Cc}\p{Cs}]/u

function quoted(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`
  return unlikeJson.test(text) ? `"${text.replace(/[\\"]/g, String.raw`\$&`)}"` : JSON.stringify(text)
}

function connectionOf(client: pg.ClientBase, prepare: boolean): Connection {
  const send = async (statement: Statement): Promise<pg.QueryResult> => {
    const { text, values, name } = statement
    sendTogether(client)
    if (values.length === 0 && name === undefined) return client.query(text)
    return client.query(prepare && name !== undefined ? { name, text, values: [...values] } : { text, values: [...values] })
  }
  return {
    query: async <Row>(statement: Statement) => (await send(statement)).rows as Row[],
    execute: async (statement) => {
      const { rowCount, command } = await send(statement)
      if (statement === commitStatement && command !== 'COMMIT') throw Object.assign(new Error('The transaction was rolled back.'), { code: '40001' })
      return rowCount ?? 0
    },
    script: async (text) => {
      await client.query(text)
    },
  }
}

/** Bytes that are worth a system call of their own: the database begins with them while the rest is being made. */
const WRITE_BYTES = 16_384

const corked = new WeakSet<Writable>()

/**
 * What is sent on a connection before the event loop turns goes out as one write, as far as it is short: a batch is dozens of small statements,
 * and the system calls for each, at both ends, would cost more than most of them.
 */
function sendTogether(client: pg.ClientBase): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection
  if (!corked.has(stream)) {
    corked.add(stream)
    stream.cork()
    process.nextTick(() => {
      corked.delete(stream)
      stream.uncork()
    })
  } else if (stream.writableLength > WRITE_BYTES) {
    stream.uncork()
    stream.cork()
  }
}

const startupOptions = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')

async function inTransaction<T>(pool: pg.Pool, prepare: boolean, first: Statement, work: (tx: Connection) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const tx = connectionOf(client, prepare)
  let broken = false
  try {
    // Not waited for: what comes next travels with it.
    const [, result] = await Promise.all([tx.execute(first), work(tx)])
    await commit(tx)
    return result
  } catch (error) {
    await tx.execute(rollback).catch(() => {
      broken = true
    })
    throw error
  } finally {
    client.release(broken)
  }
}

// Types: int8 must be a safe integer (numbers are exact in the records), dates stay text, instants become milliseconds since 1970.
const parsers: Record<number, (text: string) => unknown> = {
  20: safeInteger,
  1082: (text) => text,
  1184: (text) => Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`),
  1700: (text) => text,
}
const identity = (text: string): unknown => text

function getTypeParser(oid: number, format?: string): (value: string) => unknown {
  if (format === 'binary') return pg.types.getTypeParser(oid, 'binary') as (value: string) => unknown
  return parsers[oid] ?? (pg.types.getTypeParser(oid, 'text') as ((value: string) => unknown) | undefined) ?? identity
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond 2^53: records keep whole numbers that are exact.`)
  return value
}
