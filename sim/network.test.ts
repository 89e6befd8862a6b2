import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addDays, type Day } from '../core/calendar.ts'
import { adventureWorks } from '../server/import/staging.ts'
import { DISTRIBUTION, doorOf, network } from './network.ts'
import { asksOn, levels } from './shops.ts'

/** Orders of the data with their territories. */
const orders = new Map(
  readFileSync(join(adventureWorks, 'order_lines.csv'), 'utf8')
    .split('\r\n')
    .slice(1)
    .filter((row) => row !== '')
    .map((row) => row.split(','))
    .map((cells) => [cells[0]!, cells[4]!] as const),
)

test('every order comes to one door: a shop of its territory, or the web', () => {
  expect(orders.size).toBe(25_164)
  const doors = new Map<string, number>()
  for (const [number, territory] of orders) {
    const door = doorOf(number, territory)
    expect(doorOf(number, territory)).toBe(door)
    const site = network.find((one) => one.code === door)!
    if (door !== DISTRIBUTION) expect(site.territory).toBe(territory)
    doors.set(door, (doors.get(door) ?? 0) + 1)
  }
  // Six of ten orders of territories with shops are asked for at a shop, and all twelve have customers.
  expect(doors.size).toBe(13)
  expect(1 - doors.get(DISTRIBUTION)! / orders.size).toBeCloseTo(0.6, 1)
})

test('a territory without a shop orders on the web', () => {
  expect(['SO1', 'SO2', 'SO3', 'SO4'].map((number) => doorOf(number, 'Central'))).toEqual([DISTRIBUTION, DISTRIBUTION, DISTRIBUTION, DISTRIBUTION])
})

test.each([[0, 0, 0], [1, 0, 1], [2, 1, 2], [9, 4, 9]])('of %i asked for in the window, a shop asks for more at %i and is filled up to %i', (asked, minimum, maximum) => {
  expect(levels(asked)).toEqual({ minimum, maximum })
})

test('every shop asks on two evenings of a week', () => {
  const week = Array.from({ length: 7 }, (_, index) => addDays('2024-01-01' as Day, index))
  expect([0, 1].map((shop) => week.filter((day) => asksOn(shop, day)))).toEqual([['2024-01-01', '2024-01-04'], ['2024-01-02', '2024-01-05']])
})
