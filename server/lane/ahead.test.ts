import { createHash, randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import type { ItemId, SiteId } from '../../core/item.ts'
import { quantity } from '../../core/quantity.ts'
import { Catalog } from '../catalog.ts'
import { openDatabase, sql, type Database, type Statement } from '../db.ts'
import { idSource } from '../ids.ts'
import { laneLimits, Lanes, type LaneLimits } from '../lane.ts'
import { SERVER_ROLE } from '../manifest.ts'
import type { Command } from '../stages.ts'
import { testDatabase } from '../test-database.ts'
import { expectVerified } from '../test-verify.ts'
import { orderOf, testWorld } from '../test-world.ts'

/** Batches so small that nearly all of them are folded while the one before is written. */
const eager: LaneLimits = { ...laneLimits, batch_commands_max: 4, ahead_commands_min: 1 }

/** The same database, whose statements are told before they are sent. */
const overheard = (database: Database, hear: (statement: Statement) => void): Database => ({
  ...database,
  session: async () => {
    const session = await database.session()
    const told = <Result>(send: (statement: Statement) => Promise<Result>) => (statement: Statement): Promise<Result> => {
      hear(statement)
      return send(statement)
    }
    return { ...session, query: told(session.query) as typeof session.query, execute: told(session.execute) }
  },
})

const send = (lanes: Lanes, site: SiteId, command: Command, key: string = randomUUID()) =>
  lanes.submit(site, { command, caller: 'test', key, sha256: createHash('sha256').update(key).digest() })
const heldOf = ({ body }: { readonly body: string }): number => (JSON.parse(body) as { lines: { held: number }[] }).lines[0]!.held

const times = <One>(count: number, make: (index: number) => One): One[] => Array.from({ length: count }, (_, index) => make(index))

describe('a batch that is folded while the one before it is written', async () => {
  const { connection, server } = await testDatabase()
  const world = await testWorld(server, { items: { A: 30, B: 1_000, C: 50 } })
  const [sea, a, b, c] = [await world.site('SEA'), await world.item('A'), await world.item('B'), await world.item('C')]
  const order = (item: ItemId): Command => orderOf(world, sea, [[item, 1]])
  // What was folded on a head that is no more would break a rule of a table; tried again alone, it would succeed and nobody would know.
  const faults: unknown[] = []
  const options = { ...world.lanes.options, limits: eager, onFault: (error: unknown) => void faults.push(error) }
  afterEach(() => {
    const [fault] = faults.splice(0)
    if (fault !== undefined) throw new Error('A batch failed.', { cause: fault })
  })

  test('is read before the other\'s commit, and sees what the other did', async () => {
    const heard: string[] = []
    const lanes = new Lanes({ ...options, database: overheard(server, ({ text }) => heard.push(text.trim())) })
    const answers = await Promise.all(times(40, () => send(lanes, sea, order(a))))
    // First come, first served, over ten batches: thirty had it, ten wait.
    expect(answers.map(heldOf)).toEqual([...times(30, () => 1), ...times(10, () => 0)])
    const read = heard.findIndex((text, index) => index > 0 && text.includes('from availability') && heard.slice(0, index).some((one) => one.startsWith('insert into availability')))
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(heard.indexOf('commit'))
    expect(heard.filter((text) => text.includes('from availability'))).toHaveLength(heard.filter((text) => text === 'commit').length)
  })

  test('answers a key of the batch before it once', async () => {
    const lanes = new Lanes(options)
    const commands = times(4, () => order(b))
    const answers = await Promise.all([...times(8, (index) => send(lanes, sea, commands[index % 4]!, `again ${index % 4}`)), send(lanes, sea, order(b), 'again 4')])
    expect(answers.map((one) => one.replayed)).toEqual([...times(4, () => false), ...times(4, () => true), false])
    expect(answers.slice(4, 8).map((one) => one.body)).toEqual(answers.slice(0, 4).map((one) => one.body))
  })

  test('is folded again when another server wrote in between, and numbers stay without gaps', async () => {
    const other = openDatabase(connection, { role: SERVER_ROLE })
    const clock = (): number => Number(world.now())
    const two = [
      new Lanes(options),
      new Lanes({ ...options, database: other, catalog: new Catalog(other, clock), newId: idSource(clock) }),
    ]
    const answers = await Promise.all(times(160, (index) => send(two[index % 2]!, sea, order(c))))
    await other.close()
    expect(answers.filter((one) => one.status === 201)).toHaveLength(160)
    expect(answers.reduce((sum, one) => sum + heldOf(one), 0)).toBe(50)
    const [row] = await server.query<object>(sql`
      select count(distinct number) = max(number) - min(number) + 1 as gapless, count(*) filter (where number is null) as without from orders where site_id = ${sea}`)
    expect(row).toEqual({ gapless: true, without: 0 })
  })

  // It fails in the middle: after the batch behind it was read, in its own transaction.
  test('is not lost when the other fails', async () => {
    const placed = order(b) as Extract<Command, { kind: 'placeOrder' }>
    await send(world.lanes, sea, placed)
    const lanes = new Lanes(options)
    // More delivered than shipped: only the table sees it.
    const wrong: Command = { kind: 'noteProgress', order: placed.order, progress: 'delivered', lines: [{ line: 1, quantity: quantity(1) }] }
    const answers = await Promise.all(times(17, (index) => send(lanes, sea, index === 5 ? wrong : order(b))))
    expect(answers.map((one) => one.status)).toEqual(times(17, (index) => (index === 5 ? 503 : 201)))
    expect(faults.splice(0)).not.toEqual([])
  })

  test('is not lost when the connection is', async () => {
    let commits = 0
    const failing = { ...server, session: async () => {
      const session = await server.session()
      return { ...session, execute: async (statement: Statement) => {
        if (statement.text === 'commit' && ++commits === 3) throw Object.assign(new Error('The connection broke.'), { code: '08006' })
        return session.execute(statement)
      } }
    } }
    const lanes = new Lanes({ ...options, database: failing })
    const before = await ordersAt(server, sea)
    const answers = await Promise.all(times(24, () => send(lanes, sea, order(b))))
    expect(answers.map((one) => one.status)).toEqual(times(24, () => 201))
    expect([commits > 6, await ordersAt(server, sea)]).toEqual([true, before + 24])
  })

  test('is not folded so early while somebody waits for a connection', async () => {
    const one = openDatabase(connection, { role: SERVER_ROLE, connections_max: 1 })
    const lanes = new Lanes({ ...options, database: one })
    const done: string[] = []
    const note = (what: string) => () => void done.push(what)
    await Promise.all([
      ...times(60, () => send(lanes, sea, order(b)).then(note('order'))),
      // Sent when the first batch has the only connection.
      new Promise((resolve) => setImmediate(resolve)).then(() => one.query(sql`select 1`)).then(note('reader')),
    ])
    await one.close()
    expect(done.indexOf('reader')).toBeLessThan(20)
  })

  test('leaves a record that verifies', async () => {
    expect(await expectVerified(server, world.sealKey)).toMatchObject({ ok: true })
  })
})

const ordersAt = async (database: Database, site: SiteId): Promise<number> =>
  (await database.query<{ orders: number }>(sql`select count(*) as orders from orders where site_id = ${site}`))[0]!.orders
