// The live feed over real sockets: everything once and in order whatever becomes of the connection, for those who may see it, at a cost that does
// not grow with the watchers.

import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { controlSite, type SiteId } from '../core/item.ts'
import { sql, type Database } from './db.ts'
import { streamLimits } from './http/feed.ts'
import { LiveFeed } from './live-feed.ts'
import { Relay } from './relay.ts'
import { testDatabase } from './test-database.ts'
import { testHttp } from './test-http.ts'
import { quickRelay, until } from './test-sites.ts'
import { orderOf, testWorld } from './test-world.ts'

const { server, owner } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA', 'PDX'], items: { A: 100_000 } })
const [sea, pdx, a] = [await world.site('SEA'), await world.site('PDX'), await world.item('A')]
const quick = { ...streamLimits, heartbeat_milliseconds: 100, slow_milliseconds_max: 3_000 }
const http = await testHttp(server, world, { streamLimits: quick })
await http.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = http.app.server.address() as AddressInfo
const relay = new Relay({ database: server, lanes: world.lanes, limits: quickRelay })
relay.start()
afterAll(async () => {
  const closed = http.app.close()
  // A browser may have opened a connection that it never used; nobody would end that one.
  http.app.server.closeAllConnections()
  await closed
  await relay.stop()
})
const everything = await http.key('auditor')

interface Told { readonly id: string; readonly data: { readonly site: string; readonly position: number; readonly sequence: number; readonly type: string } | undefined }

/** A reader as a browser is one: it remembers the last id, and `text` is all that it was sent. */
class Reader {
  readonly told: Told[] = []
  lastId = ''
  status = 0
  ended = false
  code: unknown
  readonly #gone = new AbortController()

  async read(secret: string, { lastEventId, cursor, brief = false }: { readonly lastEventId?: string; readonly cursor?: string; readonly brief?: boolean } = {}): Promise<this> {
    const credentials = secret.startsWith('quartermaster=') ? { cookie: secret } : { authorization: `Bearer ${secret}` }
    const reply = await fetch(`http://127.0.0.1:${port}/api/events?brief=${brief}${cursor === undefined ? '' : `&cursor=${cursor}`}`, {
      headers: { accept: 'text/event-stream', ...credentials, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
      signal: this.#gone.signal,
    })
    this.status = reply.status
    if (reply.ok) void this.#take(reply.body!).catch(() => undefined).finally(() => (this.ended = true))
    else this.code = ((await reply.json()) as { code: string }).code
    return this
  }

  async #take(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = ''
    for await (const bytes of body.pipeThrough(new TextDecoderStream())) {
      const blocks = `${rest}${bytes}`.split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const field = (name: string): string | undefined => block.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
        this.lastId = field('id') ?? this.lastId
        const data = field('data')
        this.told.push({ id: this.lastId, data: data === undefined ? undefined : (JSON.parse(data) as NonNullable<Told['data']>) })
      }
    }
  }

  get events(): readonly NonNullable<Told['data']>[] {
    return this.told.flatMap((one) => one.data ?? [])
  }

  leave(): void {
    this.#gone.abort()
  }
}

const order = (site: SiteId) => world.send(site, orderOf(world, site, [[a, 1]]))
const listed = async (secret = everything) => {
  const rows: { position: number; site: string }[] = []
  for (let next: unknown = ''; ;) {
    const { body } = await http.call(secret, 'GET', `/api/events?limit=1000${next === '' ? '' : `&cursor=${String(next)}`}`)
    if ((body['rows'] as unknown[]).length === 0 && body['next'] === next) return rows
    rows.push(...(body['rows'] as { position: number; site: string }[]))
    next = body['next']
  }
}
/** Until the feed has everything that the logs have. */
const appended = () => until(async () => {
  const [row] = await server.query<{ behind: number }>(sql`
    select coalesce(sum(h.outbox_sequence - coalesce(c.sequence, 0)), 0)::bigint as behind
    from site_head h left join outbox_cursor c on c.site_id = h.site_id and c.reader = 'feed' -- every site: what the feed has not`)
  return row!.behind === 0
})

