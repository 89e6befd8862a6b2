import { expect, test } from 'vitest'
import { askedOf, countListSearch } from './count-list-search.ts'

test.each([
  [{}, {}, { size: 10 }],
  [{ size: 30 }, { size: 30 }, { size: 30 }],
  [{ size: '5', seed: '7' }, { size: 5, seed: 7 }, { size: 5, seed: 7 }],
  [{ size: 7, seed: 0 }, { seed: 0 }, { size: 10, seed: 0 }],
  [{ size: 'all', seed: 2 ** 31 }, {}, { size: 10 }],
  [{ seed: 1.5 }, {}, { size: 10 }],
  [{ seed: 'x' }, {}, { size: 10 }],
  [{ purpose: 'discrepancies', minutes: '20' }, { purpose: 'discrepancies', minutes: 20 }, { purpose: 'discrepancies', minutes: 20, size: 10 }],
  [{ purpose: 'fun', minutes: 7 }, {}, { size: 10 }],
])('an address with %o asks %o', (search, held, asked) => {
  expect(countListSearch(search)).toEqual(held)
  expect(askedOf(countListSearch(search))).toEqual({ purpose: 'stock_outs', ...asked })
})
