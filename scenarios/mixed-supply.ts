// Mixed commands of supply: purchases that come late or not at all, work orders that are planned, issued, made in part and cancelled, and covering
// of whatever is short, all at the same few items that customers want.

import { addDays } from '../core/calendar.ts'
import type { Offer } from '../core/flow/cover.ts'
import type { Component } from '../core/flow/produce.ts'
import type { ItemId, PartyId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import type { Command } from '../server/stages.ts'
import type { TestWorld } from '../server/test-world.ts'
import { valueMakers } from './mixed-values.ts'

interface Bought {
  readonly id: string
  readonly lines: readonly { readonly line: number }[]
}

/** What these commands need of the cast and of what was told. */
interface Cast {
  readonly world: TestWorld
  readonly chance: { below(count: number): number; oneOf<T>(list: readonly T[]): T; once(count: number): boolean }
  readonly plain: readonly ItemId[]
  readonly byLot: ItemId
}
interface Told {
  readonly purchases: readonly Bought[]
  readonly workOrders: string[]
  readonly transfers: readonly string[]
}

type Maker = (cast: Cast, told: Told) => Command

/** Who sells does not matter here. */
export const SUPPLIER = 1 as PartyId
const REMEMBERED_MAX = 25

const aPurchase = ({ world, chance }: Cast, { purchases }: Told): Bought =>
  purchases.length > 0 ? chance.oneOf(purchases) : { id: world.newId(), lines: [{ line: 1 }] }

const redatePurchase: Maker = (cast, told) => {
  const { id, lines } = aPurchase(cast, told)
  return {
    kind: 'redatePurchase',
    purchase: id,
    lines: [{ line: cast.chance.oneOf(lines).line, due: addDays(cast.world.today(), cast.chance.below(9) - 1) }],
  }
}

const cancelPurchase: Maker = (cast, told) => {
  const { id, lines } = aPurchase(cast, told)
  return { kind: 'cancelPurchase', purchase: id, lines: cast.chance.once(2) ? null : [cast.chance.oneOf(lines), cast.chance.oneOf(lines)] }
}

/** A is made of two B and, for every second one, something told apart by lot; of the lots a tenth is lost. */
const recipeOf = ({ plain, byLot }: Cast): readonly Component[] => [
  { line: 1, item: plain[1]!, quantity: quantity(2), batch: quantity(1), scrapPerMillion: 0 },
  { line: 2, item: byLot, quantity: quantity(1), batch: quantity(2), scrapPerMillion: 100_000 },
]

const produce: Maker = (cast, told) => {
  const { world, chance } = cast
  const workOrder = world.newId()
  told.workOrders.push(workOrder)
  if (told.workOrders.length > REMEMBERED_MAX) told.workOrders.shift()
  const due = addDays(world.today(), chance.below(5) - 1)
  return {
    kind: 'produce',
    workOrder,
    item: cast.plain[0]!,
    quantity: quantity(1 + chance.below(4)),
    makeDays: chance.below(3),
    due,
    components: recipeOf(cast),
  }
}

const aWorkOrder = ({ world, chance }: Cast, { workOrders }: Told): string => (workOrders.length > 0 ? chance.oneOf(workOrders) : world.newId())

const releaseWorkOrder: Maker = (cast, told) => ({ kind: 'releaseWorkOrder', workOrder: aWorkOrder(cast, told) })
const issueComponents: Maker = (cast, told) => ({ kind: 'issueComponents', workOrder: aWorkOrder(cast, told), issuedAt: cast.world.now() })
const recordOutput: Maker = (cast, told) => ({
  kind: 'recordOutput',
  workOrder: aWorkOrder(cast, told),
  quantity: quantity(1 + cast.chance.below(2)),
  place: cast.chance.oneOf([standardPlaces.shelf, standardPlaces.dock]),
  lot: '',
  serial: '',
  expiresOn: null,
  madeAt: cast.world.now(),
})
const redateWorkOrder: Maker = (cast, told) => {
  const due = addDays(cast.world.today(), cast.chance.below(9))
  return { kind: 'redateWorkOrder', workOrder: aWorkOrder(cast, told), due }
}
const cancelWorkOrder: Maker = (cast, told) => ({ kind: 'cancelWorkOrder', workOrder: aWorkOrder(cast, told) })

const coverShortages: Maker = (cast) => {
  const offer = (minimum: number, multiple: number): Offer => ({
    from: 'supplier',
    supplier: SUPPLIER,
    code: 'COMPANY',
    price: money(90),
    leadTimeDays: cast.chance.below(4),
    minimum: quantity(minimum),
    multiple: quantity(multiple),
  })
  const [a, b, c] = cast.plain as [ItemId, ItemId, ItemId]
  return {
    kind: 'coverShortages',
    more: false,
    lines: [
      { item: a, source: { from: 'production', makeDays: cast.chance.below(3), components: recipeOf(cast) } },
      { item: b, source: offer(3, 2) },
      { item: c, source: null },
      { item: cast.byLot, source: offer(1, 1) },
    ],
  }
}

/** What the daily look would send, and more: not all of it is overdue, and some was raised before. */
const raiseOverdue: Maker = (_cast, { purchases, workOrders, transfers }) => ({
  kind: 'raiseOverdue',
  supplies: [
    ...purchases.flatMap(({ id, lines }) => lines.map(({ line }) => ({ document: id, line }))),
    ...workOrders.map((document) => ({ document, line: 0 })),
    ...transfers.map((document) => ({ document, line: 1 })),
  ],
})

/** How often each is drawn: once for each time it stands here. */
export const supplyMakers: readonly Maker[] = [
  redatePurchase,
  cancelPurchase,
  produce,
  releaseWorkOrder,
  releaseWorkOrder,
  issueComponents,
  issueComponents,
  issueComponents,
  recordOutput,
  recordOutput,
  recordOutput,
  redateWorkOrder,
  cancelWorkOrder,
  coverShortages,
  raiseOverdue,
  ...valueMakers,
]