describe('a stream', () => {
  test('begins now and tells what happens, as the list tells it', async () => {
    await appended()
    const reader = await new Reader().read(everything)
    await until(() => reader.lastId !== '')
    await order(sea)
    await until(() => reader.events.length > 0)
    expect(reader.events).toEqual((await listed()).slice(-reader.events.length))
    expect(reader.events[0]).toMatchObject({ site: 'SEA', type: 'order.placed', version: 1 })
    reader.leave()
  })

  test('that breaks again and again under load loses nothing and tells nothing twice', async () => {
    const before = (await listed()).length
    let busy = true
    const placing = (async () => {
      for (let round = 0; round < 150; round += 1) await Promise.all([order(sea), order(sea), order(pdx)])
      busy = false
    })()
    const positions: number[] = []
    let lastEventId: string | undefined
    let [broken, reader] = [0, await new Reader().read(everything)]
    await until(() => reader.lastId !== '')
    const first = reader.lastId
    for (let done = false; !done;) {
      done = !busy
      if (done) {
        await placing
        await appended()
        const last = (await listed()).at(-1)!.position
        await until(() => (reader.events.at(-1)?.position ?? positions.at(-1)) === last)
      } else await sleep(15)
      reader.leave()
      positions.push(...reader.events.map((event) => event.position))
      lastEventId = reader.lastId === '' ? lastEventId : reader.lastId
      broken += 1
      reader = await new Reader().read(everything, { lastEventId: lastEventId ?? first })
    }
    reader.leave()
    expect(broken).toBeGreaterThan(5)
    const after = (await listed()).map((row) => row.position)
    expect(positions).toEqual(after.slice(after.indexOf(positions[0]!)))
    expect(positions.length).toBeGreaterThan(300)
    expect(after.length).toBeGreaterThan(before + 400)
  })

  test('from the first event on reads through all, behind and then live', async () => {
    const begin = Buffer.from('[1,0]').toString('base64url')
    const reader = await new Reader().read(everything, { cursor: begin })
    await order(pdx)
    await appended()
    const all = await listed()
    await until(() => reader.events.length >= all.length)
    expect(reader.events).toEqual(all)
    reader.leave()
  })

  test('shows only sites that its reader may see, and moves his cursor over the others', async () => {
    const reader = await new Reader().read(await http.key('warehouse', [pdx]))
    await until(() => reader.lastId !== '')
    for (let count = 0; count < 5; count += 1) await order(sea)
    await appended()
    const end = (await listed()).at(-1)!.position
    await until(() => (JSON.parse(Buffer.from(reader.lastId, 'base64url').toString()) as number[])[1] === end)
    expect(reader.events).toEqual([])
    await order(pdx)
    await until(() => reader.events.length > 0)
    expect(new Set(reader.events.map((event) => event.site))).toEqual(new Set(['PDX']))
    reader.leave()
  })
})

