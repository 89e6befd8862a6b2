// Open: what every command that touches data begins with, the server among them: PostgreSQL reached or started, brought to this code's
// schema, asked whether it is safe, the key that seals the ledger at hand, and lanes to write through.
//
// The key never enters the database: whoever owns the database could otherwise seal a forged ledger. So it is a file beside an embedded
// one, or comes from outside; and a ledger whose key is gone is refused, because going on with a new one would make every row look forged.

import { randomBytes } from 'node:crypto'
import { link, mkdir, open as openFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Catalog } from './catalog.ts'
import { systemClock, type Clock } from './clock.ts'
import { openDatabase, sql, type Connection, type ConnectionSettings, type Database } from './db.ts'
import { idSource } from './ids.ts'
import { Lanes, type LanesOptions } from './lane.ts'
import { SERVER_ROLE, SERVER_SETTINGS } from './manifest.ts'
import { migrate } from './migrate.ts'
import { keepEmbedded } from './postgres/kept.ts'
import { checkSettings } from './postgres/settings.ts'

export interface OpenOptions {
  /** Where an embedded PostgreSQL keeps its data, and what belongs to it: seal key, heads. */
  readonly folder: string
  /** Another PostgreSQL, as a `postgres://` URL; then the folder is not used. */
  readonly url?: string | undefined
  /** The seal key in hexadecimal; without it the folder's own. */
  readonly sealKey?: string | undefined
  readonly clock?: Clock
  readonly report?: (step: string) => void
  readonly lanes?: Partial<Pick<LanesOptions, 'limits' | 'onMessages' | 'onEvents' | 'onFault' | 'traced'>>
}

export interface Opened {
  /** With the running server's rights: it cannot change a fact of the ledger. */
  readonly database: Database
  /** With the rights of who migrates. */
  readonly owner: Database
  readonly lanes: Lanes
  readonly catalog: Catalog
  /** Where it is, for threads with connections of their own. */
  readonly connection: ConnectionSettings
  readonly clock: Clock
  readonly newId: () => string
  readonly sealKey: Buffer
  /** Answers what the lanes took, lets go of the database, and stops an embedded one unless somebody else uses it. */
  close(): Promise<void>
}

export type OpenErrorCode = 'seal_key_missing' | 'seal_key_not_valid' | 'seal_key_lost'

/** What a person must put right before anything can be opened. */
export class OpenError extends Error {
  readonly code: OpenErrorCode

  constructor(code: OpenErrorCode, message: string) {
    super(message)
    this.name = 'OpenError'
    this.code = code
  }
}

const SEAL_KEY_BYTES = 32
/** Migrating and administering; the work itself goes through the other pool. */
const OWNER_CONNECTIONS_MAX = 2

export async function openServer(options: OpenOptions): Promise<Opened> {
  const { url, sealKey } = options
  if (url !== undefined && sealKey === undefined) throw keyMissing()
  const reached = await reach(options)
  try {
    return await openOn(reached, options)
  } catch (error) {
    await reached.leave()
    throw error
  }
}

export const keyMissing = (): OpenError =>
  new OpenError(
    'seal_key_missing',
    'DATABASE_URL is set, but no seal key: set QUARTERMASTER_SEAL_KEY to 64 hexadecimal digits (openssl rand -hex 32), keep them secret, and never change them.',
  )

/** Reaches PostgreSQL, or starts or joins an embedded one; what is in it is left alone. */
export async function reach({ folder, url, sealKey, report = () => undefined }: OpenOptions): Promise<Reached> {
  const given = sealKey === undefined ? undefined : sealKeyFrom(sealKey)
  const keyOf = async (owner: Connection): Promise<Buffer> => given ?? folderKey(folder, owner)
  if (url !== undefined) return { connection: { url }, keyOf, leave: async () => undefined }
  const { connection, stop } = await keepEmbedded({ folder, report })
  return { connection, keyOf, leave: stop }
}

