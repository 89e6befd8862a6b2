// Mixed commands of the counter and of what is bought for one line: orders that are made ready, collected, or put back; and lines that are bought again when
// what came for them is gone.

import { addDays } from '../core/calendar.ts'
import type { WantedLine } from '../core/flow/order.ts'
import type { PartyId } from '../core/item.ts'
import { boughtWays } from '../core/line-supply.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import type { Command } from '../server/stages.ts'
import type { TestWorld } from '../server/test-world.ts'

/** What these commands need of the cast and of what was told. */
interface Cast {
  readonly world: TestWorld
  readonly chance: { below(count: number): number; oneOf<T>(list: readonly T[]): T; once(count: number): boolean }
}
interface Told {
  readonly orders: readonly { readonly id: string }[]
}

/** How a line is bought for itself alone; who sells does not matter here. */
export const bought = (chance: Pick<Cast['chance'], 'oneOf'>): Pick<WantedLine, 'supply'> => ({
  supply: { how: chance.oneOf(boughtWays), supplier: 1 as PartyId, supplierCode: 'S1', unitCost: money(80), leadTimeDays: 2 },
})

export const collected = (chance: Pick<Cast['chance'], 'below'>) => ({ collect: { keepDays: chance.below(3) } })

type Maker = (cast: Cast, told: Told) => Command

const orderIn = ({ world, chance }: Cast, { orders }: Told): string => (orders.length > 0 ? chance.oneOf(orders).id : world.newId())

const makeReady: Maker = (cast, told) => ({
  kind: 'makeReady',
  order: orderIn(cast, told),
  keptUntil: cast.chance.once(3) ? null : addDays(cast.world.today(), cast.chance.below(4)),
})

const collectOrder: Maker = (cast, told) => ({
  kind: 'collectOrder',
  order: orderIn(cast, told),
  shipment: cast.world.newId(),
  collectedAt: cast.world.now(),
  collectedBy: 'Ann',
  proof: 'Code',
})

const putBackUncollected: Maker = (cast, told) => ({
  kind: 'putBackUncollected',
  order: orderIn(cast, told),
  to: cast.chance.oneOf([standardPlaces.shelf, standardPlaces.dock]),
  toCode: 'SHELF',
  putBackAt: cast.world.now(),
  keepsOrder: cast.chance.once(2),
})

/** What the daily look would send, and more. */
const raiseUncollected: Maker = (_cast, { orders }) => ({ kind: 'raiseUncollected', orders: orders.map((one) => one.id) })

const buyForOrder: Maker = (cast, told) => ({ kind: 'buyForOrder', order: orderIn(cast, told), instead: [] })

/** How often each is drawn: once for each time it stands here. */
export const counterMakers: readonly Maker[] = [
  makeReady,
  makeReady,
  makeReady,
  collectOrder,
  collectOrder,
  putBackUncollected,
  raiseUncollected,
  buyForOrder,
]
