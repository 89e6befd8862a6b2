// What follow makes of a stretch is what the lane made of it, and no byte of it may change unnoticed.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from '../../core/calendar.ts'
import type { ItemId, PartyId, SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { canonical, type End, type Move } from '../../core/move.ts'
import type { PlaceId } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { genesis, link, seal } from '../lane/chain.ts'
import { doubted, follow, type Stretch } from './follow.ts'

const SITE = 7 as SiteId
const KEY = Buffer.alloc(32, 5)
const sound = { chained: true, sealed: true, timely: true }

function move(sequence: number, occurredAt: number, recordedAt: number, actor: string): Move {
  const end: End = { place: 101 as PlaceId, package: '', lot: actor, serial: '', condition: 'sellable', owner: 1 as PartyId }
  return {
    sequence, item: 1001 as ItemId, quantity: quantity(3), from: end, to: { ...end, place: 3 as PlaceId }, cause: 'shipment',
    document: '0197a000-0000-7000-8000-000000000001', line: 2, part: 1, actor, value: money(-450), occurredAt: instant(occurredAt), recordedAt: instant(recordedAt),
  }
}

/** Microseconds since 2000 as PostgreSQL sends them. */
function sent(milliseconds: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE((BigInt(milliseconds) - BigInt(Date.UTC(2000, 0, 1))) * 1000n)
  return bytes
}

/** As the database writes a stretch that follows on `before`. */
function written(moves: readonly Move[], before: Move | undefined): Stretch {
  const rows: Buffer[] = []
  const texts: Buffer[] = []
  const hashBefore = before === undefined ? null : link(genesis, SITE, before)
  let previous = hashBefore ?? genesis
  for (const one of moves) {
    const text = Buffer.from(canonical(SITE, one).split('|').slice(0, -2).join('|'))
    const length = Buffer.alloc(4)
    length.writeInt32BE(text.length)
    previous = link(previous, SITE, one)
    rows.push(previous, seal(KEY, previous), length, sent(one.occurredAt), sent(one.recordedAt))
    texts.push(text)
  }
  return { moves: moves.length, rows: Buffer.concat(rows), texts: Buffer.concat(texts), hashBefore, recordedBefore: before === undefined ? null : sent(before.recordedAt) }
}

const ordinary = fc.integer({ min: Date.UTC(2002, 0, 1), max: Date.UTC(2199, 11, 31) })
const stretches = fc
  .tuple(fc.array(fc.tuple(ordinary, ordinary, fc.string({ unit: 'grapheme' })), { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([told, first]) => {
    const recorded = told.map(([, at]) => at).toSorted((a, b) => a - b)
    const moves = told.map(([occurred, , actor], index) => move(index + 1, occurred, recorded[index]!, actor))
    return first || moves.length < 2 ? written(moves, undefined) : written(moves.slice(1), moves[0])
  })

describe('follow', () => {
  test('finds sound what the lane has written, whatever its texts and times', () => {
    fc.assert(
      fc.property(stretches, (stretch) => {
        expect(follow(stretch, KEY)).toEqual(sound)
      }),
    )
  })

  test('no byte of a row, a text or the hash before changes unnoticed', () => {
    fc.assert(
      fc.property(stretches, fc.nat(), fc.integer({ min: 1, max: 255 }), (stretch, at, change) => {
        const changed = { ...stretch, rows: Buffer.from(stretch.rows), texts: Buffer.from(stretch.texts), hashBefore: Buffer.from(stretch.hashBefore ?? genesis) }
        const all = [changed.rows, changed.texts, changed.hashBefore]
        let place = at % all.reduce((sum, one) => sum + one.length, 0)
        const bytes = all.find((one) => place < one.length || ((place -= one.length), false))!
        bytes[place]! ^= change
        expect(follow(changed, KEY)).not.toEqual(sound)
      }),
      { numRuns: 500 },
    )
  })

  test('time that runs backwards', () => {
    const [day, before] = [Date.UTC(2026, 0, 2), Date.UTC(2026, 0, 1)]
    expect(follow(written([move(1, day, day, ''), move(2, day, before, '')], undefined), KEY)).toEqual({ ...sound, timely: false })
    expect(follow(written([move(2, day, before, '')], move(1, day, day, '')), KEY)).toEqual({ ...sound, timely: false })
  })

  test.each([
    ['before 2002', Date.UTC(1999, 0, 1)],
    ['after 2200', Date.UTC(2300, 0, 1)],
  ])('an instant %s is left to the database', (_when, at) => {
    expect(follow(written([move(1, at, Date.UTC(2026, 0, 1), '')], undefined), KEY)).toBe(doubted)
  })

  test('so is a fraction of a millisecond, and a hash of another length', () => {
    const stretch = written([move(1, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1), '')], undefined)
    expect(follow({ ...stretch, rows: stretch.rows.subarray(1) }, KEY)).toBe(doubted)
    const finer = Buffer.from(stretch.rows)
    finer[59]! ^= 1
    expect(follow({ ...stretch, rows: finer }, KEY)).toBe(doubted)
  })
})