describe('in brief', () => {
  interface Numbers { readonly since: string | null; readonly sites: Readonly<Record<string, Readonly<Record<string, number>>>> | null }
  const numbersOf = (reader: Reader) => reader.events as unknown as readonly Numbers[]
  const placed = (reader: Reader, site: string) => numbersOf(reader).reduce((sum, one) => sum + (one.sites?.[site]?.['order.placed'] ?? 0), 0)
  const positionOf = ({ lastId }: Reader) => (JSON.parse(Buffer.from(lastId, 'base64url').toString()) as number[])[1]!

  test('a stream counts every event once, in a few messages, and a broken one goes on where it was', async () => {
    await appended()
    // While anybody watches, what happens is kept in memory.
    const watching = await new Reader().read(everything)
    let reader = await new Reader().read(everything, { brief: true })
    await until(() => reader.lastId !== '')
    const told: Reader[] = [reader]
    for (let round = 0; round < 60; round += 1) {
      await Promise.all([order(sea), order(sea), order(pdx)])
      if (round % 20 !== 10) continue
      reader.leave()
      told.push((reader = await new Reader().read(everything, { brief: true, lastEventId: reader.lastId })))
    }
    await until(() => told.reduce((sum, one) => sum + placed(one, 'SEA'), 0) >= 120 && told.reduce((sum, one) => sum + placed(one, 'PDX'), 0) >= 60)
    expect(told.map((one) => placed(one, 'SEA')).reduce((a, b) => a + b)).toBe(120)
    expect(told.map((one) => placed(one, 'PDX')).reduce((a, b) => a + b)).toBe(60)
    expect(told.flatMap(numbersOf).length).toBeLessThan(120)
    for (const { since } of told.flatMap(numbersOf)) expect(Date.parse(since!)).toBeGreaterThan(0)
    for (const one of [watching, reader]) one.leave()
  })

  test('shows only sites that its reader may see', async () => {
    await appended()
    const reader = await new Reader().read(await http.key('warehouse', [pdx]), { brief: true })
    await until(() => reader.lastId !== '')
    await order(sea)
    await order(pdx)
    await until(() => reader.events.length > 0)
    expect(Object.keys(numbersOf(reader)[0]!.sites!)).toEqual(['PDX'])
    reader.leave()
  })

  test('who comes back after more than is kept in memory is told that anything may have happened, and is at the end', async () => {
    await appended()
    const watching = await new Reader().read(everything)
    await until(() => watching.lastId !== '')
    await order(sea)
    await until(() => watching.events.length > 0)
    const reader = await new Reader().read(everything, { brief: true, lastEventId: Buffer.from('[1,0]').toString('base64url') })
    await until(() => reader.events.length > 0)
    expect(numbersOf(reader)[0]).toEqual({ since: null, sites: null })
    expect(positionOf(reader)).toBeGreaterThanOrEqual(positionOf(watching))
    for (const one of [watching, reader]) one.leave()
  })

  test('who is signed out is told no more', async () => {
    const gone = await http.session('sales', [sea], 'brieflyhere')
    await appended()
    const reader = await new Reader().read(gone, { brief: true })
    await until(() => reader.lastId !== '')
    await world.send(controlSite, { kind: 'deactivateUser', name: 'brieflyhere' })
    await until(() => reader.ended)
    await order(sea)
    expect(reader.events).toEqual([])
  })
})

describe('who watches', () => {
  test('is told no more once he is signed out, deactivated or his key is revoked', async () => {
    const [out, fired] = [await http.session('admin', [], 'leaves'), await http.session('sales', [sea], 'fired')]
    const { body } = await http.call(await http.key('admin'), 'POST', '/api/keys', { name: 'gone', role: 'driver', sites: ['SEA'] })
    await appended()
    const readers = await Promise.all([out, fired, String(body['secret'])].map(async (secret) => new Reader().read(secret)))
    await until(() => readers.every((reader) => reader.lastId !== ''))
    await http.call(out, 'DELETE', '/api/session')
    await world.send(controlSite, { kind: 'deactivateUser', name: 'fired' })
    await world.send(controlSite, { kind: 'revokeKey', apiKey: body['id'] as number })
    await until(() => readers.every((reader) => reader.ended))
    for (const reader of readers) expect(reader.events).toEqual([])
  })

  test('sees what his new sites show, and no more of the old ones', async () => {
    const reader = await new Reader().read(await http.session('sales', [sea], 'moves'))
    await until(() => reader.lastId !== '')
    await world.send(controlSite, { kind: 'editUser', name: 'moves', sites: [pdx], version: null })
    await Promise.all([order(sea), order(pdx)])
    await until(() => reader.events.length > 0)
    await appended()
    expect(reader.events.map((event) => event.site)).toEqual(['PDX'])
    reader.leave()
  })

  test('does not read is dropped, and his cursor is as good as before', async () => {
    const asked = await new Reader().read(everything)
    await until(() => asked.lastId !== '')
    asked.leave()
    const accepted: Socket[] = []
    http.app.server.on('connection', (socket: Socket) => accepted.push(socket))
    const slow = connect(port, '127.0.0.1')
    slow.on('error', () => undefined)
    slow.write(`GET /api/events HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\nauthorization: Bearer ${everything}\r\nlast-event-id: ${asked.lastId}\r\n\r\n`)
    slow.pause()
    const taken = () => accepted.find((socket) => socket.remotePort === slow.localPort)
    await until(() => taken() !== undefined)
    const connection = taken()!
    const other = await new Reader().read(everything, { lastEventId: asked.lastId })
    // More than the system keeps for a socket: as much as a catalogue that was imported.
    const [head] = await owner.query<{ events: number }>(sql`select outbox_sequence as events from site_head where site_id = ${pdx}`)
    await owner.execute(sql`
      insert into outbox (site_id, sequence, type, version, subject, occurred_at, recorded_at, data)
      select ${pdx}, ${head!.events} + n, 'stock.counted', 1, 'x', '2026-03-02', '2026-03-02', to_json(repeat('x', 100000)) from generate_series(1, 400) n`)
    await owner.execute(sql`update site_head set outbox_sequence = outbox_sequence + 400 where site_id = ${pdx}`)
    await until(() => other.events.length >= 400)
    await until(() => connection.destroyed)
    const again = await new Reader().read(everything, { lastEventId: asked.lastId })
    await until(() => again.events.length >= other.events.length)
    expect(again.events).toEqual(other.events)
    for (const reader of [other, again]) reader.leave()
    slow.destroy()
  })
})

