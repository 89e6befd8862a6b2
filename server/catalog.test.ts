import { describe, expect, test } from 'vitest'
import { Catalog } from './catalog.ts'
import type { Database, Statement } from './db.ts'
import { testDatabase } from './test-database.ts'
import { testWorld } from './test-world.ts'

const { server } = await testDatabase()

describe('the catalog', async () => {
  await testWorld(server, { sites: [], items: { A: 0, B: 0, C: 0, D: 0 } })
  let time = 0
  let statements = 0
  const counted: Database = {
    ...server,
    query: <Row>(statement: Statement) => {
      statements += 1
      return server.query<Row>(statement)
    },
  }
  const catalog = new Catalog(counted, () => time)
  const skusOf = async (...skus: string[]): Promise<string[]> => [...(await catalog.itemsBySku(skus)).keys()]

  test('an item that is forgotten while another is looked up is not missing in the answer', async () => {
    await catalog.itemsBySku(['A'])
    time += 9_999
    const both = skusOf('A', 'B')
    // Ten seconds after A was read it is read again, for somebody else.
    time += 2
    const again = skusOf('A')
    expect(await both).toEqual(['A', 'B'])
    expect(await again).toEqual(['A'])
  })

  test('a thousand who ask at once are two statements, and one who asks for nothing new is none', async () => {
    statements = 0
    const skus = ['A', 'B', 'C', 'D', 'NONE']
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, index) => skusOf('C', skus[index % 5]!)))
    expect(statements).toBeLessThanOrEqual(2)
    expect(answers.slice(0, 5)).toEqual([['C', 'A'], ['C', 'B'], ['C'], ['C', 'D'], ['C']].map((one) => expect.arrayContaining(one)))
    expect(answers.every((one, index) => !one.includes('NONE') && one.length === [2, 2, 1, 2, 1][index % 5])).toBe(true)
    statements = 0
    await Promise.all(Array.from({ length: 100 }, () => skusOf('A', 'B', 'C', 'D')))
    expect(statements).toBe(0)
  })

  test('a look-up that fails is told to who asked, and the next one is answered', async () => {
    const broken = new Catalog({ ...server, query: () => Promise.reject(new Error('gone')) }, () => time)
    await expect(broken.itemsBySku(['A'])).rejects.toThrow('gone')
    await expect(broken.itemsBySku(['A'])).rejects.toThrow('gone')
  })
})
