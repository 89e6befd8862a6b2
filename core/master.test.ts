import { describe, expect, test } from 'vitest'
import { createItems, setItemCategory, setItemSupply } from './item-master.ts'
import { createKey, createParties, createPlaces, createSite, revokeKey, setSiteSources } from './master.ts'
import type { SiteId } from './item.ts'
import { nothing } from './money.ts'
import { firstFreePlace } from './place.ts'
import { decided, done, siteWith } from './test-state.ts'

const items = (...skus: string[]) => ({
  kind: 'createItems' as const,
  items: skus.map((sku) => ({ sku, name: sku, unit: 'EA', tracking: 'none' as const, standardCost: nothing, listPrice: nothing })),
})

describe('master data', () => {
  test('all come from one counter', () => {
    const state = siteWith()
    done(state, (draft) => createItems(items('A', 'B'), draft))
    done(state, (draft) => createParties({ kind: 'createParties', parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] }, draft))
    done(state, (draft) => createSite({ kind: 'createSite', code: 'PDX', name: 'Portland' }, draft))
    expect([...state.tables.item.rows().map((row) => row.item), state.tables.party.rows()[0]!.party, state.tables.site.rows()[0]!.site]).toEqual([1, 2, 3, 4])
    expect(JSON.stringify(state.events)).not.toContain('Ann')
  })

  test('an item is made from now on that was bought, and one that is not there is neither', () => {
    const state = siteWith()
    done(state, (draft) => createItems(items('A'), draft))
    const set = (sku: string) => decided(state, (draft) => setItemSupply({ kind: 'setItemSupply', sku, source: 'make', makeDays: 3 }, draft))
    expect(set('A')).toEqual({ sku: 'A', source: 'make', makeDays: 3 })
    expect(state.tables.item.rows()).toMatchObject([{ sku: 'A', item: 1, source: 'make', makeDays: 3 }])
    expect(state.events.at(-1)).toMatchObject({ type: 'item.supply_set', data: { before: { source: 'buy', makeDays: 0 } } })
    expect(set('NONE')).toMatchObject({ refused: 'item_not_known', subject: 'sku' })
  })

  test('an item is of a category from now on, or of none', () => {
    const state = siteWith()
    done(state, (draft) => createItems(items('A'), draft))
    const set = (sku: string, category: string | null) => decided(state, (draft) => setItemCategory({ kind: 'setItemCategory', sku, category }, draft))
    expect(set('A', 'Bells')).toEqual({ sku: 'A', category: 'Bells' })
    expect(set('A', null)).toEqual({ sku: 'A', category: null })
    expect(state.tables.item.rows()).toMatchObject([{ sku: 'A', category: null, source: 'buy' }])
    expect(state.events.at(-1)).toMatchObject({ type: 'item.category_set', subject: 'A', data: { category: null, before: 'Bells' } })
    expect(set('NONE', 'Bells')).toMatchObject({ refused: 'item_not_known', subject: 'sku' })
  })

  test('no site is supplied by itself, over however many others, for one class of items', () => {
    const state = siteWith()
    const set = (source: 'buy' | 'make', site: number, from: number) =>
      decided(state, (draft) => setSiteSources({ kind: 'setSiteSources', sources: [{ site: site as SiteId, source, from: from as SiteId, transferDays: 1 }] }, draft))
    expect(set('make', 2, 1)).toEqual({ sources: 1 })
    expect(set('make', 3, 2)).toEqual({ sources: 1 })
    expect(set('make', 1, 3)).toMatchObject({ refused: 'source_cyclic', subject: 'sources/1/from' })
    expect(set('make', 1, 1)).toMatchObject({ refused: 'source_cyclic' })
    expect(set('buy', 1, 3)).toEqual({ sources: 1 })
    expect(state.tables.siteSource.rows()).toHaveLength(3)
  })

  test('places of commands that come together have numbers of their own', () => {
    const state = siteWith()
    for (const code of ['B1', 'B2']) done(state, (draft) => createPlaces({ kind: 'createPlaces', places: [{ code, kind: 'bin' }] }, draft))
    expect(state.tables.place.rows().map((row) => row.place)).toEqual([firstFreePlace, firstFreePlace + 1])
  })

  test.each<[string, Parameters<typeof decided>[1]]>([
    ['an item', (draft) => createItems(items('A'), draft)],
    ['an item twice in one command', (draft) => createItems(items('Z', 'Z'), draft)],
    ['a party', (draft) => createParties({ kind: 'createParties', parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] }, draft)],
    ['a site', (draft) => createSite({ kind: 'createSite', code: 'PDX', name: 'Portland' }, draft)],
    ['a place', (draft) => createPlaces({ kind: 'createPlaces', places: [{ code: 'B1', kind: 'bin' }] }, draft)],
  ])('%s is made once', (_what, decide) => {
    const state = siteWith()
    done(state, (draft) => createItems(items('A'), draft))
    done(state, (draft) => createParties({ kind: 'createParties', parties: [{ code: 'C1', name: 'Bob', kind: 'customer' }] }, draft))
    done(state, (draft) => createSite({ kind: 'createSite', code: 'PDX', name: 'Portland' }, draft))
    done(state, (draft) => createPlaces({ kind: 'createPlaces', places: [{ code: 'B1', kind: 'bin' }] }, draft))
    expect(decided(state, decide)).toMatchObject({ refused: 'code_taken' })
  })

  test('a key is revoked once, and stays so', () => {
    const state = siteWith()
    done(state, (draft) => createKey({ kind: 'createKey', name: 'till', role: 'till', sites: [], secretSha256: '00' }, draft))
    for (let times = 0; times < 2; times += 1) done(state, (draft) => revokeKey({ kind: 'revokeKey', apiKey: 1 }, draft))
    expect(state.tables.apiKey.rows()).toMatchObject([{ revokedAt: state.now }])
    expect(decided(state, (draft) => revokeKey({ kind: 'revokeKey', apiKey: 9 }, draft))).toMatchObject({ refused: 'key_id_not_known' })
  })
})
