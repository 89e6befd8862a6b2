// A site for tests of pure decisions: items and stock given as a table, commands decided one after the other as a lane's fold does, and no
// database. Item 1 is plain, item 2 is told apart by lot, item 3 by serial.

import { dayOf, instant, type Day } from './calendar.ts'
import type { Item, ItemId, PartyId, SiteId, Tracking } from './item.ts'
import { draftOn, keep, newTables, type Draft, type State } from './ledger.ts'
import { answerAskers } from './flow/cover-answer.ts'
import { openStock } from './loop/record.ts'
import { money } from './money.ts'
import type { Condition } from './move.ts'
import { standardPlaces, walkOrderOf, type PlaceId, type PlaceKind, type Position } from './place.ts'
import { quantity } from './quantity.ts'
import { weight } from './weight.ts'
import { isRefusal, type Refusal } from './refusal.ts'

export const now = instant(Date.parse('2026-03-02T08:00:00Z'))
export const today = dayOf(now)
export const [plain, byLot, bySerial] = [1 as ItemId, 2 as ItemId, 3 as ItemId]
export const owner = 1 as PartyId
export const here = 7 as SiteId

export interface Stocked {
  readonly item?: ItemId
  readonly quantity: number
  readonly place?: PlaceId
  readonly lot?: string
  readonly serial?: string
  readonly expiresOn?: Day | null
  readonly condition?: Condition
  /** In all; 100 for each when it is not given. */
  readonly value?: number
}

/** Bins of such a site: one near, one in the next aisle, and one without a position. */
export const [near, far, astray] = [901 as PlaceId, 902 as PlaceId, 903 as PlaceId]
const bins: readonly (readonly [PlaceId, Position | null])[] = [
  [near, { aisle: 1, rack: 1, level: 1 }],
  [far, { aisle: 2, rack: 1, level: 1 }],
  [astray, null],
]

const item = (id: ItemId, tracking: Tracking): Item => ({
  item: id,
  sku: `SKU-${id}`,
  name: `Item ${id}`,
  unit: 'EA',
  tracking,
  standardCost: money(100),
  listPrice: money(250),
  weight: weight(500_000),
  source: 'buy',
  makeDays: 0,
  valuation: 'average',
  category: null,
  serviceLevel_e3: null,
})

/** A site whose stock is what is given. */
export function siteWith(...stocked: readonly Stocked[]): State {
  let ids = 0
  const places = new Map<PlaceId, PlaceKind>(Object.entries(standardPlaces).map(([kind, place]) => [place, kind as PlaceKind]))
  for (const [bin] of bins) places.set(bin, 'bin')
  const state: State = {
    site: here,
    siteCode: 'SEA',
    siteCodes: new Map([[here, 'SEA']]),
    owner,
    tables: newTables(),
    places,
    walks: new Map(bins.map(([bin, position]) => [bin, walkOrderOf(position)])),
    now,
    today,
    plansSupply: true,
    countsOnSupply: true,
    head: { moves: 0, events: 0, numbers: 0, closedThrough: null },
    items: new Map([item(plain, 'none'), item(byLot, 'lot'), item(bySerial, 'serial')].map((one) => [one.item, one])),
    newId: () => `id-${(ids += 1)}`,
    moves: [],
    corrections: [],
    marks: [],
    events: [],
  }
  const lines = stocked.map((one, index) => ({
    line: index + 1,
    item: one.item ?? plain,
    quantity: quantity(one.quantity),
    place: one.place ?? standardPlaces.shelf,
    lot: one.lot ?? '',
    serial: one.serial ?? '',
    expiresOn: one.expiresOn ?? null,
    condition: one.condition ?? 'sellable',
    value: money(one.value ?? one.quantity * 100),
  }))
  if (lines.length > 0) done(state, (draft) => openStock({ kind: 'openStock', document: 'opening', openedAt: now, lines }, draft))
  return state
}

/** The same site, some time later. */
export const later = (state: State, milliseconds: number): State => {
  const at = instant(state.now + milliseconds)
  return { ...state, now: at, today: dayOf(at) }
}

/** Decides and keeps, as the lane does; a refusal changes nothing. */
export function decided(state: State, decide: (draft: Draft) => object | Refusal): object | Refusal {
  const draft = draftOn(state, 'test')
  const answer = decide(draft)
  if (isRefusal(answer)) return answer
  answerAskers(draft)
  keep(draft)
  return answer
}

/** Decides what must not be refused. */
export function done(state: State, decide: (draft: Draft) => object | Refusal): object {
  const answer = decided(state, decide)
  if (isRefusal(answer)) throw new Error(`Refused: ${answer.refused} ${answer.subject}: ${answer.detail}`)
  return answer
}
