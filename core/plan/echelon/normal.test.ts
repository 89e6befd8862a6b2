import { expect, test } from 'vitest'
import { above, below, loss, quantile } from './normal.ts'

test.each([
  [0.5,       0],
  [0.975,     1.959963984540054],
  [0.95,      1.6448536269514722],
  [0.99,      2.3263478740408408],
  [0.65,      0.38532046640756773],
  [0.001,     -3.090232306167813],
  [1e-12,     -7.034483825301131],
  [1e-300,    -37.0471],
])('%d lies below %d', (share, z) => {
  const places = share === 1e-300 ? 4 : 12
  expect(quantile(share)).toBeCloseTo(z, places)
  expect(Math.log(below(quantile(share)))).toBeCloseTo(Math.log(share), 9)
})

test('what lies above and below is all, and excess is what textbooks say', () => {
  for (const z of [-9, -3.1, -3, -2.9, -1, 0, 0.1, 2.99, 3, 3.01, 8]) expect(above(z) + below(z)).toBeCloseTo(1, 14)
  expect(above(3)).toBeCloseTo(0.0013498980316301035, 15)
  expect(loss(0.3)).toBeCloseTo(0.2667612, 6)
  expect(loss(-1.2)).toBeCloseTo(1.2561, 4)
  expect([quantile(0), quantile(1)]).toEqual([-Infinity, Infinity])
})
