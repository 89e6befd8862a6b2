import { describe, expect, test } from 'vitest'
import { isTold, linksOf, nextLevel, type Passage } from './genealogy.ts'
import type { ItemId, SiteId } from './item.ts'
import { labelKey } from './stock.ts'

/** `lot` of an item passed through a work order of a site by moves from `first` to `last`. */
const passage = (workOrder: string, item: number, lot: string, first: number, last = first, site = 1): Passage =>
  ({ site: site as SiteId, workOrder, item: item as ItemId, lot, serial: '', quantity: 10, first, last })
const told = (issues: readonly Passage[], outputs: readonly Passage[]) => linksOf(issues, outputs).map(({ from, into }) => `${from.lot}>${into.lot}`)

describe('a work order ties', () => {
  test.each<[story: string, issues: Passage[], outputs: Passage[], links: string[]]>([
    ['what was issued to what came out',          [passage('w', 1, 'F', 1)],                          [passage('w', 2, 'D', 2)],                          ['F>D']],
    ['every lot in to every lot out',             [passage('w', 1, 'F', 1), passage('w', 1, 'G', 2)], [passage('w', 2, 'D', 3), passage('w', 2, 'E', 4)], ['F>D', 'F>E', 'G>D', 'G>E']],
    ['not to what came out before',               [passage('w', 1, 'G', 5)],                          [passage('w', 2, 'D', 3)],                          []],
    ['to a lot of which some came out after',     [passage('w', 1, 'G', 5)],                          [passage('w', 2, 'D', 3, 6)],                       ['G>D']],
    ['nothing of another work order',             [passage('v', 1, 'F', 1)],                          [passage('w', 2, 'D', 2)],                          []],
    ['nothing of another site',                   [passage('w', 1, 'F', 1, 1, 2)],                    [passage('w', 2, 'D', 2)],                          []],
    ['what is not told apart, where it ends',     [passage('w', 1, 'F', 1)],                          [passage('w', 3, '', 2)],                           ['F>']],
  ])('%s', (_story, issues, outputs, links) => {
    expect(told(issues, outputs)).toEqual(links)
  })
})

test('each lot is met once, at the level where it was first', () => {
  const links = linksOf([passage('w', 1, 'F', 1), passage('v', 1, 'F', 2)], [passage('w', 2, 'D', 3), passage('v', 2, 'D', 4)])
  const known = new Map([[labelKey(links[0]!.from), { ...links[0]!.from, level: 0 }]])
  const next = nextLevel(known, links, 1)
  expect(next.map(({ lot, level }) => [lot, level])).toEqual([['D', 1]])
  expect(nextLevel(new Map([...known, ...next.map((one) => [labelKey(one), one] as const)]), links, 2)).toEqual([])
  expect(nextLevel(new Map(), links, -1).map(({ lot, level }) => [lot, level])).toEqual([['F', -1]])
})

test('goods are told apart by a lot or a serial', () => {
  expect([{ lot: 'L', serial: '' }, { lot: '', serial: 'S' }, { lot: '', serial: '' }].map((one) => isTold({ item: 1 as ItemId, ...one }))).toEqual([true, true, false])
})
