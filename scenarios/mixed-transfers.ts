// Mixed commands of transfers: one site asks the other for goods that customers want there too, what is held for it leaves in parts, and arrives
// whenever somebody at the dock says so; and either may call it off.

import { addDays } from '../core/calendar.ts'
import type { ItemId, SiteId } from '../core/item.ts'
import { quantity } from '../core/quantity.ts'
import type { Command } from '../server/stages.ts'
import type { TestWorld } from '../server/test-world.ts'

/** What these commands need of the cast and of what was told. */
interface Cast {
  readonly world: TestWorld
  readonly chance: { below(count: number): number; oneOf<T>(list: readonly T[]): T }
  readonly sites: readonly { readonly site: SiteId }[]
  readonly plain: readonly ItemId[]
  readonly byLot: ItemId
}
interface Told {
  readonly site: SiteId
  /** Asked for by either site. */
  readonly transfers: string[]
}

type Maker = (cast: Cast, told: Told) => Command

const REMEMBERED_MAX = 12

const another = ({ chance, sites }: Cast, told: Told): SiteId => chance.oneOf(sites.map((one) => one.site).filter((site) => site !== told.site))

const requestTransfer: Maker = (cast, told) => {
  const { world, chance } = cast
  const transfer = world.newId()
  told.transfers.push(transfer)
  if (told.transfers.length > REMEMBERED_MAX) told.transfers.shift()
  const due = addDays(world.today(), chance.below(4))
  const items = [chance.oneOf(cast.plain), cast.byLot].slice(0, 1 + chance.below(2))
  return {
    kind: 'requestTransfer',
    transfer,
    from: another(cast, told),
    lines: items.map((item, index) => ({ line: index + 1, item, quantity: quantity(1 + chance.below(3)), due })),
  }
}

const aTransfer = ({ world, chance }: Cast, { transfers }: Told): string => (transfers.length > 0 ? chance.oneOf(transfers) : world.newId())

const dispatchTransfer: Maker = (cast, told) => ({
  kind: 'dispatchTransfer',
  transfer: aTransfer(cast, told),
  sentAt: cast.world.now(),
  arrivesOn: addDays(cast.world.today(), cast.chance.below(4)),
})

const takeArrival: Maker = (cast, told) => ({ kind: 'takeArrival', transfer: aTransfer(cast, told), receivedAt: cast.world.now() })

const cancelTransfer: Maker = (cast, told) => ({ kind: 'cancelTransfer', transfer: aTransfer(cast, told), asked: another(cast, told) })

/** How often each is drawn: once for each time it stands here. */
export const transferMakers: readonly Maker[] = [
  requestTransfer,
  dispatchTransfer,
  dispatchTransfer,
  dispatchTransfer,
  takeArrival,
  takeArrival,
  cancelTransfer,
]
