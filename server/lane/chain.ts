// Chain: the hash that ties each move to the one before it, and the seals that tie hashes to a key the database never sees.
//
// hash = sha256(previous hash, canonical row): an edited, deleted or inserted row breaks the chain. Whoever owns the database could compute
// all hashes anew; seal = first 16 bytes of sha256(key, hash) he cannot, so the first row he touched is still found. Both inputs have a fixed
// length, so the plain prefix construction is safe here. The head is sealed too, so a ledger cut off and set back is found.

import { hash } from 'node:crypto'
import type { SiteId } from '../../core/item.ts'
import { canonical, type Move } from '../../core/move.ts'

export interface Head {
  readonly moves: number
  readonly hash: Buffer
  readonly events: number
  readonly numbers: number
}

export const genesis = Buffer.alloc(32)

export function link(previous: Buffer, site: SiteId, move: Move): Buffer {
  return digest(Buffer.concat([previous, Buffer.from(canonical(site, move))]))
}

export const seal = (key: Buffer, hashed: Buffer): Buffer => digest(Buffer.concat([key, hashed])).subarray(0, 16)

export function sealHead(key: Buffer, site: number, head: Head): Buffer {
  const text = `head|${site}|${head.moves}|${head.hash.toString('hex')}|${head.events}|${head.numbers}`
  return seal(key, digest(Buffer.from(text)))
}

const digest = (bytes: Buffer): Buffer => hash('sha256', bytes, 'buffer')
