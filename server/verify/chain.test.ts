// The text that verify hashes is the text that the lane hashed, to the byte: two programs write it, and this is where they meet.

import { expect, test } from 'vitest'
import { instant } from '../../core/calendar.ts'
import type { ItemId, PartyId, SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { canonical, type End, type Move } from '../../core/move.ts'
import type { PlaceId } from '../../core/place.ts'
import { quantity } from '../../core/quantity.ts'
import { sql } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { canonicalText } from './chain.ts'

const { owner } = await testDatabase()
const DOCUMENT = '0197a000-0000-7000-8000-000000000001'

test.each([
  ['', 'plain'],
  ['L|1', 'a bar and "quotes"'],
  ['Ärmel 12:', 'naïve 衣服\n'],
])('moves of lot "%s" by "%s" read alike, at a thousand instants', async (lot, actor) => {
  const instants = Array.from({ length: 1_000 }, (_none, index) => Date.parse('1999-12-31T23:59:59.999Z') + index * 987_654_321 * 13)
  const end: End = { place: 101 as PlaceId, package: '', lot, serial: '', condition: 'sellable', owner: 1 as PartyId }
  const rows = await owner.query<{ text: string }>(sql`
    select ${canonicalText} as text
    from unnest(${instants}::bigint[]) with ordinality i (instant, place)
    cross join lateral (select to_timestamp(i.instant / 1000) + i.instant % 1000 * interval '1 millisecond' as at) t
    cross join lateral (
      select 7 as site_id, i.place as sequence, 1001 as item_id, 3::bigint as quantity, 101 as from_place_id, '' as from_package, ${lot}::text as from_lot,
        '' as from_serial, 'sellable' as from_condition, 1 as from_owner_id, 3 as to_place_id, '' as to_package, ${lot}::text as to_lot, '' as to_serial,
        'sellable' as to_condition, 1 as to_owner_id, 'shipment' as cause, ${DOCUMENT}::uuid as document_id, 2 as line, 1 as part, ${actor}::text as actor,
        -450::bigint as value_minor, t.at as occurred_at, t.at + interval '1 millisecond' as recorded_at
    ) m
    order by i.place`)
  const expected = instants.map((at, index) => {
    const move: Move = { sequence: index + 1, item: 1001 as ItemId, quantity: quantity(3), from: end, to: { ...end, place: 3 as PlaceId }, cause: 'shipment',
      document: DOCUMENT, line: 2, part: 1, actor, value: money(-450), occurredAt: instant(at), recordedAt: instant(at + 1) }
    return canonical(7 as SiteId, move)
  })
  expect(rows.map((row) => row.text)).toEqual(expected)
})
