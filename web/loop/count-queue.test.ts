import { expect, test } from 'vitest'
import { added, answered, lastOf, refused, waiting, type Counted } from './count-queue.ts'

const counted = (sku: string, some: number, more: Partial<Counted> = {}): Counted => ({
  sku, place: 'SHELF', lot: '', serial: '', condition: 'sellable', counted: some, countedAt: '2026-03-02T08:00:00.000Z', isSure: false, isRecount: false, ...more,
})

test('what is counted waits until the server has taken it, however often it is sent', () => {
  const queue = added(added([], counted('A', 3), 'a'), counted('B', 4), 'b')
  expect(waiting(queue).map((one) => one.entry)).toEqual(['a', 'b'])
  const once = answered(queue, [{ entry: 'a', accepted: true }])
  expect(waiting(once).map((one) => one.entry)).toEqual(['b'])
  // The answer of a request that was sent twice, and of entries of somebody else.
  expect(answered(once, [{ entry: 'a', accepted: false, code: 'code_taken' }, { entry: 'x', accepted: true }])).toEqual(once)
})

test('what is refused is not sent again by itself, and gives way to what is counted instead', () => {
  const queue = answered(added([], counted('A', 9_999), 'a'), [{ entry: 'a', accepted: false, code: 'count_absurd', detail: 'Far above.' }])
  expect(waiting(queue)).toEqual([])
  expect(refused(queue)).toMatchObject([{ entry: 'a', code: 'count_absurd', detail: 'Far above.' }])
  const sure = added(queue, counted('A', 9_999, { isSure: true }), 'b')
  expect(sure.map((one) => [one.entry, one.state, one.isSure])).toEqual([['b', 'waiting', true]])
})

test('a clock that is a little ahead is no reason to ask anybody', () => {
  const queue = answered(added([], counted('A', 1), 'a'), [{ entry: 'a', accepted: false, code: 'happened_in_future' }])
  expect(waiting(queue)).toHaveLength(1)
})

test('what was counted last of a position is known, of another lot or place it is another', () => {
  const queue = added(added([], counted('A', 1), 'a'), counted('A', 2), 'b')
  expect(lastOf(queue, counted('A', 0))?.counted).toBe(2)
  expect(lastOf(queue, counted('A', 0, { lot: 'L1' }))).toBeUndefined()
  expect(lastOf(queue, counted('A', 0, { place: 'DOCK' }))).toBeUndefined()
})
