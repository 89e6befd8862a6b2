import { expect, test } from 'vitest'
import { places } from './places.ts'

test('no two pages are reached by the same key', () => {
  expect(places.map(({ key, name }) => [key, name]).filter(([key], index) => places.findIndex((one) => one.key === key) !== index)).toEqual([])
})
