// Manifest: what a backup says of itself, written behind its rows: the schema they fit, each table with its rows and their hash, how far every
// site's ledger had come, signed, and the key that the ledger is sealed with where that lay beside the data. A backup is believed by it.

import { z } from 'zod'

/** Grows when the file is written otherwise than before. */
export const BACKUP_FORMAT = 1

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)

const table = z.object({
  name,
  columns: z.array(name).min(1),
  rows: count,
  /** Of PostgreSQL's COPY text, before it was compressed. */
  bytes: count,
  sha256,
  /** Where in the file its first block begins. */
  begins_at: count,
})

export const manifestShape = z.object({
  format: z.literal(BACKUP_FORMAT),
  /** The version of Quartermaster that wrote it. */
  product: z.string(),
  created_at: z.iso.datetime(),
  /** Of the feed; a restore begins a later one. */
  epoch: z.int(),
  /** In hexadecimal; null where it came from outside and must come from there again. */
  seal_key: sha256.nullable(),
  migrations: z.array(z.object({ number: z.int(), name: z.string(), checksum: z.string() })).min(1),
  /** As server/heads.ts writes them down: who has the key can tell whether they fit. */
  heads: z.array(z.object({ site: z.int(), sequence: count, hash: sha256, events: count, numbers: count, sealed_at: z.string(), signature: sha256 })),
  tables: z.array(table),
})

export type Manifest = z.infer<typeof manifestShape>
export type BackedUpTable = z.infer<typeof table>
