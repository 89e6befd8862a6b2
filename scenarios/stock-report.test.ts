// What a large report does to the peers' users: a stock balance reads every row of the ledger into memory and is never finished (erpnext #35348). Here it is
// read a page at a time, whatever lies behind it, and its total is that of the ledger to the cent.

import { expect, test } from 'vitest'
import { makeRecallWorld } from '../bench/recall-world.ts'
import { sql } from '../server/db.ts'
import { testDatabase } from '../server/test-database.ts'
import { testHttp } from '../server/test-http.ts'
import { testWorld } from '../server/test-world.ts'
import { askingAs, type Row } from './rig/asking.ts'

const MOVES = 60_000
const PAGE_ROWS = 100

test('erpnext #35348: what the stock of every item is worth is told page by page, and adds up to the moves', async () => {
  const { server, owner } = await testDatabase()
  const world = await testWorld(server, { sites: [] })
  await makeRecallWorld({ ...world, owner }, { moves: MOVES, assemblies: 10 })
  const http = await testHttp(server, world)
  const { get } = askingAs(http, await http.key('admin'))
  let [seen, value, next, first] = [0, 0, '' as string | null, {} as Row]
  while (next !== null) {
    const page: Row = await get(`/api/values?site=PLANT&on=${world.today()}&limit=${PAGE_ROWS}${next === '' ? '' : `&cursor=${next}`}`)
    const rows = page['rows'] as Row[]
    expect(rows.length).toBeLessThanOrEqual(PAGE_ROWS)
    if (next === '') first = page
    seen += rows.length
    value += rows.reduce((sum, row) => sum + Number(row['value']), 0)
    next = page['next'] as string | null
  }
  const [ledger] = await owner.query<{ items: number; moves: number; value: number }>(sql`
    select count(distinct m.item_id)::int as items, count(*)::int as moves,
      sum(case when m.from_place_id >= 100 and m.to_place_id >= 100 then 0 when m.to_place_id >= 100 then m.value_minor else -m.value_minor end)::bigint as value
    from move m join site s on s.site_id = m.site_id where s.code = 'PLANT'`)
  expect(ledger!.moves).toBeGreaterThan(1_000)
  expect([seen, value, first['value']]).toEqual([ledger!.items, ledger!.value, ledger!.value])
})
