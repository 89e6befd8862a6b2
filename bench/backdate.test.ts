import { expect, test } from 'vitest'
import { benchBackdate } from './backdate.ts'

test('a receipt of the first day makes all that was sold since right, by a row a day', async () => {
  expect(await benchBackdate({ later_moves: 60, days: 3 }, () => undefined)).toMatchObject({ later_moves: 60, corrections: 3, right: true })
})