test('two hundred who watch cost as many queries as one', async () => {
  let queries = 0
  const counted: Database = { ...server, query: (statement) => ((queries += 1), server.query(statement)) }
  const cost = async (watchers: number): Promise<number> => {
    const live = new LiveFeed({ database: counted, catalog: world.catalog, limits: { kept_events_max: 1_000, look_milliseconds: 100_000, watchers_max: 1_000, behind_max: 4 } })
    const rung = Array.from({ length: watchers }, () => Promise.withResolvers<void>())
    const watching = await Promise.all(rung.map((one) => live.watch(undefined, () => one.resolve())))
    await order(sea)
    await appended()
    queries = 0
    live.wake()
    await Promise.all(rung.map((one) => one.promise))
    for (const one of watching) {
      if ('refused' in one) throw new Error(one.detail)
      expect(await one.next(one.cursor)).toHaveLength(1)
      one.end()
    }
    return queries
  }
  const one = await cost(1)
  expect(one).toBeGreaterThan(0)
  expect(await cost(200)).toBe(one)
})

describe('a cursor', () => {
  const cursor = (parts: readonly number[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

  test('that is not of this feed is refused', async () => {
    for (const lastEventId of ['nonsense', cursor([1, 99_999_999]), cursor([1, -1]), cursor([7, 1])]) {
      expect(await new Reader().read(everything, { lastEventId })).toMatchObject({ status: 400, code: 'cursor_not_valid' })
    }
  })

  test('from before a restore is told so, also to who watches while it happens', async () => {
    const [reader, briefly] = await Promise.all([new Reader().read(everything), new Reader().read(everything, { brief: true })])
    await until(() => reader.lastId !== '' && briefly.lastId !== '')
    await owner.execute(sql`insert into epoch (epoch, begun_at, reason) values (2, '2026-03-03T00:00:00Z', 'restored')`)
    await until(() => reader.ended && briefly.ended)
    expect(await new Reader().read(everything, { lastEventId: reader.lastId })).toMatchObject({ status: 410, code: 'epoch_passed' })
    const again = await new Reader().read(everything)
    await until(() => again.lastId !== '')
    expect(again.status).toBe(200)
    again.leave()
  })
})

test('a server that goes down ends its streams and does not wait for them', async () => {
  const other = await testHttp(server, world)
  await other.app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(other.app.server.address() as AddressInfo).port}/api/events`
  const reply = await fetch(url, { headers: { accept: 'text/event-stream', authorization: `Bearer ${everything}` } })
  expect(reply.headers.get('content-type')).toBe('text/event-stream')
  const began = performance.now()
  await Promise.all([other.app.close(), reply.text().catch(() => undefined)])
  expect(performance.now() - began).toBeLessThan(streamLimits.heartbeat_milliseconds)
})

test('nothing was a fault', () => {
  expect(http.faults).toEqual([])
})
