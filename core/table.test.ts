import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Overlay, Table, type Shape } from './table.ts'

interface Row { readonly id: number; readonly colour: string; readonly count: number }

const shape: Shape<Row> = { key: (row) => String(row.id), groups: (row) => [row.colour, row.id % 2 === 0 ? 'even' : 'odd'] }
const row = (id: number, count = 0): Row => ({ id, colour: id % 3 === 0 ? 'red' : 'blue', count })
const tableOf = (...ids: number[]): Table<Row> => {
  const table = new Table(shape)
  for (const id of ids) table.take(row(id))
  return table
}

describe('a table', () => {
  test('keeps its own row when the same is read again', () => {
    const table = tableOf(1)
    table.keep(new Map([['1', row(1, 5)]]))
    table.take(row(1))
    expect(table.get('1')).toEqual(row(1, 5))
    table.keep(new Map([['1', undefined]]))
    table.take(row(1))
    expect(table.get('1')).toBeUndefined()
  })

  test('writes each change once: what came and went again is no change', () => {
    const table = tableOf(1, 2, 3)
    table.keep(new Map([['1', row(1, 1)], ['2', undefined], ['4', row(4)], ['5', row(5)]]))
    table.keep(new Map([['1', row(1, 2)], ['5', undefined]]))
    expect(table.changes()).toEqual({ inserted: [row(4)], updated: [row(1, 2)], deleted: [row(2)] })
  })

  test('a draft that is dropped leaves nothing behind', () => {
    const table = tableOf(1)
    new Overlay(table).put(row(1, 9))
    expect(table.get('1')).toEqual(row(1))
    expect(table.changes()).toEqual({ inserted: [], updated: [], deleted: [] })
  })

  test('a draft over a table reads like one list of rows, whatever is put, removed and kept', () => {
    const step = fc.record({ what: fc.constantFrom('put', 'remove', 'keep', 'drop'), id: fc.nat(9), count: fc.nat(5) })
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 6 }), fc.array(step, { maxLength: 40 }), (read, steps) => {
        const table = tableOf(...new Set(read))
        let [kept, rows] = [new Map(read.map((id) => [id, row(id)])), new Map(read.map((id) => [id, row(id)]))]
        let overlay = new Overlay(table)
        for (const { what, id, count } of steps) {
          if (what === 'put') overlay.put(row(id, count))
          if (what === 'put') rows.set(id, row(id, count))
          if (what === 'remove') overlay.remove(row(id))
          if (what === 'remove') rows.delete(id)
          if (what === 'keep') table.keep(overlay.changed)
          if (what === 'keep') kept = new Map(rows)
          if (what === 'keep' || what === 'drop') overlay = new Overlay(table)
          if (what === 'drop') rows = new Map(kept)
          for (const group of ['red', 'blue', 'even', 'odd']) {
            const expected = [...rows.values()].filter((one) => shape.groups!(one).includes(group))
            expect(overlay.of(group).toSorted((a, b) => a.id - b.id)).toEqual(expected.toSorted((a, b) => a.id - b.id))
          }
        }
      }),
    )
  })
})
