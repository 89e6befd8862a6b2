// When a night's plan is due: a table over zones and changes of the clock.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day_ms, instant, textOf } from '../calendar.ts'
import { isTimeZone, lastNight, nextNight } from './replenish-night.ts'

const at = (text: string) => instant(Date.parse(text))

test.each([
  ['before the hour',                'UTC',              '02:00', '2026-11-28T01:59:59Z', '2026-11-27T02:00:00.000Z', '2026-11-28T02:00:00.000Z'],
  ['at the hour',                    'UTC',              '02:00', '2026-11-28T02:00:00Z', '2026-11-28T02:00:00.000Z', '2026-11-29T02:00:00.000Z'],
  ['ahead of UTC',                   'Europe/Zurich',    '02:00', '2026-11-28T02:00:00Z', '2026-11-28T01:00:00.000Z', '2026-11-29T01:00:00.000Z'],
  ['far behind it',                  'Pacific/Honolulu', '23:30', '2026-11-28T05:00:00Z', '2026-11-27T09:30:00.000Z', '2026-11-28T09:30:00.000Z'],
  ['far ahead of it',                'Pacific/Auckland', '02:15', '2026-06-01T20:00:00Z', '2026-06-01T14:15:00.000Z', '2026-06-02T14:15:00.000Z'],
  ['by half an hour',                'Asia/Kolkata',     '00:00', '2026-06-01T20:00:00Z', '2026-06-01T18:30:00.000Z', '2026-06-02T18:30:00.000Z'],
  ['left out, clocks go forward',    'Europe/Zurich',    '02:30', '2026-03-29T03:00:00Z', '2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z'],
  ['twice, clocks go back',          'Europe/Zurich',    '02:30', '2026-10-25T03:00:00Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
  ['the first of the two is over',   'America/New_York', '01:30', '2026-11-01T06:00:00Z', '2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
])('%s', (_name, timeZone, planAt, now, last, next) => {
  expect([lastNight(at(now), { planAt, timeZone }), nextNight(at(now), { planAt, timeZone })].map(textOf)).toEqual([last, next])
})

test('every day has one night: from one to the next is a day, but for an hour when clocks change', () => {
  const zones = ['UTC', 'Europe/Zurich', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns']
  fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }), (timeZone, minute, now) => {
    const hour = { timeZone, planAt: `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}` }
    const [last, next] = [lastNight(instant(now), hour), nextNight(instant(now), hour)]
    expect([last <= now, now < next]).toEqual([true, true])
    expect(Math.abs(next - last - day_ms)).toBeLessThanOrEqual(3_600_000)
    expect(lastNight(next, hour)).toBe(next)
  }))
})

test('zones are told from what is none', () => {
  expect(['Europe/Zurich', 'UTC', 'Mars/Olympus', '', 'x'.repeat(300)].map(isTimeZone)).toEqual([true, true, false, false, false])
})
