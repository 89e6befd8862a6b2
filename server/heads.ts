// Heads, written down outside the database: how far each site's ledger had come at an hour, signed. A ledger that was cut off and set back
// in all its tables looks sound from within; a head from before the cut still knows better. Lines of JSON in one file, oldest first.
//
// The file is bounded: of older days only each day's last head is kept, and of those the newest.

import { existsSync } from 'node:fs'
import { appendFile, open, readFile, rename } from 'node:fs/promises'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import { sql, type Connection, type Database } from './db.ts'

export interface ExportedHead {
  readonly site: number
  /** Moves, events and numbers that the site had given out. */
  readonly sequence: number
  readonly hash: string
  readonly events: number
  readonly numbers: number
  readonly sealed_at: string
  readonly signature: string
}

export const HEADS_FILE = 'heads.ndjson'
/** Days of which the last head of a site is kept. */
export const HEAD_DAYS_MAX = 400
/** Lines appended before the file is made small again. */
const LINES_BEFORE_COMPACTION = 10_000

export interface HeadExport {
  readonly database: Database
  readonly folder: string
  readonly sealKey: Buffer
  readonly clock: Clock
}

/** Makes the function that the server calls on a timer and when it stops; it writes the heads that moved since, and returns how many. */
export function headExporter({ database, folder, sealKey, clock }: HeadExport): () => Promise<number> {
  const file = join(folder, HEADS_FILE)
  const written = new Map<number, string>()
  let appended = LINES_BEFORE_COMPACTION
  return async () => {
    if (appended >= LINES_BEFORE_COMPACTION) {
      for (const head of await compact(file)) written.set(head.site, stateOf(head))
      appended = 0
    }
    const heads = await readHeads(database, sealKey, new Date(clock()).toISOString())
    const moved = heads.filter((head) => written.get(head.site) !== stateOf(head))
    if (moved.length === 0) return 0
    await appendFile(file, moved.map((head) => `${JSON.stringify(head)}\n`).join(''))
    for (const head of moved) written.set(head.site, stateOf(head))
    appended += moved.length
    return moved.length
  }
}

/** Reads the file; a last line that a crash cut short is left out. */
export async function readHeadsFile(file: string): Promise<readonly ExportedHead[]> {
  if (!existsSync(file)) return []
  const lines = (await readFile(file, 'utf8')).split('\n')
  return lines.flatMap((line, index) => {
    const head = parse(line)
    if (head === undefined && line !== '' && index < lines.length - 1) throw new Error(`Line ${index + 1} of ${file} is not a head.`)
    return head === undefined ? [] : [head]
  })
}

/** What only the holder of the key can write under a head. */
export function signatureOf(sealKey: Buffer, head: Omit<ExportedHead, 'signature'>): string {
  const text = `exported head|${head.site}|${head.sequence}|${head.hash}|${head.events}|${head.numbers}|${head.sealed_at}`
  return hash('sha256', Buffer.concat([sealKey, hash('sha256', text, 'buffer')]), 'hex')
}

/** Every site that recorded anything, signed. */
export async function readHeads(database: Connection, sealKey: Buffer, sealedAt: string): Promise<readonly ExportedHead[]> {
  const rows = await database.query<Omit<ExportedHead, 'signature'>>(sql`
    -- every site: heads leave the database together
    select site_id as site, move_sequence as sequence, encode(move_hash, 'hex') as hash, outbox_sequence as events, last_number as numbers,
      ${sealedAt}::text as sealed_at
    from site_head where length(seal) > 0 order by site_id`)
  return rows.map((head) => ({ ...head, signature: signatureOf(sealKey, head) }))
}

/** Rewrites the file with the last head of each site and day, and returns the last of each site. */
async function compact(file: string): Promise<readonly ExportedHead[]> {
  const heads = await readHeadsFile(file)
  const byDay = new Map(heads.map((head) => [`${head.site} ${head.sealed_at.slice(0, 10)}`, head]))
  const bySite = Map.groupBy(byDay.values(), (head) => head.site)
  const kept = [...bySite.values()].flatMap((ofSite) => ofSite.slice(-HEAD_DAYS_MAX))
  if (heads.length > 0)
    await replace(
      file,
      kept.toSorted((a, b) => (a.sealed_at < b.sealed_at ? -1 : 1)),
    )
  return [...bySite.values()].map((ofSite) => ofSite.at(-1)!)
}

async function replace(file: string, heads: readonly ExportedHead[]): Promise<void> {
  const next = await open(`${file}.next`, 'w')
  try {
    await next.writeFile(heads.map((head) => `${JSON.stringify(head)}\n`).join(''))
    await next.sync()
  } finally {
    await next.close()
  }
  await rename(`${file}.next`, file)
}

const stateOf = ({ sequence, hash: of, events, numbers }: ExportedHead): string => `${sequence} ${of} ${events} ${numbers}`

function parse(line: string): ExportedHead | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as ExportedHead)
  } catch {
    return undefined
  }
}
