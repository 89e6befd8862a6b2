// Mixed commands of losses: what was lost is remembered, and now and then undone, more than once and also where the loss was refused.

import type { ItemId } from '../core/item.ts'
import { standardPlaces, type PlaceId } from '../core/place.ts'
import type { Command } from '../server/stages.ts'
import type { TestWorld } from '../server/test-world.ts'

export interface LostHere {
  readonly loss: string
  readonly item: ItemId
  readonly place: PlaceId
}
interface Cast {
  readonly world: TestWorld
  readonly chance: { oneOf<T>(list: readonly T[]): T }
  readonly plain: readonly ItemId[]
  readonly byLot: ItemId
}

const REMEMBERED_MAX = 25

export function rememberLoss<Lost extends { document: string; item: ItemId; place: PlaceId }>(losses: LostHere[], lost: Lost): Lost {
  losses.push({ loss: lost.document, item: lost.item, place: lost.place })
  if (losses.length > REMEMBERED_MAX) losses.shift()
  return lost
}

const undoLoss = ({ world, chance, byLot }: Cast, { losses }: { readonly losses: readonly LostHere[] }): Command => {
  const one = losses.length > 0 ? chance.oneOf(losses) : { loss: world.newId(), item: byLot, place: standardPlaces.shelf }
  return { kind: 'undoLoss', document: world.newId(), ...one, note: '', undoneAt: world.now() }
}

/** What the look at beliefs would send, and more. */
const heedBeliefs = ({ chance, plain, byLot }: Cast): Command => ({ kind: 'heedBeliefs', items: [chance.oneOf(plain), byLot] })

export const lossMakers = [undoLoss, heedBeliefs]
