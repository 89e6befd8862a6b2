// Ids: UUIDs of version 7 (RFC 9562), whose first bits are the time, so that what was made together lies together in an index.

import { hash, randomFillSync } from 'node:crypto'
import type { Clock } from './clock.ts'

/** Makes a source of ids; ids of one millisecond are told apart by 74 random bits. */
export function idSource(clock: Clock): () => string {
  // Random bytes are drawn for many ids at once: one call for each costs more than all the rest.
  const pool = Buffer.alloc(16 * 256)
  let at = pool.length
  return () => {
    if (at === pool.length) {
      randomFillSync(pool)
      at = 0
    }
    const bytes = pool.subarray(at, (at += 16))
    bytes.writeUIntBE(clock(), 0, 6)
    return formatted(bytes, 0x70)
  }
}

/** The same id for the same name, every time: UUID version 8 from its SHA-256. For what a retry must find again. */
export const idNamed = (name: string): string => formatted(hash('sha256', name, 'buffer').subarray(0, 16), 0x80)

function formatted(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | version
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
