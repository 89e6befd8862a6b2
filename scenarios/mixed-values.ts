// Mixed commands of value: what is told late, bills that come after the goods, methods that change under them, and periods that are closed meanwhile.

import { addDays, instant, type Instant } from '../core/calendar.ts'
import { costKinds } from '../core/correction.ts'
import { methods, type ItemId, type PartyId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import type { Command } from '../server/stages.ts'
import type { TestWorld } from '../server/test-world.ts'

/** What these commands need of the cast and of what was told. */
interface Cast {
  readonly world: TestWorld
  readonly chance: { below(count: number): number; oneOf<T>(list: readonly T[]): T; once(count: number): boolean }
  readonly plain: readonly ItemId[]
}
interface Told {
  readonly purchases: readonly { readonly id: string }[]
}

type Maker = (cast: Cast, told: Told) => Command

const hour_ms = 3_600_000
const LATE_HOURS_MAX = 60
/** Who owns stock at both sites. */
const OWNER = 1 as PartyId

const earlier = ({ world, chance }: Cast): Instant => instant(world.now() - chance.below(LATE_HOURS_MAX) * hour_ms)

const receiveLate: Maker = (cast) => ({
  kind: 'receive',
  receipt: cast.world.newId(),
  purchase: null,
  receivedAt: earlier(cast),
  lines: [
    {
      line: 1,
      item: cast.chance.oneOf(cast.plain),
      quantity: quantity(1 + cast.chance.below(5)),
      place: standardPlaces.shelf,
      lot: '',
      serial: '',
      expiresOn: null,
      value: money(cast.chance.below(2_000)),
    },
  ],
})

const loseLate: Maker = (cast) => ({
  kind: 'lose',
  document: cast.world.newId(),
  item: cast.chance.oneOf(cast.plain),
  quantity: quantity(1),
  place: standardPlaces.shelf,
  lot: '',
  serial: '',
  condition: 'sellable',
  cause: 'lost',
  note: '',
  lostAt: earlier(cast),
})

const sellLate: Maker = (cast) => ({
  kind: 'sell',
  order: cast.world.newId(),
  customer: cast.world.customer,
  reference: null,
  soldAt: earlier(cast),
  lines: [{ line: 1, item: cast.chance.oneOf(cast.plain), quantity: quantity(1 + cast.chance.below(3)), unitPrice: money(250), lot: '', serial: '' }],
})

const countLate: Maker = (cast) => ({
  kind: 'count',
  document: cast.world.newId(),
  item: cast.chance.oneOf(cast.plain),
  counted: quantity(cast.chance.below(9)),
  place: cast.chance.oneOf([standardPlaces.shelf, standardPlaces.dock]),
  lot: '',
  serial: '',
  condition: 'sellable',
  countedAt: earlier(cast),
})

const relocateLate: Maker = (cast) => {
  const [from, to] = cast.chance.once(2) ? [standardPlaces.shelf, standardPlaces.dock] : [standardPlaces.dock, standardPlaces.shelf]
  return {
    kind: 'relocate',
    document: cast.world.newId(),
    item: cast.chance.oneOf(cast.plain),
    quantity: quantity(1 + cast.chance.below(3)),
    from,
    to,
    toCode: '',
    lot: '',
    serial: '',
    condition: 'sellable',
    movedAt: earlier(cast),
  }
}

const addCost: Maker = ({ world, chance }, { purchases }) => ({
  kind: 'addCost',
  document: world.newId(),
  came: purchases.length === 0 ? world.newId() : chance.oneOf(purchases).id,
  owner: OWNER,
  line: null,
  cost: chance.oneOf(costKinds),
  amount: money(chance.below(1_500) - 500),
  by: chance.once(2) ? 'value' : 'quantity',
  note: '',
})

const setValuation: Maker = ({ world, chance, plain }) => {
  const method = chance.oneOf(methods)
  return {
    kind: 'setValuation',
    document: world.newId(),
    item: chance.oneOf(plain),
    method,
    standardCost: method === 'standard' ? money(chance.below(300)) : null,
  }
}

const closePeriod: Maker = ({ world, chance }) => ({
  kind: 'closePeriod',
  document: world.newId(),
  through: addDays(world.today(), -1 - chance.below(4)),
})

/** Some limits are soon reached: orders over them wait for an admin who never comes. */
const setCredit: Maker = ({ world, chance }) => ({
  kind: 'setCredit',
  document: world.newId(),
  customer: world.customer,
  currency: 'USD',
  limit: chance.once(4) ? null : money(chance.once(2) ? chance.below(5_000) : 1_000_000_000),
  owed: chance.once(2) ? money(chance.below(2_000)) : undefined,
})

/** How often each is drawn: once for each time it stands here. */
export const valueMakers: readonly Maker[] = [
  receiveLate,
  receiveLate,
  loseLate,
  sellLate,
  countLate,
  relocateLate,
  addCost,
  addCost,
  setValuation,
  closePeriod,
  setCredit,
]
