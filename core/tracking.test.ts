import { describe, expect, test } from 'vitest'
import { instant, type Day } from './calendar.ts'
import { trackingOf, type ShipmentState, type TrackingEvent, type TrackingKind } from './tracking.ts'

const promised = '2026-03-06' as Day
/** Events as they were told: what, on which day of March, and the day of delivery that it tells of. */
type Told = readonly [TrackingKind, occurred: number, estimated?: string]
const events = (told: readonly Told[]): TrackingEvent[] =>
  told.map(([kind, day, estimated], index) => ({
    shipment: 's', sequence: index + 1, kind, occurredAt: instant(Date.parse(`2026-03-0${day}T12:00:00Z`)), recordedAt: instant(Date.parse('2026-03-09T12:00:00Z')),
    estimated: (estimated ?? null) as Day | null, note: '',
  }))

describe('a shipment', () => {
  //    story                                          told                                                                             state               expected
  test.each<[string, Told[], ShipmentState, string]>([
    ['nobody told of is shipped, as promised',         [],                                                                              'shipped',          promised],
    ['is where the last event says',                   [['handed_over', 2], ['in_transit', 3]],                                         'in_transit',       promised],
    ['late events do not set back',                    [['out_for_delivery', 4], ['handed_over', 2]],                                   'out_for_delivery', promised],
    ['events of one instant go the way goods go',      [['out_for_delivery', 3], ['in_transit', 3]],                                    'out_for_delivery', promised],
    ['the estimate is the last one told',              [['in_transit', 3, '2026-03-08'], ['handed_over', 2, '2026-03-07']],             'in_transit',       '2026-03-08'],
    ['an exception keeps the estimate',                [['in_transit', 3, '2026-03-08'], ['exception', 4]],                             'exception',        '2026-03-08'],
    ['after a failed attempt is still on its way',     [['out_for_delivery', 4], ['attempt_failed', 4, '2026-03-05']],                  'in_transit',       '2026-03-05'],
    ['that is delivered stays so, whatever is scanned', [['delivered', 5, '2026-03-05'], ['in_transit', 6, '2026-03-09']],              'delivered',        '2026-03-05'],
    ['that came back stays so',                        [['came_back', 5], ['in_transit', 6]],                                           'came_back',        promised],
    ['that is lost stays so',                          [['lost', 5], ['in_transit', 6]],                                                'lost',             promised],
    ['delivered in part, the rest back, is delivered', [['delivered', 5, '2026-03-05'], ['came_back', 6]],                              'delivered',        '2026-03-05'],
  ])('%s', (_story, told, state, estimated) => {
    expect(trackingOf(events(told), promised)).toEqual({ state, estimated })
    // However it is told.
    const mixed = told.length < 2 || told[0]![1] === told[1]![1] ? told : told.toReversed()
    expect(trackingOf(events(mixed), promised)).toEqual({ state, estimated })
  })
})