/** A database of a PostgreSQL that runs, how to come by its seal key, and what to do after it is closed. */
export interface Reached {
  readonly connection: ConnectionSettings
  readonly keyOf: (owner: Connection) => Promise<Buffer>
  readonly leave: () => Promise<void>
}

/**
 * A new connection is slow for its first half minute: it prepares every statement again and maps the database's shared memory page by page. The one
 * that is idle first is, under an even load, any that a short burst had pushed to the bottom; it is kept until the next.
 */
const KEPT_IDLE_MILLISECONDS = 10 * 60_000

export async function openOn({ connection, keyOf, leave }: Reached, options: Omit<OpenOptions, 'folder'>): Promise<Opened> {
  const { clock = systemClock, report = () => undefined } = options
  const owner = openDatabase(connection, { connections_max: OWNER_CONNECTIONS_MAX })
  const database = openDatabase(connection, { role: SERVER_ROLE, settings: SERVER_SETTINGS, idle_milliseconds: KEPT_IDLE_MILLISECONDS })
  const closeBoth = async (): Promise<void> => {
    await Promise.all([database.close(), owner.close()])
  }
  try {
    await migrate(owner, { clock, report })
    for (const warning of await checkSettings(database)) report(warning)
    const sealKey = await keyOf(owner)
    const catalog = new Catalog(database, clock)
    const newId = idSource(clock)
    const lanes = new Lanes({ database, catalog, clock, newId, sealKey, ...options.lanes })
    const close = async (): Promise<void> => {
      await lanes.drain()
      await closeBoth()
      await leave()
    }
    return { database, owner, lanes, catalog, connection, clock, newId, sealKey, close }
  } catch (error) {
    await closeBoth()
    throw error
  }
}

/** The key that 64 hexadecimal digits are. */
export function sealKeyFrom(text: string): Buffer {
  if (!/^[0-9a-f]+$/i.test(text.trim()) || text.trim().length !== SEAL_KEY_BYTES * 2) {
    throw new OpenError('seal_key_not_valid', `A seal key is ${SEAL_KEY_BYTES * 2} hexadecimal digits (openssl rand -hex ${SEAL_KEY_BYTES}).`)
  }
  return Buffer.from(text.trim(), 'hex')
}

export const sealKeyFile = (folder: string): string => join(folder, 'seal.key')

/** The key that lies beside an embedded database; made for a ledger that has nothing in it yet. */
async function folderKey(folder: string, owner: Connection): Promise<Buffer> {
  const file = sealKeyFile(folder)
  const known = await readKey(file)
  if (known !== undefined) return known
  const [ledger] = await owner.query<{ begun: boolean }>(
    sql`select exists (select from site_head where length(seal) > 0) as begun -- every site: whether anything was sealed yet`,
  )
  if (ledger!.begun) {
    throw new OpenError(
      'seal_key_lost',
      `The ledger in ${folder} was sealed with a key that is not in ${file}: put it back, or set QUARTERMASTER_SEAL_KEY.`,
    )
  }
  await writeSecretOnce(file, sealKeyText(randomBytes(SEAL_KEY_BYTES)))
  // Another process may have been first: what stands in the file is the key.
  return (await readKey(file))!
}

export const sealKeyText = (key: Buffer): string => `${key.toString('hex')}\n`

/** The key in a file; undefined where there is no such file. */
export async function readKey(file: string): Promise<Buffer | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : sealKeyFrom(text)
}

/** Writes a file that only its owner reads: whole and on disk, or not at all. A file that is there stays as it is. */
export async function writeSecretOnce(file: string, text: string): Promise<void> {
  const partial = `${file}.partial-${randomBytes(6).toString('hex')}`
  await mkdir(join(file, '..'), { recursive: true })
  const handle = await openFile(partial, 'w', 0o600)
  await handle.writeFile(text)
  await handle.sync()
  await handle.close()
  await link(partial, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(partial, { force: true })
}
