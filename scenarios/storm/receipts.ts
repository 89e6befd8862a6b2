// Receipts of a storm: goods that somebody sends without being asked: a supplier's that stay his, lots that may be recalled, and parts of kits.

import type { Chance } from '../chance.ts'
import { SUPPLIER } from '../rig/company.ts'
import type { Attempt, Ground } from './ground.ts'

/** The item that is told apart by lot; orders have it after their other lines, so that these return and change without naming a lot. */
export const STORM_LOTTED = 'LOTTED'
export const RECEIVED_MAX = 60
/** Pieces that a supplier leaves at least, and how many of them are used one by one. */
const CONSIGNED_MIN = 30
const CONSIGNED_USED = 8

/** The supplier leaves goods with us. */
export function onConsignment(ground: Ground, chance: Chance, site: string): Attempt {
  const sku = chance.oneOf(ground.skus)
  const body = { site, owner: SUPPLIER, lines: [{ sku, quantity: CONSIGNED_MIN + chance.below(CONSIGNED_MIN) }] }
  // Orders that wait take theirs first; of the rest some is taken over and some goes back.
  const accepted = (): void => {
    for (let piece = 0; piece < CONSIGNED_USED; piece += 1) ground.consigned.put({ site, sku, quantity: 1 })
  }
  return { path: '/api/receipts', body, accepted }
}

/** A lot comes in, and may be recalled from then on. */
export function newLot(ground: Ground, chance: Chance, site: string): Attempt {
  const lot = `LOT-${(ground.lots += 1)}`
  const line = { sku: STORM_LOTTED, lot, quantity: 1 + chance.below(RECEIVED_MAX), place: 'SHELF', expiresOn: '2099-12-31' }
  return { path: '/api/receipts', body: { site, lines: [line] }, accepted: () => ground.recallable.put(lot) }
}

/** What kits are made of comes in by the hundred: whoever waits for parts holds up all that comes after. */
export function partsOfKits(ground: Ground, chance: Chance, site: string): Attempt {
  const parts = Object.entries(ground.company.kit!.components)
  const lines = parts.map(([sku, quantity]) => ({ sku, quantity: quantity * (RECEIVED_MAX + chance.below(RECEIVED_MAX)), place: 'SHELF' }))
  return { path: '/api/receipts', body: { site, lines } }
}
