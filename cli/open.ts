// The database that commands work on: an embedded one in a folder, or the one that DATABASE_URL names. This is the only place of the
// command line that reads the environment.

import { controlSite } from '../core/item.ts'
import { sql } from '../server/db.ts'
import { openServer, type Opened, type OpenOptions } from '../server/open.ts'
import type { Terminal } from './terminal.ts'

export const DEFAULT_FOLDER = 'quartermaster-data'
/** The site of the demonstration company, and of an import that names none. */
export const DEFAULT_SITE = 'AWC'

export const databaseOptions = {
  folder: { type: 'string', value: 'DIR', about: `Where the data is kept (${DEFAULT_FOLDER}); DATABASE_URL names another PostgreSQL instead` },
} as const

/** What `openServer` and `startServer` need to know. */
export function databaseOf({ folder }: { readonly folder: string | undefined }, terminal: Terminal): OpenOptions {
  return {
    folder: folder ?? DEFAULT_FOLDER,
    url: process.env['DATABASE_URL'] || undefined,
    sealKey: process.env['QUARTERMASTER_SEAL_KEY'] || undefined,
    report: (step) => terminal.note(step),
  }
}

/** Where a running server sends its spans; none are made without it. */
export const collectorOf = (): string | undefined => process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined

/** Opens it, works, and closes it whatever happens. */
export async function withDatabase<Result>(
  options: { readonly folder: string | undefined },
  terminal: Terminal,
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  const opened = await openServer(databaseOf(options, terminal))
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** Whether nobody has entered anything yet. */
export async function isEmpty({ database }: Opened): Promise<boolean> {
  const [row] = await database.query<{ empty: boolean }>(sql`
    select not exists (select from item) and not exists (select from site where site_id <> ${controlSite}) as empty`)
  return row!.empty
}
