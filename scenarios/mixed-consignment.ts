// Mixed commands of consignment: a supplier's goods come in, are counted, moved, lost and held back as his, taken over and given back, while orders
// and tills use them up at the same moment.

import { addDays, type Day } from '../core/calendar.ts'
import { controlSite, type ItemId, type PartyId, type SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces, type PlaceId } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import type { Command } from '../server/stages.ts'
import type { TestWorld } from '../server/test-world.ts'

/** What these commands need of the cast and of what was told. */
interface Cast {
  readonly world: TestWorld
  readonly chance: { below(count: number): number; oneOf<T>(list: readonly T[]): T; once(count: number): boolean }
  readonly plain: readonly ItemId[]
  readonly byLot: ItemId
  readonly bySerial: ItemId
  readonly consignor: PartyId
}
interface Told {
  readonly site: SiteId
}

type Maker = (cast: Cast, told: Told) => Command

export const CONSIGNOR = 'LENDER'

/** The supplier who leaves goods here, with his prices; nobody leaves any of what he does not sell. */
export async function consignorOf(world: TestWorld, items: readonly ItemId[]): Promise<PartyId> {
  await world.send(controlSite, { kind: 'createParties', parties: [{ code: CONSIGNOR, name: 'Lender', kind: 'supplier' }] })
  const { party } = (await world.catalog.party(CONSIGNOR))!
  const offers = items.map((item, index) => ({
    item,
    supplier: party,
    price: money(70 + index),
    leadTimeDays: 2,
    minimum: quantity(1),
    multiple: quantity(1),
    preferred: false,
  }))
  await world.send(controlSite, { kind: 'setSupplierItems', offers })
  return party
}

const places: readonly PlaceId[] = [standardPlaces.shelf, standardPlaces.shelf, standardPlaces.dock, standardPlaces.inspection]

/** Serials are such as the site's own have, so that a piece now and then is said to be here twice. */
function goods(cast: Cast, told: Told) {
  const { chance, world } = cast
  const item = chance.oneOf([cast.plain[0]!, cast.plain[1]!, cast.byLot, cast.bySerial])
  return {
    item,
    quantity: quantity(item === cast.bySerial ? 1 : 1 + chance.below(4)),
    place: chance.oneOf(places),
    lot: item === cast.byLot ? `L${addDays(world.today(), chance.once(10) ? 0 : 1 + chance.below(5))}` : '',
    serial: item === cast.bySerial ? `S${told.site}-${chance.below(6)}` : '',
  }
}

const receive: Maker = (cast, told) => {
  const { item, quantity: some, place, lot, serial } = goods(cast, told)
  const rejected = quantity(serial === '' && cast.chance.once(4) ? 1 : 0)
  return {
    kind: 'receive',
    receipt: cast.world.newId(),
    purchase: null,
    owner: cast.consignor,
    receivedAt: cast.world.now(),
    lines: [{ line: 1, item, quantity: some, rejected, place, lot, serial, expiresOn: lot === '' ? null : (lot.slice(1) as Day), value: null }],
  }
}

const takeOver: Maker = (cast, told) => {
  const { item, quantity: some, place, lot, serial } = goods(cast, told)
  return {
    kind: 'takeOver',
    owner: cast.consignor,
    item,
    quantity: some,
    place: cast.chance.once(2) ? place : null,
    lot: cast.chance.once(2) ? lot : '',
    serial,
    unitPrice: cast.chance.once(4) ? money(65) : null,
    takenAt: cast.world.now(),
  }
}

const giveBack: Maker = (cast, told) => ({
  kind: 'giveBack',
  document: cast.world.newId(),
  owner: cast.consignor,
  ...goods(cast, told),
  condition: cast.chance.once(3) ? 'quarantine' : 'sellable',
  givenAt: cast.world.now(),
})

const count: Maker = (cast, told) => {
  const { quantity: counted, ...where } = goods(cast, told)
  return { kind: 'count', document: cast.world.newId(), owner: cast.consignor, ...where, counted, condition: 'sellable', countedAt: cast.world.now() }
}

const lose: Maker = (cast, told) => {
  const what = { document: cast.world.newId(), owner: cast.consignor, ...goods(cast, told) }
  return { kind: 'lose', ...what, condition: 'sellable', cause: 'breakage', note: '', lostAt: cast.world.now() }
}

const changeCondition: Maker = (cast, told) => {
  const [from, to] = cast.chance.once(2) ? (['sellable', 'quarantine'] as const) : (['quarantine', 'sellable'] as const)
  const { place, ...what } = goods(cast, told)
  const where = { place, toPlace: cast.chance.once(2) ? place : standardPlaces.shelf }
  return { kind: 'changeCondition', document: cast.world.newId(), owner: cast.consignor, ...what, ...where, from, to, changedAt: cast.world.now() }
}

const relocate: Maker = (cast, told) => {
  const { place: from, ...what } = goods(cast, told)
  const to = cast.chance.oneOf(places)
  return {
    kind: 'relocate',
    document: cast.world.newId(),
    owner: cast.consignor,
    ...what,
    from,
    to,
    toCode: '',
    condition: 'sellable',
    movedAt: cast.world.now(),
  }
}

/** How often each is drawn: once for each time it stands here. */
export const consignmentMakers: readonly Maker[] = [receive, receive, receive, takeOver, takeOver, giveBack, count, lose, changeCondition, relocate]
